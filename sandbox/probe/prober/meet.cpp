#include "sandbox/probe/prober/meet.hpp"

#include <algorithm>

#include "sandbox/probe/prober/accounts.hpp"
#include "sandbox/probe/prober/entry.hpp"
#include "sandbox/probe/prober/extras.hpp"
#include "sandbox/probe/prober/matrix.hpp"
#include "sandbox/probe/prober/rest.hpp"

namespace grader::sandbox::prober {

namespace {

constexpr int empty_slot = 0;
constexpr int base_slot = 2;

bool accuses(const RouteTrial& trial) {
  return trial.other >= Got::title || trial.nobody >= Got::title || trial.changes_on_get ||
         trial.without_token || trial.purpose == "create_unowned";
}

bool accuses(const AtRest& rest) { return !rest.kind.empty() && rest.kind != "sound"; }

/// One meeting with one seed.
class Round {
 public:
  Round(World& world, const Hints& hints, Probe& probe)
      : world_(world), hints_(hints), probe_(probe) {}

  void run(const Wanted& wanted) {
    cast_.owner = draw_actor(world_, "owner");
    cast_.other = draw_actor(world_, "other");
    cast_.nobody.who = "nobody";
    cast_.base = base_slot;
    if (!become(cast_.owner, true) || !become(cast_.other, false)) return;
    if (!make_entries()) return;
    world_.keep(base_slot);
    look_at_rest();
    world_.restore(base_slot);
    probe_.trials = try_routes(world_, hints_, cast_, wanted);
    world_.restore(base_slot);
    tamper(world_, cast_, probe_.trials, probe_.at_rest);
    if (wanted.all || wanted.further)
      probe_.remarks = look_further(world_, hints_, cast_, probe_.trials);
  }

 private:
  bool become(Actor& actor, bool first) {
    const Way way = become_user(world_, hints_, actor);
    if (first) {
      probe_.accounts.registered = way.registered;
      probe_.accounts.signed_in = way.signed_in;
      probe_.accounts.notes = way.notes;
    }
    if (!way.registered.empty() && !way.signed_in.empty()) return true;
    probe_.problem = way.registered.empty()
                         ? "no account could be made, by its own pages or past them"
                         : "nobody could be signed in, by its own pages or past them";
    return false;
  }

  bool make_entries() {
    auto entry = create_entry(world_, hints_, cast_.owner, "1");
    if (!entry) entry = place_entry(world_, hints_, cast_.owner, "1");
    if (!entry) {
      probe_.problem = "no entry could be made, by its own pages or past them";
      return false;
    }
    cast_.entry = *entry;
    probe_.accounts.entry = entry->by;
    cast_.second = entry->recipe
                       ? create_again(world_, hints_, cast_.other, *entry, draw_values(world_, "2"))
                       : place_entry(world_, hints_, cast_.other, "2");
    return true;
  }

  void look_at_rest() {
    const Rest rest = at_rest(world_, hints_, cast_.owner, cast_.entry, base_slot);
    probe_.at_rest.kind = rest.kind;
    probe_.at_rest.why = rest.why;
    probe_.at_rest.column = rest.column;
    for (const Found& found : rest.trail)
      probe_.at_rest.trail.push_back({found.place, found.where, found.how});
  }

  World& world_;
  const Hints& hints_;
  Probe& probe_;
  Cast cast_;
};

void confirm(Probe& probe, const Probe& again) {
  probe.at_rest.confirmed = accuses(probe.at_rest) && again.at_rest.kind == probe.at_rest.kind;
  for (RouteTrial& trial : probe.trials) {
    const auto same = std::ranges::find(again.trials, key_of(trial), key_of);
    const bool seen = same != again.trials.end();
    trial.other_confirmed = seen && trial.other >= Got::title && same->other == trial.other;
    trial.nobody_confirmed = seen && trial.nobody >= Got::title && same->nobody == trial.nobody;
    trial.changes_on_get = trial.changes_on_get && seen && same->changes_on_get;
    trial.without_token = trial.without_token && seen && same->without_token;
  }
  for (Remark& remark : probe.remarks) {
    remark.confirmed = std::ranges::any_of(again.remarks, [&](const Remark& other) {
      return other.what == remark.what && other.view == remark.view;
    });
  }
}

Wanted accused(const Probe& probe) {
  Wanted wanted;
  wanted.all = false;
  for (const RouteTrial& trial : probe.trials)
    if (accuses(trial)) wanted.keys.insert(key_of(trial));
  // Where the entry is seen, the rest of the questions are asked.
  wanted.further = !probe.remarks.empty();
  for (const RouteTrial& trial : probe.trials)
    if (trial.purpose == "read" && (wanted.further || accuses(probe.at_rest)))
      wanted.keys.insert(key_of(trial));
  return wanted;
}

}  // namespace

Probe meet(const Places& places, std::uint64_t seed) {
  Probe probe;
  World world(places, seed);
  if (!world.arrive()) {
    probe.problem = "the application did not answer in time";
    return probe;
  }
  const auto hints = world.hints();
  if (!hints) {
    probe.problem = "the application's routes could not be read";
    if (!world.hint_failure().empty()) probe.problem += ": " + world.hint_failure();
    return probe;
  }
  world.keep(empty_slot);
  if (world.tables() == 0) {
    probe.problem = "the application keeps its rows in a database that is not read here";
    probe.by_us = true;
    return probe;
  }
  Round(world, *hints, probe).run({});
  probe.requests = world.requests();
  probe.raw = world.raw();
  const Wanted wanted = accused(probe);
  if ((!wanted.keys.empty() || accuses(probe.at_rest)) && world.time_left()) {
    world.restore(empty_slot);
    World second(places, seed * 6364136223846793005ULL + 1442695040888963407ULL);
    second.share_reader(world);
    Probe again;
    if (second.arrive()) Round(second, *hints, again).run(wanted);
    probe.requests += second.requests();
    confirm(probe, again);
  }
  if (world.reader_failed()) {
    probe.problem = "the reader of the database ended early";
    probe.by_us = true;
  } else if (!world.time_left() && probe.problem.empty()) {
    probe.problem = "there was no time to look at everything";
  }
  return probe;
}

}  // namespace grader::sandbox::prober
