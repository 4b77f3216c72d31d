#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grader/project/flow/state.hpp"

namespace grader::project {
struct Project;
}

namespace grader::project::flow {

/// A save of an entry's secret, and from where it was reached.
struct FoundWrite {
  Write write;
  python::Node root;  ///< the function or class that the outside calls
  std::string by;     ///< view, form, serializer, admin, command
};

/// A call of something outside the submission that matters to a rule.
struct FoundCall {
  std::string name;  ///< qualified, or "….execute" of an object that is not known
  python::Node node;
  std::vector<Ref> arguments;      ///< without objects; named ones after the positional
  std::vector<std::string> names;  ///< of the named ones, "" of positional
  python::Node root;
};

/// In place of a template's name: what a context processor gives to all of them.
inline constexpr std::string_view every_page = "*";

/// What a template is given by render(), or what JsonResponse and its like send.
struct Rendering {
  std::string name;  ///< of the template; empty: no template, but what is sent
  /// By key; what is sent as text has the key "".
  std::vector<std::pair<std::string, Ref>> context;
  std::vector<std::pair<std::string, Ref>> inner;  ///< of dictionaries inside it, by key
  python::Node node;
  python::Node root;  ///< the function or class that the outside calls
};

/// A query for one row of many: a relation that was not joined, or a query in a loop over rows.
struct RowQuery {
  python::Node node;
  python::Node loop;
  std::string relation;  ///< empty: a query of its own
  python::Node rows;     ///< of a relation: where the rows of the loop were asked for
};

/// All that was seen while the submission's functions were followed.
struct Flow {
  std::vector<FoundWrite> writes;
  std::vector<FoundCall> calls;
  std::vector<Rendering> renderings;
  std::vector<RowQuery> queries;
  std::map<std::string, Ref> session;  ///< what is put into the session, by key
  /// Columns ("vault.models.Entry.url") that are given what a person sent, past any form, with
  /// what the outside calls for it.
  std::set<std::pair<std::string, python::Node>> unchecked;
  std::vector<std::string> gaps;  ///< functions that were left before their end
};

/// Follows every view, form, serializer, admin class, command and helper of the submission, tests
/// and migrations left out. At most 600,000 steps.
Flow follow(const Project& project);

}  // namespace grader::project::flow
