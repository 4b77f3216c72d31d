#include <algorithm>

#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"
#include "sandbox/rehearsal/dependencies.hpp"
#include "sandbox/rehearsal/rehearsing.hpp"
#include "sandbox/rehearsal/values.hpp"

namespace grader::sandbox {

namespace {

/// Repairs come one after another: the climbs that one rehearsal may take.
constexpr int climb_budget = 8;

/// A view that imports or reads late: what its page raised, as if it had stopped the climb.
std::optional<Failure> late_failure(const Climb& climb) {
  for (const RouteAnswer& answer : climb.routes) {
    if (!text::contains_any(answer.error, {"No module named", "Fernet key must be",
                                           "environment variable", "UndefinedValueError"})) {
      continue;
    }
    Failure failure;
    failure.rung = "routes";
    failure.chain = {answer.error};
    if (!answer.at.path.empty()) {
      failure.places = {answer.at.path + ":" + std::to_string(answer.at.line)};
    }
    return failure;
  }
  return std::nullopt;
}

std::optional<Failure> failure_of(const Climb& climb) {
  return climb.failure ? climb.failure : late_failure(climb);
}

bool is_same(const std::optional<Failure>& one, const std::optional<Failure>& other) {
  return one && other && one->rung == other->rung && one->chain == other->chain &&
         one->places == other->places;
}

/// Settings that name PostgreSQL, and an error that SQLite, or a server that is not there, gives.
bool asks_for_postgres(const Climb& climb) {
  const bool named = std::ranges::any_of(climb.repairs, [](const Repair& repair) {
    return repair.name == "repair.database" && repair.detail.find("postg") != std::string::npos;
  });
  const auto tells = [](const std::string& text) {
    return text::contains_any(
        text,
        {"psycopg2.OperationalError", "psycopg.OperationalError", "connection to server",
         "could not translate host name", "sqlite3.OperationalError", "sqlite3.InterfaceError",
         "db.utils.OperationalError", "NotSupportedError", "ArrayField", "contrib.postgres",
         "no such function", "supported by SQLite", "SQLite"});
  };
  return named && ((climb.failure && tells(climb.failure->text())) ||
                   std::ranges::any_of(climb.routes, tells, &RouteAnswer::error));
}

int answers(const Climb& climb) {
  return static_cast<int>(std::ranges::count_if(
      climb.routes, [](const RouteAnswer& answer) { return answer.status < 500; }));
}

bool climbs_as_well(const Climb& one, const Climb& other) {
  const auto is_passed = [](const Rung& rung) { return rung.status == RungStatus::passed; };
  return std::ranges::equal(one.rungs, other.rungs, {}, is_passed, is_passed) &&
         answers(one) >= answers(other);
}

std::ptrdiff_t passed_rungs(const Climb& climb) {
  return std::ranges::count(climb.rungs, RungStatus::passed, &Rung::status);
}

/// "1.10.7" where the requirements or the settings file say which Django it is.
std::string django_version(const std::vector<Wanted>& wanted) {
  const auto django = std::ranges::find_if(
      wanted, [](const Wanted& one) { return project::normalised_name(one.line) == "django"; });
  const std::size_t at = django == wanted.end() ? std::string::npos : django->line.find("==");
  return at == std::string::npos ? std::string() : django->line.substr(at + 2);
}

}  // namespace

std::chrono::milliseconds since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begun);
}

