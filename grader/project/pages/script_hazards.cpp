#include <algorithm>
#include <map>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/pages/page_hazards.hpp"
#include "grader/project/pages/script_names.hpp"
#include "grader/project/pages/typed_inputs.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;
using Binding = ScriptBinding;

constexpr int deepest = 24;
constexpr std::size_t most_hazards = 300;
constexpr int most_steps = 500'000;
constexpr std::size_t longest_shown = 60;

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

bool is_harmless_name(std::string_view name) {
  return one_of(name, {"length", "id",     "pk",    "index",  "count",     "size",      "innerHTML",
                       "width",  "height", "score", "status", "outerHTML", "className", "checked",
                       "i",      "j",      "k",     "idx",    "n",         "total",     "percent"});
}

/// Functions that make text safe, or that give numbers.
bool makes_safe(std::string_view callee) {
  const std::string lowered = text::lower(callee);
  return text::contains_any(lowered, {"escape", "sanitize", "purify", "encodeuri", "htmlencode",
                                      "parseint", "parsefloat", "tofixed", "math.", "gettext"}) ||
         one_of(lowered, {"number", "_", "boolean", "date"});
}

std::vector<Node> arguments_of(Node call) {
  std::vector<Node> arguments;
  for (const Node argument : call.child(Field::arguments).children()) {
    if (!argument.is(Kind::comment)) arguments.push_back(argument);
  }
  return arguments;
}

/// The name at the far left of a chain: "data" of data.vault.name.
Node root_of(Node node) {
  for (;;) {
    if (node.is(Kind::member_expression) || node.is(Kind::subscript_expression)) {
      node = node.child(Field::object);
    } else if (node.is(Kind::call_expression)) {
      node = node.child(Field::function);
    } else if (node.is(Kind::parenthesized_expression) || node.is(Kind::await_expression)) {
      const auto inner = node.children();
      if (inner.empty()) return node;
      node = *inner.begin();
    } else {
      return node;
    }
  }
}

/// "maxLength" → "max-length"
std::string dashed(std::string_view name) {
  std::string result;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper) result += '-';
    result += upper ? static_cast<char>(c + 32) : c;
  }
  return result;
}

std::string unquoted(std::string_view text) {
  return std::string(text.size() >= 2 ? text.substr(1, text.size() - 2) : text);
}

class Reader {
 public:
  Reader(const Project& project, const ForeignText& foreign,
         const std::set<std::string, std::less<>>& attributes, const std::vector<Script>& scripts)
      : project_(project),
        foreign_(foreign),
        attributes_(attributes),
        scripts_(scripts),
        names_(scripts),
        numbers_(ids_without_text(project)) {
    for (const auto& script : scripts) {
      by_tree_[script.module.tree()] = &script;
      if (script.page != nullptr) scopes_[&script] = foreign.scope_of(*script.page);
    }
  }

  std::vector<Hazard> run() {
    for (const auto& script : scripts_) {
      for (const Node node : script.module.root().descendants()) {
        if (found_.size() >= most_hazards) return std::move(found_);
        sink(node);
      }
    }
    return std::move(found_);
  }

 private:
  // ---- where markup is written

  void sink(Node node) {
    if (node.is(Kind::assignment_expression) || node.is(Kind::augmented_assignment_expression)) {
      const Node left = node.child(Field::left);
      const auto property = left.child(Field::property).text();
      if (one_of(property, {"innerHTML", "outerHTML", "srcdoc"}) &&
          !holds_plain_text(left.child(Field::object))) {
        report(node, node.child(Field::right));
      }
    } else if (node.is(Kind::pair) && node.child(Field::key).text() == "__html") {
      report(node, node.child(Field::value));
    } else if (node.is(Kind::call_expression)) {
      call_sink(node);
    }
  }

