#pragma once

#include <string>
#include <vector>

#include "grader/project/access/machine.hpp"

namespace grader::project::access {

/// One effect with the verdicts that follow from what was certain when it happened.
struct Judged {
  std::string op;
  std::string method;
  std::string model;
  Location at;
  Location handler_at;
  Verdict login;
  Verdict owner;
  bool change = false;
  bool page = false;  ///< shown by a template
  bool unsafe = false;
  bool anonymous_error = false;
};

/// What the effects of one execution of a view mean for the entries.
class Judge {
 public:
  Judge(const Index& index, const Machine& machine, const View& view);

  std::vector<Judged> all() const;

 private:
  bool counts(const Effect& effect, const Model& model) const;
  std::optional<Judged> judge(const Effect& effect) const;
  std::string operation(const Effect& effect, const Rows& rows) const;
  std::string shown_as(const Effect& effect, const Rows& rows) const;
  bool given_own(const Effect& effect, const Rows& rows) const;
  Verdict login(const Effect& effect) const;
  Verdict owner(const Effect& effect, const Rows& rows) const;

  const Index& index_;
  const Machine& machine_;
  std::string name_;  ///< of the view, lower case
};

/// Effects of all methods of a view become its operations: one a kind of thing done, and a second
/// of a kind only where its verdicts differ by method.
class Collector {
 public:
  void is_rest() { rest_ = true; }
  void add(const Judged& judged);
  std::vector<Operation> take();

 private:
  struct Found {
    Operation operation;
    bool change = false;
    bool page = false;  ///< every showing was by a template
  };

  void name_reveals();
  void join_methods();
  void drop_echoes();
  void drop_confirmation_pages();

  bool rest_ = false;
  std::vector<Found> found_;
};

}  // namespace grader::project::access
