#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grader::sandbox {

/// One line that a driver of ours wrote inside a box: a kind and flat fields. Where the candidate's
/// code ran in the same interpreter, every record is a claim.
struct Record {
  std::string kind;
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::int64_t, std::less<>> numbers;  ///< booleans are 0 and 1
  std::map<std::string, std::vector<std::string>, std::less<>> lists;

  /// The text of this name; empty where there is none.
  std::string_view text(std::string_view name) const;

  /// The number of this name, or `fallback`.
  std::int64_t number(std::string_view name, std::int64_t fallback = 0) const;

  /// The list of this name; empty where there is none.
  const std::vector<std::string>& list(std::string_view name) const;
};

/// How much of a driver's output is believed.
struct RecordLimits {
  std::size_t line = 1 << 20;   ///< bytes; a longer line is not read
  std::size_t text = 4'000;     ///< code points kept of one text
  std::size_t list = 2'000;     ///< entries kept of one list
  std::size_t count = 100'000;  ///< records kept
};

/// What `read_records` made of a driver's standard output.
struct Records {
  std::vector<Record> all;  ///< in the order in which they came
  int malformed = 0;        ///< marked lines that are no record, or are over a limit
};

/// The records in a driver's standard output. Lines without our mark are passed over; broken marked
/// lines are counted, never an error. Texts come out as valid UTF-8.
Records read_records(std::string_view output, const RecordLimits& limits = {});

/// The first record of this kind, or null.
const Record* find(const Records& records, std::string_view kind);

/// A driver's configuration file as JSON: texts, numbers and lists of texts, by name.
class ConfigWriter {
 public:
  /// Gives the name a value; the last one counts.
  ConfigWriter& set(std::string_view name, std::string_view text);
  ConfigWriter& set(std::string_view name, const char* text);
  ConfigWriter& set(std::string_view name, std::int64_t number);
  ConfigWriter& set(std::string_view name, const std::vector<std::string>& list);
  ConfigWriter& set(std::string_view name, const std::map<std::string, std::string>& table);

  /// The finished object.
  std::string json() const;

 private:
  std::map<std::string, std::string> members_;  ///< name → encoded value
};

}  // namespace grader::sandbox
