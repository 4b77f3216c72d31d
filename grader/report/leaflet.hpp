#pragma once

#include <string>
#include <vector>

#include "grader/base/location.hpp"
#include "grader/report/report.hpp"

namespace grader::report {

/// A line of a page for one audience. Paths may be a submission's: hostile, escape them.
struct LeafletItem {
  std::string text;
  std::string more;  ///< a second sentence, or empty
  Location at;       ///< no path: none
};

/// A heading with what stands below it.
struct LeafletPart {
  /// How a page shows it.
  enum class Kind { plain, good, bad, letter };
  std::string heading;
  std::vector<std::string> paragraphs;
  std::vector<LeafletItem> items;
  Kind kind = Kind::plain;
  std::string language = {};  ///< where it is another one than the page's
};

/// Whether a result is enough for a position.
struct Position {
  enum class Answer { yes, no, open };
  std::string name;  ///< "Junior"
  Answer answer = Answer::open;
  std::string words;  ///< "not with this work"
};

/// A short page for one reader.
struct Leaflet {
  std::string language;  ///< "en" or "ru"
  std::string title;
  std::string lead;
  std::string about;   ///< what it is of, when: "ann/vault · 2026-11-20"; or empty
  std::string footer;  ///< or empty
  std::optional<grading::Grade>
      scale;  ///< only percent, low, high and bands; nothing: none is shown
  std::vector<Position> positions;
  std::vector<LeafletPart> parts;
};

/// For a recruiter: the verdict, what it means for a junior and a middle position, three strengths
/// and three weaknesses in plain words, what a person must look at, and a draft of the answer in
/// both languages.
Leaflet recruiter_leaflet(const Report& report);

/// For the candidate: what was good, what to learn and where to read it. It holds no points, no
/// messages, no quotations and nothing of what the running application was asked: only our own
/// sentences and the candidate's own paths.
Leaflet candidate_leaflet(const Report& report);

/// The leaflet as one self-contained HTML page, and as GitHub-flavoured Markdown.
std::string to_html(const Leaflet& leaflet);
std::string to_markdown(const Leaflet& leaflet);

}  // namespace grader::report
