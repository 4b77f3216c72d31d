#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using access::Effect;
using access::Machine;
using access::Rows;
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

/// One effect with the verdicts that follow from what was certain when it happened.
struct Judged {
  std::string op;
  std::string method;
  std::string model;
  Location at;
  Location handler_at;
  Verdict login;
  Verdict owner;
  bool unsafe = false;
  bool anonymous_error = false;
};

class Judge {
 public:
  Judge(const Project& project, const Machine& machine, const View& view)
      : project_(project), machine_(machine), view_(view) {}

  std::optional<Judged> judge(const Effect& effect) const {
    const Rows& rows = machine_.rows(effect.rows);
    if (rows.model == nullptr || !counts(*rows.model, effect.kind)) return std::nullopt;
    const bool signs_up =
        text::contains_any(text::lower(view_.name), {"register", "signup", "sign_up"});
    if (signs_up && effect.kind == Effect::Kind::create) return std::nullopt;
    Judged result;
    result.op = operation(effect, rows);
    result.method = effect.method;
    result.model = rows.model->qualified;
    result.at = effect.at;
    result.login = login(effect);
    result.owner = owner(effect, rows);
    const bool change = effect.kind != Effect::Kind::show;
    result.unsafe = change && (effect.method == "GET" || exempt());
    result.anonymous_error = result.login.no() && rows.by_user_object;
    return result;
  }

 private:
  /// Entries, further models with secrets, and, where something is removed, what entries hang on.
  bool counts(const Model& model, Effect::Kind kind) const {
    const Models& models = project_.models;
    const Model* entry = models.entry_model();
    if (entry == nullptr) return false;
    if (&model == entry) return true;
    for (const int other : models.other_secrets) {
      if (&models.all[static_cast<std::size_t>(other)] == &model && !model.is_user) return true;
    }
    return kind == Effect::Kind::remove && holds_entries(model);
  }

  bool holds_entries(const Model& model) const {
    const Model* at = project_.models.entry_model();
    for (const auto& step : at->owner.path) {
      const ModelField* field = at->field(step);
      at = field ? project_.models.find(field->target) : nullptr;
      if (at == nullptr || at->is_user) return false;
      if (at == &model) return true;
    }
    return false;
  }

  bool exempt() const { return machine_.csrf_exempt() && !machine_.is_drf(); }

  std::string operation(const Effect& effect, const Rows& rows) const {
    const std::string name = text::lower(view_.name);
    switch (effect.kind) {
      case Effect::Kind::remove:
        return "delete";
      case Effect::Kind::update:
        return "update";
      case Effect::Kind::create:
        return text::contains_any(name, {"import", "upload_csv", "restore"}) && effect.in_loop
                   ? "import"
                   : "create";
      case Effect::Kind::show:
        break;
    }
    if (effect.download || text::contains_any(name, {"export", "download", "backup"}))
      return "export";
    if (text::contains_any(name, {"share", "sharing", "link", "temporary"})) return "share";
    if (text::contains_any(
            name, {"reveal", "decrypt", "copy", "show_password", "showuser", "get_password"})) {
      return "reveal";
    }
    if (rows.single) return "detail";
    return rows.searched || name.find("search") != name.npos ? "search" : "list";
  }

  static Verdict login(const Effect& effect) {
    if (effect.known.authenticated) {
      return Verdict::make(Verdict::State::yes, effect.known.steps);
    }
    return Verdict::make(Verdict::State::no, {{effect.at, "reached without a test of who asks"}});
  }

  static Verdict owner(const Effect& effect, const Rows& rows) {
    std::vector<Step> steps = rows.trace;
    steps.insert(steps.end(), effect.known.steps.begin(), effect.known.steps.end());
    const bool creates = effect.kind == Effect::Kind::create;
    if (effect.known.privileged) return Verdict::make(Verdict::State::yes, std::move(steps));
    if (!creates && effect.known.owned.contains(effect.rows)) {
      return Verdict::make(Verdict::State::yes, std::move(steps));
    }
    if (rows.scoped && !rows.owner_from_request) {
      return Verdict::make(Verdict::State::yes, std::move(steps));
    }
    if (rows.owner_from_request) {
      steps.push_back({effect.at, "the request itself says who owns the row"});
      return Verdict::make(Verdict::State::no, std::move(steps));
    }
    if (rows.unclear) {
      return Verdict::unknown("the selection of the rows could not be followed", std::move(steps));
    }
    if (effect.known.maybe_guarded) {
      return Verdict::unknown("a comparison of row and requester could not be followed",
                              std::move(steps));
    }
    if (rows.model->owner.kind == Owner::Kind::none) {
      steps.push_back({rows.model->at, "rows of " + rows.model->name + " belong to nobody"});
    } else {
      steps.push_back({effect.at, "nothing ties the row to the requester: " +
                                      text::join(rows.model->owner.path, "__") +
                                      " is neither filtered nor compared"});
    }
    return Verdict::make(Verdict::State::no, std::move(steps));
  }

