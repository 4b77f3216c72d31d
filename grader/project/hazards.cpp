#include <algorithm>
#include <array>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/flow/flow.hpp"
#include "grader/project/pages/page_hazards.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using flow::FoundCall;
using flow::Op;
using flow::Ref;
using flow::Source;
using flow::Trait;
using flow::Value;
using python::Kind;
using python::Node;

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&](auto end) { return name.ends_with(end); });
}

/// The first piece of a text that is put together.
const Value* first_piece(const Ref& value) {
  const Value* piece = value.get();
  while (piece->made_by(Op::text) && !piece->parts.empty()) piece = piece->parts.front().get();
  return piece;
}

/// What a value is called where it comes in, for a trace.
std::string foreign_name(const Ref& value) {
  std::string name;
  flow::any_part(value, [&](const Value& part) {
    if (part.is_input(Source::typed) || part.is_input(Source::parameter)) name = part.name;
    return !name.empty();
  });
  return name.empty() ? "what a person sends" : name;
}

/// True if what a person wrote stands in it as it was written: not through escape() or its like.
bool holds_markup(const Ref& value, int depth = 0) {
  constexpr int deepest = 40;
  if (!value->has(Trait::typed | Trait::stored) || depth > deepest) return false;
  if (value->made_by(Op::text) && value->name == flow::escaped) return false;
  if (value->parts.empty()) return true;
  return std::ranges::any_of(value->parts,
                             [&](const Ref& part) { return holds_markup(part, depth + 1); });
}

bool is_own_secret(const Value& part, const std::string& column) {
  if (part.made_by(Op::decipher) || part.made_by(Op::kdf)) return true;
  if (part.is_input(Source::row)) return part.name == column;
  if (part.is_input(Source::random)) {
    // Random bytes are salts and nonces as a rule.
    return part.name != "uuid" && part.name != "random" && part.name != "os.urandom" &&
           part.name.find("bytes") == std::string::npos;
  }
  return (part.is_input(Source::typed) || part.is_input(Source::parameter) ||
          part.is_input(Source::session)) &&
         names_a_secret(part.name);
}

class Reader {
 public:
  Reader(const Project& project, const flow::Flow& flow) : project_(project), flow_(flow) {
    if (const Model* entry = project.models.entry_model()) {
      secret_column_ = entry->qualified + "." + project.models.secret_field;
    }
  }

  std::vector<Hazard> run() {
    for (const auto& call : flow_.calls) look_at(call);
    for (auto& hazard : page_hazards(project_, flow_)) add(std::move(hazard));
    return std::move(found_);
  }

 private:
  void add(Hazard hazard) {
    const bool known = std::ranges::any_of(found_, [&](const Hazard& other) {
      return other.what == hazard.what && other.at.path == hazard.at.path &&
             other.at.line == hazard.at.line;
    });
    if (!known) found_.push_back(std::move(hazard));
  }

  void add(std::string what, const FoundCall& call, const Ref& data, std::string text) {
    Hazard hazard;
    hazard.what = std::move(what);
    hazard.at = call.node.location();
    Node from;
    flow::any_part(data, [&](const Value& part) {
      const bool source = part.is(Value::Kind::input) && part.node &&
                          (part.source == Source::typed || part.source == Source::row ||
                           part.source == Source::parameter);
      if (source && !from) from = part.node;
      return false;
    });
    if (from) hazard.trace.push_back({from.location(), "the data comes in: " + foreign_name(data)});
    hazard.trace.push_back({hazard.at, std::move(text)});
    add(std::move(hazard));
  }

