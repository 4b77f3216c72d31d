#include <nlohmann/json.hpp>

#include "grader/report/read_values.hpp"

namespace grader::report::json {
namespace {

Location spot(const Json& map, const char* key) { return short_place(text_at(map, key)); }

std::vector<Location> spots(const Json& map, const char* key) {
  std::vector<Location> result;
  for (const auto& text : strings_at(map, key)) result.push_back(short_place(text));
  return result;
}

std::vector<grading::NotedPlace> noted(const Json& map, const char* key) {
  std::vector<grading::NotedPlace> result;
  for (const auto* item : elements(member(map, key))) {
    result.push_back({text_at(*item, "what"), spot(*item, "at")});
  }
  return result;
}

std::optional<grading::EntryModel> read_entry_model(const Json& value) {
  if (!value.is_object()) return std::nullopt;
  return grading::EntryModel{text_at(value, "class"), spot(value, "at"),
                             text_at(value, "secret_field"), text_at(value, "owner_field")};
}

grading::ViewRow read_view(const Json& item) {
  grading::ViewRow row;
  row.name = text_at(item, "name");
  row.at = spot(item, "at");
  row.op = text_at(item, "op");
  row.login = text_at(item, "login");
  row.owner = text_at(item, "owner");
  row.method_safe = decided_at(item, "method_safe");
  row.reached = flag_at(item, "reached", true);
  row.discloses = flag_at(item, "discloses", true);
  row.anonymous_error = text_at(item, "anon") == "error";
  row.why = text_at(item, "why");
  return row;
}

grading::TestsProfile read_tests(const Json& value) {
  grading::TestsProfile tests;
  tests.count = number_at(value, "count");
  tests.files = strings_at(value, "files");
  tests.framework = text_at(value, "framework");
  tests.ownership_tested = decided_at(value, "ownership_tested");
  tests.encryption_tested = decided_at(value, "encryption_tested");
  for (const auto* item : elements(member(value, "cases"))) {
    tests.cases.push_back({text_at(*item, "name"), spot(*item, "at"), strings_at(*item, "requests"),
                           number_at(*item, "assertions"), flag_at(*item, "status_only")});
  }
  return tests;
}

grading::Features read_features(const Json& value) {
  return {flag_at(value, "register"), flag_at(value, "search"), flag_at(value, "generator"),
          flag_at(value, "strength"), flag_at(value, "export"), flag_at(value, "import"),
          flag_at(value, "drf"),      flag_at(value, "docker"), flag_at(value, "two_factor")};
}

grading::GitProfile read_git(const Json& value) {
  grading::GitProfile git;
  git.commits = number_at(value, "commits");
  git.authors = number_at(value, "authors");
  git.author_emails = number_at(value, "author_emails");
  git.span_days = number_at(value, "span_days");
  git.style = text_at(value, "style");
  git.messages = text_at(value, "messages");
  git.template_clone = flag_at(value, "template_clone");
  for (const auto* item : elements(member(value, "notes"))) {
    git.notes.push_back({text_at(*item, "what"), text_at(*item, "text"), text_at(*item, "commit")});
  }
  return git;
}

grading::SettingsProfile read_settings(const Json& value) {
  return {text_at(value, "secret_key"), text_at(value, "debug"), text_at(value, "allowed_hosts"),
          noted(value, "other_secrets")};
}

}  // namespace

grading::Profile read_profile(const Json& value) {
  grading::Profile profile;
  profile.django_root = text_at(value, "django_root");
  profile.kind = text_at(value, "kind");
  profile.ui = text_at(value, "ui");
  profile.entry_model = read_entry_model(member(value, "entry_model"));
  const Json& encryption = member(value, "encryption");
  profile.encryption = {text_at(encryption, "class"), text_at(encryption, "key_source"),
                        spot(encryption, "at"), spots(encryption, "paths_missing")};
  for (const auto* item : elements(member(value, "views"))) {
    profile.views.push_back(read_view(*item));
  }
  profile.settings = read_settings(member(value, "settings"));
  const Json& injection = member(value, "injection");
  profile.sqli = spots(injection, "sqli");
  profile.xss = spots(injection, "xss");
  profile.other_injection = noted(injection, "other");
  profile.validation = text_at(value, "validation");
  profile.migrations = text_at(value, "migrations");
  profile.tests = read_tests(member(value, "tests"));
  const Json& readme = member(value, "readme");
  profile.readme = {flag_at(readme, "present"), flag_at(readme, "setup"),
                    flag_at(readme, "encryption"), flag_at(readme, "limitations"),
                    flag_at(readme, "english")};
  profile.dependencies_file = text_at(member(value, "dependencies"), "file");
  profile.dependencies_pinned = text_at(member(value, "dependencies"), "pinned");
  profile.committed_junk = strings_at(value, "committed_junk");
  profile.features = read_features(member(value, "features"));
  profile.n_plus_one = spots(value, "n_plus_one");
  profile.git = read_git(member(value, "git"));
  return profile;
}

}  // namespace grader::report::json
