#pragma once

#include <boost/rational.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "grader/base/result.hpp"

namespace grader::grading {

/// Exact arithmetic for points and percentages: a fraction, rounded only where it is shown.
using Decimal = boost::rational<std::int64_t>;

/// "7.5" → 15/2. At most 6 digits on each side of the point; an Error says what is wrong.
Result<Decimal> parse_decimal(std::string_view text);

/// Rounded half to even to `places` decimals, trailing zeros dropped: "82.5".
std::string to_string(const Decimal& value, int places = 2);

}  // namespace grader::grading
