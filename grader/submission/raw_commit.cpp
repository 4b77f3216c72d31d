#include "grader/submission/raw_commit.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "grader/base/text.hpp"

namespace grader::submission {
namespace {

/// Only names from this list reach iconv_open(), which loads code by the name it is given.
constexpr std::array<std::string_view, 20> encodings = {
    "windows-1250", "windows-1251", "windows-1252", "windows-1254", "cp1250",
    "cp1251",       "cp1252",       "cp866",        "koi8-r",       "koi8-u",
    "iso-8859-1",   "iso-8859-2",   "iso-8859-5",   "iso-8859-9",   "iso-8859-15",
    "gbk",          "big5",         "euc-jp",       "euc-kr",       "shift_jis"};

std::string plain(std::string_view bytes) {
  if (auto decoded = text::decode(bytes)) return *std::move(decoded);
  return text::to_utf8(bytes);
}

std::string converted(iconv_t converter, std::string_view bytes) {
  std::string in(bytes);
  std::string out(bytes.size() * 4 + 16, '\0');
  char* from = in.data();
  char* to = out.data();
  std::size_t from_left = in.size();
  std::size_t to_left = out.size();
  const bool good =
      iconv(converter, &from, &from_left, &to, &to_left) != static_cast<std::size_t>(-1);
  if (!good) return plain(bytes);
  out.resize(out.size() - to_left);
  return out;
}

template <typename Number>
Number number(std::string_view digits) {
  Number value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// "+0530" is 330.
int minutes(std::string_view zone) {
  if (zone.size() < 5 || (zone[0] != '+' && zone[0] != '-')) return 0;
  const int value = number<int>(zone.substr(1, 4));
  const int result = value / 100 * 60 + value % 100;
  return zone[0] == '-' ? -result : result;
}

/// At most `limit` bytes, no UTF-8 sequence cut in two.
std::string_view cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  while (limit > 0 && continues(text[limit])) --limit;
  return text.substr(0, limit);
}

struct Signature {
  std::string_view name;
  std::string_view email;
  std::int64_t time = 0;
  int offset = 0;
};

/// "Name <address> 1700000000 +0100". The last '>' ends the address: names hold stray ones.
Signature read_signature(std::string_view line) {
  Signature result;
  const auto end = line.rfind('>');
  const auto begin = line.find('<');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
    result.name = text::trim(line);
    return result;
  }
  result.name = text::trim(line.substr(0, begin));
  result.email = text::trim(line.substr(begin + 1, end - begin - 1));
  const auto rest = text::trim(line.substr(end + 1));
  result.time = number<std::int64_t>(rest);
  if (const auto blank = rest.rfind(' '); blank != std::string_view::npos) {
    result.offset = minutes(rest.substr(blank + 1));
  }
  return result;
}

struct Header {
  std::string_view tree;
  std::vector<std::string_view> parents;
  Signature author;
  Signature committer;
  std::string_view encoding;
};

/// Lines of continuation (of a signature by GPG) start with a blank and name nothing known.
Header read_header(std::string_view text) {
  Header header;
  for (const auto line : text::split(text, '\n')) {
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos || blank == 0) continue;
    const auto name = line.substr(0, blank);
    const auto value = line.substr(blank + 1);
    if (name == "tree" && header.tree.empty()) header.tree = value;
    if (name == "parent") header.parents.push_back(value);
    if (name == "author") header.author = read_signature(value);
    if (name == "committer") header.committer = read_signature(value);
    if (name == "encoding") header.encoding = value;
  }
  return header;
}

}  // namespace

std::string decode_as(std::string_view bytes, std::string_view encoding) {
  const auto name = text::lower(encoding);
  const auto* known = std::ranges::find(encodings, name);
  if (known == encodings.end()) return plain(bytes);
  const iconv_t converter = iconv_open("UTF-8", std::string(*known).c_str());
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the failure value that POSIX defines
  if (converter == reinterpret_cast<iconv_t>(-1)) return plain(bytes);
  auto result = converted(converter, bytes);
  iconv_close(converter);
  return text::to_utf8(result);
}

Result<RawCommit> parse_commit(std::string_view bytes, std::size_t message_bytes) {
  const auto end = std::min(bytes.find("\n\n"), bytes.size());
  const auto header = read_header(bytes.substr(0, end));
  if (header.tree.size() != 40) return fail(ErrorKind::submission, "a commit names no tree");
  const auto message = end + 2 < bytes.size() ? cut(bytes.substr(end + 2), message_bytes) : "";
  RawCommit result;
  result.tree = header.tree;
  Commit& commit = result.commit;
  commit.parents.assign(header.parents.begin(), header.parents.end());
  const auto person = [&](const Signature& signature) {
    return Person{decode_as(signature.name, header.encoding),
                  decode_as(signature.email, header.encoding)};
  };
  commit.author = person(header.author);
  commit.author_time = header.author.time;
  commit.author_offset_minutes = header.author.offset;
  commit.committer = person(header.committer);
  commit.commit_time = header.committer.time;
  commit.commit_offset_minutes = header.committer.offset;
  commit.message = decode_as(message, header.encoding);
  return result;
}

}  // namespace grader::submission
