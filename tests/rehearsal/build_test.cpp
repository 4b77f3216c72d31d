// Source distributions of ours, built in real boxes; needs the package index.
#include "sandbox/environment/build.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "grader/base/process.hpp"
#include "grader/base/text.hpp"
#include "grader/submission/scratch.hpp"
#include "sandbox/environment/host.hpp"

using namespace grader;
using namespace grader::sandbox;

namespace {

/// Packs a folder of the fixtures as a source distribution, into the host's store.
Wheel packed(const Host& host, const std::string& folder, const std::string& name) {
  const std::string archive = host.cache / (folder + ".tar.gz");
  process::Command command;
  command.argv = {"tar", "-C", "fixtures/rehearsal/hostile_source", "-czf", archive, folder};
  command.environment = {"PATH=/usr/bin:/bin"};
  const auto outcome = process::run(command);
  REQUIRE(outcome.has_value());
  REQUIRE(outcome->ok());
  std::stringstream bytes;
  bytes << std::ifstream(archive, std::ios::binary).rdbuf();
  const Wheel source{name, "1.0", folder + ".tar.gz", text::sha256(bytes.str())};
  const auto added = source_store(host).add(source, bytes.str());
  if (!added) FAIL(to_string(added.error()));
  return source;
}

}  // namespace

TEST_CASE("hostile setup code finds nothing, and what it claims is checked") {
  auto host = prepare_host();
  if (!host) FAIL(to_string(host.error()));
  const auto sandbox = Sandbox::open();
  if (!sandbox) FAIL(to_string(sandbox.error()));
  // The user's own cache stays as it is.
  const auto cache = submission::Scratch::make({});
  REQUIRE(cache.has_value());
  host->cache = cache->path();

  // A distribution that never had a wheel brings the tools that build sources.
  const auto resolution = resolve(*sandbox, *host, {.choices = {{"pyaes==1.6.1"}}, .newest = ""});
  if (!resolution) FAIL(to_string(resolution.error()));
  INFO(resolution->problem);
  REQUIRE(resolution->sources.size() == 1);
  REQUIRE(resolution->backends[0].size() >= 3);

  const auto build_of = [&](const char* folder, const char* name) {
    const auto built = build(*sandbox, *host, packed(*host, folder, name), *resolution);
    if (!built) FAIL(to_string(built.error()));
    return *built;
  };

  const Built honest = build_of("hostile-1.0", "hostile");
  CHECK(honest.problem == "");
  CHECK(honest.wheel.file == "hostile-1.0-py3-none-any.whl");

  const Built impostor = build_of("impostor-1.0", "impostor");
  CHECK(impostor.problem.find("impostor") != std::string::npos);

  const Built quitter = build_of("quitter-1.0", "quitter");
  CHECK_FALSE(quitter.problem.empty());
  CHECK(quitter.requirements.empty());
}
