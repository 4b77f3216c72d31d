#include "sandbox/box/oci_config.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sandbox/box/seccomp.hpp"

namespace grader::sandbox {
namespace {

using Json = nlohmann::json;

constexpr std::uint32_t user_id = 65534;

/// Where the right to raise limits is missing (CAP_SYS_RESOURCE), asking for more than ours fails.
Json rlimit(const char* name, __rlimit_resource resource, std::uint64_t wanted) {
  struct rlimit ours{};
  getrlimit(resource, &ours);
  const std::uint64_t value = std::min<std::uint64_t>(wanted, ours.rlim_max);
  return {{"type", name}, {"soft", value}, {"hard", value}};
}

Json process(const BoxSpec& spec) {
  const Limits& limits = spec.limits;
  const auto cpu_time = std::chrono::ceil<std::chrono::seconds>(limits.cpu_time).count();
  const auto cpu_seconds = static_cast<std::uint64_t>(2 * cpu_time + 10);
  std::vector<std::string> arguments = {"/usr/bin/tini", "--"};
  arguments.insert(arguments.end(), spec.argv.begin(), spec.argv.end());
  return {{"terminal", false},
          {"user", {{"uid", user_id}, {"gid", user_id}}},
          {"args", arguments},
          {"env", spec.environment},
          {"cwd", spec.directory},
          {"noNewPrivileges", true},
          {"capabilities", Json::object()},
          // The machine's memory running out must kill boxes before anything else.
          {"oomScoreAdj", 500},
          {"rlimits",
           {rlimit("RLIMIT_NOFILE", RLIMIT_NOFILE, static_cast<std::uint64_t>(limits.open_files)),
            rlimit("RLIMIT_FSIZE", RLIMIT_FSIZE, limits.file_size),
            rlimit("RLIMIT_CORE", RLIMIT_CORE, 0),
            // Kept by the kernel even where our supervisor was killed.
            rlimit("RLIMIT_CPU", RLIMIT_CPU, cpu_seconds),
            // What the kernel counts by user: every box is the same user of the host.
            rlimit("RLIMIT_SIGPENDING", RLIMIT_SIGPENDING, 1024),
            rlimit("RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE, 0),
            rlimit("RLIMIT_MEMLOCK", RLIMIT_MEMLOCK, 1U << 20U)}}};
}

Json mounts(const std::vector<PlannedMount>& planned) {
  Json result = Json::array();
  for (const PlannedMount& mount : planned)
    result.push_back({{"type", mount.type},
                      {"source", mount.source},
                      {"destination", mount.target},
                      {"options", mount.options}});
  return result;
}

Json namespaces(const Network& network) {
  Json result = Json::array();
  for (const char* type : {"pid", "ipc", "uts", "mount", "cgroup", "user"})
    result.push_back({{"type", type}});
  Json net = {{"type", "network"}};
  // By descriptor, held by this process: a number of a process could be another's by now.
  if (network.kind == Network::Kind::joined)
    net["path"] = "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(network.joined);
  result.push_back(std::move(net));
  return result;
}

Json id_mapping() {
  return {{{"containerID", 0}, {"hostID", host_root_id}, {"size", 1}},
          {{"containerID", user_id}, {"hostID", host_user_id}, {"size", 1}}};
}

Json resources(const Limits& limits) {
  return {{"memory", {{"limit", limits.memory}, {"swap", limits.memory}}},
          {"pids", {{"limit", limits.pids}}},
          {"cpu", {{"period", 100'000}, {"quota", limits.cpu_percent * 1000}}},
          {"devices", {{{"allow", false}, {"access", "rwm"}}}}};
}

const char* operation(CallRule::Test test) {
  switch (test) {
    case CallRule::Test::equal:
      return "SCMP_CMP_EQ";
    case CallRule::Test::not_equal:
      return "SCMP_CMP_NE";
    case CallRule::Test::greater:
      return "SCMP_CMP_GT";
    case CallRule::Test::masked_equal:
      return "SCMP_CMP_MASKED_EQ";
  }
  return "";
}

Json rule(const CallRule& rule) {
  Json arguments = Json::array();
  for (const CallRule::Argument& argument : rule.arguments)
    arguments.push_back({{"index", argument.index},
                         {"op", operation(argument.test)},
                         {"value", argument.value},
                         {"valueTwo", argument.masked}});
  Json result = {{"names", {rule.call}}, {"args", std::move(arguments)}};
  result["action"] = rule.error == 0 ? "SCMP_ACT_ALLOW" : "SCMP_ACT_ERRNO";
  if (rule.error != 0) result["errnoRet"] = rule.error;
  return result;
}

Json seccomp(bool network) {
#if defined(__x86_64__)
  const char* architecture = "SCMP_ARCH_X86_64";
#elif defined(__aarch64__)
  const char* architecture = "SCMP_ARCH_AARCH64";
#else
#error "name this architecture as seccomp does"
#endif
  Json calls = Json::array();
  calls.push_back({{"names", allowed_calls()}, {"action", "SCMP_ACT_ALLOW"}});
  for (const CallRule& one : call_rules(network)) calls.push_back(rule(one));
  // The only architecture: a call by another ABI of the processor (x32, int 0x80) kills.
  return {{"defaultAction", "SCMP_ACT_ERRNO"},
          {"defaultErrnoRet", ENOSYS},
          {"architectures", {architecture}},
          {"syscalls", std::move(calls)}};
}

Json masked_paths() {
  return {"/proc/acpi",          "/proc/asound",        "/proc/cmdline",     "/proc/config.gz",
          "/proc/interrupts",    "/proc/kallsyms",      "/proc/kcore",       "/proc/keys",
          "/proc/key-users",     "/proc/kmsg",          "/proc/kpagecount",  "/proc/kpageflags",
          "/proc/latency_stats", "/proc/modules",       "/proc/sched_debug", "/proc/scsi",
          "/proc/slabinfo",      "/proc/sysrq-trigger", "/proc/timer_list",  "/proc/timer_stats",
          "/proc/vmallocinfo",   "/sys/firmware"};
}

}  // namespace

std::string oci_config(const BoxSpec& spec, const Placement& placement) {
  const Json linux_part = {{"namespaces", namespaces(spec.network)},
                           {"uidMappings", id_mapping()},
                           {"gidMappings", id_mapping()},
                           {"cgroupsPath", "/" + placement.id},
                           {"resources", resources(spec.limits)},
                           {"seccomp", seccomp(spec.network.kind != Network::Kind::none)},
                           {"maskedPaths", masked_paths()},
                           {"readonlyPaths", {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"}}};
  const Json config = {{"ociVersion", "1.0.2"},
                       {"process", process(spec)},
                       {"root", {{"path", placement.root}, {"readonly", true}}},
                       {"hostname", spec.hostname},
                       {"mounts", mounts(placement.mounts)},
                       {"linux", linux_part}};
  // Hostile bytes may stand in arguments and paths; the runtime reads UTF-8.
  return config.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace grader::sandbox
