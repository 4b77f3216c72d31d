#include <algorithm>
#include <array>
#include <utility>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"

namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using Type = Abstract::Type;

namespace {

constexpr std::size_t deepest_call = 6;

std::string_view last_part(std::string_view dotted_name) {
  const auto dot = dotted_name.rfind('.');
  return dot == dotted_name.npos ? dotted_name : dotted_name.substr(dot + 1);
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view end) { return name.ends_with(end); });
}

/// The variable that keeps what a method is given: of deeper receivers, as data['entries'] and
/// groups.setdefault(…), only by methods that keep it.
Node receiver_of(Node call, std::string_view method) {
  Node base = python::callee(call).child(Field::object);
  const bool keeps = method == "append" || method == "extend" || method == "add" ||
                     method == "insert" || method == "update" || method == "setdefault" ||
                     method == "appendleft";
  for (int depth = 0; keeps && depth < 6 && !base.is(Kind::identifier); ++depth) {
    if (base.is(Kind::subscript)) {
      base = base.child(Field::value);
    } else if (base.is(Kind::call)) {
      base = python::callee(base).child(Field::object);
    } else {
      break;
    }
  }
  return base;
}

/// Names of functions that answer with a template.
bool is_page(std::string_view name) {
  return name == "render" || name == "TemplateResponse" || name == "render_to_response" ||
         name == "render_to_string" || name == "SimpleTemplateResponse";
}

/// A response that the browser saves as a file.
bool is_attachment(std::string_view name, Node call) {
  if (!name.ends_with("Response")) return false;
  if (python::keyword(call, "as_attachment").is(Kind::true_)) return true;
  const auto headers = python::keyword(call, "headers").text();
  const auto type = python::evaluate(python::keyword(call, "content_type"), nullptr).text;
  return headers.find("attachment") != headers.npos ||
         text::contains_any(type, {"csv", "zip", "octet-stream", "ms-excel", "spreadsheet", "pdf"});
}

bool is_decrypting(std::string_view name) {
  return text::contains_any(
      text::lower(name), {"decrypt", "dechiffr", "déchiffr", "decipher", "descifr", "descriptograf",
                          "desencript", "decifr", "decode_password", "decod_pass"});
}

Node parameter_name(Node parameter) {
  if (parameter.is(Kind::identifier)) return parameter;
  if (const Node name = parameter.child(Field::name)) return name;
  return parameter.child(Kind::identifier);
}

}  // namespace

Abstract Machine::arguments_union(Node node, State& state) {
  Abstract result;
  result.node = node;
  for (const Node argument : node.child(Field::arguments).children()) {
    if (argument.is(Kind::comment)) continue;
    const auto more = carried(eval(argument, state));
    result.holds.insert(more.begin(), more.end());
  }
  return result;
}

Abstract Machine::call(Node node, State& state) {
  const Node function = python::unwrapped(python::callee(node));
  if (function.is(Kind::attribute)) {
    const auto name = function.child(Field::attribute).text();
    const python::Symbol symbol = program_.resolve(function);
    if (symbol.is_function()) return own_call(symbol.definition, node, state);
    if (symbol.is_class()) return class_call(symbol.definition, node, state);
    const Abstract object = eval(function.child(Field::object), state);
    Abstract result = method_call(object, name, node, state);
    note_decrypting(name, result);
    return result;
  }
  if (function.is(Kind::identifier)) {
    if (function.text() == "super") {
      Abstract value;
      value.type = Type::super;
      value.order = frame().class_order + 1;
      return value;
    }
    if (const auto name = function.text(); is_decrypting(name)) {
      note_decrypting(name, arguments_union(node, state));
    }
    const Abstract callee = identifier(function, state);
    if (callee.name == "<continue>" && !continuations_.empty()) {
      const Continuation next = continuations_.back();
      return next(state);
    }
    if (callee.is(Type::function)) return own_call(callee.node, node, state);
    if (callee.is(Type::model)) return create(*callee.model, node, state, false);
    if (callee.is(Type::class_)) return class_call(callee.node, node, state);
    if (callee.is(Type::external)) return external_call(callee.name, node, state);
    return external_call(std::string(function.text()), node, state);
  }
  // getattr(services, name)(request), HANDLERS[name](request)
  if (function.is(Kind::subscript) || function.is(Kind::call)) {
    note_gap("code chosen by name at " + to_string(node.location()));
  }
  const Abstract callee = eval(function, state);
  Abstract result = arguments_union(node, state);
  const auto more = carried(callee);
  result.holds.insert(more.begin(), more.end());
  return result;
}

/// Rows whose content a decrypting call was given, or gave.
void Machine::note_decrypting(std::string_view name, const Abstract& value) {
  if (!is_decrypting(name)) return;
  const auto more = carried(value);
  decrypted_.insert(more.begin(), more.end());
}

