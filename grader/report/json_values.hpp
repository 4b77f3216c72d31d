#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "grader/report/report.hpp"

/// The parts of report.json, for the files json*.cpp alone; those include nlohmann/json.hpp.
namespace grader::report::json {

/// JSON whose keys keep the order in which they were set.
using Json = nlohmann::ordered_json;

/// Exact decimals as a JSON number: 82.5, 45.
Json number(const grading::Decimal& value);

/// A list of strings.
Json strings(const std::vector<std::string>& values);

/// {path, line, column, end_line}; what is 0 is left out.
Json place(const Location& location);

/// Each gives one value of report.json.
Json finding(const grading::Finding& finding);
Json rules(const std::vector<RuleText>& rules);
Json score(const grading::Grade& grade);
Json sections(const grading::Grade& grade);
Json gates(const grading::Grade& grade);

/// The published profile: keys of the corpus labels, places as "path:line".
Json profile(const grading::Profile& profile);

/// Ladder, repairs, tests; without any duration.
Json rehearsal(const sandbox::Rehearsal& rehearsal);
Json probe(const sandbox::Probe& probe);
Json lint(const sandbox::LintReport& lint);
/// All parts with their questions, in both languages; null where there is no dossier.
Json dossier(const dossier::Dossier& dossier);

Json timing(const Report& report);

/// The text of a document: two spaces of indent, a line end, invalid UTF-8 replaced, and every
/// character that could drive a terminal, turn the reading direction or start a CI server's command
/// as \uXXXX.
std::string dump(const Json& document);

}  // namespace grader::report::json
