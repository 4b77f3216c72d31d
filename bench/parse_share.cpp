// bench_parse_share SOURCE [RUNS]: what modelling and checking a repository in place costs over the
// bare tree-sitter parse of the same files (Python, and JavaScript of pages), as medians of RUNS
// (11) turns. One turn does both, so that a busy machine slows both.
#include <fmt/format.h>
#include <tree_sitter/api.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <vector>

#include "checks/check.hpp"
#include "grader/project/pages/scripts.hpp"
#include "grader/project/project.hpp"
#include "grader/submission/fetch.hpp"

extern "C" const TSLanguage* tree_sitter_python();
extern "C" const TSLanguage* tree_sitter_javascript();

namespace {

using namespace grader;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// All files of the submission, in memory: reading them is no part of what is compared.
project::Files in_memory(const submission::Submission& submission) {
  const auto contents = std::make_shared<std::map<std::string, std::string, std::less<>>>();
  project::Files files;
  for (const auto& entry : submission.entries()) {
    if (entry.mode == submission::Mode::submodule) continue;
    const bool link = entry.mode == submission::Mode::symlink;
    files.entries.push_back({entry.path, entry.size, link});
    if (link) continue;
    if (auto bytes = submission.read(entry)) contents->emplace(entry.path, std::move(*bytes));
  }
  files.read = [contents](std::string_view path) -> std::optional<std::string> {
    const auto found = contents->find(path);
    if (found == contents->end()) return std::nullopt;
    return found->second;
  };
  return files;
}

struct Text {
  const TSLanguage* language;
  std::string text;
};

double bare_parse(const std::vector<Text>& texts) {
  const std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(ts_parser_new(),
                                                                      ts_parser_delete);
  const auto begin = Clock::now();
  for (const auto& [language, text] : texts) {
    ts_parser_set_language(parser.get(), language);
    ts_tree_delete(ts_parser_parse_string(parser.get(), nullptr, text.data(),
                                          static_cast<std::uint32_t>(text.size())));
  }
  return milliseconds_since(begin);
}

/// What the model parses: the modules, and the scripts of pages and of files.
std::vector<Text> parsed_texts(const project::Project& project) {
  std::vector<Text> texts;
  for (const auto& module : project.program.modules()) {
    texts.push_back({tree_sitter_python(), std::string(module.text())});
  }
  for (const auto& script : project::read_scripts(project, {project::writes_markup, false})) {
    texts.push_back({tree_sitter_javascript(), std::string(script.module.text())});
  }
  return texts;
}

int measure(const std::string& name, int runs) {
  const auto source = submission::parse_source(name);
  if (!source) return 2;
  const auto submission = submission::fetch(*source);
  if (!submission) return 3;
  const auto history = submission::read_history(*submission);
  if (!history) return 3;
  const project::Files files = in_memory(*submission);
  const std::vector<Text> texts = parsed_texts(project::model(files));
  std::vector<double> bare, modelled, checked;
  for (int turn = 0; turn < runs; ++turn) {
    bare.push_back(bare_parse(texts));
    auto begin = Clock::now();
    const project::Project project = project::model(files);
    modelled.push_back(milliseconds_since(begin));
    begin = Clock::now();
    checks::inspect({.project = project, .history = *history});
    checked.push_back(milliseconds_since(begin));
  }
  fmt::print("{} files: bare parse {:.2f}, parse and model {:.2f}, checks {:.2f}: {:.2f} times\n",
             texts.size(), median(bare), median(modelled), median(checked),
             (median(modelled) + median(checked)) / median(bare));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  return measure(arguments[1], count > 2 ? std::atoi(arguments[2]) : 11);
}
