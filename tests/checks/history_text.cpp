#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <stdexcept>

#include "grader/base/text.hpp"
#include "tests/checks/fixture.hpp"

namespace grader::checks {
namespace {

using submission::ChangedPath;
using submission::Commit;

int digits(std::string_view text) {
  int value = 0;
  const auto end = text.data() + text.size();
  if (std::from_chars(text.data(), end, value).ptr != end) {
    throw std::runtime_error("HISTORY: not a number: " + std::string(text));
  }
  return value;
}

/// "2024-03-01", "10:05", "+0230".
std::pair<std::int64_t, int> time_of(std::string_view date, std::string_view clock,
                                     std::string_view zone) {
  if (date.size() != 10 || clock.size() != 5 || zone.size() != 5) {
    throw std::runtime_error("HISTORY: write `commit 2024-03-01 10:05 +0230 Name <address>`");
  }
  using namespace std::chrono;
  const auto day =
      year(digits(date.substr(0, 4))) / digits(date.substr(5, 2)) / digits(date.substr(8, 2));
  const int minutes_east =
      (digits(zone.substr(1, 2)) * 60 + digits(zone.substr(3, 2))) * (zone.front() == '-' ? -1 : 1);
  const auto moment = sys_days(day) + hours(digits(clock.substr(0, 2))) +
                      minutes(digits(clock.substr(3, 2)) - minutes_east);
  return {duration_cast<seconds>(moment.time_since_epoch()).count(), minutes_east};
}

Commit head_of(std::string_view line) {
  const auto parts = text::split(line, ' ');
  const auto open = line.find('<');
  const auto close = line.find('>');
  if (parts.size() < 6 || open == line.npos || close == line.npos) {
    throw std::runtime_error("HISTORY: not the head of a commit: " + std::string(line));
  }
  Commit commit;
  std::tie(commit.author_time, commit.author_offset_minutes) =
      time_of(parts[1], parts[2], parts[3]);
  const std::size_t name_from = static_cast<std::size_t>(parts[4].data() - line.data());
  commit.author = {std::string(text::trim(line.substr(name_from, open - name_from))),
                   std::string(line.substr(open + 1, close - open - 1))};
  commit.committer = commit.author;
  commit.commit_time = commit.author_time;
  commit.commit_offset_minutes = commit.author_offset_minutes;
  if (line.substr(close).find("merge") != line.npos) commit.parents = {"", ""};
  return commit;
}

ChangedPath change_of(std::string_view line) {
  const auto parts = text::split(line, ' ');
  ChangedPath change;
  change.status = line.front() == '+'   ? ChangedPath::Status::added
                  : line.front() == '-' ? ChangedPath::Status::deleted
                                        : ChangedPath::Status::modified;
  change.path = parts.at(1);
  if (parts.size() > 2) change.insertions = static_cast<std::uint32_t>(digits(parts[2]));
  if (parts.size() > 3) change.deletions = static_cast<std::uint32_t>(digits(parts[3]));
  return change;
}

/// Blocks of lines that empty lines divide.
std::vector<std::vector<std::string_view>> blocks_of(std::string_view text) {
  std::vector<std::vector<std::string_view>> blocks(1);
  for (const auto line : text::lines(text)) {
    if (!text::trim(line).empty()) {
      blocks.back().push_back(line);
    } else if (!blocks.back().empty()) {
      blocks.emplace_back();
    }
  }
  if (blocks.back().empty()) blocks.pop_back();
  return blocks;
}

std::string oid_of(std::size_t number) {
  return text::sha256(fmt::format("{}", number)).substr(0, 40);
}

Commit commit_of(const std::vector<std::string_view>& block) {
  Commit commit = head_of(block.front());
  for (const auto line : std::vector(block.begin() + 1, block.end())) {
    const bool is_change = line.size() > 2 && line[1] == ' ' &&
                           std::string_view("+~-").find(line[0]) != std::string_view::npos;
    if (is_change) {
      commit.changes.push_back(change_of(line));
      commit.insertions += commit.changes.back().insertions;
      commit.deletions += commit.changes.back().deletions;
    } else if (line.starts_with('|')) {
      continue;
    } else if (line.starts_with('>')) {
      commit.message += "\n" + std::string(text::trim(line.substr(1)));
    } else {
      commit.message += commit.message.empty() ? std::string(line) : "\n" + std::string(line);
    }
  }
  commit.files_changed = commit.changes.size();
  return commit;
}

}  // namespace

submission::History history_of(std::string_view text) {
  submission::History history;
  for (const auto& block : blocks_of(text)) {
    Commit commit = commit_of(block);
    commit.oid = oid_of(history.commits.size());
    if (!history.commits.empty()) {
      const std::string& before = history.commits.front().oid;
      if (commit.parents.empty()) commit.parents.emplace_back();
      for (auto& parent : commit.parents) parent = before;
    }
    history.commits.insert(history.commits.begin(), std::move(commit));
  }
  return history;
}

std::vector<PastContent> past_contents_of(std::string_view text) {
  std::vector<PastContent> contents;
  std::size_t number = 0;
  for (const auto& block : blocks_of(text)) {
    for (const auto line : block) {
      if (line.starts_with("+ ") || line.starts_with("~ ")) {
        contents.push_back({std::string(text::split(line, ' ').at(1)), oid_of(number), {}});
      }
      if (line.starts_with("| ")) contents.back().text += std::string(line.substr(2)) + "\n";
    }
    ++number;
  }
  return contents;
}

}  // namespace grader::checks