Abstract Machine::class_call(Node definition, Node node, State& state) {
  const python::Symbol self = program_.linearised(definition).front();
  if (const Model* model = models_.find(self.name)) return create(*model, node, state, false);
  const bool form = model_of_form(definition) != nullptr ||
                    std::ranges::any_of(program_.linearised(definition), [](const auto& base) {
                      return !base.is_class() &&
                             ends_with_any(base.name, {"Form", "Serializer", "ModelSerializer"});
                    });
  if (form) return make_form(definition, node, state);
  if (!ends_with_any(self.name, {"Response"})) return instance_of(definition, node, state);
  Abstract result = arguments_union(node, state);
  show(result, node.location(), state);
  return result;
}

Abstract Machine::method_call(const Abstract& object, std::string_view name, Node node,
                              State& state) {
  switch (object.type) {
    case Type::manager:
      return query(object, name, node, state);
    case Type::model:
      return query(all_rows(*object.model, node.location()), name, node, state);
    case Type::rows:
      return query(object, name, node, state);
    case Type::form:
      return form_call(object, name, node, state);
    case Type::self:
      return self_call(name, node, state);
    case Type::instance: {
      const Node method = program_.attribute(object.node, name);
      if (!method.is(Kind::function_definition)) break;
      return model_method(method, object, node, state);
    }
    case Type::super:
      if (frame().receiver.is(Type::rows)) return receiver_super(name, node, state);
      return super_call(object.order, name, node, state);
    case Type::user:
      return user_call(name, node, state);
    case Type::session: {
      const auto key = python::evaluate(python::positional(node, 0), &program_);
      if (name == "get" && text::contains_any(text::lower(key.text), {"user", "login", "uid",
                                                                      "email", "member", "auth"})) {
        Abstract value;
        value.type = Type::user_key;
        value.name = "session";
        value.node = node;
        return value;
      }
      return {};
    }
    case Type::input:
    case Type::request: {
      for (const Node argument : node.child(Field::arguments).children()) {
        const Abstract given = eval(argument, state);
        // request.data.update({'user': request.user.id})
        for (const auto& [key, personal] : given.personal_keys) {
          if (name == "update" && personal) request_owners_.insert(key);
        }
      }
      Abstract value;
      value.type = Type::input;
      value.node = node;
      if (object.is(Type::request) && name == "auser") value.type = Type::user;
      const auto key = python::evaluate(python::positional(node, 0), &program_);
      if (name == "get" && key.is_string()) value.name = key.text;
      if (name == "get" && object.name == "COOKIES") value.name = "<cookie>";
      value.optional = object.optional || (name == "get" && bool(python::positional(node, 1)));
      if (name == "copy") value.name = object.name;
      return value;
    }
    case Type::user_key:
    case Type::owner_key_of:
      arguments_union(node, state);
      return object;
    case Type::external:
      if (object.name == "request.POST") {
        Abstract value;
        value.type = Type::input;
        return value;
      }
      if (object.name == "user.objects") return user_query(name, node, state);
      if (object.name.ends_with("authtoken.models.Token.objects")) return token_query(node, state);
      if (name == "execute" || name == "executemany" || name == "cursor" ||
          name.starts_with("fetch")) {
        break;
      }
      return external_call(object.name + "." + std::string(name), node, state);
    default:
      break;
  }
  if (name.starts_with("execute")) {
    if (auto executed = execute_sql(node, state)) return *executed;
  }
  if (name == "fetchone" || name == "fetchall" || name == "fetchmany") return fetched(name);
  // SERVICES[name].make(request), SERVICES.get(name).make(request)
  if (object.registry && !object.node.is(Kind::dictionary)) {
    note_gap("code chosen by name at " + to_string(node.location()));
  }
  if (object.is(Type::unknown) && changes_held(object, name, node, state)) return {};
  return carrying_call(object, name, node, state);
}

/// list.append(x), writer.writerow(x), response.write(x): the receiver carries it from now on.
Abstract Machine::carrying_call(const Abstract& object, std::string_view name, Node node,
                                State& state) {
  Abstract result = arguments_union(node, state);
  narrow(result, state);
  if (is_page(name)) result.name = std::string(name);
  const auto given = result.holds;
  const auto own_rows = carried(object);
  result.holds.insert(own_rows.begin(), own_rows.end());
  const Node base = receiver_of(node, name);
  if (base.is(Kind::identifier) && !given.empty()) {
    state.locals[std::string(base.text())].holds.insert(given.begin(), given.end());
    if (name.starts_with("writerow") || name == "write" || name == "drawString") {
      download_ = true;
      show(result, node.location(), state);
      download_ = false;
    }
  }
  return result;
}

