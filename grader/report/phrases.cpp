#include "grader/report/phrases.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <numeric>

#include "grader/base/text.hpp"

namespace grader::report {
namespace {

constexpr int deepest = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "{}", "{*}" or "{#}" at `at`: its length, else 0.
std::size_t placeholder_at(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "{}") return 2;
  return text.substr(at, 3) == "{*}" || text.substr(at, 3) == "{#}" ? 3 : 0;
}

std::size_t weight(const Phrase& phrase) {
  return std::accumulate(
      phrase.literals.begin(), phrase.literals.end(), std::size_t{0},
      [](std::size_t sum, const std::string& literal) { return sum + literal.size(); });
}

Phrase phrase_of(std::string_view english, std::string_view other) {
  Phrase phrase{{""}, {}, std::string(other)};
  for (std::size_t i = 0; i < english.size();) {
    if (const auto length = placeholder_at(english, i); length > 0) {
      phrase.kinds.push_back(length == 3 ? english[i + 1] : ' ');
      phrase.literals.emplace_back();
      i += length;
    } else {
      phrase.literals.back() += english[i++];
    }
  }
  return phrase;
}

/// What the placeholders stand for, or nothing where the text is another one.
std::optional<std::vector<std::string>> captured(const Phrase& phrase, std::string_view text) {
  const auto& literals = phrase.literals;
  if (!text.starts_with(literals.front()) || !text.ends_with(literals.back())) return std::nullopt;
  if (text.size() < literals.front().size() + literals.back().size()) return std::nullopt;
  const std::size_t end = text.size() - literals.back().size();
  std::size_t at = literals.front().size();
  std::vector<std::string> captures;
  for (std::size_t i = 1; i + 1 < literals.size(); ++i) {
    const auto found = text.find(literals[i], at);
    if (found == text.npos || found + literals[i].size() > end) return std::nullopt;
    captures.emplace_back(text.substr(at, found - at));
    at = found + literals[i].size();
  }
  captures.emplace_back(text.substr(at, end - at));
  bool all = true;
  for (std::size_t i = 0; i < captures.size(); ++i) {
    const bool number = captures[i].find_first_not_of("0123456789.,") == std::string::npos;
    all = all && !captures[i].empty() && (number || phrase.kinds[i] != '#');
  }
  return all ? std::optional(std::move(captures)) : std::nullopt;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  return std::ranges::count_if(text, is_digit) == 8;
}

/// 2026-11-20 is 20.11.2026, and 57.9 % is 57,9 %; 3.11 without a percent sign is a version.
std::string in_their_form(std::string value, std::string_view behind) {
  if (is_date(value)) {
    return value.substr(8) + "." + value.substr(5, 2) + "." + value.substr(0, 4);
  }
  const bool percent = value.ends_with(" %") || behind.starts_with(" %");
  const auto number = value.ends_with(" %") ? value.size() - 2 : value.size();
  const bool plain =
      std::ranges::all_of(value.substr(0, number), [](char c) { return is_digit(c) || c == '.'; });
  return percent && plain ? text::replace_all(std::move(value), ".", ",") : value;
}

}  // namespace

std::size_t plural_form(std::string_view number) {
  int value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size()) return 1;
  const int tens = value % 100;
  const int ones = value % 10;
  if (tens >= 11 && tens <= 14) return 2;
  if (ones == 1) return 0;
  return ones >= 2 && ones <= 4 ? 1 : 2;
}

Phrases::Phrases(std::string_view catalogue) {
  std::string_view english;
  std::size_t number = 0;
  for (const auto line : text::lines(catalogue)) {
    ++number;
    if (line.starts_with('#')) continue;
    if (line.empty()) {
      if (!english.empty()) {
        problems_.push_back("line " + std::to_string(number) + ": no translation above");
      }
      english = {};
    } else if (english.empty()) {
      english = line;
    } else {
      add(english, line, number);
      english = {};
    }
  }
  if (!english.empty()) problems_.emplace_back("the last entry has no translation");
  std::ranges::stable_sort(phrases_, std::ranges::greater{}, weight);
}

