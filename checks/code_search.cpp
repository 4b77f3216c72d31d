#include "checks/code_search.hpp"

#include <algorithm>

#include "grader/base/text.hpp"

namespace grader::checks {

using grading::Finding;
using python::Field;
using python::Kind;
using python::Node;

bool is_aside(std::string_view path) {
  const std::string at = "/" + std::string(path);
  return text::contains_any(at, {"/migrations/", "/tests/", "/test_", "/tests.py", "/test.py",
                                 "_test.py", "_tests.py", "/conftest.py"});
}

void each_node(const Facts& facts, Kind kind, std::string_view word,
               const std::function<void(Node)>& visit) {
  for (const auto& module : facts.project.program.modules()) {
    if (is_aside(module.path()) || module.text().find(word) == std::string_view::npos) continue;
    for (const Node node : module.root().descendants()) {
      if (node.is(kind)) visit(node);
    }
  }
}

Location line_of(Node node) { return {node.location().path, node.line(), 0, 0}; }

std::vector<Finding> or_met(std::vector<Finding> findings, std::string message) {
  if (findings.empty()) findings.push_back(met(std::move(message)));
  return findings;
}

bool length_only(Node expression) {
  const Node list = expression.parent();
  return list.is(Kind::argument_list) && python::callee(list.parent()).text() == "len";
}

bool shows_secret(const Facts& facts) {
  const auto* model = facts.project.models.entry_model();
  const auto* field = model == nullptr ? nullptr : model->field(facts.project.models.secret_field);
  const auto kind = facts.project.secrets.kind;
  return (field != nullptr && field->encrypted_type) || kind == project::Transform::none ||
         kind == project::Transform::encoding || kind == project::Transform::toy_cipher;
}

bool is_admin_of(const Facts& facts, Node admin, const project::Model& model) {
  const auto& program = facts.project.program;
  for (const Node decorator : python::decorators(admin)) {
    for (const Node given : decorator.child(Field::arguments).children()) {
      if (program.resolve(given).name == model.qualified) return true;
    }
  }
  bool found = false;
  each_node(facts, Kind::call, "register", [&](Node call) {
    const Node given = python::argument(call, "admin_class", 1);
    if (!given || program.resolve(given).definition != admin) return;
    const Node models = python::positional(call, 0);
    found = found || program.resolve(models).name == model.qualified;
  });
  return found;
}

std::vector<Finding> without_middleware(const Facts& facts, std::string_view name,
                                        grading::Severity severity) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  const auto* list = settings->find("MIDDLEWARE");
  if (list == nullptr || !list->known() || list->value.items.empty()) {
    return {not_applicable("MIDDLEWARE is not written as a list.")};
  }
  const bool there = std::ranges::any_of(
      list->value.items, [&](const auto& item) { return item.is_string() && item.text == name; });
  if (there) return {met("MIDDLEWARE holds " + std::string(name) + ".")};
  return {violated(facts, {list->at.path, list->at.line, 0, 0},
                   "MIDDLEWARE does not hold " + std::string(name) + ".", severity)};
}

}  // namespace grader::checks
