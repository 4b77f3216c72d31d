#pragma once

#include <string>
#include <tl/expected.hpp>

namespace grader {

/// What went wrong, seen from the command line: the values are the documented exit codes.
enum class ErrorKind {
  usage = 2,         ///< the command line or an input file of the user's
  submission = 3,    ///< the submission cannot be read
  rubric = 4,        ///< the rubric is wrong
  sandbox = 5,       ///< boxes cannot be made or a box failed by our fault
  internal = 70,     ///< a bug of ours (sysexits.h EX_SOFTWARE)
  interrupted = 130  ///< stopped by the user (128 + SIGINT)
};

/// A failure of ours, never a verdict about a submission.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string what;   ///< one sentence, no trailing full stop
  std::string where;  ///< file:line:column, URL without credentials, or empty
  std::string hint;   ///< the next step for the user, or empty
};

/// A value, or why there is none.
template <typename T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorKind::usage, "…", "where", "next step");` in any function that returns a
/// Result.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string what,
                                                std::string where = {}, std::string hint = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(what), std::move(where), std::move(hint)});
}

/// "where: what\n  next: hint", as the command line prints it.
std::string to_string(const Error& error);

}  // namespace grader
