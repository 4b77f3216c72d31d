#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "grader/base/result.hpp"

namespace grader::grading {

/// Exact arithmetic for points and percentages: a fraction of integers without bounds, rounded only
/// where it is shown. An immutable value, cheap to copy.
class Decimal {
 public:
  /// Zero.
  Decimal() = default;
  /// A whole number. Not explicit: whole points are written as they are spoken of.
  Decimal(std::int64_t whole);  // NOLINT(google-explicit-constructor)
  /// A fraction. `denominator` must not be 0.
  Decimal(std::int64_t numerator, std::int64_t denominator);

  /// The nearest double, for pictures only: never for a comparison.
  double approximate() const;

  Decimal& operator+=(const Decimal& other);
  Decimal& operator-=(const Decimal& other);
  friend Decimal operator+(const Decimal& a, const Decimal& b);
  friend Decimal operator-(const Decimal& a, const Decimal& b);
  friend Decimal operator*(const Decimal& a, const Decimal& b);
  /// `b` must not be zero.
  friend Decimal operator/(const Decimal& a, const Decimal& b);
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b);
  friend std::string to_string(const Decimal& value, int places);

 private:
  struct Value;  // keeps the heavy header of the fraction out of this one
  explicit Decimal(Value value);
  const Value& value() const;

  std::shared_ptr<const Value> value_;  // null is zero
};

/// "7.5" → 15/2. At most 6 digits on each side of the point, no sign; an Error says what is wrong.
Result<Decimal> parse_decimal(std::string_view text);

/// Rounded half to even to `places` decimals, trailing zeros dropped: "82.5".
std::string to_string(const Decimal& value, int places = 2);

}  // namespace grader::grading
