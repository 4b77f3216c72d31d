#include "grader/project/past_secrets.hpp"
#include "tests/fuzz/loaders.hpp"

// Files of environment variables and what else holds secrets, today and in the history.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grader;  // NOLINT(google-build-using-namespace): one function
  const std::string text = fuzz::bytes_of(data, size);
  const auto project =
      fuzz::checked_model({{".env", text}, {"Dockerfile", text}, {"notes.txt", text}});
  project::PastSecrets past(project);
  for (const std::string path : {"old/.env", "old/settings.py", "id_rsa"}) {
    if (past.wanted(path, size, "c")) past.read(path, text, "c");
  }
  for (const auto& secret : past.take()) fuzz::require(secret.at.line >= 0);
  return 0;
}
