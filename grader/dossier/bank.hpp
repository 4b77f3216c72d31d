#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/dossier/dossier.hpp"
#include "grader/grading/rubric.hpp"

namespace grader::dossier {

/// When a question fits a submission: all of it has to hold.
struct Condition {
  std::vector<std::string> violated;  ///< ids of checks of which one is violated, or empty
  std::vector<std::string> met;       ///< ids of checks that are all met
  std::map<std::string, std::vector<std::string>> facts;  ///< name of a fact, values of which one
};

/// A question as the bank has it, with placeholders such as {model} in its texts.
struct Question {
  std::string id;
  std::string part;
  std::string topic;
  int level = 1;
  Condition when;
  std::vector<std::string> at;  ///< places to look for, the first that this submission has counts
  Words ask;
  Words junior;
  Words middle;
  Words follow_up;
  std::vector<Words> watch;
};

/// How many questions a part takes of a topic.
struct TopicCount {
  std::string id;
  int count = 1;
};

/// A part of the interview as it is planned for everybody.
struct PartPlan {
  std::string id;
  Words title;
  Words hint;
  int minutes_short = 0;
  int minutes_long = 0;
  int at_least = 0;
  int at_most = 0;
  std::vector<TopicCount> topics;  ///< asked first; what is left is filled with other topics
};

/// All questions and the plan.
struct Bank {
  std::vector<PartPlan> parts;
  std::vector<SheetRow> sheet;
  std::vector<Question> questions;
  std::string digest;
};

/// A bank, or everything that is wrong with its files (then `bank` is empty).
struct BankReading {
  std::optional<Bank> bank;
  std::vector<grading::RubricProblem> problems;
};

/// Reads the files of a question bank, one of which holds the plan, and finds every mistake:
/// unknown checks, facts, places and placeholders, a missing translation, ids given twice. At most
/// 32 files of 1 MiB and 500 questions.
BankReading read_bank(const std::vector<std::string>& paths,
                      const std::vector<std::string>& known_checks,
                      const grading::RubricSource& source = grading::read_rubric_file);

/// All .yaml files of a folder, by name.
Result<std::vector<std::string>> bank_files(const std::string& folder);

/// The bank of a folder for who only needs it: an Error of kind `rubric` tells the first mistake.
Result<Bank> load_bank(const std::string& folder, const std::vector<std::string>& known_checks);

}  // namespace grader::dossier