  void look_at(const FoundCall& call) {
    const Ref first = call.arguments.empty() ? nullptr : call.arguments.front();
    if (is_sql(call.name)) return sql(call);
    if (!first) return;
    if (ends_with_any(call.name, {".mark_safe", ".SafeString", ".SafeText", ".Markup"})) {
      if (holds_markup(first)) {
        add("markup_safe", call, first, "it is marked as safe markup");
      }
    } else if (ends_with_any(call.name, {".HttpResponse"})) {
      answer(call, first);
    } else if (ends_with_any(call.name, {".format_html"})) {
      if (!first->is(Value::Kind::constant) && first->has(Trait::typed | Trait::stored)) {
        add("markup_safe", call, first, "it is the format of format_html(), which is not escaped");
      }
    } else if (call.name == "builtins.eval" || call.name == "builtins.exec") {
      if (first->has(Trait::foreign)) add("eval", call, first, "it is run as Python");
    } else if (is_shell(call)) {
      if (first->has(Trait::foreign)) add("shell", call, first, "it becomes part of a command");
    } else if (is_loader(call.name)) {
      if (first->has(Trait::typed)) {
        add("unsafe_load", call, first, "loading it can run any code that it names");
      }
    } else if (ends_with_any(call.name, {".redirect", ".HttpResponseRedirect",
                                         ".HttpResponsePermanentRedirect"})) {
      redirect(call, first);
    } else if (is_fetch(call.name)) {
      const Value* start = first_piece(first);
      if (start->is_input(Source::typed)) {
        add("server_request", call, first, "the server fetches an address that a person chose");
      }
    } else {
      logged(call);
    }
  }

  /// An answer of text/html, which is the default, that repeats what an address carried. What comes
  /// by POST comes with a token that no stranger has.
  void answer(const FoundCall& call, const Ref& content) {
    const bool other_type = std::ranges::any_of(
        call.names, [](const std::string& name) { return name == "content_type"; });
    const Node function = call.node.enclosing(Kind::function_definition);
    if (other_type || call.arguments.size() > 1 || !function) return;
    const bool json = flow::any_part(content, [](const Value& part) {
      return part.made_by(Op::text) && part.name.find("json") != std::string::npos;
    });
    const bool by_address = function.text().find("request.GET") != std::string_view::npos;
    const bool built = content->made_by(Op::text) || content->is_input(Source::typed);
    if (by_address && built && !json && content->has(Trait::typed) && holds_markup(content)) {
      add("markup_safe", call, content, "it is sent as a page of HTML, unescaped");
    }
  }

  static bool is_sql(std::string_view name) {
    return ends_with_any(
        name, {".execute", ".executemany", ".executescript", ".raw", ".extra", ".RawSQL"});
  }

