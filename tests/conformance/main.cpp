// conformance TOP BUILD: reads our own sources and tells where they break a rule of
// docs/contributing.md. Exit 0 where none is broken, 1 where one is, 2 where it could not look.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <set>
#include <thread>

#include "tests/conformance/cache.hpp"
#include "tests/conformance/catalogue.hpp"
#include "tests/conformance/declarations.hpp"
#include "tests/conformance/includes.hpp"

namespace grader::conformance {

namespace {

/// Rules about form that tell what to look at; the ones about layers and the catalogue must hold.
bool advises(std::string_view rule) {
  return rule == "function-length" || rule == "documentation" || rule == "file-length";
}

/// Everything that was observed, each thing once: many units read the same header.
struct All {
  std::set<std::string> files;
  std::set<Function> functions;
  std::set<Problem> undocumented;
  std::vector<Error> errors;

  void add(const Observed& observed) {
    files.insert(observed.files.begin(), observed.files.end());
    functions.insert(observed.functions.begin(), observed.functions.end());
    undocumented.insert(observed.undocumented.begin(), observed.undocumented.end());
  }
};

void observe_all(const std::vector<Unit>& units, const std::string& top, const Cache& cache,
                 All& all) {
  std::atomic<std::size_t> next = 0;
  std::mutex adding;
  const auto work = [&] {
    for (std::size_t i = next++; i < units.size(); i = next++) {
      auto kept = cache.find(units[i]);
      Result<Observed> observed =
          kept ? Result<Observed>(*std::move(kept)) : observe(units[i], top);
      if (observed && !kept) cache.keep(units[i], *observed);
      const std::lock_guard hold(adding);
      if (observed) {
        all.add(*observed);
      } else {
        all.errors.push_back(observed.error());
      }
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    threads.emplace_back(work);
  }
}

/// Headers that no unit includes, each parsed alone with the arguments of a unit nearby.
std::vector<Unit> lonely_headers(const std::vector<Source>& sources, const std::vector<Unit>& units,
                                 const std::set<std::string>& seen, const std::string& top) {
  std::vector<Unit> headers;
  for (const auto& source : sources) {
    if (!source.is_header() || source.is_test() || seen.contains(source.path)) continue;
    const std::string file = top + "/" + source.path;
    const auto folder = std::filesystem::path(file).parent_path().string();
    const auto near = std::ranges::find_if(
        units, [&](const Unit& unit) { return unit.file.starts_with(folder + "/"); });
    headers.push_back({file, (near == units.end() ? units.front() : *near).arguments});
  }
  return headers;
}

void append(std::vector<Problem>& problems, std::vector<Problem> more) {
  std::ranges::move(more, std::back_inserter(problems));
}

Result<std::vector<Problem>> check(const std::string& top, const std::string& build) {
  const auto sources = read_sources(top);
  auto problems = check_layering(sources);
  append(problems, check_third_party(sources));
  append(problems, check_file_lengths(sources));
  append(problems, check_catalogue(top));

  auto units = read_units(top, build);
  if (!units) return tl::unexpected(units.error());
  if (units->empty()) return fail(ErrorKind::usage, "no unit of this tree is compiled", build);
  // Tests may be long and say little: their cases are the words.
  std::erase_if(*units, [&](const Unit& unit) { return unit.file.starts_with(top + "/tests/"); });
  const Cache cache(build + "/conformance", top);
  All all;
  observe_all(*units, top, cache, all);
  if (!all.errors.empty()) return tl::unexpected(all.errors.front());
  observe_all(lonely_headers(sources, *units, all.files, top), top, cache, all);
  for (const auto& error : all.errors) {
    problems.push_back({error.where, 0, "unused-header", error.what, true});
  }
  append(problems, {all.undocumented.begin(), all.undocumented.end()});
  append(problems,
         check_function_lengths({all.functions.begin(), all.functions.end()}, long_functions()));
  for (auto& problem : problems) {
    problem.warning = problem.warning || advises(problem.rule);
  }
  std::ranges::sort(problems);
  return problems;
}

int run(const std::string& top, const std::string& build) {
  const auto problems = check(top, build);
  if (!problems) {
    std::fprintf(stderr, "%s\n", to_string(problems.error()).c_str());
    return 2;
  }
  for (const auto& problem : *problems) {
    std::printf("%s%s\n", problem.warning ? "(warning) " : "", to_string(problem).c_str());
  }
  const auto broken = std::ranges::count(*problems, false, &Problem::warning);
  std::printf("%td rules broken, %td warnings\n", broken, std::ssize(*problems) - broken);
  return broken == 0 ? 0 : 1;
}

}  // namespace

}  // namespace grader::conformance

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: conformance TOP BUILD\n");
    return 2;
  }
  const auto absolute = [](const char* path) { return std::filesystem::canonical(path).string(); };
  return grader::conformance::run(absolute(arguments[1]), absolute(arguments[2]));
}
