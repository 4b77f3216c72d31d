#include "grader/base/text.hpp"
#include "grader/report/html_parts.hpp"
#include "grader/report/leaflet.hpp"
#include "grader/report/markdown_parts.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

constexpr std::size_t text_limit = 2'000;

Fields item_fields(const LeafletItem& item) {
  const bool has_place = !item.at.path.empty();
  Fields fields;
  fields.text("item_text", html::shown(item.text, text_limit))
      .flag("has_item_more", !item.more.empty())
      .text("item_more", html::shown(item.more, text_limit))
      .flag("has_item_place", has_place)
      .text("item_place", has_place ? html::shown(to_string(item.at), 300) : HtmlText());
  return fields;
}

Markup class_of(LeafletPart::Kind kind) {
  switch (kind) {
    case LeafletPart::Kind::plain:
      return "plain";
    case LeafletPart::Kind::good:
      return "strong";
    case LeafletPart::Kind::bad:
      return "weak";
    case LeafletPart::Kind::letter:
      return "letter";
  }
  return "plain";
}

Markup class_of(Position::Answer answer) {
  switch (answer) {
    case Position::Answer::yes:
      return "yes";
    case Position::Answer::no:
      return "no";
    case Position::Answer::open:
      return "undecided";
  }
  return "undecided";
}

Token language_token(const std::string& language) {
  return language == "ru" ? Token("ru") : Token("en");
}

void add_positions(Fields& page, const std::vector<Position>& positions) {
  std::vector<Fields> rows;
  for (const auto& one : positions) {
    rows.emplace_back()
        .attribute("position_class", Token(class_of(one.answer)))
        .text("position_name", html::shown(one.name))
        .text("position_words", html::shown(one.words));
  }
  page.flag("has_positions", !rows.empty()).list("positions", std::move(rows));
}

Fields part_fields(const LeafletPart& part, const std::string& language) {
  std::vector<Fields> paragraphs;
  for (const auto& text : part.paragraphs) {
    paragraphs.emplace_back().text("paragraph", html::shown(text, text_limit));
  }
  std::vector<Fields> items;
  items.reserve(part.items.size());
  for (const auto& item : part.items) items.push_back(item_fields(item));
  Fields fields;
  fields.text("leaflet_heading", html::shown(part.heading))
      .attribute("part_class", Token(class_of(part.kind)))
      .attribute("part_lang", language_token(part.language.empty() ? language : part.language))
      .list("paragraphs", std::move(paragraphs))
      .flag("has_items", !items.empty())
      .list("items", std::move(items));
  return fields;
}

}  // namespace

std::string to_html(const Leaflet& leaflet) {
  const HtmlText style = Html::asset("style.css");
  std::vector<Fields> parts;
  parts.reserve(leaflet.parts.size());
  for (const auto& part : leaflet.parts) parts.push_back(part_fields(part, leaflet.language));
  Fields page;
  page.text("style", style)
      .attribute("style_hash", Token::csp_hash(style))
      .attribute("page_lang", language_token(leaflet.language))
      .text("page_title", html::shown(leaflet.title, 200))
      .text("leaflet_lead", html::shown(leaflet.lead, text_limit))
      .flag("has_about", !leaflet.about.empty())
      .text("leaflet_about", html::shown(leaflet.about))
      .flag("has_footer", !leaflet.footer.empty())
      .text("leaflet_footer", html::shown(leaflet.footer))
      .list("leaflet_parts", std::move(parts));
  if (leaflet.scale) html::add_scale(page, *leaflet.scale, leaflet.language);
  add_positions(page, leaflet.positions);
  return Template::render("leaflet", page, leaflet.language).bytes();
}

std::string to_markdown(const Leaflet& leaflet) {
  using markdown::text;
  MarkdownText out =
      "# " + text(leaflet.title, 200) + "\n\n" + text(leaflet.lead, text_limit) + "\n";
  for (const auto& one : leaflet.positions) {
    out += "\n- **" + text(one.name) + "**: " + text(one.words);
  }
  if (!leaflet.positions.empty()) out += "\n";
  for (const auto& part : leaflet.parts) {
    out += "\n## " + text(part.heading) + "\n\n";
    for (const auto& paragraph : part.paragraphs) out += text(paragraph, text_limit) + "\n\n";
    for (const auto& item : part.items) {
      out += "- " + text(item.text, text_limit);
      if (!item.at.path.empty()) out += " (" + markdown::code(to_string(item.at)) + ")";
      if (!item.more.empty()) out += " " + text(item.more, text_limit);
      out += "\n";
    }
  }
  if (!leaflet.footer.empty()) out += "\n" + text(leaflet.footer, text_limit) + "\n";
  return out.bytes();
}

}  // namespace grader::report
