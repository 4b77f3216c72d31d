#pragma once
// Between the grader and its programs in boxes: a length of four bytes, then that many bytes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace grader::sandbox::frame {

/// A longer one is neither written nor read.
inline constexpr std::uint32_t cap = 32U << 20U;

/// False where the other end is gone or too slow, or the text is too long.
bool write(int descriptor, std::string_view text);

/// Nothing where the other end is gone or too slow, or announces too much.
std::optional<std::string> read(int descriptor);

/// A connected unix socket that gives up after `seconds` without a byte; -1 where there is none.
int connect(const char* path, int seconds);

/// The same limit for a socket that is there.
void give_up_after(int descriptor, int seconds);

}  // namespace grader::sandbox::frame
