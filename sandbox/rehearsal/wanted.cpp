#include "sandbox/rehearsal/wanted.hpp"

#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"
#include "sandbox/environment/resolution.hpp"

namespace grader::sandbox {

namespace {

/// Distributions that cannot be had as a wheel on Linux, or whose name is a slip, and what carries
/// the same package. An empty name: it can be left out, since nothing in a box needs it.
struct Twin {
  std::string_view name;
  std::string_view instead;
  bool same_versions;
};
constexpr auto twins = std::to_array<Twin>({
    {"psycopg2", "psycopg2-binary", true},
    {"mysqlclient", "", false},
    {"mysql-python", "", false},
    {"pkg-resources", "", false},
    {"pywin32", "", false},
    {"pypiwin32", "", false},
    {"pywinpty", "", false},
    {"windows-curses", "", false},
    {"twisted-iocpsupport", "", false},
    {"python-magic-bin", "python-magic", false},
    {"uwsgi", "", false},
    {"pycrypto", "pycryptodome", false},
    {"sklearn", "scikit-learn", false},
    {"bs4", "beautifulsoup4", false},
    {"dotenv", "python-dotenv", false},
    {"distutils", "", false},
    {"apturl", "", false},
    {"python-apt", "", false},
    {"ubuntu-drivers-common", "", false},
});

/// For "==5.1.4": the same minor series, then anything from there on, then anything.
std::vector<std::string> relaxed(const std::string& name, std::string_view specifier) {
  std::vector<std::string> lines;
  const std::size_t at = specifier.find("==");
  if (at != std::string_view::npos) {
    const std::string version(
        text::trim(specifier.substr(at + 2, specifier.find(',', at) - at - 2)));
    const std::size_t first = version.find('.');
    const std::size_t second = first == std::string::npos ? first : version.find('.', first + 1);
    const std::string minor = version.substr(0, second);
    const bool numbers =
        !minor.empty() && minor.find_first_not_of("0123456789.") == std::string::npos;
    if (numbers && second != std::string::npos) lines.push_back(name + "==" + minor + ".*");
    if (numbers) lines.push_back(name + ">=" + minor);
  }
  if (!specifier.empty()) lines.push_back(name);
  return lines;
}

void add_twin(Wanted& wanted, const std::string& name, const std::string& specifier) {
  const auto* const twin = std::ranges::find(twins, name, &Twin::name);
  if (twin == twins.end()) return;
  std::vector<std::string> lines;
  if (!twin->instead.empty()) {
    const std::string instead(twin->instead);
    if (twin->same_versions && !specifier.empty()) lines.push_back(instead + specifier);
    lines.push_back(instead);
  } else {
    lines.emplace_back();
  }
  wanted.alternatives.insert(wanted.alternatives.begin(), lines.begin(), lines.end());
}

Wanted listed(const PlannedRequirement& requirement) {
  Wanted result;
  result.line = requirement.name + requirement.specifier;
  result.at = requirement.at;
  result.alternatives = relaxed(requirement.name, requirement.specifier);
  add_twin(result, requirement.name, requirement.specifier);
  return result;
}

Wanted inferred(std::string_view distribution, std::string reason) {
  Wanted result;
  result.line = distribution;
  result.reason = std::move(reason);
  add_twin(result, project::normalised_name(distribution), "");
  return result;
}

bool is_wanted(const std::vector<Wanted>& all, std::string_view name) {
  return std::ranges::any_of(
      all, [&](const Wanted& one) { return project::normalised_name(one.line) == name; });
}

void add_django(std::vector<Wanted>& all, const Plan& plan) {
  if (!is_wanted(all, "django"))
    all.push_back(inferred("django", "the submission is a Django project"));
  if (plan.django_series.empty()) return;
  const auto django = std::ranges::find_if(
      all, [](const Wanted& one) { return project::normalised_name(one.line) == "django"; });
  // Any bound of theirs goes before what the settings file was once made with.
  if (django->line != "django") return;
  django->line = "django==" + plan.django_series + ".*";
  django->alternatives = {"django>=" + plan.django_series, "django"};
}

}  // namespace

std::vector<Wanted> wanted(const Plan& plan) {
  std::vector<Wanted> all;
  for (const PlannedRequirement& requirement : plan.requirements) {
    if (!is_plain_requirement(requirement.name, requirement.specifier)) continue;
    if (!is_wanted(all, project::normalised_name(requirement.name))) {
      all.push_back(listed(requirement));
    }
  }
  if (all.empty()) {
    for (const std::string& module : plan.missing) {
      const std::optional<Wanted> found = wanted_for_import(module, plan);
      if (found && !is_wanted(all, project::normalised_name(found->line))) all.push_back(*found);
    }
  }
  add_django(all, plan);
  return all;
}

std::optional<Wanted> wanted_for_import(std::string_view module, const Plan& plan) {
  const std::string_view top = module.substr(0, module.find('.'));
  if (std::ranges::find(plan.local, top) != plan.local.end()) return std::nullopt;
  const std::string_view distribution = project::distribution_of(top);
  if (distribution.empty()) return std::nullopt;
  return inferred(distribution, "import " + std::string(module));
}

}  // namespace grader::sandbox
