#include "grader/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace grader::text {
namespace {

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Length of the valid UTF-8 sequence at `at`, 0 where there is none (RFC 3629).
std::size_t sequence_length(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  }
  if (length == 0 || at + length > bytes.size()) return 0;
  if (byte(at + 1) < low || byte(at + 1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

/// Position of the first byte from `at` on that is not ASCII: text is mostly ASCII, and eight bytes
/// are looked at in one step.
std::size_t skip_ascii(std::string_view bytes, std::size_t at) {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  for (std::uint64_t eight = 0; at + sizeof eight <= bytes.size(); at += sizeof eight) {
    std::memcpy(&eight, bytes.data() + at, sizeof eight);
    if ((eight & high_bits) != 0) break;
  }
  while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) < 0x80) ++at;
  return at;
}

void append_code_point(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

/// Code point of the valid sequence `bytes`, which is not empty.
unsigned code_point(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (bytes.size() == 1) return first;
  unsigned code = first & (0xFFU >> (bytes.size() + 1));
  for (const char c : bytes.substr(1)) {
    code = (code << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return code;
}

/// Controls (C0, DEL, C1), marks, embeddings, overrides and isolates of the bidirectional algorithm
/// (UAX 9), line and paragraph separators, the byte order mark.
constexpr bool is_invisible_control(unsigned code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x61C || code == 0x200E ||
         code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

std::string hexadecimal(unsigned code) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result = code < 0x100 ? "\\x" : "\\u";
  for (unsigned shift = code < 0x100 ? 8U : 16U; shift > 0; shift -= 4U) {
    result += digits[(code >> (shift - 4U)) & 0xFU];
  }
  return result;
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t i) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return big_endian ? (unsigned{first} << 8U) | second : (unsigned{second} << 8U) | first;
  };
  std::string out;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    unsigned code = unit(i);
    const bool leads = code >= 0xD800 && code < 0xDC00;
    if (leads && i + 3 < bytes.size() && unit(i + 2) >= 0xDC00 && unit(i + 2) < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10U) + (unit(i + 2) - 0xDC00);
      i += 2;
    } else if (code >= 0xD800 && code < 0xE000) {
      code = 0xFFFD;
    }
    append_code_point(out, code);
  }
  return out;
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != separator) continue;
    parts.push_back(text.substr(start, i - start));
    start = i + 1;
  }
  return parts;
}

std::vector<std::string_view> lines(std::string_view text, std::size_t most) {
  static constexpr ByteSet ends("\r\n");
  std::vector<std::string_view> result;
  const bool returns = text.find('\r') != text.npos;
  for (std::size_t start = 0; start < text.size() && result.size() < most;) {
    const auto end = returns ? ends.find_in(text, start) : text.find('\n', start);
    result.push_back(text.substr(start, end - start));
    if (end == text.npos) break;
    start = end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
  }
  return result;
}

std::string_view trim(std::string_view text) {
  static constexpr ByteSet blanks(" \t\r\n\f\v");
  while (!text.empty() && blanks.has(text.front())) text.remove_prefix(1);
  while (!text.empty() && blanks.has(text.back())) text.remove_suffix(1);
  return text;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string result;
  for (const auto& part : parts) {
    if (&part != &parts.front()) result += separator;
    result += part;
  }
  return result;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), to_lower);
  return result;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> needles) {
  constexpr std::size_t longest_name = 128;
  if (text.size() > longest_name) {
    return std::ranges::any_of(
        needles, [&](std::string_view needle) { return text.find(needle) != text.npos; });
  }
  // Most needles begin with a letter that a name does not even have.
  const ByteSet letters(text);
  return std::ranges::any_of(needles, [&](std::string_view needle) {
    return needle.empty() || (letters.has(needle.front()) && text.find(needle) != text.npos);
  });
}

std::vector<std::string> words(std::string_view identifier) {
  std::vector<std::string> result;
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) result.push_back(std::exchange(word, {}));
  };
  for (std::size_t i = 0; i < identifier.size(); ++i) {
    const char c = identifier[i];
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    if (ascii && !is_upper(c) && !is_lower(c) && !is_digit(c)) {
      flush();
      continue;
    }
    const bool starts_word = is_upper(c) && i > 0 &&
                             (!is_upper(identifier[i - 1]) ||
                              (i + 1 < identifier.size() && is_lower(identifier[i + 1])));
    if (starts_word) flush();
    word += to_lower(c);
  }
  flush();
  return result;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  if (from.empty()) return text;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
  return text;
}

std::string to_utf8(std::string_view bytes) {
  std::string result;
  result.reserve(bytes.size());
  std::size_t kept = 0;  // what is valid is copied in runs: texts are long and mostly valid
  for (auto i = skip_ascii(bytes, 0); i < bytes.size(); i = skip_ascii(bytes, i)) {
    if (const std::size_t length = sequence_length(bytes, i)) {
      i += length;
      continue;
    }
    result.append(bytes.substr(kept, i - kept)).append(replacement);
    kept = ++i;
  }
  return result.append(bytes.substr(kept));
}

std::string printable(std::string_view bytes, std::string_view keep) {
  std::string result;
  result.reserve(bytes.size());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = sequence_length(bytes, i);
    const auto sequence = bytes.substr(i, std::max<std::size_t>(length, 1));
    const unsigned code = length > 0 ? code_point(sequence) : 0;
    const bool shown =
        length > 0 && (!is_invisible_control(code) || keep.find(sequence) != keep.npos);
    if (!shown) {
      result.append(bytes.substr(kept, i - kept));
      result.append(length > 0 ? hexadecimal(code) : std::string(replacement));
      kept = i + sequence.size();
    }
    i += sequence.size();
  }
  return result.append(bytes.substr(kept));
}

std::optional<std::string> decode(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes.substr(2), false);
  if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes.substr(2), true);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.find('\0') != std::string_view::npos) return std::nullopt;
  bool valid = true;
  for (auto i = skip_ascii(bytes, 0); i < bytes.size() && valid; i = skip_ascii(bytes, i)) {
    const std::size_t length = sequence_length(bytes, i);
    valid = length > 0;
    i += length;
  }
  if (valid) return std::string(bytes);
  std::string latin1;
  for (const char c : bytes) append_code_point(latin1, static_cast<unsigned char>(c));
  return latin1;
}

std::string shorten(std::string_view utf8, std::size_t limit) {
  std::size_t count = 0;
  std::size_t cut = utf8.size();
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if ((static_cast<unsigned char>(utf8[i]) & 0xC0U) == 0x80U) continue;
    ++count;
    if (count == limit) cut = i;
    if (count > limit) return std::string(utf8.substr(0, cut)) + "…";
  }
  return std::string(utf8);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, substituted});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], before[j - 2] + 1);
      }
    }
    before = std::exchange(last, now);
  }
  return last[b.size()];
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    if (const auto distance = edit_distance(word, candidate); distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string mask(std::string_view secret, std::string_view salt) {
  constexpr std::size_t shown = 3;
  const std::string digest = sha256(std::string(salt) + '\0' + std::string(secret)).substr(0, 8);
  const std::string valid = to_utf8(secret);
  const auto starts = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  const auto length = static_cast<std::size_t>(std::ranges::count_if(valid, starts));
  const std::string head = length < 8 ? "…" : shorten(valid, shown + 1);
  return head + " (" + std::to_string(length) + " characters, " + digest + ")";
}

}  // namespace grader::text
