#include "sandbox/environment/interpreters.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "grader/submission/scratch.hpp"

using namespace grader::sandbox;
namespace fs = std::filesystem;

namespace {

void install(const fs::path& folder, const std::string& name, const std::string& program) {
  fs::create_directories(folder / name / "bin");
  std::ofstream(folder / name / "bin" / program) << "#!/bin/sh\n";
  fs::permissions(folder / name / "bin" / program, fs::perms::owner_all);
}

std::vector<Interpreter> of_versions(const std::vector<std::string>& versions) {
  std::vector<Interpreter> found;
  for (const std::string& version : versions) found.push_back({version, "/x", "/x/bin/python3"});
  return found;
}

}  // namespace

TEST_CASE("installations are found by name, and only trusted ones") {
  const auto scratch = grader::submission::Scratch::make({});
  REQUIRE(scratch.has_value());
  const fs::path folder = scratch->path();
  install(folder, "3.10.13", "python3.10");
  install(folder, "3.6.15", "python3.6");
  install(folder, "cpython-3.8.18-linux-x86_64-gnu", "python3.8");
  install(folder, "2.7.18", "python2.7");
  install(folder, "pypy3.9-7.3.9", "python3.9");
  install(folder, "3.12.1", "python3.11");
  install(folder, "3.7.16", "python3.7");
  ::chmod((folder / "3.7.16").c_str(), 0777);
  fs::create_directory_symlink(folder / "3.6.15", folder / "3.9.1");

  const auto found = interpreters_in(folder);
  REQUIRE(found.size() == 3);
  CHECK(found[0].version == "3.6.15");
  CHECK(found[0].program == (fs::canonical(folder) / "3.6.15/bin/python3.6").string());
  CHECK(found[1].version == "3.8.18");
  CHECK(found[2].version == "3.10.13");
  CHECK(interpreters_in(folder / "nowhere").empty());
}

TEST_CASE("the interpreter follows the series of Django") {
  const auto found = of_versions({"3.6.15", "3.8.18", "3.12.1"});
  CHECK(interpreter_for("1.11.2", found)->version == "3.6.15");
  CHECK(interpreter_for("2.2.28", found)->version == "3.8.18");
  CHECK(interpreter_for("5.0", found)->version == "3.12.1");
  CHECK_FALSE(interpreter_for("4.1.7", of_versions({"3.6.15"})).has_value());
  CHECK_FALSE(interpreter_for("", found).has_value());
  CHECK_FALSE(interpreter_for("dev", found).has_value());
}

TEST_CASE("what Python removed decides which Django loads on it") {
  CHECK_FALSE(loads_on("1.10.7", "3.11"));
  CHECK_FALSE(loads_on("2.1.*", "3.10"));
  CHECK(loads_on("2.1", "3.9"));
  CHECK(loads_on("2.2.28", "3.11"));
  CHECK_FALSE(loads_on("3.2", "3.13"));
  CHECK(loads_on("5.1", "3.13"));
  CHECK(loads_on("", "3.13"));
  CHECK(loads_on("4.2", "nonsense"));
}

TEST_CASE("the Python of a root file system is read off its link") {
  const auto scratch = grader::submission::Scratch::make({});
  REQUIRE(scratch.has_value());
  const fs::path root = scratch->path();
  CHECK(python_of_root(root).empty());
  fs::create_directories(root / "usr/bin");
  fs::create_symlink("python3.11", root / "usr/bin/python3");
  CHECK(python_of_root(root) == "3.11");
}
