#include "grader/submission/submission.hpp"

#include <algorithm>

#include "grader/submission/impl.hpp"

namespace grader::submission {

Submission::Submission(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Submission::Submission(Submission&&) noexcept = default;
Submission& Submission::operator=(Submission&&) noexcept = default;
Submission::~Submission() = default;

const std::string& Submission::commit() const { return impl_->commit_hex; }
const std::string& Submission::ref() const { return impl_->ref; }
const Source& Submission::source() const { return impl_->source; }
const Limits& Submission::limits() const { return impl_->limits; }
const std::vector<TreeEntry>& Submission::entries() const { return impl_->entries; }
const std::vector<Warning>& Submission::warnings() const { return impl_->warnings; }

const TreeEntry* Submission::find(std::string_view path) const {
  const auto& entries = impl_->entries;
  const auto found = std::ranges::lower_bound(entries, path, {}, &TreeEntry::path);
  return found != entries.end() && found->path == path ? &*found : nullptr;
}

Result<std::string> Submission::read(const TreeEntry& entry) const {
  if (entry.mode == Mode::submodule) {
    return fail(ErrorKind::submission, "a submodule has no content here", show_path(entry.path));
  }
  const auto oid = git::from_hex(entry.oid);
  if (!oid) return fail(ErrorKind::internal, "no object id: " + entry.oid, show_path(entry.path));
  return read_blob(impl_->odb.get(), *oid, impl_->limits.read_bytes, entry.path);
}

}  // namespace grader::submission
