#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grader/report/report.hpp"

namespace grader::report {

/// The report for a fair first read: the names of its commits' people, the owner in its address,
/// and every e-mail address stand as «person» and «address» in every text and path; the submission
/// is called by a number. Its commit ids stay, so who has the repository can find out.
Report anonymised(const Report& report);

/// `text` with every one of `names` (whole words in any case, `_` divides words) as «person», and
/// every e-mail address as «address».
std::string without_people(std::string_view text, const std::vector<std::string>& names);

}  // namespace grader::report
