#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

bool is_test_file(std::string_view path) {
  return path.find("test") != path.npos || path.find("/migrations/") != path.npos;
}

constexpr std::uint64_t largest_script = 300'000;

bool draws_at_random(std::string_view body) {
  return text::contains_any(body, {"random.", "secrets.", "choice(", "get_random_string",
                                   "token_urlsafe", "randint", "sample("});
}

/// A script that draws at random next to words for passwords. `script` in lower case.
bool draws_passwords(std::string_view script) {
  constexpr std::size_t window = 500;
  for (const std::string_view random : {"math.random", "getrandomvalues"}) {
    for (auto at = script.find(random); at != script.npos; at = script.find(random, at + window)) {
      const auto near = script.substr(at < window ? 0 : at - window, 2 * window);
      if (text::contains_any(near, {"password", "passwd", "mdp", "motdepasse", "senha", "contrasen",
                                    "пароль", "parol"})) {
        return true;
      }
    }
  }
  return false;
}

/// Looks over the routed views, their classes' bases and the code they live in.
class Finder {
 public:
  explicit Finder(Project& project) : project_(project) {}

  void run() {
    reached_ = reached_functions(project_);
    for (const auto& module : project_.program.modules()) {
      if (!is_test_file(module.path())) read_module(module);
    }
    for (const auto& route : project_.views.routes) read_route(route);
    for (const auto& view : project_.views.all) {
      if (!view.routes.empty()) read_operations(view);
    }
    for (const auto& entry : project_.files.entries) read_file(entry.path);
    read_scripts();
    if (auto at = find_page_search(project_)) note(project_.features.search, *at);
    find_accounts(project_);
  }

 private:
  static void note(std::optional<Location>& feature, Location at) {
    at.end_line = 0;
    if (!feature) feature = std::move(at);
  }

  void read_module(const python::Module& module) {
    for (const Node node : module.root().descendants()) {
      if (node.is(Kind::call)) note_account_call(project_, node);
      if (node.is(Kind::function_definition)) read_function(node);
      if (node.is(Kind::import_statement) || node.is(Kind::import_from_statement))
        read_import(node);
    }
  }

  void read_function(Node function) {
    auto& features = project_.features;
    const std::string name = text::lower(python::definition_name(function));
    const auto body = function.child(Field::body).text();
    if (reached_.contains(function) && draws_at_random(body) && makes_passwords(function, name)) {
      note(features.generator, function.location());
    }
    if (text::contains_any(name, {"strength", "force_mdp", "robust"})) {
      note(features.strength, function.location());
    }
  }

  /// By its name, its class's, or what it calls the result.
  static bool makes_passwords(Node function, const std::string& name) {
    if (text::contains_any(name, {"key", "salt", "token", "otp", "code", "link", "captcha"})) {
      return false;
    }
    if (text::contains_any(name, {"gener", "random"})) return true;
    const Node owner = function.enclosing(Kind::class_definition);
    if (owner && text::lower(python::definition_name(owner)).find("generat") != std::string::npos) {
      return true;
    }
    for (const Node node : function.child(Field::body).descendants()) {
      if (!node.is(Kind::assignment) && !node.is(Kind::augmented_assignment)) continue;
      const Node left = node.child(Field::left);
      if (left.is(Kind::identifier) && names_a_secret(left.text()) &&
          draws_at_random(node.child(Field::right).text())) {
        return true;
      }
    }
    return false;
  }

  void read_import(Node node) {
    auto& features = project_.features;
    const auto text = node.text();
    if (text.find("rest_framework") != text.npos) note(features.drf, node.location());
    if (text::contains_any(text, {"pyotp", "django_otp", "two_factor", "mintotp"})) {
      note(features.two_factor, node.location());
    }
    if (text::contains_any(text, {"zxcvbn", "password_strength"})) {
      note(features.strength, node.location());
    }
  }

  void read_route(const Route& route) {
    auto& features = project_.features;
    const std::string pattern = text::lower(route.pattern + " " + route.name);
    if (text::contains_any(pattern, {"2fa", "two_factor", "two-factor", "otp", "totp"})) {
      note(features.two_factor, route.at);
    }
  }

  void read_operations(const View& view) {
    auto& features = project_.features;
    for (const auto& operation : view.operations) {
      if (operation.op == "search") note(features.search, operation.at);
      if (operation.op == "export") note(features.export_, operation.at);
      if (operation.op == "import") note(features.import_, operation.at);
    }
    const std::string name = text::lower(view.name);
    if (name.find("import") != name.npos) note(features.import_, view.at);
    if (name.find("export") != name.npos) note(features.export_, view.at);
  }

  void read_file(const std::string& path) {
    const std::string name = text::lower(file_name(path));
    if (is_vendored(path, project_.files)) return;
    if (name == "dockerfile" || name.starts_with("docker-compose") || name == "compose.yml" ||
        name == "compose.yaml" || name.ends_with(".dockerfile")) {
      note(project_.features.docker, {path});
    }
  }

  /// A strength indicator or a generator in the pages' own scripts.
  void read_scripts() {
    for (const auto& page : project_.templates) {
      read_script(page.path, text::lower(page.text));
    }
    for (const auto& entry : project_.files.entries) {
      const bool script = entry.path.ends_with(".js") && !entry.path.ends_with(".min.js");
      if (!script || entry.size > largest_script || is_vendored(entry.path, project_.files)) {
        continue;
      }
      if (const auto text = project_.files.text(entry.path)) {
        read_script(entry.path, text::lower(*text));
      }
    }
  }

  void read_script(const std::string& path, const std::string& text) {
    if (text::contains_any(text, {"zxcvbn", "passwordstrength", "password-strength",
                                  "strengthmeter", "strength-meter", "password_strength"})) {
      note(project_.features.strength, {path});
    }
    if (text::contains_any(text, {"generatepassword", "generate_password", "generate-password"}) ||
        draws_passwords(text)) {
      note(project_.features.generator, {path});
    }
  }

  Project& project_;
  std::set<Node> reached_;
};

}  // namespace

void find_features(Project& project) {
  Finder(project).run();
  find_interface(project);
}

}  // namespace grader::project
