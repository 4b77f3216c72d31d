#include "sandbox/environment/checkout.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "grader/base/descriptor.hpp"

namespace grader::sandbox {

Result<Checkout> check_out(const submission::Submission& submission) {
  Result<submission::Scratch> folder = submission::Scratch::make({});
  if (!folder) return tl::unexpected(folder.error());
  const std::string tree = folder->path() + "/tree";
  if (::mkdir(tree.c_str(), 0755) != 0 || ::chmod(tree.c_str(), 0755) != 0) {
    return fail(ErrorKind::sandbox, "a temporary folder cannot be made", tree,
                "free some disk space, or set TMPDIR to another folder");
  }
  const Descriptor top(::open(tree.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const Result<void> written = submission.materialise(top.get());
  if (!written) return tl::unexpected(written.error());
  return Checkout{std::move(*folder), tree};
}

}  // namespace grader::sandbox
