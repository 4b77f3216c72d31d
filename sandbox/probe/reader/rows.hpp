#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sandbox/probe/reader/files.hpp"

namespace grader::sandbox::reader {

/// A value of a column; texts and blobs are both bytes.
struct Value {
  enum class Kind { null, number, text, blob };
  Kind kind = Kind::null;
  std::string bytes;  ///< a number as its digits
  bool operator==(const Value&) const = default;
};

using Row = std::map<std::string, Value>;

/// table → row number → row. All content is hostile.
using Tables = std::map<std::string, std::map<std::int64_t, Row>>;

/// The ordinary tables of all databases among these files, which are opened as copies below
/// `workspace`: nothing of a schema is trusted, nothing is written, no extension is loaded, and
/// numbers, sizes and time are bounded.
Tables read_tables(const Files& files, const std::string& workspace);

/// A row to be written over: the column gets these bytes, as the kind of value that is there.
struct Edit {
  std::string table;
  std::int64_t row = 0;
  std::string column;
  std::string bytes;
};

/// The files with one value replaced; as they were where that fails.
Files edited(const Files& files, const std::string& workspace, const Edit& edit);

/// The files with `count` more rows like `row` of the table; columns that `fresh` names get its
/// text with a number appended, whole-number keys are left to the database.
struct Copies {
  std::string table;
  std::int64_t row = 0;
  int count = 0;
  std::vector<std::string> fresh;
  std::string key;  ///< column of the primary key
};
Files with_copies(const Files& files, const std::string& workspace, const Copies& copies);

}  // namespace grader::sandbox::reader
