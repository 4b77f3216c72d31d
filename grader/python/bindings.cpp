#include "grader/python/bindings.hpp"

#include <algorithm>
#include <array>

#include "grader/python/literals.hpp"
#include "grader/python/names.hpp"

namespace grader::python {
namespace {

/// ".models" in package "vault" → "vault.models"; ".." goes one package up.
std::string absolute(Node module_name, std::string_view package) {
  if (!module_name.is(Kind::relative_import)) return std::string(module_name.text());
  std::string base(package);
  const auto dots = module_name.child(Kind::import_prefix).text();
  for (auto level = std::ranges::count(dots, '.'); level > 1; --level) {
    const auto dot = base.rfind('.');
    base = dot == std::string::npos ? std::string() : base.substr(0, dot);
  }
  const auto rest = module_name.child(Kind::dotted_name).text();
  if (base.empty()) return std::string(rest);
  return rest.empty() ? base : base + "." + std::string(rest);
}

template <typename OnName, typename OnStar>
void read_import(Node statement, std::string_view package, const OnName& on_name,
                 const OnStar& on_star) {
  if (statement.is(Kind::import_statement)) {
    for (const Node item : statement.children()) {
      if (item.is(Kind::aliased_import)) {
        on_name(item.child(Field::alias).text(),
                Binding{std::string(item.child(Field::name).text()), {}, {}});
      } else if (item.is(Kind::dotted_name)) {
        const auto first = item.text().substr(0, item.text().find('.'));
        on_name(first, Binding{std::string(first), {}, {}});
      }
    }
    return;
  }
  const std::string module = absolute(statement.child(Field::module_name), package);
  for (const Node item : statement.children()) {
    if (item.is(Kind::wildcard_import)) on_star(module);
    if (item.field() != Field::name) continue;
    if (item.is(Kind::aliased_import)) {
      on_name(item.child(Field::alias).text(),
              Binding{module, std::string(item.child(Field::name).text()), {}});
    } else {
      on_name(item.text(), Binding{module, std::string(item.text()), {}});
    }
  }
}

bool is_import(Node node) {
  return node.is(Kind::import_statement) || node.is(Kind::import_from_statement);
}

void note_imported(Node statement, std::string_view package, std::vector<std::string>& out) {
  if (statement.is(Kind::import_from_statement)) {
    const Node module = statement.child(Field::module_name);
    if (!module.is(Kind::relative_import)) out.push_back(absolute(module, package));
    return;
  }
  for (const Node item : statement.children()) {
    const Node name = item.is(Kind::aliased_import) ? item.child(Field::name) : item;
    if (name.is(Kind::dotted_name)) out.emplace_back(name.text());
  }
}

/// Statements and names that Python 3 does not have.
bool is_python2(Node node) {
  static constexpr std::array modules{
      std::string_view("urllib2"),    std::string_view("urlparse"),
      std::string_view("cPickle"),    std::string_view("ConfigParser"),
      std::string_view("StringIO"),   std::string_view("cStringIO"),
      std::string_view("HTMLParser"), std::string_view("httplib"),
      std::string_view("Queue"),      std::string_view("django.conf.urls.defaults")};
  if (node.is(Kind::print_statement) || node.is(Kind::exec_statement)) return true;
  if (node.is(Kind::function_definition)) return definition_name(node) == "__unicode__";
  if (!node.is(Kind::dotted_name) || !is_import(node.parent())) return false;
  return node.field() != Field::nothing && std::ranges::find(modules, node.text()) != modules.end();
}

class ModuleBinder {
 public:
  explicit ModuleBinder(ModuleBindings& table) : table_(table) {}

  void body(Node block) {
    for (const Node statement : block.children()) one(statement);
  }

 private:
  void bind(std::string_view name, Binding binding) {
    table_.names.insert_or_assign(std::string(name), std::move(binding));
  }

  std::string qualified(std::string_view name) const {
    return table_.name + "." + std::string(name);
  }

  void one(Node statement) {
    switch (statement.kind()) {
      case Kind::import_statement:
      case Kind::import_from_statement:
        read_import(
            statement, table_.package,
            [&](std::string_view name, Binding binding) { bind(name, std::move(binding)); },
            [&](const std::string& module) { table_.stars.insert(table_.stars.begin(), module); });
        break;
      case Kind::class_definition:
      case Kind::function_definition:
      case Kind::decorated_definition: {
        const Node definition = undecorated(statement);
        const auto name = definition_name(definition);
        if (const auto before = table_.names.find(std::string(name));
            before != table_.names.end()) {
          table_.replaced.insert_or_assign(std::string(name), before->second);
        }
        bind(name, Binding{qualified(name), {}, definition});
        break;
      }
      case Kind::expression_statement:
        for (const Node inner : statement.children()) {
          if (inner.is(Kind::assignment)) assignment(inner);
        }
        break;
      case Kind::if_statement:
      case Kind::elif_clause:
      case Kind::else_clause:
      case Kind::try_statement:
      case Kind::except_clause:
      case Kind::finally_clause:
      case Kind::with_statement:
      case Kind::for_statement:
      case Kind::while_statement:
      case Kind::block:
        body(statement);
        break;
      default:
        break;
    }
  }

