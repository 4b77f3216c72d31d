#include "sandbox/rehearsal/repairs.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"
#include "sandbox/rehearsal/values.hpp"

namespace grader::sandbox {

namespace {

constexpr const char* variable_repair = "repair.environment_variable";
constexpr const char* package_repair = "repair.missing_package";
constexpr const char* newer_source = "repair.newer_source";

bool supply(const PlannedVariable& variable, Arrangement& arrangement) {
  if (arrangement.environment.contains(variable.name) || !may_be_supplied(variable.name)) {
    return false;
  }
  const StandIn value = stand_in(variable);
  arrangement.environment.emplace(variable.name, value.value);
  arrangement.repairs.push_back(
      {variable_repair, variable.name + " is given a value (" + value.shape + ")", variable.at});
  return true;
}

/// 'X' of "KeyError: 'X'", "Set the X environment variable", "X not found. Declare it as envvar or
/// define a default value": the word that `before` and `after` stand around.
std::string word_between(std::string_view text, std::string_view before, std::string_view after) {
  for (std::size_t at = text.find(before); at != std::string_view::npos;
       at = text.find(before, at + 1)) {
    const std::string_view rest = text.substr(at + before.size());
    const std::size_t end =
        rest.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    if (end != 0 && end != std::string_view::npos && rest.substr(end).starts_with(after)) {
      return std::string(rest.substr(0, end));
    }
  }
  return {};
}

std::string variable_named_in(const std::string& text) {
  constexpr std::array forms = {
      std::pair("KeyError: '", "'"),
      std::pair("Set the ", " environment variable"),
      std::pair("UndefinedValueError: ", " not found"),
      std::pair("environment variable \"", "\""),
      std::pair("environment variable '", "'"),
      std::pair("Environment variable \"", "\""),
  };
  for (const auto& [before, after] : forms) {
    std::string word = word_between(text, before, after);
    if (!word.empty()) return word;
  }
  return {};
}

/// An empty value that came from nowhere: the error does not name the variable.
bool looks_unset(const std::string& text) {
  return text::contains_any(
      text,
      {"NoneType", "environment variable", "must not be empty", "ImproperlyConfigured",
       "Fernet key must be", "Incorrect padding", "not a valid port", "Invalid DATABASE_URL"});
}

/// The line that failed reads a variable that has no default.
bool reads_unset(const Failure& failure, const Plan& plan) {
  if (failure.places.empty()) return false;
  const Location at = location_of(failure.places.back());
  return std::ranges::any_of(plan.variables, [&](const PlannedVariable& read) {
    const int last = std::max(read.at.line, read.at.end_line);
    return !read.has_default && read.at.path == at.path && read.at.line <= at.line &&
           at.line <= last;
  });
}

/// One missing name means that the whole .env stayed at home: all that have no default at once.
bool supply_variables(const Failure& failure, const Plan& plan, Arrangement& arrangement) {
  const std::string text = failure.text();
  const std::string named = variable_named_in(text);
  const auto read = std::ranges::find(plan.variables, named, &PlannedVariable::name);
  const bool at_a_read = reads_unset(failure, plan);
  if (named.empty() && !looks_unset(text) && !at_a_read) return false;
  bool changed = false;
  // A name that the model did not see, as of a helper function, is believed in capitals only.
  if (!named.empty() && read == plan.variables.end() && text::lower(named) != named) {
    PlannedVariable variable;
    variable.name = named;
    if (!failure.places.empty()) variable.at = location_of(failure.places.back());
    changed = supply(variable, arrangement);
  }
  const bool foreign = !named.empty() && read == plan.variables.end() && !changed;
  if (foreign && !at_a_read) return false;
  for (const PlannedVariable& variable : plan.variables) {
    if (!variable.has_default) changed = supply(variable, arrangement) || changed;
  }
  return changed;
}

bool want(Wanted wanted, const std::string& why, const Failure& failure, Arrangement& arrangement) {
  const std::string name = project::normalised_name(wanted.line);
  const bool known = std::ranges::any_of(arrangement.wanted, [&](const Wanted& one) {
    return project::normalised_name(one.line) == name;
  });
  if (known) return false;
  Repair repair{package_repair, wanted.line + " is installed (" + why + ")", {}};
  if (!failure.places.empty()) repair.at = location_of(failure.places.back());
  arrangement.repairs.push_back(std::move(repair));
  arrangement.wanted.push_back(std::move(wanted));
  return true;
}

/// "x" of "ModuleNotFoundError: No module named 'x.y'" where the record names no module.
std::string module_named_in(const std::string& text) {
  constexpr std::string_view words = "No module named '";
  const std::size_t at = text.find(words);
  if (at == std::string::npos) return {};
  const std::size_t from = at + words.size();
  return text.substr(from, text.find('\'', from) - from);
}

/// Libraries that say in their own words what is not installed.
std::string_view distribution_named_in(const std::string& text) {
  constexpr std::array forms = {
      std::pair("psycopg2 or psycopg module", "psycopg2-binary"),
      std::pair("Error loading psycopg", "psycopg2-binary"),
      std::pair("Pillow is not installed", "pillow"),
      std::pair("install Pillow", "pillow"),
      std::pair("Couldn't import 'argon2'", "argon2-cffi"),
      std::pair("Couldn't load 'Argon2PasswordHasher'", "argon2-cffi"),
      std::pair("Couldn't load 'BCrypt", "bcrypt"),
      std::pair("coreapi must be installed", "coreapi"),
  };
  for (const auto& [words, distribution] : forms) {
    if (text.find(words) != std::string::npos) return distribution;
  }
  return {};
}

bool add_package(const Failure& failure, const Plan& plan, Arrangement& arrangement) {
  const std::string text = failure.text();
  const std::string_view named = distribution_named_in(text);
  if (!named.empty()) {
    Wanted wanted;
    wanted.line = named;
    return want(std::move(wanted), "an error asks for it", failure, arrangement);
  }
  const std::string module = failure.missing.empty() ? module_named_in(text) : failure.missing;
  if (module.empty() || text.find("No module named") == std::string::npos) return false;
  std::optional<Wanted> wanted = wanted_for_import(module, plan);
  if (!wanted || !want(std::move(*wanted), "import " + module, failure, arrangement)) return false;
  // One that no line provides is seldom alone: the others would fail one climb after another.
  for (const std::string& other : plan.missing) {
    std::optional<Wanted> more = wanted_for_import(other, plan);
    if (more) want(std::move(*more), "import " + other, {}, arrangement);
  }
  return true;
}

/// An index may hold a wheel of long ago and later releases as source only: then the wheel is what
/// an installer without a compiler takes.
bool take_source(const Failure& failure, const Plan& plan, Arrangement& arrangement) {
  const std::string text = failure.text();
  const bool old = text.find("cannot import name") != std::string::npos ||
                   text.find("No module named") != std::string::npos;
  const std::string top = failure.missing.substr(0, failure.missing.find('.'));
  if (!old || top.empty()) return false;
  const std::optional<Wanted> of_table = wanted_for_import(top, plan);
  const std::string name = project::normalised_name(of_table ? of_table->line : top);
  const auto wanted = std::ranges::find_if(arrangement.wanted, [&](const Wanted& one) {
    return project::normalised_name(one.line) == name;
  });
  const bool open = wanted != arrangement.wanted.end() &&
                    wanted->line.find_first_of("=<>!~") == std::string::npos;
  if (!open || std::ranges::find(arrangement.from_source, name) != arrangement.from_source.end()) {
    return false;
  }
  arrangement.from_source.push_back(name);
  arrangement.repairs.push_back(
      {newer_source, wanted->line + " is taken as source, since its newest wheel is too old",
       wanted->at});
  return true;
}

struct Word {
  std::string_view name;
  std::string_view what;
};

/// Repairs that are made elsewhere: by the settings overlay, while resolving, in the scratch copy.
constexpr auto other_repairs = std::to_array<Word>({
    {"repair.database", "A database server that a box does not have is replaced by SQLite."},
    {"repair.database_server",
     "A PostgreSQL of the box's own takes the place of theirs, where SQLite cannot carry the "
     "submission."},
    {"repair.fresh_database", "A committed database file is left aside for a fresh one."},
    {"repair.hosts", "localhost is added to ALLOWED_HOSTS."},
    {"repair.mail", "Mail is kept in memory instead of being sent."},
    {"repair.static_files", "Static files are served without the manifest of collectstatic."},
    {"repair.cache", "A cache server is replaced by a cache in memory."},
    {"repair.worker", "Background tasks run at once, without a broker."},
    {"repair.tls_redirect", "Plain HTTP is answered, since a box has no TLS."},
    {"repair.inferred_dependencies",
     "There is no list of requirements: what the imports come from is installed."},
    {"repair.django_series", "Django is installed in the series that the settings file names."},
    {"repair.pin_relaxed", "A version that cannot be had is replaced by the nearest that can."},
    {"repair.twin", "A distribution without a wheel is replaced by one with the same package."},
    {"repair.built_from_source",
     "A distribution without a wheel is built from source, in a box without network."},
    {"repair.left_out", "A requirement that cannot be had is left out."},
    {"repair.conflicting_pins", "Requirements that contradict each other are taken as listed."},
    {"repair.newest_of_that_day",
     "Requirements without a version are taken as they were on the day of the commit."},
    {"repair.interpreter",
     "Django in the required version does not run on the Python of the boxes: another Python of "
     "this machine is taken."},
    {"repair.make_migrations", "Missing migrations are made in a scratch copy."},
    {"repair.fast_hasher",
     "The tests did not end in time: passwords of test accounts are hashed cheaply."},
    {"repair.test_runner", "pytest and pytest-django are installed to run the tests."},
});

}  // namespace

const std::vector<RepairUnit>& repair_units() {
  static const std::vector<RepairUnit> units = {
      {variable_repair,
       "An environment variable that is read and has no default is given a value of the shape "
       "that its use asks for.",
       supply_variables},
      {package_repair, "A package that is imported and that no requirement provides is installed.",
       add_package},
      {newer_source,
       "A distribution whose wheels are older than its source distributions is built from source.",
       take_source},
  };
  return units;
}

void supply_late_secrets(const Plan& plan, Arrangement& arrangement) {
  for (const PlannedVariable& variable : plan.variables) {
    if (!variable.has_default && names_a_secret(variable.name)) supply(variable, arrangement);
  }
}

void withdraw_variable(const std::string& name, Arrangement& arrangement) {
  if (arrangement.environment.erase(name) == 0) return;
  std::erase_if(arrangement.repairs, [&](const Repair& repair) {
    return repair.name == variable_repair && repair.detail.starts_with(name + " is ");
  });
}

std::string_view explain_repair(std::string_view name) {
  const auto unit = std::ranges::find(repair_units(), name, &RepairUnit::name);
  if (unit != repair_units().end()) return unit->what;
  const auto* const other = std::ranges::find(other_repairs, name, &Word::name);
  return other == other_repairs.end() ? std::string_view() : other->what;
}

}  // namespace grader::sandbox
