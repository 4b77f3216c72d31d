#include <algorithm>
#include <set>
#include <string>

#include "checks/history_facts.hpp"
#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

/// Words that say nothing without another word beside them.
const std::set<std::string, std::less<>>& hollow_words() {
  static const std::set<std::string, std::less<>> words{"update",
                                                        "updates",
                                                        "updated",
                                                        "updating",
                                                        "fix",
                                                        "fixes",
                                                        "fixed",
                                                        "change",
                                                        "changes",
                                                        "changed",
                                                        "some",
                                                        "minor",
                                                        "small",
                                                        "more",
                                                        "new",
                                                        "another",
                                                        "last",
                                                        "final",
                                                        "first",
                                                        "commit",
                                                        "commits",
                                                        "wip",
                                                        "test",
                                                        "tests",
                                                        "code",
                                                        "stuff",
                                                        "things",
                                                        "misc",
                                                        "temp",
                                                        "tmp",
                                                        "ok",
                                                        "done",
                                                        "work",
                                                        "working",
                                                        "save",
                                                        "bug",
                                                        "bugs",
                                                        "bugfix",
                                                        "cleanup",
                                                        "refactor",
                                                        "edit",
                                                        "edits",
                                                        "edited",
                                                        "modify",
                                                        "modified",
                                                        "add",
                                                        "added",
                                                        "adding",
                                                        "delete",
                                                        "deleted",
                                                        "remove",
                                                        "removed",
                                                        "improve",
                                                        "improved",
                                                        "version",
                                                        "project",
                                                        "initial",
                                                        "init",
                                                        "files",
                                                        "file",
                                                        "upload",
                                                        "via",
                                                        "the",
                                                        "a",
                                                        "an",
                                                        "and",
                                                        "of",
                                                        "to",
                                                        "in",
                                                        "for",
                                                        "again",
                                                        "latest",
                                                        "problem",
                                                        "problems",
                                                        "typo",
                                                        "readme",
                                                        "maj",
                                                        "mise",
                                                        "jour",
                                                        "nouveau",
                                                        "ajout",
                                                        "correction",
                                                        "finalisation",
                                                        "amelioration",
                                                        "amélioration",
                                                        "cambios",
                                                        "cambio",
                                                        "arreglo",
                                                        "actualizacion",
                                                        "actualización",
                                                        "alteração",
                                                        "correção",
                                                        "ajuste",
                                                        "änderung",
                                                        "änderungen",
                                                        "neu",
                                                        "правки",
                                                        "правка",
                                                        "исправления",
                                                        "исправление",
                                                        "изменения",
                                                        "фикс",
                                                        "обновление",
                                                        "коммит",
                                                        "финал",
                                                        "проект"};
  return words;
}

/// The heads of Conventional Commits.
bool is_type(std::string_view head) {
  static constexpr std::string_view types[] = {"feat",  "fix",    "docs",  "style", "refactor",
                                               "test",  "chore",  "build", "ci",    "perf",
                                               "tests", "hotfix", "revert"};
  return std::ranges::find(types, head) != std::end(types);
}

/// Without "feat(vault)!: ".
std::string_view without_type(std::string_view subject) {
  const auto colon = subject.find(": ");
  if (colon == subject.npos || colon > 30) return subject;
  const auto head = subject.substr(0, subject.find_first_of("(!:"));
  return is_type(text::lower(head)) ? subject.substr(colon + 2) : subject;
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & '\x80') != 0;
}

std::vector<std::string> words_of(std::string_view subject) {
  std::vector<std::string> words(1);
  for (const char c : text::lower(subject)) {
    if (is_word_byte(c)) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// "settings.py", "static/app.js": one name with an ending.
bool is_file_name(std::string_view text) {
  const auto dot = text.rfind('.');
  return text.find(' ') == text.npos && dot != text.npos && dot + 1 < text.size() &&
         text.size() - dot <= 6;
}

/// What GitHub's pages fill in: "Update README.md", "Add files via upload".
bool is_filled_in(std::string_view subject) {
  if (text::lower(subject) == "add files via upload") return true;
  const auto space = subject.find(' ');
  if (space == subject.npos) return false;
  const std::string verb = text::lower(subject.substr(0, space));
  auto rest = text::trim(subject.substr(space));
  const bool folder = rest.ends_with(" directory");
  if (folder) rest = rest.substr(0, rest.size() - 10);
  const bool known = verb == "update" || verb == "create" || verb == "delete" || verb == "rename" ||
                     verb == "add" || verb == "edit";
  return known && (is_file_name(rest) || (folder && rest.find(' ') == rest.npos));
}

}  // namespace

MessageReading read_message(std::string_view message) {
  const auto lines = text::lines(message);
  const auto subject = lines.empty() ? std::string_view() : text::trim(lines.front());
  for (const std::string_view pasted : {"modified:", "new file:", "deleted:", "On branch"}) {
    if (subject.starts_with(pasted)) return {MessageKind::empty, 0};
  }
  if (is_file_name(subject)) return {MessageKind::naming, 0.1};
  if (is_filled_in(subject)) return {MessageKind::naming, 0.2};
  const auto words = words_of(without_type(subject));
  const auto telling = std::ranges::count_if(words, [](const std::string& word) {
    const bool number = word.find_first_not_of("0123456789") == std::string::npos;
    return !number && !hollow_words().contains(word);
  });
  if (telling == 0) {
    const bool readme = std::ranges::find(words, "readme") != words.end();
    return readme ? MessageReading{MessageKind::naming, 0.3} : MessageReading{};
  }
  if (words.size() == 1) return {MessageKind::naming, 0.2};
  const bool explained = lines.size() > 2;
  const double worth = explained || telling > 2 ? 1.0 : telling == 2 ? 0.85 : 0.6;
  return {MessageKind::telling, worth};
}

}  // namespace grader::checks
