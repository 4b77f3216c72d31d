#include "grader/submission/history.hpp"

#include <fmt/format.h>

#include <queue>
#include <ranges>
#include <unordered_map>
#include <unordered_set>

#include "grader/base/interrupt.hpp"
#include "grader/submission/changes.hpp"
#include "grader/submission/impl.hpp"
#include "grader/submission/raw_commit.hpp"

namespace grader::submission {
namespace {

tl::unexpected<Error> interrupted(const Submission::Impl& impl) {
  return fail(ErrorKind::interrupted, "interrupted", impl.source.text);
}

class Walk {
 public:
  Walk(const Submission::Impl& impl, const HistoryLimits& limits) : impl_(impl), limits_(limits) {}

  Result<History> run() {
    if (!load(impl_.commit_hex)) {
      return fail(ErrorKind::submission, "commit " + impl_.commit_hex + " cannot be read",
                  impl_.source.text, "check the repository with `git fsck`");
    }
    collect();
    if (interrupt::requested()) return interrupted(impl_);
    History history;
    history.complete = gap_.empty();
    history.gap = gap_;
    // For contents out of a repository libgit2 looks for files of attributes at every comparison;
    // its objects alone have none.
    git_repository* objects = nullptr;
    git_repository_wrap_odb(&objects, impl_.odb.get());
    const git::Repository bare(objects);
    Comparer comparer(bare.get(), impl_.odb.get(), limits_, impl_.limits.depth);
    for (const auto& oid : in_order()) {
      RawCommit& raw = loaded_.at(oid);
      compare(comparer, raw);
      history.commits.push_back(std::move(raw.commit));
    }
    if (interrupt::requested()) return interrupted(impl_);
    history.counted = comparer.gap().empty();
    if (!history.counted) {
      history.gap += (history.gap.empty() ? "" : "; ") + comparer.gap();
    }
    return history;
  }

 private:
  bool load(const std::string& hex) {
    const auto oid = git::from_hex(hex);
    const auto object =
        oid ? git::made<git::OdbObject>(git_odb_read, impl_.odb.get(), &*oid) : nullptr;
    if (!object || git_odb_object_type(object.get()) != GIT_OBJECT_COMMIT) return false;
    auto raw = parse_commit({static_cast<const char*>(git_odb_object_data(object.get())),
                             git_odb_object_size(object.get())},
                            limits_.message_bytes);
    if (!raw) return false;
    raw->commit.oid = hex;
    loaded_.emplace(hex, std::move(*raw));
    return true;
  }

  /// Commits are taken newest first, so that a limit keeps the newest.
  void collect() {
    std::priority_queue<std::pair<std::int64_t, std::string>> open;
    std::unordered_set<std::string> seen{impl_.commit_hex};
    open.emplace(loaded_.at(impl_.commit_hex).commit.commit_time, impl_.commit_hex);
    while (!open.empty()) {
      if (interrupt::requested()) return;
      const std::string oid = open.top().second;
      open.pop();
      const auto parents = loaded_.at(oid).commit.parents;
      for (const auto& parent : parents) {
        if (!seen.insert(parent).second) continue;
        if (loaded_.size() >= limits_.commits) {
          gap_ = fmt::format("all but the newest {} commits", limits_.commits);
        } else if (load(parent)) {
          open.emplace(loaded_.at(parent).commit.commit_time, parent);
        } else {
          gap_ = impl_.shallow ? "the older commits, since this is a shallow clone"
                               : "commits whose objects are missing";
        }
      }
    }
  }

  /// Newest first, but never a parent before its children, whatever the clocks said.
  std::vector<std::string> in_order() const {
    std::unordered_map<std::string_view, std::size_t> children;
    for (const auto& [oid, raw] : loaded_) {
      for (const auto& parent : raw.commit.parents) ++children[parent];
    }
    std::priority_queue<std::pair<std::int64_t, std::string_view>> ready;
    ready.emplace(0, impl_.commit_hex);
    std::vector<std::string> result;
    while (!ready.empty()) {
      result.emplace_back(ready.top().second);
      ready.pop();
      for (const auto& parent : loaded_.at(result.back()).commit.parents) {
        const auto found = loaded_.find(parent);
        if (--children[parent] > 0 || found == loaded_.end()) continue;
        ready.emplace(found->second.commit.commit_time, found->first);
      }
    }
    return result;
  }

  void compare(Comparer& comparer, RawCommit& raw) {
    const auto after = git::from_hex(raw.tree);
    if (!after) return;
    std::vector<std::vector<Change>> lists;
    for (const auto& parent : raw.commit.parents) {
      const auto found = loaded_.find(parent);
      // Against a parent that is not here everything would look new.
      if (found == loaded_.end()) return;
      const auto before = git::from_hex(found->second.tree);
      lists.push_back(comparer.compare(before ? &*before : nullptr, &*after));
      if (lists.back().empty()) return;
    }
    if (lists.empty()) lists.push_back(comparer.compare(nullptr, &*after));
    auto changes = common(std::move(lists));
    join_renames(changes);
    Commit& commit = raw.commit;
    commit.files_changed = changes.size();
    for (auto& change : changes) {
      comparer.count_lines(change);
      commit.insertions += change.path.insertions;
      commit.deletions += change.path.deletions;
      commit.changes.push_back(std::move(change.path));
    }
  }

  const Submission::Impl& impl_;
  const HistoryLimits& limits_;
  std::unordered_map<std::string, RawCommit> loaded_;
  std::string gap_;
};

}  // namespace

Result<History> read_history(const Submission& submission, const HistoryLimits& limits) {
  return Walk(Access::of(submission), limits).run();
}

Result<std::size_t> for_each_historic_blob(
    const Submission& submission, const History& history,
    const std::function<bool(const HistoricBlob&)>& wanted,
    const std::function<void(const HistoricBlob&, std::string_view bytes)>& visit) {
  const auto& impl = Access::of(submission);
  std::unordered_set<std::string_view> seen;
  std::size_t unread = 0;
  for (const auto& commit : std::views::reverse(history.commits)) {
    if (interrupt::requested()) return interrupted(impl);
    for (const auto& change : commit.changes) {
      if (change.oid.empty() || !seen.insert(change.oid).second) continue;
      const auto oid = git::from_hex(change.oid);
      std::size_t size = 0;
      git_object_t type = GIT_OBJECT_INVALID;
      if (!oid || git_odb_read_header(&size, &type, impl.odb.get(), &*oid) != 0) continue;
      if (type != GIT_OBJECT_BLOB) continue;
      const HistoricBlob blob{commit, change.path, change.oid, size};
      if (!wanted(blob)) continue;
      const auto bytes =
          read_blob(impl.odb.get(), *oid, impl.limits.read_bytes, change.path, Hash::trusted);
      if (bytes) {
        visit(blob, *bytes);
      } else {
        ++unread;
      }
    }
  }
  return unread;
}

}  // namespace grader::submission
