#include "grader/project/past_secrets.hpp"

#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/committed_secrets.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

constexpr std::uint64_t largest = 256U << 10U;
constexpr std::uint64_t most_bytes = 64U << 20U;
constexpr std::size_t most_contents = 20'000;
constexpr std::size_t most_found = 100;
/// Of the graded tree, when it is asked whether a value is still there.
constexpr std::uint64_t most_searched = 16U << 20U;

bool is_database(std::string_view path) {
  const std::string name = text::lower(file_name(path));
  return name.ends_with(".sqlite3") || name.ends_with(".sqlite") || name.ends_with(".db");
}

/// Copies of packages, by the path alone: the folders that a past tree had are not known.
bool is_copied(std::string_view path) {
  return text::contains_any(path, {"site-packages/", "node_modules/", "venv/", "bower_components/",
                                   "/vendor/", "__pycache__/", "dist-packages/"}) ||
         path.starts_with("env/lib/") || path.find("/env/lib/") != path.npos ||
         path.starts_with("env/Lib/");
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// A literal on a line of Python, and the name that it is given.
struct Named {
  std::string_view name;
  std::string_view value;
};

/// The word that ends at `end`: a name, or what stands in quotes or in ["…"].
std::string_view word_before(std::string_view line, std::size_t end) {
  while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == ']')) --end;
  if (end > 0 && (line[end - 1] == '\'' || line[end - 1] == '"')) {
    const auto open = end < 2 ? line.npos : line.rfind(line[end - 1], end - 2);
    return open == line.npos ? std::string_view() : line.substr(open + 1, end - open - 2);
  }
  auto start = end;
  while (start > 0 && is_name(line[start - 1])) --start;
  return line.substr(start, end - start);
}

/// The name before a literal that opens at `open`: NAME = '…', 'NAME': '…', get('NAME', '…').
std::string_view name_of(std::string_view line, std::size_t open) {
  auto at = open;
  while (at > 0 && (line[at - 1] == 'b' || line[at - 1] == 'r' || line[at - 1] == ' ')) --at;
  if (at == 0) return {};
  const char before = line[at - 1];
  const bool compared = at > 1 && std::string_view("=!<>").find(line[at - 2]) != line.npos;
  if ((before == '=' && !compared) || before == ':') {
    const auto name = word_before(line, at - 1);
    if (name != "default") return name;
    const auto comma = line.rfind(',', at);
    return comma == line.npos ? std::string_view() : word_before(line, comma);
  }
  return before == ',' ? word_before(line, at - 1) : std::string_view();
}

/// All literals of a line in quotes of one kind that close on it. Linear in the line.
std::vector<Named> literals(std::string_view line) {
  static constexpr text::ByteSet openers("'\"#");
  std::vector<Named> found;
  for (std::size_t open = openers.find_in(line); open < line.size();
       open = openers.find_in(line, open)) {
    if (line[open] == '#' || found.size() >= 20) break;
    const auto close = line.find(line[open], open + 1);
    if (close == line.npos) break;
    const bool formatted = open > 0 && (line[open - 1] == 'f' || line[open - 1] == 'F');
    const auto value = line.substr(open + 1, close - open - 1);
    if (!formatted && value.size() >= 3) found.push_back({name_of(line, open), value});
    open = close + 1;
  }
  return found;
}

/// What a literal under a name is, or empty.
std::string kind_of(const Named& literal, bool settings) {
  const std::string kind = secret_kind(literal.name);
  const bool constant =
      std::ranges::none_of(literal.name, [](char c) { return c >= 'a' && c <= 'z'; });
  if (kind == "password" && !(constant && settings)) return {};
  if (is_credential(kind, literal.value)) return kind;
  return is_fernet_key(literal.value) ? "encryption key" : std::string();
}

int line_of(std::string_view text, std::size_t offset) {
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, offset), '\n'));
}

}  // namespace

