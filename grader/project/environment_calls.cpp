#include "grader/project/environment_calls.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "grader/base/text.hpp"
#include "grader/project/environment.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

std::string_view last_part(std::string_view qualified) {
  const auto dot = qualified.rfind('.');
  return dot == qualified.npos ? qualified : qualified.substr(dot + 1);
}

template <std::size_t size>
bool among(std::string_view name, const std::array<std::string_view, size>& names) {
  return std::ranges::find(names, name) != names.end();
}

/// The class (or function) whose call an object is bound to: `env = environ.Env(…)`.
Node made_by(Node object, const python::Program& program) {
  if (object.is(Kind::call)) return object;
  const Node definition = program.resolve(object).definition;
  const Node right = definition.is(Kind::assignment) ? definition.child(Field::right) : Node();
  return right.is(Kind::call) ? right : Node();
}

/// What a cast argument means: `bool`, `Csv()`, `lambda v: [… v.split(",")]`, `json.loads`.
std::string cast_of(Node cast, const python::Program& program) {
  if (!cast) return {};
  if (cast.is(Kind::lambda)) return text::contains_any(cast.text(), {"split"}) ? "list" : "";
  const Node named = cast.is(Kind::call) ? python::callee(cast) : cast;
  const std::string name(last_part(qualified_or_written(named, program)));
  if (name == "Csv") return "list";
  if (name == "loads") return "json";
  if (name == "parse" || name == "db_url" || name == "dburl") return "db";
  if (name == "strtobool") return "bool";
  constexpr std::array types{std::string_view("int"),   std::string_view("float"),
                             std::string_view("bool"),  std::string_view("list"),
                             std::string_view("tuple"), std::string_view("dict")};
  if (!among<6>(name, types)) return {};
  return name == "tuple" ? "list" : name == "dict" ? "json" : name;
}

/// Type that a method of an Env object gives: env.bool, env.db, env.dj_db_url…
std::string cast_of_method(std::string_view method) {
  static const std::map<std::string_view, std::string_view> casts{{"int", "int"},
                                                                  {"float", "float"},
                                                                  {"decimal", "float"},
                                                                  {"bool", "bool"},
                                                                  {"list", "list"},
                                                                  {"tuple", "list"},
                                                                  {"dict", "json"},
                                                                  {"json", "json"},
                                                                  {"url", "url"},
                                                                  {"db", "db"},
                                                                  {"db_url", "db"},
                                                                  {"dj_db_url", "db"},
                                                                  {"cache", "url"},
                                                                  {"cache_url", "url"},
                                                                  {"search_url", "url"},
                                                                  {"email", "url"},
                                                                  {"email_url", "url"},
                                                                  {"dj_email_url", "url"},
                                                                  {"dj_cache_url", "url"},
                                                                  {"log_level", ""},
                                                                  {"str", ""},
                                                                  {"bytes", ""},
                                                                  {"path", ""},
                                                                  {"unicode", ""},
                                                                  {"get_value", ""},
                                                                  {"enum", ""},
                                                                  {"date", ""},
                                                                  {"datetime", ""},
                                                                  {"timedelta", "int"},
                                                                  {"uuid", ""},
                                                                  {"port", "int"}};
  const auto found = casts.find(method);
  return found == casts.end() ? "-" : std::string(found->second);
}

EnvironmentCall of_os(Node call, bool raises) {
  EnvironmentCall read;
  read.variable_node = python::argument(call, "key", 0);
  read.fallback_node = python::argument(call, "default", 1);
  read.raises = raises;
  return read;
}

/// decouple: config(option, default=…, cast=…).
EnvironmentCall of_decouple(Node call, const python::Program& program) {
  EnvironmentCall read;
  read.variable_node = python::argument(call, "option", 0);
  read.fallback_node = python::argument(call, "default", 1);
  read.cast = cast_of(python::argument(call, "cast", 2), program);
  read.raises = true;
  return read;
}

