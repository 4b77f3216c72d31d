#include "grader/project/pages/page_hazards.hpp"

#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/html_scanner.hpp"
#include "grader/project/template_scanner.hpp"

namespace grader::project {
namespace {

using python::Kind;
using python::Node;

/// A variable of a template with the names of its filters: "entry.notes|linebreaks|safe".
struct Variable {
  std::string path;
  std::vector<std::string> filters;

  explicit Variable(std::string_view text) {
    for (const auto part : text::split(text, '|')) {
      const auto trimmed = text::trim(part);
      if (path.empty()) {
        path = trimmed;
      } else {
        filters.emplace_back(trimmed.substr(0, trimmed.find(':')));
      }
    }
  }

  bool has(std::initializer_list<std::string_view> names) const {
    return std::ranges::any_of(filters, [&](const std::string& filter) {
      return std::ranges::find(names, filter) != names.end();
    });
  }
  /// Filters that leave numbers, dates or fixed words, or that escape for where they are used.
  bool is_tamed() const {
    return has({"escapejs", "urlencode", "length", "yesno", "pluralize", "date", "time",
                "floatformat", "filesizeformat", "json_script", "slugify", "timesince", "add",
                "wordcount", "stringformat", "divisibleby", "length_is"});
  }
};

/// Attributes whose value is an address that the browser goes to or runs.
bool is_address(std::string_view tag, std::string_view attribute) {
  if (attribute == "href" || attribute == "xlink:href") {
    return tag == "a" || tag == "area" || tag == "base" || tag == "use";
  }
  if (attribute == "src") return tag == "iframe" || tag == "embed" || tag == "frame";
  return attribute == "formaction" || (attribute == "action" && tag == "form") ||
         (attribute == "data" && tag == "object");
}

/// Columns that a form or serializer declares as an address, so that its scheme is checked.
std::set<std::string, std::less<>> checked_addresses(const Project& project) {
  std::set<std::string, std::less<>> names;
  for (const auto& module : project.program.modules()) {
    if (module.text().find("URLField") == std::string_view::npos) continue;
    for (const Node node : module.root().descendants()) {
      if (!node.is(Kind::assignment)) continue;
      const auto type = python::dotted(python::callee(node.child(python::Field::right)));
      const bool form = type == "forms.URLField" || type == "serializers.URLField";
      if (form) names.emplace(node.child(python::Field::left).text());
    }
  }
  return names;
}

/// Columns that a view which can be reached fills past any form.
std::set<std::string, std::less<>> unchecked_columns(const Project& project,
                                                     const flow::Flow& flow) {
  std::set<std::string, std::less<>> columns;
  for (const auto& [column, root] : flow.unchecked) {
    const bool lost = std::ranges::any_of(project.views.all, [&](const View& view) {
      return view.routes.empty() && view.definition &&
             (view.definition.contains(root) || root.contains(view.definition));
    });
    if (!lost) columns.insert(column);
  }
  return columns;
}

class PageReader {
 public:
  PageReader(const Template& page, const ForeignText& foreign,
             const std::set<std::string, std::less<>>& unchecked,
             const std::set<std::string, std::less<>>& checked)
      : page_(page),
        foreign_(foreign),
        unchecked_(unchecked),
        checked_(checked),
        pieces_(scan_template(page.text)),
        scope_(foreign.scope_of(page)) {}

  void run() {
    safe_filters();
    const std::string masked = without_pieces(page_.text, pieces_);
    for (const auto& tag : scan_html(masked)) {
      if (tag.closing) continue;
      for (const auto& attribute : tag.attributes) look_at(tag, attribute);
      if (tag.name == "script") script(masked, tag);
    }
  }

  std::vector<Hazard> found;
  std::set<std::string, std::less<>> attributes;  ///< names of those that hold foreign text

 private:
  void add(std::string what, const TemplatePiece& piece, std::string text) {
    const auto tag = std::ranges::find(page_.tags, piece.start,
                                       [](const TemplateTag& one) { return one.offset; });
    Hazard hazard;
    hazard.what = std::move(what);
    hazard.at = {page_.path, tag == page_.tags.end() ? 0 : tag->at.line, 0, 0};
    hazard.trace = {{hazard.at, std::move(text)}};
    const bool known = std::ranges::any_of(
        found, [&](const Hazard& other) { return other.at.line == hazard.at.line; });
    if (known) return;
    found.push_back(std::move(hazard));
  }

  std::string path_of(const Variable& variable, const TemplatePiece& piece) const {
    return scope_.expanded(variable.path, piece.start);
  }

  bool is_foreign(const Variable& variable, const TemplatePiece& piece) const {
    return foreign_.in_page(scope_, path_of(variable, piece));
  }

  void safe_filters() {
    bool autoescape = true;
    for (const auto& piece : pieces_) {
      const TemplateTag& tag = piece.tag;
      if (tag.name == "autoescape") autoescape = tag.text.find("off") == std::string::npos;
      if (tag.name == "endautoescape") autoescape = true;
      if (tag.kind != TemplateTag::Kind::variable) continue;
      const Variable variable(tag.text);
      const bool safe = variable.has({"safe", "safeseq"});
      if ((!safe && autoescape) || variable.is_tamed()) continue;
      if (variable.has({"escape", "force_escape", "striptags"})) continue;
      if (!is_foreign(variable, piece)) continue;
      add("markup_safe", piece,
          safe ? variable.path + " is written without escaping (|safe)"
               : variable.path + " is written where escaping is switched off");
    }
  }

