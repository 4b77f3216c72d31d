#include "checks/profile.hpp"

#include <algorithm>

#include "checks/history_facts.hpp"
#include "checks/history_notes.hpp"
#include "checks/proof.hpp"
#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

using project::Project;
using project::Verdict;

std::string kind_word(project::Transform kind) {
  switch (kind) {
    case project::Transform::none:
      return "plaintext";
    case project::Transform::encoding:
      return "encoding";
    case project::Transform::toy_cipher:
      return "toy_cipher";
    case project::Transform::hash:
      return "hash_only";
    case project::Transform::weak_crypto:
      return "weak_crypto";
    case project::Transform::sound:
      return "sound";
    case project::Transform::client_side:
      return "client_side";
    case project::Transform::unknown:
      return {};
  }
  return {};
}

std::optional<grading::EntryModel> entry_model(const Project& project) {
  const auto* model = project.models.entry_model();
  if (model == nullptr) return std::nullopt;
  const bool by_key = model->owner.kind == project::Owner::Kind::direct ||
                      model->owner.kind == project::Owner::Kind::transitive;
  // A name kept as text makes an owner where some view goes by it.
  const bool by_name = model->owner.kind == project::Owner::Kind::text &&
                       std::ranges::any_of(project.views.all, [&](const project::View& view) {
                         return std::ranges::any_of(view.operations, [&](const auto& operation) {
                           return operation.model == model->qualified && operation.owner.yes() &&
                                  !view.routes.empty();
                         });
                       });
  return grading::EntryModel{
      model->name, model->at, project.models.secret_field,
      by_key || by_name ? text::join(model->owner.path, ".") : std::string()};
}

grading::EncryptionProfile encryption(const Facts& facts) {
  grading::EncryptionProfile result;
  const auto& secrets = facts.project.secrets;
  result.kind = kind_word(kept(facts));
  result.key_source = secrets.key_source;
  result.at = secrets.at;
  const bool encrypts =
      secrets.kind != project::Transform::none && secrets.kind != project::Transform::unknown;
  for (const auto& write : secrets.writes) {
    if (encrypts && write.transform == project::Transform::none) {
      result.paths_missing.push_back(write.saved_at);
    }
  }
  return result;
}

std::string login_word(const Verdict& verdict) {
  return verdict.yes() ? "required" : verdict.no() ? "missing" : "unsure";
}

std::string owner_word(const Verdict& verdict) {
  if (verdict.state == Verdict::State::not_applicable) return "n/a";
  return verdict.yes() ? "scoped" : verdict.no() ? "missing" : "unsure";
}

/// Two rows of one operation are told apart by method: "edit (POST)".
std::string row_name(const project::View& view, const project::Operation& operation) {
  const auto same = std::ranges::count(view.operations, operation.op, &project::Operation::op);
  if (same < 2 || operation.methods.empty()) return view.name;
  return view.name + " (" + operation.methods.front() + ")";
}

