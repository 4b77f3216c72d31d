#include "sandbox/rehearsal/climb_records.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "grader/base/text.hpp"

namespace grader::sandbox {

namespace {

const std::map<std::string_view, std::string_view> purposes = {
    {"settings", "the settings and the apps cannot be loaded"},
    {"check", "Django's own check does not pass"},
    {"migrations", "the migrations do not match the models"},
    {"migrate", "the database cannot be migrated"},
    {"serve", "the server does not answer on /"},
    {"routes", "not every page answers"}};

constexpr std::size_t routes_kept = 1'000;
constexpr std::size_t output_kept = 4'000;

std::string tail(std::string_view output) {
  // By bytes first: a flood is not decoded as a whole.
  if (output.size() > 4 * output_kept) output.remove_prefix(output.size() - 4 * output_kept);
  const std::string utf8 = text::to_utf8(output);
  std::size_t from = utf8.size() > output_kept ? utf8.size() - output_kept : 0;
  while (from < utf8.size() && (static_cast<unsigned char>(utf8[from]) & 0xC0U) == 0x80U) ++from;
  return utf8.substr(from);
}

Failure failure_of(const Record& record) {
  Failure failure;
  failure.rung = record.text("rung");
  failure.chain = record.list("chain");
  failure.missing = record.text("missing");
  failure.places = record.list("places");
  failure.output = record.text("output");
  return failure;
}

/// The line of an exception's text that says what is wrong: of Django's check the first error, of
/// other exceptions the last line, since those before it say where.
std::string_view telling_line(std::string_view text) {
  constexpr std::string_view marks = "ERRORS:";
  const std::size_t errors = text.find(marks);
  const auto lines = text::lines(errors == std::string_view::npos ? text : text.substr(errors));
  std::string_view telling;
  for (const std::string_view line : lines) {
    const std::string_view trimmed = text::trim(line);
    if (trimmed.empty() || trimmed == marks) continue;
    telling = trimmed;
    if (errors != std::string_view::npos) break;
  }
  return telling;
}

/// "the settings … cannot be loaded: KeyError: 'X' (keeper/settings.py:7)"
std::string reason_of(const Failure& failure) {
  const auto purpose = purposes.find(failure.rung);
  std::string reason(purpose == purposes.end() ? "it fails" : purpose->second);
  if (!failure.chain.empty()) {
    reason += ": " + text::shorten(telling_line(failure.chain.front()), 300);
  }
  if (!failure.places.empty()) reason += " (" + text::shorten(failure.places.back(), 200) + ")";
  return reason;
}

/// A rung that began and did not end: what the box says of it.
Failure broken_off(const std::string& rung, const Records& records, const BoxResult& result) {
  Failure failure;
  failure.rung = rung;
  failure.output = tail(result.err);
  const Record* stuck = find(records, "stuck");
  if (stuck != nullptr && stuck->text("rung") == rung) {
    failure.places = stuck->list("places");
    failure.chain = {"it does not come to an end"};
  } else if (!result.detail.empty()) {
    failure.chain = {result.detail};
  } else if (result.status == BoxResult::Status::ok) {
    failure.chain = {"the process ended in the middle"};
  } else {
    failure.chain = {"the process died with status " + std::to_string(result.code)};
  }
  return failure;
}

constexpr const char* no_way_out = "it asks for a service outside, which boxes do not reach";

void leave_open(Rung& rung, std::string reason) {
  rung.status = RungStatus::undetermined;
  rung.cause = RungCause::grader;
  rung.reason = std::move(reason);
}

/// Pages that need the network are neither answered nor at fault.
void leave_offline_pages_open(Climb& climb) {
  Rung& rung = climb.rungs.back();
  const auto page = std::ranges::find_if(climb.routes, &RouteAnswer::offline);
  if (rung.status == RungStatus::passed && page != climb.routes.end())
    leave_open(rung, "of " + page->path + " nothing can be said: " + no_way_out);
}

void read_rung(Climb& climb, const Record& record) {
  const std::string_view name = record.text("rung");
  const auto rung = std::ranges::find(climb.rungs, name, &Rung::name);
  // A second word about a rung is not listened to.
  if (rung == climb.rungs.end() || rung->status != RungStatus::undetermined) return;
  rung->duration =
      std::chrono::milliseconds(std::clamp<std::int64_t>(record.number("ms"), 0, 3'600'000));
  if (record.number("passed") == 1) {
    rung->status = RungStatus::passed;
    return;
  }
  const Failure failure = failure_of(record);
  rung->status = RungStatus::failed;
  rung->reason = reason_of(failure);
  if (record.number("offline") == 1) leave_open(*rung, rung->reason + "; " + no_way_out);
  if (!failure.output.empty()) rung->output = failure.output;
  if (name != "migrations" && name != "routes" && !climb.failure) climb.failure = failure;
}

void read_route(Climb& climb, const Record& record) {
  if (climb.routes.size() >= routes_kept) return;
  RouteAnswer answer;
  answer.path = text::shorten(record.text("path"), 300);
  answer.status = static_cast<int>(std::clamp<std::int64_t>(record.number("status"), 0, 999));
  answer.signed_in = record.number("signed_in") == 1;
  answer.error = text::shorten(record.text("error"), 300);
  const std::vector<std::string>& places = record.list("places");
  if (!places.empty()) answer.at = location_of(places.back());
  answer.offline = answer.status >= 500 && record.number("offline") == 1;
  climb.routes.push_back(std::move(answer));
}

void read_repair(Climb& climb, const Record& record, const Plan& plan) {
  const auto place = plan.setting_places.find(record.text("setting"));
  climb.repairs.push_back({"repair." + text::shorten(record.text("name"), 40),
                           text::shorten(record.text("what"), 300),
                           place == plan.setting_places.end() ? plan.settings_at : place->second});
}

}  // namespace

Rung untried(std::string_view name) {
  Rung rung;
  rung.name = name;
  return rung;
}

std::string Failure::text() const { return text::join(chain, "\n"); }

Location location_of(const std::string& place) {
  Location location;
  const std::size_t colon = place.rfind(':');
  location.path = place.substr(0, colon);
  if (colon == std::string::npos) return location;
  int line = 0;
  const char* end = place.data() + place.size();
  if (std::from_chars(place.data() + colon + 1, end, line).ptr == end) location.line = line;
  return location;
}

Climb climb_of(const Records& records, const BoxResult& result, const Plan& plan) {
  Climb climb;
  for (const char* name : climbed_rungs) climb.rungs.push_back(untried(name));
  std::string open;
  for (const Record& record : records.all) {
    if (record.kind == "begin") {
      open = record.text("rung");
    } else if (record.kind == "rung") {
      read_rung(climb, record);
      open.clear();
    } else if (record.kind == "route") {
      read_route(climb, record);
    } else if (record.kind == "repair") {
      read_repair(climb, record, plan);
    } else if (record.kind == "made") {
      climb.labels = record.list("labels");
    } else if (record.kind == "unasked") {
      climb.rungs.back().output += std::to_string(record.number("pages")) +
                                   " pages are slow to come and were not asked" +
                                   (record.number("signed_in") == 1 ? " as a user\n" : "\n");
    } else if (record.kind == "needless") {
      climb.needless = record.list("names");
    } else if (record.kind == "facts") {
      if (climb.python.empty()) climb.python = text::shorten(record.text("python"), 20);
      if (climb.django.empty()) climb.django = text::shorten(record.text("django"), 20);
    }
  }
  leave_offline_pages_open(climb);
  if (find(records, "end") == nullptr && !climb.failure) {
    // Nothing has begun at all: copying the tree or the interpreter itself failed.
    climb.failure = broken_off(open.empty() ? "settings" : open, records, result);
    const auto rung = std::ranges::find(climb.rungs, climb.failure->rung, &Rung::name);
    if (rung != climb.rungs.end()) {
      rung->status = open.empty() ? RungStatus::undetermined : RungStatus::failed;
      // What of theirs has not begun cannot be at fault.
      if (open.empty()) rung->cause = RungCause::grader;
      rung->reason = reason_of(*climb.failure);
      rung->output = climb.failure->output;
    }
  }
  return climb;
}

}  // namespace grader::sandbox
