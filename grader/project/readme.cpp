#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"
#include "grader/project/readme_markdown.hpp"
#include "grader/project/readme_words.hpp"

namespace grader::project {
namespace {

/// Formats that are read, the one that is rather meant first.
constexpr std::array endings{std::string_view(".md"),   std::string_view(".markdown"),
                             std::string_view(".rst"),  std::string_view(".txt"),
                             std::string_view(".adoc"), std::string_view("")};

/// How well a path serves as the README: less is better, nothing where it is none.
std::optional<std::size_t> rank(const Files::Entry& entry, std::string_view root) {
  const std::string folder = folder_of(entry.path);
  if (entry.symlink || (!folder.empty() && folder != root)) return std::nullopt;
  const std::string name = text::lower(file_name(entry.path));
  if (!name.starts_with("readme") && !name.starts_with("read_me")) return std::nullopt;
  const auto dot = name.rfind('.');
  const std::string ending = dot == name.npos ? "" : name.substr(dot);
  const auto known = std::ranges::find(endings, ending);
  if (known == endings.end()) return std::nullopt;
  const auto format = static_cast<std::size_t>(known - endings.begin());
  // "README.en.md" comes after "README.md", and a folder's own README after that of the top.
  return format + (name.find('.') == dot ? 0 : 10) + (folder.empty() ? 0 : 100);
}

/// What the blocks of a README tell.
class Claims {
 public:
  explicit Claims(Readme& readme) : readme_(readme) {}

  void read() {
    std::string prose;
    for (const auto& block : text_blocks(readme_.text)) {
      if (block.kind == TextBlock::Kind::code) {
        commands(block.text, block.line);
        continue;
      }
      prose += block.text + "\n";
      commands(block.text, block.line);
      const std::string section = lower_utf8(block.section);
      if (block.kind == TextBlock::Kind::heading) {
        if (heads_limitations(lower_utf8(block.text))) {
          pending_ = at(block.line);
        } else {
          sentences(block, section);  // a heading can be a note of its own
        }
        continue;
      }
      // A section counts once something stands in it.
      if (pending_ && heads_limitations(section)) limitation(*pending_);
      sentences(block, section);
    }
    readme_.english = is_english(lower_utf8(prose));
  }

 private:
  Location at(int line) const { return {readme_.path, line}; }

  void commands(std::string_view text, int line) {
    for (const auto one : text::lines(text)) {
      if (!readme_.setup && is_setup_command(one)) {
        readme_.setup = true;
        readme_.setup_at = at(line);
      }
      ++line;
    }
  }

  void limitation(const Location& place) {
    if (readme_.limitations) return;
    readme_.limitations = true;
    readme_.limitations_at = place;
  }

  /// Sentences end at '.', '!' or '?' before white space; line ends inside them mean nothing.
  void sentences(const TextBlock& block, const std::string& section) {
    const std::string_view text = block.text;
    int line = block.line;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const bool stop = i < text.size() && std::string_view(".!?").find(text[i]) != text.npos;
      const bool last = i + 1 >= text.size() || text[i + 1] == ' ' || text[i + 1] == '\n';
      if (i < text.size() && !(stop && last)) continue;
      const auto written = text.substr(start, i - start);
      if (!text::trim(written).empty()) {
        const auto skipped = written.find_first_not_of(" \n\t");
        const auto before = std::ranges::count(written.substr(0, skipped), '\n');
        sentence(lower_utf8(text::trim(written)), section, line + static_cast<int>(before));
      }
      line += static_cast<int>(std::ranges::count(written, '\n'));
      start = std::min(i + 1, text.size());
    }
  }

  void sentence(std::string lowered, const std::string& section, int line) {
    std::ranges::replace(lowered, '\n', ' ');
    if (states_limitation(lowered)) limitation(at(line));
    const bool planned = heads_plans(section) || heads_limitations(section);
    const bool secret = mentions_encryption(lowered) || mentions_encryption(section);
    if (!readme_.encryption && !planned && secret && describes_encryption(lowered)) {
      readme_.encryption = true;
      readme_.encryption_at = at(line);
    }
  }

  Readme& readme_;
  std::optional<Location> pending_;
};

}  // namespace

Readme read_readme(const Project& project) {
  Readme readme;
  std::optional<std::size_t> best;
  for (const auto& entry : project.files.entries) {
    const auto value = rank(entry, project.django_root);
    if (!value || (best && *best <= *value)) continue;
    auto text = project.files.text(entry.path);
    if (!text || text::trim(*text).empty()) continue;
    best = value;
    readme.path = entry.path;
    readme.text = std::move(*text);
  }
  if (!readme.path.empty()) Claims(readme).read();
  return readme;
}

}  // namespace grader::project
