#include "grader/base/capture.hpp"

#include <algorithm>

namespace grader {

void Capture::add(std::string_view bytes) {
  total_ += bytes.size();
  const std::size_t head_cap = cap_ / 2;
  const std::size_t tail_cap = cap_ - head_cap;
  const std::size_t taken = std::min(bytes.size(), head_cap - head_.size());
  head_ += bytes.substr(0, taken);
  bytes.remove_prefix(taken);
  if (bytes.size() > tail_cap) bytes.remove_prefix(bytes.size() - tail_cap);
  tail_ += bytes;
  // Cut only at twice the size: each byte is then moved once at most.
  if (tail_.size() > 2 * tail_cap) tail_.erase(0, tail_.size() - tail_cap);
}

std::string Capture::text() const {
  if (!truncated()) return head_ + tail_;
  const std::size_t tail_cap = cap_ - cap_ / 2;
  const std::string_view tail = std::string_view(tail_).substr(tail_.size() - tail_cap);
  std::string result = head_;
  result += "\n[" + std::to_string(total_ - cap_) + " bytes left out]\n";
  result += tail;
  return result;
}

}  // namespace grader
