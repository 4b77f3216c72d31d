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

struct TemplateForm {
  std::string method;  ///< lower case; "get" where none is given
  std::string action;  ///< as written
  bool csrf_token = false;
  Location at;
  std::vector<std::string> inputs;  ///< names of its input, select and textarea elements
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

}  // namespace grader::project
