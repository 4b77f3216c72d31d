#pragma once

#include <string>
#include <string_view>

namespace grader::sandbox::reader {

/// How `needle` lies in `value`: "as typed", or the decodings that bring it to light in their order
/// ("base64 > reversed"), at most three; empty where none does. Both are hostile; the work is
/// bounded.
std::string how_hidden(std::string_view value, std::string_view needle);

/// Base64 in either alphabet, with or without padding; empty where the text is none.
std::string from_base64(std::string_view text);

/// Hexadecimal digits in pairs; empty where the text is none.
std::string from_hex(std::string_view text);

}  // namespace grader::sandbox::reader
