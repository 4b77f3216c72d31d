#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grader::project::access {

/// A column that a placeholder of an SQL statement is given to.
struct SqlParameter {
  std::string column;     ///< lower case, without alias and quotes; empty where it stands alone
  bool compared = false;  ///< of a WHERE clause; else it is written
  bool searches = false;  ///< by LIKE, ILIKE or ~
};

/// What one SQL statement does to which table, as far as its words tell.
struct SqlStatement {
  enum class Kind { select, insert, update, remove };
  Kind kind = Kind::select;
  std::string table;                     ///< lower case, without schema and quotes
  std::vector<SqlParameter> parameters;  ///< in the order of %s, ?, %(name)s, :name and {…}
};

/// Reads a SELECT, INSERT, UPDATE or DELETE; absent for all other text. Linear in its size.
std::optional<SqlStatement> read_sql(std::string_view text);

}  // namespace grader::project::access
