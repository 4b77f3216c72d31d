// What stands before or around every view: middleware that asks for a login, DRF's filter backends.
#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"

namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using python::Symbol;
using Type = Abstract::Type;

namespace {

/// Django's since 5.1, and those of django-login-required-middleware and django-stronghold.
bool asks_always(std::string_view name) { return name.ends_with(".LoginRequiredMiddleware"); }

/// Looks at who asks and can answer in the view's place.
bool may_ask(Node definition) {
  const auto source = definition.text();
  return text::contains_any(source, {"is_authenticated", "is_anonymous"}) &&
         text::contains_any(source, {"redirect", "HttpResponse", "PermissionDenied", "JsonResponse",
                                     "login_required"});
}

}  // namespace

std::optional<Gatekeeper> find_gatekeeper(const Project& project) {
  const SettingsModule* settings = project.main_settings();
  const Setting* middleware = settings == nullptr ? nullptr : settings->find("MIDDLEWARE");
  if (middleware == nullptr) return std::nullopt;
  std::optional<Gatekeeper> possible;
  for (const auto& item : middleware->value.items) {
    if (!item.is_string()) continue;
    const Location at = item.node ? item.node.location() : middleware->at;
    const Symbol symbol = project.program.lookup(item.text);
    if (!symbol.definition) {
      if (asks_always(item.text)) return Gatekeeper{true, at, item.text};
      continue;
    }
    const auto order =
        symbol.is_class() ? project.program.linearised(symbol.definition) : std::vector<Symbol>{};
    if (std::ranges::any_of(
            order, [](const Symbol& base) { return !base.is_class() && asks_always(base.name); }))
      return Gatekeeper{true, at, item.text};
    if (!possible && may_ask(symbol.definition))
      possible = Gatekeeper{false, symbol.definition.location(), item.text};
  }
  return possible;
}

State Machine::beginning() const {
  State state;
  const auto& gatekeeper = index_.gatekeeper();
  if (gatekeeper && gatekeeper->certain) {
    state.known.authenticated = true;
    state.known.steps.push_back({gatekeeper->at, "middleware asks for a login before every view"});
  }
  return state;
}

Abstract Machine::narrowed_by_backends(Abstract rows, State& state) {
  std::vector<Symbol> backends;
  const Node own = program_.attribute(instance_.definition, "filter_backends");
  if (own.is(Kind::assignment)) {
    for (const Node item : python::unwrapped(own.child(Field::right)).children())
      backends.push_back(program_.resolve(item));
  } else if (const SettingsModule* settings = project_.main_settings()) {
    const Setting* rest = settings->find("REST_FRAMEWORK");
    const auto* names = rest == nullptr ? nullptr : rest->value.find("DEFAULT_FILTER_BACKENDS");
    if (names != nullptr)
      for (const auto& item : names->items) backends.push_back(program_.lookup(item.text));
  }
  for (const Symbol& backend : backends) {
    if (!backend.is_class() || !rows.is(Type::rows)) continue;
    const Node method = program_.attribute(backend.definition, "filter_queryset");
    if (!method.is(Kind::function_definition)) continue;
    Abstract request;
    request.type = Type::request;
    const Abstract left = invoke(method, {Abstract{}, request, rows, Abstract{}}, {}, state);
    if (left.is(Type::rows)) {
      rows = left;
    } else {
      Rows unclear = this->rows(rows.rows);
      unclear.unclear = true;
      rows.rows = add_rows(std::move(unclear));
    }
  }
  return rows;
}

/// django-guardian's get_objects_for_user(user, permission, klass): what that user was granted.
Abstract Machine::granted_rows(Node node, State& state) {
  const Abstract user = eval(python::argument(node, "user", 0), state);
  const Abstract klass = eval(python::argument(node, "klass", 2), state);
  const Model* model = klass.model;
  if (model == nullptr && frame().self != nullptr) model = view_model(state);
  if (model == nullptr) return arguments_union(node, state);
  Abstract granted = all_rows(*model, node.location());
  Rows& rows = rows_[static_cast<std::size_t>(granted.rows)];
  rows.scoped = user.is(Type::user);
  rows.unclear = !rows.scoped;
  return granted;
}

}  // namespace grader::project::access
