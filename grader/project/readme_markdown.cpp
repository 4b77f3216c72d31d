#include "grader/project/readme_markdown.hpp"

#include <cmark-gfm.h>

#include <memory>

namespace grader::project {
namespace {

constexpr std::size_t most_bytes = 512U << 10U;
constexpr std::size_t most_blocks = 5'000;

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeIterator {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};

std::string_view literal(cmark_node* node) {
  const char* text = cmark_node_get_literal(node);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

/// HTML without its tags, so that words in it still count.
std::string without_tags(std::string_view html) {
  std::string text;
  bool inside = false;
  for (const char c : html) {
    if (c == '<') inside = true;
    if (!inside) text += c;
    if (c == '>') {
      inside = false;
      text += ' ';
    }
  }
  return text;
}

class Blocks {
 public:
  std::vector<TextBlock> run(cmark_node* document) {
    const std::unique_ptr<cmark_iter, FreeIterator> iterator(cmark_iter_new(document));
    for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iterator.get())) {
      cmark_node* node = cmark_iter_get_node(iterator.get());
      if (event == CMARK_EVENT_ENTER) enter(node);
      if (event == CMARK_EVENT_EXIT) leave(node);
      if (found_.size() >= most_blocks) break;
    }
    return std::move(found_);
  }

 private:
  void enter(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING) text_.clear();
    if (type == CMARK_NODE_TEXT) text_ += literal(node);
    if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) text_ += '\n';
    if (type == CMARK_NODE_CODE) text_.append("`").append(literal(node)).append("`");
    if (type == CMARK_NODE_CODE_BLOCK) add(TextBlock::Kind::code, node, std::string(literal(node)));
    if (type == CMARK_NODE_HTML_BLOCK) {
      add(TextBlock::Kind::prose, node, without_tags(literal(node)));
    }
  }

  void leave(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_PARAGRAPH) add(TextBlock::Kind::prose, node, text_);
    if (type != CMARK_NODE_HEADING) return;
    const auto level = static_cast<std::size_t>(cmark_node_get_heading_level(node));
    headings_.resize(level > 0 ? level - 1 : 0);
    add(TextBlock::Kind::heading, node, text_);
    found_.back().level = static_cast<int>(level);
    headings_.push_back(text_);
  }

  void add(TextBlock::Kind kind, cmark_node* node, std::string text) {
    TextBlock block;
    block.kind = kind;
    block.text = std::move(text);
    block.line = cmark_node_get_start_line(node);
    // The fence of a block of code is a line of its own.
    if (kind == TextBlock::Kind::code && cmark_node_get_fence_info(node) != nullptr) {
      block.line += fenced(node) ? 1 : 0;
    }
    for (const auto& heading : headings_) {
      if (heading.empty()) continue;
      block.section += (block.section.empty() ? "" : " / ") + heading;
    }
    found_.push_back(std::move(block));
  }

  static bool fenced(cmark_node* node) {
    int length = 0;
    int offset = 0;
    char character = 0;
    return cmark_node_get_fenced(node, &length, &offset, &character) != 0;
  }

  std::string text_;
  std::vector<std::string> headings_;
  std::vector<TextBlock> found_;
};

}  // namespace

std::vector<TextBlock> text_blocks(std::string_view markdown) {
  markdown = markdown.substr(0, most_bytes);
  const std::unique_ptr<cmark_node, FreeNode> document(
      cmark_parse_document(markdown.data(), markdown.size(), CMARK_OPT_DEFAULT));
  return document ? Blocks().run(document.get()) : std::vector<TextBlock>();
}

}  // namespace grader::project
