// Pages of the candidate's application, as a browser would see them.
#include "sandbox/probe/prober/page.hpp"

#include <doctest/doctest.h>

#include "sandbox/probe/prober/world.hpp"

using namespace grader::sandbox::prober;

TEST_CASE("a form is read with its fields, labels, choices and buttons") {
  const Page page = parse_page(R"(<form action="/add/" method="POST">
    <label for="id_pw">Mot de passe</label><input id="id_pw" type="password" name="pw" maxlength="12">
    <select name="category"><option value="">-</option><option value="7" selected>Bank</option></select>
    <input type="checkbox" name="keep" checked><textarea name="note">old</textarea>
    <input name="gone" disabled><button name="go" value="1">Save entry</button></form>)");
  REQUIRE(page.forms.size() == 1);
  const Form& form = page.forms[0];
  CHECK(form.method == "post");
  CHECK(form.action == "/add/");
  REQUIRE(form.field("pw") != nullptr);
  CHECK(form.field("pw")->label.find("mot de passe") != std::string::npos);
  CHECK(form.field("pw")->max == 12);
  CHECK(form.field("category")->choices == std::vector<std::string>{"7"});
  CHECK(form.field("category")->value == "7");
  CHECK(form.field("keep")->checked);
  CHECK(form.field("note")->value.starts_with("old"));
  CHECK(form.field("gone") == nullptr);
  CHECK(form.caption.find("save entry") != std::string::npos);
  CHECK(form.submits.size() == 1);
}

TEST_CASE("only markup that a browser would run as such is a mark") {
  CHECK(parse_page("<p><xssq7>", "xssq7").has_mark);
  CHECK_FALSE(parse_page("<p>&lt;xssq7&gt;", "xssq7").has_mark);
  CHECK_FALSE(parse_page("<input value='<xssq7>'>", "xssq7").has_mark);
  CHECK(parse_page("<input value=''><xssq7>'>", "xssq7").has_mark);
}

TEST_CASE("broken, deep and huge pages are read without harm") {
  std::string deep;
  for (int i = 0; i < 5'000; ++i) deep += "<div>";
  CHECK(parse_page(deep + "<form>").forms.size() <= 1);
  CHECK(parse_page(std::string(10, '\0') + "<form><input name=a>").forms.size() == 1);
  std::string many;
  for (int i = 0; i < 3'000; ++i) many += "<form><input name=a></form>";
  CHECK(parse_page(many).forms.size() <= 600);
}

TEST_CASE("addresses stay on the loopback") {
  CHECK(resolved("/a/b/", "c") == "/a/b/c");
  CHECK(resolved("/a/b/", "../c") == "/a/c");
  CHECK(resolved("/a/b/?x=1", "") == "/a/b/?x=1");
  CHECK(resolved("/a/", "http://localhost/x") == "/x");
  CHECK(resolved("/a/", "http://169.254.169.254/latest").empty());
  CHECK(resolved("/a/", "//example.com/x").empty());
  CHECK(resolved("/a/", "javascript:alert(1)").empty());
}