/// Installs what is wanted now; the rung keeps what the first attempt that worked needed.
Result<void> Rehearsing::install_wanted() {
  const auto begun = std::chrono::steady_clock::now();
  // What repairs add to a pinned set has no pin of its own: it is taken as of the same day.
  if (is_open(arrangement_.wanted)) newest_ = options_.newest;
  InstallRequest request = install_request(arrangement_, newest_);
  request.interpreter = interpreter_;
  requested_ = request;
  Result<Installed> installed = install(sandbox_, host_, request);
  dependencies_.duration += since(begun);
  if (!installed) {
    if (installed.error().kind == ErrorKind::interrupted) return tl::unexpected(installed.error());
    dependencies_.cause = RungCause::grader;
    dependencies_.reason = installed.error().what;
    dependencies_.output = to_string(installed.error());
    return {};
  }
  installed_ = std::move(*installed);
  control_.reset();
  if (installed_.ok()) {
    dependencies_.status = RungStatus::passed;
    return {};
  }
  dependencies_.reason = "the requirements cannot be installed";
  dependencies_.output = text::shorten(text::to_utf8(installed_.problem), 4'000);
  dependencies_.cause = RungCause::grader;
  if (installed_.by_us) {
    dependencies_.reason = "distributions cannot be fetched; check the network, then try again";
    return {};
  }
  InstallRequest control;
  control.choices = {{"django"}};
  const Result<Installed> trusted = install(sandbox_, host_, control);
  if (trusted && trusted->ok()) {
    dependencies_.status = RungStatus::failed;
    dependencies_.cause = RungCause::submission;
  }
  return {};
}

/// The unit that changed the arrangement, or null where none has anything left to try.
const RepairUnit* Rehearsing::repaired(const Failure& failure) {
  const auto unit = std::ranges::find_if(repair_units(), [&](const RepairUnit& one) {
    return !useless_.contains(one.name) && one.apply(failure, plan_, arrangement_);
  });
  return unit == repair_units().end() ? nullptr : &*unit;
}

/// With what is wanted installed first; false where that cannot be had.
Result<bool> Rehearsing::climb_once() {
  const auto request = install_request(arrangement_, newest_);
  const bool known = request.choices == requested_.choices &&
                     request.from_source == requested_.from_source && installed_.ok();
  if (!known) {
    const Result<void> again = install_wanted();
    if (!again) return tl::unexpected(again.error());
    if (!installed_.ok()) return false;
  }
  Result<Climb> climbed = runs().climb(tree_, plan_, arrangement_.environment);
  if (!climbed) return tl::unexpected(climbed.error());
  climbed_ = std::move(*climbed);
  return true;
}

/// Repairs one failure after another; a repair that leaves the failure as it is is taken back.
Result<void> Rehearsing::climb_repairing() {
  Result<bool> done = climb_once();
  for (int left = climb_budget; done && *done && left > 1; --left) {
    const std::optional<Failure> failure = failure_of(*climbed_);
    const State before = state();
    const RepairUnit* const unit = failure ? repaired(*failure) : nullptr;
    if (unit == nullptr) break;
    done = climb_once();
    if (!done || (*done && !is_same(failure, failure_of(*climbed_)))) continue;
    if (!*done && installed_.by_us) {
      untried_ = std::string(unit->name) + " could not be tried: " + installed_.problem;
    }
    log::debug(std::string(unit->name) + " does not help");
    useless_.insert(unit->name);
    restore(before);
    done = true;
  }
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<void> Rehearsing::judge_climb() {
  for (Rung& rung : climbed_->rungs) {
    if (rung.status != RungStatus::failed) continue;
    const Result<void> judged = judge(rung);
    if (!judged) return judged;
  }
  return {};
}

void Rehearsing::take_interpreter(const Interpreter& interpreter, const std::string& django,
                                  const std::string& in_place_of) {
  interpreter_ = interpreter;
  arrangement_.repairs.push_back({"repair.interpreter",
                                  "Python " + interpreter.version + " is taken in place of " +
                                      in_place_of + ", which Django " + django + " does not run on",
                                  plan_.settings_at});
}

/// Saves an installation and a climb that are known to fail.
void Rehearsing::choose_interpreter() {
  const std::string django = django_version(arrangement_.wanted);
  const std::string ours = python_of_root(host_.root);
  if (loads_on(django, ours)) return;
  const auto other = interpreter_for(django, find_interpreters());
  if (other) take_interpreter(*other, django, ours);
}

/// A Django that is too old for the interpreter of the boxes: another one of this machine's.
Result<void> Rehearsing::try_other_interpreter() {
  const bool ours = std::ranges::any_of(climbed_->rungs, [](const Rung& rung) {
    return rung.cause == RungCause::grader && rung.status == RungStatus::undetermined;
  });
  const auto other = interpreter_for(climbed_->django, find_interpreters());
  if (!ours || !climbed_->failure || !other || *other == interpreter_) return {};
  const State before = state();
  take_interpreter(*other, climbed_->django, climbed_->python);
  requested_ = {};
  Result<void> done = climb_repairing();
  if (done && installed_.ok()) done = judge_climb();
  const bool helped = installed_.ok() && passed_rungs(*climbed_) > passed_rungs(*before.climbed);
  if (!done || helped) return done;
  log::debug("Python " + other->version + " does not help: " + installed_.problem);
  restore(before);
  return {};
}

void Rehearsing::restore(const State& before) {
  arrangement_ = before.arrangement;
  interpreter_ = before.interpreter;
  requested_ = before.requested;
  installed_ = before.installed;
  dependencies_ = before.dependencies;
  climbed_ = before.climbed;
  server_root_ = before.server_root;
  control_.reset();
}

/// A PostgreSQL of the box's own, where SQLite does not know what the submission asks of it.
Result<void> Rehearsing::try_database_server() {
  if (!asks_for_postgres(*climbed_)) return {};
  const auto root = ensure_root_with_server("postgresql", log::progress);
  if (!root) {
    log::debug(to_string(root.error()));
    return {};
  }
  const State before = state();
  server_root_ = root->path;
  const Result<void> done = climb_repairing();
  if (!done) return done;
  const bool more =
      passed_rungs(*climbed_) > passed_rungs(*before.climbed) ||
      (climbs_as_well(*climbed_, *before.climbed) && answers(*climbed_) > answers(*before.climbed));
  if (!installed_.ok() || !more) restore(before);
  return {};
}

/// Without the variables that it may do without: they stay away where it climbs as well.
Result<void> Rehearsing::take_back_variables() {
  std::vector<std::string> needless = climbed_->needless;
  // A secret is often asked for only by the first request that writes.
  std::erase_if(needless, names_a_secret);
  if (needless.empty()) return {};
  const State before = state();
  for (const std::string& name : needless) withdraw_variable(name, arrangement_);
  const Result<bool> done = climb_once();
  if (!done) return tl::unexpected(done.error());
  if (!*done || !climbs_as_well(*climbed_, *before.climbed)) restore(before);
  return {};
}

Result<void> Rehearsing::climb() {
  Result<void> done = climb_repairing();
  if (done && installed_.ok()) done = try_database_server();
  if (done && installed_.ok()) done = take_back_variables();
  if (done && installed_.ok()) done = judge_climb();
  if (done && installed_.ok()) done = try_other_interpreter();
  return done;
}

Result<bool> Rehearsing::control_passes(const std::string& rung) {
  if (rung == "tests") return runs().control_tests_pass();
  if (!control_) {
    Result<Climb> climbed = runs().control_climb();
    if (!climbed) return tl::unexpected(climbed.error());
    control_ = std::move(*climbed);
  }
  return std::ranges::any_of(control_->rungs, [&](const Rung& one) {
    return one.name == rung && one.status == RungStatus::passed;
  });
}

/// A failed rung is the submission's only where no repair failed by our own fault, and where the
/// control project passes it here and now.
Result<void> Rehearsing::judge(Rung& rung) {
  if (!untried_.empty()) {
    rung.cause = RungCause::grader;
    rung.status = RungStatus::undetermined;
    rung.reason = untried_ + "; " + rung.reason;
    return {};
  }
  const Result<bool> passes = control_passes(rung.name);
  if (!passes) return tl::unexpected(passes.error());
  rung.cause = *passes ? RungCause::submission : RungCause::grader;
  if (*passes) return {};
  rung.status = RungStatus::undetermined;
  // Most often a Django that is too old for the interpreter.
  rung.reason = "a project of ours does not pass it either with Django " + climbed_->django +
                " on Python " + climbed_->python + "; " + rung.reason;
  return {};
}

}  // namespace grader::sandbox
