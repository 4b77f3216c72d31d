#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "grader/base/descriptor.hpp"
#include "sandbox/box/cgroup.hpp"
#include "tests/sandbox/boxes.hpp"

namespace fs = std::filesystem;
using namespace grader::sandbox;
using namespace grader::sandbox::testing;
using Json = nlohmann::json;

namespace {

std::string slurp(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// What a box must not reach: a server on this machine's loopback and a file of the grader's user.
class Bait {
 public:
  Bait() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(listener_.get(), any, size) == 0);
    REQUIRE(listen(listener_.get(), 8) == 0);
    REQUIRE(getsockname(listener_.get(), any, &size) == 0);
    port_ = ntohs(address.sin_port);
    // The listener works, so that a refusal in the box means something.
    const grader::Descriptor client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(connect(client.get(), any, size) == 0);
    // As a careless library would leave one: not close-on-exec.
    leaked_ = grader::Descriptor(dup(listener_.get()));
    std::string name = (fs::temp_directory_path() / "grader-secret-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    fs::permissions(folder_, fs::perms(0755));
    std::ofstream(folder_ / "secret") << "secret of the host";
    fs::permissions(folder_ / "secret", fs::perms(0644));
  }
  ~Bait() { fs::remove_all(folder_); }
  Bait(const Bait&) = delete;
  Bait& operator=(const Bait&) = delete;

  std::string port() const { return std::to_string(port_); }
  std::string secret() const { return (folder_ / "secret").string(); }

 private:
  grader::Descriptor listener_;
  grader::Descriptor leaked_;
  int port_ = 0;
  fs::path folder_;
};

void set_limits(Limits& limits, const Json& given) {
  limits.memory = given.value("memory", std::uint64_t{256} << 20U);
  limits.pids = given.value("pids", limits.pids);
  limits.wall = std::chrono::milliseconds(given.value("wall_ms", 30'000));
  limits.cpu_time = std::chrono::milliseconds(given.value("cpu_ms", 20'000));
  limits.cpu_percent = given.value("cpu_percent", limits.cpu_percent);
  limits.scratch = given.value("scratch", limits.scratch);
  limits.temporary = given.value("temporary", limits.temporary);
  limits.file_size = given.value("file_size", limits.file_size);
  limits.output_total = given.value("output_total", limits.output_total);
}

BoxSpec read_spec(const fs::path& folder, const Json& data, const Bait& bait) {
  BoxSpec spec;
  spec.root = root().path;
  spec.mounts.push_back({fs::absolute(folder).string(), "/tests", true, 0});
  if (fs::exists(folder / "run.py"))
    spec.argv = {"python3", "-B", "/tests/run.py"};
  else
    spec.argv = {"sh", "/tests/run.sh"};
  spec.environment = {"PATH=/usr/bin:/bin", "HOST_PORT=" + bait.port(),
                      "HOST_SECRET=" + bait.secret()};
  for (const Json& entry : data.value("environment", Json::array()))
    spec.environment.push_back(entry.get<std::string>());
  spec.directory = data.value("directory", "/");
  if (data.value("network", "none") == "loopback") spec.network.kind = Network::Kind::loopback;
  set_limits(spec.limits, data.value("limits", Json::object()));
  return spec;
}

void compare(const Json& expect, const BoxResult& result) {
  CHECK(expect.at("status").get<std::string>() == name(result.status));
  CHECK(result.oom_kills >= expect.value("oom_kills", 0));
  CHECK(result.pids_refused >= expect.value("pids_refused", 0));
  CHECK(result.truncated == expect.value("truncated", false));
  CHECK(result.wall_ms < expect.value("wall_ms_below", 30'000));
  CHECK(result.cpu_ms < expect.value("cpu_ms_below", 30'000));
  CHECK(result.out.size() < expect.value("kept_below", 100'000U));
  CHECK(result.err.size() < expect.value("kept_below", 100'000U));
  if (expect.contains("signal")) CHECK(result.signal == expect["signal"].get<int>());
}

std::string_view name(Copied::Status status) {
  constexpr std::string_view names[] = {"copied", "absent", "refused"};
  return names[static_cast<std::size_t>(status)];
}

/// For ci/hostile-table: a line a case, where $HOSTILE_TABLE names a file.
void note(const std::string& title, const BoxResult& result) {
  const char* file = std::getenv("HOSTILE_TABLE");
  if (file == nullptr) return;
  std::ofstream(file, std::ios::app)
      << title << "\toci\t" << name(result.status) << "\t" << result.wall_ms << "\n";
}

void run_case(const fs::path& folder, const Bait& bait) {
  const Json data = Json::parse(slurp(folder / "case.json"));
#ifndef __x86_64__
  if (data.value("architecture", "") == "x86_64") return;
#endif
  auto box = sandbox()->start(read_spec(folder, data, bait));
  REQUIRE_MESSAGE(box.has_value(), grader::to_string(box.error()));
  const std::string id = box->id();
  auto result = box->wait();
  REQUIRE_MESSAGE(result.has_value(), grader::to_string(result.error()));
  note(folder.filename().string(), *result);
  INFO("detail: ", result->detail);
  INFO("stderr: ", result->err.substr(0, 2000));
  compare(data.at("expect"), *result);
  if (fs::exists(folder / "stdout")) CHECK(result->out == slurp(folder / "stdout"));
  // A control group can be removed only when no process is left in it.
  CHECK(Cgroups::find()->groups(id).empty());
  const Json files = data.value("copy_out", Json::object());
  for (const auto& [file, status] : files.items()) {
    INFO("copy out: ", file);
    CHECK(name(box->copy_out(file, 1 << 20).status) == status.get<std::string>());
  }
}

}  // namespace

TEST_CASE("every hostile program ends as written") {
  if (sandbox() == nullptr) return;
  const Bait bait;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator("fixtures/hostile"))
    if (fs::exists(entry.path() / "case.json")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  REQUIRE(folders.size() >= 30);
  const char* only = std::getenv("ONLY_CASE");
  for (const fs::path& folder : folders) {
    if (only != nullptr && folder.filename() != only) continue;
    const std::string title = folder.filename().string();
    CAPTURE(title);
    run_case(folder, bait);
  }
}
