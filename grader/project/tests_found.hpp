#pragma once
// Private to grader/project: what the tests of a submission do.

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "grader/project/facts.hpp"
#include "grader/project/project.hpp"
#include "grader/python/names.hpp"

namespace grader::project {

/// A test function or method with all that runs before it.
struct TestFunction {
  std::string name;  ///< "tests.VaultTests.test_list"
  python::Node definition;
  python::Node owner;                  ///< its class; absent for a function
  std::vector<python::Node> prepares;  ///< setUp and the like, and pytest fixtures, in their order
  bool pytest = false;                 ///< a function or a plain class, not a TestCase
};

/// Every test that Django's runner or pytest would find. At most 5,000.
std::vector<TestFunction> test_functions(const python::Program& program);

/// What an assertion demands.
struct Assertion {
  bool present = false;    ///< it is one
  bool real = false;       ///< it can fail
  bool refusal = false;    ///< 302, 401, 403, 404, an error raised, something not there
  bool redirect = false;   ///< refusal by a redirect or a status: what an anonymous visitor gets
  bool counts = false;     ///< exactly so many rows
  bool unchanged = false;  ///< a row is still there, or still as it was
  bool status_ok = false;  ///< the status of an answer is 200, and nothing else
};

/// The assertion that this call or assert statement is; nothing real for other nodes.
Assertion assertion_of(python::Node node);

/// Name of the called method or function: "assertEqual" of self.assertEqual.
std::string_view called_name(python::Node call);

/// True if one of the words of a name is among `wanted`.
bool has_word(std::string_view name, std::initializer_list<std::string_view> wanted);

/// True if an assertion is about how a secret is stored: it decrypts, or it demands that the stored
/// value is not the typed one. `is_account` tells variables that hold a user: Django hashes theirs.
bool is_about_encryption(python::Node assertion,
                         const std::function<bool(std::string_view)>& is_account);

/// Fills in what a test does from its own code, that of what runs before it and of the helpers that
/// both call, one level deep.
TestCase read_test(const TestFunction& function, const Project& project);

}  // namespace grader::project
