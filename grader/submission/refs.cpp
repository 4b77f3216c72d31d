#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "grader/base/text.hpp"
#include "grader/submission/open.hpp"

namespace grader::submission {
namespace {

constexpr std::size_t most_branches = 200;

struct Branch {
  std::string name;  ///< without refs/heads/ or refs/remotes/
  git_oid commit{};
  std::size_t python_files = 0;
  std::int64_t time = 0;
};

bool is_python(std::string_view path) { return text::lower(path).ends_with(".py"); }

/// The Python files below a tree, as far as the budget of entries goes.
std::size_t count_python(git_repository* repository, const git_oid& oid, std::size_t& budget,
                         std::size_t depth) {
  const auto tree = git::made<git::Tree>(git_tree_lookup, repository, &oid);
  std::size_t count = 0;
  if (!tree || depth == 0) return 0;
  for (std::size_t i = 0; i < git_tree_entrycount(tree.get()) && budget > 0; ++i, --budget) {
    const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
    if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
      count += count_python(repository, *git_tree_entry_id(entry), --budget, depth - 1);
      if (budget == 0) break;
    } else if (is_python(git_tree_entry_name(entry))) {
      ++count;
    }
  }
  return count;
}

void set_commit(Submission::Impl& impl, const git_oid& oid, std::string ref) {
  impl.commit = oid;
  impl.commit_hex = git::to_hex(oid);
  impl.ref = std::move(ref);
}

std::string short_name(std::string_view full) {
  for (const std::string_view prefix : {"refs/heads/", "refs/tags/", "refs/remotes/"}) {
    if (full.starts_with(prefix)) return std::string(full.substr(prefix.size()));
  }
  return std::string(full);
}

bool is_branch(std::string_view full) {
  return full.starts_with("refs/heads/") ||
         (full.starts_with("refs/remotes/") && !full.ends_with("/HEAD"));
}

/// The commit that a reference leads to, through symbolic references and annotated tags.
std::optional<git_oid> commit_of(git_reference* reference) {
  const auto object = git::made<git::Object>(git_reference_peel, reference, GIT_OBJECT_COMMIT);
  if (!object) return std::nullopt;
  return *git_object_id(object.get());
}

template <typename Visit>
void for_each_reference(git_repository* repository, Visit visit) {
  const auto iterator = git::made<git::ReferenceIterator>(git_reference_iterator_new, repository);
  git_reference* next = nullptr;
  while (iterator && git_reference_next(&next, iterator.get()) == 0) {
    const git::Reference reference(next);
    if (!visit(reference.get())) return;
  }
}

std::vector<Branch> branches(const Submission::Impl& impl) {
  std::vector<Branch> result;
  for_each_reference(impl.repository.get(), [&](git_reference* reference) {
    if (!is_branch(git_reference_name(reference))) return true;
    const auto oid = commit_of(reference);
    if (!oid) return true;
    const auto commit = git::made<git::Commit>(git_commit_lookup, impl.repository.get(), &*oid);
    if (!commit) return true;
    Branch branch;
    branch.name = short_name(git_reference_name(reference));
    branch.commit = *oid;
    std::size_t budget = impl.limits.files;
    branch.python_files = count_python(impl.repository.get(), *git_commit_tree_id(commit.get()),
                                       budget, impl.limits.depth);
    branch.time = git_commit_time(commit.get());
    result.push_back(std::move(branch));
    return result.size() < most_branches;
  });
  return result;
}

/// The branch with most Python files; of equals the newest, then the first by name.
std::optional<Branch> fullest_branch(const Submission::Impl& impl) {
  auto all = branches(impl);
  if (all.empty()) return std::nullopt;
  return *std::ranges::min_element(all, [](const Branch& a, const Branch& b) {
    return std::tuple(b.python_files, b.time, a.name) < std::tuple(a.python_files, a.time, b.name);
  });
}

tl::unexpected<Error> no_such_ref(const Submission::Impl& impl, const std::string& ref) {
  std::vector<std::string> names;
  for_each_reference(impl.repository.get(), [&](git_reference* reference) {
    const std::string name = git_reference_name(reference);
    if (is_branch(name) || name.starts_with("refs/tags/")) names.push_back(short_name(name));
    return names.size() < most_branches;
  });
  const auto near = text::nearest(ref, names);
  return fail(ErrorKind::usage, "it has no branch, tag or commit named \"" + show_path(ref) + "\"",
              impl.source.text,
              near ? "did you mean " + show_path(*near) + "?" : "it has " + show_paths(names));
}

bool is_commit_prefix(std::string_view text) {
  return text.size() >= GIT_OID_MINPREFIXLEN && text.size() <= GIT_OID_HEXSZ &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

Result<void> resolve_prefix(Submission::Impl& impl, const std::string& ref) {
  git_oid prefix{};
  git_oid_fromstrn(&prefix, ref.c_str(), ref.size());
  git_object* found = nullptr;
  const int status =
      git_object_lookup_prefix(&found, impl.repository.get(), &prefix, ref.size(), GIT_OBJECT_ANY);
  const git::Object object(found);
  if (status == GIT_EAMBIGUOUS) {
    return fail(ErrorKind::usage, "more than one object starts with " + ref, impl.source.text,
                "give more digits of the commit");
  }
  if (!object) return no_such_ref(impl, ref);
  const auto commit = git::made<git::Object>(git_object_peel, object.get(), GIT_OBJECT_COMMIT);
  if (!commit) {
    return fail(ErrorKind::usage, ref + " is not a commit", impl.source.text,
                "give a branch, a tag or a commit");
  }
  set_commit(impl, *git_object_id(commit.get()), ref);
  return {};
}

bool holds_python(const Submission::Impl& impl) {
  return std::ranges::any_of(impl.entries,
                             [](const TreeEntry& entry) { return is_python(entry.path); });
}

Result<void> take_branch(Submission::Impl& impl, const Branch& branch, const std::string& why) {
  impl.entries.clear();
  impl.unsafe_links.clear();
  impl.missing.clear();
  impl.warnings.clear();
  set_commit(impl, branch.commit, branch.name);
  impl.warnings.push_back(
      {"other_branch", fmt::format("{}: branch {} was graded, which has {} Python files", why,
                                   show_path(branch.name), branch.python_files)});
  return read_tree(impl);
}

}  // namespace

Result<void> resolve_ref(Submission::Impl& impl, const std::string& ref) {
  for (const std::string_view prefix :
       {"refs/heads/", "refs/tags/", "refs/remotes/origin/", "refs/remotes/", ""}) {
    if (prefix.empty() && !ref.starts_with("refs/") && ref != "HEAD") continue;
    const std::string full = std::string(prefix) + ref;
    const auto reference =
        git::made<git::Reference>(git_reference_lookup, impl.repository.get(), full.c_str());
    if (!reference) continue;
    const auto oid = commit_of(reference.get());
    if (!oid) {
      return fail(ErrorKind::usage, "\"" + show_path(ref) + "\" does not lead to a commit",
                  impl.source.text, "give a branch, a tag or a commit");
    }
    set_commit(impl, *oid, ref);
    return {};
  }
  return is_commit_prefix(ref) ? resolve_prefix(impl, ref) : no_such_ref(impl, ref);
}

Result<void> resolve_default(Submission::Impl& impl) {
  const auto head = git::made<git::Reference>(git_repository_head, impl.repository.get());
  const auto oid = head ? commit_of(head.get()) : std::nullopt;
  if (!oid) {
    const auto branch = fullest_branch(impl);
    if (branch) return take_branch(impl, *branch, "the default branch does not exist");
    return fail(ErrorKind::submission, "this repository is empty: it has no commit",
                impl.source.text, "ask the candidate to push the work");
  }
  set_commit(impl, *oid, short_name(git_reference_name(head.get())));
  auto read = read_tree(impl);
  if (!read || holds_python(impl)) return read;
  const auto branch = fullest_branch(impl);
  if (!branch || branch->python_files == 0) return read;
  return take_branch(impl, *branch,
                     "the default branch " + show_path(impl.ref) + " holds no Python file");
}

}  // namespace grader::submission
