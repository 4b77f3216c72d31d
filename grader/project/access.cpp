#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "grader/base/interrupt.hpp"
#include "grader/base/text.hpp"
#include "grader/project/access/judge.hpp"
#include "grader/project/access/machine.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using access::Collector;
using access::Index;
using access::Judge;
using access::Machine;
using python::Field;
using python::Kind;
using python::Node;

constexpr std::array http_methods{std::string_view("GET"), std::string_view("POST"),
                                  std::string_view("PUT"), std::string_view("PATCH"),
                                  std::string_view("DELETE")};

/// What DRF's generic views call to save, by viewset action and by HTTP method.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> rest_hooks{{
    {"create", "perform_create"},
    {"post", "perform_create"},
    {"update", "perform_update"},
    {"partial_update", "perform_update"},
    {"put", "perform_update"},
    {"patch", "perform_update"},
    {"destroy", "perform_destroy"},
    {"delete", "perform_destroy"},
}};

constexpr std::size_t most_gaps = 50;

class Analysis {
 public:
  explicit Analysis(Project& project) : project_(project), index_(project) {}

  void run() {
    collect_views();
    for (auto& view : project_.views.all) {
      if (interrupt::requested()) return;
      analyse(view);
    }
  }

 private:
  void collect_views() {
    std::map<Node, int> known;
    auto& routes = project_.views.routes;
    for (std::size_t i = 0; i < routes.size(); ++i) {
      if (!routes[i].definition) continue;
      const auto [found, fresh] =
          known.emplace(routes[i].definition, static_cast<int>(project_.views.all.size()));
      if (fresh) add_view(routes[i].definition);
      routes[i].view = found->second;
      project_.views.all[static_cast<std::size_t>(found->second)].routes.push_back(
          static_cast<int>(i));
    }
    add_unrouted(known);
  }

  void add_view(Node definition) {
    View view;
    view.name = python::definition_name(definition);
    view.definition = definition;
    view.at = definition.location();
    view.at.end_line = 0;
    const python::Module* module = project_.program.of(definition);
    view.qualified = (module ? project_.program.name_of(*module) + "." : std::string()) + view.name;
    view.kind = View::Kind::function;
    if (definition.is(Kind::class_definition)) {
      view.kind = View::Kind::class_based;
      for (const auto& base : project_.program.linearised(definition)) {
        if (base.name.ends_with("ViewSet")) view.kind = View::Kind::viewset;
      }
    }
    project_.views.all.push_back(std::move(view));
  }

  /// Functions of views modules whose first parameter is the request, and view classes, that no
  /// route and no routed class reaches.
  void add_unrouted(std::map<Node, int>& known) {
    std::set<Node> inherited;
    for (const auto& view : project_.views.all) {
      if (view.kind == View::Kind::function) continue;
      for (const auto& base : project_.program.linearised(view.definition)) {
        if (base.is_class()) inherited.insert(base.definition);
      }
    }
    for (const auto& module : project_.program.modules()) {
      if (module.path().find("views") == std::string::npos) continue;
      for (const Node statement : module.root().children()) {
        const Node definition = python::undecorated(statement);
        if (known.contains(definition) || inherited.contains(definition)) continue;
        if (takes_request(definition) || is_view_class(definition)) add_view(definition);
      }
    }
  }

  static bool takes_request(Node definition) {
    if (!definition.is(Kind::function_definition)) return false;
    const auto& parameters = definition.child(Field::parameters).children();
    return !parameters.empty() && (*parameters.begin()).text() == "request";
  }

  bool is_view_class(Node definition) const {
    if (!definition.is(Kind::class_definition)) return false;
    const auto line = project_.program.linearised(definition);
    return std::ranges::any_of(line, [](const python::Symbol& base) {
      return !base.is_class() && (base.name.ends_with("View") || base.name.ends_with("ViewSet"));
    });
  }

