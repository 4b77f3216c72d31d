#include "sandbox/probe/prober/page.hpp"

#include <gumbo.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace grader::sandbox::prober {

namespace {

constexpr int depth_cap = 300;
constexpr std::size_t text_cap = 400'000;
constexpr std::size_t list_cap = 600;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char letter) {
    return static_cast<char>(letter < 128 ? std::tolower(letter) : letter);
  });
  return out;
}

std::string attribute(const GumboNode& node, const char* name) {
  const GumboAttribute* found = gumbo_get_attribute(&node.v.element.attributes, name);
  return found != nullptr ? found->value : "";
}

bool has_attribute(const GumboNode& node, const char* name) {
  return gumbo_get_attribute(&node.v.element.attributes, name) != nullptr;
}

int number_of(const std::string& text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The element's name as it was written: unknown ones have no tag number.
std::string tag_name(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return lower({piece.data, piece.length});
}

class Reading {
 public:
  Reading(Page& page, std::string_view mark) : page_(page), mark_(mark) {}

  void visit(const GumboNode& node, int depth) {
    if (depth > depth_cap) return;
    if (node.type == GUMBO_NODE_TEXT) {
      if (page_.text.size() < text_cap) page_.text.append(node.v.text.text).push_back(' ');
      return;
    }
    if (node.type == GUMBO_NODE_WHITESPACE) {
      page_.text.push_back(' ');
      return;
    }
    const bool element = node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE;
    if (!element && node.type != GUMBO_NODE_DOCUMENT) return;
    const int form = form_;
    if (element && !enter(node)) return;
    const GumboVector& children = element ? node.v.element.children : node.v.document.children;
    for (unsigned i = 0; i < children.length; ++i)
      visit(*static_cast<const GumboNode*>(children.data[i]), depth + 1);
    if (element && node.v.element.tag == GUMBO_TAG_FORM) form_ = form;
  }

  void finish() {
    for (Form& form : page_.forms) {
      for (Field& field : form.fields) {
        const auto by_id = labels_.find(field.id);
        const auto by_name = labels_.find(field.name);
        if (by_id != labels_.end()) field.label += " " + by_id->second;
        if (by_name != labels_.end()) field.label += " " + by_name->second;
        field.label = lower(field.label);
      }
    }
  }

 private:
  std::string text_below(const GumboNode& node, int depth = 0) const {
    if (node.type == GUMBO_NODE_TEXT) return node.v.text.text;
    std::string text;
    if (node.type != GUMBO_NODE_ELEMENT || depth > 20) return text;
    const GumboVector& children = node.v.element.children;
    for (unsigned i = 0; i < children.length && text.size() < 2'000; ++i)
      text += text_below(*static_cast<const GumboNode*>(children.data[i]), depth + 1) + " ";
    return text;
  }

  /// False where nothing below is to be looked at.
  bool enter(const GumboNode& node) {
    const GumboElement& element = node.v.element;
    if (!mark_.empty() && tag_name(element) == mark_) page_.has_mark = true;
    note_links(node);
    note_errors(node);
    switch (element.tag) {
      case GUMBO_TAG_SCRIPT:
      case GUMBO_TAG_STYLE:
        return false;
      case GUMBO_TAG_FORM:
        open_form(node);
        return true;
      case GUMBO_TAG_LABEL:
        if (has_attribute(node, "for")) labels_[attribute(node, "for")] = text_below(node);
        return true;
      case GUMBO_TAG_INPUT:
      case GUMBO_TAG_TEXTAREA:
      case GUMBO_TAG_SELECT:
      case GUMBO_TAG_BUTTON:
        add_field(node);
        return true;
      default:
        return true;
    }
  }

  void note_links(const GumboNode& node) {
    for (const char* name : {"href", "data-url", "data-href", "hx-get", "hx-post", "src"}) {
      const bool link = std::string_view(name) != "href" || node.v.element.tag == GUMBO_TAG_A;
      const std::string_view own = name;
      if (!link || (own == "src" && node.v.element.tag != GUMBO_TAG_IFRAME)) continue;
      const std::string target = attribute(node, name);
      if (!target.empty() && page_.links.size() < list_cap) page_.links.push_back(target);
    }
  }

  void note_errors(const GumboNode& node) {
    const std::string kind = lower(attribute(node, "class"));
    const bool told =
        kind.find("error") != std::string::npos || kind.find("invalid") != std::string::npos ||
        kind.find("alert") != std::string::npos || kind.find("message") != std::string::npos;
    if (told && page_.errors.size() < 40) page_.errors.push_back(lower(text_below(node)));
  }

  void open_form(const GumboNode& node) {
    if (page_.forms.size() >= list_cap) return;
    Form form;
    form.action = attribute(node, "action");
    const std::string method = lower(attribute(node, "method"));
    form.method = method.empty() ? "get" : method;
    const std::string hx = attribute(node, "hx-post");
    if (!hx.empty()) {
      form.action = hx;
      form.method = "post";
    }
    form.caption = lower(attribute(node, "id") + " " + attribute(node, "class"));
    form_ = static_cast<int>(page_.forms.size());
    page_.forms.push_back(std::move(form));
  }

  void add_field(const GumboNode& node) {
    if (form_ < 0) return;
    Form& form = page_.forms[static_cast<std::size_t>(form_)];
    const GumboTag tag = node.v.element.tag;
    Field field;
    field.name = attribute(node, "name");
    field.type = tag == GUMBO_TAG_INPUT ? lower(attribute(node, "type"))
                                        : lower(gumbo_normalized_tagname(tag));
    if (field.type.empty()) field.type = "text";
    field.value = attribute(node, "value");
    if (tag == GUMBO_TAG_BUTTON || field.type == "submit" || field.type == "image") {
      form.caption += " " + lower(tag == GUMBO_TAG_BUTTON ? text_below(node) : field.value);
      if (!field.name.empty()) form.submits.emplace_back(field.name, field.value);
      return;
    }
    if (field.name.empty() || field.type == "reset" || field.type == "button") return;
    if (has_attribute(node, "disabled") || form.fields.size() >= list_cap) return;
    describe(node, field);
    const auto same = std::ranges::find(form.fields, field.name, &Field::name);
    if (field.type == "radio" && same != form.fields.end()) {
      same->choices.push_back(field.value);
      return;
    }
    if (field.type == "radio") field.choices = {field.value};
    form.fields.push_back(std::move(field));
  }

  void describe(const GumboNode& node, Field& field) const {
    field.id = attribute(node, "id");
    field.label = field.id + " " + attribute(node, "placeholder");
    field.checked = has_attribute(node, "checked");
    field.required = has_attribute(node, "required");
    field.max = number_of(attribute(node, "maxlength"));
    field.least = attribute(node, "min");
    if (field.type == "textarea") field.value = text_below(node);
    if (field.type == "select") add_choices(node, field, 0);
  }

  void add_choices(const GumboNode& node, Field& field, int depth) const {
    if (node.type != GUMBO_NODE_ELEMENT || depth > 4) return;
    const GumboVector& children = node.v.element.children;
    for (unsigned i = 0; i < children.length && field.choices.size() < 100; ++i) {
      const auto& child = *static_cast<const GumboNode*>(children.data[i]);
      if (child.type != GUMBO_NODE_ELEMENT) continue;
      if (child.v.element.tag != GUMBO_TAG_OPTION) {
        add_choices(child, field, depth + 1);
        continue;
      }
      const std::string value =
          has_attribute(child, "value") ? attribute(child, "value") : text_below(child);
      if (has_attribute(child, "selected")) field.value = value;
      if (!value.empty()) field.choices.push_back(value);
    }
  }

  Page& page_;
  std::string mark_;
  std::map<std::string, std::string> labels_;
  int form_ = -1;
};

}  // namespace

const Field* Form::field(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &Field::name);
  return found == fields.end() ? nullptr : &*found;
}

Page parse_page(std::string_view html, std::string_view mark) {
  Page page;
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  GumboOutput* output = gumbo_parse_with_options(&options, html.data(), html.size());
  if (output == nullptr) return page;
  Reading reading(page, mark);
  reading.visit(*output->document, 0);
  reading.finish();
  gumbo_destroy_output(&options, output);
  return page;
}

}  // namespace grader::sandbox::prober
