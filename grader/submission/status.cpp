#include <filesystem>

#include "grader/submission/open.hpp"

namespace grader::submission {

namespace {

/// A configuration may name any directory as its work tree: only the one that was given counts.
bool has_work_tree(git_repository* repository, const std::string& directory) {
  namespace fs = std::filesystem;
  const char* work_tree = git_repository_workdir(repository);
  std::error_code error;
  return work_tree != nullptr && fs::exists(fs::path(directory) / ".git", error) &&
         fs::equivalent(work_tree, directory, error);
}

}  // namespace

void note_uncommitted(Submission::Impl& impl, const std::string& directory) {
  if (!has_work_tree(impl.repository.get(), directory)) return;
  if (const auto odd = odd_work_tree(directory); !odd.empty()) {
    impl.warnings.push_back(
        {"uncommitted", "whether there are uncommitted changes is not known: " + odd});
    return;
  }
  git_status_options options{};
  git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION);
  options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_EXCLUDE_SUBMODULES;
  const auto list = git::made<git::StatusList>(git_status_list_new, impl.repository.get(),
                                               static_cast<const git_status_options*>(&options));
  if (!list) {
    impl.warnings.push_back({"uncommitted", "whether there are uncommitted changes is not known: " +
                                                git::last_message()});
    return;
  }
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < git_status_list_entrycount(list.get()); ++i) {
    const git_status_entry* entry = git_status_byindex(list.get(), i);
    const git_diff_delta* delta =
        entry->index_to_workdir != nullptr ? entry->index_to_workdir : entry->head_to_index;
    if (delta != nullptr) paths.emplace_back(delta->new_file.path);
  }
  if (paths.empty()) return;
  impl.warnings.push_back(
      {"uncommitted", "uncommitted changes are not graded: " + show_paths(paths)});
}

}  // namespace grader::submission
