#include "tests/fuzz/loaders.hpp"

// A template, and a script beside it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grader;  // NOLINT(google-build-using-namespace): one function
  const std::string text = fuzz::bytes_of(data, size);
  fuzz::checked_model({{"manage.py", project::manage_py("s.settings")},
                       {"s/settings.py", "INSTALLED_APPS = ['a']\nROOT_URLCONF = 's.urls'\n"},
                       {"s/urls.py",
                        "from django.urls import path\nfrom a import views\n"
                        "urlpatterns = [path('', views.entries, name='entries')]\n"},
                       {"a/__init__.py", ""},
                       {"a/models.py",
                        "from django.db import models\nclass Entry(models.Model):\n"
                        "    password = models.CharField()\n"},
                       {"a/views.py",
                        "from django.shortcuts import render\nfrom a.models import Entry\n"
                        "def entries(request):\n"
                        "    return render(request, 'a.html', {'entries': Entry.objects.all()})\n"},
                       {"a/templates/a.html", text},
                       {"a/static/a.js", text}});
  return 0;
}
