#include "grader/python/names.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

#include "grader/python/literals.hpp"

using namespace grader::python;

namespace {

Program program_of(std::initializer_list<std::pair<const char*, const char*>> files,
                   std::vector<std::string> roots = {""}) {
  std::vector<Module> modules;
  for (const auto& [path, text] : files) modules.push_back(Module::parse(path, text));
  return {std::move(modules), std::move(roots)};
}

/// What the `number`th call in a module calls.
std::string called(const Program& program, const char* path, int number = 0) {
  for (const Node node : program.at(path)->root().descendants()) {
    if (node.is(Kind::call) && number-- == 0) return program.resolve(callee(node)).name;
  }
  return "no such call";
}

std::vector<std::string> order_of(const Program& program, const char* qualified) {
  std::vector<std::string> names;
  for (const Symbol& symbol : program.linearised(program.lookup(qualified).definition)) {
    names.push_back(symbol.name);
  }
  return names;
}

}  // namespace

TEST_CASE("names through imports of every form") {
  const auto program = program_of({
      {"vault/__init__.py", ""},
      {"vault/models.py", "from django.db import models as m\nx = m.CharField()\n"},
      {"vault/views.py",
       "from . import models\nfrom .models import *\nimport vault.models as vm\n"
       "a = models.x.y()\nb = m.TextField()\nc = vm.m.IntegerField()\n"
       "def view():\n    from django.http import Http404 as gone\n    raise gone()\n"},
  });
  CHECK(called(program, "vault/models.py") == "django.db.models.CharField");
  CHECK(called(program, "vault/views.py", 1) == "django.db.models.TextField");
  CHECK(called(program, "vault/views.py", 2) == "django.db.models.IntegerField");
  CHECK(called(program, "vault/views.py", 3) == "django.http.Http404");
}

TEST_CASE("re-exports, nested roots and submodules") {
  const auto program = program_of(
      {
          {"src/vault/__init__.py", ""},
          {"src/vault/models/__init__.py", "from .entry import Entry\n"},
          {"src/vault/models/entry.py", "class Entry:\n    class Meta:\n        pass\n"},
          {"src/vault/views.py", "from vault.models import Entry\nEntry()\nEntry.objects.all()\n"},
      },
      {"src", ""});
  CHECK(called(program, "src/vault/views.py") == "vault.models.entry.Entry");
  CHECK(called(program, "src/vault/views.py", 1) == "vault.models.entry.Entry.objects.all");
  CHECK(program.lookup("vault.models.Entry").is_class());
}

TEST_CASE("local names hide module names, and constants are followed") {
  const auto program = program_of({
      {"a.py",
       "import os\nKEY = 'k'\nPAIR = KEY + 'l'\n"
       "def f(os):\n    os.remove()\n    part = 'm'\n    whole = part + KEY\n"},
  });
  CHECK(called(program, "a.py").empty());
  for (const Node node : program.at("a.py")->root().descendants()) {
    if (!node.is(Kind::assignment)) continue;
    const Value value = evaluate(node.child(Field::right), &program);
    if (node.child(Field::left).text() == "PAIR") CHECK(value.text == "kl");
    if (node.child(Field::left).text() == "whole") CHECK(value.text == "mk");
  }
}

TEST_CASE("method resolution order") {
  const auto program = program_of({
      {"a.py",
       "from lib import Base\nclass A(Base): pass\nclass B(Base): pass\nclass C(A, B): pass\n"},
  });
  CHECK(order_of(program, "a.C") == std::vector<std::string>{"a.C", "a.A", "a.B", "lib.Base"});
}

TEST_CASE("cycles and inconsistent hierarchies end") {
  const auto program = program_of({
      {"a.py",
       "from b import *\nclass X(X): pass\nclass Y(Z): pass\nclass Z(Y): pass\n"
       "class P: pass\nclass Q(P): pass\nclass R(P, Q): pass\n"},
      {"b.py", "from a import *\nfrom a import missing\n"},
  });
  CHECK(order_of(program, "a.X").size() <= 2);
  CHECK(order_of(program, "a.Y").size() >= 2);
  CHECK(order_of(program, "a.R") == std::vector<std::string>{"a.R", "a.P", "a.Q"});
  CHECK_FALSE(program.lookup("a.missing").definition);
}

TEST_CASE("names that double each other's work and text end") {
  std::string source = "a0 = '" + std::string(1'000, 'x') + "'\n";
  for (int i = 1; i <= 38; ++i) {
    const std::string before = "a" + std::to_string(i - 1);
    source += "a" + std::to_string(i) + " = " + before + " + " + before + "\n";
  }
  const auto program = program_of({{"a.py", source.c_str()}});
  const Node last = program.member(*program.at("a.py"), "a38").definition;
  CHECK(evaluate(last.child(Field::right), &program).text.size() < (64U << 20U));
}

TEST_CASE("Python 2 finds the module beside the importing one first, Python 3 does not") {
  const auto files = [](const char* statement) {
    return program_of({
        {"vault/__init__.py", ""},
        {"vault/models.py", "def make():\n    pass\n"},
        {"vault/forms.py",
         "from models import make\nmake()\n"
         "def later():\n    import models\n    models.make()\n"},
        {"vault/views/__init__.py", "from entry import *\nmake_entry()\n"},
        {"vault/views/entry.py", statement},
    });
  };
  const auto old = files("def make_entry():\n    print 'x'\n");
  CHECK(called(old, "vault/forms.py") == "vault.models.make");
  CHECK(called(old, "vault/forms.py", 1) == "vault.models.make");
  CHECK(called(old, "vault/views/__init__.py") == "vault.views.entry.make_entry");
  for (const char* modern :
       {"def make_entry():\n    print('x')\n", "def make_entry():\n    print ('x' % 1)\n",
        "def make_entry(code):\n    exec(code)\n"}) {
    CAPTURE(modern);
    CHECK(called(files(modern), "vault/forms.py") == "models.make");
  }
}

TEST_CASE("folders without __init__.py are packages") {
  const auto program = program_of({
      {"vault/tools/adding.py", "def add():\n    pass\n"},
      {"vault/views.py", "from vault.tools import adding\nadding.add()\n"},
  });
  CHECK(called(program, "vault/views.py") == "vault.tools.adding.add");
}

TEST_CASE("a name that a function declares global is the module's") {
  const auto program = program_of({
      {"vault/keys.py",
       "class Cipher:\n    pass\ncipher = Cipher\n"
       "def load():\n    global cipher\n    cipher()\n    cipher = Cipher\n"},
  });
  const Node load = program.lookup("vault.keys.load").definition;
  for (const Node node : load.descendants()) {
    if (node.is(Kind::call)) {
      CHECK(program.resolve(callee(node)).definition.is(Kind::assignment));
    }
  }
}
