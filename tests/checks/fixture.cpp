#include "tests/checks/fixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view special[] = {"EXPECT", "TREE", "HISTORY", "LINT", "REHEARSAL"};

std::optional<std::string> contents(const fs::path& path) {
  if (!fs::is_regular_file(path)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// The first word of `rest`, which loses it.
std::string_view take_word(std::string_view& rest) {
  rest = text::trim(rest);
  const auto end = std::min(rest.find_first_of(" \t"), rest.size());
  const auto word = rest.substr(0, end);
  rest = text::trim(rest.substr(end));
  return word;
}

/// "path:12" → path and line, "path" → line 0.
Location place(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return {std::string(text)};
  return {std::string(text.substr(0, colon)), number(text.substr(colon + 1))};
}

project::Files files_below(const fs::path& top, std::vector<std::string> extra) {
  project::Files files;
  for (const auto& entry : fs::recursive_directory_iterator(top)) {
    std::string path = entry.path().lexically_relative(top).generic_string();
    if (!entry.is_regular_file() || std::ranges::find(special, path) != std::end(special)) continue;
    files.entries.push_back({std::move(path), entry.file_size(), false});
  }
  for (auto& path : extra) files.entries.push_back({path, 0, false});
  std::ranges::sort(files.entries, {}, &project::Files::Entry::path);
  files.read = [top, extra = std::move(extra)](std::string_view path) {
    if (std::ranges::find(extra, path) != extra.end()) return std::optional<std::string>("");
    return contents(top / path);
  };
  return files;
}

std::vector<std::string> paths_of(const std::string& list) {
  std::vector<std::string> paths;
  for (const auto line : text::lines(list)) {
    if (!text::trim(line).empty()) paths.emplace_back(text::trim(line));
  }
  return paths;
}

sandbox::LintReport lint_of(std::string_view text) {
  sandbox::LintReport report;
  std::set<std::string> paths;
  for (auto line : text::lines(text)) {
    const auto first = take_word(line);
    if (first == "lines") report.lines = number(line);
    if (first == "problem") report.problem = line;
    if (first.find(':') == first.npos) continue;
    sandbox::LintRemark remark;
    remark.tool = "pycodestyle";
    remark.at = place(first);
    remark.code = take_word(line);
    remark.message = line;
    paths.insert(remark.at.path);
    report.remarks.push_back(std::move(remark));
  }
  report.files = static_cast<int>(paths.size());
  report.tools = {"pycodestyle 2"};
  return report;
}

sandbox::Rung rung_of(std::string_view line) {
  sandbox::Rung rung;
  rung.name = take_word(line);
  const auto status = take_word(line);
  if (status == "passed") rung.status = sandbox::RungStatus::passed;
  if (status == "failed") {
    rung.status = sandbox::RungStatus::failed;
    rung.cause = sandbox::RungCause::submission;
  }
  if (status == "undetermined") rung.cause = sandbox::RungCause::grader;
  rung.reason = line;
  return rung;
}

sandbox::TestCase test_of(std::string_view line) {
  using Status = sandbox::TestCase::Status;
  static const std::map<std::string_view, Status> words{{"passed", Status::passed},
                                                        {"failed", Status::failed},
                                                        {"error", Status::error},
                                                        {"skipped", Status::skipped}};
  sandbox::TestCase test;
  test.id = take_word(line);
  test.status = words.at(take_word(line));
  test.message = line;
  return test;
}

/// "page PATH nobody|user STATUS [FILE:LINE ERROR]"
sandbox::RouteAnswer page_of(std::string_view line) {
  sandbox::RouteAnswer answer;
  answer.path = take_word(line);
  answer.signed_in = take_word(line) == "user";
  answer.status = std::stoi(std::string(take_word(line)));
  if (const auto at = take_word(line); !at.empty()) answer.at = place(at);
  answer.error = line;
  return answer;
}

sandbox::Rehearsal rehearsal_of(std::string_view text) {
  sandbox::Rehearsal rehearsal;
  for (auto line : text::lines(text)) {
    const auto word = take_word(line);
    if (word == "rung") rehearsal.ladder.push_back(rung_of(line));
    if (word == "page") rehearsal.routes.push_back(page_of(line));
    if (word == "problem") rehearsal.problem = line;
    if (word != "test" && word != "doubt") continue;
    if (!rehearsal.tests) {
      rehearsal.tests.emplace();
      rehearsal.tests->runner = "django";
      rehearsal.tests->trusted = true;
    }
    if (word == "test") {
      rehearsal.tests->cases.push_back(test_of(line));
    } else {
      rehearsal.tests->trusted = false;
      rehearsal.tests->doubt = line;
    }
  }
  return rehearsal;
}

void read_marks(Fixture& fixture) {
  for (const auto& entry : fixture.files.entries) {
    const auto text = fixture.files.text(entry.path);
    if (!text) continue;
    int line_number = 0;
    for (const auto line : text::lines(*text)) {
      for (auto& mark : marks(line, {entry.path, ++line_number})) {
        fixture.expected.push_back(std::move(mark));
      }
    }
  }
}

}  // namespace

std::vector<Expected> marks(std::string_view line, const Location& at) {
  std::vector<Expected> found;
  for (const std::string_view word : {"expect: ", "unclear: "}) {
    for (auto start = line.find(word); start != line.npos; start = line.find(word, start + 1)) {
      std::string_view rest = line.substr(start + word.size());
      std::string id(take_word(rest));
      if (id.find('.') == id.npos) continue;
      const bool todo = line.substr(0, start).ends_with("todo ");
      found.push_back({std::move(id), at, word == "unclear: ", todo});
    }
  }
  return found;
}

Fixture read_fixture(const std::string& folder) {
  const fs::path top(folder);
  Fixture fixture;
  fixture.folder = folder;
  fixture.files = files_below(top, paths_of(contents(top / "TREE").value_or("")));
  read_marks(fixture);
  const std::string expect = contents(top / "EXPECT").value_or("");
  for (const auto line : text::lines(expect)) {
    for (auto& mark : marks(line, {})) {
      const auto after = line.find(mark.check) + mark.check.size();
      const auto where = text::trim(line.substr(after));
      if (!where.empty()) mark.at = place(where);
      fixture.expected.push_back(std::move(mark));
    }
  }
  if (const auto text = contents(top / "HISTORY")) {
    fixture.history = history_of(*text);
    fixture.past = past_contents_of(*text);
  }
  if (const auto text = contents(top / "LINT")) fixture.lint = lint_of(*text);
  if (const auto text = contents(top / "REHEARSAL")) fixture.rehearsal = rehearsal_of(*text);
  return fixture;
}

std::vector<std::string> fixture_folders(std::string_view check_id) {
  const std::string top = "fixtures/" + text::replace_all(std::string(check_id), ".", "/");
  std::vector<std::string> folders;
  if (!fs::exists(top)) return folders;
  for (const auto& entry : fs::directory_iterator(top)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() && (name.starts_with("bad") || name.starts_with("good"))) {
      folders.push_back(top + "/" + name);
    }
  }
  std::ranges::sort(folders);
  return folders;
}

