#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "grader/base/text.hpp"
#include "grader/project/views.hpp"
#include "grader/python/literals.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Module;
using python::Node;
using python::Program;
using python::Symbol;

constexpr int deepest_include = 12;
constexpr std::size_t most_routes = 5'000;

/// Where in the tree of include()s a list of patterns stands.
struct Prefix {
  std::string path;
  std::string namespaces;
  std::vector<Node> wrappers;
  int depth = 0;
};

/// "^vault/(?P<pk>\d+)/$" → "vault/<pk>/": regular expressions in the form of path().
std::string readable(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '^' || pattern[i] == '$' || pattern[i] == '\\') continue;
    if (pattern[i] != '(') {
      out += pattern[i];
      continue;
    }
    int depth = 0;
    const std::size_t from = i;
    for (; i < pattern.size(); ++i) {
      if (pattern[i] == '(') ++depth;
      if (pattern[i] == ')' && --depth == 0) break;
    }
    const auto group = pattern.substr(from, i - from);
    const auto open = group.find('<');
    const auto close = group.find('>');
    out += open == group.npos || close == group.npos
               ? "<>"
               : std::string(group.substr(open, close - open + 1));
  }
  return out;
}

std::vector<std::string> parameters_of(std::string_view pattern) {
  std::vector<std::string> names;
  for (auto open = pattern.find('<'); open != pattern.npos; open = pattern.find('<', open + 1)) {
    const auto close = pattern.find('>', open);
    if (close == pattern.npos) break;
    auto name = pattern.substr(open + 1, close - open - 1);
    if (const auto colon = name.find(':'); colon != name.npos) name.remove_prefix(colon + 1);
    names.emplace_back(name);
  }
  return names;
}

class Reader {
 public:
  Reader(const Program& program, Views& views)
      : program_(program), gaps_(views.gaps), routes_(views.routes), included_(views.packages) {
    for (const auto& module : program.modules()) {
      const std::string& name = program.name_of(module);
      packages_.insert(name.substr(0, name.find('.')));
    }
  }

  void run(std::string_view root_urlconf) {
    if (const Module* module = program_.module(root_urlconf)) {
      read_module(*module, {});
      return;
    }
    const Module* likely = likely_root();
    if (likely == nullptr) return;  // no URL patterns at all: nothing is routed
    gaps_.push_back("ROOT_URLCONF " +
                    (root_urlconf.empty() ? "" : std::string(root_urlconf) + " ") +
                    "was not found; " + likely->path() + " was read in its place");
    read_module(*likely, {});
  }

 private:
  /// The module with URL patterns that routes the admin, else the one nearest to the top.
  const Module* likely_root() const {
    const Module* best = nullptr;
    bool best_admin = false;
    for (const auto& module : program_.modules()) {
      if (!program_.member(module, "urlpatterns").definition) continue;
      const bool admin = module.text().find("admin.site.urls") != std::string_view::npos;
      const bool better = best == nullptr || (admin && !best_admin) ||
                          (admin == best_admin && module.path().size() < best->path().size());
      if (!better) continue;
      best = &module;
      best_admin = admin;
    }
    return best;
  }

  void gap(Node node, std::string_view what) {
    gaps_.push_back(std::string(what) + " at " + to_string(node.location()));
  }

  void read_module(const Module& module, const Prefix& prefix) {
    if (prefix.depth > deepest_include || !open_.insert(&module).second) {
      gaps_.push_back("include() of " + module.path() + " goes round in a circle");
      return;
    }
    Prefix inner = prefix;
    if (const Symbol app = program_.member(module, "app_name");
        app.definition && prefix.namespaces.empty()) {
      const auto value = python::evaluate(app.definition.child(Field::right), &program_);
      if (value.is_string()) inner.namespaces = value.text + ":";
    }
    for (const Node node : module.root().descendants()) {
      const bool assigned = node.is(Kind::assignment) || node.is(Kind::augmented_assignment);
      if (!assigned || node.child(Field::left).text() != "urlpatterns") continue;
      if (node.enclosing(Kind::function_definition)) continue;
      read_list(node.child(Field::right), inner);
    }
    open_.erase(&module);
  }

