#include "grader/report/anonymous.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "grader/base/text.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/json_values.hpp"
#include "grader/report/stored.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

using json::Json;

constexpr std::size_t shortest_part = 4;
constexpr std::size_t shortest_name = 3;
constexpr std::size_t most_names = 500;

/// Words of accounts that name nobody: taken out, they would make code unreadable.
constexpr std::array<std::string_view, 34> common{
    "admin",    "administrator", "author",   "bitbucket", "code",   "coder",   "commit",
    "dev",      "developer",     "django",   "example",   "github", "gitlab",  "hello",
    "info",     "localhost",     "mail",     "manager",   "master", "name",    "noreply",
    "password", "passwords",     "project",  "python",    "root",   "student", "support",
    "test",     "user",          "username", "vault",     "web",    "work"};

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void add_name(std::set<std::string>& names, std::string_view raw, std::size_t shortest) {
  const std::string name = text::lower(text::trim(raw));
  const bool number = name.find_first_not_of("0123456789") == name.npos;
  if (name.size() < shortest || number || names.size() >= most_names) return;
  if (std::ranges::find(common, name) == common.end()) names.insert(name);
}

/// A name and its parts: "Ann Example", "ann", "example"; of an address what is before the @.
void add_person(std::set<std::string>& names, std::string_view raw) {
  const auto name = raw.substr(0, raw.find('@'));
  add_name(names, name, shortest_name);
  std::string part;
  for (const char c : std::string(name) + " ") {
    if (is_word_byte(c)) {
      part += c;
    } else {
      add_name(names, part, shortest_part);
      part.clear();
    }
  }
}

std::vector<std::string> people_of(const Report& report) {
  std::set<std::string> names;
  for (const auto& commit : report.commits) {
    for (const auto* person : {&commit.author, &commit.committer}) {
      add_person(names, person->name);
      add_person(names, person->email);
    }
  }
  const std::string name = display_name(report.submission.source);
  if (const auto slash = name.find('/'); slash != name.npos) {
    add_person(names, std::string_view(name).substr(0, slash));
  }
  std::vector<std::string> result(names.begin(), names.end());
  // "ann example" before "ann".
  std::ranges::stable_sort(result, std::ranges::greater{}, &std::string::size);
  return result;
}

bool is_address_byte(char c) {
  return is_word_byte(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
}

/// The bytes of the e-mail address whose @ is at `at`; none where it is no address.
std::pair<std::size_t, std::size_t> address_at(std::string_view text, std::size_t at) {
  std::size_t from = at;
  while (from > 0 && is_address_byte(text[from - 1])) --from;
  std::size_t to = at + 1;
  while (to < text.size() && is_address_byte(text[to])) ++to;
  while (to > at + 1 && !is_word_byte(text[to - 1])) --to;
  const auto dot = text.substr(at, to - at).find('.');
  return from == at || dot == std::string_view::npos ? std::pair{at, at} : std::pair{from, to};
}

std::string without_addresses(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (auto at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
    const auto [from, to] = address_at(text, at);
    if (from == to || from < done) continue;
    out += std::string(text.substr(done, from - done)) + "«address»";
    done = to;
  }
  return out + std::string(text.substr(done));
}

void replace_name(std::string& text, std::string& lower, const std::string& name) {
  static const std::string mark = "«person»";
  for (auto at = lower.find(name); at != lower.npos; at = lower.find(name, at)) {
    const auto end = at + name.size();
    if ((at > 0 && is_word_byte(lower[at - 1])) ||
        (end < lower.size() && is_word_byte(lower[end]))) {
      at = end;
      continue;
    }
    text.replace(at, name.size(), mark);
    lower.replace(at, name.size(), mark);
    at += mark.size();
  }
}

/// Members whose texts are words of ours.
bool is_ours(std::string_view key) {
  constexpr std::array<std::string_view, 14> keys{
      "check", "id",     "outcome", "severity", "confidence", "cause", "kind",
      "class", "schema", "version", "digest",   "status",     "tool",  "commit"};
  return std::ranges::find(keys, key) != keys.end();
}

/// What stands for whom.
struct People {
  std::vector<std::string> names;
  std::string source;
};

void clean(Json& value, const People& people) {
  if (value.is_string()) {
    value = without_people(
        text::replace_all(value.get<std::string>(), people.source, "«submission»"), people.names);
  } else if (value.is_array()) {
    for (auto& item : value) clean(item, people);
  } else if (value.is_object()) {
    for (auto& [key, item] : value.items()) {
      if (!is_ours(key)) clean(item, people);
    }
  }
}

}  // namespace

std::string without_people(std::string_view text, const std::vector<std::string>& names) {
  std::string out = without_addresses(text);
  std::string lower = text::lower(out);
  for (const auto& name : names) replace_name(out, lower, name);
  return out;
}

Report anonymised(const Report& report) {
  const std::string number = text::sha256(report.submission.source).substr(0, 6);
  const People people{people_of(report), report.submission.source};
  auto document = Json::parse(to_json(report));
  for (const char* ours : {"dossier", "profile", "findings", "gates", "sections", "rehearsal",
                           "disagreements", "history", "submission"}) {
    if (document.contains(ours)) clean(document[ours], people);
  }
  document["submission"]["source"] = "candidate-" + number;
  auto result = read_report(json::dump(document), "report.json");
  if (!result) return {};  // a document of ours is always read
  result->anonymous = true;
  return *result;
}

}  // namespace grader::report