std::vector<grading::Finding> run_on(const Fixture& fixture, const CatalogueEntry& entry) {
  const project::Project project = project::model(fixture.files);
  project::PastSecrets past(project);
  for (const auto& [path, commit, text] : fixture.past) {
    // A database has no text in HISTORY, and is never read.
    const std::uint64_t size = text.empty() ? 1 : text.size();
    if (past.wanted(path, size, commit)) past.read(path, text, commit);
  }
  const Facts facts{project,
                    fixture.history,
                    fixture.lint ? &*fixture.lint : nullptr,
                    fixture.rehearsal ? &*fixture.rehearsal : nullptr,
                    1'700'000'000,
                    past.take()};
  auto findings = entry.check->run(facts);
  for (auto& finding : findings) finding.check = entry.id;
  return findings;
}

std::vector<std::string> differences(const Fixture& fixture, std::string_view check_id,
                                     const std::vector<grading::Finding>& findings) {
  std::vector<std::string> told;
  std::vector<Expected> wanted = fixture.expected;
  for (const auto& mark : wanted) {
    if (mark.check != check_id) {
      told.push_back(fmt::format("{}: a mark of {} in {}", fixture.folder, mark.check, check_id));
    }
  }
  for (const auto& finding : findings) {
    const bool unclear = finding.outcome == grading::Outcome::undetermined &&
                         finding.cause == grading::Cause::submission;
    if (finding.outcome != grading::Outcome::violated && !unclear) continue;
    const Location at = finding.evidence.empty() ? Location() : finding.evidence.front().location;
    const auto hit = std::ranges::find_if(wanted, [&](const Expected& mark) {
      return mark.unclear == unclear && mark.at.path == at.path && mark.at.line == at.line;
    });
    const auto where = fmt::format("{}: {}", fixture.folder, to_string(at));
    if (hit == wanted.end()) {
      told.push_back(fmt::format("{}: not expected: {}{}", where, unclear ? "(unclear) " : "",
                                 finding.message));
      continue;
    }
    if (hit->known_miss) told.push_back(where + ": found: the mark need not say todo any more");
    wanted.erase(hit);
  }
  for (const auto& mark : wanted) {
    if (mark.known_miss) continue;
    told.push_back(fmt::format("{}: {}: expected {}and not found", fixture.folder,
                               to_string(mark.at), mark.unclear ? "unclear " : ""));
  }
  return told;
}

}  // namespace grader::checks
