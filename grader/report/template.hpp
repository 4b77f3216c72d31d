#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "grader/report/encoded.hpp"

namespace grader::report {

/// A value of an HTML attribute: a literal, a number or a digest of ours. There is no way from text
/// of a submission to a Token.
class Token {
 public:
  Token(Markup literal) : bytes_(literal.bytes()) {}
  template <std::integral Number>
    requires(!std::same_as<Number, char> && !std::same_as<Number, bool>)
  explicit Token(Number number) : bytes_(std::to_string(number)) {}
  /// "42.50%" for a share of 0 to 1, for the geometry of pictures.
  static Token percent(double share);
  /// "folder/file" as a relative address, where the folder is plain (letters, digits and ._+-);
  /// else
  /// "#".
  static Token file(std::string_view folder, Markup name);
  /// 'sha256-…' of a style sheet or script, as a content security policy names it (CSP Level
  /// 3, 2.3.1).
  static Token csp_hash(const HtmlText& style);
  const std::string& bytes() const { return bytes_; }

 private:
  Token() = default;
  std::string bytes_;
};

/// What a page is filled in with. A template writes `{{name}}` between elements and `{{@name}}`
/// inside quoted attributes: text and tokens live in different names, so that text never gets into
/// an attribute. A name that an inner list item lacks is looked up in the outer one, as Mustache
/// does: give inner names of their own.
class Fields {
 public:
  /// Sets a field; the last value counts.
  Fields& text(Markup name, const HtmlText& value);
  Fields& text(Markup name, Markup value) { return text(name, HtmlText(value)); }
  /// Sets a field that stands in an attribute, or one that shows or repeats a part.
  Fields& attribute(Markup name, const Token& value);
  Fields& flag(Markup name, bool value);
  Fields& list(Markup name, std::vector<Fields> items);

  using Value = std::variant<std::string, bool, std::vector<Fields>>;
  /// Everything given so far, by the name as the template writes it.
  const std::map<std::string, Value>& values() const { return values_; }

 private:
  std::map<std::string, Value> values_;
};

/// The Mustache files of html/, which the build puts into the program.
class Template {
 public:
  /// The file `name`.mustache filled in; `{{> part_other}}` brings in other.mustache, and
  /// `[[text]]` is a text of ours, said in `language`. Empty where the file or one of its parts is
  /// not well-formed, which a test rules out.
  static HtmlText render(std::string_view name, const Fields& fields,
                         const std::string& language = "en");
};

}  // namespace grader::report
