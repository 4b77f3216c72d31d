#include "grader/project/templates.hpp"

#include <doctest/doctest.h>

#include "grader/project/html_scanner.hpp"
#include "tests/project/memory.hpp"

using namespace grader::project;

TEST_CASE("tags, variables, comments and their places") {
  const auto page =
      read_template("vault/templates/vault/list.html",
                    "{% extends \"base.html\" %}\n<p>{{ entry.password|safe }}</p>{# {% if %} #}\n"
                    "{% comment \"no\" %}{{ hidden }}{% endcomment %}{% include 'x.html' %}\n"
                    "{% verbatim %}{{ handlebars }}{% endverbatim %}\n");
  CHECK(page.name == "vault/list.html");
  REQUIRE(page.tags.size() == 7);
  CHECK(page.tags[0].name == "extends");
  CHECK(page.tags[1].kind == TemplateTag::Kind::variable);
  CHECK(page.tags[1].text == "entry.password|safe");
  CHECK(page.tags[1].at.line == 2);
  CHECK(page.tags[1].at.column == 4);
  CHECK(page.tags[2].kind == TemplateTag::Kind::comment);
  CHECK(page.tags[3].kind == TemplateTag::Kind::comment);
  CHECK(page.tags[4].name == "include");
  CHECK(page.tags[6].name == "endverbatim");
  CHECK(page.parents == std::vector<std::string>{"base.html", "x.html"});
}

TEST_CASE("a token anywhere inside its form, and no other form's") {
  const auto page = read_template("templates/a.html",
                                  "<form method=POST action=\"{% url 'a' %}\">\n<p>\n"
                                  "<input name=\"title\">{% csrf_token %}</form>\n"
                                  "<form method='post'><textarea name=note></textarea></form>"
                                  "<form>{# {% csrf_token %} #}</form>");
  REQUIRE(page.forms.size() == 3);
  CHECK(page.forms[0].method == "post");
  CHECK(page.forms[0].action == "{% url 'a' %}");
  CHECK(page.forms[0].csrf_token);
  CHECK(page.forms[0].inputs == std::vector<std::string>{"title"});
  CHECK(page.forms[1].method == "post");
  CHECK_FALSE(page.forms[1].csrf_token);
  CHECK(page.forms[1].inputs == std::vector<std::string>{"note"});
  CHECK(page.forms[2].method == "get");
  CHECK_FALSE(page.forms[2].csrf_token);
}

TEST_CASE("a token that comes with an included template, also in a circle") {
  std::vector<std::string> warnings;
  const auto pages = read_templates(
      files_of({
          {"t/templates/form.html", "<form method=post>{% include 'inner.html' %}</form>"},
          {"t/templates/inner.html", "{% include \"fields.html\" %}{% include 'inner.html' %}"},
          {"t/templates/fields.html", "{% csrf_token %}"},
          {"t/templates/other.html", "<form method=post></form>{% include 'fields.html' %}"},
          {"static/page.html", "{% csrf_token %}"},
          {"venv/bin/activate", ""},
          {"venv/templates/x.html", "{% csrf_token %}"},
      }),
      warnings);
  REQUIRE(pages.size() == 4);
  for (const auto& page : pages) {
    if (page.name == "form.html") CHECK(page.forms.at(0).csrf_token);
    if (page.name == "other.html") CHECK_FALSE(page.forms.at(0).csrf_token);
  }
  CHECK(warnings.empty());
}

TEST_CASE("links that hold a url tag") {
  const auto page = read_template("templates/a.html",
                                  "<a href=\"{% url \"delete\" entry.id %}\">x</a>"
                                  "<a href='/export/'>y</a><a href='https://example.org'>z</a>");
  REQUIRE(page.links.size() == 2);
  CHECK(page.links[0].first == "{% url \"delete\" entry.id %}");
  CHECK(page.links[1].first == "/export/");
}

TEST_CASE("a tag inside an element's name or an unquoted value keeps the element") {
  const auto page = read_template("templates/a.html",
                                  "<form{% if x %} method=\"post\"{% endif %}>"
                                  "<input value={{ v }} name=q></form>");
  REQUIRE(page.forms.size() == 1);
  CHECK(page.forms[0].method == "post");
  CHECK(page.forms[0].inputs == std::vector<std::string>{"q"});
}

TEST_CASE("hostile templates end") {
  std::string braces;
  for (int i = 0; i < 200'000; ++i) braces += "{%{{{#";
  CHECK(read_template("templates/a.html", braces).tags.empty());
  std::string forms;
  for (int i = 0; i < 50'000; ++i) forms += "<form method=post>{% include 'a.html' %}";
  CHECK(read_template("templates/a.html", forms).forms.size() > 0);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<div>";
  CHECK(read_template("templates/a.html", deep).forms.empty());
}

TEST_CASE("tags of broken HTML") {
  const auto tags = scan_html(
      "<!-- <a> --><p class=x data-y>1 < 2</P><script>if (a<b) '</p>'"
      "</script><img src='a>b' alt=\"");
  REQUIRE(tags.size() == 5);
  CHECK(tags[0].attribute("class")->quote == 0);
  CHECK(tags[0].attribute("data-y") != nullptr);
  CHECK(tags[1].closing);
  CHECK(tags[2].name == "script");
  CHECK(tags[2].content_end - tags[2].content_start == 15);
  CHECK(tags[4].attribute("src")->value_end - tags[4].attribute("src")->value_start == 3);
}
