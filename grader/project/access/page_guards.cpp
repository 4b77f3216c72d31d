#include "grader/project/access/page_guards.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "grader/project/template_scanner.hpp"

namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;

namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// A dotted name in a tag: "entry" and "title" of {{ entry.title|upper }}.
struct Mention {
  std::string name, attribute;
};

std::vector<Mention> names_in(std::string_view text) {
  std::vector<Mention> names;
  char quote = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (quote != 0 || text[i] == '"' || text[i] == '\'') {
      quote = quote == 0 ? text[i] : text[i] == quote ? '\0' : quote;
      ++i;
      continue;
    }
    const std::size_t start = i;
    while (i < text.size() && is_name(text[i])) ++i;
    const char before = start == 0 ? ' ' : text[start - 1];
    if (i > start && before == '.' && !names.empty() && names.back().attribute.empty()) {
      names.back().attribute = text.substr(start, i - start);
    } else if (i > start && before != '.' && before != '|') {
      names.push_back({std::string(text.substr(start, i - start)), {}});
    }
    if (i == start) ++i;
  }
  return names;
}

bool mentions(std::string_view text, const std::set<std::string>& names) {
  return std::ranges::any_of(names_in(text),
                             [&](const Mention& one) { return names.contains(one.name); });
}

bool writes_rows(std::string_view text, const PageVariables& variables) {
  return std::ranges::any_of(names_in(text), [&](const Mention& one) {
    return variables.rows.contains(one.name) && !variables.harmless.contains(one.attribute);
  });
}

/// What `{% if CONDITION %}` asks where it holds, and where it does not.
struct Branches {
  PageGuard holds = PageGuard::none;
  PageGuard fails = PageGuard::none;
};

Branches branches_of(std::string_view condition, const std::set<std::string>& flags) {
  const bool negated = condition.find("not ") != condition.npos;
  PageGuard guard = PageGuard::none;
  if (condition.find("is_authenticated") != condition.npos) {
    guard = condition.find(" or ") == condition.npos ? PageGuard::login : PageGuard::none;
  } else if (mentions(condition, flags) ||
             (condition.find("==") != condition.npos && mentions(condition, {"user", "request"}))) {
    guard = PageGuard::person;
  }
  return negated ? Branches{PageGuard::none, guard} : Branches{guard, PageGuard::none};
}

}  // namespace

PageGuard guard_of(const Template& page, const PageVariables& variables) {
  std::vector<Branches> open;
  bool written = false;
  PageGuard weakest = PageGuard::person;
  for (const auto& piece : scan_template(page.text)) {
    const auto& tag = piece.tag;
    if (tag.kind == TemplateTag::Kind::comment) continue;
    if (tag.name == "if") {
      open.push_back(branches_of(tag.text, variables.flags));
    } else if (tag.name == "endif") {
      if (!open.empty()) open.pop_back();
    } else if (tag.name == "else" || tag.name == "elif") {
      if (!open.empty()) open.back() = {open.back().fails, PageGuard::none};
    } else if (tag.name == "include" || writes_rows(tag.text, variables)) {
      PageGuard guard = PageGuard::none;
      for (const auto& one : open) guard = std::max(guard, one.holds);
      written = true;
      weakest = std::min(weakest, guard);
    }
  }
  return written ? weakest : PageGuard::none;
}

std::set<std::string> tested_names(Node function) {
  std::set<std::string> names;
  for (const Node node : function.descendants()) {
    if (!node.is(Kind::assignment) || !node.child(Field::left).is(Kind::identifier)) continue;
    const Node test = node.enclosing(Kind::if_statement);
    const bool inside = test && function.contains(test) &&
                        test.child(Field::condition).text().find("user") != std::string_view::npos;
    if (inside) names.emplace(node.child(Field::left).text());
  }
  return names;
}

}  // namespace grader::project::access
