#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/environment.hpp"
#include "grader/project/environment_calls.hpp"
#include "grader/project/environment_evaluation.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

constexpr std::size_t most_reads = 2'000;

bool is_switch_word(std::string_view word) {
  const std::string lowered = text::lower(word);
  return lowered == "true" || lowered == "false" || lowered == "1" || lowered == "0" ||
         lowered == "yes" || lowered == "on" || lowered == "t" || lowered == "y";
}

/// What the expressions around a look-up demand of its value.
std::string shape_around(Node node, const python::Program& program) {
  for (Node outer = node.parent(); outer; node = outer, outer = outer.parent()) {
    switch (outer.kind()) {
      case Kind::argument_list:
      case Kind::parenthesized_expression:
      case Kind::await:
      case Kind::boolean_operator:
      case Kind::keyword_argument:
        continue;
      case Kind::attribute:
        if (outer.child(Field::attribute).text() == "split") return "list";
        continue;
      case Kind::comparison_operator:
        for (const Node inner : outer.descendants()) {
          if (inner.is(Kind::string) && is_switch_word(python::string_text(inner))) return "bool";
          if (inner.is(Kind::true_) || inner.is(Kind::false_)) return "bool";
        }
        return {};
      case Kind::not_operator:
        return "bool";
      case Kind::call: {
        const std::string name = qualified_or_written(python::callee(outer), program);
        if (const auto cast = cast_of_call(name); !cast.empty()) return cast;
        if (const auto use = use_of_call(name); !use.empty()) return use;
        continue;
      }
      default:
        return {};
    }
  }
  return {};
}

/// The upper case name at the top of a settings module whose value this expression is part of.
std::string setting_fed(Node node) {
  for (; node; node = node.parent()) {
    if (node.is(Kind::function_definition) || node.is(Kind::class_definition)) return {};
    if (!node.is(Kind::assignment)) continue;
    Node target = node.child(Field::left);
    while (target.is(Kind::subscript)) target = target.child(Field::value);
    const auto name = target.text();
    const bool upper = std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
    return target.is(Kind::identifier) && upper ? std::string(name) : std::string();
  }
  return {};
}

class Reads {
 public:
  explicit Reads(const Project& project) : program_(project.program) {
    for (const auto& module : project.settings) settings_.insert(module.path);
  }

  std::vector<EnvironmentRead> run() {
    for (const auto& module : program_.modules()) {
      for (const Node node : module.root().descendants()) {
        if (found_.size() >= most_reads) return std::move(found_);
        if (node.is(Kind::subscript) || node.is(Kind::call)) one(node, module);
      }
    }
    demand_fernet_keys();
    return std::move(found_);
  }

 private:
  void one(Node node, const python::Module& module) {
    EnvironmentRead read;
    if (const auto call = look_up(node, program_)) {
      read.variable = call->variable;
      read.has_default = call->has_default;
      read.fallback = call->fallback;
      read.cast = call->cast;
    } else if (!of_helper(node, read)) {
      return;
    }
    // os.environ.setdefault("K", …) as a statement of its own gives a variable, it reads none.
    if (read.variable.empty() || node.parent().is(Kind::expression_statement)) return;
    if (read.cast.empty()) read.cast = shape_around(node, program_);
    if (settings_.contains(module.path())) read.setting = setting_fed(node);
    read.at = node.location();
    found_.push_back(std::move(read));
  }

  /// A call of a function of the submission that looks up what it is told to.
  bool of_helper(Node node, EnvironmentRead& read) const {
    if (!node.is(Kind::call)) return false;
    const python::Symbol symbol = program_.resolve(python::callee(node));
    const Node name = python::positional(node, 0);
    if (!symbol.is_function() || !name.is(Kind::string)) return false;
    const Provided found = provided(node, program_);
    if (!from_environment(found) || found.variable != python::string_text(name)) return false;
    read.variable = found.variable;
    read.has_default = found.origin == Origin::environment_with_default;
    read.fallback = found.value;
    read.cast = found.cast;
    return true;
  }

  /// Settings that are handed to Fernet need a Fernet key, wherever that is done.
  void demand_fernet_keys() {
    std::set<std::string, std::less<>> keys;
    for (const auto& module : program_.modules()) {
      for (const Node node : module.root().descendants()) {
        if (!node.is(Kind::call) ||
            !qualified_or_written(python::callee(node), program_).ends_with("fernet.Fernet")) {
          continue;
        }
        for (const Node inner : node.child(Field::arguments).descendants()) {
          if (inner.is(Kind::identifier)) keys.insert(std::string(inner.text()));
        }
      }
    }
    for (auto& read : found_) {
      const bool used = keys.contains(read.setting) && read.setting != "SECRET_KEY";
      if (read.cast.empty() && used) read.cast = "fernet";
    }
  }

  const python::Program& program_;
  std::set<std::string, std::less<>> settings_;
  std::vector<EnvironmentRead> found_;
};

}  // namespace

std::vector<EnvironmentRead> read_environment(const Project& project) {
  return Reads(project).run();
}

}  // namespace grader::project
