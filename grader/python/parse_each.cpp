#include "grader/python/parse_each.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <optional>
#include <thread>

namespace grader::python {
namespace {

constexpr std::size_t most_threads = 8;

}  // namespace

std::vector<Module> parse_each(std::vector<Source> sources, Language language) {
  std::vector<std::optional<Module>> parsed(sources.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < sources.size(); i = next++) {
      parsed[i] = Module::parse(std::move(sources[i].path), std::move(sources[i].text), language);
    }
  };
  const std::size_t processors = std::max(std::thread::hardware_concurrency(), 1U);
  std::vector<std::future<void>> helpers;
  for (std::size_t i = 1; i < std::min({processors, most_threads, sources.size()}); ++i) {
    helpers.push_back(std::async(std::launch::async, work));
  }
  work();
  for (auto& helper : helpers) helper.get();
  std::vector<Module> modules;
  modules.reserve(parsed.size());
  for (auto& module : parsed) modules.push_back(std::move(*module));
  return modules;
}

}  // namespace grader::python
