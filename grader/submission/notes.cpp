#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "grader/base/text.hpp"
#include "grader/submission/impl.hpp"

namespace grader::submission {
namespace {

constexpr std::uint64_t longest_link = 4095;  // PATH_MAX less the NUL

/// True where a link in the folder of `path` must end inside the tree, whatever the other links
/// are: it climbs only at its start and no higher than the top. Each such link ends inside, so a
/// chain of them does too.
bool stays_inside(std::string_view path, std::string_view target) {
  if (target.empty() || target.front() == '/') return false;
  if (target.find('\0') != std::string_view::npos) return false;
  auto depth = std::ranges::count(path, '/');
  bool climbing = true;
  for (const auto part : text::split(target, '/')) {
    if (part == "..") {
      if (!climbing || depth == 0) return false;
      --depth;
    } else if (!part.empty() && part != ".") {
      climbing = false;
    }
  }
  return true;
}

/// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md: a text of 3 lines, about 130 bytes.
bool may_be_lfs_pointer(const TreeEntry& entry) {
  return entry.mode != Mode::symlink && entry.size >= 120 && entry.size <= 200;
}

class Notes {
 public:
  explicit Notes(Submission::Impl& impl) : impl_(impl) {}

  Result<void> look_at(const TreeEntry& entry) {
    if (entry.mode == Mode::submodule) {
      submodules_.push_back(entry.path);
      return {};
    }
    if (impl_.missing.contains(entry.path)) return {};
    if (entry.mode == Mode::symlink) return look_at_link(entry);
    if (entry.size > impl_.limits.file_bytes) large_.push_back(entry.path);
    if (may_be_lfs_pointer(entry)) {
      const auto bytes = read(entry);
      if (!bytes) return tl::unexpected(bytes.error());
      if (bytes->starts_with("version https://git-lfs.github.com/spec/")) {
        pointers_.push_back(entry.path);
      }
    }
    return {};
  }

  void write(const std::vector<std::string>& unsafe_names) {
    note("submodules", "submodules are not fetched", submodules_);
    note("lfs", "only pointers to Git LFS are committed, the content is not fetched", pointers_);
    note("colliding_names", "names differ only by letter case", colliding());
    note("missing_files", "files are not in this repository, which was cloned in part",
         {impl_.missing.begin(), impl_.missing.end()});
    note("unsafe_names", "names that no checkout may write are left out", unsafe_names);
    note("unsafe_links", "symbolic links that lead out of the tree are left out",
         {impl_.unsafe_links.begin(), impl_.unsafe_links.end()});
    note("large_files",
         fmt::format("files over {} MiB are left out of what is run",
                     impl_.limits.file_bytes >> 20U),
         large_);
  }

 private:
  Result<std::string> read(const TreeEntry& entry) {
    const git_oid oid = git::from_hex(entry.oid).value_or(git_oid{});
    return read_blob(impl_.odb.get(), oid, longest_link, entry.path);
  }

  Result<void> look_at_link(const TreeEntry& entry) {
    if (entry.size > longest_link) {
      impl_.unsafe_links.insert(entry.path);
      return {};
    }
    const auto target = read(entry);
    if (!target) return tl::unexpected(target.error());
    if (!stays_inside(entry.path, *target)) impl_.unsafe_links.insert(entry.path);
    return {};
  }

  std::vector<std::string> colliding() const {
    std::map<std::string, const TreeEntry*> by_lower_case;
    std::vector<std::string> result;
    for (const auto& entry : impl_.entries) {
      const auto [place, fresh] = by_lower_case.try_emplace(text::lower(entry.path), &entry);
      if (!fresh) result.push_back(entry.path);
    }
    return result;
  }

  void note(std::string id, const std::string& what, const std::vector<std::string>& paths) {
    if (paths.empty()) return;
    impl_.warnings.push_back({std::move(id), what + ": " + show_paths(paths)});
  }

  Submission::Impl& impl_;
  std::vector<std::string> submodules_;
  std::vector<std::string> pointers_;
  std::vector<std::string> large_;
};

}  // namespace

Result<void> note_tree(Submission::Impl& impl, const std::vector<std::string>& unsafe_names) {
  Notes notes(impl);
  for (const auto& entry : impl.entries) {
    if (auto done = notes.look_at(entry); !done) return done;
  }
  notes.write(unsafe_names);
  return {};
}

}  // namespace grader::submission
