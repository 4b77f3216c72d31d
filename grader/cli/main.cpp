#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "grader/base/interrupt.hpp"
#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "grader/cli/batch.hpp"
#include "grader/cli/report_files.hpp"
#include "grader/cli/rescore.hpp"
#include "grader/cli/verbs.hpp"
#include "grader/submission/fetch.hpp"

namespace {

using grader::cli::GradeOptions;

/// --format, --audience and --lang, of every verb that writes reports.
void add_files(CLI::App& verb, std::vector<std::string>& formats,
               std::vector<std::string>& audience, std::string& language) {
  verb.add_option("--format", formats, "html,json,md,sarif,junit,pdf (default: html,json,md)")
      ->delimiter(',')
      ->check(CLI::IsMember(grader::cli::format_names()));
  verb.add_option("--audience", audience,
                  "interviewer,recruiter,candidate: pages of html, md, pdf (default: interviewer)")
      ->delimiter(',')
      ->check(CLI::IsMember({"interviewer", "recruiter", "candidate"}));
  verb.add_option("--lang", language, "en or ru: of the pages")->check(CLI::IsMember({"en", "ru"}));
}

void add_grade(CLI::App& app, GradeOptions& options) {
  auto* verb = app.add_subcommand("grade", "Grade one submission and report");
  verb->add_option("SOURCE", options.request.source, "https, ssh or file URL, or a path")
      ->required();
  verb->add_option("--ref", options.request.ref, "branch, tag or commit (default: default branch)");
  verb->add_option("--rubric", options.request.rubric, "name of a rubric, or a YAML file");
  verb->add_option("--out", options.out, "folder for the report's files");
  add_files(*verb, options.formats, options.audience, options.request.language);
  verb->add_flag("--static", options.request.static_only,
                 "read only: run nothing of the candidate");
  verb->add_flag_callback(
      "--no-lint", [&options] { options.request.lint = false; },
      "leave out the external style tools");
  verb->add_flag_callback(
      "--no-probe", [&options] { options.request.probe = false; },
      "start the application, but do not meet it as two users");
  verb->add_flag("--json", options.json, "the report as JSON on stdout");
  verb->add_option("--fail-under", options.fail_under, "exit 1 where the low bound is under this");
  verb->add_option("--fail-on", options.fail_on,
                   "exit 1 on a tripped gate, or on findings this bad or worse")
      ->check(CLI::IsMember({"gate", "critical", "high", "medium", "low"}));
  verb->add_flag("--annotations", options.annotations, "findings as lines for GitHub's runner");
  verb->add_option("--credentials", options.request.credentials_file, "file of tokens by host");
  verb->add_option("--ssh-key", options.request.ssh_key,
                   "private key for ssh (default: the agent)");
  verb->add_flag("--with-parent", options.with_parent)->group("");
  verb->add_flag("--anonymous", options.request.anonymous,
                 "take names and addresses of people out of every format");
  verb->add_option("--keep-days", options.request.keep_days,
                   "how long the report may be kept (default: 180)")
      ->check(CLI::Range(1, 3650));
  verb->add_option("--as-of", options.request.as_of, "grade as on this time (seconds since 1970)");
}

void add_batch(CLI::App& app, grader::cli::BatchOptions& options) {
  auto* verb = app.add_subcommand("batch", "Grade many submissions, each in a process of its own");
  verb->add_option("LIST", options.list, "file with one source a line (TAB, ref), or a folder")
      ->required();
  verb->add_option("--out", options.out, "folder for one folder of reports a submission")
      ->required();
  verb->add_option("--jobs", options.jobs, "how many at a time")->check(CLI::Range(1, 64));
  verb->add_option("--rubric", options.rubric, "name of a rubric, or a YAML file");
  add_files(*verb, options.formats, options.audience, options.language);
  verb->add_flag("--static", options.static_only, "read only: run nothing of the candidates");
  verb->add_flag("--anonymous", options.anonymous, "take names and addresses of people out");
  verb->add_flag_callback(
      "--no-lint", [&options] { options.lint = false; }, "leave out the external style tools");
  verb->add_flag_callback(
      "--no-probe", [&options] { options.probe = false; },
      "start the applications, but do not meet them as two users");
}

/// `grader cache` and its verbs.
struct CacheVerbs {
  CLI::App* prune = nullptr;
  CLI::App* verify = nullptr;
  grader::cli::PruneOptions options;
  bool remove = false;

  void add(CLI::App& app) {
    auto* cache = app.add_subcommand("cache", "What is kept between runs");
    cache->require_subcommand(0, 1);
    prune = cache->add_subcommand("prune", "Remove what was not used for long");
    prune->add_option("--days", options.days, "unused for so many days (default: 30)")
        ->check(CLI::Range(0, 3650));
    prune->add_flag("--roots", options.roots, "root file systems of boxes too");
    verify = cache->add_subcommand("verify", "Compare everything with its digest");
    verify->add_flag("--remove", remove, "remove what is damaged");
  }

