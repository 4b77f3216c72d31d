#include "grader/project/settings_reader.hpp"

#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/environment_evaluation.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;
using python::Value;

constexpr std::size_t most_statements = 20'000;
constexpr std::size_t most_branches = 300;

bool is_constant_name(std::string_view name) {
  return !name.empty() && std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
}

/// Walks one module.
class Walk {
 public:
  Walk(const python::Program& program, const python::Module& module, SettingsReader& reader)
      : program_(program), module_(module), reader_(reader) {}

  Names run() {
    body(module_.root());
    if (module_.first_error()) {
      gap("a syntax error at line " + std::to_string(module_.first_error().line()));
    }
    return std::move(names_);
  }

 private:
  void gap(std::string what) { names_.gaps.push_back(module_.path() + ": " + std::move(what)); }

  Provided value_of(Node expression) {
    const NameTable table = [this](Node identifier) -> const Provided* {
      if (identifier.tree() != module_.tree() || identifier.enclosing(Kind::function_definition)) {
        return nullptr;
      }
      const auto found = names_.values.find(identifier.text());
      return found == names_.values.end() ? nullptr : &found->second.provided;
    };
    return provided(expression, program_, table);
  }

  void body(Node block) {
    for (const Node node : python::statements(block)) {
      if (++statements_ > most_statements) return;
      one(node);
    }
  }

  void one(Node node) {
    switch (node.kind()) {
      case Kind::expression_statement:
        for (const Node inner : node.children()) expression(inner);
        break;
      case Kind::if_statement:
        condition(node);
        break;
      case Kind::try_statement:
        attempt(node);
        break;
      case Kind::with_statement:
      case Kind::for_statement:
        body(node.child(Field::body));
        break;
      case Kind::import_from_statement:
        import(node);
        break;
      case Kind::class_definition:
        configuration(node);
        break;
      default:
        break;
    }
  }

  void set(std::string_view name, Provided value, Node statement, Node right) {
    names_.values.insert_or_assign(std::string(name),
                                   Assigned{std::move(value), statement.location(), right});
  }

  // Assignments and calls that change a value.

  void expression(Node node) {
    if (node.is(Kind::assignment)) {
      assignment(node);
    } else if (node.is(Kind::augmented_assignment)) {
      augmented(node);
    } else if (node.is(Kind::call)) {
      call(node);
    }
  }

  void assignment(Node node) {
    Node right = node.child(Field::right);
    if (right.is(Kind::assignment)) {
      assignment(right);
      while (right.is(Kind::assignment)) right = right.child(Field::right);
    }
    const Node left = node.child(Field::left);
    if (!right) return;
    if (left.is(Kind::identifier)) {
      set(left.text(), value_of(right), node, right);
    } else if (left.is(Kind::subscript)) {
      item(left, right, node);
    } else if (left.is(Kind::pattern_list) || left.is(Kind::tuple_pattern)) {
      unpack(left, right, node);
    }
  }

  void unpack(Node left, Node right, Node statement) {
    std::vector<Node> values;
    if (right.is(Kind::expression_list) || right.is(Kind::tuple) || right.is(Kind::list)) {
      for (const Node value : right.children()) values.push_back(value);
    }
    std::size_t position = 0;
    for (const Node target : left.children()) {
      const Node value = position < values.size() ? values[position] : Node();
      ++position;
      if (target.is(Kind::identifier)) {
        set(target.text(), value ? value_of(value) : Provided(), statement, value);
      }
    }
  }

  /// X["k"] = value, X["k"]["l"] = value.
  void item(Node target, Node right, Node statement) {
    std::vector<std::string> path;
    Node object = target;
    while (object.is(Kind::subscript)) {
      const Value key = value_of(object.child(Field::subscript)).value;
      if (!key.is_string()) return;
      path.insert(path.begin(), key.text);
      object = object.child(Field::value);
    }
    const auto found = names_.values.find(object.text());
    if (found == names_.values.end()) return;
    Provided& whole = found->second.provided;
    const Provided value = value_of(right);
    Value* entry = &whole.value;
    for (const auto& key : path) entry = &entry_of(*entry, key);
    *entry = value.value;
    whole = combined(whole, value, std::move(whole.value));
    found->second.at = statement.location();
  }

  static Value& entry_of(Value& dictionary, const std::string& key) {
    if (dictionary.type != Value::Type::dict) {
      dictionary = {};
      dictionary.type = Value::Type::dict;
    }
    for (auto& [name, value] : dictionary.entries) {
      if (name.is_string() && name.text == key) return value;
    }
    dictionary.entries.emplace_back(text_value(key), Value());
    return dictionary.entries.back().value;
  }

