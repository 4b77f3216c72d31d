// What the candidate's own tests do.
#include "grader/project/tests_found.hpp"

#include <doctest/doctest.h>

#include "tests/project/memory.hpp"

using namespace grader::project;

namespace {

const std::string head =
    "from django.test import TestCase\nfrom django.contrib.auth.models import User\n"
    "from django.urls import reverse\nfrom vault.models import Entry\n";

const std::string two_people =
    "class VaultTests(TestCase):\n"
    "    def setUp(self):\n"
    "        self.ann = User.objects.create_user('ann', password='pw')\n"
    "        self.bob = User.objects.create_user(username='bob', password='pw')\n"
    "        self.entry = Entry.objects.create(title='Bank of Ann', user=self.ann)\n";

Project with_tests(const std::string& body) {
  return model(files_of({{"vault/__init__.py", ""},
                         {"vault/models.py",
                          "from django.db import models\nclass Entry(models.Model):\n"
                          "    title = models.CharField()\n    password = models.CharField()\n"},
                         {"vault/tests.py", head + body}}));
}

/// The facts of the last test in these lines.
grader::project::TestCase last(const std::string& body) {
  return with_tests(body).tests.cases.back();
}

bool owns(const std::string& test) { return last(two_people + test).ownership; }

}  // namespace

TEST_CASE("tests are found where the runners find them") {
  const auto project = model(files_of({
      {"a/tests.py",
       "from django.test import TestCase as T\nclass A(T):\n"
       "    def test_one(self):\n        self.assertEqual(f(), 1)\n"
       "    def helper(self):\n        self.assertTrue(g())\n"
       "    def test_none(self):\n        print('no')\n"},
      {"a/base.py", "from rest_framework.test import APITestCase\nclass Base(APITestCase): pass\n"},
      {"a/tests/test_api.py",
       "from a.base import Base\nclass B(Base):\n"
       "    async def test_two(self):\n        assert await f()\n"},
      {"b/test_plain.py",
       "def test_three():\n    assert f() == 3\nclass TestC:\n"
       "    def test_four(self):\n        assert f()\n"},
      {"b/models.py", "def test_not_a_test():\n    assert True\n"},
  }));
  CHECK(project.tests.cases.size() == 5);
  CHECK(project.tests.count() == 4);
  CHECK(project.tests.files.size() == 3);
  CHECK(project.tests.framework == "django");
  CHECK(project.tests.cases[0].name == "a.tests.A.test_one");
}

TEST_CASE("an assertion that cannot fail is none; one in a helper is one") {
  const auto asserts = [](const std::string& line) {
    return last(
               "class A(TestCase):\n    def check(self, x):\n        self.assertEqual(x, 1)\n"
               "    def test_a(self):\n        " +
               line + "\n")
        .asserts;
  };
  CHECK(asserts("self.assertEqual(f(), 1)"));
  CHECK(asserts("self.check(f())"));
  CHECK(asserts("with self.assertRaises(ValueError): f()"));
  CHECK(asserts("mock.assert_called_once()"));
  CHECK_FALSE(asserts("self.assertTrue(True)"));
  CHECK_FALSE(asserts("self.assertGreaterEqual(len(f()), 0)"));
  CHECK_FALSE(asserts("assert len(f()) >= 0"));
  CHECK_FALSE(asserts("self.assertEqual(x, x)"));
  CHECK_FALSE(asserts("assert 1"));
  CHECK_FALSE(asserts("print(f())"));
}

TEST_CASE("ownership: somebody else asks for the entry, and is refused") {
  const std::string ask = "        r = self.client.get(reverse('detail', args=[self.entry.pk]))\n";
  CHECK(owns("    def test_a(self):\n        self.client.force_login(self.bob)\n" + ask +
             "        self.assertEqual(r.status_code, 404)\n"));
  CHECK(owns("    def test_a(self):\n        self.client.login(username='bob', password='pw')\n" +
             ask + "        assert r.status_code in (403, 404)\n"));
  CHECK(
      owns("    def test_a(self):\n        self.client.force_login(self.bob)\n"
           "        r = self.client.get(reverse('list'))\n"
           "        self.assertNotContains(r, 'Bank of Ann')\n"));
  CHECK(
      owns("    def test_a(self):\n        self.client.force_login(self.bob)\n"
           "        self.client.post(reverse('delete', args=[self.entry.pk]))\n"
           "        self.assertTrue(Entry.objects.filter(pk=self.entry.pk).exists())\n"));
  CHECK(
      owns("    def as_user(self, user):\n        self.client.force_login(user)\n"
           "    def test_a(self):\n        self.as_user(self.bob)\n" +
           ask + "        self.assertEqual(r.status_code, 403)\n"));
}

