#pragma once

#include <string>
#include <utility>
#include <vector>

#include "grader/base/location.hpp"

namespace grader::project {

/// One step of the way from what is seen to what is concluded.
struct Step {
  Location at;
  std::string text;  ///< plain words, our own; names of the submission may stand in it
};

/// What static reading says of a question, with the way it got there.
struct Verdict {
  enum class State { no, yes, not_applicable, undecided };
  State state = State::undecided;
  std::vector<Step> trace;
  std::string why;  ///< of undecided: what could not be resolved

  bool yes() const { return state == State::yes; }
  bool no() const { return state == State::no; }
  bool undecided() const { return state == State::undecided; }

  /// A verdict that was reached, with the steps that led to it.
  static Verdict make(State state, std::vector<Step> trace = {}) {
    return {state, std::move(trace), {}};
  }
  /// No verdict, and why there is none.
  static Verdict unknown(std::string why, std::vector<Step> trace = {}) {
    return {State::undecided, std::move(trace), std::move(why)};
  }
};

}  // namespace grader::project
