#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grader::text {

/// A set of bytes. std::string_view::find_first_of searches its set anew for every byte of the
/// text.
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view bytes) {
    for (const char byte : bytes) {
      words_[static_cast<unsigned char>(byte) >> 6U] |= std::uint64_t{1}
                                                        << (static_cast<unsigned char>(byte) & 63U);
    }
  }
  constexpr bool has(char byte) const {
    const auto index = static_cast<unsigned char>(byte);
    return ((words_[index >> 6U] >> (index & 63U)) & 1U) != 0;
  }
  /// Where the first byte of the set stands from `from` on, or npos.
  constexpr std::size_t find_in(std::string_view text, std::size_t from = 0) const {
    for (; from < text.size(); ++from) {
      if (has(text[from])) return from;
    }
    return std::string_view::npos;
  }

 private:
  std::array<std::uint64_t, 4> words_{};
};

/// The parts between separators; empty parts are kept. "a,,b" gives three.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Lines without their line ends (\n, \r\n or \r), as Python counts them; no more than `most`.
std::vector<std::string_view> lines(std::string_view text,
                                    std::size_t most = std::string_view::npos);

/// Without the white space (ASCII) at both ends.
std::string_view trim(std::string_view text);

/// The parts with the separator between them.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// ASCII letters only; other bytes stay.
std::string lower(std::string_view text);

/// True where at least one of the needles stands in the text.
bool contains_any(std::string_view text, std::initializer_list<std::string_view> needles);

/// "some_fieldName2" → {"some", "field", "name2"}: words of an identifier, lower case.
std::vector<std::string> words(std::string_view identifier);

/// Every `from`, left to right and without overlap, as `to`. Nothing where `from` is empty.
std::string replace_all(std::string text, std::string_view from, std::string_view to);

/// Valid UTF-8: every byte that is not becomes U+FFFD.
std::string to_utf8(std::string_view bytes);

/// Valid UTF-8 that cannot drive a terminal or reorder the text around it: control characters and
/// Unicode's direction and line separators show as "\x1b" or "\u202e"; those in `keep` stay.
std::string printable(std::string_view bytes, std::string_view keep = {});

/// UTF-8 of a file's bytes: byte order marks of UTF-8 and UTF-16 obeyed, invalid bytes read as
/// Latin-1. Nothing where the bytes are binary (a NUL outside UTF-16).
std::optional<std::string> decode(std::string_view bytes);

/// At most `limit` code points, "…" in place of what is cut.
std::string shorten(std::string_view utf8, std::size_t limit);

/// Number of edits (insert, delete, substitute, swap of neighbours) between two short words.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word` if it is near enough to be a slip, for «did you mean».
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

/// A secret as it may be shown: first 3 characters, length and the first 8 hex digits of a digest
/// salted with `salt`; short secrets (under 8 characters) show no character.
std::string mask(std::string_view secret, std::string_view salt);

/// Lower case hex of SHA-256.
std::string sha256(std::string_view bytes);

}  // namespace grader::text
