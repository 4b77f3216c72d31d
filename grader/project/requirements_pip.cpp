#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"
#include "grader/project/requirements.hpp"

namespace grader::project {
namespace {

constexpr std::size_t most_files = 30;
constexpr int most_lines = 5'000;

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) { return is_name_start(c) || c == '-' || c == '_' || c == '.'; }

/// Without a comment: '#' at the start or after white space (pip's own rule).
std::string_view without_comment(std::string_view line) {
  for (auto at = line.find('#'); at != line.npos; at = line.find('#', at + 1)) {
    if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return line.substr(0, at);
  }
  return line;
}

/// == or === with a full version and nothing besides it.
bool is_pin(std::string_view specifier) {
  if (!specifier.starts_with("==") || specifier.find(',') != specifier.npos) return false;
  const auto version = text::trim(specifier.substr(specifier.starts_with("===") ? 3 : 2));
  return !version.empty() && version.find('*') == version.npos;
}

/// "https://…#egg=name" and "git+…@commit#egg=name" name what they install.
std::string egg_name(std::string_view line) {
  const auto at = line.find("egg=");
  if (at == line.npos) return {};
  const auto rest = line.substr(at + 4);
  return normalised_name(rest.substr(0, rest.find_first_of("& ;")));
}

bool is_url(std::string_view line) {
  return line.find("://") != line.npos || line.starts_with("./") || line.starts_with("../") ||
         line.starts_with("file:") || line.starts_with("/");
}

Requirement option(std::string_view line) {
  Requirement requirement;
  requirement.option = line;
  // A commit or a tag behind '@', or a digest, fixes what is fetched.
  const auto scheme = line.find("://");
  const auto at = scheme == line.npos ? scheme : line.find('@', scheme + 3);
  requirement.pinned = (at != line.npos && line.find('/', scheme + 3) < at) ||
                       line.ends_with(".whl") || line.ends_with(".tar.gz");
  return requirement;
}

/// The file that a line includes: -r base.txt, -rbase.txt, --requirement=base.txt.
std::string included(std::string_view line) {
  for (const std::string_view flag : {"-r", "--requirement"}) {
    if (!line.starts_with(flag)) continue;
    auto rest = text::trim(line.substr(flag.size()));
    if (rest.starts_with('=')) rest = text::trim(rest.substr(1));
    return std::string(rest);
  }
  return {};
}

/// folder + "../requirements/base.txt" without "." and ".."; empty where it leaves the tree.
std::string joined(std::string_view folder, std::string_view path) {
  std::vector<std::string> parts;
  const std::string whole = std::string(folder) + "/" + std::string(path);
  for (const auto part : text::split(whole, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.emplace_back(part);
    } else if (parts.empty()) {
      return {};
    } else {
      parts.pop_back();
    }
  }
  return text::join(parts, "/");
}

class PipReader {
 public:
  explicit PipReader(const Files& files) : files_(files) {}

  void file(const std::string& path) {
    if (path.empty() || result_.files.size() >= most_files) return;
    if (std::ranges::find(result_.files, path) != result_.files.end()) return;
    const auto text = files_.text(path);
    if (!text) return;
    result_.files.push_back(path);
    int number = 0;
    int started = 0;
    std::string whole;
    for (const auto line : text::lines(*text)) {
      if (++number > most_lines) break;
      if (whole.empty()) started = number;
      if (line.ends_with('\\')) {
        whole += line.substr(0, line.size() - 1);
        continue;
      }
      whole += line;
      one(whole, path, started);
      whole.clear();
    }
    if (!whole.empty()) one(whole, path, started);
  }

  PipFiles take() { return std::move(result_); }

 private:
  void one(std::string_view line, const std::string& path, int number) {
    auto requirement = requirement_of(line);
    if (!requirement) return;
    requirement->at = {path, number};
    const std::string next = included(requirement->option);
    const std::string target = next.empty() ? next : joined(folder_of(path), next);
    if (!target.empty() && files_.has(target)) return file(target);
    result_.requirements.push_back(std::move(*requirement));
  }

  const Files& files_;
  PipFiles result_;
};

}  // namespace

std::optional<Requirement> requirement_of(std::string_view line) {
  line = text::trim(without_comment(line));
  if (line.empty()) return std::nullopt;
  if (line.starts_with('-') || is_url(line)) {
    const auto address = line.find(" @ ");
    Requirement requirement = option(line);
    if (address != line.npos && is_name_start(line.front())) {
      requirement.name = normalised_name(line.substr(0, address));
    } else if (!line.starts_with('-') || line.find("egg=") != line.npos) {
      requirement.name = egg_name(line);
    }
    return requirement;
  }
  if (!is_name_start(line.front())) return std::nullopt;
  const auto end = std::ranges::find_if_not(line, is_name_character) - line.begin();
  Requirement requirement;
  requirement.name = normalised_name(line.substr(0, static_cast<std::size_t>(end)));
  auto rest = text::trim(line.substr(static_cast<std::size_t>(end)));
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    rest = close == rest.npos ? std::string_view() : text::trim(rest.substr(close + 1));
  }
  rest = rest.substr(0, rest.find(';'));
  rest = rest.substr(0, rest.find(" --"));
  if (rest.starts_with('(') && rest.ends_with(')')) rest = rest.substr(1, rest.size() - 2);
  requirement.specifier = text::replace_all(std::string(text::trim(rest)), " ", "");
  requirement.pinned = is_pin(requirement.specifier);
  return requirement;
}

Requirement named_requirement(std::string_view name, std::string_view specifier) {
  Requirement requirement;
  requirement.name = normalised_name(name);
  specifier = text::trim(specifier);
  if (specifier == "*") specifier = {};
  // poetry's bare "4.2.1" is an exact version.
  const bool bare = !specifier.empty() && specifier.front() >= '0' && specifier.front() <= '9';
  requirement.specifier = (bare ? "==" : "") + std::string(specifier);
  requirement.pinned = is_pin(requirement.specifier);
  return requirement;
}

PipFiles read_pip_file(const Files& files, const std::string& path) {
  PipReader reader(files);
  reader.file(path);
  return reader.take();
}

}  // namespace grader::project