Abstract Machine::external_call(const std::string& name, Node node, State& state) {
  const std::string_view last = last_part(name);
  if (last == "get_object_or_404" || last == "get_list_or_404" || last == "aget_object_or_404" ||
      last == "aget_list_or_404") {
    const Node first = python::argument(node, "klass", 0);
    Abstract source = eval(first, state);
    if (source.is(Type::external) && source.name == models_.user_model) {
      return user_query("get", node, state);
    }
    if (source.is(Type::model) || source.is(Type::manager)) {
      source = all_rows(*source.model, node.location());
    }
    if (!source.is(Type::rows)) return arguments_union(node, state);
    return selection(source, node, 1, !last.ends_with("get_list_or_404"), state);
  }
  if (last == "get_objects_for_user") return granted_rows(node, state);
  if (last == "get_user" || last == "get_current_user" || last == "aget_user") {
    Abstract value;
    value.type = Type::user;
    value.node = node;
    return value;
  }
  // A signed token names the person who asks: AccessToken(…)['user_id'], jwt.decode(…)['user_id'].
  if (last == "AccessToken" || last == "UntypedToken" || name.ends_with("jwt.decode")) {
    arguments_union(node, state);
    Abstract value;
    value.type = Type::session;
    value.node = node;
    return value;
  }
  if (last == "Q") return q_value(node, state);
  const bool passes_through = last == "str" || last == "int" || last == "list" || last == "tuple" ||
                              last == "iter" || last == "reversed" || last == "sorted" ||
                              last == "enumerate" || last == "dict" || last == "UUID" ||
                              last == "force_str" || last == "escape" || last == "Paginator";
  if (passes_through) {
    const Node first = python::positional(node, 0);
    Abstract value = eval(first, state);
    for (const Node argument : node.child(Field::arguments).children()) {
      if (argument != first) eval(argument, state);
    }
    return value;
  }
  if (last == "import_string" || last == "import_module" || last == "__import__") {
    note_gap("code chosen by name at " + to_string(node.location()));
  }
  if (last == "setattr") {
    const Abstract object = eval(python::positional(node, 0), state);
    if (object.is(Type::rows)) rows_[static_cast<std::size_t>(object.rows)].assigned.insert("*");
  }
  if (last == "getattr" || last == "setattr") return arguments_union(node, state);
  const bool shows_nothing =
      last == "redirect" || last == "len" || last == "reverse" || last == "HttpResponseRedirect" ||
      last == "print" || last == "reverse_lazy" || last == "isinstance" || last == "hasattr" ||
      name.find("messages.") != name.npos || name.find("logg") != name.npos ||
      last == "authenticate" || last == "login" || last == "logout";
  Abstract result = arguments_union(node, state);
  if (shows_nothing) result.holds.clear();
  if (last == "permission_denied" || last == "PermissionDenied") result.holds.clear();
  result.name = std::string(last);
  if (is_attachment(last, node)) result.name = "<attachment>";
  if (is_page(last)) {
    const auto page = python::evaluate(python::argument(node, "template_name", 1), &program_);
    reach_by_page(result, index_.page(page.text));
    note_page_guards(index_.page(page.text), python::argument(node, "context", 2), state);
  }
  return result;
}

/// What the user object answers: its name, rows that Django orders by it.
Abstract Machine::user_call(std::string_view name, Node node, State& state) {
  arguments_union(node, state);
  if (name == "get_username") return user_attribute("username", node);
  // set_entry_order(ids) of order_with_respect_to.
  if (name.starts_with("set_") && name.ends_with("_order")) {
    const auto model = name.substr(4, name.size() - 10);
    const Abstract own_rows = user_attribute(std::string(model) + "_set", node);
    if (own_rows.is(Type::rows)) {
      effect(Effect::Kind::update, own_rows.rows, node.location(), state);
    }
  }
  return {};
}

/// A function of the submission. One that makes a user out of the request (get_user_from_token)
/// gives the requester, whatever it looks at: without one it cannot answer.
Abstract Machine::own_call(Node function, Node node, State& state) {
  const std::string name = text::lower(python::definition_name(function));
  const bool finds_user = text::contains_any(name, {"get_user", "current_user", "user_from"}) &&
                          !text::contains_any(name, {"by_", "users"});
  const bool given_request =
      std::ranges::any_of(node.child(Field::arguments).children(), [&](Node argument) {
        const Abstract value = eval(argument, state);
        return value.is(Type::request) || value.is(Type::session);
      });
  const Abstract result = invoke_call(function, node, state);
  const bool resolved = result.is(Type::user) || result.is(Type::user_key);
  if (!finds_user || !given_request || resolved) return result;
  state.known.authenticated = true;
  state.known.steps.push_back({node.location(), "the requester is found by " + name + "()"});
  Abstract user;
  user.type = Type::user;
  user.node = node;
  return user;
}

