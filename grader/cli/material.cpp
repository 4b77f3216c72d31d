#include "grader/cli/material.hpp"

#include <algorithm>

#include "checks/findings.hpp"
#include "checks/history_facts.hpp"
#include "grader/base/text.hpp"

namespace grader::cli {
namespace {

using project::Model;
using project::ModelField;
using project::Project;

/// The level of questions that fits a grade: from the upper end of Junior on the hardest.
int strength(const grading::Decimal& percent) {
  if (percent <= grading::Decimal(45)) return 1;
  return percent < grading::Decimal(65) ? 2 : 3;
}

std::string_view strength_word(int level) {
  return level == 1 ? "weak" : level == 2 ? "fair" : "strong";
}

std::string owner_word(const Model* model) {
  using Kind = project::Owner::Kind;
  if (model == nullptr) return {};
  switch (model->owner.kind) {
    case Kind::direct:
      return "direct";
    case Kind::transitive:
      return "chain";
    case Kind::text:
      return "text";
    case Kind::none:
      return "none";
  }
  return {};
}

std::string yes_no(bool value) { return value ? "true" : "false"; }

std::string kind_word(project::View::Kind kind) {
  switch (kind) {
    case project::View::Kind::function:
      return "function";
    case project::View::Kind::class_based:
      return "class";
    case project::View::Kind::viewset:
      return "viewset";
    case project::View::Kind::third_party:
      return "third_party";
  }
  return {};
}

std::string verdict_word(const project::Verdict& verdict, const char* yes) {
  using State = project::Verdict::State;
  if (verdict.state == State::not_applicable) return "n/a";
  return verdict.yes() ? yes : verdict.no() ? "missing" : "unsure";
}

/// The first lines of a definition: enough to recognise it.
Location head_of(Location at, int last) {
  constexpr int shown = 10;
  at.end_line = std::min(std::max(last, at.line), at.line + shown - 1);
  return at;
}

std::vector<dossier::ViewFact> views_of(const Project& project) {
  std::vector<dossier::ViewFact> result;
  for (const auto& view : project.views.all) {
    for (const auto& operation : view.operations) {
      dossier::ViewFact fact;
      fact.name = view.name;
      fact.kind = kind_word(view.kind);
      fact.op = operation.op;
      fact.at = view.at;
      fact.at.end_line = std::max(view.definition.end_line(), view.at.line);
      fact.lookup = operation.at;
      fact.login = verdict_word(operation.login, "required");
      fact.owner = verdict_word(operation.owner, "scoped");
      fact.unsafe = operation.method_safe.no();
      fact.reached = !view.routes.empty();
      result.push_back(std::move(fact));
    }
  }
  return result;
}

std::string view_kind(const std::vector<dossier::ViewFact>& views) {
  for (const char* op : {"list", "create", "detail"}) {
    const auto found = std::ranges::find(views, op, &dossier::ViewFact::op);
    if (found != views.end()) return found->kind;
  }
  return {};
}

std::map<std::string, std::string> facts_of(const checks::Facts& facts,
                                            const report::Report& report, int level) {
  const auto& profile = report.profile;
  const auto& features = profile.features;
  std::map<std::string, std::string> result{
      {"encryption.class", profile.encryption.kind},
      {"encryption.key_source", profile.encryption.key_source},
      {"owner", owner_word(facts.project.models.entry_model())},
      {"ui", profile.ui},
      {"view_kind", view_kind(views_of(facts.project))},
      {"validation", profile.validation},
      {"migrations", profile.migrations},
      {"tests.any", yes_no(profile.tests.count > 0)},
      {"features.search", yes_no(features.search)},
      {"features.generator", yes_no(features.generator)},
      {"features.strength", yes_no(features.strength)},
      {"features.export", yes_no(features.export_)},
      {"features.import", yes_no(features.import_)},
      {"features.docker", yes_no(features.docker)},
      {"git.style", profile.git.style},
      {"git.messages", profile.git.messages},
      {"git.people", profile.git.authors > 1 ? "several" : "one"},
      {"strength", std::string(strength_word(level))}};
  std::erase_if(result, [](const auto& fact) { return fact.second.empty(); });
  return result;
}

/// A field that people search by: named so, else the first text that is no secret.
std::string text_field(const Model& model, const std::string& secret) {
  std::string first;
  for (const auto& field : model.fields) {
    const bool text = field.type.ends_with("CharField") || field.type.ends_with("TextField") ||
                      field.type.ends_with("URLField");
    if (!text || field.secret || field.name == secret) continue;
    const std::string name = text::lower(field.name);
    if (text::contains_any(name, {"title", "name", "site", "service", "label"}) &&
        !text::contains_any(name, {"user"})) {
      return field.name;
    }
    if (first.empty()) first = field.name;
  }
  return first;
}

std::string field_list(const Model& model) {
  constexpr std::size_t most = 12;
  std::vector<std::string> names;
  for (const auto& field : model.fields) {
    if (names.size() == most) {
      names.emplace_back("…");
      break;
    }
    names.push_back(field.name);
  }
  return text::join(names, ", ");
}

std::string last_part(const std::string& dotted) {
  return dotted.substr(dotted.find_last_of('.') + 1);  // npos + 1 is 0
}

/// The test that shows most of what its author tests: of ownership, else the busiest.
const project::TestCase* telling_test(const Project& project) {
  const auto worth = [](const project::TestCase& test) {
    return (test.ownership ? 100 : 0) + (test.encryption ? 50 : 0) +
           (test.requests.empty() ? 0 : 20) + std::min(test.assertions, 15);
  };
  const project::TestCase* best = nullptr;
  for (const auto& test : project.tests.cases) {
    if (test.asserts && (best == nullptr || worth(test) > worth(*best))) best = &test;
  }
  return best;
}

std::map<std::string, std::string> words_of(const checks::Facts& facts) {
  const Project& project = facts.project;
  std::map<std::string, std::string> result{{"algorithm", project.secrets.algorithm}};
  if (const auto* model = project.models.entry_model()) {
    result["model"] = model->name;
    result["secret_field"] = project.models.secret_field;
    result["owner"] = text::join(model->owner.path, "__");
    result["fields"] = field_list(*model);
    result["text_field"] = text_field(*model, project.models.secret_field);
  }
  if (const auto* test = telling_test(project)) {
    result["test"] = last_part(test->name);
    result["tests"] = std::to_string(project.tests.count());
  }
  std::erase_if(result, [](const auto& word) { return word.second.empty(); });
  return result;
}

/// The newest migration beside the entry model.
std::optional<Location> migration_of(const Project& project, const Model& model) {
  const std::string folder = model.at.path.substr(0, model.at.path.find_last_of('/') + 1);
  std::optional<Location> newest;
  for (const auto& entry : project.files.entries) {
    const auto name = std::string_view(entry.path);
    const auto at = name.rfind("/migrations/0");
    if (at == name.npos || !name.ends_with(".py") || !name.starts_with(folder)) continue;
    if (name.substr(at + 12).find('/') != std::string_view::npos) continue;
    newest = Location{entry.path, 1, 0, 0};
  }
  if (!newest) return newest;
  const auto text = project.files.text(newest->path);
  if (!text) return std::nullopt;
  const auto lines = text::lines(*text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("class Migration")) newest->line = static_cast<int>(i + 1);
  }
  return head_of(*newest, newest->line + 9);
}

class Places {
 public:
  explicit Places(const Project& project) : project_(project) {
    add_model();
    add_project();
    add_features();
  }
  std::map<std::string, Location> take() { return std::move(places_); }

