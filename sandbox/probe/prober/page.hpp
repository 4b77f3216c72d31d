#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace grader::sandbox::prober {

/// An element of a form that has a name.
struct Field {
  std::string name;
  std::string type = "text";  ///< of an input in lower case; "select", "textarea"
  std::string value;
  std::string id;
  std::string label;                 ///< label, placeholder and id in one
  std::vector<std::string> choices;  ///< values of a select or of radio buttons
  bool checked = false;
  bool required = false;
  bool names_user = false;  ///< its choices are accounts
  int max = 0;              ///< characters, 0: no limit said
  std::string least;        ///< of a number
};

/// A form as a browser would see it.
struct Form {
  std::string action;
  std::string method = "get";
  std::vector<Field> fields;
  std::vector<std::pair<std::string, std::string>> submits;  ///< named buttons
  std::string caption;  ///< texts of its buttons and headings, lower case

  /// The field of this name, or null.
  const Field* field(std::string_view name) const;
};

/// What is looked for in a page.
struct Page {
  std::vector<Form> forms;
  std::vector<std::string> links;
  std::string text;                 ///< what is visible
  std::vector<std::string> errors;  ///< texts of elements that look like validation messages
  bool has_mark = false;            ///< an element of the name that was looked for
};

/// Parses as HTML5 does. `mark`: an element name to look for. Bounded in depth and size.
Page parse_page(std::string_view html, std::string_view mark = "");

}  // namespace grader::sandbox::prober
