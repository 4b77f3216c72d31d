// A whole project of ours with one fault at a time, met in real boxes: each fault is found, and the
// mended twin is not accused of anything. Needs root, runc, and once the package index.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include "sandbox/rehearsal/run.hpp"

using namespace grader::sandbox;
namespace fs = std::filesystem;

namespace {

struct Edit {
  std::string file;
  std::string old_text;
  std::string new_text;
};

struct Fault {
  std::string expected;
  std::vector<Edit> edits;
};

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// "expect: …", then for each edit "file: …", "<<<<", old lines, "====", new lines, ">>>>".
Fault read_fault(const fs::path& path) {
  Fault fault;
  std::istringstream lines(content(path));
  std::string* into = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (into == nullptr && line.starts_with("expect: ")) fault.expected = line.substr(8);
    if (into == nullptr && line.starts_with("file: "))
      fault.edits.push_back({line.substr(6), {}, {}});
    if (line == "<<<<") {
      into = &fault.edits.back().old_text;
    } else if (line == "====" && into != nullptr) {
      into = &fault.edits.back().new_text;
    } else if (line == ">>>>") {
      into = nullptr;
    } else if (into != nullptr) {
      *into += (into->empty() ? "" : "\n") + line;
    }
  }
  return fault;
}

void apply(const fs::path& tree, const Fault& fault) {
  for (const Edit& edit : fault.edits) {
    const fs::path path = tree / edit.file;
    std::string text = fs::exists(path) ? content(path) : std::string();
    const std::size_t at = text.find(edit.old_text);
    INFO(edit.file << ": " << edit.old_text);
    REQUIRE(at != std::string::npos);
    text.replace(at, edit.old_text.size(), edit.new_text);
    std::ofstream(path, std::ios::binary) << text;
  }
}

struct Workshop {
  Host host;
  std::optional<Sandbox> sandbox;
  Installed installed;
};

Workshop& workshop() {
  static Workshop shop = [] {
    Workshop made;
    const auto host = prepare_host();
    if (!host) FAIL(to_string(host.error()));
    made.host = *host;
    auto sandbox = Sandbox::open();
    if (!sandbox) FAIL(to_string(sandbox.error()));
    made.sandbox = *sandbox;
    InstallRequest request;
    request.choices = {{"django==4.2.16"}, {"cryptography"}};
    auto installed = install(*made.sandbox, made.host, request);
    if (!installed) FAIL(to_string(installed.error()));
    REQUIRE(installed->ok());
    made.installed = std::move(*installed);
    return made;
  }();
  return shop;
}

Probe met(const Fault& fault) {
  const fs::path tree = fs::temp_directory_path() / ("probe-fault-" + std::to_string(::getpid()));
  fs::remove_all(tree);
  fs::copy("fixtures/probe/vault", tree, fs::copy_options::recursive);
  apply(tree, fault);
  Workshop& shop = workshop();
  Plan plan;
  plan.settings_module = "keeper.settings";
  const Runs runs(*shop.sandbox, shop.host, shop.installed, std::chrono::seconds(40));
  const auto probe = runs.probe(tree, plan, {}, {});
  fs::remove_all(tree);
  if (!probe) FAIL(to_string(probe.error()));
  return *probe;
}

/// What a probe accuses an application of, in the words of the fixtures.
std::set<std::string> accusations(const Probe& probe) {
  std::set<std::string> found;
  for (const RouteTrial& trial : probe.trials) {
    const std::string route = trial.route.empty() ? "/" : trial.route;
    const std::string head = "breach " + trial.method + " " + route + " ";
    if (trial.other_confirmed) found.insert(head + "other " + std::string(name(trial.other)));
    if (trial.nobody_confirmed) found.insert(head + "nobody " + std::string(name(trial.nobody)));
    if (trial.changes_on_get) found.insert("get " + route);
    if (trial.without_token) found.insert("token " + route);
    if (trial.purpose == "create_unowned") found.insert("unowned " + route);
  }
  if (probe.at_rest.confirmed) found.insert("rest " + probe.at_rest.kind);
  for (const Trace& trace : probe.at_rest.trail)
    if (trace.place != "table") found.insert("trail " + trace.place);
  for (const Remark& remark : probe.remarks)
    if (remark.confirmed) found.insert("remark " + remark.what);
  return found;
}

std::vector<fs::path> faults(bool hostile) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator("fixtures/probe/faults"))
    if (entry.path().filename().string().starts_with("hostile") == hostile)
      paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

TEST_CASE("the mended twin is met whole and accused of nothing") {
  const Probe probe = met({});
  CHECK(probe.problem.empty());
  CHECK(probe.accounts.registered == "form");
  CHECK(probe.accounts.signed_in == "form");
  CHECK(probe.accounts.entry == "form");
  CHECK(probe.at_rest.kind == "sound");
  for (const std::string& accusation : accusations(probe)) FAIL_CHECK(accusation);
  for (const char* view : {"entry_list", "entry_detail", "entry_edit", "entry_delete",
                           "entry_create", "entry_search", "entry_export"}) {
    CHECK_MESSAGE(std::ranges::any_of(probe.trials,
                                      [&](const RouteTrial& trial) {
                                        return trial.view == std::string("entries.views.") + view;
                                      }),
                  view);
  }
}

TEST_CASE("each planted fault is found") {
  for (const fs::path& path : faults(false)) {
    const Fault fault = read_fault(path);
    const auto found = accusations(met(fault));
    INFO(path.stem().string());
    for (const std::string& one : found) MESSAGE(path.stem().string() << " → " << one);
    CHECK(found.contains(fault.expected));
  }
}

TEST_CASE("hostile applications end the meeting, and are not accused of what they did not do") {
  for (const fs::path& path : faults(true)) {
    const auto begun = std::chrono::steady_clock::now();
    const Fault fault = read_fault(path);
    const Probe probe = met(fault);
    INFO(path.stem().string() << ": " << probe.problem);
    // A database that is gone cannot be told from one that is not read: then the doubt is ours.
    CHECK(probe.by_us == (fault.expected == "unread"));
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(90));
  }
}
