#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "grader/base/text.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// Text of a submission goes through these first: whatever its bytes, what comes out is valid UTF-8,
// and cutting and joining lose nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grader;  // NOLINT(google-build-using-namespace): one function
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  const std::string valid = text::to_utf8(bytes);
  require(text::to_utf8(valid) == valid);
  if (const auto decoded = text::decode(bytes)) require(text::to_utf8(*decoded) == *decoded);

  const std::string shown = text::printable(bytes, "\n");
  require(text::to_utf8(shown) == shown);
  for (const char c : shown) require(c == '\n' || static_cast<unsigned char>(c) >= 0x20);

  std::string joined;
  for (const auto part : text::split(bytes, ',')) joined.append(part).push_back(',');
  joined.pop_back();
  require(joined == bytes);

  // At most 10 characters of at most 4 bytes, the last of them "…" where something was cut.
  const std::string cut = text::shorten(valid, 10);
  require(text::to_utf8(cut) == cut && cut.size() <= 43);
  const std::string masked = text::mask(bytes, "salt");
  require(masked.rfind("… (") <= 3 * 4);
  text::words(bytes);
  text::lines(bytes);
  return 0;
}
