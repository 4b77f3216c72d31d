#pragma once

#include <string>
#include <vector>

#include "grader/base/location.hpp"

namespace grader::dossier {

/// One text in the languages that reports are written in.
struct Words {
  std::string en;
  std::string ru;

  /// The text in "en" or "ru"; English for any other name.
  const std::string& in(const std::string& language) const { return language == "ru" ? ru : en; }
  bool operator==(const Words&) const = default;
};

/// A question to this candidate. Names and quotations of the submission stand in its texts:
/// hostile, escape them.
struct Asked {
  std::string id;      ///< of the bank, "why_symmetric"
  std::string topic;   ///< "encryption"
  int level = 1;       ///< 1 for beginners to 3
  Location at;         ///< where to look before it is asked; no path where it is about a commit
  std::string commit;  ///< full object id, where it is about a commit
  std::string quote;   ///< the lines there, secrets masked
  Words ask;           ///< the question
  Words junior;        ///< what a junior would say
  Words middle;        ///< what a middle would say
  Words follow_up;     ///< what to ask next
  std::vector<Words> watch;  ///< what the interviewer looks out for
};

/// A part of the interview.
struct Part {
  std::string id;  ///< "review", "live", "theory", "soft"
  Words title;
  Words hint;  ///< how to lead it
  int minutes = 0;
  std::vector<Asked> questions;
};

/// A line of the sheet that the interviewer fills in: 0 to 4 points and a reason.
struct SheetRow {
  std::string id;
  Words title;
  Words junior;  ///< what stands for a junior
  Words middle;
};

/// What an interviewer takes to the talk about one submission.
struct Dossier {
  int minutes = 0;
  std::vector<Part> parts;
  std::vector<SheetRow> sheet;
  std::string bank_digest;  ///< SHA-256 of the effective content of the question bank
  bool empty() const { return parts.empty(); }
};

}  // namespace grader::dossier
