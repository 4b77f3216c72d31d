#include "tests/fuzz/loaders.hpp"

// What lists packages, in each of its forms.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grader;  // NOLINT(google-build-using-namespace): one function
  const std::string text = fuzz::bytes_of(data, size);
  for (const auto name : {"requirements.txt", "Pipfile", "Pipfile.lock", "pyproject.toml",
                          "setup.py", "setup.cfg", "poetry.lock", "runtime.txt"}) {
    const auto project = fuzz::checked_model({{name, text}, {"a.py", "import django, requests\n"}});
    for (const auto& one : project.dependencies.requirements) {
      fuzz::require_place(project, one.at);
    }
  }
  return 0;
}
