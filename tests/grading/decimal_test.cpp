#include "grader/grading/decimal.hpp"

#include <doctest/doctest.h>

#include <limits>

using grader::grading::Decimal;
using grader::grading::parse_decimal;

TEST_CASE("decimals are read exactly") {
  CHECK(parse_decimal("7.5").value() == Decimal(15, 2));
  CHECK(parse_decimal("0").value() == Decimal());
  CHECK(parse_decimal("0.000001").value() == Decimal(1, 1'000'000));
  CHECK(parse_decimal("999999.999999").value() == Decimal(999'999'999'999, 1'000'000));
  // Binary fractions would make ten tenths less than one.
  Decimal sum;
  for (int i = 0; i < 10; ++i) sum += parse_decimal("0.1").value();
  CHECK(sum == 1);
}

TEST_CASE("what is not a decimal is refused") {
  for (const char* text : {"", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "1 ", "0x1", "nan",
                           "1.2.3", "1234567", "0.1234567", "٣"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_decimal(text).has_value());
  }
}

TEST_CASE("rounding is half to even and only in the text") {
  CHECK(to_string(Decimal(165, 2)) == "82.5");
  CHECK(to_string(Decimal(1, 8)) == "0.12");
  CHECK(to_string(Decimal(3, 8)) == "0.38");
  CHECK(to_string(Decimal(2, 3)) == "0.67");
  CHECK(to_string(Decimal(5, 2), 0) == "2");
  CHECK(to_string(Decimal(7, 2), 0) == "4");
  CHECK(to_string(Decimal(100)) == "100");
  CHECK(to_string(Decimal()) == "0");
  CHECK(to_string(Decimal(-5, 4), 1) == "-1.2");
  CHECK(to_string(Decimal(-1, 1000)) == "0");
  CHECK(to_string(Decimal(1, 200), 3) == "0.005");
}

TEST_CASE("order and arithmetic") {
  CHECK(Decimal(1, 3) < Decimal(34, 100));
  CHECK(Decimal(2, 4) == Decimal(1, 2));
  CHECK(Decimal(1, 3) + Decimal(1, 6) == Decimal(1, 2));
  CHECK(Decimal(1, 2) - 1 == Decimal(-1, 2));
  CHECK(Decimal(3, 4) * Decimal(2, 3) / 5 == Decimal(1, 10));
  Decimal value = 3;
  value -= Decimal(1, 2);
  CHECK(value == Decimal(5, 2));
  CHECK(Decimal(5, 2).approximate() == doctest::Approx(2.5));
}

TEST_CASE("fractions do not overflow") {
  const Decimal big = std::numeric_limits<std::int64_t>::max();
  Decimal product = big * big * big;
  CHECK(product / big / big == big);
  // Ten different large denominators: far beyond 64 bits before they cancel.
  Decimal sum;
  for (std::int64_t i = 0; i < 10; ++i) sum += Decimal(1, 1'000'003 + 2 * i);
  for (std::int64_t i = 0; i < 10; ++i) sum -= Decimal(1, 1'000'003 + 2 * i);
  CHECK(sum == 0);
}
