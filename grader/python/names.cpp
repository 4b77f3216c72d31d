#include "grader/python/names.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "grader/base/text.hpp"
#include "grader/python/bindings.hpp"
#include "grader/python/literals.hpp"

namespace grader::python {
namespace {

constexpr int maximum_hops = 20;

/// Last part of a dotted name, and what stands before it.
std::pair<std::string_view, std::string_view> split_last(std::string_view dotted_name) {
  const auto dot = dotted_name.rfind('.');
  if (dot == std::string_view::npos) return {{}, dotted_name};
  return {dotted_name.substr(0, dot), dotted_name.substr(dot + 1)};
}

bool is_under(std::string_view path, std::string_view folder) {
  return folder.empty() ||
         (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/');
}

/// "a/b/models.py" below "a" → "b.models"; "a/b/__init__.py" → "b".
std::string module_name(std::string_view path, std::string_view root) {
  if (!root.empty()) path.remove_prefix(root.size() + 1);
  if (path.ends_with(".py")) path.remove_suffix(3);
  if (path == "__init__") return {};
  if (path.ends_with("/__init__")) path.remove_suffix(9);
  return text::replace_all(std::string(path), "/", ".");
}

}  // namespace

struct Program::Tables {
  std::vector<Module> modules;
  std::vector<ModuleBindings> bindings;  ///< one a module
  std::unordered_map<const Tree*, std::size_t> by_tree;
  std::unordered_map<std::string, std::size_t> by_name;
  std::unordered_map<std::string, std::size_t> by_path;
  mutable std::map<std::pair<const Tree*, std::uint32_t>, FunctionBindings> functions;
  /// What resolve() has found, by the index of the node.
  std::unordered_map<const Tree*, std::unordered_map<std::uint32_t, Symbol>> resolved;
  /// What linearised() has found for classes of these modules; references to it stay good.
  std::map<std::pair<const Tree*, std::uint32_t>, std::vector<Symbol>> orders;

  bool python2 = false;

  const std::vector<Symbol>& order(const Program& program, Node class_definition);

  const FunctionBindings& function(Node definition) const {
    const auto key = std::pair(definition.tree(), definition.index());
    const auto found = functions.find(key);
    if (found != functions.end()) return found->second;
    const auto& owner = bindings[by_tree.at(definition.tree())];
    FunctionBindings local = bind_function(definition, owner.package);
    for (auto& [name, binding] : local.imports) prefer_sibling(owner, binding.target);
    return functions.emplace(key, std::move(local)).first->second;
  }

  /// Python 2 looks for `import models` in the importing module's own package first (PEP 328).
  void prefer_sibling(const ModuleBindings& importer, std::string& target) const {
    if (!python2 || importer.absolute_imports || importer.package.empty()) return;
    std::string beside = importer.package + "." + target;
    if (by_name.contains(beside)) target = std::move(beside);
  }

  void prefer_siblings(ModuleBindings& importer) const {
    for (auto* bound : {&importer.names, &importer.replaced}) {
      for (auto& [name, binding] : *bound) {
        if (!binding.definition) prefer_sibling(importer, binding.target);
      }
    }
    for (auto& star : importer.stars) prefer_sibling(importer, star);
  }

  Symbol follow(const Binding& binding, int hops) const;
  Symbol in_module(std::size_t module, std::string_view name, int hops) const;
  Symbol find(std::string_view qualified, int hops) const;
  Symbol inside(const Symbol& owner, std::string_view name, int hops) const;
  Symbol identifier(Node node, int hops) const;
  Symbol expression(Node node, int hops) const;

