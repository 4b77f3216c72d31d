#include <doctest/doctest.h>

#include <algorithm>

#include "tests/project/memory.hpp"

using namespace grader::project;

namespace {

bool says(const Project& project, std::string_view text) {
  return std::ranges::any_of(project.warnings, [&](const std::string& warning) {
    return warning.find(text) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("a repository that is not the right one is told") {
  CHECK(says(model(files_of({{"README.md", "# Hello\n"}})), "no Python file"));
  CHECK(says(model(files_of({{"app.py", "from flask import Flask\n"}})), "nothing of Django"));
  const auto library = model(files_of({{"mixins.py", "from django.views import View\n"}}));
  CHECK_FALSE(says(library, "nothing of Django"));
  CHECK(says(library, "There is no manage.py"));
}

TEST_CASE("Python 2 is told") {
  const auto project = model(files_of({
      {"manage.py", manage_py("site.settings")},
      {"site/settings.py", "DEBUG = True\nprint 'debugging'\n"},
  }));
  CHECK(says(project, "Python 2, which no supported Django runs on: site/settings.py."));
}

TEST_CASE("which of several projects is graded is told") {
  const auto project = model(files_of({
      {"one/manage.py", manage_py("one.settings")},
      {"one/one/settings.py", "DEBUG = True\n"},
      {"two/manage.py", manage_py("two.settings")},
      {"two/two/settings.py", "DEBUG = True\n"},
  }));
  CHECK(says(project, "several Django projects. Graded is the one in one, not: two."));
}

TEST_CASE("settings that could not be followed are told") {
  const auto project = model(files_of({
      {"manage.py", manage_py("site.settings")},
      {"site/settings.py", "DEBUG = (\nALLOWED_HOSTS = ['a'\n"},
  }));
  CHECK(says(project, "site/settings.py: a syntax error at line"));
}

TEST_CASE("a sound project has no remark") {
  const auto project = model(files_of({
      {"manage.py", manage_py("site.settings")},
      {"site/settings.py", "DEBUG = False\nINSTALLED_APPS = ['django.contrib.auth']\n"},
  }));
  CHECK(project.warnings.empty());
}
