#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grader::report {

/// An entry of a catalogue: a line of English, with `{}` for what changes or `{*}` for what is a
/// text of the catalogue itself, and a line of the other language. There `{}`, `{#}` and `{*}` take
/// the captures in their order, `{2}` the second, and `{2:one|few|many}` is a word after the number
/// of the second (the plural of East Slavic languages, CLDR plural rules).
struct Phrase {
  std::vector<std::string> literals;  ///< around the placeholders: one more than those
  std::vector<char> kinds;            ///< of each placeholder: '*', '#' or blank
  std::string text;
};

/// The entries of one language.
class Phrases {
 public:
  explicit Phrases(std::string_view catalogue);

  /// The text in the other language, or nothing.
  std::optional<std::string> find(std::string_view english) const;
  /// A line each: "line 12: …".
  const std::vector<std::string>& problems() const { return problems_; }
  /// All English lines, as they stand.
  const std::vector<std::string>& entries() const { return entries_; }

 private:
  void add(std::string_view english, std::string_view other, std::size_t line);
  std::optional<std::string> whole(std::string_view english, int depth) const;
  std::optional<std::string> by_phrase(std::string_view english, int depth) const;
  std::optional<std::string> in_parts(std::string_view english, int depth) const;
  std::optional<std::string> sentences(std::string_view english, int depth) const;
  std::string filled(const Phrase& phrase, std::vector<std::string> captures, int depth) const;

  std::map<std::string, std::string, std::less<>> exact_;
  std::vector<Phrase> phrases_;  ///< those with the longest literals first
  std::vector<std::string> entries_;
  std::vector<std::string> problems_;
};

/// Which of the three words stands after a number: 1 файл, 2 файла, 5 файлов.
std::size_t plural_form(std::string_view number);

}  // namespace grader::report
