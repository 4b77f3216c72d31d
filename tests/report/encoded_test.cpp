#include "grader/report/encoded.hpp"

#include <doctest/doctest.h>

#include <concepts>

using namespace grader::report;
using namespace std::string_literals;

namespace {

template <typename Text, typename Added>
concept takes = requires(Text text, Added added) { text += added; };

template <typename Text, typename Added>
concept joins = requires(Text text, Added added) { text + added; };

template <typename Text, typename From>
concept made_from = std::constructible_from<Text, From>;

// A plain string, whoever wrote it, does not compile into any sink; nor does text of another sink.
static_assert(!takes<HtmlText, std::string> && !takes<HtmlText, std::string_view>);
static_assert(!takes<HtmlText, const char*> && !takes<HtmlText, char>);
static_assert(!joins<HtmlText, std::string> && !joins<HtmlText, const char*>);
static_assert(!made_from<HtmlText, std::string> && !made_from<HtmlText, const char*>);
static_assert(!made_from<HtmlText, std::string_view> && !made_from<Markup, std::string>);
static_assert(!takes<HtmlText, MarkdownText> && !takes<XmlText, HtmlText>);
static_assert(!takes<MarkdownText, TerminalText> && !takes<TerminalText, XmlText>);
static_assert(!takes<MarkdownText, std::string> && !takes<XmlText, std::string>);
static_assert(!takes<TerminalText, std::string>);
static_assert(takes<HtmlText, HtmlText> && takes<HtmlText, int>);

}  // namespace

TEST_CASE("HTML text holds no markup") {
  CHECK(Html::text("<a b=\"c\" d='e'>&amp;").bytes() ==
        "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
  CHECK(Html::text("a\0b\x1b\n\tc\u202E"s).bytes() == "a\\x00b\\x1b\n\tc\\u202e");
  CHECK(("<b>" + Html::text("<") + "</b>").bytes() == "<b>&lt;</b>");
}

TEST_CASE("XML text holds characters of XML 1.0 only") {
  CHECK(Xml::text("<&>\"'").bytes() == "&lt;&amp;&gt;&quot;&#39;");
  CHECK(Xml::text("a\nb\tc\r\0\x01\uFFFE\uFFFF"s).bytes() ==
        "a&#10;b&#9;c\\x0d\\x00\\x01\uFFFD\uFFFD");
  CHECK(Xml::text("\xff").bytes() == "\uFFFD");
}

TEST_CASE("Markdown text is one inert line") {
  CHECK(Markdown::text("![x](y)").bytes() == "!\\[x\\](y)");
  CHECK(Markdown::text("<img src=x>").bytes() == "\\<img src=x\\>");
  CHECK(Markdown::text("@user, a@b.c, #12, # 1").bytes() ==
        "@\u200Buser, a@\u200Bb.c, \\#\u200B12, \\# 1");
  CHECK(Markdown::text("see https://a.b and www.c.d").bytes() == "see https\\://a.b and www\\.c.d");
  CHECK(Markdown::text("\n/close\n- b").bytes() == "\\/close - b");
  CHECK(Markdown::text("1. a").bytes() == "1\\. a");
  CHECK(Markdown::text("12) a").bytes() == "12\\) a");
  CHECK(Markdown::text("- a").bytes() == "\\- a");
  CHECK(Markdown::text("a.b (c) d-e 1.5").bytes() == "a.b (c) d-e 1.5");
  CHECK(Markdown::text("$x$ a|b ~~c~~ *d* _e_ `f` \\").bytes() ==
        "\\$x\\$ a\\|b \\~\\~c\\~\\~ \\*d\\* \\_e\\_ \\`f\\` \\\\");
}

TEST_CASE("Markdown code cannot be left") {
  CHECK(Markdown::code("a").bytes() == "`a`");
  CHECK(Markdown::code("a`b``c").bytes() == "```a`b``c```");
  CHECK(Markdown::code("`").bytes() == "`` ` ``");
  CHECK(Markdown::code(" \n ").empty());
  CHECK(Markdown::fence("a\n```\nb").bytes() == "````\na\n```\nb\n````\n");
  CHECK(Markdown::fence("a\nb", 2).bytes() == "  ```\n  a\n  b\n  ```\n");
  CHECK(Markdown::fence("a\r\n  ```\rb").bytes().starts_with("````\n"));
}

TEST_CASE("terminal text is one line without control characters") {
  CHECK(Terminal::text("a\nb\x1b[2J\u009b\a").bytes() == "a b\\x1b[2J\\x9b\\x07");
  CHECK(Terminal::text("::error::x a ::y b::c ##[add-mask]").bytes() ==
        ":\u200B:error::x a :\u200B:y b::c #\u200B#[add-mask]");
  CHECK(Terminal::text_padded("да", 4).bytes() == "да  ");
}