  /// What a class's own name meant before the class was defined.
  Symbol before(Node definition) const {
    const auto& replaced = bindings[by_tree.at(definition.tree())].replaced;
    const auto found = replaced.find(std::string(definition_name(definition)));
    return found == replaced.end() ? Symbol{} : follow(found->second, 0);
  }
};

Program::Program(std::vector<Module> modules, std::vector<std::string> roots)
    : tables_(std::make_unique<Tables>()) {
  auto& tables = *tables_;
  tables.modules = std::move(modules);
  std::ranges::stable_sort(roots, std::ranges::greater{}, &std::string::size);
  for (std::size_t i = 0; i < tables.modules.size(); ++i) {
    const Module& module = tables.modules[i];
    tables.by_tree[module.tree()] = i;
    tables.by_path[module.path()] = i;
    std::string canonical;
    for (const auto& root : roots) {
      if (!is_under(module.path(), root)) continue;
      const std::string name = module_name(module.path(), root);
      if (canonical.empty()) canonical = name;
      tables.by_name.emplace(name, i);
    }
    tables.bindings.push_back(bind_module(module, canonical));
  }
  tables.python2 = std::ranges::any_of(tables.bindings, &ModuleBindings::python2);
  for (auto& table : tables.bindings) tables.prefer_siblings(table);
}

Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

const std::vector<Module>& Program::modules() const { return tables_->modules; }

const Module* Program::module(std::string_view dotted_name) const {
  const auto found = tables_->by_name.find(std::string(dotted_name));
  return found == tables_->by_name.end() ? nullptr : &tables_->modules[found->second];
}

const Module* Program::at(std::string_view path) const {
  const auto found = tables_->by_path.find(std::string(path));
  return found == tables_->by_path.end() ? nullptr : &tables_->modules[found->second];
}

const Module* Program::of(Node node) const {
  const auto found = tables_->by_tree.find(node.tree());
  return found == tables_->by_tree.end() ? nullptr : &tables_->modules[found->second];
}

const std::string& Program::name_of(const Module& module) const {
  return tables_->bindings[tables_->by_tree.at(module.tree())].name;
}

Symbol Program::Tables::follow(const Binding& binding, int hops) const {
  if (hops > maximum_hops) return {};
  if (binding.definition) return {binding.target, binding.definition};
  if (binding.attribute.empty()) return find(binding.target, hops + 1);
  const auto module = by_name.find(binding.target);
  // A folder without __init__.py is a package too (PEP 420).
  if (module == by_name.end()) return find(binding.target + "." + binding.attribute, hops + 1);
  if (const Symbol found = in_module(module->second, binding.attribute, hops + 1)) return found;
  return find(binding.target + "." + binding.attribute, hops + 1);
}

Symbol Program::Tables::in_module(std::size_t module, std::string_view name, int hops) const {
  if (hops > maximum_hops) return {};
  const ModuleBindings& table = bindings[module];
  if (const auto found = table.names.find(std::string(name)); found != table.names.end()) {
    return follow(found->second, hops + 1);
  }
  for (const auto& star : table.stars) {
    const auto source = by_name.find(star);
    if (source == by_name.end() || source->second == module) continue;
    if (const Symbol found = in_module(source->second, name, hops + 1)) return found;
  }
  return {};
}

Symbol Program::Tables::find(std::string_view qualified, int hops) const {
  if (hops > maximum_hops) return {};
  if (const auto found = by_name.find(std::string(qualified)); found != by_name.end()) {
    return {std::string(qualified), modules[found->second].root()};
  }
  const auto [owner, name] = split_last(qualified);
  if (owner.empty()) return {std::string(qualified), {}};
  const Symbol outer = find(owner, hops + 1);
  if (outer.definition) {
    if (Symbol inner = inside(outer, name, hops + 1)) return inner;
  }
  return {std::string(qualified), {}};
}

Symbol Program::Tables::inside(const Symbol& owner, std::string_view name, int hops) const {
  if (owner.definition.is(Kind::module)) {
    const std::size_t module = by_tree.at(owner.definition.tree());
    if (Symbol found = in_module(module, name, hops + 1)) return found;
    const std::string submodule = bindings[module].name + "." + std::string(name);
    const auto nested = by_name.find(submodule);
    if (nested != by_name.end()) return {submodule, modules[nested->second].root()};
    return {};
  }
  if (owner.is_class()) {
    if (const Node found = own_attribute(owner.definition, name)) {
      return {owner.name + "." + std::string(name), found};
    }
  }
  if (owner.definition.is(Kind::assignment)) return {};
  return {owner.name + "." + std::string(name), {}};
}

Symbol Program::Tables::identifier(Node node, int hops) const {
  const std::string name(node.text());
  bool inside_function = false;
  for (Node scope = node.parent(); scope; scope = scope.parent()) {
    if (scope.is(Kind::function_definition) && scope.child(Field::body).contains(node)) {
      const FunctionBindings& local = function(scope);
      if (const auto found = local.imports.find(name); found != local.imports.end()) {
        return follow(found->second, hops + 1);
      }
      if (const auto found = local.constants.find(name); found != local.constants.end()) {
        return {{}, found->second};
      }
      if (local.names.contains(name)) return {};
      inside_function = true;
    } else if (scope.is(Kind::class_definition) && !inside_function &&
               scope.child(Field::body).contains(node)) {
      const Node found = own_attribute(scope, name);
      // A class attribute is bound only after its own right side was evaluated.
      if (found && !found.contains(node)) return {name, found};
    }
  }
  const auto module = by_tree.find(node.tree());
  if (module == by_tree.end()) return {};
  return in_module(module->second, name, hops + 1);
}

Symbol Program::Tables::expression(Node node, int hops) const {
  if (hops > maximum_hops) return {};
  if (node.is(Kind::identifier)) return identifier(node, hops + 1);
  if (!node.is(Kind::attribute)) return {};
  const Symbol object = expression(node.child(Field::object), hops + 1);
  if (!object) return {};
  return inside(object, node.child(Field::attribute).text(), hops + 1);
}

Symbol Program::resolve(Node expression) const {
  const Node node = unwrapped(expression);
  if (!node.is(Kind::identifier) && !node.is(Kind::attribute)) return {};
  if (!tables_->by_tree.contains(node.tree())) return tables_->expression(node, 0);
  auto& known = tables_->resolved[node.tree()];
  if (const auto found = known.find(node.index()); found != known.end()) return found->second;
  return known.emplace(node.index(), tables_->expression(node, 0)).first->second;
}

Symbol Program::lookup(std::string_view qualified_name) const {
  return tables_->find(qualified_name, 0);
}

Symbol Program::member(const Module& module, std::string_view name) const {
  return tables_->in_module(tables_->by_tree.at(module.tree()), name, 0);
}

std::vector<Symbol> Program::bases(Node class_definition) const {
  std::vector<Symbol> result;
  for (const Node base : class_definition.child(Field::superclasses).children()) {
    if (base.is(Kind::keyword_argument) || base.is(Kind::comment)) continue;
    const Node plain = base.is(Kind::subscript) ? base.child(Field::value) : base;
    Symbol symbol = resolve(plain);
    if (symbol.definition == class_definition) symbol = tables_->before(class_definition);
    if (!symbol) symbol.name = "?" + std::string(base.text());
    result.push_back(std::move(symbol));
  }
  return result;
}

namespace {

/// Merge step of C3 (Barrett et al., 1996); nothing where the order is inconsistent.
std::optional<std::vector<Symbol>> merge(std::vector<std::vector<Symbol>> lists) {
  std::vector<Symbol> result;
  const auto in_a_tail = [&](const std::string& name) {
    return std::ranges::any_of(lists, [&](const auto& list) {
      return std::any_of(list.empty() ? list.begin() : list.begin() + 1, list.end(),
                         [&](const Symbol& symbol) { return symbol.name == name; });
    });
  };
  for (;;) {
    std::erase_if(lists, [](const auto& list) { return list.empty(); });
    if (lists.empty()) return result;
    const auto good = std::ranges::find_if(
        lists, [&](const auto& list) { return !in_a_tail(list.front().name); });
    if (good == lists.end()) return std::nullopt;
    const Symbol next = good->front();
    result.push_back(next);
    for (auto& list : lists) {
      if (!list.empty() && list.front().name == next.name) list.erase(list.begin());
    }
  }
}

class Lineariser {
 public:
  explicit Lineariser(const Program& program) : program_(program) {}

