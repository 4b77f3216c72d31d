#include <algorithm>

#include "grader/project/flow/machine.hpp"
#include "grader/python/names.hpp"

/// Names of a module that functions give other values: `global cipher` and `keys.cipher = …`.
namespace grader::project::flow {

using python::Field;
using python::Kind;
using python::Node;

namespace {

constexpr std::size_t most_functions = 40;
constexpr std::size_t most_names = 200;

/// True of keys.cipher where `keys` is a module of the submission.
bool is_module_name(Node attribute, const python::Program& program) {
  return program.resolve(attribute.child(Field::object)).definition.is(Kind::module);
}

}  // namespace

void Machine::find_rebindings() {
  std::set<Node> functions;
  for (const auto& module : program().modules()) {
    for (const Node node : module.root().descendants()) {
      const bool global = node.is(Kind::global_statement);
      if (!global && !node.is(Kind::assignment)) continue;
      const Node left = node.child(Field::left);
      if (!global && !left.is(Kind::attribute)) continue;
      const Node function = node.enclosing(Kind::function_definition);
      if (!function || functions.size() >= most_functions) continue;
      if (global) {
        for (const Node name : node.children()) globals_[function].emplace(name.text());
        functions.insert(function);
      } else if (is_module_name(left, program())) {
        functions.insert(function);
      }
    }
  }
  rebinding_.assign(functions.begin(), functions.end());
}

bool Machine::is_global(std::string_view name) const {
  if (globals_.empty() || frames_.empty()) return false;
  const auto found = globals_.find(frames_.back().function);
  return found != globals_.end() && found->second.contains(name);
}

void Machine::rebind(const python::Tree* module, std::string_view name, const Ref& value,
                     State& state) {
  if (rebound_.size() >= most_names) return;
  for (const auto& [id, object] : state.heap) base_heap_.insert_or_assign(id, object);
  Ref& known = rebound_[{module, std::string(name)}];
  known = known ? choice_of({known, value}) : value;
}

Ref Machine::with_rebound(const python::Tree* module, std::string_view name,
                          const Ref& first) const {
  if (rebound_.empty()) return first;
  const auto found = rebound_.find({module, std::string(name)});
  if (found == rebound_.end()) return first;
  return first ? choice_of({first, found->second}) : found->second;
}

}  // namespace grader::project::flow
