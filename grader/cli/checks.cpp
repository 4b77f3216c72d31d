#include <fmt/format.h>

#include "checks/check.hpp"
#include "grader/base/text.hpp"
#include "grader/cli/verbs.hpp"
#include "sandbox/rehearsal/repairs.hpp"

namespace grader::cli {

Result<int> list_checks() {
  for (const auto& entry : checks::catalogue()) {
    fmt::print("{:40} {}\n", entry.id, entry.check->title);
  }
  return 0;
}

Result<int> explain(const std::string& id) {
  if (const std::string_view repair = sandbox::explain_repair(id); !repair.empty()) {
    fmt::print(
        "{}: {}\nA repair works outside the submission's files and is listed in the "
        "report.\n",
        id, repair);
    return 0;
  }
  const auto* entry = checks::find_check(id);
  if (entry == nullptr) {
    const auto near = text::nearest(id, check_ids());
    return fail(ErrorKind::usage, "there is no check " + id, {},
                near ? "did you mean " + *near + "?" : "`grader checks` lists them all");
  }
  const checks::Check& check = *entry->check;
  fmt::print("{}: {}\nseverity: {}\n\nwhy: {}\n\nfix: {}\n", entry->id, check.title,
             grading::to_string(check.severity), check.why, check.fix);
  if (!check.reference.empty()) fmt::print("\nreference: {}\n", check.reference);
  return 0;
}

}  // namespace grader::cli