/// environ.Env and environs.Env: env("K"), env.bool("K", default), with the scheme of
/// Env(K=(type, default)).
EnvironmentCall of_env(Node call, Node maker, std::string_view method,
                       const python::Program& program) {
  EnvironmentCall read;
  read.raises = true;
  read.variable_node = python::argument(call, "var", 0);
  if (!read.variable_node) read.variable_node = python::keyword(call, "name");
  const bool cast_first =
      !qualified_or_written(python::callee(maker), program).starts_with("environs") &&
      (method.empty() || method == "list" || method == "tuple" || method == "get_value");
  read.fallback_node = python::keyword(call, "default");
  if (!read.fallback_node) read.fallback_node = python::positional(call, cast_first ? 2 : 1);
  read.cast = method.empty() ? "" : cast_of_method(method);
  const Node cast = cast_first ? python::argument(call, "cast", 1) : python::keyword(call, "cast");
  if (cast && read.cast.empty()) read.cast = cast_of(cast, program);
  if (!read.variable_node) {
    read.variable = method.starts_with("cache")   ? "CACHE_URL"
                    : method.starts_with("email") ? "EMAIL_URL"
                                                  : "DATABASE_URL";
  }
  const auto name = python::evaluate(read.variable_node, &program);
  const Node scheme = name.is_string() ? python::keyword(maker, name.text) : Node();
  if (!scheme.is(Kind::tuple)) {
    if (scheme && read.cast.empty()) read.cast = cast_of(scheme, program);
    return read;
  }
  std::vector<Node> parts;
  for (const Node part : scheme.children()) parts.push_back(part);
  if (!read.fallback_node && parts.size() > 1) read.fallback_node = parts[1];
  if (read.cast.empty() && !parts.empty()) read.cast = cast_of(parts[0], program);
  return read;
}

/// dj_database_url.config(default=…, env="DATABASE_URL").
EnvironmentCall of_database_url(Node call) {
  EnvironmentCall read;
  read.variable_node = python::argument(call, "env", 0);
  if (!read.variable_node) read.variable = "DATABASE_URL";
  read.fallback_node = python::argument(call, "default", 1);
  read.cast = "db";
  return read;
}

/// django-configurations: values.BooleanValue(False, environ_name="DEBUG"), named after the
/// attribute it is assigned to.
std::optional<EnvironmentCall> of_configurations(Node call, std::string_view qualified) {
  if (!qualified.starts_with("configurations.values.")) return std::nullopt;
  const auto kind = last_part(qualified);
  EnvironmentCall read;
  read.raises = kind == "SecretValue";
  read.fallback_node = python::argument(call, "default", 0);
  read.variable_node = python::keyword(call, "environ_name");
  const Node assigned = call.parent();
  if (!read.variable_node && assigned.is(Kind::assignment)) {
    read.variable = "DJANGO_" + std::string(assigned.child(Field::left).text());
  }
  if (kind.starts_with("Boolean")) read.cast = "bool";
  if (kind.starts_with("Integer")) read.cast = "int";
  if (kind.starts_with("List") || kind.starts_with("Tuple")) read.cast = "list";
  if (kind.starts_with("DatabaseURL")) read.cast = "db";
  return read;
}

bool is_env_class(std::string_view qualified) {
  return qualified == "environ.Env" || qualified == "environ.FileAwareEnv" ||
         qualified == "environs.Env" || qualified == "environs.FileAwareEnv" ||
         qualified == "environ.Env.Env";
}

bool is_decouple(std::string_view qualified) {
  return qualified == "decouple.config" || qualified == "prettyconf.config";
}

bool makes_decouple(std::string_view qualified) {
  return qualified == "decouple.Config" || qualified == "decouple.AutoConfig";
}

std::optional<EnvironmentCall> method_call(Node call, Node function,
                                           const python::Program& program) {
  const Node object = function.child(Field::object);
  const auto method = function.child(Field::attribute).text();
  if (is_environ(object, program)) {
    if (method == "get" || method == "setdefault") return of_os(call, false);
    if (method == "pop") return of_os(call, true);
    return std::nullopt;
  }
  const Node maker = made_by(object, program);
  if (!maker) return std::nullopt;
  const std::string made = qualified_or_written(python::callee(maker), program);
  if (is_env_class(made) && cast_of_method(method) != "-") {
    return of_env(call, maker, method, program);
  }
  if (made == "dotenv.dotenv_values" && method == "get") return of_os(call, false);
  return std::nullopt;
}

}  // namespace

bool is_environ(Node expression, const python::Program& program) {
  for (int hops = 0; hops < 3; ++hops) {
    const python::Symbol symbol = program.resolve(expression);
    if (symbol.definition.is(Kind::assignment)) {
      expression = symbol.definition.child(Field::right);
      continue;
    }
    const std::string name = symbol ? symbol.name : python::dotted(expression);
    return name == "os.environ" || name == "os.environb";
  }
  return false;
}