 private:
  void add(const char* name, const Location& at) {
    if (!at.path.empty() && at.line > 0) places_.emplace(name, at);
  }
  void add(const char* name, const std::optional<Location>& at) {
    if (at) add(name, *at);
  }
  void add_field(const char* name, const Model& model, const std::string& field) {
    if (const ModelField* found = model.field(field)) add(name, found->at);
  }

  void add_model() {
    const auto* model = project_.models.entry_model();
    if (model == nullptr) return;
    add("entry_model", head_of(model->at, model->definition.end_line()));
    add_field("secret_field", *model, project_.models.secret_field);
    if (!model->owner.path.empty()) add_field("owner_field", *model, model->owner.path.front());
    add("migration", migration_of(project_, *model));
  }

  void add_project() {
    const bool encrypts = project_.secrets.kind != project::Transform::none &&
                          project_.secrets.kind != project::Transform::unknown;
    if (encrypts) add("encryption", project_.secrets.at);
    if (encrypts) add("key", project_.secrets.key_at);
    if (const auto* settings = project_.main_settings()) {
      if (const auto* apps = settings->find("INSTALLED_APPS")) {
        add("installed_apps", head_of(apps->at, apps->node.end_line()));
      }
    }
    if (!project_.readme.path.empty()) add("readme", Location{project_.readme.path, 1, 0, 0});
    if (const auto* test = telling_test(project_))
      add("test", head_of(test->at, test->at.line + 7));
    for (const auto& view : project_.views.all) {
      const bool lists = std::ranges::find(view.operations, "list", &project::Operation::op) !=
                         view.operations.end();
      if (!lists || view.routes.empty()) continue;
      add("route", project_.views.routes[static_cast<std::size_t>(view.routes.front())].at);
    }
    for (const auto& view : project_.views.all) {
      for (const auto& operation : view.operations) {
        const bool inside = operation.at.path != view.at.path || operation.at.line > view.at.line;
        if (operation.op == "create" && inside) add("create_save", operation.at);
      }
    }
  }