std::vector<grading::ViewRow> views(const Facts& facts) {
  std::vector<grading::ViewRow> rows;
  for (const auto& view : facts.project.views.all) {
    for (const auto& read : view.operations) {
      const project::Operation operation = known(facts, view, read).operation;
      grading::ViewRow row;
      row.name = row_name(view, operation);
      row.at = operation.handler_at.line > 0 ? operation.handler_at : view.at;
      row.op = operation.op;
      row.login = login_word(operation.login);
      row.owner = owner_word(operation.owner);
      if (!operation.method_safe.undecided()) row.method_safe = operation.method_safe.yes();
      row.reached = !view.routes.empty();
      row.discloses = operation.discloses;
      row.anonymous_error = operation.anonymous_error;
      row.why = operation.owner.undecided() ? operation.owner.why : operation.login.why;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

grading::SettingsProfile settings(const Project& project) {
  grading::SettingsProfile result;
  if (const auto* module = project.main_settings()) {
    result.secret_key = project::secret_key_word(*module);
    result.debug = project::debug_word(*module);
    result.allowed_hosts = project::allowed_hosts_word(*module);
  }
  for (const auto& secret : project.committed_secrets) {
    result.other_secrets.push_back({secret.what, secret.at});
  }
  return result;
}

void hazards(const Project& project, grading::Profile& profile) {
  for (const auto& hazard : project.hazards) {
    if (hazard.what == "sql") {
      profile.sqli.push_back(hazard.at);
    } else if (hazard.is_markup()) {
      profile.xss.push_back(hazard.at);
    } else {
      profile.other_injection.push_back({hazard.what, hazard.at});
    }
  }
}

std::string request_words(const project::TestRequest& request) {
  const std::string where = !request.view.empty()      ? request.view
                            : !request.address.empty() ? request.address
                                                       : "an address that is not known";
  const std::string who = request.as.empty() ? "nobody" : request.as == "?" ? "a user" : request.as;
  return request.method + " " + where + " as " + who;
}

std::vector<grading::TestRow> test_rows(const Project& project) {
  constexpr std::size_t most_rows = 500;
  std::vector<grading::TestRow> rows;
  for (const auto& one : project.tests.cases) {
    if (rows.size() >= most_rows) break;
    grading::TestRow row{one.name, one.at, {}, one.assertions, one.status_only};
    for (const auto& request : one.requests) row.requests.push_back(request_words(request));
    rows.push_back(std::move(row));
  }
  return rows;
}

grading::TestsProfile tests(const Project& project) {
  grading::TestsProfile result;
  result.count = project.tests.count();
  result.files = project.tests.files;
  result.framework = project.tests.framework;
  result.ownership_tested = project.tests.ownership_tested();
  result.encryption_tested = project.tests.encryption_tested();
  result.cases = test_rows(project);
  return result;
}

std::string migrations(const Project& project) {
  if (project.models.all.empty()) return "missing";
  if (project.inventory.apps_without_migrations.empty()) return "committed";
  return project.inventory.migrations_committed ? "partial" : "missing";
}

grading::Features features(const Project& project) {
  const auto& found = project.features;
  grading::Features result;
  result.registration = found.registration.has_value();
  result.search = found.search.has_value();
  result.generator = found.generator.has_value();
  result.strength = found.strength.has_value();
  result.export_ = found.export_.has_value();
  result.import_ = found.import_.has_value();
  result.drf = found.drf.has_value();
  result.docker = found.docker.has_value();
  result.two_factor = found.two_factor.has_value();
  return result;
}

}  // namespace

grading::Profile profile_of(const Facts& facts) {
  const Project& project = facts.project;
  grading::Profile profile;
  profile.django_root = project.django_root;
  profile.kind = project.models.entry_model() != nullptr ? "password_manager" : "other";
  profile.ui = project.ui;
  profile.entry_model = entry_model(project);
  profile.encryption = encryption(facts);
  profile.views = views(facts);
  profile.settings = settings(project);
  hazards(project, profile);
  profile.validation = project.validation;
  profile.migrations = migrations(project);
  profile.tests = tests(project);
  const auto& readme = project.readme;
  profile.readme = {!readme.path.empty(), readme.setup, readme.encryption, readme.limitations,
                    readme.english};
  profile.dependencies_file = project.dependencies.file;
  profile.dependencies_pinned = project.dependencies.pinned;
  profile.committed_junk = project.inventory.junk;
  profile.features = features(project);
  const HistoryFacts history = history_facts(facts.history);
  profile.git = {history.commits,
                 history.authors,
                 history.author_emails,
                 history.span_days,
                 history.style,
                 history.messages,
                 is_template_start(template_signs(facts)),
                 history_notes(facts)};
  for (const auto& query : project.repeated_queries) profile.n_plus_one.push_back(query.at);
  return profile;
}

}  // namespace grader::checks
