#include "tests/report/markup.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <gumbo.h>

#include <cstdlib>
#include <span>
#include <string_view>

namespace grader::report::test {
namespace {

std::string tag_of(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece name = element.original_tag;
  gumbo_tag_from_original_text(&name);
  return {name.data, name.length};
}

std::span<void* const> items(const GumboVector& vector) {
  return {vector.data, static_cast<std::size_t>(vector.length)};
}

void walk(const GumboNode* node, const std::string& parent, std::vector<Element>& found) {
  if (node->type != GUMBO_NODE_ELEMENT) return;
  Element element{tag_of(node->v.element), parent, {}, {}};
  for (const void* item : items(node->v.element.attributes)) {
    const auto* attribute = static_cast<const GumboAttribute*>(item);
    element.attributes[attribute->name] = attribute->value;
  }
  for (const void* item : items(node->v.element.children)) {
    const auto* child = static_cast<const GumboNode*>(item);
    if (child->type == GUMBO_NODE_TEXT) element.text += child->v.text.text;
  }
  const std::string tag = element.tag;
  found.push_back(std::move(element));
  for (const void* item : items(node->v.element.children)) {
    walk(static_cast<const GumboNode*>(item), tag, found);
  }
}

}  // namespace

std::vector<Element> elements(const std::string& html) {
  std::vector<Element> found;
  GumboOutput* output = gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size());
  walk(output->root, "", found);
  gumbo_destroy_output(&kGumboDefaultOptions, output);
  return found;
}

std::string render_markdown(const std::string& markdown) {
  cmark_gfm_core_extensions_ensure_registered();
  cmark_parser* parser = cmark_parser_new(CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES);
  for (const char* name : {"table", "strikethrough", "autolink", "tasklist"}) {
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name));
  }
  cmark_parser_feed(parser, markdown.data(), markdown.size());
  cmark_node* document = cmark_parser_finish(parser);
  char* html = cmark_render_html(document, CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES,
                                 cmark_parser_get_syntax_extensions(parser));
  std::string result = html;
  std::free(html);  // NOLINT: cmark's default allocator is malloc
  cmark_node_free(document);
  cmark_parser_free(parser);
  return result;
}

}  // namespace grader::report::test
