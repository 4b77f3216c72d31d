#include "grader/base/process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "grader/base/capture.hpp"
#include "grader/base/descriptor.hpp"
#include "grader/base/interrupt.hpp"

using grader::Capture;
using grader::process::Command;
using grader::process::Outcome;
using grader::process::run;
using namespace std::chrono_literals;

namespace {

Command shell(const std::string& script) {
  Command command;
  command.argv = {"/bin/sh", "-c", script};
  command.environment = {"PATH=/usr/bin:/bin"};
  command.wall = 10s;
  return command;
}

Outcome must(const Command& command) {
  auto outcome = run(command);
  REQUIRE(outcome.has_value());
  return *outcome;
}

}  // namespace

TEST_CASE("a program's output and exit code are kept") {
  const auto outcome = must(shell("printf out; printf err >&2; exit 3"));
  CHECK(outcome.status == Outcome::Status::exited);
  CHECK(outcome.code == 3);
  CHECK(outcome.out == "out");
  CHECK(outcome.err == "err");
  CHECK_FALSE(outcome.truncated);
  CHECK_FALSE(outcome.ok());
}

TEST_CASE("a signal is told from an exit code") {
  const auto outcome = must(shell("kill -TERM $$"));
  CHECK(outcome.status == Outcome::Status::signalled);
  CHECK(outcome.signal == SIGTERM);
}

TEST_CASE("a program that is to end gets its time to clean up, and not more") {
  Command command = shell("trap 'echo cleaned; exit 3' TERM; while :; do sleep 0.05; done");
  command.wall = std::chrono::milliseconds(200);
  command.grace = std::chrono::seconds(10);
  const Outcome cleaned = must(command);
  CHECK(cleaned.status == Outcome::Status::timed_out);
  CHECK(cleaned.out == "cleaned\n");
  CHECK(cleaned.wall < std::chrono::seconds(5));

  Command deaf = shell("trap '' TERM; while :; do sleep 0.05; done");
  deaf.wall = std::chrono::milliseconds(200);
  deaf.grace = std::chrono::milliseconds(300);
  const Outcome killed = must(deaf);
  CHECK(killed.status == Outcome::Status::timed_out);
  CHECK(killed.wall >= std::chrono::milliseconds(500));
  CHECK(killed.wall < std::chrono::seconds(5));
}

TEST_CASE("a program that is missing is an error, not an outcome") {
  Command command;
  command.argv = {"no-such-program-anywhere"};
  const auto outcome = run(command);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().where == "no-such-program-anywhere");
  CHECK_FALSE(run(Command{}).has_value());
}

TEST_CASE("the environment is complete and the directory is obeyed") {
  setenv("GRADER_TEST_SECRET", "hunter2", 1);
  auto command = shell("env; pwd");
  command.environment.emplace_back("ONLY=this");
  command.directory = "/usr";
  const auto outcome = must(command);
  CHECK(outcome.out.find("hunter2") == std::string::npos);
  CHECK(outcome.out.find("ONLY=this\n") != std::string::npos);
  CHECK(outcome.out.find("\n/usr\n") != std::string::npos);
  CHECK(grader::process::inherited({"GRADER_TEST_SECRET", "GRADER_TEST_UNSET"}) ==
        std::vector<std::string>{"GRADER_TEST_SECRET=hunter2"});
  unsetenv("GRADER_TEST_SECRET");
}

TEST_CASE("a program is looked up in the PATH that it gets, never in the working directory") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("grader-path-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "env") << "#!/bin/sh\necho ours\n";
  std::filesystem::permissions(folder / "env", std::filesystem::perms::owner_all);
  Command command;
  command.argv = {"env"};
  command.environment = {"PATH=" + folder.string() + ":/usr/bin"};
  CHECK(must(command).out == "ours\n");
  command.environment = {"PATH=/usr/bin"};
  command.directory = folder;
  CHECK(must(command).out == "PATH=/usr/bin\n");
  command.environment = {"PATH=:.:/nonexistent"};
  CHECK_FALSE(run(command).has_value());
  std::filesystem::remove_all(folder);
}

TEST_CASE("input is given whole, and its absence is an empty file") {
  auto command = shell("wc -c");
  command.input = std::string(3'000'000, 'x');
  CHECK(must(command).out == "3000000\n");
  CHECK(must(shell("wc -c")).out == "0\n");
  // A program that does not read its input must not hurt us.
  auto deaf = shell("exec true");
  deaf.input = command.input;
  CHECK(must(deaf).ok());
}

