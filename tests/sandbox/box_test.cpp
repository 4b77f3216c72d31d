#include "sandbox/box/box.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "grader/base/interrupt.hpp"
#include "sandbox/box/cgroup.hpp"
#include "tests/sandbox/boxes.hpp"

namespace fs = std::filesystem;
using namespace grader::sandbox;
using namespace grader::sandbox::testing;
using namespace std::chrono_literals;
using Status = BoxResult::Status;

namespace {

/// A folder of ours that nobody else may enter.
struct PrivateFolder {
  PrivateFolder() {
    std::string name = (fs::temp_directory_path() / "grader-box-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~PrivateFolder() { fs::remove_all(path); }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  fs::path path;
};

Box started(const BoxSpec& spec) {
  auto box = sandbox()->start(spec);
  REQUIRE_MESSAGE(box.has_value(), grader::to_string(box.error()));
  return std::move(*box);
}

template <typename Condition>
bool soon(const Condition& condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

/// A server on the loopback of its box that answers every connection with its line.
BoxSpec server() {
  auto spec = shell("");
  spec.argv = {"python3", "-u", "-c",
               "import socket, time\n"
               "import ctypes\n"
               "assert ctypes.CDLL(None).shmget(4242, 4096, 0o1666) >= 0\n"
               "hidden = socket.socket(socket.AF_UNIX)\n"
               "hidden.bind('\\0grader-test')\n"
               "hidden.listen()\n"
               "listener = socket.create_server(('127.0.0.1', 8000))\n"
               "print('ready')\n"
               "while True:\n"
               "    connection, _ = listener.accept()\n"
               "    connection.sendall(b'hello')\n"
               "    connection.close()\n"};
  spec.network.kind = Network::Kind::loopback;
  return spec;
}

BoxSpec client(Network network) {
  auto spec = shell("");
  spec.argv = {"python3", "-c",
               "import os, socket\n"
               "try:\n"
               "    print(socket.create_connection(('127.0.0.1', 8000), 5).recv(9))\n"
               "except OSError as error:\n"
               "    print(type(error).__name__)\n"
               "try:\n"
               "    socket.socket(socket.AF_UNIX).connect('\\0grader-test')\n"
               "    print('abstract socket reached')\n"
               "except OSError as error:\n"
               "    print(type(error).__name__)\n"
               "import ctypes\n"
               "print('shared memory', ctypes.CDLL(None).shmget(4242, 4096, 0))\n"
               "print(sum(name.isdigit() for name in os.listdir('/proc')), 'processes')\n"};
  spec.network = network;
  return spec;
}

}  // namespace

TEST_CASE("a box runs, prints and ends") {
  if (sandbox() == nullptr) return;
  const auto result = run(shell("id -u; pwd; echo err >&2; exit 3"));
  CHECK(result.status == Status::nonzero);
  CHECK(result.code == 3);
  CHECK(result.out == "65534\n/\n");
  CHECK(result.err == "err\n");
  CHECK(result.peak_bytes > 0);
  CHECK(result.detail == "ended with exit code 3");
}

TEST_CASE("arguments, environment, directory and output by name reach the program") {
  if (sandbox() == nullptr) return;
  auto spec = shell("");
  spec.argv = {"/bin/sh", "-c", "pwd; echo \"$0|$1|$ONLY\" > /dev/stdout", "a b", "$(id)\"'"};
  spec.environment.emplace_back("ONLY=ünï");
  spec.directory = "/usr/lib";
  CHECK(run(spec).out == "/usr/lib\na b|$(id)\"'|ünï\n");
  spec.argv = {"no-such-program"};
  const auto missing = run(spec);
  CHECK(missing.status == Status::nonzero);
  CHECK(missing.code == 127);
}

TEST_CASE("host folders are seen read-only, also private ones, and new places for them are made") {
  if (sandbox() == nullptr) return;
  const PrivateFolder folder;
  fs::create_directory(folder.path / "inner");
  std::ofstream(folder.path / "inner/file") << "text";
  auto spec = shell("cat /srv/app/file /mnt/one; touch /srv/app/new /srv/new; ls /srv /mnt");
  spec.mounts.push_back({(folder.path / "inner").string(), "/srv/app", true, 0});
  spec.mounts.push_back({(folder.path / "inner/file").string(), "/mnt/one", true, 0});
  const auto result = run(spec);
  CHECK(result.out == "texttext/mnt:\none\n\n/srv:\napp\n");
  CHECK(result.err.find("Read-only file system") != std::string::npos);
  // The runtime has made its mount points elsewhere.
  CHECK(fs::is_empty(root().path / "srv"));
  CHECK(std::distance(fs::directory_iterator(folder.path / "inner"), {}) == 1);
}

TEST_CASE("a volume carries files from one box to the next, and then only for reading") {
  if (sandbox() == nullptr) return;
  std::string path;
  {
    auto volume = sandbox()->volume(16 << 20);
    REQUIRE(volume.has_value());
    path = volume->path().string();
    auto writer = shell("echo built > /env/result; mkdir /env/bin");
    writer.mounts.push_back({path, "/env", false, 0});
    CHECK(run(writer).ok());
    auto reader = shell("cat /env/result; touch /env/more");
    reader.mounts.push_back({path, "/env", true, 0});
    const auto result = run(reader);
    CHECK(result.out == "built\n");
    CHECK(result.status == Status::nonzero);
    CHECK(volume->copy_out("result", 100).bytes == "built\n");
    CHECK_FALSE(volume->full());
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a server runs on while others talk to it from their own boxes") {
  if (sandbox() == nullptr) return;
  Box box = started(server());
  REQUIRE(soon([&] { return box.out() == "ready\n"; }));
  CHECK(run(client({Network::Kind::joined, box.network_namespace()})).out ==
        "b'hello'\nabstract socket reached\nshared memory -1\n2 processes\n");
  // A box beside it sees nothing of it.
  CHECK(run(client({Network::Kind::loopback, -1})).out ==
        "ConnectionRefusedError\nConnectionRefusedError\nshared memory -1\n2 processes\n");
  CHECK(box.running());
  const std::string id = box.id();
  box.kill();
  const auto end = box.wait();
  REQUIRE(end.has_value());
  CHECK(end->status == Status::signal);
  CHECK(end->signal == SIGKILL);
  CHECK_FALSE(box.running());
  CHECK(Cgroups::find()->groups(id).empty());
}

TEST_CASE("a frozen box stands still, thaws, and can be killed frozen") {
  if (sandbox() == nullptr) return;
  Box box = started(shell("while :; do echo tick; sleep 0.02; done"));
  REQUIRE(soon([&] { return box.out().size() > 50; }));
  REQUIRE(box.freeze().has_value());
  std::this_thread::sleep_for(50ms);
  const auto frozen = box.out().size();
  std::this_thread::sleep_for(300ms);
  CHECK(box.out().size() == frozen);
  REQUIRE(box.thaw().has_value());
  CHECK(soon([&] { return box.out().size() > frozen; }));
  REQUIRE(box.freeze().has_value());
  box.kill();
  CHECK(box.wait()->status == Status::signal);
  CHECK_FALSE(box.freeze().has_value());
}

TEST_CASE("a frozen box ends at its wall limit") {
  if (sandbox() == nullptr) return;
  auto spec = shell("sleep 60");
  spec.limits.wall = 700ms;
  Box box = started(spec);
  const auto frozen = box.freeze();
  REQUIRE_MESSAGE(frozen.has_value(), grader::to_string(frozen.error()));
  const auto result = box.wait();
  REQUIRE(result.has_value());
  CHECK(result->status == Status::wall);
  CHECK(result->wall_ms < 2000);
}

TEST_CASE("boxes at once do not meet") {
  if (sandbox() == nullptr) return;
  std::vector<BoxResult> results(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < results.size(); ++i)
      threads.emplace_back([&, i] {
        auto result =
            sandbox()->run(shell("echo " + std::to_string(i) +
                                 " > /tmp/mine; sleep 0.3; cat /tmp/*; set -- /proc/[0-9]*; "
                                 "echo $#"));
        if (result) results[i] = *result;
      });
  }
  // tini and sh.
  for (std::size_t i = 0; i < results.size(); ++i)
    CHECK(results[i].out == std::to_string(i) + "\n2\n");
}

TEST_CASE("boxes leave no zombies and no descriptors in this process") {
  if (sandbox() == nullptr) return;
  const auto descriptors = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  run(shell("true"));
  const auto before = descriptors();
  for (int i = 0; i < 3; ++i) run(shell("(setsid sleep 30 &); true"));
  CHECK(descriptors() == before);
  // Process 1 of each box and the runtime were our children.
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("what the caller got wrong is an error and leaves nothing") {
  if (sandbox() == nullptr) return;
  const auto refused = [](const BoxSpec& spec) {
    const auto result = sandbox()->run(spec);
    REQUIRE_FALSE(result.has_value());
    return result.error().what;
  };
  auto spec = shell("true");
  spec.mounts = {{"/usr", "/usr/new/place", true, 0}};
  CHECK(refused(spec).find("no such place") != std::string::npos);
  spec.mounts = {{"/usr", "/srv", false, 0}};
  CHECK(refused(spec).find("only a volume") != std::string::npos);
  spec = shell("true");
  spec.argv.clear();
  CHECK(refused(spec) == "no program");
  spec = shell("true");
  spec.root = "/nonexistent";
  CHECK(refused(spec).find("tini") != std::string::npos);
  spec = shell("true");
  spec.directory = "/no/such/directory";
  CHECK(refused(spec).find("a box") != std::string::npos);
}
