#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "grader/project/project.hpp"

namespace grader::project {

/// A secret, or a file of them, that was committed once and is no longer where it was.
struct PastSecret {
  enum class Kind { value, database } kind = Kind::value;
  std::string what;    ///< as of CommittedSecret; "database" for a database file
  std::string value;   ///< the secret itself: mask it wherever it is shown; empty for a database
  Location at;         ///< in the commit
  std::string commit;  ///< the first that held it
  Location still_at;   ///< where the graded tree holds the value today; no path: nowhere
};

/// Collects them from the contents that a history once held. Each content is looked at once; what
/// the graded tree reports of its own (committed secrets, the secret key) is left out.
class PastSecrets {
 public:
  /// `project` must outlive this.
  explicit PastSecrets(const Project& project);

  /// True where the content has to be read(). Notes databases, which do not have to. At most 64 MB
  /// and 20,000 contents of at most 256 KB are wanted.
  bool wanted(std::string_view path, std::uint64_t size, const std::string& commit);

  /// Looks for secrets in one content.
  void read(const std::string& path, std::string_view bytes, const std::string& commit);

  /// All found, oldest first, at most 100. Looks up which of them the graded tree still holds.
  std::vector<PastSecret> take();

  /// True where a limit kept contents from being read.
  bool cut() const { return cut_; }

 private:
  void add(std::string what, std::string value, Location at, const std::string& commit);
  void read_python(const std::string& path, std::string_view text, const std::string& commit);

  const Project& project_;
  std::set<std::string, std::less<>> known_;  ///< values that need no second report
  std::set<std::string, std::less<>> databases_;
  std::vector<PastSecret> found_;
  std::uint64_t bytes_ = 0;
  std::size_t contents_ = 0;
  bool cut_ = false;
};

}  // namespace grader::project
