#include "tests/fuzz/loaders.hpp"

// A README, and what it says against an empty project.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grader;  // NOLINT(google-build-using-namespace): one function
  const auto project = fuzz::checked_model({{"README.md", fuzz::bytes_of(data, size)},
                                            {"manage.py", project::manage_py("s")},
                                            {"s.py", "DEBUG = True\n"}});
  const auto lines = std::ranges::count(project.readme.text, '\n') + 1;
  for (const auto& at :
       {project.readme.setup_at, project.readme.encryption_at, project.readme.limitations_at}) {
    fuzz::require(at.line <= lines + 1);
  }
  return 0;
}
