#pragma once

#include <set>
#include <string>
#include <vector>

#include "grader/project/pages/foreign_text.hpp"
#include "grader/project/project.hpp"

namespace grader::project {

/// Places of templates and of the submission's own scripts where text that a person chose becomes
/// markup or code of the page: |safe, autoescape off, attributes without quotes, javascript: in
/// links, text inside event handlers and scripts, innerHTML and its like. CWE-79;
/// https://docs.djangoproject.com/en/stable/topics/security/#cross-site-scripting-xss-protection
std::vector<Hazard> page_hazards(const Project& project, const flow::Flow& flow);

/// The part of it that scripts do: innerHTML, outerHTML, insertAdjacentHTML, document.write,
/// jQuery's html(), append() and $("<…>") with data of the server or of the page. `attributes` are
/// the names of attributes that templates fill with such text.
std::vector<Hazard> script_hazards(const Project& project, const ForeignText& foreign,
                                   const std::set<std::string, std::less<>>& attributes);

}  // namespace grader::project