  void read_list(Node node, const Prefix& prefix) {
    node = python::unwrapped(node);
    if (node.is(Kind::list) || node.is(Kind::tuple)) {
      for (const Node item : node.children()) {
        if (item.is(Kind::list_splat)) {
          read_list(*item.children().begin(), prefix);
        } else if (!item.is(Kind::comment)) {
          read_pattern(item, prefix);
        }
      }
    } else if (node.is(Kind::binary_operator)) {
      read_list(node.child(Field::left), prefix);
      read_list(node.child(Field::right), prefix);
    } else if (node.is(Kind::call)) {
      read_wrapped_list(node, prefix);
    } else if (node.is(Kind::identifier) && node.text() == "urlpatterns") {
      return;
    } else {
      read_named_list(node, prefix);
    }
  }

  /// Follows a name to what it is assigned, and no name that is made of itself twice.
  template <typename Read>
  void through(Node assignment, const Read& read) {
    if (!followed_.insert(assignment).second) return;
    read(assignment.child(Field::right));
    followed_.erase(assignment);
  }

  void read_named_list(Node node, const Prefix& prefix) {
    if (node.is(Kind::attribute) && node.child(Field::attribute).text() == "urls") {
      read_router(node.child(Field::object), prefix);
      return;
    }
    const Symbol symbol = program_.resolve(node);
    if (symbol.definition.is(Kind::assignment)) {
      through(symbol.definition, [&](Node value) { read_list(value, prefix); });
    } else if (symbol.definition.is(Kind::module)) {
      if (const Module* module = program_.of(symbol.definition)) read_module(*module, prefix);
    } else {
      gap(node, "URL patterns " + std::string(text::shorten(node.text(), 60)));
    }
  }

  /// static(…), i18n_patterns(…), format_suffix_patterns(…), patterns('', …).
  void read_wrapped_list(Node call, const Prefix& prefix) {
    const std::string name(program_.resolve(python::callee(call)).name);
    if (name.ends_with("static") || name.ends_with("staticfiles_urlpatterns")) return;
    for (const Node argument : call.child(Field::arguments).children()) {
      if (argument.is(Kind::comment)) continue;
      if (argument.is(Kind::call)) {
        read_pattern(argument, prefix);
      } else if (!argument.is(Kind::string) && !argument.is(Kind::keyword_argument)) {
        read_list(argument, prefix);
      }
    }
  }

  void read_pattern(Node item, const Prefix& prefix) {
    if (!item.is(Kind::call)) {
      if (item.is(Kind::identifier)) {
        const Symbol symbol = program_.resolve(item);
        if (symbol.definition.is(Kind::assignment)) {
          through(symbol.definition, [&](Node value) { read_pattern(value, prefix); });
          return;
        }
      }
      gap(item, "URL pattern");
      return;
    }
    const std::string function = python::dotted(python::callee(item));
    const bool is_regex = function.ends_with("re_path") || function.ends_with("url");
    if (!is_regex && !function.ends_with("path")) {
      gap(item, "URL pattern " + function + "(…)");
      return;
    }
    const auto pattern = python::evaluate(python::argument(item, "route", 0), &program_);
    const std::string own = is_regex ? readable(pattern.text) : pattern.text;
    Prefix inner = prefix;
    inner.path += own;
    ++inner.depth;
    read_target(python::argument(item, "view", 1), item, inner);
  }

  void read_target(Node view, Node item, const Prefix& prefix) {
    view = python::unwrapped(view);
    const Symbol called = program_.resolve(python::callee(view));
    if (view.is(Kind::call) && called.name.ends_with("include")) {
      read_include(view, prefix);
      return;
    }
    if (python::dotted(view).ends_with("site.urls")) return;
    if (const auto other = other_interface(view); !other.empty()) gap(view, other);
    add_route(view, item, prefix);
  }

