#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "grader/dossier/bank.hpp"
#include "grader/dossier/dossier.hpp"
#include "grader/grading/finding.hpp"

namespace grader::dossier {

/// What one view does to entries by one operation.
struct ViewFact {
  std::string name;
  std::string kind;  ///< function, class, viewset
  std::string op;   ///< list, detail, create, update, delete, search, export, import, share, reveal
  Location at;      ///< of its definition, with its last line
  Location lookup;  ///< the query or write that makes it so
  std::string login;    ///< required, missing, unsure
  std::string owner;    ///< scoped, missing, n/a, unsure
  bool unsafe = false;  ///< changes by GET or without CSRF protection
  bool reached = true;  ///< by a route
};

/// A commit as far as a question names it.
struct CommitFact {
  std::string id;
  std::string subject;
  std::size_t lines = 0;  ///< of own code, added
  bool telling = false;   ///< its message says what was done
};

/// Everything that questions are chosen and filled in from, as values.
struct Material {
  std::vector<grading::Finding> findings;
  std::map<std::string, std::string> facts;  ///< names and values of fact_names()
  std::map<std::string, std::string> words;  ///< placeholders of the whole submission
  std::map<std::string, Location> places;    ///< of place_names(), where this submission has one
  std::vector<ViewFact> views;
  std::vector<CommitFact> commits;  ///< newest first
  std::string salt;                 ///< the graded commit: decides between equal questions
  int strength = 1;                 ///< 1 to 3: the level of questions that fits
  std::function<std::string(const Location&)> quote;  ///< lines of the submission, secrets masked
};

/// Chooses and fills in the questions for one submission. The same material gives the same dossier.
/// A question is left out where nothing of the submission answers one of its placeholders.
Dossier build(const Bank& bank, const Material& material);

}  // namespace grader::dossier
