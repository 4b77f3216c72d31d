#include <algorithm>

#include "grader/report/batch_page.hpp"
#include "grader/report/encoded.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

CsvText line(const std::vector<std::string>& cells) {
  CsvText out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ",";
    out += Csv::cell(cells[i]);
  }
  out += "\r\n";
  return out;
}

std::string tripped(const grading::Grade& grade) {
  std::string text;
  for (const auto& gate : grade.gates) {
    if (gate.tripped) text += (text.empty() ? "" : "; ") + gate.id;
  }
  return text;
}

}  // namespace

std::string batch_csv(const std::vector<BatchRow>& rows) {
  std::vector<std::string> titles;  // of sections, as they first come
  for (const auto& row : rows) {
    for (const auto& section : row.grade.sections) {
      if (std::ranges::find(titles, section.title) == titles.end()) titles.push_back(section.title);
    }
  }
  std::vector<std::string> head{"submission", "source", "commit", "percent",      "low",
                                "high",       "band",   "basis",  "needs person", "gates"};
  head.insert(head.end(), titles.begin(), titles.end());
  head.emplace_back("error");
  CsvText out = line(head);
  for (const auto& row : rows) {
    const auto& grade = row.grade;
    const bool graded = row.error.empty();
    const auto figure = [&](const grading::Decimal& value) {
      return graded ? grading::to_string(value) : std::string();
    };
    std::vector<std::string> cells{row.name,
                                   row.source,
                                   row.commit,
                                   figure(grade.percent),
                                   figure(grade.low),
                                   figure(grade.high),
                                   grade.band_title,
                                   grade.basis,
                                   !graded              ? ""
                                   : grade.needs_person ? "yes"
                                                        : "no",
                                   tripped(grade)};
    for (const auto& title : titles) {
      const auto section = std::ranges::find(grade.sections, title, &grading::SectionMark::title);
      cells.push_back(section == grade.sections.end() ? "" : grading::to_string(section->points));
    }
    cells.push_back(row.error);
    out += line(cells);
  }
  return out.bytes();
}

}  // namespace grader::report
