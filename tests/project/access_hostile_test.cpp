#include <doctest/doctest.h>

#include <chrono>

#include "tests/project/access_memory.hpp"

namespace grader::project {
namespace {

using Rows = std::vector<std::string>;

bool has_gap(const AccessFiles& given) { return !access_project(given).views.gaps.empty(); }

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

const std::string route = "path('<int:pk>/', views.one),";

}  // namespace

TEST_CASE("modules that import each other, also by star") {
  CHECK(access_rows({"from vault.other import *\nfrom vault.other import helper\n"
                     "@login_required\ndef one(request, pk):\n"
                     "    return render(request, 'e.html', {'e': helper(request)})\n",
                     route,
                     "",
                     "",
                     {{"vault/other.py",
                       "from vault.views import *\nfrom vault.other import *\n"
                       "from vault.views import one\nfrom vault.models import Entry\n"
                       "def helper(request):\n    one(request, 1)\n"
                       "    return Entry.objects.filter(user=request.user)\n"}}}) ==
        Rows{"list in own"});
}

TEST_CASE("names that are made of themselves") {
  const std::string head = "from django.db.models import Q\n";
  const std::string list =
      "@login_required\ndef one(request, pk):\n"
      "    return render(request, 'e.html', {'e': Entry.objects.filter(own)})\n";
  CHECK(access_rows(
            {head + "own = Q(title='a')\nown = own | Q(title='b')\n" + list, route, "", "", {}}) ==
        Rows{"list in all"});
  CHECK(access_rows({head + "own = other\nother = own\n" + list, route, "", "", {}}).size() <= 1);
  const std::string inside =
      "@login_required\ndef one(request, pk):\n    own = Q(user=request.user)\n"
      "    own = own & Q(title='b')\n"
      "    return render(request, 'e.html', {'e': Entry.objects.filter(own)})\n";
  CHECK(access_rows({head + inside, route, "", "", {}}) == Rows{"list in own"});
  const std::string self = "one = one\nOwner = Owner\ntext = ''.join(text)\n";
  CHECK(access_rows({self, "path('x/', views.one), one,", "", "", {}}).empty());
  CHECK(access_rows({"def one(request):\n    return render(request, 'e.html', {'e': text})\n" +
                         std::string("text = other + text\nother = [text, other]\n") +
                         "class A:\n    b = A.b\n    c = d(c)\n",
                     route,
                     "one = path('y/', one)\nurlpatterns = urlpatterns + [one]\n",
                     "",
                     {}})
            .size() <= 1);
}

TEST_CASE("classes that inherit from themselves or in no order") {
  const std::string head = "from django.views.generic import ListView\n";
  CHECK(
      access_rows({head + "class One(One):\n    pass\none = One.as_view()\n", route, "", "", {}}) ==
      Rows{});
  CHECK(access_rows({head + "class A(ListView):\n    model = Entry\nclass B(A):\n    pass\n"
                            "class One(A, B):\n    pass\none = One.as_view()\n",
                     route,
                     "",
                     "",
                     {}})
            .size() <= 1);
  CHECK(access_rows({head + "class A(B):\n    pass\nclass B(A):\n    model = Entry\n"
                            "class One(A, ListView):\n    pass\none = One.as_view()\n",
                     route,
                     "",
                     "",
                     {}})
            .size() <= 1);
}

TEST_CASE("URL patterns that include themselves") {
  const AccessFiles circle{"",
                           "from django.urls import include, path\n"
                           "urlpatterns = [path('a/', include('site_one.urls')),\n"
                           "               path('b/', include('vault.urls'))]\n",
                           "",
                           "",
                           {{"vault/urls.py",
                             "from django.urls import include, path\n"
                             "urlpatterns = [path('c/', include('site_one.urls'))]"
                             "\n"}}};
  CHECK(has_gap(circle));
  CHECK(access_rows(circle) == Rows{});
}

TEST_CASE("views and models that only a running program has") {
  // A view that a function makes: nothing is guessed about it.
  const AccessFiles made{
      "def make(model):\n    def inner(request):\n"
      "        return render(request, 'e.html', {'e': model.objects.all()})\n"
      "    return inner\none = make(Entry)\n",
      route,
      "",
      "",
      {}};
  for (const auto& row : access_rows(made)) CHECK(row.find("own") == std::string::npos);
  const AccessFiles typed{
      "Made = type('Made', (object,), {'password': 1})\n"
      "@login_required\ndef one(request, pk):\n"
      "    return render(request, 'e.html', {'e': Made.objects.all()})\n",
      route,
      "",
      "",
      {}};
  CHECK(access_rows(typed) == Rows{});
  const AccessFiles settings{
      "", "", "exec('ROOT_URLCONF = None')\nglobals()['DEBUG'] = True\n", "", {}};
  CHECK(access_rows(settings) == Rows{});
}

TEST_CASE("functions that call themselves and each other") {
  CHECK(
      access_rows({"def a(x):\n    return b(x)\ndef b(x):\n    return a(x)\n"
                   "@login_required\ndef one(request, pk):\n    q = Q()\n    q = q | Q(title='x')\n"
                   "    q |= q\n    a(b(request))\n"
                   "    return render(request, 'e.html', {'e': Entry.objects.filter(q)})\n",
                   route,
                   "",
                   "",
                   {}}) == Rows{"list in all"});
}

TEST_CASE("code far deeper and longer than anybody writes") {
  const std::string head = "@login_required\ndef one(request, pk):\n    e = ";
  const std::string tail =
      "\n    return render(request, 'e.html', {'e': Entry.objects.filter(user=request.user)})\n";
  for (const std::string& body :
       {repeated("(", 100'000) + "1" + repeated(")", 100'000), repeated("not ", 50'000) + "1",
        "1" + repeated(" + 1", 50'000), "a" + repeated(".b", 50'000), "a" + repeated("(1)", 20'000),
        repeated("[", 50'000)}) {
    const auto start = std::chrono::steady_clock::now();
    const Rows rows = access_rows({head + body + tail, route, "", "", {}});
    CHECK(rows.size() <= 1);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  }
}

TEST_CASE("a repository without Django has no gap: what it lacks is not there") {
  Files files;
  files.entries.push_back({"README.md", 1, false});
  files.read = [](std::string_view) { return std::optional<std::string>("x"); };
  CHECK(model(std::move(files)).views.gaps.empty());
}

TEST_CASE("patterns of packages, empty routers and comments are no gaps") {
  const AccessFiles given{"",
                          "import debug_toolbar\nfrom django.urls import include, path\n"
                          "from rest_framework.routers import DefaultRouter\n"
                          "router = DefaultRouter()\n"
                          "urlpatterns = [path('d/', include(debug_toolbar.urls)),\n"
                          "               path('a/', include(router.urls))]\n",
                          "",
                          "",
                          {}};
  CHECK_FALSE(has_gap(given));
  const AccessFiles old{"",
                        "from django.conf.urls import patterns, url\n"
                        "urlpatterns = patterns(\n    '',\n    # url(r'^x$', 'a.b'),\n)\n",
                        "",
                        "",
                        {}};
  CHECK_FALSE(has_gap(old));
  const AccessFiles lost{"",
                         "from django.urls import include, path\n"
                         "urlpatterns = [path('a/', include(nowhere.urls))]\n",
                         "",
                         "",
                         {}};
  CHECK(has_gap(lost));
}

TEST_CASE("a wrong ROOT_URLCONF is a gap, and the patterns that are there are read") {
  AccessFiles given{
      "@login_required\ndef one(request, pk):\n"
      "    e = get_object_or_404(Entry, pk=pk, user=request.user)\n"
      "    return render(request, 'e.html', {'e': e})\n",
      route,
      "ROOT_URLCONF = 'elsewhere.urls'\n",
      "",
      {}};
  CHECK(has_gap(given));
  CHECK(access_rows(given) == Rows{"detail in own"});
}

}  // namespace grader::project
