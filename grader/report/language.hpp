#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grader/report/report.hpp"

namespace grader::report {

/// A text of ours in "en" or "ru". Texts are looked up whole, then by the patterns of the catalogue
/// language/ru.txt, whose `{}` stand for what changes (names, numbers, places). What the catalogue
/// does not have stays English.
std::string said(std::string_view english, const std::string& language);

/// True where the catalogue has the text, whole or by a pattern: also of each of its sentences, and
/// of what stands behind "path:line: ".
bool is_known(std::string_view english, const std::string& language);

/// The report with every text that we wrote (messages, titles, reasons, notes) in its language;
/// what is the candidate's stays as it is. The report itself where that is English.
Report localised(Report report);

/// Mistakes of a catalogue's text, a line each: an entry without a translation, one twice, a
/// placeholder that does not exist.
std::vector<std::string> catalogue_problems(std::string_view text);

}  // namespace grader::report
