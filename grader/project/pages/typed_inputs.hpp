#pragma once

#include <set>
#include <string>

#include "grader/project/project.hpp"

namespace grader::project {

/// The id attributes of inputs whose value the browser keeps to a number, a date or a choice:
/// <input type="range"> and its like in templates, and the widgets of forms, named "id_length" or
/// by attrs. What a script reads from them is no text that a person wrote.
/// See https://html.spec.whatwg.org/multipage/input.html#value-sanitization-algorithm
std::set<std::string, std::less<>> ids_without_text(const Project& project);

}  // namespace grader::project
