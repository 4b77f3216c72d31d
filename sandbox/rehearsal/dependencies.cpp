#include "sandbox/rehearsal/dependencies.hpp"

#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"

namespace grader::sandbox {

namespace {

/// Repairs whose effect is the environment itself.
constexpr auto installing = std::to_array<std::string_view>(
    {"repair.missing_package", "repair.inferred_dependencies", "repair.django_series",
     "repair.pin_relaxed", "repair.twin", "repair.built_from_source", "repair.left_out",
     "repair.conflicting_pins", "repair.newest_of_that_day", "repair.interpreter",
     "repair.newer_source"});

bool is_installing(std::string_view name) {
  return std::ranges::find(installing, name) != installing.end();
}

bool after_migrating(std::string_view rung) {
  return rung == "migrate" || rung == "serve" || rung == "routes" || rung == "tests";
}

Location place_of(const std::vector<Wanted>& wanted, const std::string& line) {
  const auto found = std::ranges::find(wanted, line, &Wanted::line);
  return found == wanted.end() ? Location{} : found->at;
}

Repair replaced(const std::string& line, const std::string& by, const Arrangement& arrangement) {
  const Location at = place_of(arrangement.wanted, line);
  if (by.empty()) return {"repair.left_out", line + " has no wheel and is left out", at};
  const bool same = project::normalised_name(line) == project::normalised_name(by);
  return {same ? "repair.pin_relaxed" : "repair.twin", line + " is replaced by " + by, at};
}

void add_inferred(std::vector<Repair>& repairs, const Arrangement& arrangement, const Plan& plan) {
  std::vector<std::string> lines;
  for (const Wanted& wanted : arrangement.wanted) {
    if (!wanted.reason.empty()) lines.push_back(wanted.line);
  }
  if (plan.requirements.empty()) {
    repairs.push_back({"repair.inferred_dependencies",
                       "there is no list of requirements; installed is " + text::join(lines, ", "),
                       plan.settings_at});
  }
  const std::string series = "django==" + plan.django_series + ".*";
  const auto django = std::ranges::find(arrangement.wanted, series, &Wanted::line);
  if (!plan.django_series.empty() && django != arrangement.wanted.end()) {
    repairs.push_back({"repair.django_series",
                       "no version of Django is required: " + plan.django_series +
                           " is taken from the settings file",
                       plan.settings_at});
  }
}

bool wants(const Arrangement& arrangement, std::string_view name) {
  return std::ranges::any_of(arrangement.wanted, [&](const Wanted& one) {
    return project::normalised_name(one.line) == name;
  });
}

}  // namespace

InstallRequest install_request(const Arrangement& arrangement, const std::string& newest) {
  InstallRequest request;
  request.from_source = arrangement.from_source;
  for (const Wanted& one : arrangement.wanted) {
    std::vector<std::string> choice = {one.line};
    choice.insert(choice.end(), one.alternatives.begin(), one.alternatives.end());
    request.choices.push_back(std::move(choice));
  }
  request.newest = newest;
  return request;
}

bool is_open(const std::vector<Wanted>& wanted) {
  return std::ranges::any_of(wanted, [](const Wanted& one) {
    return one.line.find("==") == std::string::npos || one.line.ends_with(".*");
  });
}

void want_test_runner(Arrangement& arrangement) {
  for (const char* name : {"pytest", "pytest-django"}) {
    if (wants(arrangement, name)) continue;
    Wanted wanted;
    wanted.line = name;
    arrangement.wanted.push_back(std::move(wanted));
    arrangement.repairs.push_back(
        {"repair.test_runner", std::string(name) + " is installed to run the tests", {}});
  }
}

std::vector<Repair> repairs_of(const Installed& installed, const Arrangement& arrangement,
                               const Plan& plan) {
  std::vector<Repair> repairs;
  add_inferred(repairs, arrangement, plan);
  const Resolution& resolution = installed.resolution;
  for (const auto& [line, by] : resolution.replaced) {
    repairs.push_back(replaced(line, by, arrangement));
  }
  for (const std::string& line : resolution.unavailable) {
    repairs.push_back(replaced(line, "", arrangement));
  }
  for (const auto& [line, wheel] : installed.built) {
    const auto& chosen = arrangement.from_source;
    // Said already, with the reason.
    if (std::ranges::find(chosen, project::normalised_name(line)) != chosen.end()) continue;
    repairs.push_back({"repair.built_from_source",
                       line + " has no wheel; " + wheel.version + " is built from source",
                       place_of(arrangement.wanted, line)});
  }
  for (const auto& [line, why] : installed.left_out) {
    const std::string reason = text::shorten(text::to_utf8(why), 300);
    repairs.push_back({"repair.left_out",
                       line + " has no wheel, cannot be built and is left out: " + reason,
                       place_of(arrangement.wanted, line)});
  }
  if (!resolution.conflict.empty()) {
    repairs.push_back(
        {"repair.conflicting_pins", text::shorten(text::to_utf8(resolution.conflict), 500), {}});
  }
  if (!resolution.newest.empty()) {
    repairs.push_back({"repair.newest_of_that_day",
                       "requirements without a version are taken as of " + resolution.newest,
                       {}});
  }
  repairs.insert(repairs.end(), arrangement.repairs.begin(), arrangement.repairs.end());
  return repairs;
}

void add_climb_repairs(std::vector<Repair>& repairs, const Climb& climb, const Plan& plan) {
  repairs.insert(repairs.end(), climb.repairs.begin(), climb.repairs.end());
  if (climb.labels.empty()) return;
  repairs.push_back({"repair.make_migrations",
                     "migrations are made for " + text::join(climb.labels, ", "),
                     plan.settings_at});
}

void name_repairs(Rehearsal& rehearsal) {
  for (const Repair& repair : rehearsal.repairs) {
    for (Rung& rung : rehearsal.ladder) {
      const bool first = rung.name == "dependencies";
      const bool tests_only =
          repair.name == "repair.test_runner" || repair.name == "repair.fast_hasher";
      const bool late = repair.name == "repair.make_migrations";
      if (first != is_installing(repair.name)) continue;
      if (tests_only && rung.name != "tests") continue;
      if (late && !after_migrating(rung.name)) continue;
      if (std::ranges::find(rung.repairs, repair.name) == rung.repairs.end()) {
        rung.repairs.push_back(repair.name);
      }
    }
  }
}

}  // namespace grader::sandbox
