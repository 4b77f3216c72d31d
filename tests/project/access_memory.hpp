#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/text.hpp"
#include "tests/project/memory.hpp"

namespace doctest {
template <>
struct StringMaker<std::vector<std::string>> {
  static String convert(const std::vector<std::string>& rows) {
    return grader::text::join(rows, "; ").c_str();
  }
};
}  // namespace doctest

namespace grader::project {

/// A small password manager around one views.py: Entry(user, title, website, username, password),
/// Vault(owner) with Note(vault, secret text) and Share(entry, person).
struct AccessFiles {
  std::string views;
  std::string urls;
  std::string settings;
  std::string models;
  std::vector<std::pair<std::string, std::string>> more;
};

inline std::string standard_models() {
  return R"(
from django.contrib.auth.models import User
from django.db import models


class Vault(models.Model):
    owner = models.ForeignKey(User, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)


class Entry(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, null=True)
    title = models.CharField(max_length=80)
    website = models.URLField()
    username = models.CharField(max_length=80)
    password = models.TextField()
    is_deleted = models.BooleanField(default=False)


class Share(models.Model):
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE)
    person = models.ForeignKey(User, on_delete=models.CASCADE)
)";
}

inline Project access_project(const AccessFiles& given) {
  const std::string head =
      "from django.contrib.auth.decorators import login_required\n"
      "from django.contrib.auth.mixins import LoginRequiredMixin\n"
      "from django.core.exceptions import PermissionDenied\n"
      "from django.db.models import Q\n"
      "from django.http import Http404, HttpResponse, JsonResponse\n"
      "from django.shortcuts import get_object_or_404, redirect, render\n"
      "from vault.models import Entry, Share, Vault\n";
  const std::string urls_head =
      "from django.urls import include, path\nfrom vault import views\nurlpatterns = [\n";
  auto contents = std::make_shared<std::map<std::string, std::string, std::less<>>>();
  (*contents)["manage.py"] = manage_py("site_one.settings");
  (*contents)["site_one/__init__.py"] = "";
  (*contents)["site_one/settings.py"] =
      "ROOT_URLCONF = 'site_one.urls'\nINSTALLED_APPS = ['vault']\n" + given.settings;
  (*contents)["site_one/urls.py"] = given.urls.find("urlpatterns") != std::string::npos
                                        ? given.urls
                                        : urls_head + given.urls + "\n]\n";
  (*contents)["vault/__init__.py"] = "";
  (*contents)["vault/models.py"] = given.models.empty() ? standard_models() : given.models;
  (*contents)["vault/views.py"] = head + given.views;
  for (const auto& [path, text] : given.more) (*contents)[path] = text;
  Files files;
  for (const auto& [path, bytes] : *contents) files.entries.push_back({path, bytes.size(), false});
  files.read = [contents](std::string_view path) -> std::optional<std::string> {
    const auto found = contents->find(path);
    if (found == contents->end()) return std::nullopt;
    return found->second;
  };
  return model(std::move(files));
}

/// "list open all" for each operation of routed views, sorted: login is open or in; owner is own,
/// all, free (not applicable) or unsure; "unsafe" where a change needs no POST or token.
inline std::vector<std::string> access_rows(const AccessFiles& given) {
  std::vector<std::string> rows;
  for (const auto& view : access_project(given).views.all) {
    if (view.routes.empty()) continue;
    for (const auto& operation : view.operations) {
      const Verdict& owner = operation.owner;
      std::string row = operation.op + (operation.login.yes() ? " in" : " open");
      row += owner.yes() ? " own" : owner.no() ? " all" : owner.undecided() ? " unsure" : " free";
      if (operation.method_safe.no()) row += " unsafe";
      rows.push_back(row);
    }
  }
  std::ranges::sort(rows);
  return rows;
}

}  // namespace grader::project
