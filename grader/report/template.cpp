#include "grader/report/template.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <kainjow/mustache.hpp>

#include "grader/base/text.hpp"
#include "grader/report/assets.hpp"
#include "grader/report/language.hpp"

namespace grader::report {
namespace {

namespace mustache = kainjow::mustache;

std::string base64(const std::string& hex) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto nibble = [&](std::size_t i) -> unsigned {
    if (i >= hex.size()) return 0;
    const char c = hex[i];
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  std::string out;
  // Three hex digits are two of base64.
  for (std::size_t i = 0; i < hex.size(); i += 3) {
    const unsigned bits = (nibble(i) << 8U) | (nibble(i + 1) << 4U) | nibble(i + 2);
    out += digits[bits >> 6U];
    if (i + 1 < hex.size()) out += digits[bits & 0x3FU];
  }
  while (out.size() % 4 != 0) out += '=';
  return out;
}

mustache::data to_data(const Fields& fields) {
  mustache::data data;
  for (const auto& [name, value] : fields.values()) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      data.set(name, *text);
    } else if (const auto* flag = std::get_if<bool>(&value)) {
      data.set(name, *flag);
    } else {
      mustache::list items;
      for (const auto& item : std::get<std::vector<Fields>>(value)) items.push_back(to_data(item));
      data.set(name, items);
    }
  }
  return data;
}

/// A file of html/ with its `[[texts]]` in a language.
std::string file_in(const std::string& name, const std::string& language) {
  const std::string_view text = asset(name);
  std::string out;
  std::size_t done = 0;
  for (auto open = text.find("[["); open != text.npos; open = text.find("[[", done)) {
    const auto close = text.find("]]", open);
    if (close == text.npos) break;
    out += text.substr(done, open - done);
    out += Html::text(said(text.substr(open + 2, close - open - 2), language)).bytes();
    done = close + 2;
  }
  return out.append(text.substr(done));
}

/// Every part of html/, for `{{> part_name}}`.
void add_parts(mustache::data& data, const std::string& language) {
  constexpr std::array names{"dossier", "evidence", "findings", "gates", "good",  "history",
                             "inputs",  "open",     "run",      "scale", "score", "verdict"};
  for (const std::string name : names) {
    const mustache::partial part = [name, language]() {
      return file_in(name + ".mustache", language);
    };
    data.set("part_" + name, mustache::data(part));
  }
}

}  // namespace

Token Token::percent(double share) {
  const auto hundredths = std::lround(std::clamp(share, 0.0, 1.0) * 10'000);
  Token token;
  const std::string fraction = std::to_string(hundredths % 100 + 100).substr(1);
  token.bytes_ = std::to_string(hundredths / 100) + "." + fraction + "%";
  return token;
}

Token Token::file(std::string_view folder, Markup name) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-";
  Token token;
  const bool safe =
      !folder.empty() && folder.find_first_not_of(plain) == folder.npos && folder.front() != '.';
  token.bytes_ = safe ? std::string(folder) + "/" + std::string(name.bytes()) : "#";
  return token;
}

Token Token::csp_hash(const HtmlText& style) {
  Token token;
  token.bytes_ = "'sha256-" + base64(text::sha256(style.bytes())) + "'";
  return token;
}

Fields& Fields::text(Markup name, const HtmlText& value) {
  values_[std::string(name.bytes())] = value.bytes();
  return *this;
}

Fields& Fields::attribute(Markup name, const Token& value) {
  values_["@" + std::string(name.bytes())] = value.bytes();
  return *this;
}

Fields& Fields::flag(Markup name, bool value) {
  values_[std::string(name.bytes())] = value;
  return *this;
}

Fields& Fields::list(Markup name, std::vector<Fields> items) {
  values_[std::string(name.bytes())] = std::move(items);
  return *this;
}

HtmlText Html::asset(std::string_view name) {
  return HtmlText::encoded(std::string(report::asset(name)));
}

HtmlText Template::render(std::string_view name, const Fields& fields,
                          const std::string& language) {
  mustache::mustache page{file_in(std::string(name) + ".mustache", language)};
  if (!page.is_valid()) return {};
  page.set_custom_escape([](const std::string& encoded) { return encoded; });
  mustache::data data = to_data(fields);
  add_parts(data, language);
  return Html::page(page.render(data));
}

}  // namespace grader::report