  grader::Result<int> run() const {
    if (*prune) return grader::cli::prune_cache(options);
    if (*verify) return grader::cli::verify_cache(remove);
    return grader::cli::show_cache();
  }
};

void add_rescore(CLI::App& app, grader::cli::RescoreOptions& options) {
  auto* verb =
      app.add_subcommand("rescore", "Grade stored findings by another rubric; runs nothing");
  verb->add_option("REPORT", options.reports, "report.json files, or folders of a batch")
      ->required();
  verb->add_option("--rubric", options.rubric, "name of a rubric, or a YAML file");
}

void add_override(CLI::App& app, grader::cli::OverrideOptions& options) {
  auto* verb = app.add_subcommand("override", "Put a person's mark in place of an automatic one");
  verb->add_option("REPORT", options.report, "report.json: it is rewritten")->required();
  verb->add_option("--criterion", options.criterion, "id, such as security.encryption")->required();
  verb->add_option("--points", options.points, "from 0 to what the criterion has")->required();
  verb->add_option("--by", options.by, "who decides")->required();
  verb->add_option("--why", options.why, "the reason: it stands in the report")->required();
  verb->add_option("--rubric", options.rubric, "the one that the report was graded by");
}

void add_render(CLI::App& app, grader::cli::RenderOptions& options) {
  auto* verb = app.add_subcommand("render", "Write formats of a stored report; grades nothing");
  verb->add_option("REPORT", options.report, "report.json")->required();
  verb->add_option("--out", options.out, "folder for the report's files")->required();
  add_files(*verb, options.formats, options.audience, options.language);
}

void add_verify(CLI::App& app, grader::cli::VerifyOptions& options) {
  auto* verb = app.add_subcommand("verify", "Grade again what a report is of, and compare");
  verb->add_option("REPORT", options.report, "report.json")->required();
  verb->add_option("--source", options.source, "where the submission is now, if elsewhere");
  verb->add_option("--rubric", options.rubric, "YAML file, if it is none that comes along");
}

/// CLI11 says of a verb that does not exist only that one is required.
grader::Result<void> know_verb(const CLI::App& app, std::string_view word) {
  std::vector<std::string> verbs;
  for (const auto* verb : app.get_subcommands({})) {
    if (verb->get_name() == word) return {};
    if (!verb->get_group().empty()) verbs.push_back(verb->get_name());
  }
  const auto near = grader::text::nearest(word, verbs);
  return grader::fail(
      grader::ErrorKind::usage, fmt::format("there is no verb {}", word), {},
      near ? "did you mean " + *near + "?" : "give one of " + grader::text::join(verbs, ", "));
}

grader::Result<int> run(int argc, char** argv) {
  CLI::App app{"Grader for a Django home assignment", "grader"};
  app.set_version_flag("--version", GRADER_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 graded, 1 under the threshold, 2 usage, 3 submission unreadable,\n"
      "4 rubric wrong, 5 sandbox failed, 70 a bug of ours, 130 interrupted.");
  bool verbose = false;
  app.add_flag("-v,--verbose", verbose, "more on stderr");
  GradeOptions grade;
  add_grade(app, grade);
  grader::cli::BatchOptions batch;
  add_batch(app, batch);
  grader::cli::RescoreOptions rescore;
  add_rescore(app, rescore);
  grader::cli::OverrideOptions override_options;
  add_override(app, override_options);
  grader::cli::RenderOptions render;
  add_render(app, render);
  grader::cli::VerifyOptions verify;
  add_verify(app, verify);
  auto* checks = app.add_subcommand("checks", "List all checks");
  auto* explain = app.add_subcommand("explain", "What a check looks for, why, and what to do");
  std::string id;
  explain->add_option("ID", id, "id of a check, such as settings.debug_enabled")->required();
  auto* rubric = app.add_subcommand("rubric", "Work on rubrics");
  rubric->require_subcommand(1);
  auto* lint = rubric->add_subcommand("lint", "Find every mistake in a rubric file");
  std::string file;
  lint->add_option("FILE", file, "rubric as YAML")->required();
  auto* doctor = app.add_subcommand("doctor", "Prove that boxes hold on this machine");
  CacheVerbs cache;
  cache.add(app);
  auto* child = app.add_subcommand("fetch-child", "")->group("");
  if (argc > 1 && argv[1][0] != '-') {
    if (auto known = know_verb(app, argv[1]); !known) return tl::unexpected(known.error());
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(grader::ErrorKind::usage);
  }
  if (verbose) grader::log::set_level(grader::log::Level::debug);
  if (*child) return grader::submission::fetch_child_main();
  grader::interrupt::install();
  if (*checks) return grader::cli::list_checks();
  if (*explain) return grader::cli::explain(id);
  if (*lint) return grader::cli::lint_rubric(file);
  if (*doctor) return grader::cli::doctor();
  if (app.got_subcommand("cache")) return cache.run();
  if (app.got_subcommand("rescore")) return grader::cli::rescore(rescore);
  if (app.got_subcommand("override")) return grader::cli::override_mark(override_options);
  if (app.got_subcommand("verify")) return grader::cli::verify(verify);
  if (app.got_subcommand("render")) return grader::cli::render(render);
  if (app.got_subcommand("batch")) return grader::cli::batch(batch);
  return grader::cli::grade(grade);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto code = run(argc, argv);
    return code ? *code : grader::cli::report_error(code.error());
  } catch (const std::exception& error) {
    return grader::cli::report_error({grader::ErrorKind::internal,
                                      error.what(),
                                      {},
                                      "this is a fault of the grader: please report it"});
  }
}