  void call_sink(Node node) {
    const std::vector<Node> arguments = arguments_of(node);
    if (arguments.empty()) return;
    const Node function = node.child(Field::function);
    const auto method = function.child(Field::property).text();
    const Node object = function.child(Field::object);
    const bool writes = one_of(method, {"write", "writeln"}) && object.text() == "document";
    const bool makes = one_of(function.text(), {"$", "jQuery"});
    if (method == "insertAdjacentHTML" && arguments.size() == 2) {
      report(node, arguments[1]);
    } else if (writes || (!makes && method == "html" && is_jquery(object))) {
      report(node, arguments[0]);
    } else if (makes) {
      if (is_markup(arguments[0])) report(node, arguments[0]);
    } else if (one_of(method, {"append", "prepend", "after", "before", "replaceWith"})) {
      if (is_markup(arguments[0]) && is_jquery(object)) report(node, arguments[0]);
    }
  }

  /// A textarea or title shows markup as text.
  bool holds_plain_text(Node object) const {
    if (!object.is(Kind::identifier)) return false;
    const auto bound = names_.bindings(object);
    return std::ranges::any_of(bound, [](const Binding& one) {
      const std::string made = text::lower(one.node.text());
      return made.find("createelement") != std::string::npos &&
             text::contains_any(made, {"textarea", "title", "\"style\"", "'style'", "option"});
    });
  }

  bool is_jquery(Node object) const {
    if (object.text().starts_with("$") || object.text().starts_with("jQuery")) return true;
    if (!object.is(Kind::identifier))
      return object.is(Kind::call_expression) && root_is_jquery(object);
    return std::ranges::any_of(names_.bindings(object), [](const Binding& one) {
      return one.node.text().starts_with("$(") || one.node.text().starts_with("jQuery(");
    });
  }

  static bool root_is_jquery(Node object) {
    return one_of(root_of(object).text(), {"$", "jQuery"});
  }

  /// A text that begins with a tag, as jQuery wants it to make elements.
  bool is_markup(Node expression) const {
    if (expression.is(Kind::template_string) || expression.is(Kind::string)) {
      return text::trim(expression.text().substr(1)).starts_with("<");
    }
    if (expression.is(Kind::binary_expression)) return is_markup(expression.child(Field::left));
    if (!expression.is(Kind::identifier)) return false;
    return std::ranges::any_of(names_.bindings(expression), [](const Binding& one) {
      const auto text = one.node.text();
      return !text.empty() && one_of(text.substr(0, 1), {"`", "'", "\""}) &&
             text::trim(text.substr(1)).starts_with("<");
    });
  }

  void report(Node at, Node expression) {
    std::vector<std::pair<Node, Node>> data;
    data_ = &data;
    seen_.clear();
    collect(expression, {}, 0);
    for (const auto& [place, origin] : data) {
      const Node shown = place == expression ? at : place;
      const Location where{shown.location().path, shown.line(), 0, 0};
      const bool known = std::ranges::any_of(found_, [&](const Hazard& other) {
        return other.at.path == where.path && other.at.line == where.line;
      });
      if (known) continue;
      Hazard hazard;
      hazard.what = "innerHTML";
      hazard.at = where;
      hazard.trace.push_back({{origin.location().path, origin.line(), 0, 0},
                              text::shorten(origin.text(), longest_shown) + " comes in"});
      hazard.trace.push_back(
          {{at.location().path, at.line(), 0, 0}, "it becomes markup of the page"});
      found_.push_back(std::move(hazard));
    }
  }

  // ---- what it is made of

  void add(Node origin, Node place) { data_->emplace_back(place ? place : origin, origin); }

