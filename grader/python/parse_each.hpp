#pragma once

#include <string>
#include <vector>

#include "grader/python/syntax.hpp"

namespace grader::python {

/// A file that is to be parsed.
struct Source {
  std::string path;
  std::string text;
};

/// The modules of these files, in their order. Parsing is most of the time of a model and no file
/// needs another, so it is done by one thread a processor, at most eight.
std::vector<Module> parse_each(std::vector<Source> sources, Language language = Language::python);

}  // namespace grader::python
