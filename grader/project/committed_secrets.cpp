#include "grader/project/committed_secrets.hpp"

#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/environment.hpp"
#include "grader/project/environment_calls.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

constexpr std::size_t most = 200;

/// The literal that an expression is: a text, bytes, or one of them with .encode() around it.
Node literal(Node node) {
  node = python::unwrapped(node);
  if (node.is(Kind::call)) {
    const Node function = python::callee(node);
    const auto method = function.child(Field::attribute).text();
    if (method == "encode" || method == "strip") return literal(function.child(Field::object));
    if (function.text() == "bytes" || function.text() == "str") {
      return literal(python::positional(node, 0));
    }
    return {};
  }
  return node.is(Kind::string) || node.is(Kind::concatenated_string) ? node : Node();
}

/// True for texts that are statements of their own: documentation.
bool is_documentation(Node string) { return string.parent().is(Kind::expression_statement); }

/// Last name of an assignment's target: NAME, self.name, table["name"].
std::string target_name(Node target) {
  if (target.is(Kind::identifier)) return std::string(target.text());
  if (target.is(Kind::attribute)) return std::string(target.child(Field::attribute).text());
  if (target.is(Kind::subscript)) return python::string_text(target.child(Field::subscript));
  return {};
}

/// Words of what an expression stands in: the assigned names and keys above it, the called
/// function.
std::string surroundings(Node node) {
  std::string words;
  for (Node outer = node.parent(); outer; outer = outer.parent()) {
    if (outer.is(Kind::pair)) words += "_" + python::string_text(outer.child(Field::key));
    if (outer.is(Kind::assignment)) words += "_" + std::string(outer.child(Field::left).text());
    if (outer.is(Kind::call)) words += "_" + python::dotted(python::callee(outer));
    if (outer.is(Kind::function_definition) || outer.is(Kind::class_definition)) break;
    if (words.size() > 300) break;
  }
  return words;
}

class PythonSecrets {
 public:
  explicit PythonSecrets(const Project& project) : program_(project.program) {
    for (const auto& module : project.settings) {
      const bool other = &module != &project.settings.front() &&
                         (module.role == SettingsModule::Role::test ||
                          module.role == SettingsModule::Role::development);
      (other ? left_out_ : settings_).insert(module.path);
    }
  }

  std::vector<CommittedSecret> run() {
    for (const auto& module : program_.modules()) {
      if (is_test_or_data(module.path()) || left_out_.contains(module.path())) continue;
      seen_.clear();
      in_settings_ = settings_.contains(module.path());
      for (const Node node : module.root().descendants()) {
        if (found_.size() >= most) break;
        one(node);
      }
    }
    return std::move(found_);
  }

 private:
  void one(Node node) {
    switch (node.kind()) {
      case Kind::assignment:
        assignment(node);
        break;
      case Kind::pair:
        pair(node);
        break;
      case Kind::keyword_argument:
        argument(node);
        break;
      case Kind::call:
        call(node);
        break;
      case Kind::string:
        text(node);
        break;
      default:
        break;
    }
  }

  void add(const std::string& what, const std::string& value, Node at) {
    if (!seen_.insert(value).second) return;
    found_.push_back({what, value, at.location()});
  }

  void named(const std::string& name, const std::string& guess, Node value) {
    const Node written = literal(value);
    if (!written) return;
    const auto known = python::evaluate(written, nullptr);
    const bool own_check = in_settings_ && name == "SECRET_KEY";
    if (!known.known() || own_check) return;
    const std::string kind = credential_kind(name, guess, known.text);
    if (!kind.empty()) add(kind, known.text, written);
  }

  void assignment(Node node) {
    const Node target = node.child(Field::left);
    const std::string name = target_name(target);
    std::string kind = secret_kind(name, target.is(Kind::subscript) ? target.text() : "");
    const bool constant = std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
    // `password = "…"` in a function or on an object is data of the application's.
    if (kind == "password" && !constant) return;
    const bool inside = static_cast<bool>(node.enclosing(Kind::function_definition));
    if (kind == "django secret key" && !constant && !inside) kind = "secret";
    const Node value = node.child(Field::right);
    named(name, kind, value);
    // FERNET_KEYS = ["…"]
    if (!constant || !name.ends_with("KEYS") || !value.is(Kind::list)) return;
    for (const Node item : value.children()) {
      named(name, secret_kind(name.substr(0, name.size() - 1)), item);
    }
  }

