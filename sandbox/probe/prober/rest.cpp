#include "sandbox/probe/prober/rest.hpp"

#include <algorithm>
#include <set>

#include "sandbox/probe/prober/words.hpp"
#include "sandbox/probe/reader/hiding.hpp"

namespace grader::sandbox::prober {

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// The bytes that a column's text stands for.
std::string bytes_of(const Cell& cell) {
  std::string text = cell.bytes ? reader::from_hex(cell.text) : cell.text;
  if (text.size() > 3 && text.starts_with("b'") && text.ends_with("'"))
    text = text.substr(2, text.size() - 3);
  if (std::string raw = reader::from_hex(text); raw.size() >= 8) return raw;
  if (std::string raw = reader::from_base64(text); raw.size() >= 8) return raw;
  return text;
}

bool looks_hashed(const std::string& text) {
  for (const char* prefix : {"pbkdf2_", "md5$", "argon2", "$argon2", "bcrypt", "scrypt$", "sha1$",
                             "$2a$", "$2b$", "$2y$"}) {
    if (text.starts_with(prefix)) return true;
  }
  return false;
}

bool is_fernet(const std::string& text) {
  return contains(text, "gAAAAA") || contains(reader::from_base64(text), "gAAAAA") ||
         contains(reader::from_hex(text), "gAAAAA");
}

class Resting {
 public:
  Resting(World& world, const Hints& hints, Actor& actor, const Entry& entry, int base)
      : world_(world), hints_(hints), actor_(actor), entry_(entry), base_(base) {}

  Rest run() {
    if (!entry_.recipe || entry_.secret.size() < 6) {
      rest_.why = entry_.recipe ? "no secret could be typed into an entry"
                                : "no entry could be made by the application's own pages";
      return std::move(rest_);
    }
    look_around();
    if (rest_.kind.empty()) compare_several();
    return std::move(rest_);
  }

 private:
  void look_around();
  void compare_several();
  std::string secret_column() const;
  std::string kept_of(const std::string& secret);
  void judge(const std::string& first, const std::string& same, const std::string& longer,
             const std::string& repeated, bool hashed, bool fernet);

