#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "grader/report/report.hpp"

/// The way back from the parts of report.json to values, for the files read_*.cpp alone. A value of
/// another kind than it should be is taken for missing: the file may have been changed by anybody.
namespace grader::report::json {

using Json = nlohmann::ordered_json;

/// The member of this name, or null where there is none or `map` is no object.
const Json& member(const Json& map, const char* key);
/// The elements of a list; none where it is no list. At most `most`.
std::vector<const Json*> elements(const Json& list, std::size_t most = 200'000);

std::string text_at(const Json& map, const char* key);
bool flag_at(const Json& map, const char* key, bool otherwise = false);
std::optional<bool> decided_at(const Json& map, const char* key);
/// 0 where it is no whole number of 0 to 1,000,000,000.
int number_at(const Json& map, const char* key);
grading::Decimal decimal_at(const Json& map, const char* key);
std::vector<std::string> strings_at(const Json& map, const char* key);
/// {path, line, column, end_line}.
Location place_at(const Json& map, const char* key);
/// "path:line" as profiles write places.
Location short_place(const std::string& text);
/// Seconds since 1970 of "2026-11-20T08:15:00Z"; 0 where it is none.
std::int64_t time_at(const Json& map, const char* key);

/// Each is the way back from the value of json_values.hpp that has the same name. Nothing where a
/// finding is none.
std::optional<grading::Finding> read_finding(const Json& item);
bool read_findings(const Json& list, std::vector<grading::Finding>& findings);
/// The grade of a whole document: rubric, score, sections and gates.
grading::Grade read_grade(const Json& document);
grading::Profile read_profile(const Json& value);
sandbox::Rehearsal read_rehearsal(const Json& value);
sandbox::Probe read_probe(const Json& value);
sandbox::LintReport read_lint(const Json& value);
dossier::Dossier read_dossier(const Json& value);
void read_timing(const Json& value, Report& report);

}  // namespace grader::report::json
