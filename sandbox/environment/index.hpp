#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/result.hpp"

namespace grader::sandbox {

/// The package index of this machine, as pip's own configuration names it. No name of a registry
/// stands in this program: where nothing is configured it is pip's default.
struct PackageIndex {
  std::vector<std::string> urls;   ///< index pages, the main one first; may hold credentials
  std::vector<std::string> hosts;  ///< "host:port" of the index and of the files it links to
  std::string certificates;        ///< file of trusted certificates; empty where there is none
  std::string proxy;               ///< proxy of this network as a URL; empty where there is none
};

/// Asks pip, which costs about a second and one request to the index. `script` is ask_index.py. The
/// answer holds for an hour and as long as pip's configuration stays as it is; it is kept below the
/// folder `cache`. An Error of kind sandbox where there is no pip, no index or no way to it.
Result<PackageIndex> ask_index(const std::string& script, const std::filesystem::path& cache);

/// Reads what ask_index.py printed.
Result<PackageIndex> read_index(std::string_view output);

/// The same URL without user name and password, for messages.
std::string without_credentials(std::string_view url);

}  // namespace grader::sandbox
