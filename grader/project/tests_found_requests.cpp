#include "grader/project/tests_found_requests.hpp"

#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/python/literals.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

/// The text between the quotes, each {…} of an f-string as {}.
std::string written_path(Node string) {
  std::string_view text = string.text();
  const auto quote = text.find_first_of("'\"");
  if (quote == text.npos) return {};
  const bool formatted = text.substr(0, quote).find_first_of("fF") != text.npos;
  text = text.substr(quote + 1, text.rfind(text[quote]) - quote - 1);
  if (!formatted) return std::string(text);
  std::string path;
  int depth = 0;
  for (const char c : text) {
    if (c == '{' && depth++ == 0) path += "{}";
    if (depth == 0) path += c;
    if (c == '}') --depth;
  }
  return path;
}

std::string path_of(Node node, int depth = 0) {
  node = python::unwrapped(node);
  if (node.is(Kind::string)) return written_path(node);
  if (node.is(Kind::binary_operator) && depth < 20) {
    const std::string left = path_of(node.child(Field::left), depth + 1);
    if (left.empty()) return {};
    const std::string right = path_of(node.child(Field::right), depth + 1);
    return left + (right.empty() ? "{}" : right);
  }
  const Node function = python::callee(node);
  if (function.child(Field::attribute).text() == "format") {
    return path_of(function.child(Field::object), depth + 1);
  }
  return {};
}

std::vector<std::string_view> segments(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  auto parts = text::split(path, '/');
  std::erase_if(parts, [](std::string_view part) { return part.empty(); });
  return parts;
}

bool fits(std::string_view pattern, std::string_view path) {
  const auto wanted = segments(pattern);
  const auto given = segments(path);
  if (wanted.size() != given.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool variable = wanted[i].find('<') != wanted[i].npos;
    if (!variable && wanted[i] != given[i]) return false;
  }
  return true;
}

/// "entry-detail" of a router: its base name is that of the model or what the router was told, so
/// the stem has to begin the view's name or the route's last fixed part.
bool fits_router(const Route& route, std::string_view name) {
  const auto dash = name.rfind('-');
  if (!route.name.empty() || route.actions.empty() || dash == name.npos) return false;
  const auto kind = name.substr(dash + 1);
  const std::string& action = route.actions.front().second;
  if (kind == "list"     ? action != "list"
      : kind == "detail" ? action != "retrieve"
                         : action != kind) {
    return false;
  }
  const std::string stem =
      text::lower(name.substr(name.rfind(':') + 1, dash - name.rfind(':') - 1));
  std::string view = text::lower(route.target.substr(route.target.rfind('.') + 1));
  if (view.starts_with(text::replace_all(stem, "-", ""))) return true;
  for (const auto part : segments(route.pattern)) {
    if (part.find('<') == part.npos && text::lower(part).starts_with(stem)) return true;
  }
  return false;
}

bool fits(const Route& route, const Address& address) {
  if (address.route.empty()) return fits(route.pattern, address.path);
  return route.name == address.route || route.name.ends_with(":" + address.route) ||
         fits_router(route, address.route);
}

}  // namespace

Address address_of(Node node, const python::Program& program) {
  node = python::unwrapped(node);
  const Node function = python::callee(node);
  const auto name =
      function.is(Kind::attribute) ? function.child(Field::attribute).text() : function.text();
  if (name == "reverse" || name == "reverse_lazy" || name == "resolve_url") {
    return {python::evaluate(python::argument(node, "viewname", 0), &program).text, {}};
  }
  return {{}, path_of(node)};
}

std::string view_at(const Views& views, const Address& address, std::string_view method) {
  if (address.empty()) return {};
  std::set<std::string> names;
  const std::string verb = upper(method);
  for (const auto& route : views.routes) {
    if (!fits(route, address)) continue;
    std::string name = route.target.substr(route.target.rfind('.') + 1);
    if (route.view >= 0) name = views.all[static_cast<std::size_t>(route.view)].name;
    const auto action =
        std::ranges::find(route.actions, verb, &std::pair<std::string, std::string>::first);
    if (action != route.actions.end()) name += "." + action->second;
    // The first route that fits answers; equal names under one address are one view.
    if (address.route.empty()) return name;
    names.insert(name);
  }
  return names.size() == 1 ? *names.begin() : std::string();
}

}  // namespace grader::project
