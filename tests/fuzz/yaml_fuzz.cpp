#include "tests/fuzz/loaders.hpp"

// Compose files and the environments of conda.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grader;  // NOLINT(google-build-using-namespace): one function
  const std::string text = fuzz::bytes_of(data, size);
  fuzz::checked_model({{"docker-compose.yml", text}, {"environment.yml", text}});
  return 0;
}