  /// An interface whose operations stand in no URLconf; empty for usual views.
  std::string other_interface(Node view) const {
    if (view.is(Kind::attribute) && view.child(Field::attribute).text() == "urls") {
      const Symbol object = program_.resolve(view.child(Field::object));
      const Node made =
          object.definition.is(Kind::assignment) ? object.definition.child(Field::right) : Node();
      const std::string& maker = program_.resolve(python::callee(made)).name;
      if (maker.starts_with("ninja")) return "operations of Django Ninja";
    }
    const bool graphql =
        text::lower(view.text().substr(0, 200)).find("graphql") != std::string::npos;
    return graphql ? "operations of GraphQL" : "";
  }

  void read_include(Node call, const Prefix& prefix) {
    Node target = python::unwrapped(python::argument(call, "arg", 0));
    Prefix inner = prefix;
    const auto space = python::evaluate(python::keyword(call, "namespace"), &program_);
    if (space.is_string()) inner.namespaces += space.text + ":";
    if (target.is(Kind::tuple)) {
      const auto parts = python::evaluate(target, &program_);
      if (parts.items.size() > 1 && parts.items[1].is_string() && !space.is_string()) {
        inner.namespaces += parts.items[1].text + ":";
      }
      target = python::unwrapped(*target.children().begin());
    }
    const auto name = python::evaluate(target, &program_);
    if (!name.is_string()) {
      read_list(target, inner);
      return;
    }
    if (const Module* module = program_.module(name.text)) {
      read_module(*module, inner);
    } else if (is_package(name.text)) {
      included_.push_back({name.text, inner.path, call.location()});
    } else {
      gap(call, "include('" + name.text + "')");
    }
  }

  /// Names of packages that are no part of the submission.
  bool is_package(std::string_view name) const {
    return !packages_.contains(name.substr(0, name.find('.')));
  }

  void read_router(Node router, const Prefix& prefix) {
    const Symbol symbol = program_.resolve(router);
    const Module* module = program_.of(symbol.definition ? symbol.definition : router);
    find_registrations();
    const auto calls = registered_.find(symbol.definition);
    if (calls == registered_.end() || !symbol.definition) {
      // A router of the submission's own to which nothing is registered routes nothing.
      const bool made_here = symbol.definition.is(Kind::assignment) &&
                             symbol.definition.child(Field::right).is(Kind::call);
      const bool from_outside = symbol && !symbol.definition && is_package(symbol.name);
      if (module != nullptr && !made_here && !from_outside) gap(router, "router");
      return;
    }
    for (const Node call : calls->second) add_registered(call, prefix);
  }

  /// All calls router.register(…), by the assignment that made the router.
  void find_registrations() {
    if (std::exchange(registrations_found_, true)) return;
    for (const auto& module : program_.modules()) {
      for (const Node node : module.root().descendants()) {
        if (!node.is(Kind::call)) continue;
        const Node function = python::callee(node);
        const bool registers =
            function.is(Kind::attribute) && function.child(Field::attribute).text() == "register";
        if (!registers) continue;
        const Symbol object = program_.resolve(function.child(Field::object));
        if (object.definition) registered_[object.definition].push_back(node);
      }
    }
  }

  void add_registered(Node call, const Prefix& prefix) {
    const auto name = python::evaluate(python::argument(call, "prefix", 0), &program_);
    const Symbol viewset = program_.resolve(python::argument(call, "viewset", 1));
    if (!viewset.is_class()) {
      gap(call, "router.register");
      return;
    }
    const std::string base = prefix.path + readable(name.text) + "/";
    Route list = registered(call, viewset, prefix, base);
    list.actions = {{"GET", "list"}, {"POST", "create"}};
    routes_.push_back(std::move(list));
    Route detail = registered(call, viewset, prefix, base + "<pk>/");
    detail.actions = {
        {"GET", "retrieve"}, {"PUT", "update"}, {"PATCH", "partial_update"}, {"DELETE", "destroy"}};
    routes_.push_back(std::move(detail));
    add_extra_actions(call, viewset, prefix, base);
  }

