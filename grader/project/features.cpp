#include <algorithm>
#include <array>

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

/// Looks over the routed views, their classes' bases and the code they live in.
class Finder {
 public:
  explicit Finder(Project& project) : project_(project) {}

  void run() {
    for (const auto& module : project_.program.modules()) {
      if (!is_test_file(module.path())) read_module(module);
    }
    for (const auto& route : project_.views.routes) read_route(route);
    for (const auto& view : project_.views.all) {
      if (!view.routes.empty()) read_operations(view);
    }
    for (const auto& entry : project_.files.entries) read_file(entry.path);
    read_scripts();
    set_interface();
  }

 private:
  static void note(std::optional<Location>& feature, Location at) {
    at.end_line = 0;
    if (!feature) feature = std::move(at);
  }

  void read_module(const python::Module& module) {
    for (const Node node : module.root().descendants()) {
      if (node.is(Kind::call)) read_call(node);
      if (node.is(Kind::function_definition)) read_function(node);
      if (node.is(Kind::import_statement) || node.is(Kind::import_from_statement))
        read_import(node);
    }
  }

  void read_call(Node call) {
    auto& features = project_.features;
    const Node function = python::callee(call);
    const std::string name = python::dotted(function);
    const python::Symbol symbol = project_.program.resolve(function);
    if (name.ends_with(".create_user") || symbol.name.ends_with("UserCreationForm")) {
      note(features.registration, call.location());
    }
    if (symbol.name == "django.contrib.auth.login" ||
        symbol.name == "django.contrib.auth.authenticate" || name.ends_with(".check_password")) {
      note(features.sign_in, call.location());
    }
  }

  void read_function(Node function) {
    auto& features = project_.features;
    const std::string name = text::lower(python::definition_name(function));
    const auto body = function.child(Field::body).text();
    const bool random = text::contains_any(
        body, {"random.", "secrets.", "choice(", "get_random_string", "token_urlsafe", "randint"});
    const bool generates =
        text::contains_any(name, {"generat", "gener", "random"}) &&
        !text::contains_any(name, {"key", "salt", "token", "otp", "code", "link"});
    if (generates && random) note(features.generator, function.location());
    if (text::contains_any(name, {"strength", "force_mdp", "robust"})) {
      note(features.strength, function.location());
    }
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
    const std::string target = text::lower(route.target);
    if (text::contains_any(target,
                           {"loginview", "tokenobtain", "obtain_auth_token", "obtainauthtoken"})) {
      note(features.sign_in, route.at);
    }
    const std::string pattern = text::lower(route.pattern + " " + route.name);
    if (text::contains_any(pattern, {"2fa", "two_factor", "two-factor", "otp", "totp"})) {
      note(features.two_factor, route.at);
    }
    const bool names_registration = text::contains_any(
        pattern + " " + target, {"register", "signup", "sign_up", "sign-up", "inscription",
                                 "registro", "cadastro", "registration"});
    if (names_registration && route.view >= 0) note(features.registration, route.at);
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

  /// A strength indicator or a generator in the page's own script.
  void read_scripts() {
    for (const auto& page : project_.templates) {
      const std::string text = text::lower(page.text);
      if (text::contains_any(text, {"zxcvbn", "passwordstrength", "password-strength",
                                    "strengthmeter", "strength-meter", "password_strength"})) {
        note(project_.features.strength, {page.path});
      }
      if (text::contains_any(text,
                             {"generatepassword", "generate_password", "generate-password"})) {
        note(project_.features.generator, {page.path});
      }
    }
  }

  void set_interface() {
    bool rest = false;
    bool pages = false;
    for (const auto& view : project_.views.all) {
      if (view.routes.empty() || view.operations.empty()) continue;
      (is_rest(view) ? rest : pages) = true;
    }
    project_.ui = rest && pages ? "both" : rest ? "drf" : pages ? "templates" : "none";
    if (!rest && !pages && !project_.templates.empty()) project_.ui = "templates";
    set_validation(rest);
  }

  bool is_rest(const View& view) const {
    if (view.definition.is(Kind::function_definition)) {
      return std::ranges::any_of(python::decorators(view.definition), [](Node decorator) {
        return decorator.text().find("api_view") != std::string_view::npos;
      });
    }
    return std::ranges::any_of(project_.program.linearised(view.definition), [](const auto& base) {
      return base.name.starts_with("rest_framework");
    });
  }

  /// How input reaches entries in the views that write them.
  void set_validation(bool rest) {
    int forms = 0;
    int serializers = 0;
    int manual = 0;
    for (const auto& view : project_.views.all) {
      const bool writes = std::ranges::any_of(view.operations, [](const Operation& operation) {
        return operation.op == "create" || operation.op == "update";
      });
      if (!writes || view.routes.empty()) continue;
      const auto source = view.definition.text();
      if (source.find("erializer") != source.npos) {
        ++serializers;
      } else if (text::contains_any(source, {"Form", "form_class", "is_valid", "fields ="})) {
        ++forms;
      } else {
        ++manual;
      }
    }
    project_.validation = rest && serializers >= std::max(forms, manual) && serializers > 0
                              ? "serializers"
                          : forms >= manual && forms > 0 ? "forms"
                          : manual > 0                   ? "manual"
                                                         : "none";
  }

  Project& project_;
};

}  // namespace

void find_features(Project& project) { Finder(project).run(); }

}  // namespace grader::project