  const Project& project_;
  const Machine& machine_;
  const View& view_;
};

/// Worse first: a hole in one place is not mended by another place.
Verdict worse(const Verdict& a, const Verdict& b) {
  const auto rank = [](const Verdict& verdict) {
    if (verdict.no()) return 0;
    if (verdict.undecided()) return 1;
    return verdict.yes() ? 2 : 3;
  };
  return rank(b) < rank(a) ? b : a;
}

bool same_verdicts(const Operation& a, const Operation& b) {
  return a.owner.state == b.owner.state && a.login.state == b.login.state;
}

/// Effects of all methods of a view become its operations: one a kind of thing done, and a second
/// of a kind only where its verdicts differ by method.
class Collector {
 public:
  void is_rest() { rest_ = true; }

  void add(const Judged& judged) {
    for (auto& operation : operations_) {
      const bool same_method =
          std::ranges::find(operation.methods, judged.method) != operation.methods.end();
      if (operation.op != judged.op || !same_method || operation.model != judged.model) continue;
      merge(operation, judged);
      return;
    }
    Operation operation;
    operation.op = judged.op;
    operation.methods = {judged.method};
    operation.model = judged.model;
    operation.at = judged.at;
    operation.handler_at = judged.handler_at;
    operation.login = judged.login;
    operation.owner = judged.owner;
    operation.method_safe = Verdict::make(judged.unsafe ? Verdict::State::no : Verdict::State::yes,
                                          {{judged.at, judged.op}});
    operation.anonymous_error = judged.anonymous_error;
    operations_.push_back(std::move(operation));
  }

  std::vector<Operation> take() {
    join_methods();
    drop_confirmation_pages();
    return std::move(operations_);
  }

 private:
  static void merge(Operation& operation, const Judged& judged) {
    operation.login = worse(operation.login, judged.login);
    operation.owner = worse(operation.owner, judged.owner);
    if (judged.unsafe) operation.method_safe.state = Verdict::State::no;
    operation.anonymous_error = operation.anonymous_error && judged.anonymous_error;
  }

  void join_methods() {
    std::vector<Operation> joined;
    for (auto& operation : operations_) {
      const auto twin = std::ranges::find_if(joined, [&](const Operation& other) {
        return other.op == operation.op && other.model == operation.model &&
               same_verdicts(other, operation) && other.handler_at == operation.handler_at;
      });
      if (twin == joined.end()) {
        joined.push_back(std::move(operation));
        continue;
      }
      twin->methods.push_back(operation.methods.front());
      if (operation.method_safe.no()) twin->method_safe = operation.method_safe;
    }
    operations_ = std::move(joined);
  }

  /// The page that asks before a change shows the row too: it counts only where it leaks more.
  void drop_confirmation_pages() {
    const auto changes = [](const Operation& operation) {
      return operation.op == "update" || operation.op == "delete";
    };
    std::erase_if(operations_, [&](const Operation& operation) {
      if (rest_ || (operation.op != "detail" && operation.op != "reveal")) return false;
      return std::ranges::any_of(operations_, [&](const Operation& other) {
        return changes(other) && other.model == operation.model && same_verdicts(other, operation);
      });
    });
  }

  bool rest_ = false;
  std::vector<Operation> operations_;
};

class Analysis {
 public:
  explicit Analysis(Project& project) : project_(project) {}

  void run() {
    collect_views();
    for (auto& view : project_.views.all) analyse(view);
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

  /// Functions of views modules whose first parameter is the request, reached by no route.
  void add_unrouted(std::map<Node, int>& known) {
    for (const auto& module : project_.program.modules()) {
      if (module.path().find("views") == std::string::npos) continue;
      for (const Node statement : module.root().children()) {
        const Node definition = python::undecorated(statement);
        if (!definition.is(Kind::function_definition) || known.contains(definition)) continue;
        const auto& parameters = definition.child(Field::parameters).children();
        if (parameters.empty() || (*parameters.begin()).text() != "request") continue;
        add_view(definition);
      }
    }
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
    Machine machine(project_, method);
    std::vector<Node> decorators = route.wrappers;
    if (is_function) {
      const auto own = python::decorators(view.definition);
      decorators.insert(decorators.end(), own.begin(), own.end());
      machine.run_function(view.definition, decorators);
    } else {
      add_class_decorators(view.definition, method, action, decorators);
      machine.run_class(view.definition, decorators, action);
    }
    if (machine.is_drf() && !is_function) collector.is_rest();
    const Judge judge(project_, machine, view);
    for (const auto& effect : machine.effects()) {
      auto judged = judge.judge(effect);
      if (!judged) continue;
      judged->handler_at = handler_of(view, action.empty() ? text::lower(method) : action);
      collector.add(*judged);
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
  int plain_routes_ = 0;
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
  project.views.routes = read_routes(project.program, root_urlconf(project), project.views.gaps);
  Analysis(project).run();
}

}  // namespace grader::project