  World& world_;
  const Hints& hints_;
  Actor& actor_;
  const Entry& entry_;
  int base_;
  Rest rest_;
};

/// Compressing, base64 and the like are undone by anybody; shifting and turning round too, but who
/// wrote it meant it for a cipher.
std::string kind_of(const std::string& how) {
  if (how == "as typed") return "plaintext";
  const bool toy = contains(how, "shifted") || contains(how, "exclusive") ||
                   contains(how, "added") || contains(how, "reversed");
  return toy ? "toy_cipher" : "encoding";
}

void Resting::look_around() {
  for (const Hit& hit : world_.find(entry_.secret, true)) {
    if (!hit.file.empty()) {
      rest_.trail.push_back({"file", hit.file, hit.how});
      continue;
    }
    if (hit.table == "django_session") {
      rest_.trail.push_back({"session", hit.table, hit.how});
      continue;
    }
    rest_.trail.push_back({"table", hit.table + "." + hit.column, hit.how});
    // A copy elsewhere (a history, a log) is told, and decides where the entry's row holds none.
    const bool entry = hit.table == entry_.table && hit.row == entry_.row;
    if (!entry && (!rest_.column.empty() || !secret_column().empty())) continue;
    rest_.column = hit.table + "." + hit.column;
    rest_.kind = kind_of(hit.how);
    rest_.why = "what was typed stands in " + rest_.column +
                (hit.how == "as typed" ? " as it was typed" : " as " + hit.how);
  }
}

/// The column that most likely holds the secret of the entry's row.
std::string Resting::secret_column() const {
  std::string best;
  int best_points = 1;
  for (const auto& [column, cell] : entry_.values) {
    if (cell.null || cell.text.size() < 8) continue;
    const std::string name = lower(column);
    const std::string text = lower(cell.text);
    const bool other = contains(text, lower(entry_.typed.title)) ||
                       contains(text, lower(entry_.typed.note)) ||
                       contains(text, entry_.typed.web) || contains(text, entry_.typed.login) ||
                       contains(text, entry_.typed.mail);
    if (other) continue;
    int points = 0;
    const bool aside = contains(name, "_key") || contains(name, "salt") || name.starts_with("iv") ||
                       contains(name, "nonce") || contains(name, "_at") || contains(name, "_id");
    if (std::ranges::count(entry_.secret_names, column) > 0)
      points = 7;
    else if (means_secret(name) && !aside)
      points = 5;
    else if (contains(name, "data") || contains(name, "blob") || contains(name, "value"))
      points = 4;
    else if (cell.text.size() > 40 && !aside)
      points = 2;
    if (aside) points -= 4;
    if (points <= best_points) continue;
    best_points = points;
    best = column;
  }
  return best;
}

/// What the column holds of an entry made anew with this secret.
std::string Resting::kept_of(const std::string& secret) {
  Actor actor = actor_;
  Values values = draw_values(world_, "x");
  values.secret = secret;
  const auto entry = create_again(world_, hints_, actor, entry_, values);
  std::string text;
  if (entry) {
    const auto cell = entry->values.find(rest_.column.substr(rest_.column.find('.') + 1));
    if (cell != entry->values.end() && entry->secret == secret) text = bytes_of(cell->second);
  }
  world_.restore(base_);
  return text;
}

bool repeats_blocks(const std::string& bytes) {
  for (std::size_t at = 0; at + 32 <= bytes.size(); ++at)
    if (bytes.compare(at, 16, bytes, at + 16, 16) == 0) return true;
  return false;
}

/// The same key stream under two plaintexts: what they differ in shows in what is kept.
bool reuses_stream(const std::string& left_kept, const std::string& left,
                   const std::string& right_kept, const std::string& right) {
  const std::size_t size = std::min(left.size(), right.size());
  for (std::size_t at = 0;
       size > 8 && at + size <= std::min(left_kept.size(), right_kept.size()) && at < 34; ++at) {
    bool all = true;
    for (std::size_t i = 0; i < size && all; ++i)
      all = (left_kept[at + i] ^ right_kept[at + i]) == (left[i] ^ right[i]);
    if (all) return true;
  }
  return false;
}

void Resting::judge(const std::string& first, const std::string& same, const std::string& longer,
                    const std::string& repeated, bool hashed, bool fernet) {
  const bool deterministic = first == same;
  std::string blocks;
  for (int i = 0; i < 16; ++i) blocks += "Ab1!";
  if (hashed || (deterministic && first.size() == longer.size() &&
                 first.size() == repeated.size() && !repeated.empty())) {
    rest_.kind = "hash_only";
    rest_.why = "of secrets of any length the same number of bytes is kept, or a password hash";
  } else if (reuses_stream(first, entry_.secret, repeated, blocks)) {
    rest_.kind = "weak_crypto";
    rest_.why = "two secrets were combined with the same key stream";
  } else if (deterministic) {
    rest_.kind = "weak_crypto";
    rest_.why = "the same secret typed twice is kept as the same bytes";
  } else if (repeats_blocks(repeated)) {
    rest_.kind = "weak_crypto";
    rest_.why = "repeated parts of a secret are repeated in what is kept (ECB)";
  } else if (fernet) {
    rest_.kind = "sound";
    rest_.why = "a Fernet token, another one each time the same secret is typed";
  } else {
    rest_.why = "what is kept differs each time and is no encoding that is known";
  }
}

void Resting::compare_several() {
  const std::string column = secret_column();
  if (column.empty()) {
    rest_.why = "no column of " + entry_.table + " seems to hold the secret";
    return;
  }
  rest_.column = entry_.table + "." + column;
  const Cell& cell = entry_.values.at(column);
  const bool hashed = looks_hashed(cell.text);
  const bool fernet = is_fernet(cell.bytes ? reader::from_hex(cell.text) : cell.text);
  std::string blocks;
  for (int i = 0; i < 16; ++i) blocks += "Ab1!";
  const std::string first = kept_of(entry_.secret);
  const std::string same = kept_of(entry_.secret);
  if (first.empty() || same.empty()) {
    rest_.why = "the entry could not be made a second time";
    if (fernet) {
      rest_.kind = "sound";
      rest_.why = "a Fernet token";
    }
    return;
  }
  judge(first, same, kept_of(entry_.secret + "QQ"), kept_of(blocks), hashed, fernet);
}

}  // namespace

Rest at_rest(World& world, const Hints& hints, Actor& actor, const Entry& entry, int base) {
  return Resting(world, hints, actor, entry, base).run();
}

}  // namespace grader::sandbox::prober