  /// Entries of the dictionaries of settings: DATABASES, LDAP, social accounts.
  void pair(Node node) {
    if (!in_settings_ && !shouts(node)) return;
    const std::string name = python::string_text(node.child(Field::key));
    named(name, secret_kind(name, surroundings(node)), node.child(Field::value));
  }

  /// True in a dictionary that an upper case name is assigned.
  static bool shouts(Node node) {
    const Node assignment = node.enclosing(Kind::assignment);
    const auto name = assignment.child(Field::left).text();
    return assignment.child(Field::left).is(Kind::identifier) &&
           std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
  }

  /// connect(password="…"), create_superuser(password="…").
  void argument(Node node) {
    const std::string name(node.child(Field::name).text());
    const std::string called = python::dotted(python::callee(node.parent().parent()));
    std::string kind = secret_kind(name);
    if (kind == "password" && called.ends_with("connect")) kind = "db password";
    if (kind == "password" && called.ends_with("create_superuser")) kind = "account password";
    if (kind == "password" || kind == "encryption key") return;
    named(name, kind, node.child(Field::value));
  }

  void call(Node node) {
    if (const auto read = look_up(node, program_)) return fallback(node, *read);
    const Node function = python::callee(node);
    const std::string name = qualified_or_written(function, program_);
    if (name.ends_with("fernet.Fernet") || name.ends_with("AESGCM") || name.ends_with("AES.new")) {
      key(python::positional(node, 0));
    }
    if (name.ends_with(".derive")) key(python::positional(node, 0));
    if (name.ends_with(".login") && python::positional(node, 1)) {
      const Node written = literal(python::positional(node, 1));
      const std::string value = python::evaluate(written, nullptr).text;
      if (written && is_credential("email password", value)) add("email password", value, written);
    }
  }

  /// A literal that is handed to a cipher, wherever it is written.
  void key(Node node) {
    const Node written = literal(node);
    const auto value = python::evaluate(written, nullptr);
    if (written && value.known() && value.text.size() >= 8 && !is_placeholder(value.text)) {
      add("encryption key", value.text, written);
    }
  }

  /// The default of a look-up works where the variable is not set.
  void fallback(Node node, const LookUp& read) {
    const std::string guess = secret_kind(read.variable);
    const bool own_check = in_settings_ && guess == "django secret key";
    if (!read.fallback.is_string() || own_check) return;
    const std::string kind = credential_kind(read.variable, guess, read.fallback.text);
    if (kind.empty() || kind == "password") return;
    add(kind, read.fallback.text, read.fallback.node ? read.fallback.node : node);
  }

  void text(Node node) {
    if (is_documentation(node)) return;
    const std::string_view written = node.text();
    if (written.find("://") != written.npos) {
      const std::string value = python::evaluate(node, nullptr).text;
      if (auto password = url_password(value); !password.empty())
        add("db password", password, node);
    }
    for (auto& [offset, what, value] : signatures(written)) add(what, value, node);
  }

  const python::Program& program_;
  std::set<std::string, std::less<>> settings_;
  std::set<std::string, std::less<>> left_out_;
  std::set<std::string> seen_;  ///< values of this file
  bool in_settings_ = false;
  std::vector<CommittedSecret> found_;
};

}  // namespace

bool is_test_or_data(std::string_view path) {
  const std::string lowered = "/" + text::lower(path);
  const std::string_view name = file_name(lowered);
  return text::contains_any(lowered, {"/tests/", "/test/", "/migrations/", "/testing/"}) ||
         name.starts_with("test") || name.ends_with("_test.py") || name == "conftest.py" ||
         name.find("factor") != name.npos || name.starts_with("fixture");
}

std::vector<CommittedSecret> read_committed_secrets(const Project& project) {
  std::vector<CommittedSecret> found = PythonSecrets(project).run();
  for (auto& secret : secrets_of_files(project.files)) {
    if (found.size() >= most) break;
    found.push_back(std::move(secret));
  }
  return found;
}

}  // namespace grader::project
