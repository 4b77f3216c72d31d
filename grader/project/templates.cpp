#include "grader/project/templates.hpp"

#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/html_scanner.hpp"
#include "grader/project/parts.hpp"
#include "grader/project/template_scanner.hpp"

namespace grader::project {
namespace {

constexpr std::uint64_t largest_template = 2U << 20U;
constexpr std::size_t most_templates = 3'000;
constexpr int deepest_include = 8;

/// Where the name that a view uses begins; npos where a path is in no templates folder.
std::size_t name_start(std::string_view path) {
  constexpr std::string_view folder = "templates/";
  for (auto at = path.find(folder); at != std::string_view::npos; at = path.find(folder, at + 1)) {
    if (at == 0 || path[at - 1] == '/') return at + folder.size();
  }
  return std::string_view::npos;
}

bool is_template_file(std::string_view path) {
  return path.ends_with(".html") || path.ends_with(".htm") || path.ends_with(".txt");
}

/// Line and column of byte offsets that are asked in growing order or not.
class Lines {
 public:
  explicit Lines(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }

  Location at(const std::string& path, std::size_t offset) const {
    const auto next = std::ranges::upper_bound(starts_, offset);
    const auto line = next - starts_.begin();
    return {path, static_cast<int>(line), static_cast<int>(offset - *(next - 1)) + 1, 0};
  }

 private:
  std::vector<std::size_t> starts_{0};
};

std::string unquoted(std::string_view word) {
  const bool quoted = word.size() >= 2 && (word.front() == '"' || word.front() == '\'');
  return std::string(quoted ? word.substr(1, word.size() - 2) : word);
}

class Reader {
 public:
  explicit Reader(Template& result)
      : result_(result), lines_(result.text), pieces_(scan_template(result.text)) {}

  void run() {
    add_tags();
    const std::vector<HtmlTag> tags = scan_html(without_pieces(result_.text, pieces_));
    // Forms do not nest: one ends where it is closed, or where the next begins.
    for (const auto& tag : tags) {
      if (tag.name == "form") form_ends_.push_back(tag.start);
    }
    for (const auto& tag : tags) {
      if (!tag.closing) element(tag);
    }
  }

 private:
  void add_tags() {
    for (const auto& piece : pieces_) {
      TemplateTag tag = piece.tag;
      tag.at = lines_.at(result_.path, piece.start);
      tag.offset = static_cast<std::uint32_t>(piece.start);
      if (tag.name == "extends" || tag.name == "include") {
        const auto words = tag_words(tag.text);
        if (words.size() > 1) result_.parents.push_back(unquoted(words[1]));
      }
      result_.tags.push_back(std::move(tag));
    }
  }

  std::string value_of(const HtmlTag& tag, std::string_view name) const {
    const HtmlAttribute* found = tag.attribute(name);
    if (found == nullptr) return {};
    const auto value = std::string_view(result_.text)
                           .substr(found->value_start, found->value_end - found->value_start);
    return std::string(text::trim(value));
  }

  void element(const HtmlTag& tag) {
    if (tag.name == "form") {
      form(tag);
    } else if (tag.name == "a") {
      const std::string target = value_of(tag, "href");
      if (target.starts_with("/") || target.find("{%") != std::string::npos ||
          target.find("{{") != std::string::npos) {
        result_.links.emplace_back(target, lines_.at(result_.path, tag.start));
      }
    } else if (tag.name == "input" || tag.name == "select" || tag.name == "textarea") {
      const std::string input = value_of(tag, "name");
      if (!input.empty() && tag.start < open_until_) result_.forms.back().inputs.push_back(input);
    }
  }

  void form(const HtmlTag& tag) {
    TemplateForm form;
    form.method = text::lower(value_of(tag, "method"));
    if (form.method.empty()) form.method = "get";
    form.action = value_of(tag, "action");
    form.at = lines_.at(result_.path, tag.start);
    const auto end = std::ranges::lower_bound(form_ends_, tag.end);
    open_until_ = end == form_ends_.end() ? result_.text.size() : *end;
    look_inside(form, tag.start, open_until_);
    result_.forms.push_back(std::move(form));
  }

  void look_inside(TemplateForm& form, std::size_t from, std::size_t to) const {
    auto piece = std::ranges::lower_bound(pieces_, from, {}, &TemplatePiece::start);
    for (; piece != pieces_.end() && piece->start < to; ++piece) {
      const TemplateTag& tag = piece->tag;
      if (tag.kind == TemplateTag::Kind::comment) continue;
      // {% crispy form %} of django-crispy-forms writes the token itself.
      form.csrf_token = form.csrf_token || tag.name == "crispy" ||
                        text::contains_any(tag.text, {"csrf_token", "csrf_input"});
      const auto words = tag.name == "include" ? tag_words(tag.text) : std::vector<std::string>();
      if (words.size() > 1) form.includes.push_back(unquoted(words[1]));
    }
  }

  Template& result_;
  Lines lines_;
  std::vector<TemplatePiece> pieces_;
  std::vector<std::size_t> form_ends_;
  std::size_t open_until_ = 0;
};

/// Names of the templates that a template includes.
std::vector<std::string> included(const Template& in) {
  std::vector<std::string> names;
  for (const auto& tag : in.tags) {
    const auto words = tag.name == "include" ? tag_words(tag.text) : std::vector<std::string>();
    if (words.size() > 1) names.push_back(unquoted(words[1]));
  }
  return names;
}

/// Marks the forms whose token comes with an included template.
void complete_with_includes(std::vector<Template>& all) {
  std::set<std::string> bringing;
  std::vector<std::pair<std::string, std::vector<std::string>>> edges;
  for (const auto& one : all) {
    if (std::ranges::find(one.tags, "csrf_token", &TemplateTag::name) != one.tags.end()) {
      bringing.insert(one.name);
    }
    edges.emplace_back(one.name, included(one));
  }
  const auto brings = [&](const std::string& name) { return bringing.contains(name); };
  for (int round = 0; round < deepest_include; ++round) {
    for (const auto& [name, targets] : edges) {
      if (std::ranges::any_of(targets, brings)) bringing.insert(name);
    }
  }
  for (auto& one : all) {
    for (auto& form : one.forms) {
      form.csrf_token = form.csrf_token || std::ranges::any_of(form.includes, brings);
    }
  }
}

}  // namespace

Template read_template(std::string path, std::string text) {
  Template result;
  const auto start = name_start(path);
  result.name = start == std::string::npos ? path : path.substr(start);
  result.path = std::move(path);
  result.text = std::move(text);
  Reader(result).run();
  return result;
}

std::vector<Template> read_templates(const Files& files, std::vector<std::string>& warnings) {
  std::vector<Template> all;
  for (const auto& entry : files.entries) {
    if (entry.symlink || !is_template_file(entry.path)) continue;
    if (name_start(entry.path) == std::string::npos || is_vendored(entry.path, files)) continue;
    if (entry.size > largest_template || all.size() >= most_templates) {
      warnings.push_back(entry.path + " was left out: " +
                         (entry.size > largest_template ? "larger than 2 MiB" : "too many files"));
      continue;
    }
    auto text = files.text(entry.path);
    if (!text) {
      warnings.push_back(entry.path + " was left out: not text");
      continue;
    }
    all.push_back(read_template(entry.path, std::move(*text)));
  }
  complete_with_includes(all);
  return all;
}

}  // namespace grader::project
