#include "grader/grading/rubric_files.hpp"

#include <algorithm>
#include <filesystem>

#include "grader/base/text.hpp"

namespace grader::grading {
namespace {

using yaml::Entry;
using yaml::Place;
using yaml::Value;

/// A rubric, what it extends, what that extends…
constexpr std::size_t max_files = 8;
constexpr std::size_t max_problems = 100;
constexpr std::size_t max_bytes = 1 << 20;

std::string id_of(const Value& node) {
  const Value* id = node.kind == Value::Kind::map ? yaml::find(node, "id") : nullptr;
  return id != nullptr && id->kind == Value::Kind::scalar ? id->text : "";
}

bool is_list_of_ids(const Value& node) {
  return node.kind == Value::Kind::sequence && !node.items.empty() &&
         std::ranges::none_of(node.items, [](const Value& item) { return id_of(item).empty(); });
}

void merge(Value& base, Value overlay);

void merge_items(Value& base, Value overlay) {
  for (auto& item : overlay.items) {
    const auto same = std::ranges::find(base.items, id_of(item), id_of);
    if (same == base.items.end()) {
      base.items.push_back(std::move(item));
    } else {
      merge(*same, std::move(item));
    }
  }
}

void merge_entries(Value& base, Value overlay) {
  for (auto& entry : overlay.entries) {
    const auto same = std::ranges::find(base.entries, entry.key, &Entry::key);
    if (same == base.entries.end()) {
      base.entries.push_back(std::move(entry));
    } else {
      merge(same->value, std::move(entry.value));
    }
  }
}

/// Maps merge key by key, lists of things with an id by that id; all else is replaced.
void merge(Value& base, Value overlay) {
  if (base.kind == Value::Kind::map && overlay.kind == Value::Kind::map) {
    merge_entries(base, std::move(overlay));
  } else if (is_list_of_ids(base) && is_list_of_ids(overlay)) {
    merge_items(base, std::move(overlay));
  } else {
    base = std::move(overlay);
  }
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Result<std::string> decoded(const Result<std::string>& bytes) {
  if (!bytes) return bytes;
  if (bytes->size() > max_bytes) return fail(ErrorKind::rubric, "a rubric file has at most 1 MiB");
  auto decoded = text::decode(*bytes);
  if (!decoded) return fail(ErrorKind::rubric, "not a text file");
  return std::move(*decoded);
}

}  // namespace

bool RubricFiles::is_full() const { return problems_.size() >= max_problems; }

void RubricFiles::add_problem(const Place& place, std::string what, std::string hint) {
  if (is_full()) return;
  const File& file = *files_[place.file];
  RubricProblem problem{file.path, place.line, place.column, "", std::move(what), std::move(hint)};
  const auto index = static_cast<std::size_t>(place.line - 1);
  if (index < file.lines.size()) {
    const auto line = file.lines[index];
    const auto before = line.substr(0, static_cast<std::size_t>(place.column - 1));
    problem.column = static_cast<int>(characters(before)) + 1;
    problem.source_line = std::string(line);
  }
  problems_.push_back(std::move(problem));
}

/// Says why a file cannot be read where its name stands: in the file that extends it, if any.
void RubricFiles::add_unreadable(const std::string& path, const std::optional<Place>& extends,
                                 const Error& error) {
  if (extends) {
    add_problem(*extends, error.what + ": " + path, error.hint);
  } else {
    problems_.push_back({path, 0, 0, "", error.what, error.hint});
  }
}

/// One file as a map; nothing, and a problem, where it is not one.
std::optional<Value> RubricFiles::read(const std::string& path,
                                       const std::optional<Place>& extends) {
  auto text = decoded(source_(path));
  if (!text) {
    add_unreadable(path, extends, text.error());
    return std::nullopt;
  }

  files_.push_back(std::make_unique<File>(File{path, std::move(*text), {}}));
  File& file = *files_.back();
  for (auto line : text::split(file.text, '\n')) {
    file.lines.push_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
  }
  auto document = yaml::parse(file.text, files_.size() - 1);
  for (auto& mistake : document.mistakes) {
    add_problem(mistake.place, std::move(mistake.what), std::move(mistake.hint));
  }
  if (!document.mistakes.empty()) return std::nullopt;
  if (document.root.kind != Value::Kind::map) {
    add_problem({files_.size() - 1}, "a rubric is a map that starts with its id");
    return std::nullopt;
  }
  return std::move(document.root);
}

/// Beside the extending file or below it: an uploaded rubric must not read other files.
std::optional<std::string> RubricFiles::base_path(const Value& extends, const std::string& path) {
  const std::filesystem::path name(extends.text);
  const bool inside = extends.kind == Value::Kind::scalar && !name.empty() && name.is_relative() &&
                      extends.text.find('\0') == std::string::npos &&
                      std::ranges::find(name, "..") == name.end();
  if (!inside) {
    add_problem(extends.place, "\"extends\" names a file in the same folder or below it",
                "write its name relative to this file, without \"..\"");
    return std::nullopt;
  }
  return (std::filesystem::path(path).parent_path() / name).lexically_normal().string();
}

/// The rubric first, then what it extends; empty where that cannot be followed to its end.
std::vector<Value> RubricFiles::chain(const std::string& path) {
  std::vector<Value> nodes;
  std::vector<std::string> paths{std::filesystem::path(path).lexically_normal().string()};
  std::optional<Place> said_at;
  while (true) {
    auto node = read(said_at ? paths.back() : path, said_at);
    if (!node) return {};
    nodes.push_back(std::move(*node));
    const Value* extends = yaml::find(nodes.back(), "extends");
    if (extends == nullptr) return nodes;
    said_at = extends->place;
    auto next = base_path(*extends, paths.back());
    if (!next) return {};
    const bool seen = std::ranges::find(paths, *next) != paths.end();
    paths.push_back(std::move(*next));
    if (seen) {
      add_problem(extends->place,
                  "\"extends\" goes round in a circle: " + text::join(paths, " → "));
      return {};
    }
    if (paths.size() > max_files) {
      add_problem(extends->place, "\"extends\" leads over more than 8 files");
      return {};
    }
  }
}

std::optional<Value> RubricFiles::effective(const std::string& path) {
  auto nodes = chain(path);
  if (nodes.empty()) return std::nullopt;
  for (const char* key : {"id", "version"}) {
    if (yaml::find(nodes.front(), key) == nullptr) {
      add_problem(nodes.front().place, std::string("\"") + key + "\" is missing",
                  "every rubric has its own id and version, also one that extends another");
    }
  }
  Value result = std::move(nodes.back());
  nodes.pop_back();
  for (; !nodes.empty(); nodes.pop_back()) merge(result, std::move(nodes.back()));
  std::erase_if(result.entries, [](const Entry& entry) { return entry.key == "extends"; });
  return result;
}

namespace {

std::string quoted(const std::string& text) { return std::to_string(text.size()) + ":" + text; }

void append_canonical(const Value& node, std::string& out);

void append_entries(const std::vector<Entry>& entries, std::string& out) {
  std::vector<std::pair<std::string, const Value*>> sorted;
  sorted.reserve(entries.size());
  for (const auto& entry : entries) sorted.emplace_back(quoted(entry.key), &entry.value);
  std::ranges::sort(sorted);
  for (const auto& [key, value] : sorted) {
    out += key;
    append_canonical(*value, out);
  }
}

void append_canonical(const Value& node, std::string& out) {
  switch (node.kind) {
    case Value::Kind::empty:
      out += '-';
      return;
    case Value::Kind::scalar:
      out += quoted(node.text);
      return;
    case Value::Kind::sequence:
      out += '[';
      for (const auto& item : node.items) append_canonical(item, out);
      out += ']';
      return;
    case Value::Kind::map:
      out += '{';
      append_entries(node.entries, out);
      out += '}';
  }
}

}  // namespace

std::string canonical(const Value& node) {
  std::string result;
  append_canonical(node, result);
  return result;
}

}  // namespace grader::grading
