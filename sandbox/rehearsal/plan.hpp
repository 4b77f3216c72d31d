#pragma once

#include <string>
#include <vector>

#include "grader/base/location.hpp"
#include "grader/project/project.hpp"

namespace grader::sandbox {

/// A requirement of the candidate's that may be handed to an installer: a name and bounds only.
/// Options, URLs and paths of a requirements file are never acted upon.
struct PlannedRequirement {
  std::string name;       ///< normalised
  std::string specifier;  ///< "==4.2.1", ">=3", empty
  Location at;
};

/// An environment variable that the candidate's code reads.
struct PlannedVariable {
  std::string name;
  bool has_default = false;  ///< one that works: neither None nor ''
  std::string cast;          ///< "int", "bool", "list", "url", "db", "json", or empty
  std::string setting;       ///< that it feeds, or empty
  Location at;
};

/// One test function of the candidate's, found without running anything.
struct PlannedTest {
  std::string function;  ///< "test_list"
  Location at;
};

/// What a rehearsal takes from the static model.
struct Plan {
  std::string django_root;      ///< folder of manage.py, "" at the top
  std::string settings_module;  ///< dotted; empty: the submission has none
  Location settings_at;
  std::string django_series;                     ///< "4.2", from the head of the settings file
  std::vector<PlannedRequirement> requirements;  ///< as listed
  std::vector<project::Requirement> refused;     ///< lines with an option, a URL or a path
  std::vector<std::string> missing;              ///< imported packages that no line provides
  std::vector<PlannedVariable> variables;        ///< each name once
  std::vector<PlannedTest> tests;
  std::string test_framework;        ///< django, pytest, none
  std::vector<std::string> counted;  ///< files whose lines coverage counts
  std::vector<std::string> skipped;  ///< vendored folders, left out of the scratch copy
  std::vector<std::string> local;    ///< top-level packages and modules of the submission's own
  std::map<std::string, Location, std::less<>> setting_places;  ///< where each setting is assigned
};

/// What to try for this project.
Plan plan_of(const project::Project& project);

}  // namespace grader::sandbox
