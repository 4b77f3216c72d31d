#pragma once
// Private to sandbox/environment: small files of the cache, whose loss costs time and no result.

#include <filesystem>
#include <string>
#include <string_view>

namespace grader::sandbox {

/// At most `cap` bytes of it; empty where it cannot be read.
std::string read_cached(const std::filesystem::path& path, std::size_t cap);

/// Whole or not at all: other graders may read it meanwhile. What boxes are to see is readable for
/// everybody, the rest for this user alone.
enum class Readable { by_boxes, by_us };
void write_cached(const std::filesystem::path& path, std::string_view bytes, Readable readable);

}  // namespace grader::sandbox
