#include "sandbox/rehearsal/test_records.hpp"

#include <doctest/doctest.h>

using namespace grader::sandbox;

namespace {

struct Story {
  std::string output;
  BoxResult result;

  Story() { result.status = BoxResult::Status::ok; }
  Story& say(const std::string& json) {
    output += "@grader {\"kind\": " + json + "}\n";
    return *this;
  }
  Story& canaries(int times) {
    for (int i = 0; i < times; ++i) {
      say(R"("canary", "name": "test_passes", "status": "passed")");
      say(R"("canary", "name": "test_fails", "status": "failed")");
      say(R"("canary", "name": "test_raises", "status": "error")");
      say(R"("canary", "name": "test_skips", "status": "skipped")");
    }
    return *this;
  }
  Story& planned(const std::string& ids) { return say(R"("planned", "ids": [)" + ids + "]"); }
  Story& test(const std::string& id, const std::string& status) {
    return say(R"("test", "ms": 3, "id": ")" + id + R"(", "status": ")" + status + '"');
  }
  Story& end(int ran, int failed) {
    result.code = failed > 0 ? 1 : 0;
    if (failed > 0) result.status = BoxResult::Status::nonzero;
    return say("\"end\", \"ran\": " + std::to_string(ran) +
               ", \"failed\": " + std::to_string(failed));
  }
  TestRun run(const std::string& runner = "django") const {
    Plan plan;
    plan.tests = {{"test_a", {}}, {"test_b", {}}};
    plan.counted = {"vault/models.py"};
    return test_run(read_records(output), result, runner, plan);
  }
};

}  // namespace

TEST_CASE("outcomes that agree with everything else are trusted") {
  Story story;
  story.planned(R"("v.T.test_a", "v.T.test_b")").canaries(2);
  story.test("v.T.test_a", "passed").test("v.T.test_b", "failed");
  story.say(R"("coverage", "path": "vault/models.py", "statements": 10, "covered": 4)");
  story.say(R"("coverage", "path": "/etc/passwd", "statements": 10, "covered": 4)");
  const TestRun run = story.end(2, 1).run();
  CHECK(run.doubt.empty());
  CHECK(run.trusted);
  REQUIRE(run.cases.size() == 2);
  CHECK(run.cases[1].status == TestCase::Status::failed);
  REQUIRE(run.coverage.size() == 1);
  CHECK(run.coverage[0].covered == 4);
  CHECK(run.exit_code == 1);
}

TEST_CASE("forged or broken runs are never trusted") {
  const auto good = [] {
    Story story;
    return story.planned(R"("v.T.test_a")").canaries(2).test("v.T.test_a", "passed");
  };
  REQUIRE(good().end(1, 0).run().trusted);

  SUBCASE("no end: os._exit(0) in the middle") { CHECK_FALSE(good().run().trusted); }
  SUBCASE("two ends") { CHECK_FALSE(good().end(1, 0).end(1, 0).run().trusted); }
  SUBCASE("something after the end") {
    CHECK_FALSE(good().end(1, 0).test("v.T.test_b", "passed").run().trusted);
  }
  SUBCASE("more outcomes than planned") {
    CHECK_FALSE(good().test("v.T.test_b", "passed").end(2, 0).run().trusted);
  }
  SUBCASE("one outcome twice") {
    CHECK_FALSE(good().test("v.T.test_a", "passed").end(2, 0).run().trusted);
  }
  SUBCASE("fewer outcomes than planned") {
    CHECK_FALSE(good().planned(R"("v.T.test_b")").end(1, 0).run().trusted);
  }
  SUBCASE("totals that differ") { CHECK_FALSE(good().end(2, 0).run().trusted); }
  SUBCASE("exit status that differs") {
    Story story = good().end(1, 0);
    story.result.code = 1;
    story.result.status = BoxResult::Status::nonzero;
    CHECK_FALSE(story.run().trusted);
  }
  SUBCASE("a test that the source does not have") {
    Story story;
    story.planned(R"("v.T.test_z")").canaries(2).test("v.T.test_z", "passed").end(1, 0);
    CHECK_FALSE(story.run().trusted);
  }
  SUBCASE("our failing test passed") {
    Story story = good();
    story.say(R"("canary", "name": "test_fails", "status": "passed")");
    CHECK_FALSE(story.end(1, 0).run().trusted);
  }
  SUBCASE("our tests did not run") {
    Story story;
    story.planned(R"("v.T.test_a")").test("v.T.test_a", "passed").end(1, 0);
    CHECK_FALSE(story.run().trusted);
  }
  SUBCASE("the box was killed") {
    Story story = good().end(1, 0);
    story.result.status = BoxResult::Status::wall;
    CHECK_FALSE(story.run().trusted);
  }
  SUBCASE("lines that are not the driver's") {
    Story story = good();
    story.output += "@grader Ran 99 tests OK\n";
    CHECK_FALSE(story.end(1, 0).run().trusted);
  }
}

TEST_CASE("pytest's ids and a broken set-up are understood") {
  Story story;
  story.planned(R"x("v/tests.py::T::test_a[1]", "v/tests.py::T::test_a[2]")x").canaries(1);
  story.output.replace(story.output.find("\"error\""), 7, "\"failed\"");
  story.test("v/tests.py::T::test_a[1]", "passed").test("v/tests.py::T::test_a[2]", "passed");
  CHECK(story.end(2, 0).run("pytest").doubt.empty());

  Story broken;
  broken.planned(R"("v.T.test_a", "v.T.test_b")").canaries(2);
  broken.test("setUpClass (v.T)", "error").end(1, 1);
  CHECK(broken.run().doubt.empty());
}

TEST_CASE("tests that come out otherwise in another order are named") {
  using Status = TestCase::Status;
  TestRun run;
  run.cases = {
      {"a", Status::passed, "", {}}, {"b", Status::passed, "", {}}, {"c", Status::failed, "", {}}};
  TestRun other;
  other.cases = {{"c", Status::error, "", {}},
                 {"b", Status::failed, "", {}},
                 {"a", Status::passed, "", {}},
                 {"d", Status::failed, "", {}}};
  CHECK(different_outcomes(run, other) == std::vector<std::string>{"b", "c"});
  CHECK(different_outcomes(run, run).empty());
}
