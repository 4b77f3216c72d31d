#pragma once
// Private to sandbox/rehearsal: the runs in boxes that a rehearsal is made of.

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sandbox/environment/install.hpp"
#include "sandbox/probe/observed.hpp"
#include "sandbox/rehearsal/climb_records.hpp"
#include "sandbox/rehearsal/plan.hpp"
#include "sandbox/rehearsal/test_records.hpp"

namespace grader::sandbox {

struct TestOptions {
  std::string runner = "django";    ///< or "pytest" or "unittest"
  std::vector<std::string> labels;  ///< apps whose migrations have to be made first
  bool fast_hasher = false;         ///< passwords of accounts are hashed cheaply
  bool shuffled = false;            ///< in another order, the same at every run
};

/// Runs in one environment, each in a box of its own.
class Runs {
 public:
  /// In the environment of `installed`, which there must be; `rung` is the time that one rung may
  /// take; `server_root`, where it is set, a root file system with PostgreSQL in it.
  Runs(const Sandbox& sandbox, const Host& host, const Installed& installed,
       std::chrono::seconds rung, std::filesystem::path server_root = {})
      : sandbox_(sandbox),
        host_(host),
        installed_(installed),
        rung_(rung),
        server_root_(std::move(server_root)) {}

  /// One climb of the ladder in a fresh box.
  Result<Climb> climb(const std::filesystem::path& tree, const Plan& plan,
                      const std::map<std::string, std::string>& variables) const;

  /// The candidate's tests in a fresh box.
  Result<TestRun> tests(const std::filesystem::path& tree, const Plan& plan,
                        const std::map<std::string, std::string>& variables,
                        const TestOptions& options) const;

  /// The running application, met by two users and nobody. `labels`: apps whose migrations have to
  /// be made first.
  Result<Probe> probe(const std::filesystem::path& tree, const Plan& plan,
                      const std::map<std::string, std::string>& variables,
                      const std::vector<std::string>& labels) const;

  /// The control project: where it passes a rung, a fault in it is not ours.
  Result<Climb> control_climb() const;

  /// Whether the control project's own test passes.
  Result<bool> control_tests_pass() const;

 private:
  Drive prepared(const char* module, const std::filesystem::path& tree, const Plan& plan,
                 const std::map<std::string, std::string>& variables) const;

  const Sandbox& sandbox_;
  const Host& host_;
  const Installed& installed_;
  std::chrono::seconds rung_;
  std::filesystem::path server_root_;
};

}  // namespace grader::sandbox