PastSecrets::PastSecrets(const Project& project) : project_(project) {
  for (const auto& secret : project.committed_secrets) known_.insert(secret.value);
  if (const auto* settings = project.main_settings()) {
    if (const auto* key = settings->find("SECRET_KEY")) known_.insert(key->value.text);
  }
}

bool PastSecrets::wanted(std::string_view path, std::uint64_t size, const std::string& commit) {
  if (is_copied(path) || is_test_or_data(path) || size == 0) return false;
  if (is_database(path)) {
    if (project_.files.has(path) || !databases_.insert(std::string(path)).second) return false;
    if (found_.size() < most_found) {
      found_.push_back(
          {PastSecret::Kind::database, "database", {}, {std::string(path)}, commit, {}});
    }
    return false;
  }
  const std::string name = text::lower(file_name(path));
  const bool text_like = name.ends_with(".py") || is_secret_file(name);
  if (!text_like) return false;
  cut_ = cut_ || size > largest || bytes_ + size > most_bytes || contents_ >= most_contents;
  if (size > largest || bytes_ + size > most_bytes || contents_ >= most_contents) return false;
  bytes_ += size;
  ++contents_;
  return true;
}

void PastSecrets::add(std::string what, std::string value, Location at, const std::string& commit) {
  if (found_.size() >= most_found || !known_.insert(value).second) return;
  found_.push_back(
      {PastSecret::Kind::value, std::move(what), std::move(value), std::move(at), commit, {}});
}

void PastSecrets::read(const std::string& path, std::string_view bytes, const std::string& commit) {
  if (path.ends_with(".py")) {
    const auto text = text::decode(bytes);
    if (text) read_python(path, *text, commit);
    return;
  }
  Files files;
  files.entries.push_back({path, bytes.size(), false});
  files.read = [bytes](std::string_view) { return std::optional<std::string>(bytes); };
  for (auto& secret : secrets_of_files(files, true)) {
    add(std::move(secret.what), std::move(secret.value), std::move(secret.at), commit);
  }
}

/// Line by line: the past is not modelled, and most of it does not even parse together.
void PastSecrets::read_python(const std::string& path, std::string_view text,
                              const std::string& commit) {
  const bool settings = text::lower(path).find("settings") != std::string::npos;
  int number = 0;
  for (const auto line : text::lines(text)) {
    ++number;
    if (line.size() > 2'000 || text::trim(line).starts_with('#')) continue;
    for (const auto& literal : literals(line)) {
      const std::string inner = url_password(literal.value);
      const std::string kind = inner.empty() ? kind_of(literal, settings) : "db password";
      if (kind.empty()) continue;
      add(kind, inner.empty() ? std::string(literal.value) : inner, {path, number}, commit);
    }
  }
  for (auto& [offset, what, value] : signatures(text)) {
    add(what, std::move(value), {path, line_of(text, offset)}, commit);
  }
}

std::vector<PastSecret> PastSecrets::take() {
  std::uint64_t searched = 0;
  for (const auto& entry : project_.files.entries) {
    const bool wanted = !entry.symlink && entry.size <= largest && !is_copied(entry.path) &&
                        !is_database(entry.path);
    const bool any = std::ranges::any_of(found_, [](const PastSecret& one) {
      return one.still_at.path.empty() && !one.value.empty();
    });
    if (!wanted || !any || searched + entry.size > most_searched) continue;
    searched += entry.size;
    const auto text = project_.files.text(entry.path);
    if (!text) continue;
    for (auto& secret : found_) {
      if (secret.value.size() < 6 || !secret.still_at.path.empty()) continue;
      const auto offset = text->find(secret.value);
      if (offset != std::string::npos) secret.still_at = {entry.path, line_of(*text, offset)};
    }
  }
  // What is where it always was is no past: other checks judge the graded tree.
  std::erase_if(found_, [](const PastSecret& one) {
    return !one.still_at.path.empty() && one.still_at.path == one.at.path;
  });
  return std::move(found_);
}

}  // namespace grader::project
