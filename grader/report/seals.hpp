#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace grader::report {

/// The document of a report.json with the member `seals` at its end: a SHA-256 of the text of every
/// other member but `timing`. They tell a slip or a careless change; whoever changes a report on
/// purpose can seal it again, so that only another run proves it.
std::string sealed(std::string document);

/// A member of the document whose text is not what was sealed.
struct BrokenSeal {
  std::string member;
  std::string was;  ///< the digest in `seals`; empty where it was added
  std::string is;   ///< the digest of its text; empty where it was taken out
};
/// Those of a document as sealed() wrote it, in its order. `seals` itself where it holds none.
std::vector<BrokenSeal> broken_seals(std::string_view document);

}  // namespace grader::report
