#include "grader/cli/pipeline.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <set>

#include "checks/check.hpp"
#include "checks/profile.hpp"
#include "checks/proof.hpp"
#include "grader/base/interrupt.hpp"
#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "grader/cli/material.hpp"
#include "grader/grading/grade.hpp"
#include "grader/project/past_secrets.hpp"
#include "grader/project/project.hpp"
#include "grader/report/anonymous.hpp"
#include "grader/submission/fetch.hpp"
#include "sandbox/doctor/trials.hpp"
#include "sandbox/environment/host.hpp"
#include "sandbox/environment/rootfs.hpp"
#include "sandbox/rehearsal/lint.hpp"
#include "sandbox/rehearsal/rehearse.hpp"

namespace grader::cli {
namespace {

/// Seconds of each stage, in the order they ran.
class Stopwatch {
 public:
  explicit Stopwatch(report::Report& report) : report_(report) {}

  void next(std::string stage) {
    stop();
    stage_ = std::move(stage);
    begun_ = Clock::now();
  }

  void stop() {
    if (stage_.empty()) return;
    const std::chrono::duration<double> spent = Clock::now() - begun_;
    report_.timing.emplace_back(std::exchange(stage_, {}), spent.count());
  }

 private:
  using Clock = std::chrono::steady_clock;
  report::Report& report_;
  std::string stage_;
  Clock::time_point begun_;
};

/// "what was not done: why", and the next step below it.
void say(void (*log)(std::string_view), const std::string& what, const Error& error) {
  const std::string shown = what + ": " + to_string(error);
  for (const auto line : text::lines(shown)) log(line);
}

Error interrupted(const report::Report& report) {
  return {ErrorKind::interrupted, report.submission.source + ": interrupted", {}, {}};
}

project::Files files_of(const submission::Submission& submission) {
  project::Files files;
  for (const auto& entry : submission.entries()) {
    if (entry.mode == submission::Mode::submodule) continue;
    files.entries.push_back({entry.path, entry.size, entry.mode == submission::Mode::symlink});
  }
  files.read = [&submission](std::string_view path) -> std::optional<std::string> {
    const auto* entry = submission.find(path);
    if (entry == nullptr || entry->mode == submission::Mode::symlink) return std::nullopt;
    auto bytes = submission.read(*entry);
    if (!bytes) return std::nullopt;
    return std::move(*bytes);
  };
  return files;
}

/// What the history once held and the graded tree does not; its own contents are in the model.
Result<std::vector<project::PastSecret>> past_secrets(const submission::Submission& submission,
                                                      const submission::History& history,
                                                      const project::Project& project) {
  std::set<std::string, std::less<>> present;
  for (const auto& entry : submission.entries()) present.insert(entry.oid);
  project::PastSecrets past(project);
  const auto unread = submission::for_each_historic_blob(
      submission, history,
      [&](const submission::HistoricBlob& blob) {
        return !present.contains(blob.oid) && past.wanted(blob.path, blob.size, blob.commit.oid);
      },
      [&](const submission::HistoricBlob& blob, std::string_view bytes) {
        past.read(blob.path, bytes, blob.commit.oid);
      });
  if (!unread) return tl::unexpected(unread.error());
  if (past.cut()) log::warning("not all of the history was searched for secrets: it is too large");
  return past.take();
}

Result<submission::Submission> fetched(const submission::Source& source,
                                       const GradeRequest& request) {
  submission::FetchOptions options;
  options.ref = request.ref;
  options.credentials_file = request.credentials_file;
  options.ssh_key = request.ssh_key;
  options.on_progress = [](const submission::FetchProgress& progress) {
    log::progress("fetching: " + std::to_string(progress.received_objects) + " objects, " +
                  std::to_string(progress.received_bytes / 1024) + " KiB");
  };
  return submission::fetch(source, options);
}

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// What boxes need; an Error says what is missing on this machine.
struct Boxes {
  sandbox::Sandbox sandbox;
  sandbox::Host host;
};

Result<Boxes> open_boxes() {
  auto sandbox = sandbox::Sandbox::open();
  if (!sandbox) return tl::unexpected(sandbox.error());
  auto host = sandbox::find_host();
  if (!host) return tl::unexpected(host.error());
  const auto root =
      sandbox::ensure_root_file_system([](std::string_view line) { log::progress(line); });
  if (!root) return tl::unexpected(root.error());
  host->root = root->path;
  host->root_digest = root->digest;
  const auto proven = sandbox::ensure_proven(*sandbox, host->root, host->cache);
  if (!proven) return tl::unexpected(proven.error());
  return Boxes{std::move(*sandbox), std::move(*host)};
}

/// Lint and rehearsal. Where boxes do not work, the report says so and why.
class BoxStages {
 public:
  BoxStages(const submission::Submission& submission, const project::Project& project,
            const GradeRequest& request, report::Report& report, Stopwatch& watch)
      : submission_(submission),
        project_(project),
        request_(request),
        report_(report),
        watch_(watch) {}

