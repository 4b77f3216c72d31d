#include <algorithm>
#include <set>
#include <sstream>
#include <string>

#include "checks/history_facts.hpp"
#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

using Words = std::set<std::string, std::less<>>;

Words words_in(const char* list) {
  std::istringstream stream{std::string(list)};
  Words words;
  for (std::string word; stream >> word;) words.insert(word);
  return words;
}

/// Words that only hold a sentence together.
const Words& joining_words() {
  static const Words words = words_in(
      "a an the and or of to in on at with for from by is was were be been it its this that as "
      "into up out are has have i we my "
      "à de du des la le les un une et en au aux pour dans sur avec que qui el los las del al y e "
      "o "
      "os um uma do da dos das no na em com para por der die und den dem ein eine mit von für im "
      "zu в во на и с со для из по к от не это");
  return words;
}

/// Verbs of every change: what was changed has to be told by the other words.
const Words& vague_verbs() {
  static const Words words = words_in(
      "update updates updated updating fix fixes fixed fixing change changes changed changing "
      "modify modified modifies edit edits edited refactor refactored refactoring improve improved "
      "improvement tweak tweaks adjust maj correction amelioration amélioration ajuste alteração "
      "correção cambios cambio arreglo actualizacion actualización änderung änderungen правки "
      "правка исправления исправление исправил изменения обновление обновил фикс");
  return words;
}

/// Words that say nothing without another word beside them.
const Words& hollow_words() {
  static const Words words = [] {
    Words all = words_in(
        "some minor small more new another last final first commit commits wip test tests code "
        "stuff things misc temp tmp ok done work working save bug bugs bugfix cleanup add added "
        "adding adds delete deleted remove removed version project initial init files file upload "
        "via again latest problem problems typo readme mise jour nouveau ajout finalisation neu "
        "коммит финал проект");
    all.insert(vague_verbs().begin(), vague_verbs().end());
    return all;
  }();
  return words;
}

/// What every project has: "update settings" tells which file, not what about it.
const Words& common_things() {
  static const Words words = words_in(
      "settings requirements requirement gitignore dependencies migrations migration css html "
      "view views model models url urls template templates style styles app config configuration "
      "docs documentation comments procfile license admin django error errors issue issues");
  return words;
}

/// The heads of Conventional Commits, and those that people make up in their manner.
bool is_type(const std::string& head) {
  static const Words types = words_in(
      "feat fix docs style refactor test chore build ci perf tests hotfix revert update resource "
      "rebuild release");
  return types.contains(head);
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
  std::erase_if(words, [](const auto& word) { return joining_words().contains(word); });
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
  static const Words verbs = words_in("update create delete rename add edit");
  auto rest = text::trim(subject.substr(space));
  const bool folder = rest.ends_with(" directory");
  if (folder) rest = rest.substr(0, rest.size() - 10);
  return verbs.contains(text::lower(subject.substr(0, space))) &&
         (is_file_name(rest) || (folder && rest.find(' ') == rest.npos));
}

/// "sdfsdf", "AAAAARG": no vowel among several letters, or one letter again and again.
bool is_mashed(const std::string& word) {
  const bool ascii = std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
  if (!ascii || word.size() < 3) return false;
  static const Words short_names = words_in("css html xml https ssl tls jwt smtp ssh http dns");
  if (short_names.contains(word)) return false;
  const bool vowelless = word.find_first_of("aeiouy") == std::string::npos;
  const bool repeated = word.find(std::string(4, word.front())) != std::string::npos;
  return vowelless || repeated;
}

/// A command line: "git rm --cached db.sqlite3".
bool is_command(std::string_view subject) {
  static const Words programs = words_in("git rm pip pip3 npm python python3 docker sudo cp mv");
  const auto first = subject.substr(0, subject.find(' '));
  return programs.contains(first) &&
         (subject.find(" -") != subject.npos || subject.starts_with("git "));
}

/// A body says more; trailers such as "Signed-off-by: …" do not.
bool has_body(const std::vector<std::string_view>& lines) {
  return std::ranges::any_of(lines.begin() + 1, lines.end(), [](std::string_view line) {
    const auto colon = line.find(':');
    const bool trailer = colon != line.npos && line.substr(0, colon).ends_with("-by");
    return !text::trim(line).empty() && !trailer;
  });
}

}  // namespace

MessageReading read_message(std::string_view message) {
  const auto lines = text::lines(text::trim(message));
  if (lines.empty()) return {};
  const auto subject = text::trim(lines.front());
  for (const std::string_view pasted : {"modified:", "new file:", "deleted:", "On branch"}) {
    if (subject.starts_with(pasted)) return {};
  }
  if (is_file_name(subject)) return {MessageKind::naming, 0.1};
  if (is_filled_in(subject)) return {MessageKind::naming, 0.2};
  if (is_command(subject)) return {MessageKind::naming, 0.3};
  const auto words = words_of(without_type(subject));
  const auto count = [&](const auto& condition) { return std::ranges::count_if(words, condition); };
  const auto telling = count([](const std::string& word) {
    const bool number = word.find_first_not_of("0123456789") == std::string::npos;
    return !number && !hollow_words().contains(word) && !is_mashed(word);
  });
  if (telling == 0) {
    const bool readme = std::ranges::find(words, "readme") != words.end();
    return readme ? MessageReading{MessageKind::naming, 0.3} : MessageReading{};
  }
  if (words.size() == 1) return {MessageKind::naming, 0.2};
  const bool explained = has_body(lines);
  const bool vague = count([](const auto& word) { return vague_verbs().contains(word); }) > 0;
  const auto common = count([](const auto& word) { return common_things().contains(word); });
  if (vague && common == telling && !explained) return {MessageKind::naming, 0.3};
  if (explained || telling > 2) return {MessageKind::telling, 1.0};
  return {MessageKind::telling, telling == 2 ? 0.85 : vague ? 0.4 : 0.6};
}

}  // namespace grader::checks
