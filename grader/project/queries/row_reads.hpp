#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "grader/project/project.hpp"

namespace grader::project {

/// One relation that is read on a row: a query of its own, unless it was joined.
struct RowRead {
  std::string relation;  ///< name of the field, or of the other side's rows
  bool forward = true;   ///< a key of the row itself: select_related() joins it
  Location at;
};

/// Where many rows come from.
struct RowSource {
  const Model* model = nullptr;
  std::set<std::string> joined;  ///< first names of select_related() and prefetch_related(); "*"
  Location at;                   ///< of the expression that asks for them

  bool joins(std::string_view relation) const;
};

/// What the rest of a path ("vault.name" of entry.vault.name) reads on a row of this model; `at`
/// is where it stands. Nothing for the row's own columns.
std::vector<RowRead> reads_of_path(const Project& project, const Model& model,
                                   std::string_view path, const Location& at);

/// What a function reads on the row that it calls `name` ("self", "obj").
std::vector<RowRead> reads_of_function(const Project& project, const Model& model,
                                       python::Node function, std::string_view name);

/// What __str__() of this model reads on a row.
std::vector<RowRead> reads_of_text(const Project& project, const Model& model);

/// The rows that an expression asks for, as it is written: its model, and what is joined anywhere
/// in `around` (the function or class attribute that holds it).
RowSource source_of(const Project& project, python::Node expression, python::Node around);

/// The rows that a class-based view or viewset lists: get_queryset(), queryset, model.
RowSource source_of_view(const Project& project, python::Node view);

/// The parts of a finding, in its order: `at`, then every read.
RepeatedQuery repeated(const Location& at, std::string_view what,
                       const std::vector<RowRead>& reads);

// The places where rows are shown one by one; each adds to `found`.
void find_admin_rows(const Project& project, std::vector<RepeatedQuery>& found);
void find_serializer_rows(const Project& project, std::vector<RepeatedQuery>& found);

}  // namespace grader::project