  void augmented(Node node) {
    const Node left = node.child(Field::left);
    const auto found = names_.values.find(left.text());
    if (!left.is(Kind::identifier) || found == names_.values.end()) return;
    add(found->second, value_of(node.child(Field::right)), node);
  }

  /// Appends to a list or a text.
  static void add(Assigned& to, const Provided& more, Node statement) {
    Value whole = to.provided.value;
    if (whole.type == Value::Type::list && more.value.type == Value::Type::list) {
      whole.items.insert(whole.items.end(), more.value.items.begin(), more.value.items.end());
      whole.partial = whole.partial || more.value.partial;
    } else if (whole.is_string() && more.value.is_string()) {
      whole.text += more.value.text;
    } else {
      whole.partial = true;
    }
    to.provided = combined(to.provided, more, std::move(whole));
    to.at = statement.location();
  }

  void call(Node node) {
    const Node function = python::callee(node);
    const std::string name = qualified_or_written(function, program_);
    if (name == "exec" || name == "execfile" || name == "eval") gap("runs text as code by " + name);
    if (name.ends_with("split_settings.tools.include")) return include(node);
    if (name.ends_with("django_heroku.settings") || name.ends_with("django_on_heroku.settings")) {
      gap(name + "() sets values at run time");
    }
    if (name == "locals" || name.starts_with("globals")) gap("changes names through " + name);
    if (!function.is(Kind::attribute)) return;
    const auto found = names_.values.find(function.child(Field::object).text());
    if (found == names_.values.end()) return;
    method(node, function.child(Field::attribute).text(), found->second);
  }

  /// X.append(v), X.extend([…]), X.insert(0, v), X.remove(v), X.update({…}).
  void method(Node node, std::string_view name, Assigned& object) {
    if (name == "append" || name == "insert" || name == "remove") {
      Provided one = value_of(python::positional(node, name == "insert" ? 1 : 0));
      if (name == "remove") {
        std::erase_if(object.provided.value.items, [&](const Value& item) {
          return compared(item, "==", one.value).value_or(false);
        });
        return;
      }
      Value list;
      list.type = Value::Type::list;
      list.items.push_back(one.value);
      one.value = std::move(list);
      add(object, one, node);
    } else if (name == "extend") {
      add(object, value_of(python::positional(node, 0)), node);
    } else if (name == "update") {
      const Provided more = value_of(python::positional(node, 0));
      Value& whole = object.provided.value;
      for (const auto& [key, value] : more.value.entries) entry_of(whole, key.text) = value;
      object.provided = combined(object.provided, more, std::move(whole));
    }
  }

  /// django-split-settings: include("components/base.py", optional("local.py")).
  void include(Node node) {
    for (const Node argument : node.child(Field::arguments).children()) {
      const Node path = argument.is(Kind::call) ? python::positional(argument, 0) : argument;
      const Value written = value_of(path).value;
      if (!written.is_string()) continue;
      const std::string folder = folder_of(module_.path());
      const auto* module = program_.at(folder.empty() ? written.text : folder + "/" + written.text);
      if (module != nullptr) {
        take_all(*module);
      } else if (!argument.is(Kind::call)) {
        gap("include of " + written.text + " is not followed");
      }
    }
  }

  // Branches.

  void condition(Node node) {
    const Provided test = value_of(node.child(Field::condition));
    const auto is = truth(test.value);
    const Node consequence = node.child(Field::consequence);
    std::vector<Node> others;
    for (const Node child : node.children()) {
      if (child.field() == Field::alternative) others.push_back(child);
    }
    if (is && test.origin == Origin::constant) {
      if (*is) return body(consequence);
      return alternatives(others);
    }
    const bool taken = is.value_or(false);
    if (++branches_ > most_branches) return alternatives(others);
    const Table before = names_.values;
    if (taken) {
      alternatives(others);
    } else {
      body(consequence);
    }
    auto not_taken = std::exchange(names_.values, before);
    if (taken) {
      body(consequence);
    } else {
      alternatives(others);
    }
    merge(not_taken, test);
  }

  void alternatives(const std::vector<Node>& others) {
    for (std::size_t i = 0; i < others.size(); ++i) {
      const Node other = others[i];
      if (!other.is(Kind::elif_clause)) return body(other.child(Field::body));
      const Provided test = value_of(other.child(Field::condition));
      if (truth(test.value).value_or(false)) return body(other.child(Field::consequence));
    }
  }

  using Table = std::map<std::string, Assigned, std::less<>>;

