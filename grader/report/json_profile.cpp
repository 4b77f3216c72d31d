#include <nlohmann/json.hpp>

#include "grader/report/json_values.hpp"

namespace grader::report::json {
namespace {

using grading::NotedPlace;
using grading::Profile;

/// An undecided value (empty) has no key.
void set_decided(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}
void set_decided(Json& object, const char* key, const std::optional<bool>& value) {
  if (value) object[key] = *value;
}
void set_decided(Json& object, const char* key, const Location& value) {
  if (!value.path.empty()) object[key] = to_string(value);
}

Json or_null(const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); }

Json places(const std::vector<Location>& locations) {
  Json result = Json::array();
  for (const auto& location : locations) result.push_back(to_string(location));
  return result;
}

Json noted_places(const std::vector<NotedPlace>& items) {
  Json result = Json::array();
  for (const auto& item : items) {
    Json entry = {{"what", item.what}};
    set_decided(entry, "at", item.at);
    result.push_back(std::move(entry));
  }
  return result;
}

Json entry_model(const std::optional<grading::EntryModel>& model) {
  if (!model) return nullptr;
  Json result = {{"class", model->name}};
  set_decided(result, "at", model->at);
  set_decided(result, "secret_field", model->secret_field);
  result["owner_field"] = or_null(model->owner_field);
  return result;
}

Json encryption(const grading::EncryptionProfile& profile) {
  Json result = Json::object();
  set_decided(result, "class", profile.kind);
  set_decided(result, "key_source", profile.key_source);
  set_decided(result, "at", profile.at);
  result["paths_missing"] = places(profile.paths_missing);
  return result;
}

Json views(const std::vector<grading::ViewRow>& rows) {
  Json result = Json::array();
  for (const auto& row : rows) {
    Json entry = {{"name", row.name}};
    set_decided(entry, "at", row.at);
    entry["op"] = row.op;
    set_decided(entry, "login", row.login);
    set_decided(entry, "owner", row.owner);
    set_decided(entry, "method_safe", row.method_safe);
    if (!row.reached) entry["reached"] = false;
    if (!row.discloses) entry["discloses"] = false;
    if (row.anonymous_error) entry["anon"] = "error";
    set_decided(entry, "why", row.why);
    result.push_back(std::move(entry));
  }
  return result;
}

Json settings(const grading::SettingsProfile& profile) {
  Json result = Json::object();
  set_decided(result, "secret_key", profile.secret_key);
  set_decided(result, "debug", profile.debug);
  set_decided(result, "allowed_hosts", profile.allowed_hosts);
  result["other_secrets"] = noted_places(profile.other_secrets);
  return result;
}

Json test_rows(const std::vector<grading::TestRow>& rows) {
  Json result = Json::array();
  for (const auto& row : rows) {
    Json entry = {{"name", row.name}};
    set_decided(entry, "at", row.at);
    entry["requests"] = strings(row.requests);
    entry["assertions"] = row.assertions;
    if (row.status_only) entry["status_only"] = true;
    result.push_back(std::move(entry));
  }
  return result;
}

Json tests(const grading::TestsProfile& profile) {
  Json result = {{"count", profile.count}, {"files", strings(profile.files)}};
  set_decided(result, "framework", profile.framework);
  set_decided(result, "ownership_tested", profile.ownership_tested);
  set_decided(result, "encryption_tested", profile.encryption_tested);
  result["cases"] = test_rows(profile.cases);
  return result;
}

Json readme(const grading::ReadmeProfile& profile) {
  return {{"present", profile.present},
          {"setup", profile.setup},
          {"encryption", profile.encryption},
          {"limitations", profile.limitations},
          {"english", profile.english}};
}

Json features(const grading::Features& features) {
  return {{"register", features.registration},
          {"search", features.search},
          {"generator", features.generator},
          {"strength", features.strength},
          {"export", features.export_},
          {"import", features.import_},
          {"drf", features.drf},
          {"docker", features.docker},
          {"two_factor", features.two_factor}};
}

Json git(const grading::GitProfile& profile) {
  Json result = {{"commits", profile.commits},
                 {"authors", profile.authors},
                 {"author_emails", profile.author_emails},
                 {"span_days", profile.span_days}};
  set_decided(result, "style", profile.style);
  set_decided(result, "messages", profile.messages);
  result["template_clone"] = profile.template_clone;
  result["notes"] = Json::array();
  for (const auto& note : profile.notes) {
    Json entry = {{"what", note.what}, {"text", note.text}};
    set_decided(entry, "commit", note.commit);
    result["notes"].push_back(std::move(entry));
  }
  return result;
}

}  // namespace

Json profile(const Profile& profile) {
  Json result = Json::object();
  set_decided(result, "django_root", profile.django_root);
  set_decided(result, "kind", profile.kind);
  set_decided(result, "ui", profile.ui);
  result["entry_model"] = entry_model(profile.entry_model);
  result["encryption"] = encryption(profile.encryption);
  result["views"] = views(profile.views);
  result["settings"] = settings(profile.settings);
  result["injection"] = {{"sqli", places(profile.sqli)},
                         {"xss", places(profile.xss)},
                         {"other", noted_places(profile.other_injection)}};
  set_decided(result, "validation", profile.validation);
  set_decided(result, "migrations", profile.migrations);
  result["tests"] = tests(profile.tests);
  result["readme"] = readme(profile.readme);
  Json dependencies = {{"file", or_null(profile.dependencies_file)}};
  set_decided(dependencies, "pinned", profile.dependencies_pinned);
  result["dependencies"] = std::move(dependencies);
  result["committed_junk"] = strings(profile.committed_junk);
  result["features"] = features(profile.features);
  result["n_plus_one"] = places(profile.n_plus_one);
  result["git"] = git(profile.git);
  return result;
}

}  // namespace grader::report::json
