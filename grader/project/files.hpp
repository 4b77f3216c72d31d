#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grader::project {

/// The files of a submission as the model needs them: names, sizes, and a way to read one.
struct Files {
  struct Entry {
    std::string path;  ///< from the top, '/' separated, bytes as committed
    std::uint64_t size = 0;
    bool symlink = false;
  };
  std::vector<Entry> entries;  ///< sorted by path
  /// Bytes of a regular file; nothing where it cannot be read (too large, absent).
  std::function<std::optional<std::string>(std::string_view path)> read;

  /// True where a file has exactly this path.
  bool has(std::string_view path) const;
  /// The file as UTF-8 text; nothing for binary files. Texts are kept, since many parts of the
  /// model and many findings ask for the same file: up to 16 MiB of them.
  std::optional<std::string> text(std::string_view path) const;
  /// Folders that are virtual environments: with pyvenv.cfg or an activate script. Sorted; found
  /// once, after `entries` are complete.
  const std::vector<std::string>& environments() const;

 private:
  mutable std::optional<std::vector<std::string>> environments_;
  mutable std::map<std::string, std::optional<std::string>, std::less<>> kept_;
  mutable std::size_t kept_bytes_ = 0;
};

/// True for paths inside vendored or generated folders that are not the candidate's work: virtual
/// environments (a folder with pyvenv.cfg, or lib/pythonX.Y/site-packages), node_modules,
/// bower_components, collected static files of other projects' packages, __pycache__, .git.
bool is_vendored(std::string_view path, const Files& files);

/// "a/b.py" → "a", "b.py" → "".
std::string folder_of(std::string_view path);
/// "a/b.py" → "b.py".
std::string_view file_name(std::string_view path);

}  // namespace grader::project
