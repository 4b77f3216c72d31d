// A fuzzer's harness as an ordinary test: every file of the given folders goes through it once,
// after an empty input and one of each single byte.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void replay(const std::vector<std::uint8_t>& bytes) {
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::vector<std::uint8_t> read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int count, char** arguments) {
  replay({});
  for (int byte = 0; byte < 256; ++byte) replay({static_cast<std::uint8_t>(byte)});
  int files = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(arguments[i])) {
      if (!entry.is_regular_file()) continue;
      replay(read(entry.path()));
      ++files;
    }
  }
  std::printf("%d files replayed\n", files);
  return count > 1 && files == 0 ? 1 : 0;
}
