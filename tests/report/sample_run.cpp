#include <chrono>
#include <utility>

#include "tests/report/sample.hpp"

namespace grader::report::sample {
namespace {

using std::chrono::milliseconds;

struct Change {
  std::string path;
  std::uint32_t insertions = 0;
  std::uint32_t deletions = 0;
};

/// A commit `hours` after the first one.
submission::Commit commit(std::string id, std::int64_t hours, std::string message,
                          const std::vector<Change>& changes) {
  submission::Commit result;
  result.oid = std::move(id);
  result.author = {"Dana Example", "dana@git.example"};
  result.committer = result.author;
  result.author_time = result.commit_time = 1794560400 + hours * 3600;
  result.author_offset_minutes = result.commit_offset_minutes = 120;
  result.message = std::move(message);
  for (const auto& change : changes) {
    submission::ChangedPath path;
    path.path = change.path;
    path.insertions = change.insertions;
    path.deletions = change.deletions;
    result.insertions += change.insertions;
    result.deletions += change.deletions;
    result.changes.push_back(std::move(path));
  }
  result.files_changed = changes.size();
  return result;
}

sandbox::Rung passed(std::string name, int duration, std::vector<std::string> repairs = {}) {
  return {std::move(name),        sandbox::RungStatus::passed, sandbox::RungCause::none, {}, {},
          milliseconds(duration), std::move(repairs)};
}

sandbox::TestRun tests() {
  using Status = sandbox::TestCase::Status;
  sandbox::TestRun run;
  run.runner = "django";
  run.cases = {
      {"vault.tests.EntryTests.test_create", Status::passed, {}, milliseconds(41)},
      {"vault.tests.EntryTests.test_delete", Status::passed, {}, milliseconds(38)},
      {"vault.tests.EntryTests.test_edit", Status::passed, {}, milliseconds(40)},
      {"vault.tests.EntryTests.test_list_needs_login", Status::passed, {}, milliseconds(12)},
      {"vault.tests.EntryTests.test_password_is_encrypted", Status::passed, {}, milliseconds(36)},
      {"vault.tests.EntryTests.test_search", Status::failed,
       "AssertionError: 'github' not found in '<ul class=\"entries\">…</ul>'", milliseconds(44)},
      {"vault.tests.SignupTests.test_signup", Status::skipped, "not ready", milliseconds(0)}};
  run.coverage = {
      {"vault/forms.py", 22, 20}, {"vault/models.py", 31, 30}, {"vault/views.py", 84, 47}};
  run.trusted = true;
  run.exit_code = 1;
  return run;
}

grading::ViewRow view(std::string name, Location at, std::string op, std::string owner) {
  grading::ViewRow row;
  row.name = std::move(name);
  row.at = std::move(at);
  row.op = std::move(op);
  row.login = "required";
  row.owner = std::move(owner);
  row.method_safe = true;
  return row;
}

}  // namespace

std::vector<submission::Commit> commits() {
  return {
      commit("c41b7d9e02f6a8135d90be77c1f4a6238e5d0917", 6 * 24 + 3, "Describe the setup\n",
             {{"README.md", 38, 2}}),
      commit("7d1f0c52a9e34b1186d0c7a4e2f95b3318c06a7d", 5 * 24 + 8, "Add export and Docker files",
             {{"Dockerfile", 14, 0}, {"db.sqlite3", 0, 0}, {"vault/views.py", 31, 0}}),
      commit("51a6be0d3c9f7e24a8d61b0f5c3e97d2a4b8f106", 5 * 24 + 2, "fix",
             {{"vault/views.py", 3, 3}}),
      commit("e90c24d1b7f3a6580d2e9c41f7ab35d8602c1b94", 3 * 24 + 1,
             "Test creating and editing entries", {{"vault/tests.py", 88, 1}}),
      commit("29f7d0e6c5b8134a9e02d7f1c6ab98453d07e2fc", 2 * 24 + 5,
             "Encrypt passwords with Fernet",
             {{"vault/models.py", 17, 2}, {"vault/forms.py", 9, 1}, {"config/settings.py", 2, 0}}),
      commit("b6a3f91c07d2e845f10c6d9a7e3b52084fd16ac8", 26, "Add list, create, edit and delete",
             {{"vault/views.py", 74, 0},
              {"vault/urls.py", 14, 0},
              {"vault/templates/vault/list.html", 40, 0}}),
      commit("0d5e8c71f2a94b36e07d1c58ba9f4263d7e05b19", 0, "Start the project",
             {{"manage.py", 22, 0}, {"config/settings.py", 118, 0}, {"vault/models.py", 16, 0}}),
  };
}

sandbox::Rehearsal rehearsal() {
  sandbox::Rehearsal result;
  result.ladder = {passed("dependencies", 4100, {"repair.pin_relaxed"}),
                   passed("settings", 310, {"repair.environment_variable"}),
                   passed("check", 420),
                   passed("migrations", 400),
                   passed("migrate", 650),
                   passed("serve", 900),
                   {"tests",
                    sandbox::RungStatus::failed,
                    sandbox::RungCause::submission,
                    "1 of 7 tests fails",
                    "FAILED (failures=1, skipped=1)",
                    milliseconds(1300),
                    {}}};
  result.repairs = {{"repair.pin_relaxed",
                     "cryptography==3.4.6 has no wheel for Python 3.11: 3.4.8 was taken",
                     {"requirements.txt", 3, 0, 0}},
                    {"repair.environment_variable",
                     "SECRET_KEY was given a random value",
                     {"config/settings.py", 22, 0, 0}}};
  result.tests = tests();
  result.interpreter = "3.11.2";
  result.distributions = {"cryptography==3.4.8", "django==4.2.16", "python-dotenv==1.0.1"};
  result.root_file_system = "sha256:5c0d3b7e91aa";
  return result;
}

grading::Profile profile() {
  grading::Profile result;
  result.django_root = ".";
  result.kind = "password_manager";
  result.ui = "templates";
  result.entry_model =
      grading::EntryModel{"PasswordEntry", {"vault/models.py", 8, 0, 0}, "password", "user"};
  result.encryption = {
      "sound", "env", {"vault/models.py", 22, 0, 0}, {{"vault/views.py", 112, 0, 0}}};
  result.views = {view("entry_list", {"vault/views.py", 18, 0, 0}, "list", "scoped"),
                  view("delete_entry", {"vault/views.py", 62, 0, 0}, "delete", "scoped"),
                  view("search", {"vault/views.py", 70, 0, 0}, "search", "unsure"),
                  view("export_csv", {"vault/views.py", 91, 0, 0}, "export", "missing"),
                  view("old_list", {"vault/old.py", 4, 0, 0}, "list", "missing")};
  result.views[1].method_safe = false;
  result.views[2].why = "query built in a loop";
  result.views[4].login = "missing";
  result.views[4].method_safe.reset();
  result.views[4].reached = false;
  result.settings = {"env_with_default",
                     "true_constant",
                     "empty",
                     {{"encryption key", {"config/settings.py", 24, 0, 0}}}};
  result.other_injection = {{"password in a log line", {"vault/views.py", 37, 0, 0}}};
  result.validation = "forms";
  result.migrations = "committed";
  result.tests = {7, {"vault/tests.py"}, "django", false, true};
  result.tests.cases = {{"vault.tests.EntryTests.test_list",
                         {"vault/tests.py", 12},
                         {"get entry_list as self.ann"},
                         1,
                         true}};
  result.readme = {true, true, true, false, true};
  result.dependencies_file = "requirements.txt";
  result.dependencies_pinned = "all";
  result.committed_junk = {"db.sqlite3"};
  result.features.registration = result.features.search = true;
  result.features.export_ = result.features.import_ = result.features.docker = true;
  result.n_plus_one = {{"vault/templates/vault/list.html", 24, 0, 0}};
  result.git = {7, 1, 1, 6, "incremental", "mixed", false};
  return result;
}

}  // namespace grader::report::sample
