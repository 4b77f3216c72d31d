#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "grader/base/interrupt.hpp"
#include "grader/base/text.hpp"
#include "grader/submission/impl.hpp"

namespace grader::submission {
namespace {

constexpr std::size_t longest_name = 255;  // NAME_MAX
constexpr std::string_view ask =
    "ask the candidate for a repository that holds only the assignment";

/// Names that would leave the tree or become a repository's own folder on some file system.
bool is_unsafe_name(std::string_view name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos) {
    return true;
  }
  const auto lower = text::lower(name);
  return lower == ".git" || lower == "git~1" || name.size() > longest_name;
}

class Reader {
 public:
  explicit Reader(Submission::Impl& impl) : impl_(impl) {}

  Result<void> run() {
    if (const auto how = damage(impl_.commit); !how.empty()) return damaged(impl_.commit, how);
    const auto commit = git::made<git::Commit>(git_commit_lookup, impl_.repository.get(),
                                               static_cast<const git_oid*>(&impl_.commit));
    if (!commit) return damaged(impl_.commit, git::last_message());
    if (auto done = walk(*git_commit_tree_id(commit.get()), "", 0); !done) return done;
    std::ranges::sort(impl_.entries, {}, &TreeEntry::path);
    return {};
  }

  std::vector<std::string> unsafe_names;

 private:
  /// Nothing, or why the object is not what its id promises.
  std::string damage(const git_oid& oid) const {
    const auto object = git::made<git::OdbObject>(git_odb_read, impl_.odb.get(), &oid);
    if (!object) return git::last_message();
    return git::intact(object) ? "" : "its content has another hash";
  }

  tl::unexpected<Error> damaged(const git_oid& oid, const std::string& how) {
    return fail(ErrorKind::submission, "object " + git::to_hex(oid) + " cannot be read: " + how,
                impl_.source.text,
                "the repository is damaged or was cloned in part: clone it again, whole");
  }

  tl::unexpected<Error> over(const std::string& what) {
    return fail(ErrorKind::submission, "this submission is over a limit: " + what,
                impl_.source.text, std::string(ask));
  }

  Result<void> walk(const git_oid& oid, const std::string& prefix, std::size_t depth) {
    if (interrupt::requested()) {
      return fail(ErrorKind::interrupted, "interrupted", impl_.source.text);
    }
    if (depth > impl_.limits.depth) {
      return over(fmt::format("folders lie more than {} deep", impl_.limits.depth));
    }
    // Folders without files would cost time and be counted nowhere.
    if (++folders_ > impl_.limits.files) {
      return over(fmt::format("it has more than {} folders", impl_.limits.files));
    }
    if (const auto how = damage(oid); !how.empty()) return damaged(oid, how);
    const auto tree = git::made<git::Tree>(git_tree_lookup, impl_.repository.get(), &oid);
    if (!tree) return damaged(oid, git::last_message());
    const std::size_t count = git_tree_entrycount(tree.get());
    std::unordered_set<std::string_view> names;
    names.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
      const std::string name = git_tree_entry_name(entry);
      const std::string path = prefix + name;
      // A name twice in one tree, or as a file and as a folder: only the first is kept.
      if (is_unsafe_name(name) || !names.insert(git_tree_entry_name(entry)).second) {
        unsafe_names.push_back(path);
      } else if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
        if (auto done = walk(*git_tree_entry_id(entry), path + "/", depth + 1); !done) return done;
      } else if (auto done = add(*entry, path); !done) {
        return done;
      }
    }
    return {};
  }

  Result<void> add(const git_tree_entry& entry, const std::string& path) {
    if (impl_.entries.size() >= impl_.limits.files) {
      return over(fmt::format("it has more than {} files", impl_.limits.files));
    }
    TreeEntry leaf;
    leaf.path = path;
    leaf.oid = git::to_hex(*git_tree_entry_id(&entry));
    switch (git_tree_entry_filemode(&entry)) {
      case GIT_FILEMODE_COMMIT:
        leaf.mode = Mode::submodule;
        break;
      case GIT_FILEMODE_LINK:
        leaf.mode = Mode::symlink;
        break;
      case GIT_FILEMODE_BLOB_EXECUTABLE:
        leaf.mode = Mode::executable;
        break;
      default:
        break;
    }
    if (leaf.mode != Mode::submodule) {
      std::size_t size = 0;
      git_object_t type = GIT_OBJECT_INVALID;
      const git_oid* oid = git_tree_entry_id(&entry);
      // A partial clone lacks files, mostly large ones: the rest can still be graded.
      const bool here = git_odb_read_header(&size, &type, impl_.odb.get(), oid) == 0;
      if (!here) impl_.missing.insert(path);
      leaf.size = size;
    }
    impl_.entries.push_back(std::move(leaf));
    return {};
  }

  Submission::Impl& impl_;
  std::size_t folders_ = 0;
};

}  // namespace

Result<void> read_tree(Submission::Impl& impl) {
  Reader reader(impl);
  if (auto done = reader.run(); !done) return done;
  return note_tree(impl, reader.unsafe_names);
}

}  // namespace grader::submission
