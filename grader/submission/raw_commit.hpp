#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grader/submission/history.hpp"

namespace grader::submission {

/// The text of a commit object, read with forgiveness: commits that odd tools made have signatures
/// that a strict reader refuses.
struct RawCommit {
  std::string tree;  ///< 40 hex digits
  Commit commit;     ///< all that the object itself states; `oid` and the changes are empty
};

/// Nothing where there is no tree line. https://git-scm.com/docs/gitformat-signature and git's
/// commit.c describe the form.
Result<RawCommit> parse_commit(std::string_view bytes, std::size_t message_bytes);

/// UTF-8 of text in the encoding that a commit names ("windows-1251"); unknown names and bytes that
/// do not fit are read as UTF-8, then as Latin-1.
std::string decode_as(std::string_view bytes, std::string_view encoding);

}  // namespace grader::submission
