#include "grader/project/pages/script_names.hpp"

#include <algorithm>
#include <utility>

namespace grader::project {

using python::Field;
using python::Kind;
using python::Node;

namespace {

/// What a hostile script may have of one name; more is not looked at.
constexpr std::size_t most_of_one_name = 200;

template <typename Value>
void add_to(std::vector<Value>& list, Value value) {
  if (list.size() < most_of_one_name) list.push_back(std::move(value));
}

}  // namespace

bool is_script_function(Node node) {
  switch (node.kind()) {
    case Kind::function_declaration:
    case Kind::function_expression:
    case Kind::arrow_function:
    case Kind::method_definition:
    case Kind::generator_function:
    case Kind::generator_function_declaration:
      return true;
    default:
      return false;
  }
}

ScriptNames::ScriptNames(const std::vector<Script>& scripts) {
  for (const auto& script : scripts) {
    scripts_[script.module.tree()] = &script;
    for (const Node node : script.module.root().descendants()) read(node);
  }
  relate(scripts);
}

void ScriptNames::relate(const std::vector<Script>& scripts) {
  constexpr int most_levels = 8;
  for (const auto& script : scripts) {
    if (script.page == nullptr) continue;
    above_[script.page->name].insert(script.page->parents.begin(), script.page->parents.end());
  }
  for (int level = 0; level < most_levels; ++level) {
    for (auto& [name, above] : above_) {
      for (const auto& parent : std::set<std::string>(above)) {
        const auto more = above_.find(parent);
        if (more != above_.end() && parent != name) {
          above.insert(more->second.begin(), more->second.end());
        }
      }
    }
  }
}

const Script* ScriptNames::script_of(Node node) const {
  const auto found = scripts_.find(node.tree());
  return found == scripts_.end() ? nullptr : found->second;
}

bool ScriptNames::share_a_page(const Script& one, const Script& other) const {
  if (one.page == nullptr || other.page == nullptr || &one == &other) return true;
  const auto is_above = [this](const Script& upper, const Script& lower) {
    const auto above = above_.find(lower.page->name);
    return above != above_.end() && above->second.contains(upper.page->name);
  };
  return is_above(one, other) || is_above(other, one);
}

/// True if `other` stands later on the pages that hold both: below the block that `function` fills.
bool ScriptNames::is_replaced_by(Node function, Node other) const {
  const Script* lower = script_of(function);
  const Script* upper = script_of(other);
  if (lower == upper || lower->page == nullptr || upper->page == nullptr) return false;
  const auto above = above_.find(lower->page->name);
  if (above == above_.end() || !above->second.contains(upper->page->name)) return false;
  const auto places = blocks_of(upper->pieces);
  for (const auto& [name, ranges] : blocks_of(lower->pieces)) {
    const bool filled = std::ranges::any_of(ranges, [&](const auto& range) {
      return range.first <= function.start() && function.start() < range.second;
    });
    const auto place = places.find(name);
    if (filled && place != places.end()) return other.start() > place->second.front().first;
  }
  return false;
}

/// True if this script has a function of the name itself, which `against` does not replace.
bool ScriptNames::has_own(const Script& script, std::string_view name, Node against) const {
  const auto all = functions_.find(name);
  if (all == functions_.end()) return false;
  return std::ranges::any_of(all->second, [&](Node own) {
    return own.tree() == script.module.tree() && !is_replaced_by(own, against);
  });
}

std::vector<Node> ScriptNames::callers(Node function) const {
  std::vector<Node> found;
  const auto name = name_of(function);
  const auto all = calls_.find(name);
  const Script* own = script_of(function);
  if (name.empty() || all == calls_.end() || own == nullptr) return found;
  const auto same_name = functions_.find(name);
  const bool replaced = std::ranges::any_of(
      same_name->second, [&](Node other) { return is_replaced_by(function, other); });
  if (replaced) return found;
  for (const Node call : all->second) {
    const Script* from = script_of(call);
    if (from == nullptr || !share_a_page(*own, *from)) continue;
    if (from != own && has_own(*from, name, function)) continue;
    found.push_back(call);
  }
  return found;
}

Node ScriptNames::function_around(Node node) {
  Node around = node.parent();
  while (around && around.parent() && !is_script_function(around)) around = around.parent();
  return around;
}

std::string_view ScriptNames::name_of(Node function) {
  if (const Node name = function.child(Field::name)) return name.text();
  const Node parent = function.parent();
  if (parent.is(Kind::variable_declarator)) return parent.child(Field::name).text();
  if (parent.is(Kind::assignment_expression)) {
    const Node left = parent.child(Field::left);
    const Node property = left.child(Field::property);
    return property ? property.text() : left.text();
  }
  if (parent.is(Kind::pair)) return parent.child(Field::key).text();
  return {};
}

void ScriptNames::declare(Node pattern, Node scope, ScriptBinding binding) {
  if (pattern.is(Kind::identifier)) {
    add_to(declared_[{scope, pattern.text()}], binding);
    return;
  }
  if (pattern.is(Kind::assignment_pattern)) {
    declare(pattern.child(Field::left), scope, binding);
    return;
  }
  if (!pattern.is(Kind::object_pattern) && !pattern.is(Kind::array_pattern)) return;
  if (binding.kind == ScriptBinding::Kind::value) binding.kind = ScriptBinding::Kind::property;
  for (const Node inner : pattern.descendants()) {
    if (inner.is(Kind::shorthand_property_identifier_pattern) || inner.is(Kind::identifier)) {
      add_to(declared_[{scope, inner.text()}], binding);
    }
  }
}

void ScriptNames::parameters(Node function) {
  if (const Node only = function.child(Field::parameter)) {
    declare(only, function, {ScriptBinding::Kind::parameter, function, 0});
  }
  std::size_t position = 0;
  for (const Node parameter : function.child(Field::parameters).children()) {
    if (parameter.is(Kind::comment)) continue;
    declare(parameter, function, {ScriptBinding::Kind::parameter, function, position++});
  }
}

void ScriptNames::read(Node node) {
  if (is_script_function(node)) {
    parameters(node);
    if (const auto name = name_of(node); !name.empty()) add_to(functions_[name], node);
    return;
  }
  if (node.is(Kind::variable_declarator)) {
    const Node value = node.child(Field::value);
    declare(node.child(Field::name), function_around(node), {ScriptBinding::Kind::value, value, 0});
  } else if (node.is(Kind::assignment_expression) ||
             node.is(Kind::augmented_assignment_expression)) {
    const Node left = node.child(Field::left);
    if (!left.is(Kind::identifier)) return;
    const bool plain = node.is(Kind::assignment_expression);
    add_to(assigned_[{node.tree(), left.text()}],
           ScriptBinding{plain ? ScriptBinding::Kind::value : ScriptBinding::Kind::added,
                         node.child(Field::right), 0});
  } else if (node.is(Kind::for_in_statement)) {
    declare(node.child(Field::left), function_around(node),
            {ScriptBinding::Kind::element, node.child(Field::right), 0});
  } else if (node.is(Kind::call_expression)) {
    const Node function = node.child(Field::function);
    const Node property = function.child(Field::property);
    add_to(calls_[property ? property.text() : function.text()], node);
  }
}

std::vector<ScriptBinding> ScriptNames::bindings(Node identifier) const {
  const auto name = identifier.text();
  std::vector<ScriptBinding> found;
  Node scope = function_around(identifier);
  for (; scope; scope = scope.parent() ? function_around(scope) : Node()) {
    const auto here = declared_.find({scope, name});
    if (here != declared_.end()) {
      found = here->second;
      break;
    }
  }
  const auto assigned = assigned_.find({identifier.tree(), name});
  if (assigned != assigned_.end()) {
    for (const auto& binding : assigned->second) {
      if (!scope || scope.contains(binding.node)) found.push_back(binding);
    }
  }
  std::erase_if(found, [](const ScriptBinding& binding) { return !binding.node; });
  return found;
}

std::vector<Node> ScriptNames::functions(Node callee) const {
  const Node property = callee.child(Field::property);
  const auto all = functions_.find(property ? property.text() : callee.text());
  if (all == functions_.end()) return {};
  std::vector<Node> own;
  std::ranges::copy_if(all->second, std::back_inserter(own),
                       [&](Node function) { return function.tree() == callee.tree(); });
  return own.empty() ? all->second : own;
}

}  // namespace grader::project
