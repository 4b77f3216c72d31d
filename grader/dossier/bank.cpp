#include "grader/dossier/bank.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "grader/base/text.hpp"
#include "grader/dossier/vocabulary.hpp"
#include "grader/grading/rubric_fields.hpp"

namespace grader::dossier {
namespace {

using grading::yaml::Value;

constexpr std::size_t max_files = 32;
constexpr std::size_t max_questions = 500;
constexpr std::size_t max_text = 2'000;  ///< bytes of one text in one language

std::string in_quotes(std::string_view word) {
  return "\"" + text::shorten(text::to_utf8(word), 60) + "\"";
}

/// Reads the files of one bank; mistakes become problems of `files`.
class Reader : public grading::RubricFields {
 public:
  Reader(grading::RubricFiles& files, const std::vector<std::string>& known_checks)
      : RubricFields(files, known_checks) {}

  void file(const Value& root);
  Bank finished(const Value& last);

 private:
  std::string one_text(const Value& map, const char* language);
  Words words(const Value& map, const char* key);
  Words words(const Value& node);
  void known(const Value& node, const std::vector<std::string>& names, const std::string& kind);
  int whole(const Value& map, const char* key, int least, int most, int absent);
  Condition condition(const Value& node);
  void facts(const Value& node, Condition& result);
  void place(const Value& node, Question& question);
  void question(const Value& node);
  void part(const Value& node);
  void row(const Value& node);