  void analyse(View& view) {
    Collector collector;
    std::set<std::vector<std::pair<std::string, std::string>>> seen;
    const std::vector<int> routes = view.routes.empty() ? std::vector<int>{-1} : view.routes;
    for (const int index : routes) {
      const Route none;
      const Route& route =
          index < 0 ? none : project_.views.routes[static_cast<std::size_t>(index)];
      if (!route.actions.empty() && !seen.insert(route.actions).second) continue;
      for (const auto method : http_methods)
        run_method(view, route, std::string(method), collector);
      if (route.actions.empty() && index >= 0 && ++plain_routes_ > 1 && route.wrappers.empty())
        break;
    }
    plain_routes_ = 0;
    view.operations = collector.take();
    const std::string gap = std::exchange(unfollowed_, {});
    const bool counts = view.operations.empty() && !view.routes.empty() && !gap.empty();
    if (counts && project_.views.gaps.size() < most_gaps) project_.views.gaps.push_back(gap);
  }

  void run_method(const View& view, const Route& route, const std::string& method,
                  Collector& collector) {
    std::string action;
    if (!route.actions.empty()) {
      const auto found =
          std::ranges::find(route.actions, method, [](const auto& pair) { return pair.first; });
      if (found == route.actions.end()) return;
      action = found->second;
    }
    const bool is_function = view.kind == View::Kind::function;
    // Browsers send functions only GET and POST; other methods add nothing that these do not show.
    Machine machine(project_, index_, method, &route);
    std::vector<Node> decorators = route.wrappers;
    if (is_function) {
      const auto own = python::decorators(view.definition);
      decorators.insert(decorators.end(), own.begin(), own.end());
      machine.run_function(view.definition, decorators);
    } else {
      add_class_decorators(view.definition, method, action, decorators);
      machine.run_class(view.definition, decorators, action);
    }
    if (machine.is_drf()) collector.is_rest();
    if (!machine.gap().empty() && unfollowed_.empty())
      unfollowed_ = view.name + ": " + machine.gap();
    const Judge judge(index_, machine, view);
    for (auto& judged : judge.all()) {
      judged.handler_at = handler_of(view, action.empty() ? text::lower(method) : action);
      collector.add(judged);
    }
  }

  /// The class's own method of this name, where it has several that answer requests, or is a
  /// viewset.
  static Location handler_of(const View& view, const std::string& name) {
    if (view.kind == View::Kind::function) return {};
    const auto own = [&](std::string_view method) {
      const Node found = python::own_attribute(view.definition, method);
      return found.is(Kind::function_definition) ? found : Node();
    };
    const auto handlers = std::ranges::count_if(
        http_methods, [&](std::string_view method) { return bool(own(text::lower(method))); });
    const bool several = view.kind == View::Kind::viewset || handlers > 1;
    Node method = several ? own(name) : Node();
    for (const auto& [action, hook] : rest_hooks) {
      if (!method && (name == action)) method = own(hook);
    }
    if (!method) return {};
    Location at = method.location();
    at.end_line = 0;
    return at;
  }

  /// method_decorator(…, name='post') on the class or a base acts where its method runs.
  void add_class_decorators(Node definition, const std::string& method, const std::string& action,
                            std::vector<Node>& decorators) const {
    for (const auto& base : project_.program.linearised(definition)) {
      if (!base.is_class()) continue;
      for (const Node decorator : python::decorators(base.definition)) {
        const auto name = python::evaluate(python::keyword(decorator, "name"), nullptr);
        const bool applies = !name.is_string() || name.text == "dispatch" ||
                             name.text == text::lower(method) || name.text == action;
        if (applies) decorators.push_back(decorator);
      }
    }
  }

  Project& project_;
  const Index index_;
  int plain_routes_ = 0;
  std::string unfollowed_;  ///< what the view in work hands over to and nobody could follow
};

/// ROOT_URLCONF as the settings say, else the module that routes the admin.
std::string root_urlconf(const Project& project) {
  if (const SettingsModule* settings = project.main_settings()) {
    const auto found = settings->values.find("ROOT_URLCONF");
    if (found != settings->values.end() && found->second.value.is_string()) {
      return found->second.value.text;
    }
  }
  for (const auto& module : project.program.modules()) {
    const python::Symbol named = project.program.member(module, "ROOT_URLCONF");
    if (!named.definition.is(Kind::assignment)) continue;
    const auto value = python::evaluate(named.definition.child(Field::right), nullptr);
    if (value.is_string()) return value.text;
  }
  return {};
}

}  // namespace

void follow_views(Project& project) {
  read_routes(project.program, root_urlconf(project), project.views);
  Analysis(project).run();
}

}  // namespace grader::project