void Phrases::add(std::string_view english, std::string_view other, std::size_t line) {
  const auto problem = [&](std::string_view what) {
    problems_.push_back("line " + std::to_string(line) + ": " + std::string(what) + ": " +
                        std::string(english.substr(0, 60)));
  };
  if (std::ranges::find(entries_, english) != entries_.end()) problem("twice");
  entries_.emplace_back(english);
  auto phrase = phrase_of(english, other);
  std::size_t simple = 0;
  for (std::size_t i = 0; i < other.size(); ++i) {
    if (placeholder_at(other, i) > 0) {
      ++simple;
    } else if (other[i] == '{' && i + 1 < other.size() && is_digit(other[i + 1])) {
      if (static_cast<std::size_t>(other[i + 1] - '0') > phrase.kinds.size()) {
        problem("a placeholder that does not exist");
      }
    }
  }
  if (simple > phrase.kinds.size()) problem("too many placeholders");
  if (phrase.kinds.empty()) {
    exact_.emplace(english, other);
  } else {
    phrases_.push_back(std::move(phrase));
  }
}

std::string Phrases::filled(const Phrase& phrase, std::vector<std::string> captures,
                            int depth) const {
  for (std::size_t i = 0; i < captures.size(); ++i) {
    if (phrase.kinds[i] == '#') captures[i] = text::replace_all(captures[i], ".", ",");
    if (phrase.kinds[i] != '*') continue;
    if (auto inner = whole(captures[i], depth + 1)) captures[i] = std::move(*inner);
  }
  std::string out;
  std::size_t next = 0;
  const std::string_view text = phrase.text;
  for (std::size_t i = 0; i < text.size();) {
    const auto close = text[i] == '{' ? text.find('}', i) : text.npos;
    const bool numbered = close != text.npos && is_digit(text[i + 1]);
    if (const auto length = placeholder_at(text, i); length > 0 && next < captures.size()) {
      out += in_their_form(captures[next++], text.substr(i + length));
      i += length;
    } else if (const auto index = numbered ? static_cast<std::size_t>(text[i + 1] - '1') : 0;
               numbered && index < captures.size()) {
      const auto forms = text.substr(i + 2, close - i - 2);
      if (forms.starts_with(':')) {
        const auto words = text::split(forms.substr(1), '|');
        out += words[std::min(plural_form(captures[index]), words.size() - 1)];
      } else {
        out += in_their_form(captures[index], text.substr(close + 1));
      }
      i = close + 1;
    } else {
      out += text[i++];
    }
  }
  return out;
}

std::optional<std::string> Phrases::by_phrase(std::string_view english, int depth) const {
  for (const auto& phrase : phrases_) {
    if (auto captures = captured(phrase, english)) return filled(phrase, *captures, depth);
  }
  return std::nullopt;
}

/// "text. See https://…" and "path:line: text".
std::optional<std::string> Phrases::in_parts(std::string_view english, int depth) const {
  constexpr std::string_view see = " See http";
  const auto link = english.rfind(see);
  if (link != english.npos && english.find(' ', link + see.size()) == english.npos) {
    const auto text = whole(english.substr(0, link), depth + 1);
    if (text) return *text + " См. " + std::string(english.substr(link + 5));
  }
  const auto colon = english.find(": ");
  if (colon == english.npos || english.substr(0, colon).find(' ') != english.npos) {
    return std::nullopt;
  }
  const auto text = whole(english.substr(colon + 2), depth + 1);
  return text ? std::optional(std::string(english.substr(0, colon + 2)) + *text) : std::nullopt;
}

std::optional<std::string> Phrases::sentences(std::string_view english, int depth) const {
  std::string out;
  std::size_t start = 0;
  for (auto stop = english.find(". "); stop != english.npos; stop = english.find(". ", stop + 1)) {
    const auto text = whole(english.substr(start, stop + 1 - start), depth + 1);
    if (!text) continue;  // perhaps a point inside of a sentence
    out += *text + " ";
    start = stop + 2;
  }
  if (start == 0) return std::nullopt;
  const auto last = whole(english.substr(start), depth + 1);
  return last ? std::optional(out + *last) : std::nullopt;
}

std::optional<std::string> Phrases::whole(std::string_view english, int depth) const {
  if (const auto found = exact_.find(english); found != exact_.end()) return found->second;
  if (depth > deepest) return std::nullopt;
  if (auto parts = sentences(english, depth)) return parts;
  if (auto phrase = by_phrase(english, depth)) return phrase;
  return in_parts(english, depth);
}

std::optional<std::string> Phrases::find(std::string_view english) const {
  constexpr std::size_t longest = 4'000;
  if (english.size() > longest) return std::nullopt;
  return whole(english, 0);
}

}  // namespace grader::report