  void assignment(Node node) {
    const Node left = node.child(Field::left);
    if (left.is(Kind::identifier)) bind(left.text(), Binding{qualified(left.text()), {}, node});
    // a = b = value: the inner assignment stands on the right.
    if (const Node right = node.child(Field::right); right.is(Kind::assignment)) assignment(right);
  }

  ModuleBindings& table_;
};

void add_targets(Node target, FunctionBindings& table) {
  if (target.is(Kind::identifier)) table.names.emplace(target.text());
  if (!target.is(Kind::pattern_list) && !target.is(Kind::tuple_pattern) &&
      !target.is(Kind::list_pattern) && !target.is(Kind::as_pattern_target)) {
    return;
  }
  for (const Node part : target.children()) add_targets(part, table);
}

void add_parameters(Node parameters, FunctionBindings& table) {
  for (const Node parameter : parameters.children()) {
    if (parameter.is(Kind::identifier)) {
      table.names.emplace(parameter.text());
    } else if (const Node name = parameter.child(Kind::identifier)) {
      table.names.emplace(name.text());
    } else {
      for (const Node inner : parameter.descendants()) {
        if (inner.is(Kind::identifier)) {
          table.names.emplace(inner.text());
          break;
        }
      }
    }
  }
}

void add_assignment(Node node, FunctionBindings& table) {
  const Node left = node.child(Field::left);
  if (!left.is(Kind::identifier) || !node.is(Kind::assignment)) {
    if (left.is(Kind::identifier)) table.constants.erase(std::string(left.text()));
    add_targets(left, table);
    return;
  }
  const std::string name(left.text());
  if (table.names.insert(name).second) {
    table.constants.emplace(name, node);
  } else {
    table.constants.erase(name);
  }
}

}  // namespace

ModuleBindings bind_module(const Module& module, std::string name) {
  ModuleBindings table;
  table.name = std::move(name);
  const bool is_package = module.path().ends_with("__init__.py");
  const auto dot = table.name.rfind('.');
  if (is_package) {
    table.package = table.name;
  } else if (dot != std::string::npos) {
    table.package = table.name.substr(0, dot);
  }
  ModuleBinder(table).body(module.root());
  for (const Node node : module.root().descendants()) {
    if (is_import(node)) note_imported(node, table.package, table.imported);
    table.python2 = table.python2 || is_python2(node);
    if (node.is(Kind::future_import_statement) &&
        node.text().find("absolute_import") != std::string_view::npos) {
      table.absolute_imports = true;
    }
  }
  return table;
}

FunctionBindings bind_function(Node definition, std::string_view package) {
  FunctionBindings table;
  add_parameters(definition.child(Field::parameters), table);
  const Node body = definition.child(Field::body);
  std::uint32_t skip_until = 0;
  std::vector<std::string> globals;
  for (const Node node : body.descendants()) {
    if (node.index() < skip_until) continue;
    if (node.is(Kind::global_statement)) {
      for (const Node name : node.children()) globals.emplace_back(name.text());
    } else if (node.is(Kind::function_definition) || node.is(Kind::class_definition)) {
      table.names.emplace(definition_name(node));
      const Node inner = node.child(Field::body);
      skip_until = inner ? (*inner.descendants().end()).index() : 0;
    } else if (node.is(Kind::assignment) || node.is(Kind::augmented_assignment)) {
      add_assignment(node, table);
    } else if (node.is(Kind::for_statement) || node.is(Kind::for_in_clause)) {
      add_targets(node.child(Field::left), table);
    } else if (node.is(Kind::as_pattern_target)) {
      for (const Node part : node.children()) add_targets(part, table);
    } else if (node.is(Kind::named_expression)) {
      add_targets(node.child(Field::name), table);
    } else if (is_import(node)) {
      read_import(
          node, package,
          [&](std::string_view name, Binding binding) {
            table.imports.insert_or_assign(std::string(name), std::move(binding));
          },
          [](const std::string&) {});
    }
  }
  for (const auto& name : globals) {
    table.names.erase(name);
    table.constants.erase(name);
  }
  return table;
}

std::string_view definition_name(Node definition) { return definition.child(Field::name).text(); }

Node undecorated(Node definition) {
  return definition.is(Kind::decorated_definition) ? definition.child(Field::definition)
                                                   : definition;
}

std::vector<Node> decorators(Node definition) {
  std::vector<Node> result;
  const Node whole = definition.is(Kind::decorated_definition) ? definition : definition.parent();
  if (!whole.is(Kind::decorated_definition)) return result;
  for (const Node node : whole.children()) {
    if (node.is(Kind::decorator)) result.push_back(*node.children().begin());
  }
  return result;
}

std::vector<Node> statements(Node body) {
  std::vector<Node> result;
  for (const Node node : body.children()) {
    if (!node.is(Kind::comment)) result.push_back(node);
  }
  return result;
}

Node own_attribute(Node class_definition, std::string_view name) {
  Node result;
  for (const Node statement : class_definition.child(Field::body).children()) {
    const Node definition = undecorated(statement);
    if (definition.is(Kind::function_definition) || definition.is(Kind::class_definition)) {
      if (definition_name(definition) == name) result = definition;
      continue;
    }
    if (!statement.is(Kind::expression_statement)) continue;
    for (const Node inner : statement.children()) {
      if (inner.is(Kind::assignment) && inner.child(Field::left).text() == name) result = inner;
    }
  }
  return result;
}

}  // namespace grader::python