  void sql(const FoundCall& call) {
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
      const Ref& argument = call.arguments[i];
      // Parameters are bound apart from the text; so are those of extra().
      if (call.names[i] == "params" || call.names[i] == "select_params") continue;
      if (i > 0 && !call.name.ends_with(".extra") && call.names[i].empty()) continue;
      const bool built = flow::any_part(argument, [](const Value& part) {
        return part.made_by(Op::text) && part.has(Trait::foreign) && holds_sql(part);
      });
      if (!built) continue;
      add("sql", call, argument, "it becomes part of the text of a query");
      return;
    }
  }

  /// A text that is put together with SQL written in the code.
  static bool holds_sql(const Value& text) {
    return std::ranges::any_of(text.parts, [](const Ref& part) {
      return flow::any_part(part, [](const Value& inner) {
        if (!inner.is(Value::Kind::constant)) return false;
        const std::string lowered = text::lower(inner.literal.text);
        return text::contains_any(
            lowered, {"select ", "insert ", "update ", "delete ", "where ", " from ", " set ",
                      "like ", "drop ", "order by", "=", "alter ", "create "});
      });
    });
  }

  static bool is_shell(const FoundCall& call) {
    if (call.name == "os.system" || call.name == "os.popen") return true;
    if (!call.name.starts_with("subprocess.")) return false;
    // A list of words is no command line, unless a shell reads it.
    for (std::size_t i = 0; i < call.names.size(); ++i) {
      if (call.names[i] == "shell" && call.arguments[i]->is(Value::Kind::constant) &&
          call.arguments[i]->literal.is_true()) {
        return true;
      }
    }
    return call.name == "subprocess.getoutput" || call.name == "subprocess.getstatusoutput";
  }

  static bool is_loader(std::string_view name) {
    return name == "pickle.loads" || name == "pickle.load" || name == "marshal.loads" ||
           name == "dill.loads" || name == "jsonpickle.decode" || name == "yaml.load" ||
           name == "yaml.unsafe_load";
  }

  static bool is_fetch(std::string_view name) {
    const auto dot = name.rfind('.');
    const auto module = name.substr(0, name.find('.'));
    const bool client = module == "requests" || module == "httpx" || module == "aiohttp";
    if (client) {
      return ends_with_any(name,
                           {".get", ".post", ".head", ".put", ".patch", ".delete", ".options"});
    }
    // Libraries that open pages, or look for the icon of one.
    const bool opens = module == "mechanize" || module == "mechanicalsoup" || module == "favicon" ||
                       module == "newspaper" || module == "selenium";
    const auto method = dot == name.npos ? std::string_view() : name.substr(dot + 1);
    return name.ends_with(".urlopen") || name.ends_with(".urlretrieve") ||
           (opens && (method == "open" || method == "get"));
  }

  void redirect(const FoundCall& call, const Ref& target) {
    const Value* start = first_piece(target);
    const bool typed = start->is_input(Source::typed) && start->name != "?";
    const bool referer = target->is_input(Source::other) && target->name == "request.META" &&
                         call.node.text().find("REFERER") != std::string_view::npos;
    if (!typed && !referer) return;
    // url_has_allowed_host_and_scheme() and its like, anywhere in the function.
    const Node function = call.node.enclosing(Kind::function_definition);
    if (function && text::contains_any(function.text(), {"url_has_allowed_host", "is_safe_url",
                                                         "startswith(", "urlparse(", "resolve("})) {
      return;
    }
    if (is_path_parameter(*start, function)) return;
    add("open_redirect", call, target, "the browser is sent wherever it says");
  }

  /// A part of the URL that chose the view names a view or a row of ours.
  static bool is_path_parameter(const Value& value, Node function) {
    for (const Node parameter : function.child(python::Field::parameters).children()) {
      if (parameter.text() == value.name) return true;
    }
    return false;
  }

  /// What came out of code that is not followed is no more the secret that went in.
  bool holds_secret(const Ref& value, int depth) const {
    constexpr int deepest = 40;
    if (!value || depth > deepest) return false;
    if (is_own_secret(*value, secret_column_)) return true;
    if (value->made_by(Op::unknown)) return false;
    return std::ranges::any_of(value->parts,
                               [&](const Ref& part) { return holds_secret(part, depth + 1); });
  }

  void logged(const FoundCall& call) {
    const bool prints = call.name == "builtins.print" || call.name.ends_with(".pprint");
    const bool logs = ends_with_any(call.name, {".debug", ".info", ".warning", ".error",
                                                ".exception", ".critical", ".log"}) &&
                      !call.name.starts_with("django.contrib.messages");
    const bool tells = call.name.starts_with("django.contrib.messages.");
    if (!prints && !logs && !tells) return;
    for (const auto& argument : call.arguments) {
      const bool secret = holds_secret(argument, 0);
      const bool hidden = flow::any_part(argument, [](const Value& part) {
        return part.made_by(Op::hash) || part.made_by(Op::cipher);
      });
      if (!secret || hidden) continue;
      if (tells) {
        add("secret_in_message", call, argument, "it becomes part of a message");
      } else {
        add("secret_logged", call, argument, "it is written to the output or the log");
      }
      return;
    }
  }

  const Project& project_;
  const flow::Flow& flow_;
  std::string secret_column_;
  std::vector<Hazard> found_;
};

}  // namespace

bool Hazard::is_markup() const {
  return what == "markup_safe" || what == "innerHTML" || what == "unquoted_attribute" ||
         what == "script_url" || what == "event_handler" || what == "script_data";
}

std::vector<Hazard> read_hazards(const Project& project, const flow::Flow& flow) {
  return Reader(project, flow).run();
}

}  // namespace grader::project
