#pragma once
// Private to grader/project: the readers that model() calls, in its order. Each sees what the ones
// before it have filled in.

#include <set>

#include "grader/project/flow/flow.hpp"
#include "grader/project/project.hpp"

namespace grader::project {

/// Parses every Python file that is not vendored and finds the folders of manage.py.
Project read_program(Files files);

/// All settings modules, the one that a server would run first.
std::vector<SettingsModule> read_settings(const Project& project);

/// Every read of an environment variable, with the setting that it feeds.
std::vector<EnvironmentRead> read_environment(const Project& project);

/// Credentials in the tree; needs the settings.
std::vector<CommittedSecret> read_committed_secrets(const Project& project);

/// The requirement files, and what the code needs that they do not name.
Dependencies read_dependencies(const Project& project);

/// True for names of files with environment variables that are no examples: ".env", "prod.env".
bool is_environment_file(std::string_view name);

/// What lies in the tree besides code; needs the models.
Inventory read_inventory(const Project& project);

/// The candidate's own tests; needs the models.
Tests read_tests(const Project& project);

/// The README at the top or in the Django folder, and what it tells.
Readme read_readme(const Project& project);

/// What the README says and the rest contradicts; needs all the rest.
std::vector<Contradiction> read_contradictions(const Project& project);

/// Routes, views and what each does to whose entries: fills `views`. Needs settings and models.
void follow_views(Project& project);

/// What the application offers, its interface and how it validates input. Needs all the rest.
void find_features(Project& project);

/// Notes sign-in or registration where `call` of the submission's code is one of Django's functions
/// for them.
void note_account_call(Project& project, python::Node call);

/// Notes sign-in and registration behind the routes and the included packages. Needs the views.
void find_accounts(Project& project);

/// A page whose scripts search over the rows that it shows, nothing where there is none.
std::optional<Location> find_page_search(const Project& project);

/// Whether pages or an API answer, and how input reaches the entries. Needs views and templates.
void find_interface(Project& project);

/// Functions and methods that some routed view may call, by the names that stand in it and in what
/// it calls: too many rather than too few. Linear in the size of the code.
std::set<python::Node> reached_functions(const Project& project);
/// Places where data becomes code, markup or a query, or a secret is written to the log.
std::vector<Hazard> read_hazards(const Project& project, const flow::Flow& flow);

/// Queries that are made again for each row: by templates, loops, serializers and the admin site.
std::vector<RepeatedQuery> read_repeated_queries(const Project& project, const flow::Flow& flow);

/// How the entry's secret is kept, from what was seen while the code was followed.
Secrets read_secrets(const Project& project, const flow::Flow& flow);

/// What to know of the submission as a whole, one sentence each: no Python, Python 2, no manage.py,
/// several projects, settings that could not be followed.
std::vector<std::string> remarks(const Project& project);

/// Places where text becomes SQL or markup: fills `hazards`. Needs templates.
void find_hazards(Project& project);

}  // namespace grader::project