  /// Adds the pieces of an expression that hold foreign text, each at `place` or where it stands.
  void collect(Node node, Node place, int depth) {
    if (!node || depth > deepest || steps_-- <= 0) return;
    if (!seen_.insert({node, place}).second) return;
    switch (node.kind()) {
      case Kind::template_string:
      case Kind::template_substitution:
      case Kind::array:
      case Kind::parenthesized_expression:
      case Kind::await_expression:
      case Kind::spread_element:
      case Kind::sequence_expression:
        django_text(node, place);
        for (const Node child : node.children()) collect(child, place, depth + 1);
        return;
      case Kind::string:
        django_text(node, place);
        return;
      case Kind::binary_expression: {
        const auto sign = node.child(Field::operator_).text();
        if (!one_of(sign, {"+", "||", "??", "&&"})) return;
        if (sign != "&&") collect(node.child(Field::left), place, depth + 1);
        collect(node.child(Field::right), place, depth + 1);
        return;
      }
      case Kind::ternary_expression:
        collect(node.child(Field::consequence), place, depth + 1);
        collect(node.child(Field::alternative), place, depth + 1);
        return;
      case Kind::identifier:
        identifier(node, place, depth);
        return;
      case Kind::member_expression:
      case Kind::subscript_expression:
        member(node, place, depth);
        return;
      case Kind::call_expression:
        call(node, place, depth);
        return;
      default:
        return;
    }
  }

  /// Text of Django's variables in a string: the browser undoes their escaping in event handlers;
  /// |safe and |escapejs leave them as they are. In a script they stay escaped.
  void django_text(Node node, Node place) {
    if (node.is(Kind::array) || node.is(Kind::template_substitution)) return;
    const auto found = by_tree_.find(node.tree());
    const Script* script = found == by_tree_.end() ? nullptr : found->second;
    if (script == nullptr || script->page == nullptr) return;
    auto piece = std::ranges::lower_bound(script->pieces, static_cast<std::size_t>(node.start()),
                                          {}, &TemplatePiece::start);
    for (; piece != script->pieces.end() && piece->start < node.end(); ++piece) {
      if (piece->tag.kind != TemplateTag::Kind::variable) continue;
      const std::string_view text = piece->tag.text;
      const bool raw = script->in_handler(node.start()) ||
                       text::contains_any(text, {"|safe", "| safe", "escapejs"});
      const PageScope& scope = scopes_.at(script);
      const std::string path(text::trim(text.substr(0, text.find('|'))));
      if (raw && foreign_.in_page(scope, scope.expanded(path, piece->start))) add(node, place);
    }
  }

  void identifier(Node node, Node place, int depth) {
    if (is_harmless_name(node.text())) return;
    const auto bound = names_.bindings(node);
    // A text that is written in one piece shows where its parts stand.
    const bool whole = bound.size() == 1 && bound.front().kind == Binding::Kind::value &&
                       is_composed(bound.front().node);
    for (const auto& one : bound) {
      const Node shown = whole || place ? place : node;
      switch (one.kind) {
        case Binding::Kind::value:
        case Binding::Kind::added:
        case Binding::Kind::element:
          collect(one.node, shown, depth + 1);
          break;
        case Binding::Kind::property:
          if (in_answers(node.text(), root_of(one.node))) add(node, shown);
          break;
        case Binding::Kind::parameter:
          parameter(one, node, shown, depth + 1);
          break;
      }
    }
  }

  bool is_composed(Node value) const {
    const Node callee = value.child(Field::function);
    return value.is(Kind::template_string) || value.is(Kind::binary_expression) ||
           (callee.is(Kind::identifier) && !names_.functions(callee).empty());
  }

  void parameter(const Binding& binding, Node use, Node place, int depth) {
    const Node function = binding.node;
    const Node holder = function.parent();
    if (holder.is(Kind::arguments)) {
      callback(holder.parent(), binding, use, place, depth);
    } else if (holder.is(Kind::pair) && holder.parent().parent().is(Kind::arguments)) {
      // $.ajax({url: …, success: function (data) { … }})
      if (holder.child(Field::key).text() == "success" && binding.position == 0 &&
          sends_text(property_of(holder.parent(), "url"))) {
        add(use, place);
      }
    }
    const auto name = ScriptNames::name_of(function);
    if (name.empty() || holder.is(Kind::pair)) return;
    for (const Node one : names_.callers(function)) {
      if (function.contains(one)) continue;
      const auto given = arguments_of(one);
      if (binding.position < given.size()) collect(given[binding.position], place, depth + 1);
    }
  }

