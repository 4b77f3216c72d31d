#include "grader/grading/decimal.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>

namespace grader::grading {
namespace {

namespace mp = boost::multiprecision;
using Fraction = mp::number<mp::cpp_rational_backend, mp::et_off>;
using Integer = mp::number<mp::cpp_int_backend<>, mp::et_off>;

constexpr std::size_t max_digits = 6;

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Integer power_of_ten(std::size_t exponent) {
  Integer power = 1;
  for (std::size_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// |value| · 10^places, rounded half to even.
Integer scaled(const Fraction& value, std::size_t places) {
  const Integer numerator = mp::abs(mp::numerator(value)) * power_of_ten(places);
  const Integer denominator = mp::denominator(value);
  Integer whole = numerator / denominator;
  const Integer twice_rest = (numerator % denominator) * 2;
  if (twice_rest > denominator || (twice_rest == denominator && whole % 2 == 1)) whole += 1;
  return whole;
}

}  // namespace

struct Decimal::Value {
  Fraction fraction;
};

Decimal::Decimal(std::int64_t whole) : Decimal(Value{Fraction(whole)}) {}

Decimal::Decimal(std::int64_t numerator, std::int64_t denominator)
    : Decimal(Value{Fraction(Integer(numerator), Integer(denominator))}) {}

Decimal::Decimal(Value value) : value_(std::make_shared<const Value>(std::move(value))) {}

const Decimal::Value& Decimal::value() const {
  static const Value zero;
  return value_ ? *value_ : zero;
}

double Decimal::approximate() const { return value().fraction.convert_to<double>(); }

Decimal& Decimal::operator+=(const Decimal& other) { return *this = *this + other; }

Decimal& Decimal::operator-=(const Decimal& other) { return *this = *this - other; }

Decimal operator+(const Decimal& a, const Decimal& b) {
  return Decimal(Decimal::Value{a.value().fraction + b.value().fraction});
}

Decimal operator-(const Decimal& a, const Decimal& b) {
  return Decimal(Decimal::Value{a.value().fraction - b.value().fraction});
}

Decimal operator*(const Decimal& a, const Decimal& b) {
  return Decimal(Decimal::Value{a.value().fraction * b.value().fraction});
}

Decimal operator/(const Decimal& a, const Decimal& b) {
  return Decimal(Decimal::Value{a.value().fraction / b.value().fraction});
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  return a.value().fraction.compare(b.value().fraction) <=> 0;
}

bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }

Result<Decimal> parse_decimal(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view rest =
      point == std::string_view::npos ? std::string_view("0") : text.substr(point + 1);
  if (!all_digits(whole) || !all_digits(rest)) {
    return fail(ErrorKind::rubric, "not a number of the form 7 or 7.5");
  }
  if (whole.size() > max_digits || rest.size() > max_digits) {
    return fail(ErrorKind::rubric, "a number has at most 6 digits on each side of the point");
  }
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  for (const char digit : whole) numerator = numerator * 10 + (digit - '0');
  for (const char digit : rest) {
    numerator = numerator * 10 + (digit - '0');
    denominator *= 10;
  }
  return Decimal(numerator, denominator);
}

std::string to_string(const Decimal& value, int places) {
  const auto& fraction = value.value().fraction;
  const auto width = static_cast<std::size_t>(std::max(places, 0));
  const Integer digits = scaled(fraction, width);
  std::string text = digits.str();
  if (text.size() <= width) text.insert(0, width + 1 - text.size(), '0');
  if (width > 0) {
    text.insert(text.size() - width, 1, '.');
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return fraction < 0 && digits != 0 ? "-" + text : text;
}

}  // namespace grader::grading
