#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "grader/report/formats.hpp"
#include "grader/report/template.hpp"
#include "tests/report/markup.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;
using report::HtmlText;
using report::test::Element;

namespace {

const std::set<std::string> page_tags{
    "html",   "head",    "meta",    "title",  "style", "body",       "a",       "header", "p",
    "span",   "main",    "section", "h1",     "h2",    "h3",         "h4",      "div",    "figure",
    "svg",    "rect",    "line",    "circle", "text",  "figcaption", "ol",      "ul",     "li",
    "small",  "dl",      "dt",      "dd",     "nav",   "code",       "article", "i",      "b",
    "footer", "details", "summary", "table",  "thead", "tbody",      "tr",      "th",     "td"};

const std::set<std::string> page_attributes{"lang",       "charset",     "http-equiv",
                                            "content",    "name",        "class",
                                            "href",       "id",          "aria-labelledby",
                                            "aria-label", "aria-hidden", "focusable",
                                            "width",      "height",      "x",
                                            "y",          "rx",          "x1",
                                            "x2",         "y1",          "y2",
                                            "cx",         "cy",          "r",
                                            "transform",  "text-anchor", "start"};

/// Values that only our own literals, numbers and percentages can have.
bool is_plain(const std::string& value) {
  return value.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
             "0123456789 .%#()_-") == std::string::npos;
}

void check_inert(const Element& element) {
  CHECK_MESSAGE(page_tags.count(element.tag) == 1, element.tag << " in " << element.parent);
  for (const auto& [name, value] : element.attributes) {
    CHECK_MESSAGE(page_attributes.count(name) == 1, element.tag << " " << name);
    if (name == "href") CHECK(value.starts_with("#"));
    if (element.tag != "meta") CHECK_MESSAGE(is_plain(value), name << "=" << value);
  }
}

std::string file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("a hostile submission adds no element and no attribute to the page") {
  for (const auto& value :
       {report::sample::hostile(), report::sample::middling(), report::sample::bare()}) {
    const auto found = report::test::elements(report::to_html(value));
    for (const auto& element : found) check_inert(element);
    CHECK(std::ranges::count(found, "style", &Element::tag) == 1);
    CHECK(std::ranges::count(found, "h1", &Element::tag) == 1);
    CHECK(std::ranges::count(found, "title", &Element::tag) == 1);
  }
}

TEST_CASE("the proof itself sees attacks that are not escaped") {
  const auto is_foreign = [](const Element& element) {
    const bool script_link =
        element.attributes.count("href") == 1 && !element.attributes.at("href").starts_with("#");
    return script_link || page_tags.count(element.tag) == 0 ||
           (element.tag == "style" && element.parent != "head") ||
           std::ranges::any_of(element.attributes, [](const auto& attribute) {
             return page_attributes.count(attribute.first) == 0;
           });
  };
  constexpr std::size_t markup_attacks = 8;  // the first ones
  for (std::size_t i = 0; i < markup_attacks; ++i) {
    const auto& attack = report::sample::attacks().at(i);
    const auto found = report::test::elements("<title></title><p>" + attack + "</p>");
    CHECK_MESSAGE(std::ranges::any_of(found, is_foreign), attack);
  }
}

TEST_CASE("attacks are shown as text, not swallowed") {
  const auto found = report::test::elements(report::to_html(report::sample::hostile()));
  std::string text;
  for (const auto& element : found) text += element.text + "\n";
  for (const char* shown : {"<script>window.ran = 1; alert(1)</script>", "nul\\x00byte",
                            "\\u202egnirts", "{{{page}}}", "\\x1b[31mred", "на русском"}) {
    CHECK_MESSAGE(text.find(shown) != std::string::npos, shown);
  }
}

TEST_CASE("the policy allows our style sheet and nothing else") {
  const auto found = report::test::elements(report::to_html(report::sample::middling()));
  const auto style = std::ranges::find(found, "style", &Element::tag);
  REQUIRE(style != found.end());
  CHECK(style->text == report::Html::asset("style.css").bytes());
  const auto policy = std::ranges::find_if(
      found, [](const Element& element) { return element.attributes.count("http-equiv") == 1; });
  REQUIRE(policy != found.end());
  CHECK(policy->attributes.at("content") ==
        "default-src 'none'; style-src " +
            report::Token::csp_hash(report::Html::asset("style.css")).bytes() +
            "; base-uri 'none'; form-action 'none'");
  CHECK(report::Token::csp_hash(HtmlText("")).bytes() ==
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
}

TEST_CASE("templates hold tokens in attributes, text elsewhere, and no raw values") {
  for (const auto& entry : std::filesystem::directory_iterator("grader/report/html")) {
    if (entry.path().extension() != ".mustache") continue;
    const std::string text = file(entry.path());
    CHECK_FALSE(text.empty());
    CHECK(text.find("{{{") == std::string::npos);
    CHECK(text.find("{{&") == std::string::npos);
    CHECK(text.find("{{=") == std::string::npos);
    const bool sorts = entry.path().filename() == "batch.mustache";
    CHECK((text.find("<script") != std::string::npos) == sorts);
    CHECK(text.find("style=") == std::string::npos);
    bool in_tag = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text.substr(i, 2) == "{{") {
        const bool token = text[i + 2] == '@';
        CHECK_MESSAGE(token == in_tag, entry.path().string() << ": " << text.substr(i, 40));
        i = text.find("}}", i) + 1;
      } else if (text[i] == '<') {
        in_tag = true;
      } else if (text[i] == '>') {
        in_tag = false;
      }
    }
  }
}

TEST_CASE("a flood of findings is cut in HTML") {
  auto flood = report::sample::middling();
  const auto finding = flood.findings.front();
  const std::size_t before = report::to_html(flood).size();
  flood.findings.insert(flood.findings.end(), 5'000, finding);
  const std::string html = report::to_html(flood);
  CHECK(html.size() < before + 60'000);
  CHECK(html.find("and 4993 more places, in report.json") != std::string::npos);
}

TEST_CASE("evidence is cut where a page would get too large to open") {
  auto flood = report::sample::middling();
  auto finding = flood.findings.front();
  const auto step = finding.evidence.front();
  finding.evidence.assign(12, step);
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += std::string(200, '<') + "\n";
  for (auto& evidence : finding.evidence) evidence.quote = lines;
  for (int i = 0; i < 200; ++i) {
    finding.check = "flood.check_" + std::to_string(i);
    flood.findings.insert(flood.findings.end(), 8, finding);
  }
  const std::string html = report::to_html(flood);
  CHECK(html.size() < (24U << 20U));
  CHECK(html.find("flood.check_199") != std::string::npos);
  CHECK(html.find("and 12 more steps, in report.json") != std::string::npos);
}

TEST_CASE("a line of a megabyte is cut in HTML") {
  CHECK(report::to_html(report::sample::hostile()).size() < 500'000);
}

TEST_CASE("shares are percentages with two decimals") {
  CHECK(report::Token::percent(0.5).bytes() == "50.00%");
  CHECK(report::Token::percent(1.0 / 3).bytes() == "33.33%");
  CHECK(report::Token::percent(0.0005).bytes() == "0.05%");
  CHECK(report::Token::percent(-1).bytes() == "0.00%");
  CHECK(report::Token::percent(7).bytes() == "100.00%");
}
