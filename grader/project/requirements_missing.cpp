#include <algorithm>
#include <map>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"
#include "grader/project/requirements.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// Distributions that bring the same package.
constexpr std::pair<std::string_view, std::string_view> twins[] = {
    {"psycopg2-binary", "psycopg2"},
    {"psycopg2-binary", "psycopg"},
    {"psycopg2-binary", "psycopg-binary"},
    {"pycryptodome", "pycrypto"},
    {"pycryptodome", "pycryptodomex"},
    {"mysqlclient", "pymysql"},
    {"mysqlclient", "mysql-connector-python"},
    {"django-bootstrap-v5", "django-bootstrap5"},
    {"django-recaptcha", "django-simple-captcha"},
    {"djangorestframework-simplejwt", "djangorestframework-jwt"},
    {"pillow", "pil"},
};

std::string_view top_level(std::string_view dotted) { return dotted.substr(0, dotted.find('.')); }

/// Top-level names that files of the submission take: modules and packages of any folder that may
/// stand on the path.
std::set<std::string, std::less<>> local_names(const Project& project) {
  std::set<std::string, std::less<>> names;
  for (const auto& module : project.program.modules()) {
    const std::string path = module.path();
    for (const auto part : text::split(path, '/')) {
      names.emplace(part.ends_with(".py") ? part.substr(0, part.size() - 3) : part);
    }
  }
  return names;
}

class Missing {
 public:
  Missing(const Project& project, const std::vector<std::string>& provided)
      : project_(project),
        provided_(provided.begin(), provided.end()),
        local_(local_names(project)) {}

  std::vector<MissingPackage> run() {
    for (const auto& module : project_.program.modules()) {
      for (const Node node : module.root().descendants()) {
        if (node.is(Kind::import_statement) || node.is(Kind::import_from_statement)) import(node);
        if (node.is(Kind::attribute) && node.text() == "pytest.mark.django_db") {
          need("pytest_django", node.location());
        }
      }
    }
    if (const auto* settings = project_.main_settings()) installed(*settings);
    std::vector<MissingPackage> all;
    for (auto& [distribution, package] : found_) all.push_back(std::move(package));
    return all;
  }

 private:
  /// True for an import whose absence the code expects.
  static bool is_optional(Node node) {
    const Node attempt = node.enclosing(Kind::try_statement);
    if (!attempt || !attempt.child(Field::body).contains(node)) return false;
    // manage.py's own `try: import django` is no option.
    return attempt.child(Kind::except_clause) &&
           attempt.text().find("ImportError") != std::string_view::npos &&
           attempt.text().find("raise") == std::string_view::npos;
  }

  void import(Node node) {
    if (is_optional(node)) return;
    if (node.is(Kind::import_from_statement)) {
      const Node name = node.child(Field::module_name);
      if (!name.is(Kind::relative_import)) need(top_level(name.text()), node.location());
      return;
    }
    for (const Node item : node.children()) {
      const Node name = item.is(Kind::aliased_import) ? item.child(Field::name) : item;
      if (name.is(Kind::dotted_name)) need(top_level(name.text()), node.location());
    }
  }

  void installed(const SettingsModule& settings) {
    for (const auto name : {"INSTALLED_APPS", "MIDDLEWARE", "AUTHENTICATION_BACKENDS"}) {
      const auto* setting = settings.find(name);
      if (setting == nullptr) continue;
      for (const auto& item : setting->value.items) {
        if (!item.is_string()) continue;
        need(top_level(item.text), item.node ? item.node.location() : setting->at);
      }
    }
    const auto* databases = settings.find("DATABASES");
    const auto* main = databases != nullptr ? databases->value.find("default") : nullptr;
    const auto* engine = main != nullptr ? main->find("ENGINE") : nullptr;
    if (engine == nullptr || !engine->is_string()) return;
    const Location at = engine->node ? engine->node.location() : databases->at;
    if (engine->text == "django.db.backends.postgresql") need("psycopg2", at);
    if (engine->text == "django.db.backends.mysql") need("MySQLdb", at);
  }

  bool is_provided(const std::string& distribution) const {
    if (provided_.contains(distribution)) return true;
    return std::ranges::any_of(twins, [&](const auto& twin) {
      return twin.first == distribution && provided_.contains(twin.second);
    });
  }

  void need(std::string_view module, Location at) {
    if (module.empty() || local_.contains(module)) return;
    const auto known = distribution_of(module);
    if (known.empty() || provided_.contains(normalised_name(module))) return;
    const std::string distribution = normalised_name(known);
    // distutils and pkg_resources came with Python until 3.12 and with every environment.
    if (distribution == "setuptools" || is_provided(distribution)) return;
    MissingPackage package{std::string(module), distribution, std::move(at)};
    const auto [place, fresh] = found_.try_emplace(distribution, package);
    if (!fresh && package.at < place->second.at) place->second = std::move(package);
  }

  const Project& project_;
  std::set<std::string, std::less<>> provided_;
  std::set<std::string, std::less<>> local_;
  std::map<std::string, MissingPackage> found_;
};

}  // namespace

std::vector<MissingPackage> missing_packages(const Project& project,
                                             const std::vector<std::string>& provided) {
  return Missing(project, provided).run();
}

}  // namespace grader::project
