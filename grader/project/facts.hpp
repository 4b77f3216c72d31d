#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "grader/base/location.hpp"

namespace grader::project {

/// One line of a requirements file, or an entry of Pipfile, pyproject.toml, setup.py.
struct Requirement {
  std::string name;       ///< normalised (PEP 503)
  std::string specifier;  ///< "==4.2.1", ">=3", empty
  bool pinned = false;    ///< == or === with a full version
  std::string option;     ///< a pip option, URL or VCS line as written; name is empty then
  Location at;
};

/// A package that the code needs and no requirement brings.
struct MissingPackage {
  std::string module;        ///< as imported or installed: "rest_framework"
  std::string distribution;  ///< what pip installs it by: "djangorestframework"
  Location at;               ///< the import, or the entry of INSTALLED_APPS
};

/// What the submission says it needs.
struct Dependencies {
  std::string file;  ///< the main one; empty where there is none
  std::vector<std::string> files;
  std::vector<Requirement> requirements;
  std::string pinned;                ///< all, some, none
  std::vector<Requirement> others;   ///< of further files: development, tests
  std::vector<std::string> missing;  ///< imported top-level packages that no line provides
  std::vector<MissingPackage> missing_packages;  ///< the same, with what installs them and where
  std::string python;  ///< requires-python, runtime.txt, .python-version; as written
};

/// The README and the subjects it speaks of.
struct Readme {
  std::string path;  ///< empty where there is none
  std::string text;
  bool setup = false;
  bool encryption = false;
  bool limitations = false;
  bool english = false;
  Location setup_at, encryption_at, limitations_at;
};

/// Something that the README says and the rest of the submission contradicts.
struct Contradiction {
  std::string claim;  ///< after «the README says that»: "it has tests to run"
  Location at;        ///< in the README
  std::string finds;  ///< what is there instead: "no test is there"
  Location found_at;  ///< where; no path: nowhere
};

/// A request that a test makes.
struct TestRequest {
  std::string method;   ///< get, post, …; "call" where the view is called as a function
  std::string address;  ///< a route's name or a path as written; empty where it is not known
  std::string view;     ///< of the submission; empty where it is not known
  std::string as;       ///< variable of the user: "self.ann"; "?" somebody; empty nobody
};

/// One test function or method of the candidate's.
struct TestCase {
  std::string name;  ///< "tests.VaultTests.test_list"
  Location at;
  bool asserts = false;          ///< it holds an assertion that can fail
  bool signs_in = false;         ///< login(), force_login(), force_authenticate(), credentials()
  int users = 0;                 ///< users made in it or in its setUp
  bool expects_refusal = false;  ///< asserts 302, 401, 403, 404 or an unchanged/absent row
  bool ownership = false;        ///< tests that one user cannot reach another's entry
  bool encryption = false;  ///< tests that the stored value is not the typed one, or a round trip
  bool anonymous = false;   ///< tests what an anonymous request gets
  std::vector<TestRequest> requests;  ///< at most 50
  int assertions = 0;                 ///< that can fail
  bool status_only = false;           ///< all of them only ask for status 200
  std::vector<Location> hollow;       ///< assertions that cannot fail
  bool calls_unknown_checks = false;  ///< a call whose name says that it checks, and whose code is
                                      ///< not here
};

/// The candidate's own tests, as far as reading tells.
struct Tests {
  std::vector<TestCase> cases;
  std::vector<std::string> files;  ///< that hold at least one case
  std::string framework = "none";  ///< django, pytest, none
  /// A JavaScript test that encrypts and decrypts back: of what the browser does.
  std::optional<Location> browser_encryption;
  int count() const;               ///< cases that assert something
  bool ownership_tested() const;   ///< a case proves that one user cannot reach another's entry
  bool encryption_tested() const;  ///< a case proves that what is stored is encrypted
};

/// Things in the tree besides code.
struct Inventory {
  std::vector<std::string>
      junk;  ///< names as committed: "db.sqlite3", ".env", "venv", "__pycache__"
  bool dockerfile = false;
  bool compose = false;
  bool migrations_committed = false;
  std::vector<std::string> apps_without_migrations;
  std::vector<std::string> python2_files;
  int python_files = 0;
  int python_lines = 0;
};

/// What the application offers besides the entries, with the place that shows it.
struct Features {
  std::optional<Location> registration, sign_in, search, generator, strength, export_, import_, drf,
      docker, two_factor;
};

}  // namespace grader::project