Abstract Machine::invoke_call(Node function, Node node, State& state, Instance* self,
                              std::size_t order) {
  std::vector<Abstract> positional;
  std::map<std::string, Abstract, std::less<>> keywords;
  const auto& parameters = function.child(Field::parameters).children();
  if (!parameters.empty() && (*parameters.begin()).text() == "cls") positional.emplace_back();
  for (const Node argument : node.child(Field::arguments).children()) {
    if (argument.is(Kind::comment)) continue;
    if (argument.is(Kind::keyword_argument)) {
      keywords[std::string(argument.child(Field::name).text())] =
          eval(argument.child(Field::value), state);
    } else if (argument.is(Kind::list_splat) || argument.is(Kind::dictionary_splat)) {
      eval(argument, state);
    } else {
      positional.push_back(eval(argument, state));
    }
  }
  return invoke(function, std::move(positional), keywords, state, self, order);
}

Abstract Machine::invoke(Node function, std::vector<Abstract> arguments,
                         const std::map<std::string, Abstract, std::less<>>& keywords, State& state,
                         Instance* self, std::size_t order) {
  Abstract result;
  for (const auto& argument : arguments) {
    const auto more = carried(argument);
    result.holds.insert(more.begin(), more.end());
  }
  const bool recursive = std::ranges::count(frames_, function, &Frame::function) > 0;
  if (frames_.size() > deepest_call || recursive || !state.alive || !spend()) return result;
  State inner;
  inner.known = state.known;
  std::size_t position = 0;
  for (const Node parameter : function.child(Field::parameters).children()) {
    const Node name = parameter_name(parameter);
    if (!name) continue;
    Abstract value;
    if (position < arguments.size()) {
      value = arguments[position];
    } else if (const auto found = keywords.find(name.text()); found != keywords.end()) {
      value = found->second;
    }
    ++position;
    inner.locals[std::string(name.text())] = value;
  }
  Frame started;
  started.function = function;
  started.first_row = static_cast<int>(rows_.size());
  started.self = self;
  started.class_order = order;
  started.in_loop = !frames_.empty() && frame().in_loop;
  started.answers = std::exchange(next_answers_, false);
  started.receiver = std::exchange(next_receiver_, Abstract{});
  frames_.push_back(std::move(started));
  if (function.is(Kind::lambda)) {
    result = eval(function.child(Field::body), inner);
    frames_.pop_back();
    return result;
  }
  block(function.child(Field::body), inner);
  Abstract value = finish_frame(inner);
  frames_.pop_back();
  state.known = inner.known;
  state.alive = inner.alive;
  return value;
}

/// Joins what the ways out of the running function return; without any, nothing comes back alive.
Abstract Machine::finish_frame(State& state) {
  std::vector<Returned> returns = frame().returns;
  if (state.alive) {
    Returned end;
    end.known = state.known;
    returns.push_back(std::move(end));
  }
  if (returns.empty()) {
    state.alive = false;
    return {};
  }
  Abstract value = returns.front().value;
  Knowledge known = returns.front().known;
  const int first_row = frame().first_row;
  const auto absent = [&](const Abstract& one) {
    return [held = carried(one), first_row](int row) {
      return row >= first_row && !held.contains(row);
    };
  };
  for (std::size_t i = 1; i < returns.size(); ++i) {
    known.keep_owned(returns[i].known, absent(value), absent(returns[i].value));
    value = merged(value, returns[i].value);
  }
  state.known = std::move(known);
  state.alive = true;
  return value;
}

void Machine::show(const Abstract& value, Location at, const State& state) {
  for (const int index : carried(value)) {
    if (rows(index).born) continue;
    effect(Effect::Kind::show, index, at, state);
    effects_.back().page = is_page(value.name);
    const auto guard = page_guards_.find(index);
    if (effects_.back().page && guard != page_guards_.end()) {
      Knowledge& known = effects_.back().known;
      known.authenticated = true;
      known.maybe_guarded = known.maybe_guarded || guard->second == PageGuard::person;
      known.steps.push_back({std::move(at), "the template asks who it is before it shows the row"});
    }
    effects_.back().download = effects_.back().download || value.name == "<attachment>";
  }
}

/// What a loop keeps of rows only where they match the request is what was searched for.
void Machine::narrow(Abstract& value, const State& state) {
  const std::set<int> held = value.holds;
  for (const int index : held) {
    if (!state.known.narrowed.contains(index) || rows(index).searched) continue;
    Rows found = rows(index);
    found.searched = true;
    found.single = false;
    value.holds.erase(index);
    value.holds.insert(add_rows(std::move(found)));
  }
}

}  // namespace grader::project::access