  std::vector<const TemplatePiece*> variables_in(std::size_t from, std::size_t to) const {
    std::vector<const TemplatePiece*> inside;
    auto piece = std::ranges::lower_bound(pieces_, from, {}, &TemplatePiece::start);
    for (; piece != pieces_.end() && piece->start < to; ++piece) {
      if (piece->tag.kind == TemplateTag::Kind::variable) inside.push_back(&*piece);
    }
    return inside;
  }

  void look_at(const HtmlTag& tag, const HtmlAttribute& attribute) {
    for (const auto* piece : variables_in(attribute.value_start, attribute.value_end)) {
      const Variable variable(piece->tag.text);
      if (variable.is_tamed() || !is_foreign(variable, *piece)) continue;
      attributes.insert(attribute.name);
      if (attribute.quote == 0) {
        if (is_address_text(variable, *piece)) continue;
        add("unquoted_attribute", *piece,
            variable.path + " is the value of " + attribute.name +
                " without quotes: a space in it begins a new attribute");
      } else if (attribute.name.starts_with("on") && attribute.name.size() > 3) {
        add("event_handler", *piece,
            variable.path + " stands in the code of " + attribute.name +
                ": the browser undoes the escaping before it runs it");
      }
      if (is_address(tag.name, attribute.name) && begins(attribute, *piece) &&
          is_free_address(variable, *piece)) {
        add("script_url", *piece,
            variable.path + " is the whole address, and javascript: is one too");
      }
    }
  }

  bool begins(const HtmlAttribute& attribute, const TemplatePiece& piece) const {
    const auto before = std::string_view(page_.text)
                            .substr(attribute.value_start, piece.start - attribute.value_start);
    return text::trim(before).empty();
  }

  /// No space gets into a URLField.
  bool is_address_text(const Variable& variable, const TemplatePiece& piece) const {
    const ModelField* field = foreign_.column(scope_, path_of(variable, piece));
    return field != nullptr && is_address_column(*field) && !is_free_address(variable, piece);
  }

  /// The address of a row in a column that takes any text. URLField checks the scheme in forms.
  bool is_free_address(const Variable& variable, const TemplatePiece& piece) const {
    const std::string path = path_of(variable, piece);
    const Model* model = nullptr;
    const ModelField* field = foreign_.column(scope_, path, &model);
    if (field == nullptr) return path.find('.') == std::string::npos;
    const bool checked = is_address_column(*field) || checked_.contains(field->name);
    return !checked || unchecked_.contains(model->qualified + "." + field->name);
  }

  /// What stands in a script outside of its texts is code; a text between backticks runs ${…}.
  void script(const std::string& masked, const HtmlTag& tag) {
    const HtmlAttribute* type = tag.attribute("type");
    if (type != nullptr) {
      const auto kind = std::string_view(page_.text)
                            .substr(type->value_start, type->value_end - type->value_start);
      if (text::contains_any(kind, {"json", "template"})) return;
    }
    std::size_t from = tag.content_start;
    char quote = 0;
    for (const auto* piece : variables_in(tag.content_start, tag.content_end)) {
      quote = quote_after(std::string_view(masked).substr(from, piece->start - from), quote);
      from = piece->end;
      const Variable variable(piece->tag.text);
      if (quote == '"' || quote == '\'' || quote == '/') continue;
      if (variable.is_tamed() || !is_foreign(variable, *piece)) continue;
      add("script_data", *piece,
          variable.path + (quote == '`' ? " stands between backticks, where ${…} is run"
                                        : " stands in a script as if it were code"));
    }
  }

  /// The quote that is open after this code: ' " ` or '/' for a comment; 0 for none.
  static char quote_after(std::string_view code, char quote) {
    for (std::size_t i = 0; i < code.size(); ++i) {
      const char c = code[i];
      if (quote == '/') {
        if (c == '\n') quote = 0;
      } else if (quote != 0) {
        if (c == '\\') {
          ++i;
        } else if (c == quote || (c == '\n' && quote != '`')) {
          quote = 0;
        }
      } else if (c == '"' || c == '\'' || c == '`') {
        quote = c;
      } else if (c == '/' && i + 1 < code.size() && code[i + 1] == '/') {
        quote = '/';
      } else if (c == '/' && i + 1 < code.size() && code[i + 1] == '*') {
        const auto end = code.find("*/", i + 2);
        i = end == code.npos ? code.size() : end + 1;
      }
    }
    return quote;
  }

  const Template& page_;
  const ForeignText& foreign_;
  const std::set<std::string, std::less<>>& unchecked_;
  const std::set<std::string, std::less<>>& checked_;
  std::vector<TemplatePiece> pieces_;
  PageScope scope_;
};

}  // namespace

std::vector<Hazard> page_hazards(const Project& project, const flow::Flow& flow) {
  const ForeignText foreign(project, flow);
  const auto checked = checked_addresses(project);
  const auto unchecked = unchecked_columns(project, flow);
  std::vector<Hazard> found;
  std::set<std::string, std::less<>> attributes;
  for (const auto& page : project.templates) {
    PageReader reader(page, foreign, unchecked, checked);
    reader.run();
    std::ranges::move(reader.found, std::back_inserter(found));
    attributes.merge(reader.attributes);
  }
  for (auto& hazard : script_hazards(project, foreign, attributes)) {
    found.push_back(std::move(hazard));
  }
  return found;
}

}  // namespace grader::project