TEST_CASE("what looks like a test of ownership and is none") {
  // The owner asks.
  CHECK_FALSE(
      owns("    def test_a(self):\n        self.client.force_login(self.ann)\n"
           "        r = self.client.get(reverse('detail', args=[self.entry.pk]))\n"
           "        self.assertEqual(r.status_code, 404)\n"));
  // Nobody asks.
  CHECK_FALSE(
      owns("    def test_a(self):\n"
           "        r = self.client.get(reverse('detail', args=[self.entry.pk]))\n"
           "        self.assertEqual(r.status_code, 302)\n"));
  // Somebody else asks, and nothing is demanded that could fail.
  CHECK_FALSE(
      owns("    def test_a(self):\n        self.client.force_login(self.bob)\n"
           "        r = self.client.get(reverse('list'))\n"
           "        self.assertEqual(r.status_code, 200)\n"
           "        self.assertGreaterEqual(len(r.context['entries']), 0)\n"));
  // There is only one user.
  CHECK_FALSE(last("class A(TestCase):\n    def setUp(self):\n"
                   "        self.ann = User.objects.create_user('ann')\n"
                   "        self.entry = Entry.objects.create(user=self.ann)\n"
                   "    def test_a(self):\n        self.client.force_login(self.ann)\n"
                   "        r = self.client.get(reverse('x', args=[self.entry.pk + 1]))\n"
                   "        self.assertEqual(r.status_code, 404)\n")
                  .ownership);
}

TEST_CASE("tokens: the one who got it is the one who asks") {
  const std::string sign_in =
      "    def sign(self, name):\n        t = self.client.post('/api/token/', {'username': name})\n"
      "        self.client.credentials(HTTP_AUTHORIZATION='Bearer ' + t.data['access'])\n";
  const std::string ask =
      "        r = self.client.get(f'/api/entries/{self.entry.pk}/')\n"
      "        self.assertEqual(r.status_code, status.HTTP_404_NOT_FOUND)\n";
  CHECK(owns(sign_in + "    def test_a(self):\n        self.sign('bob')\n" + ask));
  CHECK_FALSE(owns(sign_in + "    def test_a(self):\n        self.sign('ann')\n" + ask));
}

TEST_CASE("fixtures of pytest") {
  const auto one = last(
      "import pytest\n@pytest.fixture\ndef ann(db):\n    user = User.objects.create_user('ann')\n"
      "    return user\n"
      "@pytest.mark.django_db\ndef test_a(client, ann):\n"
      "    bob = User.objects.create_user('bob')\n"
      "    entry = Entry.objects.create(user=bob)\n    client.force_login(ann)\n"
      "    assert client.get(f'/entries/{entry.pk}/').status_code == 404\n");
  CHECK(one.signs_in);
  CHECK(one.users == 2);
}

TEST_CASE("what fixtures of pytest give back goes by their names") {
  const auto owns = [](const std::string& visitor) {
    return last(
               "import pytest\n"
               "@pytest.fixture\ndef ann(db):\n    return User.objects.create_user('ann')\n"
               "@pytest.fixture\ndef bob(db):\n    user = User.objects.create_user('bob')\n"
               "    yield user\n"
               "@pytest.fixture\ndef entry(bob):\n    return Entry.objects.create(user=bob)\n"
               "def test_a(client, ann, bob, entry):\n"
               "    client.force_login(" +
               visitor +
               ")\n"
               "    assert client.get(f'/entries/{entry.pk}/').status_code == 404\n")
        .ownership;
  };
  CHECK(owns("ann"));
  CHECK_FALSE(owns("bob"));
}

