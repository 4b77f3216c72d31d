// Signs that the code is older than its history, and dates that cannot be.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <optional>
#include <unordered_map>

#include "checks/history_facts.hpp"
#include "checks/history_notes.hpp"
#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

using submission::Commit;

constexpr std::int64_t day = 86'400;
constexpr std::size_t most_dates = 20;
constexpr std::size_t most_migrations = 200;

std::int64_t seconds_of(int year, unsigned month, unsigned day_of_month) {
  using namespace std::chrono;
  const sys_days days =
      std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day_of_month);
  return duration_cast<seconds>(days.time_since_epoch()).count();
}

std::string date_of(std::int64_t time) {
  using namespace std::chrono;
  const year_month_day date(floor<days>(sys_seconds(seconds(time))));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// "2023-04-03" at the start of a text.
std::optional<std::int64_t> time_at(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day_of_month = 0;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t size, auto& value) {
    const char* end = text.data() + from + size;
    return std::from_chars(text.data() + from, end, value).ptr == end;
  };
  if (!number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day_of_month)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day_of_month)};
  if (!date.ok() || year < 1990) return std::nullopt;
  return seconds_of(year, month, day_of_month);
}

/// First releases of Django's versions: https://www.djangoproject.com/download/
std::optional<std::int64_t> django_release(std::string_view version) {
  static const std::map<std::string, std::string_view, std::less<>> releases{
      {"1.8", "2015-04-01"}, {"1.9", "2015-12-01"}, {"1.10", "2016-08-01"}, {"1.11", "2017-04-04"},
      {"2.0", "2017-12-02"}, {"2.1", "2018-08-01"}, {"2.2", "2019-04-01"},  {"3.0", "2019-12-02"},
      {"3.1", "2020-08-04"}, {"3.2", "2021-04-06"}, {"4.0", "2021-12-07"},  {"4.1", "2022-08-03"},
      {"4.2", "2023-04-03"}, {"5.0", "2023-12-04"}, {"5.1", "2024-08-07"},  {"5.2", "2025-04-02"},
      {"6.0", "2025-12-03"}};
  const auto dot = version.find('.');
  if (dot == version.npos) return std::nullopt;
  auto end = dot + 1;
  while (end < version.size() && version[end] >= '0' && version[end] <= '9') ++end;
  // Before a release there are previews of it: 5.0a1, 5.0rc1.
  if (end < version.size() && version[end] != '.' && version[end] != ' ') return std::nullopt;
  const auto found = releases.find(version.substr(0, end));
  return found == releases.end() ? std::nullopt : time_at(found->second);
}

/// The word after `head` up to white space or a full stop before it; empty where it is not there.
std::string_view word_after(std::string_view text, std::string_view head) {
  const auto at = text.find(head);
  if (at == text.npos) return {};
  const auto rest = text.substr(at + head.size());
  auto word = rest.substr(0, rest.find_first_of(" \n\r\t"));
  if (word.ends_with('.')) word.remove_suffix(1);
  return word;
}

/// The oldest commit that added this path, or null.
const Commit* adding(const submission::History& history, std::string_view path) {
  const Commit* found = nullptr;
  for (const auto& commit : history.commits) {
    for (const auto& change : commit.changes) {
      if (change.path == path && change.status == submission::ChangedPath::Status::added) {
        found = &commit;
      }
    }
  }
  return found;
}

void add(std::vector<ImpossibleDate>& found, const Commit& commit, std::string why) {
  if (found.size() < most_dates) found.push_back({commit.oid, std::move(why)});
}

