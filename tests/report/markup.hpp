#pragma once

#include <map>
#include <string>
#include <vector>

namespace grader::report::test {

/// An element as a browser's parser would build it.
struct Element {
  std::string tag;
  std::string parent;
  std::map<std::string, std::string> attributes;
  std::string text;  ///< of its direct text children
};

/// All elements of an HTML document in order of opening (by gumbo: the HTML standard's algorithm).
std::vector<Element> elements(const std::string& html);

/// HTML of GitHub-flavoured Markdown with raw HTML let through, as strict as nobody's sanitizer.
std::string render_markdown(const std::string& markdown);

}  // namespace grader::report::test
