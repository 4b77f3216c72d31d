#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/findings.hpp"

namespace grader::checks {

/// True for tests and migrations, which are looked at by checks of their own.
bool is_aside(std::string_view path);

/// Calls `visit` for every node of this kind in the submission's own Python, tests and migrations
/// left out, where the file holds `word`.
void each_node(const Facts& facts, python::Kind kind, std::string_view word,
               const std::function<void(python::Node)>& visit);

/// The first line of a node as the place of a finding.
Location line_of(python::Node node);

/// The findings, or `met` where there are none.
std::vector<grading::Finding> or_met(std::vector<grading::Finding> findings, std::string message);

/// True if an expression is only counted: the argument of len().
bool length_only(python::Node expression);

/// True if whoever sees the column of the secret can read it: it is stored as typed or only
/// encoded, or its field class decrypts it.
bool shows_secret(const Facts& facts);

/// True if the admin class is registered for this model.
bool is_admin_of(const Facts& facts, python::Node admin, const project::Model& model);

/// The answer to «is this class missing from MIDDLEWARE?» of the settings that are used.
std::vector<grading::Finding> without_middleware(const Facts& facts, std::string_view name,
                                                 grading::Severity severity);

}  // namespace grader::checks
