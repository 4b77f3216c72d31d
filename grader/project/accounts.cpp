#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using python::Kind;
using python::Node;

/// What the URLconf of a package brings.
struct PackageUrls {
  std::string_view urlconf;  ///< and what lies below it
  bool sign_in = false;
  bool registration = false;
};

/// The most particular first. Sources: the packages' own documentation of their URLconfs.
constexpr std::array package_urls{
    PackageUrls{"dj_rest_auth.registration", false, true},
    PackageUrls{"rest_auth.registration", false, true},
    PackageUrls{"registration.auth_urls", true, false},
    PackageUrls{"django.contrib.auth", true, false},
    PackageUrls{"allauth.mfa", false, false},
    PackageUrls{"allauth", true, true},
    PackageUrls{"dj_rest_auth", true, false},
    PackageUrls{"rest_auth", true, false},
    PackageUrls{"rest_framework", true, false},
    PackageUrls{"rest_registration", true, true},
    PackageUrls{"djoser.urls.jwt", true, false},
    PackageUrls{"djoser.urls.authtoken", true, false},
    PackageUrls{"djoser.social", true, true},
    PackageUrls{"djoser", false, true},
    PackageUrls{"registration", true, true},
    PackageUrls{"django_registration", false, true},
    PackageUrls{"two_factor", true, false},
    PackageUrls{"knox", true, false},
    PackageUrls{"oauth2_provider", true, false},
    PackageUrls{"social_django", true, true},
    PackageUrls{"social.apps.django_app", true, true},
    PackageUrls{"mozilla_django_oidc", true, true},
    PackageUrls{"django_otp", false, false},
    PackageUrls{"userena", true, true},
};

bool is_below(std::string_view name, std::string_view top) {
  return name.starts_with(top) && (name.size() == top.size() || name[top.size()] == '.');
}

std::string_view last_part(std::string_view dotted) {
  const auto dot = dotted.rfind('.');
  return dot == dotted.npos ? dotted : dotted.substr(dot + 1);
}

/// Views of packages that sign a visitor in, by the end of their name in lower case.
bool signs_in(std::string_view target) {
  const std::string name = text::lower(last_part(target));
  if (target == "django.contrib.auth.views.login") return true;
  return text::contains_any(name, {"loginview", "tokenobtain", "obtain_auth_token",
                                   "obtainauthtoken", "obtain_jwt_token", "obtainjsonwebtoken"});
}

/// Django's own functions that compare or open a session.
bool is_sign_in_call(std::string_view symbol) {
  if (!symbol.starts_with("django.contrib.auth")) return false;
  const auto name = last_part(symbol);
  constexpr std::array names{"login", "alogin", "authenticate", "aauthenticate", "check_password"};
  return std::ranges::find(names, name) != names.end();
}

/// Whether the name of a view or address says «sign in»: "user_login", "handleLogin", "signin".
bool says_sign_in(std::string_view name) {
  const std::string lower = text::lower(name);
  return text::contains_any(
             lower, {"login", "signin", "sign_in", "sign-in", "log_in", "log-in", "connexion"}) &&
         !text::contains_any(lower, {"logout", "required", "deconnexion"});
}

bool says_registration(std::string_view name) {
  return text::contains_any(
      text::lower(name),
      {"register", "signup", "sign_up", "sign-up", "inscription", "registro", "cadastro",
       "registration", "create_user", "create-user", "createuser", "add_user", "add-user",
       "adduser", "create_account", "create-account", "createaccount"});
}

void note(std::optional<Location>& feature, Location at) {
  at.end_line = 0;
  if (!feature) feature = std::move(at);
}

/// Looks over the routes and the packages whose URLs are included.
class Finder {
 public:
  explicit Finder(Project& project) : project_(project), features_(project.features) {}

  void run() {
    for (const auto& route : project_.views.routes) read_route(route);
    for (const auto& package : project_.views.packages) read_package(package);
  }

 private:
  void read_route(const Route& route) {
    if (signs_in(route.target) || derives_from_sign_in(route)) note(features_.sign_in, route.at);
    if (route.view < 0) return;
    const auto& view = project_.views.all[static_cast<std::size_t>(route.view)];
    const bool on_entries = !view.operations.empty();
    if (!on_entries && says_sign_in(last_part(route.target))) note(features_.sign_in, route.at);
    // add_userpassword() adds an entry.
    if (!on_entries && says_registration(route.pattern + " " + route.name + " " + route.target))
      note(features_.registration, route.at);
  }

  bool derives_from_sign_in(const Route& route) const {
    if (!route.definition.is(Kind::class_definition)) return false;
    return std::ranges::any_of(project_.program.linearised(route.definition), [](const auto& base) {
      return !base.is_class() && signs_in(base.name);
    });
  }

  void read_package(const IncludedPackage& package) {
    const auto* known = std::ranges::find_if(
        package_urls, [&](const auto& one) { return is_below(package.urlconf, one.urlconf); });
    if (known == package_urls.end()) return;
    if (known->sign_in) note(features_.sign_in, package.at);
    if (known->registration) note(features_.registration, package.at);
  }

  Project& project_;
  Features& features_;
};

}  // namespace

bool may_bring_accounts(const IncludedPackage& package) {
  const std::string name = text::lower(package.urlconf);
  const bool known = std::ranges::any_of(
      package_urls, [&](const auto& one) { return is_below(package.urlconf, one.urlconf); });
  return !known && !name.starts_with("django.") &&
         text::contains_any(name, {"auth", "account", "user", "regist", "login", "sign", "member"});
}

void note_account_call(Project& project, Node call) {
  const Node function = python::callee(call);
  const std::string name = python::dotted(function);
  const python::Symbol symbol = project.program.resolve(function);
  if (name.ends_with(".create_user") || symbol.name.ends_with("UserCreationForm"))
    note(project.features.registration, call.location());
  if (is_sign_in_call(symbol.name) || name.ends_with(".check_password"))
    note(project.features.sign_in, call.location());
}

void find_accounts(Project& project) { Finder(project).run(); }

}  // namespace grader::project