  void callback(Node call, const Binding& binding, Node use, Node place, int depth) {
    const Node callee = call.child(Field::function);
    const auto method = callee.child(Field::property).text();
    if (one_of(method, {"forEach", "map", "filter", "flatMap"})) {
      if (binding.position == 0) collect(callee.child(Field::object), place, depth + 1);
      return;
    }
    const Node address = address_of_call(call);
    if (address && binding.position == 0 && sends_text(address)) add(use, place);
  }

  /// The address whose answer a callback of this call gets: $.get(address, …),
  /// fetch(address).then(…).then(…).
  static Node address_of_call(Node call) {
    const Node callee = call.child(Field::function);
    Node asking;
    if (one_of(callee.text(), {"$.get", "$.post", "$.getJSON", "jQuery.get", "jQuery.post", "fetch",
                               "axios.get", "axios.post", "axios"})) {
      asking = call;
    } else if (one_of(callee.child(Field::property).text(), {"then", "done", "json", "text"})) {
      asking = callee.child(Field::object);
      if (asking.is(Kind::call_expression)) return address_of_call(asking);
      return {};
    } else if (one_of(callee.text(), {"$.ajax", "jQuery.ajax"})) {
      const auto given = arguments_of(call);
      return given.empty() ? Node() : property_of(given.front(), "url");
    }
    if (!asking) return {};
    const auto given = arguments_of(asking);
    return given.empty() ? Node() : given.front();
  }

  /// The address that the answer in this name comes from; absent where it is not known.
  Node address_of(Node identifier, int depth) const {
    if (!identifier.is(Kind::identifier) || depth > 6) return {};
    for (const auto& one : names_.bindings(identifier)) {
      if (one.kind == Binding::Kind::parameter) {
        const Node holder = one.node.parent();
        if (holder.is(Kind::arguments)) {
          const Node call = holder.parent();
          const auto method = call.child(Field::function).child(Field::property).text();
          if (one_of(method, {"forEach", "map", "filter", "flatMap"})) {
            return address_of(root_of(call.child(Field::function).child(Field::object)), depth + 1);
          }
          return address_of_call(call);
        }
        if (holder.is(Kind::pair)) return property_of(holder.parent(), "url");
        for (const Node call : names_.callers(one.node)) {
          const auto given = arguments_of(call);
          if (one.position >= given.size()) continue;
          if (const Node found = address_of(root_of(given[one.position]), depth + 1)) return found;
        }
      } else if (one.kind != Binding::Kind::added) {
        Node value = one.node;
        while (value.is(Kind::await_expression) && !value.children().empty()) {
          value = *value.children().begin();
        }
        if (value.is(Kind::call_expression)) {
          if (const Node found = address_of_call(value)) return found;
        }
        if (const Node found = address_of(root_of(value), depth + 1)) return found;
      }
    }
    return {};
  }

  bool in_answers(std::string_view key, Node root) const {
    const Node address = address_of(root, 0);
    const Route* route = address ? route_of(address) : nullptr;
    return foreign_.in_answers(key, route == nullptr ? Node() : route->definition);
  }

  static Node property_of(Node object, std::string_view name) {
    for (const Node pair : object.children()) {
      const auto key = pair.child(Field::key).text();
      if (pair.is(Kind::pair) && (key == name || unquoted(key) == name)) {
        return pair.child(Field::value);
      }
    }
    return {};
  }

  /// True if the view at this address sends text that a person chose, without a template.
  bool sends_text(Node address) const {
    if (!address) return false;
    const Route* route = route_of(address);
    if (route == nullptr) return false;
    return foreign_.in_sent_text(route->definition);
  }

