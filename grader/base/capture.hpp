#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace grader {

/// What a program printed, in bounded memory: the first half of `cap` bytes and the last half are
/// kept, since both the start and the end of a log explain a failure.
class Capture {
 public:
  explicit Capture(std::size_t cap) : cap_(cap) {}

  /// Takes the next bytes, as many as there are.
  void add(std::string_view bytes);

  /// Everything, or head, a line that says how many bytes were left out, and tail.
  std::string text() const;

  bool truncated() const { return total_ > cap_; }
  std::size_t total() const { return total_; }

 private:
  std::size_t cap_;
  std::size_t total_ = 0;
  std::string head_;
  std::string tail_;
};

}  // namespace grader
