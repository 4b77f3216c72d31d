#include "grader/grading/rubric.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "grader/base/text.hpp"
#include "grader/grading/rubric_fields.hpp"
#include "grader/grading/rubric_files.hpp"

namespace grader::grading {
namespace {

using yaml::Value;

bool is_version(std::string_view text) {
  const auto parts = text::split(text, '.');
  return parts.size() == 3 && std::ranges::all_of(parts, [](std::string_view part) {
           return !part.empty() && part.size() <= 6 && (part.size() == 1 || part.front() != '0') &&
                  std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
         });
}

/// Turns the effective content into a Rubric and tells every mistake on the way.
class Reader : private RubricFields {
 public:
  using RubricFields::RubricFields;

  Rubric rubric(const Value& root);

 private:
  std::vector<Band> bands(const Value& root);
  std::optional<Deduction> deduction(const Value& map);
  std::optional<HumanScale> human(const Value& map);
  std::optional<Criterion> criterion(const Value& node, const Section& section,
                                     const std::vector<std::string>& depends_on,
                                     std::set<std::string>& used);
  std::optional<Section> section(const Value& node, std::set<std::string>& used);
  void bonus(const Value& root, Rubric& rubric);
  std::optional<Gate> gate(const Value& node, std::set<std::string>& used);
};

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

std::optional<HumanScale> Reader::human(const Value& map) {
  const Value* node = yaml::find(map, "human");
  if (node == nullptr) return std::nullopt;
  HumanScale result;
  if (!is_map(*node, "a human scale", {"scale", "ask", "junior", "middle"})) return result;
  for (const char* key : {"checks", "deduct", "depends_on"}) {
    if (const Value* other = yaml::find(map, key)) {
      problem(other->place, std::string("a person marks this: \"") + key + "\" has no meaning");
    }
  }
  const Decimal scale = points(*node, "scale");
  for (int steps = 1; steps <= 10; ++steps) {
    if (scale == Decimal(steps)) result.scale = steps;
  }
  if (scale != Decimal(result.scale)) {
    problem(node->place, "a scale is a whole number from 1 to 10");
  }
  result.ask = scalar(*node, "ask");
  result.junior = scalar(*node, "junior");
  result.middle = scalar(*node, "middle");
  return result;
}

std::optional<Criterion> Reader::criterion(const Value& node, const Section& section,
                                           const std::vector<std::string>& depends_on,
                                           std::set<std::string>& used) {
  if (!is_map(node, "a criterion",
              {"id", "title", "points", "checks", "deduct", "depends_on", "human"})) {
    return std::nullopt;
  }
  Criterion result;
  result.id = section.id + "." + identifier(node, used);
  result.title = title(node);
  result.points = points(node, "points");
  result.human = human(node);
  if (result.human) return result;  // what a person sees does not depend on what was found
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
    sum_is(node, "points", sum, result.points, "the criteria of section \"" + result.id + "\"");
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