TEST_CASE("only the named descriptors reach the child, from 3 on in order") {
  // Not close-on-exec, as a careless library would leave one.
  const grader::Descriptor leak(open("/etc/passwd", O_RDONLY));
  const grader::Descriptor first(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const grader::Descriptor second(open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  auto command = shell("for f in /proc/$$/fd/*; do echo ${f##*/} $(readlink $f); done");
  // Given in an order that clobbers itself when done naively: 4 → 3, 3 → 4.
  command.inherit = {second.get(), first.get()};
  const auto out = must(command).out;
  CHECK(out.find("3 /etc\n") != std::string::npos);
  CHECK(out.find("4 /dev/null\n") != std::string::npos);
  CHECK(out.find("/etc/passwd") == std::string::npos);
}

TEST_CASE("the wall limit kills the whole process group") {
  const auto marker =
      std::filesystem::temp_directory_path() / ("grader-process-" + std::to_string(getpid()));
  auto command = shell("echo start; (sleep 1; echo alive > " + marker.string() + ") & sleep 20");
  command.wall = 300ms;
  const auto outcome = must(command);
  CHECK(outcome.status == Outcome::Status::timed_out);
  CHECK(outcome.out == "start\n");
  CHECK(outcome.wall < 2s);
  std::this_thread::sleep_for(1200ms);
  CHECK_FALSE(std::filesystem::exists(marker));
}

TEST_CASE("a daemon that keeps stdout does not hold the call") {
  const auto begin = std::chrono::steady_clock::now();
  const auto outcome = must(shell("setsid sleep 5 & echo $!"));
  CHECK(outcome.ok());
  CHECK(std::chrono::steady_clock::now() - begin < 3s);
  REQUIRE_FALSE(outcome.out.empty());
  kill(std::stoi(outcome.out), SIGKILL);
}

TEST_CASE("an output flood is cut to head and tail") {
  auto command = shell("printf HEAD; head -c 5000000 /dev/zero | tr '\\0' x; printf TAIL");
  command.output_cap = 1000;
  const auto outcome = must(command);
  CHECK(outcome.truncated);
  CHECK(outcome.out.size() < 1100);
  CHECK(outcome.out.starts_with("HEAD"));
  CHECK(outcome.out.ends_with("TAIL"));
  CHECK(outcome.out.find("[4999008 bytes left out]") != std::string::npos);
}

TEST_CASE("stderr is handed on while the program runs") {
  std::string seen;
  const auto outcome =
      run(shell("echo one >&2; echo two >&2"), [&](std::string_view chunk) { seen += chunk; });
  REQUIRE(outcome.has_value());
  CHECK(seen == "one\ntwo\n");
  CHECK(outcome->err == seen);
}

TEST_CASE("output can go to a descriptor instead") {
  const grader::Descriptor file(memfd_create("out", MFD_CLOEXEC));
  auto command = shell("echo out; echo err >&2");
  command.out = file.get();
  const auto outcome = must(command);
  CHECK(outcome.out.empty());
  CHECK(outcome.err == "err\n");
  char text[8] = {};
  CHECK(pread(file.get(), text, sizeof text, 0) == 4);
  CHECK(std::string(text) == "out\n");
}

TEST_CASE("capture keeps everything up to its cap") {
  Capture capture(10);
  capture.add("01234");
  capture.add("56789");
  CHECK(capture.text() == "0123456789");
  CHECK_FALSE(capture.truncated());
  capture.add("a");
  CHECK(capture.text() == "01234\n[1 bytes left out]\n6789a");
  for (int i = 0; i < 1000; ++i) capture.add("xyz");
  CHECK(capture.text().ends_with("yzxyz"));
  CHECK(capture.total() == 3011);
}

// In a process of its own: the interrupt flag cannot be taken back.
TEST_CASE("an interrupt ends the run, and cleaning up still works") {
  const pid_t child = fork();
  if (child == 0) {
    grader::interrupt::install();
    std::thread later([] {
      std::this_thread::sleep_for(200ms);
      kill(getpid(), SIGINT);
    });
    const auto outcome = run(shell("sleep 20"));
    later.join();
    if (!outcome || outcome->status != Outcome::Status::interrupted) _exit(1);
    if (outcome->wall > 2s) _exit(2);
    auto cleanup = shell("exit 0");
    if (run(cleanup)->status != Outcome::Status::interrupted) _exit(3);
    cleanup.ignore_interrupt = true;
    _exit(run(cleanup)->ok() ? 0 : 4);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
}