  const Route* route_of(Node address) const {
    const auto script = by_tree_.find(address.tree());
    if (script != by_tree_.end() && script->second->page != nullptr) {
      for (const auto& piece : script->second->pieces) {
        if (piece.start < address.start() || piece.start >= address.end()) continue;
        const auto words = tag_words(piece.tag.text);
        if (piece.tag.name != "url" || words.size() < 2) continue;
        for (const auto& route : project_.views.routes) {
          if (route.name == unquoted(words[1])) return &route;
        }
      }
    }
    if (address.is(Kind::identifier)) {
      const auto bound = names_.bindings(address);
      return bound.size() == 1 && !bound.front().node.is(Kind::identifier)
                 ? route_of(bound.front().node)
                 : nullptr;
    }
    if (!address.is(Kind::string) && !address.is(Kind::template_string)) return nullptr;
    const std::string path = unquoted(address.text());
    for (const auto& route : project_.views.routes) {
      if (fits(path, route.pattern)) return &route;
    }
    return nullptr;
  }

  /// True if the address fits the pattern; "${…}" and "<…>" stand for any one step.
  static bool fits(std::string_view path, std::string_view pattern) {
    const auto steps = [](std::string_view text) {
      std::vector<std::string_view> found;
      for (const auto step : text::split(text.substr(0, text.find('?')), '/')) {
        if (!step.empty()) found.push_back(step);
      }
      return found;
    };
    const auto a = steps(path);
    const auto b = steps(pattern);
    return !a.empty() && std::ranges::equal(a, b, [](auto one, auto other) {
      return one == other || one.find("${") != one.npos || other.starts_with('<');
    });
  }

  void member(Node node, Node place, int depth) {
    const Node named = node.child(Field::property);
    const Node object = node.child(Field::object);
    std::string property(named.text());
    if (const Node index = node.child(Field::index); index.is(Kind::string)) {
      property = unquoted(index.text());
    }
    if (is_harmless_name(property)) return;
    const std::string root(root_of(node).text());
    if (one_of(root, {"location", "window", "document"}) &&
        node.text().find("location") != std::string_view::npos) {
      if (one_of(property, {"hash", "search", "href"})) add(node, place);
      return;
    }
    if (object.child(Field::property).text() == "dataset") {
      if (attributes_.contains("data-" + dashed(property))) add(node, place);
      return;
    }
    if (property == "value" && !is_written(object)) {
      if (!is_number_input(object)) add(node, place);
      return;
    }
    if (is_element(node) || one_of(root, {"window", "document", "this", "$", "Math", "console"})) {
      return;
    }
    if (from_table(object, property, place, depth)) return;
    if (!property.empty() && in_answers(property, root_of(node))) add(node, place);
    // for (i…) … passwords[i]
    if (property.empty() && object) collect(object, place, depth + 1);
  }

  /// True for what document.querySelector() and its like gave, and for the target of an event.
  bool is_element(Node node) const {
    if (text::contains_any(node.text(), {".target", "currentTarget", "querySelector",
                                         "getElementBy", "files[", ".style."})) {
      return true;
    }
    const Node root = root_of(node);
    if (!root.is(Kind::identifier)) return false;
    const auto bound = names_.bindings(root);
    return std::ranges::any_of(bound, [](const Binding& one) {
      return one.kind == Binding::Kind::value &&
             (one.node.text().starts_with("document.") || one.node.text().starts_with("$(") ||
              text::contains_any(one.node.text(), {"querySelector", "getElement", ".target"}));
    });
  }

  /// A slider, a box to tick or a list to choose from: its value is none that a person writes.
  bool is_number_input(Node object) const {
    if (object.is(Kind::this_)) {
      const Node holder = ScriptNames::function_around(object).parent();
      object = holder.child(Field::left).child(Field::object);
    }
    std::string_view made = object.text();
    if (object.is(Kind::identifier)) {
      const auto bound = names_.bindings(object);
      if (bound.size() != 1) return false;
      made = bound.front().node.text();
    }
    const auto from = made.find_first_of("'\"");
    if (from == made.npos) return false;
    const auto to = made.find_first_of("'\"", from + 1);
    if (to == made.npos) return false;
    std::string_view id = made.substr(from + 1, to - from - 1);
    if (id.starts_with('#')) id.remove_prefix(1);
    return numbers_.contains(id);
  }

