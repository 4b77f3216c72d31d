#include "grader/submission/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

#include "grader/base/interrupt.hpp"
#include "grader/base/text.hpp"

namespace grader::submission {
namespace {

constexpr std::size_t sniffed_bytes = 8000;  // what git looks at to tell binary files

bool is_tree(const git_tree_entry* entry) { return git_tree_entry_type(entry) == GIT_OBJECT_TREE; }

/// The order of names in a tree object: a folder sorts as if its name ended in '/'.
int order(const git_tree_entry* a, const git_tree_entry* b) {
  const std::string_view first = git_tree_entry_name(a);
  const std::string_view second = git_tree_entry_name(b);
  const std::size_t shared = std::min(first.size(), second.size());
  if (const int order = std::memcmp(first.data(), second.data(), shared); order != 0) return order;
  const auto next = [shared](std::string_view name, const git_tree_entry* entry) {
    if (shared < name.size()) return int{static_cast<unsigned char>(name[shared])};
    return is_tree(entry) ? int{'/'} : 0;
  };
  return next(first, a) - next(second, b);
}

std::uint32_t count_text_lines(std::string_view text) {
  const auto ends = std::ranges::count(text, '\n');
  const bool open_end = !text.empty() && text.back() != '\n';
  return static_cast<std::uint32_t>(ends + (open_end ? 1 : 0));
}

/// Formats whose files have no lines, whatever is in them: pictures, fonts, sound, archives,
/// databases. They are most of what a history holds by weight, and need not be unpacked to be told.
bool is_binary_name(std::string_view path) {
  static constexpr auto endings = std::to_array<std::string_view>(
      {".avif", ".bmp",  ".bz2",  ".db",     ".eot",     ".gif", ".gz",  ".ico",
       ".jpeg", ".jpg",  ".mov",  ".mp3",    ".mp4",     ".otf", ".pdf", ".png",
       ".psd",  ".pyc",  ".rar",  ".sqlite", ".sqlite3", ".tif", ".ttf", ".wav",
       ".webm", ".webp", ".woff", ".woff2",  ".xz",      ".zip", ".7z"});
  const auto dot = path.rfind('.');
  if (dot == path.npos) return false;
  const std::string ending = text::lower(path.substr(dot));
  return std::ranges::find(endings, ending) != endings.end();
}

bool is_binary(std::string_view bytes) {
  return bytes.substr(0, sniffed_bytes).find('\0') != std::string_view::npos;
}

std::string_view bytes_of(const git::Blob& blob) {
  if (!blob) return {};
  return {static_cast<const char*>(git_blob_rawcontent(blob.get())),
          static_cast<std::size_t>(git_blob_rawsize(blob.get()))};
}

int add_hunk(const git_diff_delta*, const git_diff_hunk* hunk, void* payload) {
  auto& path = *static_cast<ChangedPath*>(payload);
  path.insertions += static_cast<std::uint32_t>(hunk->new_lines);
  path.deletions += static_cast<std::uint32_t>(hunk->old_lines);
  return 0;
}

bool diff_lines(const git_blob* before, const git_blob* after, ChangedPath& path) {
  git_diff_options options{};
  git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
  options.context_lines = 0;
  options.flags = GIT_DIFF_FORCE_TEXT;
  return git_diff_blobs(before, nullptr, after, nullptr, &options, nullptr, nullptr, add_hunk,
                        nullptr, &path) == 0;
}

}  // namespace

bool Comparer::spend_step() {
  if (!gap_.empty()) return false;
  if (++steps_ > limits_.steps || changes_ > limits_.changes) {
    gap_ = fmt::format("the changes of older commits, after {} changed paths", changes_);
  } else if ((steps_ & 1023U) == 0 && interrupt::requested()) {
    gap_ = "interrupted";
  }
  return gap_.empty();
}

std::vector<Change> Comparer::compare(const git_oid* before, const git_oid* after) {
  std::vector<Change> changes;
  walk(before, after, {.prefix = "", .depth = 0, .changes = changes});
  return changes;
}

void Comparer::walk(const git_oid* before, const git_oid* after, const Place& place) {
  if (before != nullptr && after != nullptr && git_oid_equal(before, after) != 0) return;
  if (place.depth > depth_) {
    gap_ = fmt::format("what lies more than {} folders deep", depth_);
    return;
  }
  const auto load = [&](const git_oid* oid) -> git::Tree {
    if (oid == nullptr) return nullptr;
    auto tree = git::made<git::Tree>(git_tree_lookup, repository_, oid);
    if (!tree) gap_ = "folders whose objects are missing";
    return tree;
  };
  const auto old_tree = load(before);
  const auto new_tree = load(after);
  const std::size_t old_count = old_tree ? git_tree_entrycount(old_tree.get()) : 0;
  const std::size_t new_count = new_tree ? git_tree_entrycount(new_tree.get()) : 0;
  for (std::size_t i = 0, j = 0; i < old_count || j < new_count;) {
    if (!spend_step()) return;
    const auto* a = i < old_count ? git_tree_entry_byindex(old_tree.get(), i) : nullptr;
    const auto* b = j < new_count ? git_tree_entry_byindex(new_tree.get(), j) : nullptr;
    int which = a == nullptr ? 1 : -1;
    if (a != nullptr && b != nullptr) which = order(a, b);
    if (which <= 0) ++i;
    if (which >= 0) ++j;
    visit(which <= 0 ? a : nullptr, which >= 0 ? b : nullptr, place);
  }
}

void Comparer::visit(const git_tree_entry* before, const git_tree_entry* after,
                     const Place& place) {
  const bool same = before != nullptr && after != nullptr &&
                    git_oid_equal(git_tree_entry_id(before), git_tree_entry_id(after)) != 0 &&
                    git_tree_entry_filemode(before) == git_tree_entry_filemode(after);
  if (same) return;
  const auto* either = after != nullptr ? after : before;
  if (!is_tree(either)) {
    add(before, after, place);
    return;
  }
  const std::string prefix = place.prefix + git_tree_entry_name(either) + "/";
  walk(before != nullptr ? git_tree_entry_id(before) : nullptr,
       after != nullptr ? git_tree_entry_id(after) : nullptr,
       {.prefix = prefix, .depth = place.depth + 1, .changes = place.changes});
}

void Comparer::add(const git_tree_entry* before, const git_tree_entry* after, const Place& place) {
  ++changes_;
  Change change;
  change.path.path = place.prefix + git_tree_entry_name(after != nullptr ? after : before);
  change.path.status = before == nullptr  ? ChangedPath::Status::added
                       : after == nullptr ? ChangedPath::Status::deleted
                                          : ChangedPath::Status::modified;
  for (const auto* entry : {before, after}) {
    if (entry != nullptr && git_tree_entry_type(entry) != GIT_OBJECT_BLOB) change.blob = false;
  }
  if (before != nullptr) change.before = *git_tree_entry_id(before);
  if (after != nullptr) {
    change.after = *git_tree_entry_id(after);
    change.path.oid = git::to_hex(change.after);
  }
  place.changes.push_back(std::move(change));
}

std::optional<git::Blob> Comparer::read(const git_oid& oid) {
  if (git_oid_is_zero(&oid) != 0) return git::Blob();
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, odb_, &oid) != 0 || type != GIT_OBJECT_BLOB) {
    return std::nullopt;
  }
  if (size > limits_.line_bytes) return std::nullopt;
  if (bytes_ + size > limits_.total_bytes) {
    gap_ = "the lines of older commits";
    return std::nullopt;
  }
  bytes_ += size;
  auto blob = git::made<git::Blob>(git_blob_lookup, repository_, &oid);
  if (!blob) return std::nullopt;
  return blob;
}

