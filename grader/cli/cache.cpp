#include "sandbox/doctor/cache.hpp"

#include <fmt/format.h>

#include <numeric>

#include "grader/cli/verbs.hpp"
#include "sandbox/environment/host.hpp"

namespace grader::cli {

namespace {

std::string size_text(std::uint64_t bytes) {
  if (bytes >= 10ULL << 30U) return fmt::format("{} GiB", bytes >> 30U);
  if (bytes >= 10ULL << 20U) return fmt::format("{} MiB", bytes >> 20U);
  return fmt::format("{} KiB", (bytes + 1023) >> 10U);
}

}  // namespace

Result<int> show_cache() {
  const auto parts = sandbox::cache_parts(sandbox::cache_of_user());
  for (const sandbox::CachePart& part : parts) {
    fmt::print("{:13} {:6} {:>9}  {}", part.name, part.entries, size_text(part.bytes), part.what);
    if (part.idle_days > 0) fmt::print(" (the oldest unused for {} days)", part.idle_days);
    fmt::print("\n");
  }
  const auto total = std::accumulate(
      parts.begin(), parts.end(), std::uint64_t{0},
      [](std::uint64_t sum, const sandbox::CachePart& part) { return sum + part.bytes; });
  fmt::print("together {} in {}\n", size_text(total), sandbox::cache_of_user().string());
  return 0;
}

Result<int> prune_cache(const PruneOptions& options) {
  const std::chrono::hours unused(24 * options.days);
  const auto pruned = sandbox::prune_cache(sandbox::cache_of_user(), unused, options.roots);
  fmt::print("{} removed, {}\n", pruned.entries, size_text(pruned.bytes));
  return 0;
}

Result<int> verify_cache(bool remove) {
  const auto verified = sandbox::verify_cache(sandbox::cache_of_user(), remove);
  for (const sandbox::Damage& damage : verified.damages) {
    fmt::print("{}: {}{}\n", damage.path.string(), damage.why, remove ? "; removed" : "");
  }
  fmt::print("{} looked at, {} damaged\n", verified.entries, verified.damages.size());
  if (verified.damages.empty() || remove) return 0;
  return fail(ErrorKind::sandbox, "the cache is damaged", sandbox::cache_of_user().string(),
              "`grader cache verify --remove` removes what is damaged; it is fetched anew");
}

}  // namespace grader::cli
