#pragma once

namespace grader {

class Forward;

struct Silent {  // expect: documentation
  int field = 0;
};

/// Says what it is.
struct Told {
  enum class Kind { one, two };
  int field = 0;

  void method();  // expect: documentation

  /// Says what it does.
  void told();

  /// Says what it begins with.
  explicit Told(int value);

  Told(int one, int two);  // expect: documentation

  int says_all() const { return field; }

  int says_little() const {  // expect: documentation
    return field + 1;
  }

  Told() = default;
  int* begin();
  ~Told();
  bool operator==(const Told&) const = default;

 private:
  void nobody_sees();
};

// An ordinary comment tells the reader of the generated pages nothing.
int ordinary();  // expect: documentation

/// These two share their words:
int first();
int second();

int alone();  // expect: documentation

template <typename T>  // expect: documentation
T generic(T value) {
  return value;
}

enum class Choice { yes, no };  // expect: documentation

int behind(int value);  ///< words behind it count

using Name = const char*;  // expect: documentation

/// What it holds.
using Title = const char*;

inline constexpr int limit = 5;  // expect: documentation

}  // namespace grader
