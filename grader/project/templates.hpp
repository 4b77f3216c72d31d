#pragma once

#include <string>
#include <vector>

#include "grader/base/location.hpp"
#include "grader/project/files.hpp"

namespace grader::project {

/// One {% tag … %} or {{ expression }} of a Django template.
struct TemplateTag {
  enum class Kind { block, variable, comment };
  Kind kind = Kind::variable;
  std::string name;  ///< of a block tag: "if", "csrf_token", "url"
  std::string text;  ///< between the delimiters, trimmed
  Location at;
  std::uint32_t offset = 0;  ///< byte in the file
};

/// One <form> of a template.
struct TemplateForm {
  std::string method;  ///< lower case; "get" where none is given
  std::string action;  ///< as written
  bool csrf_token = false;
  Location at;
  std::vector<std::string> inputs;    ///< names of its input, select and textarea elements
  std::vector<std::string> includes;  ///< templates included inside it, as written
};

/// One template file, read as HTML and as Django's template language.
struct Template {
  std::string path;
  std::string name;  ///< as a view names it: "vault/list.html"
  std::string text;
  std::vector<TemplateTag> tags;
  std::vector<TemplateForm> forms;
  std::vector<std::pair<std::string, Location>> links;  ///< href values that hold a url tag or path
  std::vector<std::string> parents;                     ///< extends and include, as written
};

/// One template from its text. Linear in its size; text of any kind.
Template read_template(std::string path, std::string text);

/// The templates of all templates folders that are not vendored: at most 3,000 of at most 2 MiB
/// each; what was left out is named in `warnings`.
std::vector<Template> read_templates(const Files& files, std::vector<std::string>& warnings);

}  // namespace grader::project