void Comparer::count_lines(Change& change) {
  ChangedPath& path = change.path;
  path.counted = false;
  if (!change.blob || !gap_.empty()) return;
  if (git_oid_equal(&change.before, &change.after) != 0) {
    path.counted = true;  // only its mode or its name changed
    return;
  }
  if (is_binary_name(path.path)) return;
  const auto before = read(change.before);
  const auto after = before ? read(change.after) : std::nullopt;
  if (!after || is_binary(bytes_of(*before)) || is_binary(bytes_of(*after))) return;
  path.counted = true;
  if (path.status == ChangedPath::Status::added) {
    path.insertions = count_text_lines(bytes_of(*after));
  } else if (path.status == ChangedPath::Status::deleted) {
    path.deletions = count_text_lines(bytes_of(*before));
  } else {
    path.counted = diff_lines(before->get(), after->get(), path);
  }
}

void join_renames(std::vector<Change>& changes) {
  using Status = ChangedPath::Status;
  std::map<std::string, std::vector<Change*>> deleted;
  for (auto& change : changes) {
    if (change.path.status == Status::deleted && change.blob) {
      deleted[git::to_hex(change.before)].push_back(&change);
    }
  }
  if (deleted.empty()) return;
  std::set<std::string> gone;
  for (auto& change : changes) {
    if (change.path.status != Status::added || !change.blob) continue;
    const auto found = deleted.find(change.path.oid);
    if (found == deleted.end() || found->second.empty()) continue;
    const Change& source = *found->second.back();
    found->second.pop_back();
    change.path.status = Status::renamed;
    change.path.old_path = source.path.path;
    change.before = source.before;
    gone.insert(source.path.path);
  }
  std::erase_if(changes, [&](const Change& change) {
    return change.path.status == Status::deleted && gone.contains(change.path.path);
  });
}

std::vector<Change> common(std::vector<std::vector<Change>> against_each_parent) {
  if (against_each_parent.empty()) return {};
  auto result = std::move(against_each_parent.front());
  for (std::size_t i = 1; i < against_each_parent.size(); ++i) {
    std::set<std::string_view> paths;
    for (const auto& change : against_each_parent[i]) paths.insert(change.path.path);
    std::erase_if(result, [&](const Change& c) { return !paths.contains(c.path.path); });
  }
  return result;
}

}  // namespace grader::submission