  void add_features() {
    add("register_view", project_.features.registration);
    add("login_view", project_.features.sign_in);
    if (auto generator = project_.features.generator) {
      generator->line = std::max(generator->line, 1);  // a script is known by its file
      add("generator", *generator);
    }
  }

  const Project& project_;
  std::map<std::string, Location> places_;
};

std::vector<dossier::CommitFact> commits_of(const submission::History& history) {
  std::vector<dossier::CommitFact> result;
  for (const auto& commit : history.commits) {
    result.push_back({commit.oid, commit.message.substr(0, commit.message.find('\n')),
                      checks::own_code_lines(commit),
                      commit.parents.size() < 2 && checks::read_message(commit.message).kind ==
                                                       checks::MessageKind::telling});
  }
  return result;
}

/// Lines of the submission for places that no finding quotes. What is known to be secret is masked;
/// of the line that makes a key all texts are hidden.
std::string quote_of(const checks::Facts& facts, const Location& at) {
  const Project& project = facts.project;
  const Location& key = project.secrets.key_at;
  if (at.path == key.path && at.line == key.line) {
    return checks::code_without(facts, at, "").quote;
  }
  std::string quote = checks::code(facts, at).quote;
  for (const auto& secret : project.committed_secrets) {
    if (secret.value.empty()) continue;
    quote = text::replace_all(std::move(quote), secret.value, checks::masked(facts, secret.value));
  }
  return quote;
}

}  // namespace

dossier::Material material_of(const checks::Facts& facts, const report::Report& report) {
  dossier::Material result;
  result.findings = report.findings;
  result.strength = strength(report.grade.percent);
  result.facts = facts_of(facts, report, result.strength);
  result.words = words_of(facts);
  result.places = Places(facts.project).take();
  result.views = views_of(facts.project);
  result.commits = commits_of(facts.history);
  result.salt = report.submission.commit;
  result.quote = [&facts](const Location& at) { return quote_of(facts, at); };
  return result;
}

}  // namespace grader::cli
