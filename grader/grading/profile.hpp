#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grader/base/location.hpp"

namespace grader::grading {

/// The facts about a submission, in the words of the profile's published keys: enumerations are the
/// strings of the schema ("plaintext", "env_with_default"…); empty means not decided.

struct EntryModel {
  std::string name;  ///< key "class"
  Location at;
  std::string secret_field;
  std::string owner_field;  ///< "user", "vault.owner"; empty where entries belong to nobody
};

/// How entries' secrets are kept.
struct EncryptionProfile {
  std::string kind;  ///< key "class": plaintext, encoding, toy_cipher, hash_only, weak_crypto…
  std::string key_source;  ///< hardcoded, settings_constant, secret_key, env…
  Location at;
  std::vector<Location> paths_missing;
};

/// One (view, operation).
struct ViewRow {
  std::string name;
  Location at;
  std::string op;  ///< list, detail, create, update, delete, search, export, import, share, reveal
  std::string login;  ///< required, missing, unsure
  std::string owner;  ///< scoped, missing, n/a, unsure
  std::optional<bool> method_safe;
  bool reached = true;    ///< false: routed nowhere
  bool discloses = true;  ///< false: an anonymous request gets a page without anybody's entries
  bool anonymous_error = false;  ///< an anonymous request ends in a server error
  std::string why;               ///< why it is unsure
};

/// Something worth naming, and where it is.
struct NotedPlace {
  std::string what;
  Location at;
};

/// The settings that decide about security.
struct SettingsProfile {
  std::string secret_key;  ///< hardcoded, env_with_default, env, file
  std::string debug;       ///< true_constant, env_default_true, env_default_false, false_constant
  std::string allowed_hosts;  ///< wildcard, empty, listed, env
  std::vector<NotedPlace> other_secrets;
};

/// What one test does, as far as reading tells.
struct TestRow {
  std::string name;  ///< "tests.VaultTests.test_list"
  Location at;
  std::vector<std::string> requests;  ///< "get entry_list as self.ann"
  int assertions = 0;                 ///< that can fail
  bool status_only = false;           ///< all of them only ask for status 200
};

/// The candidate's own tests, as far as reading tells.
struct TestsProfile {
  int count = 0;
  std::vector<std::string> files;
  std::string framework = "none";  ///< django, pytest, none
  std::optional<bool> ownership_tested;
  std::optional<bool> encryption_tested;
  std::vector<TestRow> cases = {};
};

/// Which parts the README has.
struct ReadmeProfile {
  bool present = false;
  bool setup = false;
  bool encryption = false;
  bool limitations = false;
  bool english = false;
};

/// What was built beyond, or of, the required functions.
struct Features {
  bool registration = false;  ///< key "register"
  bool search = false;
  bool generator = false;
  bool strength = false;
  bool export_ = false;
  bool import_ = false;
  bool drf = false;
  bool docker = false;
  bool two_factor = false;
};

/// A fact about the history that a person reads and nothing marks.
struct HistoryNote {
  std::string what;    ///< sittings, people, tests, readme, copied, origin, date
  std::string text;    ///< one sentence
  std::string commit;  ///< where it shows; empty for the whole
};

/// The history in figures.
struct GitProfile {
  int commits = 0;
  int authors = 0;
  int author_emails = 0;
  int span_days = 0;
  std::string style;     ///< incremental, few_batches, single_dump
  std::string messages;  ///< good, mixed, poor
  bool template_clone = false;
  std::vector<HistoryNote> notes = {};
};

/// The facts about a submission that do not judge.
struct Profile {
  std::string django_root;  ///< folder of manage.py, "." if at the top
  std::string kind;         ///< password_manager, other
  std::string ui;           ///< templates, drf, both, none
  std::optional<EntryModel> entry_model;
  EncryptionProfile encryption;
  std::vector<ViewRow> views;
  SettingsProfile settings;
  std::vector<Location> sqli;
  std::vector<Location> xss;
  std::vector<NotedPlace> other_injection;
  std::string validation;  ///< forms, serializers, manual, none
  std::string migrations;  ///< committed, missing, partial
  TestsProfile tests;
  ReadmeProfile readme;
  std::string dependencies_file;
  std::string dependencies_pinned;  ///< all, some, none
  std::vector<std::string> committed_junk;
  Features features;
  std::vector<Location> n_plus_one;
  GitProfile git;
};

}  // namespace grader::grading