  Result<void> run(std::int64_t commit_time) {
    const bool rehearses = !request_.static_only;
    if (!rehearses && !request_.lint) return {};
    watch_.next("boxes");
    auto boxes = open_boxes();
    if (!boxes) return give_up(boxes.error());
    report_.inputs.emplace_back("root file system", boxes->host.root_digest);
    if (request_.lint) lint(*boxes);
    if (interrupt::requested()) return tl::unexpected(interrupted(report_));
    if (rehearses) return rehearse(*boxes, commit_time);
    return {};
  }

 private:
  Result<void> give_up(const Error& error) {
    if (error.kind == ErrorKind::interrupted || !request_.static_only) return tl::unexpected(error);
    say(log::warning, "the style tools were not run", error);
    report_.lint.emplace();
    report_.lint->problem = error.what;
    return {};
  }

  void lint(const Boxes& boxes) {
    watch_.next("lint");
    log::progress("checking the style");
    auto lint = sandbox::lint(submission_, boxes.sandbox, boxes.host);
    if (lint) {
      report_.lint = std::move(*lint);
      return;
    }
    say(log::warning, "the style tools were not run", lint.error());
    report_.lint.emplace();
    report_.lint->problem = lint.error().what;
  }

  Result<void> rehearse(const Boxes& boxes, std::int64_t commit_time) {
    watch_.next("rehearse");
    log::progress("installing and starting the application in boxes");
    sandbox::RehearsalOptions options;
    options.newest = sandbox::day_after(commit_time, 2);
    options.probe = request_.probe;
    auto rehearsal = sandbox::rehearse(submission_, project_, boxes.sandbox, boxes.host, options);
    if (rehearsal) {
      report_.rehearsal = std::move(*rehearsal);
      const std::string& problem = report_.rehearsal->problem;
      if (!problem.empty()) log::error("the application was not started: " + problem);
      return {};
    }
    if (rehearsal.error().kind == ErrorKind::interrupted) return tl::unexpected(rehearsal.error());
    say(log::error, "the application was not started", rehearsal.error());
    report_.rehearsal.emplace();
    report_.rehearsal->problem = rehearsal.error().what;
    return {};
  }

  const submission::Submission& submission_;
  const project::Project& project_;
  const GradeRequest& request_;
  report::Report& report_;
  Stopwatch& watch_;
};

/// What a submission is judged by, and what its author is asked from.
struct Books {
  grading::Rubric rubric;
  dossier::Bank bank;
};

void judge(report::Report& report, const checks::Facts& facts, const Books& books) {
  report.findings = checks::inspect(facts);
  report.profile = checks::profile_of(facts);
  report.disagreements = checks::disagreements(facts);
  std::set<std::string> asked;
  for (const auto& finding : report.findings) {
    if (!asked.insert(finding.check).second) continue;
    const auto* entry = checks::find_check(finding.check);
    if (entry == nullptr) continue;
    const checks::Check& check = *entry->check;
    report.rules.push_back({finding.check, std::string(check.title), std::string(check.why),
                            std::string(check.fix), std::string(check.reference)});
  }
  grading::Basis basis;
  basis.full = facts.rehearsal != nullptr && facts.rehearsal->problem.empty();
  basis.lines = facts.lint != nullptr ? facts.lint->lines : 0;
  report.grade = grading::grade(report.findings, books.rubric, basis);
  report.dossier = dossier::build(books.bank, material_of(facts, report));
}

}  // namespace

std::vector<std::string> check_ids() {
  std::vector<std::string> ids;
  for (const auto& entry : checks::catalogue()) ids.emplace_back(entry.id);
  return ids;
}

Result<std::string> rubrics_folder() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "share/grader/rubrics";
  for (const fs::path& folder : {installed, fs::path(GRADER_SOURCE_DIR) / "rubrics"}) {
    if (fs::is_directory(folder, error)) return folder.string();
  }
  return fail(ErrorKind::rubric, "the rubrics that come along are not there", installed.string(),
              "install the grader again");
}

