#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/result.hpp"

namespace grader::sandbox {

/// One file of a distribution: a wheel, or a source distribution.
struct Wheel {
  std::string name;  ///< of the distribution, as the index spells it
  std::string version;
  std::string file;    ///< "django-4.2.16-py3-none-any.whl", "dj-static-0.0.6.tar.gz"
  std::string sha256;  ///< 64 lower case hex digits

  bool operator==(const Wheel&) const = default;
};

/// True where the file name and the digest are such that they may become a path of ours.
bool is_sound(const Wheel& wheel);

/// Files that were fetched once, each at <folder>/<sha256>/<file>; only bytes with exactly that
/// digest enter. Several graders may use one store at a time.
class WheelStore {
 public:
  explicit WheelStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }

  /// True where the wheel of this digest is kept.
  bool has(const Wheel& wheel) const;

  /// "<sha256>/<file>".
  static std::string place_of(const Wheel& wheel);

  /// Digests of everything that is there.
  std::vector<std::string> digests() const;

  /// Refuses bytes of another digest.
  Result<void> add(const Wheel& wheel, std::string_view bytes) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace grader::sandbox
