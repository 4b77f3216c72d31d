#include <cstdint>
#include <cstdlib>
#include <string>

#include "grader/base/text.hpp"
#include "grader/grading/grade.hpp"
#include "grader/grading/rubric.hpp"
#include "tests/grading/known_checks.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// Whatever a rubric file holds, reading it ends with a rubric that grades or with mistakes that can
// be shown; a rubric that is accepted has 100 points and keeps its promises for no findings at all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grader;  // NOLINT(google-build-using-namespace): one function
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto reading = grading::read_rubric(
      "a.yaml", known_checks(), [&](const std::string& path) -> Result<std::string> {
        if (path == "a.yaml" || path == "b.yaml") return text;
        return fail(ErrorKind::rubric, "no such rubric file", path);
      });
  require(reading.rubric.has_value() == reading.problems.empty());
  for (const auto& problem : reading.problems) {
    const auto shown = to_string(problem);
    require(text::printable(shown, "\n") == shown);
  }
  if (!reading.rubric) return 0;
  grading::Decimal points;
  for (const auto& section : reading.rubric->sections) points += section.points;
  require(points == 100);
  const auto grade = grading::grade({}, *reading.rubric, {});
  require(grade.low >= 0 && grade.low <= grade.percent && grade.percent <= grade.high);
  require(grade.high <= 100 && (grade.needs_person || !grade.band.empty()));
  return 0;
}