  /// Methods of the viewset under @action, @list_route or @detail_route.
  void add_extra_actions(Node call, const Symbol& viewset, const Prefix& prefix,
                         const std::string& base) {
    for (const Node statement : viewset.definition.child(Field::body).children()) {
      for (const Node decorator : python::decorators(statement)) {
        const Node function = decorator.is(Kind::call) ? python::callee(decorator) : decorator;
        const std::string name = python::dotted(function);
        if (!name.ends_with("action") && !name.ends_with("_route")) continue;
        const bool detail =
            name.ends_with("detail_route") ||
            python::evaluate(python::keyword(decorator, "detail"), &program_).is_true();
        const Node method = python::undecorated(statement);
        const std::string method_name(python::definition_name(method));
        std::string path = base;
        path.append(detail ? "<pk>/" : "").append(method_name).append("/");
        Route route = registered(call, viewset, prefix, std::move(path));
        const auto methods = python::evaluate(python::argument(decorator, "methods", 0), &program_);
        for (const auto& item : methods.items) {
          std::string verb = item.text;
          std::ranges::transform(verb, verb.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
          });
          route.actions.emplace_back(verb, method_name);
        }
        if (route.actions.empty()) route.actions.emplace_back("GET", method_name);
        routes_.push_back(std::move(route));
      }
    }
  }

  static Route registered(Node call, const Symbol& viewset, const Prefix& prefix,
                          std::string pattern) {
    Route route;
    route.pattern = std::move(pattern);
    route.at = call.location();
    route.target = viewset.name;
    route.definition = viewset.definition;
    route.wrappers = prefix.wrappers;
    route.parameters = parameters_of(route.pattern);
    return route;
  }

  void add_route(Node view, Node item, const Prefix& prefix) {
    if (routes_.size() >= most_routes) return;
    Route route;
    route.pattern = prefix.path;
    route.at = item.location();
    route.parameters = parameters_of(prefix.path);
    const auto name = python::evaluate(python::argument(item, "name", 3), &program_);
    if (name.is_string()) route.name = prefix.namespaces + name.text;
    route.wrappers = prefix.wrappers;
    resolve_view(view, route);
    routes_.push_back(std::move(route));
  }

  /// login_required(csrf_exempt(views.Entries.as_view())) → the class, with the wrappers around it.
  void resolve_view(Node view, Route& route) {
    for (int depth = 0; depth < 8; ++depth) {
      view = python::unwrapped(view);
      if (!view.is(Kind::call)) break;
      const Node function = python::callee(view);
      if (function.is(Kind::attribute) && function.child(Field::attribute).text() == "as_view") {
        route.as_view = view;
        read_actions(view, route);
        set_target(program_.resolve(function.child(Field::object)), route);
        return;
      }
      const Node inner = python::positional(view, 0);
      if (!inner) break;
      route.wrappers.push_back(function);
      view = inner;
    }
    if (view.is(Kind::string)) {
      set_target(program_.lookup(python::string_text(view)), route);
      return;
    }
    const Symbol symbol = program_.resolve(view);
    if (symbol.definition.is(Kind::assignment)) {
      through(symbol.definition, [&](Node value) { resolve_view(value, route); });
      return;
    }
    set_target(symbol, route);
  }

  void read_actions(Node as_view, Route& route) const {
    const Node mapping = python::positional(as_view, 0);
    const auto value = python::evaluate(mapping, &program_);
    for (const auto& [method, action] : value.entries) {
      std::string verb = method.text;
      std::ranges::transform(verb, verb.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      });
      route.actions.emplace_back(std::move(verb), action.text);
    }
  }

  static void set_target(const Symbol& symbol, Route& route) {
    route.target = symbol.name;
    if (symbol.is_class() || symbol.is_function()) route.definition = symbol.definition;
  }

  const Program& program_;
  std::vector<std::string>& gaps_;
  std::vector<Route>& routes_;
  std::vector<IncludedPackage>& included_;
  std::set<const Module*> open_;
  std::set<Node> followed_;  ///< assignments that are being followed
  std::set<std::string, std::less<>> packages_;
  std::map<Node, std::vector<Node>> registered_;
  bool registrations_found_ = false;
};

}  // namespace

void read_routes(const Program& program, std::string_view root_urlconf, Views& views) {
  Reader(program, views).run(root_urlconf);
}

}  // namespace grader::project
