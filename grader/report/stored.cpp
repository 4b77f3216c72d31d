#include "grader/report/stored.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "grader/report/read_values.hpp"

namespace grader::report {
namespace {

using json::Json;
using json::member;
using json::text_at;

constexpr std::string_view schema = "grader-report/1";
constexpr std::size_t max_findings = 200'000;

Error broken(const std::string& where, std::string what) {
  return {ErrorKind::usage, std::move(what), where, "grade the submission again"};
}

/// How deep the brackets of a text are nested, those inside of strings left out.
int depth_of(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\') ++i;
    if (in_string) continue;
    if (c == '{' || c == '[') deepest = std::max(deepest, ++depth);
    if (c == '}' || c == ']') --depth;
  }
  return deepest;
}

Result<Json> parsed(std::string_view text, const std::string& where) {
  constexpr int deepest = 64;  // far deeper than any report
  if (depth_of(text) > deepest) {
    return tl::unexpected(broken(where, "this is no report of the grader: it is nested too deep"));
  }
  auto document = Json::parse(text, nullptr, false);
  if (document.is_discarded() || !document.is_object() || !document.contains("schema")) {
    return tl::unexpected(broken(where, "this is no report of the grader, or it was cut"));
  }
  if (text_at(document, "schema") != schema) {
    return fail(ErrorKind::usage,
                "the report has the schema " + text_at(document, "schema").substr(0, 40) +
                    ", this program reads " + std::string(schema),
                where, "use the program that wrote it");
  }
  for (const char* key : {"findings", "score", "submission", "rubric", "sections"}) {
    if (!document.contains(key)) {
      return tl::unexpected(broken(where, std::string("the report has no ") + key));
    }
  }
  return document;
}

Result<std::vector<grading::Finding>> findings_of(const Json& document, const std::string& where) {
  const Json& list = member(document, "findings");
  if (!list.is_array() || list.size() > max_findings || !member(document, "score").is_object()) {
    return tl::unexpected(broken(where, "the findings of the report cannot be read"));
  }
  std::vector<grading::Finding> findings;
  if (!json::read_findings(list, findings)) {
    return tl::unexpected(broken(where, "a finding of the report cannot be read"));
  }
  return findings;
}

Result<grading::Basis> basis_of(const Json& document, const std::string& where) {
  const auto basis = text_at(member(document, "score"), "basis");
  if (basis != "full" && basis != "static") {
    return tl::unexpected(broken(where, "the report does not say what it rests on"));
  }
  return grading::Basis{basis == "full", json::number_at(member(document, "lint"), "lines")};
}

Result<std::vector<grading::Override>> overrides_of(const Json& document,
                                                    const std::string& where) {
  std::vector<grading::Override> result;
  for (const auto* item : json::elements(member(document, "overrides"))) {
    const auto points = grading::parse_decimal(text_at(*item, "points"));
    if (!points) return tl::unexpected(broken(where, "the ledger of overrides cannot be read"));
    result.push_back(
        {text_at(*item, "criterion"), *points, text_at(*item, "by"), text_at(*item, "why")});
  }
  return result;
}

void read_history(const Json& value, Report& report) {
  for (const auto* item : json::elements(member(value, "commits"))) {
    auto& commit = report.commits.emplace_back();
    commit.oid = text_at(*item, "commit");
    commit.author_time = commit.commit_time = json::time_at(*item, "time");
    commit.message = text_at(*item, "subject");
    commit.files_changed = static_cast<std::size_t>(json::number_at(*item, "files"));
    commit.insertions = static_cast<std::size_t>(json::number_at(*item, "added"));
    commit.deletions = static_cast<std::size_t>(json::number_at(*item, "removed"));
    if (json::flag_at(*item, "merge")) commit.parents.resize(2);
  }
  report.history_gap = text_at(value, "gap");
}

void read_inputs(const Json& value, Report& report) {
  report.as_of = json::time_at(value, "as_of");
  if (!value.is_object()) return;
  for (const auto& [name, digest] : value.items()) {
    if (name != "as_of" && digest.is_string()) report.inputs.emplace_back(name, digest);
  }
}

/// Days from the date of the grading to the one that is written.
int keep_days_of(const Json& document, std::int64_t as_of) {
  constexpr std::int64_t day = 86'400;
  const Json until = {{"at", text_at(document, "keep_until") + "T00:00:00Z"}};
  const std::int64_t end = json::time_at(until, "at");
  return end > as_of - as_of % day ? static_cast<int>((end - (as_of - as_of % day)) / day) : 0;
}

void read_rest(const Json& document, Report& report) {
  const Json& submission = member(document, "submission");
  report.submission = {text_at(submission, "source"), text_at(submission, "commit"),
                       text_at(submission, "ref"), json::strings_at(submission, "warnings")};
  report.profile = json::read_profile(member(document, "profile"));
  for (const auto* rule : json::elements(member(document, "rules"))) {
    report.rules.push_back({text_at(*rule, "id"), text_at(*rule, "title"), text_at(*rule, "why"),
                            text_at(*rule, "fix"), text_at(*rule, "reference")});
  }
  const Json& lint = member(document, "lint");
  if (lint.is_object()) report.lint = json::read_lint(lint);
  const Json& rehearsal = member(document, "rehearsal");
  if (rehearsal.is_object()) report.rehearsal = json::read_rehearsal(rehearsal);
  report.disagreements = json::strings_at(document, "disagreements");
  report.dossier = json::read_dossier(member(document, "dossier"));
  read_history(member(document, "history"), report);
  read_inputs(member(document, "inputs"), report);
  report.language = text_at(document, "language") == "ru" ? "ru" : "en";
  report.anonymous = json::flag_at(document, "anonymous");
  report.keep_days = keep_days_of(document, report.as_of);
  json::read_timing(member(document, "timing"), report);
}

}  // namespace

Result<Stored> read_stored(std::string_view text, const std::string& where) {
  const auto document = parsed(text, where);
  if (!document) return tl::unexpected(document.error());
  auto findings = findings_of(*document, where);
  if (!findings) return tl::unexpected(findings.error());
  const auto basis = basis_of(*document, where);
  if (!basis) return tl::unexpected(basis.error());
  Stored result;
  result.findings = std::move(*findings);
  result.basis = *basis;
  result.source = text_at(member(*document, "submission"), "source");
  result.rubric = text_at(member(*document, "rubric"), "id");
  const Json& score = member(*document, "score");
  result.band = text_at(score, "band_title");
  const Json& percent = member(score, "percent");
  if (percent.is_number()) result.percent = percent.dump();
  return result;
}

Result<Report> read_report(std::string_view text, const std::string& where) {
  const auto document = parsed(text, where);
  if (!document) return tl::unexpected(document.error());
  auto findings = findings_of(*document, where);
  if (!findings) return tl::unexpected(findings.error());
  if (const auto basis = basis_of(*document, where); !basis) return tl::unexpected(basis.error());
  auto overrides = overrides_of(*document, where);
  if (!overrides) return tl::unexpected(overrides.error());
  Report report;
  report.findings = std::move(*findings);
  report.overrides = std::move(*overrides);
  report.grade = json::read_grade(*document);
  read_rest(*document, report);
  return report;
}

grading::Basis basis_of(const Report& report) {
  return {report.grade.basis == "full", report.lint ? report.lint->lines : 0};
}

}  // namespace grader::report
