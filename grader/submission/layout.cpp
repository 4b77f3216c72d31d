#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>

#include "grader/base/descriptor.hpp"
#include "grader/base/text.hpp"
#include "grader/submission/open.hpp"

namespace grader::submission {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_config = 1U << 20U;
constexpr std::size_t most_entries = 500'000;  // 200,000 loose objects, their folders, references
constexpr std::string_view clone_it = "clone it with git and give the path of the clone";

/// A small regular file; nothing where there is none. Never waits, whatever is at this path.
std::optional<std::string> read_small(const fs::path& path) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  std::error_code error;
  if (!fd.valid() || !fs::is_regular_file(path, error)) return std::nullopt;
  std::string bytes(largest_config, '\0');
  const auto count = read(fd.get(), bytes.data(), bytes.size());
  if (count < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

/// The repository's own folder: `.git`, what a file `.git` names, or the directory itself.
fs::path git_folder(const fs::path& directory) {
  fs::path inner = directory / ".git";
  std::error_code error;
  if (const auto link = read_small(inner)) {
    constexpr std::string_view key = "gitdir:";
    if (!link->starts_with(key)) return inner;
    return directory / fs::path(text::trim(std::string_view(*link).substr(key.size())));
  }
  return fs::is_directory(inner, error) ? inner : directory;
}

Result<void> only_plain_files(const fs::path& folder, const Source& source) {
  std::error_code error;
  std::size_t count = 0;
  const auto refuse = [&](const std::string& what) {
    return fail(ErrorKind::submission, what, source.text, std::string(clone_it));
  };
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (++count > most_entries) {
      return refuse(fmt::format("this repository is over a limit: it is made of more than {} files",
                                most_entries));
    }
    const auto type = entry->symlink_status(error).type();
    if (type == fs::file_type::directory) {
      // Nothing here runs a hook, and people link them.
      if (entry->path().filename() == "hooks") entry.disable_recursion_pending();
      continue;
    }
    if (type == fs::file_type::regular) continue;
    return refuse("this repository is made of more than plain files: " +
                  show_path(entry->path().lexically_relative(folder).string()));
  }
  if (error) return refuse("this repository cannot be read: " + error.message());
  return {};
}

Result<void> check_config(const fs::path& folder, const Source& source) {
  const auto config = read_small(folder / "config");
  if (!config) return {};  // a repository works without one
  if (config->size() == largest_config) {
    return fail(ErrorKind::submission, "this repository's configuration is larger than 1 MiB",
                source.text, std::string(clone_it));
  }
  if (text::lower(*config).find("[include") != std::string::npos) {
    return fail(ErrorKind::submission, "this repository's configuration includes other files",
                source.text, "remove the section [include] from its config, or clone it");
  }
  return {};
}

}  // namespace

Result<void> check_layout(const Source& source, const std::string& directory) {
  const fs::path folder = git_folder(directory);
  std::error_code error;
  // What is no repository is the library's to say.
  if (!fs::exists(folder / "HEAD", error)) return {};
  std::vector<fs::path> folders{folder};
  if (const auto common = read_small(folder / "commondir")) {
    folders.push_back(folder / fs::path(text::trim(*common)));
  }
  for (const auto& one : folders) {
    if (auto plain = only_plain_files(one, source); !plain) return plain;
    if (auto checked = check_config(one, source); !checked) return checked;
  }
  return {};
}

std::string odd_work_tree(const std::string& directory) {
  constexpr std::size_t most = 50'000;
  std::size_t count = 0;
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator entry(directory, options, error), end;
       !error && entry != end; entry.increment(error)) {
    const auto name = entry->path().filename();
    if (name == ".git") {
      if (entry->symlink_status(error).type() == fs::file_type::directory) {
        entry.disable_recursion_pending();
      }
    } else if (name == ".gitignore" || name == ".gitattributes") {
      if (entry->symlink_status(error).type() != fs::file_type::regular) {
        return show_path(entry->path().lexically_relative(directory).string()) +
               " is no plain file";
      }
    }
    if (++count > most) return fmt::format("the directory holds more than {} files", most);
  }
  return {};
}

}  // namespace grader::submission
