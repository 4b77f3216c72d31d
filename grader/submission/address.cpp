#include "grader/submission/address.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace grader::submission {
namespace {

struct Block {
  std::uint32_t base;
  unsigned bits;
};

/// https://www.iana.org/assignments/iana-ipv4-special-registry
constexpr std::array<Block, 15> special = {{{0x00000000, 8},
                                            {0x0A000000, 8},
                                            {0x64400000, 10},
                                            {0x7F000000, 8},
                                            {0xA9FE0000, 16},
                                            {0xAC100000, 12},
                                            {0xC0000000, 24},
                                            {0xC0000200, 24},
                                            {0xC0586300, 24},
                                            {0xC0A80000, 16},
                                            {0xC6120000, 15},
                                            {0xC6336400, 24},
                                            {0xCB007100, 24},
                                            {0xE0000000, 4},
                                            {0xF0000000, 4}}};

bool is_public_v4(std::uint32_t address) {
  return std::ranges::none_of(special, [address](const Block& block) {
    return (address ^ block.base) >> (32U - block.bits) == 0;
  });
}

bool is_public_v6(const std::array<std::uint8_t, 16>& bytes) {
  const auto v4_at = [&](std::size_t i) {
    return (std::uint32_t{bytes[i]} << 24U) | (std::uint32_t{bytes[i + 1]} << 16U) |
           (std::uint32_t{bytes[i + 2]} << 8U) | bytes[i + 3];
  };
  const auto starts = [&](std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
  };
  if (starts({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) return is_public_v4(v4_at(12));
  if (starts({0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) return is_public_v4(v4_at(12));
  if (starts({0x20, 0x02})) return is_public_v4(v4_at(2));  // 6to4
  // Only 2000::/3 is global unicast; Teredo and documentation are carved out of it.
  const bool global = (bytes[0] & 0xE0U) == 0x20U;
  return global && !starts({0x20, 0x01, 0x00, 0x00}) && !starts({0x20, 0x01, 0x0D, 0xB8});
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return is_public_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return is_public_v6(bytes);
}

}  // namespace grader::submission