void add_framework_dates(const Facts& facts, std::vector<ImpossibleDate>& found) {
  const auto* settings = facts.project.main_settings();
  const auto text = settings != nullptr ? facts.project.files.text(settings->path) : std::nullopt;
  if (!text) return;
  const auto version = word_after(text->substr(0, 2'000), "using Django ");
  const auto release = django_release(version);
  const Commit* commit = adding(facts.history, settings->path);
  if (!release || commit == nullptr || commit->author_time >= *release) return;
  add(found, *commit,
      fmt::format(
          "is dated {}, before the first release of the Django that wrote its settings ({}, "
          "{})",
          date_of(commit->author_time), version, date_of(*release)));
}

std::int64_t first_time(const submission::History& history) {
  return std::ranges::min_element(history.commits, {}, &Commit::author_time)->author_time;
}

/// "# Generated by Django 3.1.7 on 2021-03-20 12:45" long before the first commit.
std::optional<TemplateSign> old_migrations(const Facts& facts) {
  constexpr std::int64_t long_before = 14 * day;
  constexpr std::int64_t a_year = 365 * day;
  const std::int64_t begun = first_time(facts.history);
  std::size_t read = 0;
  for (const auto& entry : facts.project.files.entries) {
    const bool migration = entry.path.find("/migrations/0") != std::string::npos &&
                           entry.path.ends_with(".py") && entry.size < (64U << 10U);
    if (!migration || project::is_vendored(entry.path, facts.project.files)) continue;
    if (++read > most_migrations) break;
    const auto text = facts.project.files.text(entry.path);
    if (!text || !text->starts_with("# Generated by Django ")) continue;
    const auto on = text->find(" on ");
    const auto made = on < 60 ? time_at(std::string_view(*text).substr(on + 4)) : std::nullopt;
    if (!made || *made > begun - long_before) continue;
    return TemplateSign{fmt::format("a migration is dated {}, {} days before the first commit",
                                    date_of(*made), (begun - *made) / day),
                        begun - *made >= a_year,
                        {entry.path, 1},
                        {}};
  }
  return std::nullopt;
}

/// "Django settings for todo_list project." in a project that is called otherwise.
std::optional<TemplateSign> other_name(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  const auto text = settings != nullptr ? facts.project.files.text(settings->path) : std::nullopt;
  if (!text) return std::nullopt;
  const std::string name(word_after(text->substr(0, 2'000), "Django settings for "));
  if (name.empty() || name.find_first_of("{}<>") != std::string::npos) return std::nullopt;
  const std::string path = "/" + text::lower(settings->path);
  // config/settings.py of a project of another name is a common layout, and so are base settings.
  const bool general = text::contains_any(
      path, {"/config/", "/conf/", "/core/", "/settings/", "/backend/", "/src/"});
  if (general || path.find("/" + text::lower(name) + "/") != std::string::npos) {
    return std::nullopt;
  }
  return TemplateSign{
      "the settings were written for a project called " + name, false, {settings->path, 1}, {}};
}

/// Tools that make a project from a template leave their answers.
std::optional<TemplateSign> generator_file(const Facts& facts) {
  for (const auto& entry : facts.project.files.entries) {
    const auto name = project::file_name(entry.path);
    if (name == ".cruft.json" || name == ".copier-answers.yml" || name == "cookiecutter.json") {
      return TemplateSign{
          std::string(name) + " is what a project template leaves", true, {entry.path, 1}, {}};
    }
  }
  return std::nullopt;
}

/// The root brought most of the code, and whoever made it never came back.
std::optional<TemplateSign> other_beginner(const Facts& facts) {
  const auto& commits = facts.history.commits;
  if (commits.size() < 3 || !facts.history.complete) return std::nullopt;
  const Commit& root = commits.back();
  const auto people = people_of(commits);
  const bool alone = std::ranges::count(people, people.back()) == 1 && people.back() >= 0;
  std::size_t total = 0;
  for (const auto& commit : commits) total += own_code_lines(commit);
  const std::size_t first = own_code_lines(root);
  if (!alone || first < 200 || 100 * first < 60 * total) return std::nullopt;
  return TemplateSign{
      fmt::format("the first commit brought {} % of the code and is the only one of its author",
                  100 * first / total),
      true,
      {},
      root.oid};
}

}  // namespace

std::vector<ImpossibleDate> impossible_dates(const Facts& facts) {
  std::vector<ImpossibleDate> found;
  const std::int64_t first_git = seconds_of(2005, 4, 7);
  std::unordered_map<std::string_view, const Commit*> by_oid;
  for (const auto& commit : facts.history.commits) by_oid.emplace(commit.oid, &commit);
  for (const auto& commit : facts.history.commits) {
    const std::int64_t latest = std::max(commit.author_time, commit.commit_time);
    if (commit.author_time < first_git) {
      add(found, commit, "is dated " + date_of(commit.author_time) + ", before git existed");
    } else if (facts.as_of > 0 && latest > facts.as_of + day) {
      add(found, commit, "is dated " + date_of(latest) + ", after the day of this grading");
    }
    for (const auto& oid : commit.parents) {
      const auto parent = by_oid.find(oid);
      if (parent == by_oid.end() || commit.commit_time >= parent->second->commit_time - day) {
        continue;
      }
      add(found, commit,
          fmt::format("was committed on {}, its parent on {}", date_of(commit.commit_time),
                      date_of(parent->second->commit_time)));
      break;
    }
  }
  if (!facts.history.commits.empty()) add_framework_dates(facts, found);
  return found;
}

std::vector<TemplateSign> template_signs(const Facts& facts) {
  std::vector<TemplateSign> signs;
  if (facts.history.commits.empty()) return signs;
  for (auto sign :
       {old_migrations(facts), other_name(facts), generator_file(facts), other_beginner(facts)}) {
    if (sign) signs.push_back(std::move(*sign));
  }
  return signs;
}

bool is_template_start(const std::vector<TemplateSign>& signs) {
  return signs.size() >= 2 || std::ranges::any_of(signs, &TemplateSign::sure);
}

}  // namespace grader::checks
