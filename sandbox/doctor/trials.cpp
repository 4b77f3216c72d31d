#include "sandbox/doctor/trials.hpp"

#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "sandbox/box/cgroup.hpp"
#include "sandbox/doctor/listener.hpp"

namespace grader::sandbox {

namespace {

using Status = BoxResult::Status;

/// A program that runs into one limit, and how its box has to end. Lines of its output have to be
/// exactly `out`, where that is not empty.
struct Attempt {
  const char* name;
  const char* promise;
  const char* program;
  Status status;
  const char* out;
  void (*limit)(BoxSpec& spec);
};

void unlimited(BoxSpec& /*spec*/) {}

constexpr auto attempts = std::to_array<Attempt>({
    {"memory", "a program that takes more memory than allowed is killed",
     "kept = []\nwhile True: kept.append(bytearray(b'x' * (1 << 20)))", Status::oom, "",
     [](BoxSpec& spec) { spec.limits.memory = 48ULL << 20U; }},
    {"memory in files", "files in memory count as memory",
     "f = open('/dev/shm/x', 'wb')\nwhile True: f.write(bytes(1 << 20))", Status::oom, "",
     [](BoxSpec& spec) {
       spec.limits.memory = 48ULL << 20U;
       spec.limits.temporary = 256ULL << 20U;
     }},
    {"processes", "no more processes than allowed can be made",
     "import os, time\n"
     "try:\n"
     "    for n in range(100):\n"
     "        if os.fork() == 0: time.sleep(60)\n"
     "except BlockingIOError: print('refused', flush=True); os._exit(0)",
     Status::ok, "refused\n", [](BoxSpec& spec) { spec.limits.pids = 24; }},
    {"wall time", "a program that only waits is killed when its time is over",
     "import time\ntime.sleep(60)", Status::wall, "",
     [](BoxSpec& spec) { spec.limits.wall = std::chrono::seconds(1); }},
    {"processor time", "a program that only computes is killed when its time is over",
     "while True: pass", Status::cpu, "",
     [](BoxSpec& spec) { spec.limits.cpu_time = std::chrono::milliseconds(200); }},
    {"survivors", "what ignores every signal and left its parent dies with the box",
     "import os, signal, time\n"
     "for n in range(1, 65):\n"
     "    try: signal.signal(n, signal.SIG_IGN)\n"
     "    except (OSError, ValueError): pass\n"
     "if os.fork() == 0:\n"
     "    os.setsid()\n"
     "    if os.fork() == 0: time.sleep(60)\n"
     "    os._exit(0)\n"
     "print('left')",
     Status::ok, "left\n", unlimited},
    {"output", "a program that floods its output is stopped, and little of it is kept",
     "import sys\nwhile True: sys.stdout.write('x' * 65536)", Status::output, "",
     [](BoxSpec& spec) { spec.limits.output_total = 4ULL << 20U; }},
    {"disk", "scratch space has an end, which the machine's disk does not notice",
     "f = open('/scratch/x', 'wb', 0)\n"
     "try:\n"
     "    while True: f.write(bytes(1 << 20))\n"
     "except OSError as error: print(error.errno)",
     Status::ok, "28\n",
     [](BoxSpec& spec) {
       spec.limits.scratch = 16ULL << 20U;
       spec.limits.file_size = 1ULL << 30U;
     }},
    {"file size", "one file cannot grow without end",
     "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
     "f = open('/tmp/x', 'wb', 0)\n"
     "try:\n"
     "    while True: f.write(bytes(1 << 20))\n"
     "except OSError as error: print(error.errno)",
     Status::ok, "27\n", [](BoxSpec& spec) { spec.limits.file_size = 4ULL << 20U; }},
    {"network", "neither this machine's ports nor any other can be reached",
     "import os, socket\n"
     "def attempt(address):\n"
     "    try: socket.create_connection(address, 1); return 'reached'\n"
     "    except OSError: return 'refused'\n"
     "print(attempt(('127.0.0.1', int(os.environ['PORT']))), attempt(('192.0.2.1', 80)),\n"
     "      attempt(('169.254.169.254', 80)))",
     Status::ok, "refused refused refused\n",
     [](BoxSpec& spec) { spec.network.kind = Network::Kind::loopback; }},
    {"other sockets", "the kernel's other kinds of sockets cannot be made",
     "import socket\n"
     "for family in (16, 17, 38, 40):\n"
     "    try: socket.socket(family, socket.SOCK_RAW, 12); print('made', family)\n"
     "    except OSError as error: print(error.errno)",
     Status::ok, "97\n97\n97\n97\n",
     [](BoxSpec& spec) { spec.network.kind = Network::Kind::loopback; }},
    {"identity", "a program is nobody, without any right and any way to one",
     "import os\n"
     "facts = dict(line.split(':\\t', 1) for line in open('/proc/self/status') if ':\\t' in line)\n"
     "print(os.getuid(), os.getgid(), int(facts['CapEff'], 16), int(facts['CapBnd'], 16),\n"
     "      facts['NoNewPrivs'].strip(), facts['Seccomp'].strip())",
     Status::ok, "65534 65534 0 0 1 2\n", unlimited},
    {"system calls", "the kernel's riskier doors are shut: namespaces, mounts, tracing, keys",
     "import ctypes\n"
     "libc = ctypes.CDLL(None, use_errno=True)\n"
     "calls = [libc.unshare(0x10000000), libc.mount(b'x', b'/tmp', b'tmpfs', 0, None),\n"
     "         libc.ptrace(16, 1, 0, 0), libc.chroot(b'/tmp'), libc.setns(0, 0)]\n"
     "print(calls)",
     Status::ok, "[-1, -1, -1, -1, -1]\n", unlimited},
    {"read-only", "the system of a box cannot be changed",
     "for path in ('/usr/x', '/etc/x', '/x', '/srv/x'):\n"
     "    try: open(path, 'w'); print('written', path)\n"
     "    except OSError as error: print(error.errno)",
     Status::ok, "30\n30\n30\n30\n", unlimited},
    {"secrets", "nothing of the grader's environment and open files is seen",
     "import os\n"
     "known = ('HOME', 'LC_CTYPE')\n"
     "print(sorted(n for n in os.environ if n not in known),\n"
     "      [n for n in os.listdir('/proc/self/fd') if int(n) > 3])",
     Status::ok, "['PATH', 'PORT'] []\n", unlimited},
});

BoxSpec spec_of(const Attempt& attempt, const std::filesystem::path& root, int port) {
  BoxSpec spec;
  spec.root = root;
  spec.argv = {"python3", "-I", "-S", "-c", attempt.program};
  spec.environment = {"PATH=/usr/bin:/bin", "PORT=" + std::to_string(port)};
  spec.limits.memory = 128ULL << 20U;
  // Wide enough for a machine that is busy with other things.
  spec.limits.wall = std::chrono::seconds(30);
  spec.limits.cpu_time = std::chrono::seconds(10);
  attempt.limit(spec);
  return spec;
}

std::string told(const BoxResult& result) {
  std::string text(name(result.status));
  const std::string said = text::shorten(text::trim(text::to_utf8(result.out)), 120);
  if (result.ok() && !said.empty()) text += ", said «" + said + "»";
  if (!result.ok() && !result.detail.empty()) text = result.detail;
  if (result.status == Status::nonzero) {
    const auto lines = text::lines(text::trim(result.err));
    if (!lines.empty()) text += ": " + text::shorten(text::to_utf8(lines.back()), 120);
  }
  return text;
}

}  // namespace

Result<std::vector<Trial>> try_limits(const Sandbox& sandbox, const std::filesystem::path& root) {
  const Listener listener;
  const Result<Cgroups> groups = Cgroups::find();
  std::vector<Trial> trials;
  for (const Attempt& attempt : attempts) {
    Result<Box> box = sandbox.start(spec_of(attempt, root, listener.port()));
    if (!box) return tl::unexpected(box.error());
    const std::string id = box->id();
    const Result<BoxResult> result = box->wait();
    if (!result) return tl::unexpected(result.error());
    // A control group goes only when no process is left in it.
    const bool alone = groups && groups->groups(id).empty();
    const bool said = *attempt.out == '\0' || result->out == attempt.out;
    const bool brief = result->out.size() <= (2U << 20U) && result->wall_ms < 25'000;
    trials.push_back({attempt.name, attempt.promise,
                      result->status == attempt.status && said && brief && alone,
                      alone ? told(*result) : "processes are left", result->wall_ms});
  }
  return trials;
}

bool all_held(const std::vector<Trial>& trials) {
  return !trials.empty() && std::ranges::all_of(trials, &Trial::held);
}

}  // namespace grader::sandbox
