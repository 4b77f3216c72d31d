#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace grader::grading::yaml {

/// Where a value was written. Lines and columns count from 1, columns in bytes.
struct Place {
  std::size_t file = 0;  ///< index into the files of one reading
  int line = 1;
  int column = 1;
};

struct Entry;

/// A value of a YAML document, as written: what a scalar means is for its reader to say.
struct Value {
  enum class Kind { empty, scalar, sequence, map };
  Kind kind = Kind::empty;
  Place place;
  std::string text;            ///< of a scalar
  std::vector<Value> items;    ///< of a sequence
  std::vector<Entry> entries;  ///< of a map, in the order of the file; keys are unique
};

/// One key of a mapping with its value.
struct Entry {
  std::string key;
  Place place;  ///< of the key
  Value value;
};

/// The value of `key` in a map, or null.
const Value* find(const Value& map, std::string_view key);

/// What is wrong in the text, and where.
struct Mistake {
  Place place;
  std::string what;
  std::string hint;
};

/// One document, or the mistakes that keep it from being one.
struct Document {
  Value root;
  std::vector<Mistake> mistakes;
};

/// Parses UTF-8 text. What rubrics do not need and what makes YAML dangerous is a mistake: anchors
/// and aliases, tags, several documents, keys that are no plain words or appear twice, more than 50
/// levels, more than 20,000 values.
Document parse(const std::string& text, std::size_t file);

}  // namespace grader::grading::yaml
