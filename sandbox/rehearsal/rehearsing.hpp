#pragma once
// Private to sandbox/rehearsal: the state of one rehearsal, from the requirements to the tests.

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "sandbox/environment/install.hpp"
#include "sandbox/rehearsal/rehearse.hpp"
#include "sandbox/rehearsal/repairs.hpp"
#include "sandbox/rehearsal/run.hpp"

namespace grader::sandbox {

/// One rehearsal. Its parts lie in climbing.cpp (requirements, rungs, repairs) and testing.cpp (the
/// candidate's tests).
class Rehearsing {
 public:
  Rehearsing(const std::filesystem::path& tree, const Plan& plan, const Sandbox& sandbox,
             const Host& host, const RehearsalOptions& options)
      : tree_(tree), plan_(plan), sandbox_(sandbox), host_(host), options_(options) {}

  /// All rungs, once.
  Result<Rehearsal> run();

  /// What run() settled on, so that its installation and its tests can be repeated.
  struct Settled {
    InstallRequest requested;
    std::map<std::string, std::string> environment;
    TestOptions tests;
    bool with_server = false;  ///< a database server was needed
  };
  Settled settled() const {
    return {requested_, arrangement_.environment, test_options_, !server_root_.empty()};
  }

 private:
  Result<void> install_wanted();
  Result<void> climb();
  Result<void> climb_repairing();
  Result<void> judge_climb();
  void choose_interpreter();
  void take_interpreter(const Interpreter& interpreter, const std::string& django,
                        const std::string& in_place_of);
  Result<void> try_other_interpreter();
  Result<void> run_tests();
  Result<void> run_probe();
  Result<void> try_runner(const std::string& runner);
  Result<void> try_other_order();
  Result<bool> control_passes(const std::string& rung);
  Result<void> judge(Rung& rung);
  /// What a repair may change, to be taken back.
  struct State {
    Arrangement arrangement;
    Interpreter interpreter;
    InstallRequest requested;
    Installed installed;
    Rung dependencies;
    std::optional<Climb> climbed;
    std::filesystem::path server_root;
  };
  State state() const {
    return {arrangement_,  interpreter_, requested_,  installed_,
            dependencies_, climbed_,     server_root_};
  }
  void restore(const State& before);
  Runs runs() const { return {sandbox_, host_, installed_, options_.rung, server_root_}; }
  const RepairUnit* repaired(const Failure& failure);
  Result<bool> climb_once();
  Result<void> take_back_variables();
  Result<void> try_database_server();

  const std::filesystem::path& tree_;
  const Plan& plan_;
  const Sandbox& sandbox_;
  const Host& host_;
  const RehearsalOptions& options_;
  Arrangement arrangement_;
  std::string newest_;
  Interpreter interpreter_;
  InstallRequest requested_;  ///< that `installed_` answers
  Installed installed_;
  std::filesystem::path server_root_;           ///< with PostgreSQL; empty: SQLite does
  std::set<std::string, std::less<>> useless_;  ///< repair units that did not help
  std::string untried_;  ///< a repair whose installation failed by us, and how; empty: none
  Rung dependencies_ = untried("dependencies");
  std::optional<Climb> climbed_;
  std::optional<Climb> control_;  ///< of the control project in this environment
  Rung tests_ = untried("tests");
  std::optional<TestRun> test_run_;
  std::optional<Probe> probe_;
  TestOptions test_options_;  ///< that it was made with
};

/// Since then.
std::chrono::milliseconds since(std::chrono::steady_clock::time_point begun);

}  // namespace grader::sandbox
