#include <doctest/doctest.h>

#include <algorithm>

#include "grader/project/pages/scripts.hpp"
#include "grader/project/project.hpp"
#include "tests/project/memory.hpp"

using namespace grader::project;

namespace {

const std::string models =
    "from django.db import models\n"
    "class Entry(models.Model):\n"
    "    user = models.ForeignKey('auth.User', on_delete=models.CASCADE)\n"
    "    title = models.CharField(max_length=80)\n"
    "    password = models.TextField()\n";
const std::string views =
    "from django.shortcuts import render\n"
    "from django.http import JsonResponse\n"
    "from vault.models import Entry\n"
    "def page(request):\n"
    "    return render(request, 'page.html', {'rows': Entry.objects.all()})\n"
    "def rows(request):\n"
    "    found = [{'title': one.title} for one in Entry.objects.all()]\n"
    "    return JsonResponse({'rows': found})\n";
const std::string urls =
    "from django.urls import path\nfrom vault import views\n"
    "urlpatterns = [path('', views.page), path('rows/', views.rows)]\n";

/// Lines of one file where text that a person chose becomes markup.
std::vector<int> markup_lines(const std::string& path, const std::string& text) {
  const Project project = model(files_of({
      {"manage.py", manage_py("site_one.settings")},
      {"site_one/settings.py", "ROOT_URLCONF = 'site_one.urls'\nINSTALLED_APPS = ['vault']\n"},
      {"site_one/urls.py", urls},
      {"vault/models.py", models},
      {"vault/views.py", views},
      {path, text},
  }));
  std::vector<int> lines;
  for (const auto& hazard : project.hazards) {
    if (hazard.is_markup() && hazard.at.path == path) lines.push_back(hazard.at.line);
  }
  return lines;
}

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("what a view sends becomes markup of a page") {
  const std::string load = "fetch('/rows/').then(r => r.json()).then(data => show(data.rows));\n";
  CHECK(markup_lines("static/a.js", load +
                                        "function show(rows) {\n"
                                        "  rows.forEach(row => { box.innerHTML = row.title; });\n"
                                        "}\n") == std::vector<int>{3});
  CHECK(markup_lines("static/a.js", load +
                                        "function show(rows) {\n"
                                        "  rows.forEach(row => { box.textContent = row.title; });\n"
                                        "}\n")
            .empty());
}

TEST_CASE("libraries are not parsed: by name, by folder, by a line of more than 2,000 bytes") {
  CHECK(is_library_script("static/js/bootstrap.bundle.js", "x()"));
  CHECK(is_library_script("static/vendor/own.js", "x()"));
  CHECK(is_library_script("static/site.min.js", "x()"));
  CHECK(is_library_script("static/site.js", repeated("f(x);", 401)));
  CHECK_FALSE(is_library_script("static/site.js", repeated("f(x);\n", 401)));
  const std::string sink = "box.innerHTML = prompt('name');\n";
  CHECK(markup_lines("static/site.js", sink).size() == 1);
  CHECK(markup_lines("static/jquery.js", sink).empty());
  CHECK(markup_lines("static/site.js", sink + repeated("f(x);", 401)).empty());
}

TEST_CASE("scripts that go in circles or deep end") {
  CHECK(markup_lines("static/a.js",
                     "function a(x) { return b(x); }\n"
                     "function b(x) { return a(x) + x; }\n"
                     "let y = z; let z = y; y = z + y;\n"
                     "box.innerHTML = a(y);\n")
            .empty());
  CHECK(markup_lines("static/a.js", "box.innerHTML = " + repeated("\n(", 20'000) + "x").empty());
  CHECK(markup_lines("static/a.js", repeated("`${", 5'000) + "box.innerHTML = x").empty());
  CHECK(markup_lines("templates/page.html", "<script>" + repeated("{% block a %}<script>", 3'000) +
                                                "box.innerHTML = '{{ rows|safe }}")
            .size() <= 1);
}

TEST_CASE("many assignments to one name stay cheap") {
  std::string text = "let content = '';\n";
  for (int i = 0; i < 3'000; ++i) text += "content += `<b>${content}</b>`;\n";
  CHECK(markup_lines("static/a.js", text + "box.innerHTML = content;\n").empty());
}

TEST_CASE("aliases of a template in circles end") {
  const auto lines = markup_lines(
      "templates/page.html",
      "{% with a=b %}{% with b=a %}{% for a in a %}{% for b in a %}\n{{ a.title|safe }}"
      "{% endfor %}{% endfor %}{% endwith %}{% endwith %}");
  CHECK(lines.size() <= 1);
}
