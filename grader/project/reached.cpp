#include <map>
#include <string_view>
#include <vector>

#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using python::Kind;
using python::Node;

class Walk {
 public:
  explicit Walk(const Project& project) {
    for (const auto& module : project.program.modules()) {
      for (const Node node : module.root().descendants()) {
        if (node.is(Kind::function_definition) || node.is(Kind::class_definition)) {
          named_.emplace(python::definition_name(node), node);
        }
      }
    }
    for (const auto& view : project.views.all) {
      if (!view.routes.empty()) open_.push_back(view.definition);
    }
    for (const auto& page : project.templates) {
      for (const auto& tag : page.tags) read_words(tag.text);
    }
  }

  std::set<Node> run() {
    while (!open_.empty()) {
      const Node definition = open_.back();
      open_.pop_back();
      if (!seen_.insert(definition).second) continue;
      for (const Node node : definition.descendants()) {
        if (node.is(Kind::identifier)) follow(node.text());
        if (node.is(Kind::function_definition)) seen_.insert(node);
      }
    }
    return std::move(seen_);
  }

 private:
  /// All definitions of this name, once.
  void follow(std::string_view name) {
    const auto [first, last] = named_.equal_range(name);
    for (auto found = first; found != last; ++found) {
      // Of a class only the methods that are named somewhere run, and those that Python calls.
      if (found->second.is(Kind::function_definition)) {
        open_.push_back(found->second);
        continue;
      }
      for (const Node method : found->second.child(python::Field::body).children()) {
        const Node inner = python::undecorated(method);
        const auto called = python::definition_name(inner);
        const bool by_python = called.starts_with("__") || called == "save" || called == "clean" ||
                               called == "form_valid";
        if (inner.is(Kind::function_definition) && by_python) open_.push_back(inner);
      }
    }
    named_.erase(first, last);
  }

  void read_words(std::string_view text) {
    std::size_t from = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const char c = i < text.size() ? text[i] : ' ';
      const bool word =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
      if (word) continue;
      if (i > from) follow(text.substr(from, i - from));
      from = i + 1;
    }
  }

  std::multimap<std::string_view, Node> named_;
  std::vector<Node> open_;
  std::set<Node> seen_;
};

}  // namespace

std::set<Node> reached_functions(const Project& project) { return Walk(project).run(); }

}  // namespace grader::project
