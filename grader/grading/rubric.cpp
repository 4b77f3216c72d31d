#include "grader/grading/rubric.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "grader/base/text.hpp"
#include "grader/grading/rubric_files.hpp"

namespace grader::grading {
namespace {

using yaml::Place;
using yaml::Value;

constexpr std::size_t max_title = 200;

bool is_identifier(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() >= 'a' && text.front() <= 'z' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool is_version(std::string_view text) {
  const auto parts = text::split(text, '.');
  return parts.size() == 3 && std::ranges::all_of(parts, [](std::string_view part) {
           return !part.empty() && part.size() <= 6 && (part.size() == 1 || part.front() != '0') &&
                  std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
         });
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

/// "did you mean …?" where there is something near.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = text::nearest(word, candidates);
  return near ? "did you mean " + quoted(*near) + "?" : "";
}

/// Turns the effective content into a Rubric and tells every mistake on the way.
class Reader {
 public:
  Reader(RubricFiles& files, const std::vector<std::string>& known_checks)
      : files_(files), known_checks_(known_checks) {}

  Rubric rubric(const Value& root);

 private:
  void problem(const Place& place, std::string what, std::string hint = {}) {
    files_.add_problem(place, std::move(what), std::move(hint));
  }

  bool is_map(const Value& node, const std::string& thing, const std::vector<std::string>& keys);
  const Value* required(const Value& map, const char* key);
  std::string scalar(const Value& map, const char* key);
  std::string identifier(const Value& map, std::set<std::string>& used);
  std::string title(const Value& map);
  std::optional<Decimal> number(const Value& map, const char* key);
  Decimal points(const Value& map, const char* key);
  bool boolean(const Value& map, const char* key);
  const std::vector<Value>& items(const Value& map, const char* key, bool needed);
  std::string check(const Value& node);
  std::vector<std::string> checks(const Value& map, const char* key, bool needed);
  void sum_is(const Value& map, const char* key, const Decimal& sum, const Decimal& whole,
              const std::string& thing);

  std::vector<Band> bands(const Value& root);
  std::optional<Deduction> deduction(const Value& map);
  std::optional<Criterion> criterion(const Value& node, const Section& section,
                                     const std::vector<std::string>& depends_on,
                                     std::set<std::string>& used);
  std::optional<Section> section(const Value& node, std::set<std::string>& used);
  void bonus(const Value& root, Rubric& rubric);
  std::optional<Gate> gate(const Value& node, std::set<std::string>& used);

  RubricFiles& files_;
  const std::vector<std::string>& known_checks_;
};

bool Reader::is_map(const Value& node, const std::string& thing,
                    const std::vector<std::string>& keys) {
  if (node.kind != Value::Kind::map) {
    problem(node.place, thing + " is a map with the keys " + text::join(keys, ", "));
    return false;
  }
  for (const auto& entry : node.entries) {
    if (std::ranges::find(keys, entry.key) != keys.end()) continue;
    const auto hint = suggestion(entry.key, keys);
    problem(entry.place, thing + " has no key " + quoted(text::shorten(entry.key, 60)),
            hint.empty() ? "its keys are " + text::join(keys, ", ") : hint);
  }
  return true;
}

const Value* Reader::required(const Value& map, const char* key) {
  const Value* node = yaml::find(map, key);
  if (node == nullptr) problem(map.place, quoted(key) + " is missing");
  return node;
}

/// The text of a required key; empty, and told, where it is something else.
std::string Reader::scalar(const Value& map, const char* key) {
  const Value* node = required(map, key);
  if (node == nullptr) return "";
  if (node->kind == Value::Kind::scalar) return node->text;
  problem(node->place, quoted(key) + " is one value");
  return "";
}

std::string Reader::identifier(const Value& map, std::set<std::string>& used) {
  const std::string id = scalar(map, "id");
  if (id.empty()) return id;
  const Place& place = yaml::find(map, "id")->place;
  if (!is_identifier(id)) {
    problem(place, "an id has lower case letters, digits and _ and starts with a letter");
  } else if (!used.insert(id).second) {
    problem(place, "the id " + quoted(id) + " is given twice");
  }
  return id;
}

std::string Reader::title(const Value& map) {
  const std::string title = scalar(map, "title");
  const Value* node = yaml::find(map, "title");
  if (node == nullptr || node->kind != Value::Kind::scalar) return title;
  if (text::trim(title).empty()) problem(node->place, "a title says something");
  if (title.size() > max_title) problem(node->place, "a title has at most 200 bytes");
  return title;
}

/// The number at an optional key.
std::optional<Decimal> Reader::number(const Value& map, const char* key) {
  const Value* node = yaml::find(map, key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Value::Kind::scalar) {
    problem(node->place, quoted(key) + " is a number");
    return std::nullopt;
  }
  const auto value = parse_decimal(node->text);
  if (!value) {
    problem(node->place, quoted(key) + " is a number: " + value.error().what);
    return std::nullopt;
  }
  return *value;
}

Decimal Reader::points(const Value& map, const char* key) {
  if (required(map, key) == nullptr) return 0;
  return number(map, key).value_or(0);
}

bool Reader::boolean(const Value& map, const char* key) {
  const Value* node = yaml::find(map, key);
  if (node == nullptr) return false;
  const bool is_true = node->kind == Value::Kind::scalar && node->text == "true";
  const bool is_false = node->kind == Value::Kind::scalar && node->text == "false";
  if (!is_true && !is_false) problem(node->place, quoted(key) + " is true or false");
  return is_true;
}

const std::vector<Value>& Reader::items(const Value& map, const char* key, bool needed) {
  static const std::vector<Value> none;
  const Value* node = needed ? required(map, key) : yaml::find(map, key);
  if (node == nullptr) return none;
  if (node->kind != Value::Kind::sequence) {
    problem(node->place, quoted(key) + " is a list");
    return none;
  }
  if (needed && node->items.empty()) problem(node->place, quoted(key) + " is empty");
  return node->items;
}

/// The id of a known check, or empty, and told.
std::string Reader::check(const Value& node) {
  if (node.kind != Value::Kind::scalar) {
    problem(node.place, "the id of a check is expected here");
    return "";
  }
  if (std::ranges::find(known_checks_, node.text) != known_checks_.end()) return node.text;
  const bool may_be_slip = node.text.size() <= 100 && !files_.is_full();
  problem(node.place, "there is no check " + quoted(text::shorten(node.text, 60)),
          may_be_slip ? suggestion(node.text, known_checks_) : "");
  return "";
}

std::vector<std::string> Reader::checks(const Value& map, const char* key, bool needed) {
  std::vector<std::string> ids;
  for (const auto& node : items(map, key, needed)) {
    auto id = check(node);
    if (id.empty()) continue;
    if (std::ranges::find(ids, id) != ids.end()) {
      problem(node.place, "the check " + quoted(id) + " is in this list twice");
    } else {
      ids.push_back(std::move(id));
    }
  }
  return ids;
}

void Reader::sum_is(const Value& map, const char* key, const Decimal& sum, const Decimal& whole,
                    const std::string& thing) {
  const Value* node = yaml::find(map, key);
  if (node == nullptr || sum == whole) return;
  problem(node->place,
          thing + " have " + to_string(sum, 6) + " points together, not " + to_string(whole, 6));
}

std::vector<Band> Reader::bands(const Value& root) {
  std::vector<Band> bands;
  std::set<std::string> used;
  for (const auto& node : items(root, "bands", true)) {
    if (!is_map(node, "a band", {"id", "title", "from"})) continue;
    bands.push_back({identifier(node, used), title(node), points(node, "from")});
    const Value* from = yaml::find(node, "from");
    if (from == nullptr) continue;
    const auto count = bands.size();
    const Decimal& value = bands.back().from;
    if (count == 1 && value != 0) problem(from->place, "the first band starts from 0");
    if (count > 1 && value <= bands[count - 2].from) {
      problem(from->place, "a band starts above the one before it");
    }
    if (value >= 100) problem(from->place, "a band starts below 100");
  }
  return bands;
}

std::optional<Deduction> Reader::deduction(const Value& map) {
  const Value* node = yaml::find(map, "deduct");
  if (node == nullptr || !is_map(*node, "a deduction", {"each", "per_lines"})) return std::nullopt;
  Deduction deduction{points(*node, "each"), 0};
  if (const Value* each = yaml::find(*node, "each"); each != nullptr && deduction.each == 0) {
    problem(each->place, "a deduction takes more than 0 points");
  }
  const Value* lines = yaml::find(*node, "per_lines");
  if (lines == nullptr) return deduction;
  const bool whole = !lines->text.empty() && lines->text.size() <= 6 &&
                     std::ranges::all_of(lines->text, [](char c) { return c >= '0' && c <= '9'; });
  if (whole) deduction.per_lines = std::stoll(lines->text);
  if (deduction.per_lines == 0) problem(lines->place, "\"per_lines\" is a whole number above 0");
  return deduction;
}

std::optional<Criterion> Reader::criterion(const Value& node, const Section& section,
                                           const std::vector<std::string>& depends_on,
                                           std::set<std::string>& used) {
  if (!is_map(node, "a criterion", {"id", "title", "points", "checks", "deduct", "depends_on"})) {
    return std::nullopt;
  }
  Criterion result;
  result.id = section.id + "." + identifier(node, used);
  result.title = title(node);
  result.points = points(node, "points");
  result.checks = checks(node, "checks", true);
  result.deduct = deduction(node);
  result.depends_on = depends_on;
  for (auto& id : checks(node, "depends_on", false)) {
    if (std::ranges::find(result.depends_on, id) == result.depends_on.end()) {
      result.depends_on.push_back(std::move(id));
    }
  }
  return result;
}

std::optional<Section> Reader::section(const Value& node, std::set<std::string>& used) {
  if (!is_map(node, "a section", {"id", "title", "points", "depends_on", "criteria"})) {
    return std::nullopt;
  }
  Section result;
  result.id = identifier(node, used);
  result.title = title(node);
  result.points = points(node, "points");
  const auto depends_on = checks(node, "depends_on", false);
  std::set<std::string> used_inside;
  Decimal sum;
  for (const auto& item : items(node, "criteria", true)) {
    auto read = criterion(item, result, depends_on, used_inside);
    if (!read) continue;
    sum += read->points;
    if (read->points > 0) result.criteria.push_back(std::move(*read));
  }
  if (result.points > 0) {
    sum_is(node, "points", sum, result.points, "the criteria of section " + quoted(result.id));
  }
  return result;
}

void Reader::bonus(const Value& root, Rubric& rubric) {
  const Value* node = yaml::find(root, "bonus");
  if (node == nullptr || !is_map(*node, "the bonus", {"at_most", "items"})) return;
  rubric.bonus_at_most = points(*node, "at_most");
  std::set<std::string> used;
  for (const auto& item : items(*node, "items", true)) {
    if (!is_map(item, "a bonus", {"id", "title", "points", "check"})) continue;
    BonusItem read{identifier(item, used), title(item), points(item, "points"), ""};
    if (const Value* id = required(item, "check")) read.check = check(*id);
    if (read.points > 0) rubric.bonus.push_back(std::move(read));
  }
}

std::optional<Gate> Reader::gate(const Value& node, std::set<std::string>& used) {
  if (!is_map(node, "a gate", {"id", "title", "when", "cap", "needs_person"})) return std::nullopt;
  Gate result;
  result.id = identifier(node, used);
  result.title = title(node);
  const Value* when = required(node, "when");
  if (when != nullptr && is_map(*when, "the condition of a gate", {"violated"})) {
    result.violated = checks(*when, "violated", true);
  }
  result.cap = number(node, "cap");
  if (result.cap && *result.cap > 100) {
    problem(yaml::find(node, "cap")->place, "a cap is a percentage from 0 to 100");
  }
  result.needs_person = boolean(node, "needs_person");
  if (yaml::find(node, "cap") == nullptr && yaml::find(node, "needs_person") == nullptr) {
    problem(node.place, "a gate has a cap, or needs a person, or both");
  }
  return result;
}

Rubric Reader::rubric(const Value& root) {
  is_map(root, "a rubric",
         {"id", "version", "title", "extends", "bands", "sections", "bonus", "gates",
          "only_by_rehearsal"});
  Rubric result;
  std::set<std::string> used;
  if (yaml::find(root, "id") != nullptr) result.id = identifier(root, used);
  if (const Value* version = yaml::find(root, "version")) {
    result.version = scalar(root, "version");
    if (!is_version(result.version)) problem(version->place, "a version has the form 1.0.0");
  }
  result.title = title(root);
  result.digest = text::sha256(canonical(root));
  result.bands = bands(root);
  std::set<std::string> used_sections;
  Decimal sum;
  for (const auto& node : items(root, "sections", true)) {
    auto read = section(node, used_sections);
    if (!read) continue;
    sum += read->points;
    if (read->points > 0) result.sections.push_back(std::move(*read));
  }
  sum_is(root, "sections", sum, 100, "the sections");
  bonus(root, result);
  std::set<std::string> used_gates;
  for (const auto& node : items(root, "gates", false)) {
    if (auto read = gate(node, used_gates)) result.gates.push_back(std::move(*read));
  }
  result.only_by_rehearsal = checks(root, "only_by_rehearsal", false);
  return result;
}

}  // namespace

RubricReading read_rubric(const std::string& path, const std::vector<std::string>& known_checks,
                          const RubricSource& source) {
  RubricFiles files(source);
  RubricReading reading;
  if (const auto root = files.effective(path)) {
    reading.rubric = Reader(files, known_checks).rubric(*root);
  }
  reading.problems = files.problems();
  std::ranges::stable_sort(reading.problems, {}, [](const RubricProblem& problem) {
    return std::tuple(problem.file, problem.line, problem.column);
  });
  if (!reading.problems.empty()) reading.rubric.reset();
  return reading;
}

Result<Rubric> load_rubric(const std::string& path, const std::vector<std::string>& known_checks,
                           const RubricSource& source) {
  auto reading = read_rubric(path, known_checks, source);
  if (reading.rubric) return std::move(*reading.rubric);
  const RubricProblem& first = reading.problems.front();
  std::string what = first.what;
  if (const auto more = reading.problems.size() - 1; more > 0) {
    what += " (and " + std::to_string(more) + " more)";
  }
  std::string where = first.file;
  if (first.line > 0) {
    where += ":" + std::to_string(first.line) + ":" + std::to_string(first.column);
  }
  return fail(ErrorKind::rubric, what, where,
              first.hint.empty() ? "run `grader rubric lint` on it" : first.hint);
}

}  // namespace grader::grading