  /// Names now hold what the likely branch gives. Where the other one gives something else, the
  /// value depends on the condition: on the environment, if the condition does.
  void merge(const Table& other, const Provided& test) {
    for (const auto& [name, assigned] : other) {
      const auto [now, is_new] = names_.values.emplace(name, assigned);
      if (is_new || now->second.at == assigned.at) continue;
      Provided& value = now->second.provided;
      if (value.origin != Origin::constant) continue;
      if (!from_environment(test) && !from_environment(assigned.provided)) continue;
      Value kept = value.value;
      value = combined(combined(value, assigned.provided, {}), test, std::move(kept));
      value.origin = Origin::environment_with_default;
    }
  }

  /// The body, and what handlers put in place of what it could not look up.
  void attempt(Node node) {
    body(node.child(Field::body));
    for (const Node clause : node.children()) {
      if (clause.is(Kind::finally_clause)) body(clause.child(Kind::block));
      if (clause.is(Kind::else_clause)) body(clause.child(Field::body));
      if (!clause.is(Kind::except_clause) || ++branches_ > most_branches) continue;
      const Table before = names_.values;
      body(clause.child(Kind::block));
      handled(std::exchange(names_.values, before));
    }
  }

  /// A literal of a handler is the default of what the body looks up.
  void handled(const Table& other) {
    for (const auto& [name, assigned] : other) {
      const auto [now, is_new] = names_.values.emplace(name, assigned);
      Provided& value = now->second.provided;
      if (is_new || now->second.at == assigned.at || value.origin == Origin::constant) continue;
      value = either(value, assigned.provided);
      if (from_environment(value) && usable(value.value)) {
        value.origin = Origin::environment_with_default;
      }
    }
  }

  // Imports.

  void import(Node node) {
    const std::string name = imported_module(node);
    const auto* source = program_.module(name);
    if (node.child(Kind::wildcard_import)) {
      if (source != nullptr) return take_all(*source);
      if (!node.enclosing(Kind::try_statement)) gap("everything of " + name + " is not there");
      return;
    }
    for (const Node item : node.children()) {
      if (item.field() != Field::name) continue;
      const Node original = item.is(Kind::aliased_import) ? item.child(Field::name) : item;
      const Node local = item.is(Kind::aliased_import) ? item.child(Field::alias) : item;
      take_one(source, original.text(), local.text(), node);
    }
  }

  std::string imported_module(Node node) const {
    const Node written = node.child(Field::module_name);
    if (!written.is(Kind::relative_import)) return std::string(written.text());
    std::string package = program_.name_of(module_);
    auto levels = std::ranges::count(written.child(Kind::import_prefix).text(), '.');
    if (module_.path().ends_with("__init__.py")) --levels;
    for (; levels > 0; --levels) {
      const auto dot = package.rfind('.');
      package = dot == package.npos ? std::string() : package.substr(0, dot);
    }
    const auto rest = written.child(Kind::dotted_name).text();
    if (package.empty() || rest.empty()) return package + std::string(rest);
    return package + "." + std::string(rest);
  }

  void take_all(const python::Module& source) {
    const Names& other = reader_.read(source);
    for (const auto& [name, assigned] : other.values) {
      if (!name.starts_with('_')) names_.values.insert_or_assign(name, assigned);
    }
    names_.gaps.insert(names_.gaps.end(), other.gaps.begin(), other.gaps.end());
  }

  void take_one(const python::Module* source, std::string_view name, std::string_view local,
                Node statement) {
    if (source != nullptr) {
      const Names& other = reader_.read(*source);
      const auto found = other.values.find(name);
      if (found != other.values.end())
        names_.values.insert_or_assign(std::string(local), found->second);
    } else if (is_constant_name(name)) {
      // A module that is not committed: from the application's side, a file.
      set(local, {Origin::file, {}, {}, {}}, statement, {});
    }
  }

  /// django-configurations: the attributes of a class are the settings.
  void configuration(Node node) {
    const auto order = program_.linearised(node);
    const bool is = std::ranges::any_of(order, [](const python::Symbol& base) {
      return base.name == "configurations.Configuration" ||
             base.name == "configurations.base.Configuration";
    });
    if (is) body(node.child(Field::body));
  }

  const python::Program& program_;
  const python::Module& module_;
  SettingsReader& reader_;
  Names names_;
  std::size_t statements_ = 0;
  std::size_t branches_ = 0;
};

}  // namespace

const Names& SettingsReader::read(const python::Module& module) {
  static const Names nothing;
  const auto found = read_.find(module.tree());
  if (found != read_.end()) return found->second;
  if (open_.size() > 20 || !open_.insert(module.tree()).second) return nothing;
  Names names = Walk(program_, module, *this).run();
  open_.erase(module.tree());
  return read_.emplace(module.tree(), std::move(names)).first->second;
}

}  // namespace grader::project
