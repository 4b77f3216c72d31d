#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "grader/base/result.hpp"

namespace grader::sandbox {

/// One kind of things that are kept between runs. Whatever is removed is made or fetched anew.
struct CachePart {
  std::string name;  ///< the folder below the cache: "wheels"
  std::string what;  ///< plain words
  std::size_t entries = 0;
  std::uint64_t bytes = 0;  ///< on disk: holes of sparse files do not count
  int idle_days = 0;        ///< of the entry that was used longest ago; 0 where there is none
};

/// What the cache holds, in a fixed order; parts that are empty too. Reads names and sizes alone.
std::vector<CachePart> cache_parts(const std::filesystem::path& cache);

/// What was removed.
struct Pruned {
  std::size_t entries = 0;
  std::uint64_t bytes = 0;
};

/// Removes what was not used for so long, and nothing outside the parts of cache_parts(). Root file
/// systems stay, since boxes may be using them, unless `roots` is set.
Pruned prune_cache(const std::filesystem::path& cache, std::chrono::hours unused, bool roots);

/// An entry that is not what it should be.
struct Damage {
  std::filesystem::path path;
  std::string why;
};

/// What verify_cache() looked at and found.
struct Verified {
  std::size_t entries = 0;
  std::vector<Damage> damages;
};

/// Compares what is kept with the digests that name it, environments with what their file system
/// says of itself. With `remove`, what is damaged goes. Half a minute for a large cache.
Verified verify_cache(const std::filesystem::path& cache, bool remove);

}  // namespace grader::sandbox
