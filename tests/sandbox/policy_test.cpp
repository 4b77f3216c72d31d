#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "sandbox/box/cgroup.hpp"
#include "sandbox/box/limits.hpp"
#include "sandbox/box/mount_plan.hpp"
#include "sandbox/box/oci_config.hpp"
#include "sandbox/box/seccomp.hpp"
#include "sandbox/box/verdict.hpp"

namespace fs = std::filesystem;
using namespace grader::sandbox;
using Json = nlohmann::json;
using Status = BoxResult::Status;

namespace {

/// A root file system with the folders that matter here.
struct Root {
  Root() {
    std::string name = (fs::temp_directory_path() / "grader-root-XXXXXX").string();
    path = mkdtemp(name.data());
    for (const char* folder : {"srv", "usr/lib", "app", "tmp"})
      fs::create_directories(path / folder);
    fs::create_directory_symlink("usr/lib", path / "lib");
    std::ofstream(path / "usr/file") << "x";
    fs::create_directory(path / "volumes");
    fs::create_directory(path / "volumes/one");
  }
  ~Root() { fs::remove_all(path); }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  grader::Result<std::vector<PlannedMount>> plan(std::vector<Mount> mounts) const {
    BoxSpec spec;
    spec.root = path;
    spec.mounts = std::move(mounts);
    return plan_mounts(spec, path / "volumes");
  }
  fs::path path;
};

std::vector<std::string> targets(const std::vector<PlannedMount>& mounts) {
  std::vector<std::string> result;
  for (const PlannedMount& mount : mounts) result.push_back(mount.target);
  return result;
}

bool has(const Json& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

Ending ended(Ended by, bool exited, int number) {
  Ending ending;
  ending.by = by;
  ending.exited = exited;
  ending.number = number;
  return ending;
}

Status status(const Ending& ending) { return judge(ending, Limits{}).status; }

}  // namespace

TEST_CASE("mount points come from the root file system or from tmpfs, parents first") {
  const Root root;
  const auto plan = root.plan({{"/usr", "/srv/b/deep", true, 0},
                               {"/etc/passwd", "/usr/file", true, 0},
                               {"", "/srv/a", false, 1 << 20},
                               {"/usr", "/srv/a/x", true, 0}});
  REQUIRE_MESSAGE(plan.has_value(), grader::to_string(plan.error()));
  CHECK(targets(*plan) == std::vector<std::string>{"/proc", "/dev", "/srv", "/srv/a", "/srv/a/x",
                                                   "/srv/b/deep", "/usr/file", "/dev/shm", "/tmp"});
  CHECK((*plan)[2].type == "tmpfs");
  CHECK(has((*plan)[2].options, "ro"));
  for (const PlannedMount& mount : *plan) {
    CHECK(has(mount.options, "nosuid"));
    if (mount.target != "/dev") CHECK(has(mount.options, "nodev"));
  }
  CHECK(targets(*root.plan({{"", "/tmp", false, 1 << 20}})) ==
        std::vector<std::string>{"/proc", "/dev", "/tmp", "/dev/shm"});
}

TEST_CASE("mounts that would touch the host or hide the box are refused") {
  const Root root;
  const auto why = [&](std::vector<Mount> mounts) {
    const auto plan = root.plan(std::move(mounts));
    return plan ? std::string() : plan.error().what;
  };
  CHECK(why({{"/usr", "/usr/lib/new", true, 0}}).empty());
  CHECK(why({{"/usr", "/usr/new", true, 0}}).find("no such place") == 0);
  CHECK(why({{"/usr", "/new", true, 0}}).find("no such place") == 0);
  CHECK(why({{"/usr", "/lib/new", true, 0}}).find("/lib is a link") == 0);
  CHECK(why({{"/usr", "/srv", true, 0}, {"/usr", "/srv/below", true, 0}}).find("the target lies") ==
        0);
  CHECK(why({{"/usr", "/srv", true, 0}, {"/etc", "/srv", true, 0}}) == "two mounts at one target");
  CHECK(why({{"/usr", "/usr/file", true, 0}}).find("a directory on a file") == 0);
  CHECK(why({{"/etc/passwd", "/app", true, 0}}).find("a directory on a file") == 0);
  CHECK(why({{"/nonexistent", "/app", true, 0}}).find("cannot be mounted") == 0);
  for (const std::string target : {"/", "", "app", "/app/", "/app/../etc", "/app//x", "/proc",
                                   "/proc/sys", "/dev/shm", "/sys/fs"})
    CHECK_MESSAGE(!why({{"/usr", target, true, 0}}).empty(), target);
  CHECK(why({{"/usr", "/app", false, 0}}).find("only a volume") == 0);
  CHECK(why({{(root.path / "volumes/one").string(), "/app", false, 0}}).empty());
  // Not even by a link that stands among the volumes.
  fs::create_directory_symlink("/usr", root.path / "volumes/link");
  CHECK(why({{(root.path / "volumes/link").string(), "/app", false, 0}}).find("only a volume") ==
        0);
}

TEST_CASE("the configuration holds what every box must have") {
  BoxSpec spec;
  spec.argv = {"program", "arg\xff"};
  spec.environment = {"A=b"};
  spec.limits.open_files = 1 << 30;
  const Json config = Json::parse(oci_config(spec, {"grader-x-1", "/root", {}}));
  const Json& process = config["process"];
  CHECK(process["args"] == Json({"/usr/bin/tini", "--", "program", "arg\xEF\xBF\xBD"}));
  CHECK(process["env"] == Json::array({"A=b"}));
  CHECK(process["user"]["uid"] == 65534);
  CHECK(process["noNewPrivileges"] == true);
  CHECK(process["capabilities"].empty());
  CHECK(process["terminal"] == false);
  struct rlimit ours{};
  getrlimit(RLIMIT_NOFILE, &ours);
  CHECK(process["rlimits"][0]["hard"] == ours.rlim_max);
  CHECK(config["root"]["readonly"] == true);
  const Json& linux_part = config["linux"];
  std::vector<std::string> types;
  for (const Json& entry : linux_part["namespaces"]) types.push_back(entry["type"]);
  std::sort(types.begin(), types.end());
  CHECK(types ==
        std::vector<std::string>{"cgroup", "ipc", "mount", "network", "pid", "user", "uts"});
  CHECK(linux_part["cgroupsPath"] == "/grader-x-1");
  CHECK(linux_part["resources"]["memory"]["swap"] == linux_part["resources"]["memory"]["limit"]);
  CHECK(linux_part["resources"]["devices"] ==
        Json::array({Json{{"allow", false}, {"access", "rwm"}}}));
  CHECK(linux_part["uidMappings"].size() == 2);
  CHECK(linux_part["seccomp"]["architectures"].size() == 1);
  CHECK(linux_part["seccomp"]["defaultAction"] == "SCMP_ACT_ERRNO");
}

TEST_CASE("no dangerous system call is allowed with any argument") {
  const auto calls = allowed_calls();
  CHECK(calls.size() > 250);
  CHECK(std::find(calls.begin(), calls.end(), "read") != calls.end());
  CHECK(std::find(calls.begin(), calls.end(), "write") != calls.end());
  for (const char* call : {"ptrace",
                           "process_vm_readv",
                           "process_vm_writev",
                           "keyctl",
                           "add_key",
                           "request_key",
                           "bpf",
                           "perf_event_open",
                           "userfaultfd",
                           "io_uring_setup",
                           "io_uring_enter",
                           "io_uring_register",
                           "unshare",
                           "setns",
                           "mount",
                           "umount2",
                           "pivot_root",
                           "fsopen",
                           "open_tree",
                           "move_mount",
                           "open_by_handle_at",
                           "personality",
                           "socket",
                           "clone",
                           "clone3",
                           "socketcall",
                           "kexec_load",
                           "init_module",
                           "chroot",
                           "splice",
                           "vmsplice",
                           ""})
    CHECK_MESSAGE(std::find(calls.begin(), calls.end(), call) == calls.end(), call);
  // One socket family must not meet two rules: libseccomp leaves their order open.
  for (const bool network : {false, true})
    for (std::uint64_t family = 0; family < 64; ++family)
      for (const std::uint64_t protocol : {0ULL, 6ULL, 12ULL, 17ULL}) {
        const auto rules = call_rules(network);
        const auto met = std::count_if(rules.begin(), rules.end(), [&](const CallRule& rule) {
          return rule.call == "socket" &&
                 std::all_of(rule.arguments.begin(), rule.arguments.end(), [&](const auto& test) {
                   const std::uint64_t value = test.index == 0 ? family : protocol;
                   if (test.test == CallRule::Test::equal) return value == test.value;
                   if (test.test == CallRule::Test::not_equal) return value != test.value;
                   return value > test.value;
                 });
        });
        CHECK(met <= 1);
      }
}

TEST_CASE("a verdict names the limit that explains a failure") {
  CHECK(status(ended(Ended::itself, true, 0)) == Status::ok);
  CHECK(status(ended(Ended::itself, true, 1)) == Status::nonzero);
  CHECK(status(ended(Ended::itself, false, 9)) == Status::signal);
  CHECK(judge(ended(Ended::itself, true, 128 + 15), {}).signal == 15);
  CHECK(status(ended(Ended::wall, false, 9)) == Status::wall);
  CHECK(status(ended(Ended::cpu, false, 9)) == Status::cpu);
  CHECK(status(ended(Ended::output, false, 9)) == Status::output);
  CHECK(status(ended(Ended::killed, false, 9)) == Status::signal);

  auto ending = ended(Ended::itself, true, 1);
  ending.volume_full = true;
  CHECK(status(ending) == Status::disk);
  ending.counters.pids_refused = 3;
  CHECK(status(ending) == Status::pids);
  ending.counters.oom_kills = 2;
  CHECK(status(ending) == Status::oom);
  CHECK(judge(ending, test_limits()).detail ==
        "the kernel killed 2 of its processes at 1024 MiB of memory");
  // None of it takes a success away.
  ending.number = 0;
  CHECK(status(ending) == Status::ok);
  CHECK(judge(ending, {}).oom_kills == 2);
  ending.known = false;
  CHECK(status(ending) == Status::sandbox_error);
  CHECK(judge(ended(Ended::wall, false, 9), server_limits()).detail == "killed after 300 s");
}

TEST_CASE("control groups are found in version 1, hybrid and version 2") {
  std::string name = (fs::temp_directory_path() / "grader-cgroup-XXXXXX").string();
  const fs::path top = mkdtemp(name.data());
  const auto put = [&](const fs::path& path, const std::string& text) {
    fs::create_directories((top / path).parent_path());
    std::ofstream(top / path) << text;
  };
  const auto line = [&](const std::string& folder, const std::string& type,
                        const std::string& options) {
    return "30 25 0:26 / " + (top / folder).string() + " rw,nosuid shared:9 - " + type +
           " cgroup " + options + "\n";
  };
  put("memory/b/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
  put("memory/b/memory.max_usage_in_bytes", "4096\n");
  put("cpuacct/b/cpuacct.usage", "7000000\n");
  put("pids/b/pids.events", "max 5\n");
  put("two/cgroup.controllers", "\n");
  const std::string one =
      line("memory", "cgroup", "rw,memory") + line("pids", "cgroup", "rw,pids") +
      line("cpuacct", "cgroup", "rw,cpu,cpuacct") + line("freezer", "cgroup", "rw,freezer");
  for (const std::string& table : {one, one + line("two", "cgroup2", "rw")}) {
    const auto found = Cgroups::parse(table);
    REQUIRE(found.has_value());
    const auto counters = found->counters("b");
    CHECK(counters.oom_kills == 2);
    CHECK(counters.peak_bytes == 4096);
    CHECK(counters.cpu_us == 7000);
    CHECK(counters.pids_refused == 5);
    CHECK(found->groups("b") == std::vector<std::string>{"b"});
  }

  put("two/cgroup.controllers", "cpuset cpu io memory pids\n");
  put("two/b/memory.events", "low 0\nhigh 0\nmax 9\noom 1\noom_kill 3\noom_group_kill 0\n");
  put("two/b/memory.peak", "8192\n");
  put("two/b/cpu.stat", "usage_usec 123\nuser_usec 100\n");
  put("two/b/pids.events", "max 1\n");
  const auto two = Cgroups::parse(line("two", "cgroup2", "rw"));
  REQUIRE(two.has_value());
  CHECK(two->counters("b").oom_kills == 3);
  CHECK(two->counters("b").peak_bytes == 8192);
  CHECK(two->counters("b").cpu_us == 123);
  CHECK(two->counters("b").pids_refused == 1);

  put("two/cgroup.controllers", "cpu memory\n");
  const auto missing = Cgroups::parse(line("two", "cgroup2", "rw"));
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().what.find("pids") != std::string::npos);
  CHECK_FALSE(Cgroups::parse("").has_value());
  CHECK_FALSE(Cgroups::parse("garbage - \n1 2 - cgroup\n - cgroup2 x y").has_value());
  fs::remove_all(top);
}
