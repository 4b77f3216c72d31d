#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/committed_secrets.hpp"
#include "grader/project/parts.hpp"
#include "grader/project/requirements.hpp"

namespace grader::project {
namespace {

constexpr std::uint64_t largest = 512U << 10U;

/// One NAME=value of an environment file.
struct Variable {
  std::string_view name;
  std::string_view value;
  int line = 0;
};

/// Without surrounding quotes, b'…' too, and without a comment behind it.
std::string_view plain(std::string_view value) {
  value = text::trim(value);
  if (value.starts_with("b'") || value.starts_with("b\"")) value.remove_prefix(1);
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'')) {
    const auto end = value.find(value.front(), 1);
    return value.substr(1, end == value.npos ? end : end - 1);
  }
  return text::trim(value.substr(0, value.find(" #")));
}

std::vector<Variable> variables_of(std::string_view text) {
  std::vector<Variable> found;
  int number = 0;
  for (auto line : text::lines(text)) {
    ++number;
    line = text::trim(line);
    if (line.starts_with("export ")) line = text::trim(line.substr(7));
    const auto equals = line.find('=');
    if (line.starts_with('#') || equals == line.npos) continue;
    found.push_back({text::trim(line.substr(0, equals)), plain(line.substr(equals + 1)), number});
  }
  return found;
}

bool is_example(std::string_view name) {
  const std::string lowered = text::lower(name);
  return lowered.find("env") != std::string::npos &&
         text::contains_any(lowered, {"example", "sample", "template", "dist"});
}

/// Lines of texts that are worth a look: documents and data, not code of other languages.
bool is_document(std::string_view name) {
  for (const auto ending : {".md", ".txt", ".rst", ".json", ".yml", ".yaml", ".ini", ".cfg",
                            ".toml", ".sh", ".ps1", ".bat", ".conf"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

bool is_compose(std::string_view name) {
  return (name.ends_with(".yml") || name.ends_with(".yaml")) &&
         (name.starts_with("docker-compose") || name.starts_with("compose"));
}

bool is_key_file(std::string_view name) {
  return name.ends_with(".pem") || name.ends_with(".key") || name == "id_rsa";
}

int line_at(std::string_view text, std::size_t offset) {
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, offset), '\n'));
}

class FileSecrets {
 public:
  FileSecrets(const Files& files, bool all) : files_(files), all_(all) {}

  std::vector<CommittedSecret> run() {
    for (const auto& entry : files_.entries) {
      if (entry.symlink || entry.size > largest || is_vendored(entry.path, files_)) continue;
      one(entry.path);
    }
    return std::move(found_);
  }

 private:
  void one(const std::string& path) {
    const std::string name = text::lower(file_name(path));
    if (is_environment_file(name) || is_example(name)) {
      if (const auto text = files_.text(path)) environment(path, *text, is_example(name));
    } else if (is_compose(name)) {
      if (const auto text = files_.text(path)) composed(path, *text);
    } else if (name.starts_with("dockerfile")) {
      if (const auto text = files_.text(path)) container(path, *text);
    } else if (is_key_file(name) || is_document(name)) {
      if (const auto text = files_.text(path)) document(path, *text);
    }
  }

  void add(std::string what, std::string_view value, const std::string& path, int line) {
    found_.push_back({std::move(what), std::string(value), {path, line}});
  }

  /// One finding a file: the file is what must not be there. Of an example, each real secret.
  void environment(const std::string& path, std::string_view text, bool example) {
    for (const auto& [name, value, line] : variables_of(text)) {
      const std::string kind = credential_kind(name, secret_kind(name), value);
      const std::string inner = url_password(value);
      const bool digits = std::ranges::any_of(value, [](char c) { return c >= '0' && c <= '9'; });
      if (inner.empty() && (kind.empty() || (example && !digits))) continue;
      if (!example && !all_) {
        return add(".env committed", inner.empty() ? value : inner, path, line);
      }
      add(inner.empty() ? kind : "db password", inner.empty() ? value : inner, path, line);
    }
  }

  /// services.NAME.environment as a map or as a list of NAME=value.
  void composed(const std::string& path, std::string_view text) {
    std::set<std::string> seen;
    for (const auto& leaf : yaml_leaves(text).value_or(std::vector<Leaf>())) {
      const auto place = std::ranges::find(leaf.keys, "environment");
      if (place == leaf.keys.end() || leaf.keys.size() < 2) continue;
      std::string name = leaf.keys.back();
      std::string value = leaf.value;
      if (const auto equals = value.find('='); equals != value.npos &&
                                               place + 2 == leaf.keys.end() &&
                                               std::ranges::all_of(name, ::isdigit)) {
        name = value.substr(0, equals);
        value = value.substr(equals + 1);
      }
      variable(name, plain(value), path, leaf.line, seen);
    }
  }

  /// ENV NAME=value, ENV NAME value, ARG NAME=value.
  void container(const std::string& path, std::string_view text) {
    std::set<std::string> seen;
    int number = 0;
    for (auto line : text::lines(text)) {
      ++number;
      line = text::trim(line);
      if (!line.starts_with("ENV ") && !line.starts_with("ARG ")) continue;
      line = text::trim(line.substr(4));
      const auto end = line.find_first_of("= ");
      if (end == line.npos || end + 1 >= line.size()) continue;
      auto value = plain(line.substr(end + 1));
      if (line[end + 1] != '"') value = value.substr(0, value.find_first_of(" \t"));
      variable(std::string(line.substr(0, end)), value, path, number, seen);
    }
  }

  void variable(const std::string& name, std::string_view value, const std::string& path, int line,
                std::set<std::string>& seen) {
    const std::string inner = url_password(value);
    const std::string kind = inner.empty() ? secret_kind(name) : "db password";
    const std::string secret(inner.empty() ? value : inner);
    if (secret.find('$') == 0 || (inner.empty() && !is_credential(kind, value))) return;
    if (seen.insert(secret).second) add(kind, secret, path, line);
  }

  /// Secrets that their form gives away, and long keys behind the names of keys.
  void document(const std::string& path, std::string_view text) {
    std::set<std::string> seen;
    for (const auto& [offset, what, value] : signatures(text)) {
      if (seen.insert(value).second) add(what, value, path, line_at(text, offset));
    }
    for (auto [name, value, line] : variables_of(text)) {
      const auto word = name.substr(name.find_last_of(" `\t(") + 1);
      const std::string kind = secret_kind(word);
      const bool key = kind == "django secret key" || kind == "encryption key";
      const bool shouting = std::ranges::none_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
      value = value.substr(0, value.find_first_of("`\""));
      const bool whole = value.size() >= 32 && is_strong(value) && !is_placeholder(value);
      if (!key || !shouting || !whole) continue;
      if (seen.insert(std::string(value)).second) add(kind, value, path, line);
    }
  }

  const Files& files_;
  bool all_;
  std::vector<CommittedSecret> found_;
};

}  // namespace

bool is_secret_file(std::string_view name) {
  return is_environment_file(name) || is_example(name) || is_compose(name) ||
         name.starts_with("dockerfile") || is_key_file(name) || is_document(name);
}

std::vector<CommittedSecret> secrets_of_files(const Files& files, bool all) {
  return FileSecrets(files, all).run();
}

}  // namespace grader::project
