#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grader::sandbox {

/// A Python that environments are made with.
struct Interpreter {
  std::string version;                       ///< "3.6.15"; empty: that of the boxes' root
  std::filesystem::path folder;              ///< mounted at its own place; empty: none
  std::string program = "/usr/bin/python3";  ///< path in boxes
  bool operator==(const Interpreter&) const = default;
};

/// Those that pyenv ($PYENV_ROOT or ~/.pyenv) and uv ($UV_PYTHON_INSTALL_DIR or
/// ~/.local/share/uv/python) have installed on this machine, oldest first. Only folders that belong
/// to root or to this user and that nobody else can write.
std::vector<Interpreter> find_interpreters();

/// The same below one folder of installations, each named "3.6.15" or "cpython-3.6.15-linux-…".
std::vector<Interpreter> interpreters_in(const std::filesystem::path& folder);

/// The best of `found` for a version of Django ("1.11.2"), by the versions of Python that its
/// release notes name; nothing where none of them fits.
std::optional<Interpreter> interpreter_for(std::string_view django,
                                           const std::vector<Interpreter>& found);

/// Whether this version of Django loads on this version of Python 3 ("3.11"), as far as what Python
/// removed decides it; true for text that is no version.
bool loads_on(std::string_view django, std::string_view python);

/// "3.11" of the Python that the root file system of boxes has; empty where it has none.
std::string python_of_root(const std::filesystem::path& root);

}  // namespace grader::sandbox
