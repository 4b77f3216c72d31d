#include "grader/project/flow/state.hpp"

#include <algorithm>

namespace grader::project::flow {
namespace {

/// Names that only one way binds keep that binding: what is unbound on the other way is not read.
void join_names(Names& into, const Names& from) {
  for (const auto& [name, value] : from) {
    auto [place, fresh] = into.emplace(name, value);
    if (!fresh && place->second != value) place->second = choice_of({place->second, value});
  }
}

void join_heaps(Heap& into, const Heap& from) {
  for (const auto& [id, object] : from) {
    auto [place, fresh] = into.emplace(id, object);
    if (fresh || place->second == object) continue;
    auto merged = std::make_shared<Object>(*place->second);
    join_names(merged->attributes, object->attributes);
    merged->stored = merged->stored && object->stored;
    place->second = std::move(merged);
  }
}

void join_writes(std::vector<Write>& into, const std::vector<Write>& from) {
  for (const auto& write : from) {
    const bool known = std::ranges::any_of(into, [&](const Write& other) {
      return other.saved == write.saved && same(other.value, write.value);
    });
    if (!known) into.push_back(write);
  }
}

}  // namespace

State join(State a, State b) {
  // Saves count also on ways that end.
  State& lasting = a.alive || !b.alive ? a : b;
  State& ending = a.alive || !b.alive ? b : a;
  if (lasting.alive && ending.alive) {
    join_names(lasting.names, ending.names);
    join_heaps(lasting.heap, ending.heap);
  }
  for (const auto& [id, writes] : ending.writes) join_writes(lasting.writes[id], writes);
  lasting.superseded.insert(ending.superseded.begin(), ending.superseded.end());
  return std::move(lasting);
}

}  // namespace grader::project::flow