  /// A table that the script itself holds: its values are what counts.
  bool from_table(Node object, std::string_view property, Node place, int depth) {
    const Node root = root_of(object);
    if (!root.is(Kind::identifier)) return false;
    bool table = false;
    for (const auto& one : names_.bindings(root)) {
      Node value = one.node;
      if (one.kind != Binding::Kind::value) continue;
      if (value.is(Kind::binary_expression)) value = value.child(Field::left);
      if (value.is(Kind::subscript_expression)) return from_table(value, property, place, depth);
      if (!value.is(Kind::object)) continue;
      table = true;
      if (const Node held = property_of(value, property)) collect(held, place, depth + 1);
    }
    return table;
  }

  bool is_written(Node object) const {
    const Node root = root_of(object);
    if (!root.is(Kind::identifier)) return false;
    const auto bound = names_.bindings(root);
    return std::ranges::any_of(bound, [](const Binding& one) {
      return one.kind == Binding::Kind::value &&
             (one.node.is(Kind::object) || one.node.is(Kind::array));
    });
  }

  void call(Node node, Node place, int depth) {
    const Node function = node.child(Field::function);
    const auto method = function.child(Field::property).text();
    const Node object = function.child(Field::object);
    const std::vector<Node> arguments = arguments_of(node);
    if (makes_safe(function.text()) || node.text().find("&lt;") != std::string_view::npos) return;
    const Node first = arguments.empty() ? Node() : arguments.front();
    if (one_of(method, {"getAttribute", "attr", "data"})) {
      if (!first.is(Kind::string) || arguments.size() != 1) return;
      const std::string name = unquoted(first.text());
      if (attributes_.contains(method == "data" ? "data-" + name : name)) add(node, place);
    } else if ((method == "val" && arguments.empty()) || function.text() == "prompt" ||
               text::lower(function.text()).find("decrypt") != std::string::npos) {
      add(node, place);
    } else if (one_of(method, {"trim", "toUpperCase", "toLowerCase", "replace", "replaceAll",
                               "substring", "substr", "slice", "toString", "concat", "join"})) {
      collect(object, place, depth + 1);
      if (method == "concat") collect(first, place, depth + 1);
    } else if (one_of(method, {"map", "reduce", "flatMap"}) && first) {
      if (is_script_function(first)) returned(first, node, place, depth + 1);
      for (const Node own : names_.functions(first)) returned(own, node, place, depth + 1);
    } else if (one_of(function.text(), {"String", "decodeURIComponent", "JSON.stringify"})) {
      collect(first, place, depth + 1);
    } else if (function.is(Kind::identifier) || root_of(function).is(Kind::this_)) {
      for (const Node own : names_.functions(function)) returned(own, node, place, depth + 1);
    }
  }

  void returned(Node function, Node use, Node place, int depth) {
    const Node body = function.child(Field::body);
    if (!body.is(Kind::statement_block)) {
      collect(body, place, depth);
      return;
    }
    for (const Node inner : body.descendants()) {
      if (!inner.is(Kind::return_statement) || ScriptNames::function_around(inner) != function) {
        continue;
      }
      for (const Node value : inner.children()) {
        collect(value, place || is_composed(value) ? place : use, depth);
      }
    }
  }

  const Project& project_;
  const ForeignText& foreign_;
  const std::set<std::string, std::less<>>& attributes_;
  const std::vector<Script>& scripts_;
  ScriptNames names_;
  std::set<std::string, std::less<>> numbers_;  ///< ids of elements that take no text
  std::map<const python::Tree*, const Script*> by_tree_;
  std::map<const Script*, PageScope> scopes_;
  std::vector<std::pair<Node, Node>>* data_ = nullptr;
  std::set<std::pair<Node, Node>> seen_;
  std::vector<Hazard> found_;
  int steps_ = most_steps;
};

}  // namespace

std::vector<Hazard> script_hazards(const Project& project, const ForeignText& foreign,
                                   const std::set<std::string, std::less<>>& attributes) {
  const std::vector<Script> scripts = read_scripts(project, {writes_markup, false});
  if (scripts.empty()) return {};
  return Reader(project, foreign, attributes, scripts).run();
}

}  // namespace grader::project
