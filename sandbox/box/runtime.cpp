#include "sandbox/box/runtime.hpp"

#include <unistd.h>

#include <fstream>

#include "grader/base/process.hpp"
#include "grader/base/text.hpp"

namespace grader::sandbox::runtime {
namespace {

namespace fs = std::filesystem;

constexpr const char* folders[] = {"/usr/sbin", "/usr/bin",        "/sbin",
                                   "/bin",      "/usr/local/sbin", "/usr/local/bin"};

process::Command command(const fs::path& state, std::vector<std::string> arguments) {
  process::Command result;
  result.argv = {"", "--root", state.string()};
  if (auto program = find()) result.argv[0] = program->string();
  result.argv.insert(result.argv.end(), arguments.begin(), arguments.end());
  // Without garbage collection: it lives some milliseconds.
  result.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "GOGC=off"};
  result.wall = std::chrono::seconds(30);
  // Half made boxes are worse than a second of waiting for Ctrl-C.
  result.ignore_interrupt = true;
  return result;
}

/// The last line that the runtime printed.
std::string last_line(const std::string& output) {
  const auto lines = text::lines(text::trim(output));
  return lines.empty() ? "no message" : text::to_utf8(lines.back());
}

tl::unexpected<Error> failed(const std::string& what, const process::Outcome& outcome) {
  const std::string why = outcome.status == process::Outcome::Status::timed_out
                              ? "it took longer than 30 s"
                              : last_line(outcome.err);
  return fail(ErrorKind::sandbox, what + ": " + why, "runc",
              "run `grader doctor`; boxes need root, control groups and user namespaces");
}

}  // namespace

Result<fs::path> find() {
  for (const char* folder : folders) {
    const fs::path path = fs::path(folder) / "runc";
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return fail(ErrorKind::sandbox, "runc is missing, which makes boxes", "",
              "apt-get install runc, or grade without boxes: --static --no-lint");
}

Result<pid_t> create(const fs::path& state, const fs::path& bundle, const std::string& id, int out,
                     int err) {
  const fs::path log = bundle / "log";
  const fs::path pid_file = bundle / "pid";
  auto making = command(state, {"--log", log.string(), "create", "--bundle", bundle.string(),
                                "--pid-file", pid_file.string(), id});
  making.out = out;
  making.err = err;
  auto outcome = process::run(making);
  if (!outcome) return fail(ErrorKind::sandbox, outcome.error().what, outcome.error().where);
  if (!outcome->ok()) {
    std::string content;
    std::getline(std::ifstream(log), content, '\0');
    outcome->err = content;
    return failed("a box cannot be made", *outcome);
  }
  pid_t pid = 0;
  if (!(std::ifstream(pid_file) >> pid) || pid <= 0)
    return fail(ErrorKind::sandbox, "runc did not tell the process of a box", pid_file.string());
  return pid;
}

Result<void> start(const fs::path& state, const std::string& id) {
  auto outcome = process::run(command(state, {"start", id}));
  if (!outcome) return fail(ErrorKind::sandbox, outcome.error().what, outcome.error().where);
  if (!outcome->ok()) return failed("a box cannot be started", *outcome);
  return {};
}

bool remove(const fs::path& state, const std::string& id) {
  const auto outcome = process::run(command(state, {"delete", "--force", id}));
  return outcome && outcome->ok();
}

}  // namespace grader::sandbox::runtime
