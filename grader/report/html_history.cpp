#include <algorithm>
#include <cmath>
#include <ranges>

#include "grader/report/html_parts.hpp"

namespace grader::report::html {
namespace {

constexpr std::size_t dots_shown = 600;
constexpr std::size_t commits_shown = 200;
constexpr int base_line = 132;  // of the drawing in history.mustache
constexpr double shortest = 12;
constexpr double tallest = 116;
constexpr std::int64_t day = 86'400;

/// First and last time of the commits; an empty span is widened, so that one commit stands in the
/// middle.
struct Span {
  std::int64_t from = 0;
  std::int64_t to = 0;
  bool empty() const { return from == to; }
  double place(std::int64_t time) const {
    constexpr double margin = 0.015;
    if (empty()) return 0.5;
    const auto part = static_cast<double>(time - from) / static_cast<double>(to - from);
    return margin + part * (1 - 2 * margin);
  }
};

Span span_of(const std::vector<CommitFacts>& commits) {
  const auto [first, last] = std::ranges::minmax_element(commits, {}, &CommitFacts::time);
  return {first->time, last->time};
}

std::vector<Fields> dots(const std::vector<CommitFacts>& commits, const Span& span) {
  double largest = 1;
  for (const auto& commit : commits) {
    largest = std::max(largest, static_cast<double>(commit.added + commit.removed));
  }
  const std::size_t stride = (commits.size() + dots_shown - 1) / dots_shown;
  std::vector<Fields> result;
  for (std::size_t i = 0; i < commits.size(); i += stride) {
    const auto lines = static_cast<double>(commits[i].added + commits[i].removed);
    const double height = shortest + (tallest - shortest) * std::log1p(lines) / std::log1p(largest);
    result.emplace_back()
        .attribute("dot_x", Token::percent(span.place(commits[i].time)))
        .attribute("dot_y", Token(base_line - static_cast<int>(height)));
  }
  return result;
}

Fields tick(std::int64_t time, const Span& span, Markup anchor, const std::string& language) {
  Fields fields;
  fields.attribute("tick_x", Token::percent(span.place(time)))
      .attribute("tick_anchor", anchor)
      .text("tick_date", shown(date_in_words(date(time), language)));
  return fields;
}

std::vector<Fields> ticks(const Span& span, const std::string& language) {
  if (span.empty() || date(span.from) == date(span.to))
    return {tick(span.from, span, "middle", language)};
  std::vector<Fields> result{tick(span.from, span, "start", language)};
  if (span.to - span.from >= 2 * day) {
    result.push_back(tick(span.from + (span.to - span.from) / 2, span, "middle", language));
  }
  result.push_back(tick(span.to, span, "end", language));
  return result;
}

std::vector<Fields> rows(const std::vector<CommitFacts>& commits, const std::string& language) {
  std::vector<Fields> result;
  for (const auto& commit : commits | std::views::take(commits_shown)) {
    std::string size = "+" + std::to_string(commit.added) + " −" + std::to_string(commit.removed) +
                       " in " + plural(commit.files, "file");
    if (commit.merge) size += ", merge";
    result.emplace_back()
        .text("commit_date", shown(date_in_words(date(commit.time), language)))
        .text("commit_id", shown(commit.id.substr(0, 8)))
        .text("subject", shown(commit.subject, 200))
        .text("commit_size", word(size, language));
  }
  return result;
}

/// What a person reads about the history; nothing of it is marked.
std::vector<Fields> note_rows(const grading::GitProfile& git) {
  std::vector<Fields> result;
  for (const auto& note : git.notes) {
    std::string text = note.text;
    if (!note.commit.empty()) text += " (" + note.commit.substr(0, 8) + ")";
    result.emplace_back().text("history_note", shown(text, 400));
  }
  return result;
}

}  // namespace

void add_history(Fields& page, const Report& report) {
  const auto commits = commit_facts(report);
  page.flag("has_history", !commits.empty());
  if (commits.empty()) return;
  const Span span = span_of(commits);
  const auto& language = report.language;
  std::string sentence = said(history_in_words(report), language) + " " +
                         said("Height shows the lines changed.", language);
  if (!report.history_gap.empty()) {
    sentence += " " + said("Not complete:", language) + " " + report.history_gap;
  }
  page.list("dots", dots(commits, span))
      .list("ticks", ticks(span, language))
      .text("history_sentence", shown(sentence, 1'000))
      .flag("has_history_notes", !report.profile.git.notes.empty())
      .list("history_notes", note_rows(report.profile.git))
      .text("commits_summary", word("All commits, newest first", language))
      .list("commits", rows(commits, language));
  add_rest(page, "has_more_commits", "more_commits", commits.size(), commits_shown, "commit",
           language);
}

}  // namespace grader::report::html