TEST_CASE("encryption: the stored value differs, or comes back") {
  const auto encrypts = [](const std::string& lines) {
    return last(two_people + "    def test_a(self):\n" + lines).encryption;
  };
  CHECK(encrypts("        self.assertNotEqual(self.entry.password, 'typed')\n"));
  CHECK(encrypts("        self.assertEqual(decrypt(self.entry.password), 'typed')\n"));
  CHECK(encrypts("        assert self.entry.password != 'typed'\n"));
  CHECK(encrypts("        self.assertNotIn('typed', self.entry.password)\n"));
  CHECK(encrypts("        self.assertNotEqual(cursor.fetchone()[0], 'typed')\n"));
  CHECK(encrypts("        assert row[0] != 'typed'\n"));
  CHECK_FALSE(encrypts("        self.assertNotEqual(names[0], 'typed')\n"));
  CHECK_FALSE(encrypts("        self.assertEqual(self.entry.password, 'typed')\n"));
  CHECK_FALSE(encrypts("        self.assertNotEqual(self.ann.password, 'pw')\n"));
  CHECK_FALSE(encrypts("        decrypt(self.entry.password)\n        self.assertTrue(f())\n"));
}

TEST_CASE("what an anonymous visitor gets") {
  const auto one = last(two_people +
                        "    def test_a(self):\n        r = self.client.get(reverse('list'))\n"
                        "        self.assertRedirects(r, '/login/')\n");
  CHECK(one.anonymous);
  CHECK_FALSE(one.ownership);
}

TEST_CASE("a test of 100,000 statements and helpers that call each other end") {
  std::string body =
      "class A(TestCase):\n    def a(self):\n        self.b()\n"
      "    def b(self):\n        self.a()\n    def test_a(self):\n        self.a()\n";
  for (int i = 0; i < 100'000; ++i) body += "        self.assertEqual(f(), 1)\n";
  CHECK(last(body).asserts);
}

TEST_CASE("a request is followed to the view that answers") {
  const auto project = model(files_of(
      {{"manage.py", manage_py("s.settings")},
       {"s/settings.py", "ROOT_URLCONF = 's.urls'\n"},
       {"s/urls.py",
        "from django.urls import path, include\n"
        "urlpatterns = [path('vault/', include('vault.urls'))]\n"},
       {"vault/urls.py",
        "from django.urls import path\nfrom vault import views\napp_name = 'vault'\n"
        "urlpatterns = [path('', views.entries, name='list'),\n"
        "               path('<int:pk>/', views.entry, name='entry')]\n"},
       {"vault/__init__.py", ""},
       {"vault/views.py", "def entries(request):\n    pass\ndef entry(request, pk):\n    pass\n"},
       {"vault/tests.py",
        head + "from vault.views import entry\nLIST = '/vault/'\n"
               "class A(TestCase):\n    url = reverse('vault:list')\n"
               "    def setUp(self):\n        self.ann = User.objects.create_user('ann')\n"
               "        self.one = reverse('vault:entry', args=[1])\n"
               "    def test_all(self):\n        self.client.get(LIST)\n"
               "        self.client.post(self.url, {})\n        self.client.get(self.one)\n"
               "        self.client.force_login(self.ann)\n"
               "        self.client.get(f'/vault/{self.pk}/?a=b')\n"
               "        self.client.get('/vault/' + str(1) + '/')\n"
               "        self.client.get('/elsewhere/')\n        self.client.get(f(1))\n"
               "        entry(None, 1)\n"}}));
  std::string told;
  for (const auto& request : project.tests.cases.at(0).requests) {
    told += request.method + " " + request.view + " " + request.as + "; ";
  }
  CHECK(told ==
        "get entries ; post entries ; get entry ; get entry self.ann; get entry self.ann; "
        "get  self.ann; get  self.ann; call entry self.ann; ");
}

TEST_CASE("what a test's assertions are worth") {
  const auto status = last(
      "class A(TestCase):\n    def test_a(self):\n        r = self.client.get('/')\n"
      "        self.assertEqual(r.status_code, status.HTTP_200_OK)\n        self.assertTrue(r)\n");
  CHECK(status.status_only);
  CHECK(status.assertions == 1);
  REQUIRE(status.hollow.size() == 1);
  CHECK(status.hollow[0].line == 9);
  const auto more = last(
      "class A(TestCase):\n    def test_a(self):\n        r = self.client.get('/')\n"
      "        self.assertEqual(r.status_code, 200)\n        self.assertIn('x', r.content)\n");
  CHECK_FALSE(more.status_only);
  CHECK(more.assertions == 2);
}