Result<grading::Rubric> find_rubric(const std::string& name_or_file) {
  namespace fs = std::filesystem;
  const bool is_file =
      name_or_file.find('/') != std::string::npos || name_or_file.ends_with(".yaml");
  if (is_file) return grading::load_rubric(name_or_file, check_ids());
  const auto folder = rubrics_folder();
  if (!folder) return tl::unexpected(folder.error());
  std::error_code error;
  const fs::path file = fs::path(*folder) / (name_or_file + ".yaml");
  if (fs::exists(file, error)) return grading::load_rubric(file.string(), check_ids());
  return fail(ErrorKind::usage, "there is no rubric " + name_or_file, {},
              "name one that comes along (password_manager) or a .yaml file");
}

namespace {

Result<dossier::Bank> question_bank() {
  const auto folder = rubrics_folder();
  if (!folder) return tl::unexpected(folder.error());
  return dossier::load_bank(*folder + "/questions", check_ids());
}

Result<Books> read_books(const std::string& name_or_file) {
  auto reading = std::async(std::launch::async, question_bank);
  auto rubric = find_rubric(name_or_file);
  auto bank = reading.get();
  if (!rubric) return tl::unexpected(rubric.error());
  if (!bank) return tl::unexpected(bank.error());
  return Books{std::move(*rubric), std::move(*bank)};
}

}  // namespace

Result<report::Report> grade_submission(const GradeRequest& request) {
  const auto source = submission::parse_source(request.source);
  if (!source) return tl::unexpected(source.error());
  const auto books = std::async(std::launch::async, read_books, request.rubric).share();
  // Nothing is downloaded for a rubric that cannot be used.
  if (source->remote() && !books.get()) return tl::unexpected(books.get().error());
  report::Report report;
  report.language = request.language;
  report.keep_days = request.keep_days;
  Stopwatch watch(report);
  watch.next("fetch");
  const auto submission = fetched(*source, request);
  if (!submission) return tl::unexpected(submission.error());
  report.submission.source = submission->source().text;
  report.submission.commit = submission->commit();
  report.submission.ref = submission->ref();
  for (const auto& warning : submission->warnings()) {
    report.submission.warnings.push_back(warning.text);
  }
  watch.next("model and history");
  auto reading =
      std::async(std::launch::async, [&] { return submission::read_history(*submission); });
  const project::Project project = project::model(files_of(*submission));
  auto history = reading.get();
  if (!books.get()) return tl::unexpected(books.get().error());
  if (!history) return tl::unexpected(history.error());
  if (interrupt::requested()) return tl::unexpected(interrupted(report));
  for (const auto& warning : project.warnings) report.submission.warnings.push_back(warning);
  report.as_of = request.as_of.value_or(now());
  const std::int64_t commit_time = history->commits.front().commit_time;
  BoxStages boxes(*submission, project, request, report, watch);
  if (auto done = boxes.run(commit_time); !done) return tl::unexpected(done.error());
  if (interrupt::requested()) return tl::unexpected(interrupted(report));
  watch.next("past");
  auto past = past_secrets(*submission, *history, project);
  if (!past) return tl::unexpected(past.error());
  watch.next("inspect");
  const checks::Facts facts{project,
                            *history,
                            report.lint ? &*report.lint : nullptr,
                            report.rehearsal ? &*report.rehearsal : nullptr,
                            report.as_of,
                            std::move(*past)};
  judge(report, facts, *books.get());
  report.history_gap = history->gap;
  report.commits = std::move(history->commits);
  report.inputs.emplace_back("rubric", books.get()->rubric.digest);
  report.inputs.emplace_back("question bank", books.get()->bank.digest);
  watch.stop();
  if (request.anonymous) return report::anonymised(report);
  return report;
}

}  // namespace grader::cli
