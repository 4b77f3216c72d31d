#pragma once

#include <string>
#include <vector>

#include "grader/project/facts.hpp"
#include "grader/project/files.hpp"
#include "grader/project/models.hpp"
#include "grader/project/secrets.hpp"
#include "grader/project/settings.hpp"
#include "grader/project/templates.hpp"
#include "grader/project/views.hpp"
#include "grader/python/names.hpp"

namespace grader::project {

/// A Django application of the submission's own.
struct App {
  std::string name;    ///< dotted package
  std::string folder;  ///< path of it
  bool installed = false;
};

/// A place that lets the text of one person become code or markup for another, or a query's.
struct Hazard {
  std::string what;  ///< sql, markup_safe, innerHTML, unquoted_attribute, script_url,
                     ///< event_handler, script_data, eval, shell, unsafe_load, open_redirect,
                     ///< server_request, secret_logged
  Location at;
  std::vector<Step> trace;
  bool cross_user = false;  ///< somebody else than the author can meet it

  /// True if it lets data become markup or script of a page.
  bool is_markup() const;
};

/// Entry rows read one by one in a loop or a template.
struct RepeatedQuery {
  Location at;
  std::vector<Step> trace;
};

/// What the submission is, as Django would see it, without running any of it. Every node in it
/// belongs to `program`; a Project may be moved.
struct Project {
  Files files;
  python::Program program;
  std::string django_root;  ///< folder of manage.py: "." at the top, empty where there is none
  std::vector<std::string> other_roots;  ///< further folders with a manage.py
  std::vector<SettingsModule> settings;  ///< the main one first
  std::vector<EnvironmentRead> environment;
  std::vector<CommittedSecret> committed_secrets;
  std::vector<App> apps;
  Models models;
  Views views;
  Secrets secrets;
  std::vector<Template> templates;
  std::vector<Hazard> hazards;
  std::vector<RepeatedQuery> repeated_queries;
  Dependencies dependencies;
  Readme readme;
  std::vector<Contradiction> contradictions;
  Tests tests;
  Inventory inventory;
  Features features;
  std::string validation;             ///< forms, serializers, manual, none
  std::string ui;                     ///< templates, drf, both, none
  std::vector<std::string> warnings;  ///< what was left out: files too large, not decodable, cut

  /// The settings module that counts, or null.
  const SettingsModule* main_settings() const;
  bool has_django() const { return !settings.empty() || !models.all.empty(); }
};

/// Reads everything. Never fails: what cannot be read becomes a warning and undecided verdicts.
/// After an interrupt the rest is left out: ask interrupt::requested() before using the answer.
Project model(Files files);

}  // namespace grader::project