  Bank bank_;
  std::set<std::string> used_questions_;
  std::set<std::string> used_parts_;
  std::set<std::string> used_rows_;
  std::string content_;
  std::vector<std::pair<std::string, grading::yaml::Place>> asked_parts_;
};

void Reader::known(const Value& node, const std::vector<std::string>& names,
                   const std::string& kind) {
  if (std::ranges::find(names, node.text) != names.end()) return;
  const auto near =
      node.text.size() <= 60 ? text::nearest(node.text, names) : std::optional<std::string>();
  problem(
      node.place, "there is no " + kind + " " + in_quotes(node.text),
      near ? "did you mean " + in_quotes(*near) + "?" : "give one of " + text::join(names, ", "));
}

std::string Reader::one_text(const Value& map, const char* language) {
  std::string read = scalar(map, language);
  const Value* node = grading::yaml::find(map, language);
  if (node == nullptr || node->kind != Value::Kind::scalar) return read;
  if (text::trim(read).empty()) problem(node->place, "a text says something");
  if (read.size() > max_text) problem(node->place, "a text has at most 2,000 bytes");
  for (const auto& word : placeholders(read)) {
    known({Value::Kind::scalar, node->place, word, {}, {}}, placeholder_names(), "placeholder");
  }
  return read;
}

Words Reader::words(const Value& node) {
  if (!is_map(node, "a text", {"en", "ru"})) return {};
  Words result{one_text(node, "en"), one_text(node, "ru")};
  if (!result.en.empty() && !result.ru.empty() &&
      placeholders(result.en) != placeholders(result.ru)) {
    problem(node.place, "the two languages have different placeholders");
  }
  return result;
}

Words Reader::words(const Value& map, const char* key) {
  const Value* node = required(map, key);
  return node == nullptr ? Words() : words(*node);
}

int Reader::whole(const Value& map, const char* key, int least, int most, int absent) {
  const auto value = number(map, key);
  if (!value) return absent;
  for (int i = least; i <= most; ++i) {
    if (*value == grading::Decimal(i)) return i;
  }
  problem(grading::yaml::find(map, key)->place, in_quotes(key) + " is a whole number from " +
                                                    std::to_string(least) + " to " +
                                                    std::to_string(most));
  return absent;
}

void Reader::facts(const Value& node, Condition& result) {
  std::vector<std::string> names;
  for (const auto& fact : fact_names()) names.push_back(fact.name);
  if (node.kind != Value::Kind::map) problem(node.place, "\"facts\" is a map of lists");
  for (const auto& entry : node.entries) {
    known({Value::Kind::scalar, entry.place, entry.key, {}, {}}, names, "fact");
    const auto fact = std::ranges::find(fact_names(), entry.key, &FactName::name);
    if (fact == fact_names().end()) continue;
    for (const auto& value : items(node, entry.key.c_str(), true)) {
      known(value, fact->values, "value");
      result.facts[entry.key].push_back(value.text);
    }
  }
}

Condition Reader::condition(const Value& node) {
  Condition result;
  if (!is_map(node, "a condition", {"violated", "met", "facts"})) return result;
  result.violated = checks(node, "violated", false);
  result.met = checks(node, "met", false);
  if (const Value* wanted = grading::yaml::find(node, "facts")) facts(*wanted, result);
  return result;
}

void Reader::place(const Value& node, Question& question) {
  constexpr std::string_view prefix = "check:";
  if (!node.text.starts_with(prefix)) {
    known(node, place_names(), "place");
  } else {
    Value id = node;
    id.text = node.text.substr(prefix.size());
    check(id);
  }
  question.at.push_back(node.text);
}

void Reader::question(const Value& node) {
  if (!is_map(node, "a question",
              {"id", "part", "topic", "level", "when", "at", "ask", "junior", "middle", "follow_up",
               "watch"})) {
    return;
  }
  Question read;
  read.id = identifier(node, used_questions_);
  read.part = scalar(node, "part");
  if (const Value* part = grading::yaml::find(node, "part")) {
    asked_parts_.emplace_back(read.part, part->place);
  }
  read.topic = scalar(node, "topic");
  read.level = whole(node, "level", 1, 3, 1);
  if (const Value* when = grading::yaml::find(node, "when")) read.when = condition(*when);
  for (const auto& item : items(node, "at", true)) place(item, read);
  read.ask = words(node, "ask");
  read.junior = words(node, "junior");
  read.middle = words(node, "middle");
  read.follow_up = words(node, "follow_up");
  for (const auto& item : items(node, "watch", false)) read.watch.push_back(words(item));
  if (bank_.questions.size() == max_questions) {
    problem(node.place, "a question bank has at most 500 questions");
  }
  if (bank_.questions.size() <= max_questions) bank_.questions.push_back(std::move(read));
}

void Reader::part(const Value& node) {
  if (!is_map(node, "a part",
              {"id", "title", "hint", "minutes", "at_least", "at_most", "topics"})) {
    return;
  }
  PartPlan read;
  read.id = identifier(node, used_parts_);
  read.title = words(node, "title");
  read.hint = words(node, "hint");
  const Value* minutes = required(node, "minutes");
  if (minutes != nullptr && is_map(*minutes, "the minutes", {"short", "long"})) {
    read.minutes_short = whole(*minutes, "short", 0, 120, 0);
    read.minutes_long = whole(*minutes, "long", 0, 120, 0);
  }
  read.at_least = whole(node, "at_least", 0, 20, 0);
  read.at_most = whole(node, "at_most", 0, 20, 0);
  for (const auto& item : items(node, "topics", false)) {
    if (!is_map(item, "a topic", {"id", "count"})) continue;
    read.topics.push_back({scalar(item, "id"), whole(item, "count", 1, 20, 1)});
  }
  bank_.parts.push_back(std::move(read));
}

void Reader::row(const Value& node) {
  if (!is_map(node, "a row of the sheet", {"id", "title", "junior", "middle"})) return;
  bank_.sheet.push_back({identifier(node, used_rows_), words(node, "title"), words(node, "junior"),
                         words(node, "middle")});
}

void Reader::file(const Value& root) {
  is_map(root, "a file of questions", {"id", "version", "parts", "sheet", "questions"});
  content_ += grading::canonical(root);
  for (const auto& node : items(root, "parts", false)) part(node);
  for (const auto& node : items(root, "sheet", false)) row(node);
  for (const auto& node : items(root, "questions", false)) question(node);
}

Bank Reader::finished(const Value& last) {
  std::vector<std::string> parts;
  for (const auto& part : bank_.parts) parts.push_back(part.id);
  if (parts.empty()) problem(last.place, "no file of the question bank has \"parts\"");
  for (const auto& [name, at] : asked_parts_) {
    if (!parts.empty()) known({Value::Kind::scalar, at, name, {}, {}}, parts, "part");
  }
  bank_.digest = text::sha256(content_);
  return std::move(bank_);
}

}  // namespace

BankReading read_bank(const std::vector<std::string>& paths,
                      const std::vector<std::string>& known_checks,
                      const grading::RubricSource& source) {
  BankReading reading;
  if (paths.empty() || paths.size() > max_files) {
    reading.problems.push_back({paths.empty() ? "" : paths.front(), 0, 0, "",
                                "a question bank has 1 to 32 files", "name its folder"});
    return reading;
  }
  grading::RubricFiles files(source);
  Reader reader(files, known_checks);
  std::optional<Value> last;
  for (const auto& path : paths) {
    auto root = files.effective(path);
    if (!root) continue;
    reader.file(*root);
    last = std::move(root);
  }
  if (last) reading.bank = reader.finished(*last);
  reading.problems = files.problems();
  if (!reading.problems.empty()) reading.bank.reset();
  return reading;
}

Result<std::vector<std::string>> bank_files(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    if (entries->path().extension() == ".yaml") paths.push_back(entries->path().string());
    if (paths.size() > max_files) break;
  }
  if (error) {
    return fail(ErrorKind::rubric, "the question bank cannot be read: " + error.message(), folder,
                "install the grader again");
  }
  std::ranges::sort(paths);
  return paths;
}

Result<Bank> load_bank(const std::string& folder, const std::vector<std::string>& known_checks) {
  const auto paths = bank_files(folder);
  if (!paths) return tl::unexpected(paths.error());
  auto reading = read_bank(*paths, known_checks);
  if (reading.bank) return std::move(*reading.bank);
  const auto& first = reading.problems.front();
  std::string where = first.file.empty() ? folder : first.file;
  if (first.line > 0) {
    where += ":" + std::to_string(first.line) + ":" + std::to_string(first.column);
  }
  return fail(ErrorKind::rubric, first.what, where,
              first.hint.empty() ? "run `grader rubric lint` on the folder" : first.hint);
}

}  // namespace grader::dossier