  std::vector<Symbol> run(const Symbol& symbol) {
    std::vector<Symbol> result{symbol};
    if (!symbol.is_class() || !open_.insert(symbol.definition).second) return result;
    const std::vector<Symbol> bases = program_.bases(symbol.definition);
    std::vector<std::vector<Symbol>> lists;
    for (const Symbol& base : bases) lists.push_back(run(base));
    const auto linear_bases = lists;
    lists.push_back(bases);
    if (const auto merged = merge(lists)) {
      result.insert(result.end(), merged->begin(), merged->end());
    } else {
      add_depth_first(result, linear_bases);
    }
    open_.erase(symbol.definition);
    return result;
  }

 private:
  static void add_depth_first(std::vector<Symbol>& result,
                              const std::vector<std::vector<Symbol>>& lists) {
    for (const auto& list : lists) {
      for (const Symbol& symbol : list) {
        if (std::ranges::find(result, symbol.name, &Symbol::name) == result.end()) {
          result.push_back(symbol);
        }
      }
    }
  }

  const Program& program_;
  std::set<Node> open_;
};

}  // namespace

const std::vector<Symbol>& Program::Tables::order(const Program& program, Node class_definition) {
  const std::pair key(class_definition.tree(), class_definition.index());
  const auto known = orders.find(key);
  if (known != orders.end()) return known->second;
  const auto module = by_tree.find(class_definition.tree());
  const std::string name(definition_name(class_definition));
  const Symbol self{bindings[module->second].name + "." + name, class_definition};
  return orders.emplace(key, Lineariser(program).run(self)).first->second;
}

std::vector<Symbol> Program::linearised(Node class_definition) const {
  if (of(class_definition) == nullptr) return Lineariser(*this).run({{}, class_definition});
  return tables_->order(*this, class_definition);
}

Node Program::attribute(Node class_definition, std::string_view name) const {
  if (of(class_definition) == nullptr) return {};
  for (const Symbol& symbol : tables_->order(*this, class_definition)) {
    if (!symbol.is_class()) continue;
    if (const Node found = own_attribute(symbol.definition, name)) return found;
  }
  return {};
}

std::vector<std::string> Program::imported_modules() const {
  std::set<std::string> names;
  for (const auto& table : tables_->bindings)
    names.insert(table.imported.begin(), table.imported.end());
  return {names.begin(), names.end()};
}

}  // namespace grader::python