std::optional<EnvironmentCall> environment_call(Node node, const python::Program& program) {
  if (node.is(Kind::subscript)) {
    const Node object = node.child(Field::value);
    const Node maker = made_by(object, program);
    const bool read =
        is_environ(object, program) ||
        (maker && qualified_or_written(python::callee(maker), program) == "dotenv.dotenv_values");
    // Writing `os.environ["K"] = …` is not a read.
    const bool written = node.field() == Field::left && node.parent().is(Kind::assignment);
    if (!read || written) return std::nullopt;
    return EnvironmentCall{node.child(Field::subscript), {}, {}, true, {}};
  }
  if (!node.is(Kind::call)) return std::nullopt;
  const Node function = python::callee(node);
  const std::string name = qualified_or_written(function, program);
  if (name == "os.getenv" || name == "os.getenvb") return of_os(node, false);
  if (is_decouple(name)) return of_decouple(node, program);
  if (name == "dj_database_url.config") return of_database_url(node);
  if (auto value = of_configurations(node, name)) return value;
  if (function.is(Kind::attribute)) {
    if (auto read = method_call(node, function, program)) return read;
  }
  const Node maker = function.is(Kind::identifier) || function.is(Kind::attribute)
                         ? made_by(function, program)
                         : Node();
  if (!maker) return std::nullopt;
  const std::string made = qualified_or_written(python::callee(maker), program);
  if (is_env_class(made)) return of_env(node, maker, {}, program);
  if (makes_decouple(made)) return of_decouple(node, program);
  return std::nullopt;
}

std::optional<Node> settings_model_field(Node node, const python::Program& program) {
  if (!node.is(Kind::attribute)) return std::nullopt;
  const Node maker = made_by(node.child(Field::object), program);
  const python::Symbol made = maker ? program.resolve(python::callee(maker)) : python::Symbol();
  if (!made.is_class()) return std::nullopt;
  const auto order = program.linearised(made.definition);
  const bool model = std::ranges::any_of(order, [](const python::Symbol& base) {
    return base.name.starts_with("pydantic") && base.name.ends_with(".BaseSettings");
  });
  if (!model) return std::nullopt;
  const Node field = program.attribute(made.definition, node.child(Field::attribute).text());
  return field.is(Kind::assignment) ? std::optional(field) : std::nullopt;
}

bool is_generator(std::string_view qualified) {
  const auto last = last_part(qualified);
  if (last == "get_random_secret_key" || last == "get_random_string") return true;
  if (qualified.ends_with("Fernet.generate_key") || qualified == "os.urandom") return true;
  if (qualified.ends_with("AESGCM.generate_key")) return true;
  return qualified.starts_with("secrets.") || qualified.starts_with("random.") ||
         qualified.starts_with("uuid.uuid") || last == "get_random_bytes";
}

bool is_file_reader(std::string_view qualified) {
  static constexpr std::array readers{
      std::string_view("open"),           std::string_view("io.open"),
      std::string_view("codecs.open"),    std::string_view("json.load"),
      std::string_view("yaml.safe_load"), std::string_view("yaml.load"),
      std::string_view("toml.load"),      std::string_view("tomllib.load"),
      std::string_view("pickle.load"),    std::string_view("numpy.load")};
  const auto last = last_part(qualified);
  if (last == "ConfigParser" || last == "RawConfigParser" || last == "SafeConfigParser")
    return true;
  return among<10>(qualified, readers) || last == "read_text" || last == "read_bytes";
}

bool is_transparent(std::string_view qualified) {
  static constexpr std::array wrappers{
      std::string_view("str"),       std::string_view("bytes"),      std::string_view("bytearray"),
      std::string_view("tuple"),     std::string_view("set"),        std::string_view("sorted"),
      std::string_view("dict"),      std::string_view("repr"),       std::string_view("map"),
      std::string_view("force_str"), std::string_view("force_bytes")};
  return among<11>(last_part(qualified), wrappers) &&
         (qualified.find('.') == qualified.npos || qualified.starts_with("django.utils."));
}

bool is_encoder(std::string_view qualified) {
  return qualified.starts_with("base64.") || qualified.starts_with("hashlib.") ||
         qualified.starts_with("binascii.") || qualified.ends_with("bytes.fromhex") ||
         qualified.starts_with("hmac.");
}

std::string cast_of_call(std::string_view qualified) {
  const auto last = last_part(qualified);
  if (qualified == "int" || qualified == "float" || qualified == "bool" || qualified == "list") {
    return std::string(qualified);
  }
  if (last == "strtobool" || last == "str2bool" || last == "str_to_bool") return "bool";
  if (qualified == "ast.literal_eval" || qualified == "eval") return "bool";
  if (qualified == "json.loads") return "json";
  return {};
}

std::string use_of_call(std::string_view qualified) {
  if (qualified == "dj_database_url.parse") return "db";
  if (qualified.ends_with("fernet.Fernet")) return "fernet";
  if (qualified.ends_with("bytes.fromhex") || qualified == "binascii.unhexlify") return "hex";
  if (qualified.starts_with("base64.") && qualified.find("decode") != qualified.npos) {
    return "base64";
  }
  if (qualified.ends_with("urlparse")) return "url";
  return {};
}

}  // namespace grader::project
