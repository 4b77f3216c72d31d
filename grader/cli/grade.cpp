#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "grader/base/interrupt.hpp"
#include "grader/base/log.hpp"
#include "grader/cli/report_files.hpp"
#include "grader/cli/threshold.hpp"
#include "grader/cli/verbs.hpp"
#include "grader/report/annotations.hpp"
#include "grader/report/formats.hpp"

namespace grader::cli {
Result<int> grade(const GradeOptions& options) {
  if (options.with_parent && !interrupt::end_with_parent()) {
    return fail(ErrorKind::interrupted, "the process that started this one is gone");
  }
  const auto threshold = parse_threshold(options.fail_under, options.fail_on);
  if (!threshold) return tl::unexpected(threshold.error());
  const auto report = grade_submission(options.request);
  if (!report) return tl::unexpected(report.error());
  if (!options.out.empty()) {
    const Files files{options.formats, options.audience};
    if (auto written = write_reports(*report, options.out, files); !written) {
      return tl::unexpected(written.error());
    }
    log::info("reports written to " + options.out);
  }
  const bool colour = isatty(STDOUT_FILENO) == 1;
  std::string shown =
      options.json ? report::to_json(*report) : report::to_terminal(*report, colour);
  if (options.annotations && !options.json) shown += report::to_annotations(*report);
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  if (std::fflush(stdout) != 0) {
    return fail(ErrorKind::usage, std::string("stdout: ") + std::strerror(errno));
  }
  if (report->rehearsal && !report->rehearsal->problem.empty()) {
    return static_cast<int>(ErrorKind::sandbox);
  }
  return misses(*report, *threshold) ? 1 : 0;
}

}  // namespace grader::cli
