#include <tree_sitter/api.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "grader/python/syntax.hpp"

extern "C" {
const TSLanguage* tree_sitter_python();
const TSLanguage* tree_sitter_html();
const TSLanguage* tree_sitter_javascript();
}

namespace grader::python {
namespace {

constexpr std::size_t maximum_depth = 500;
// The library numbers the ERROR node with the largest symbol.
constexpr auto error_symbol = static_cast<TSSymbol>(-1);

/// A grammar's numbers for kinds and fields, translated once into ours.
struct Grammar {
  const TSLanguage* language;
  std::vector<Kind> kinds;
  std::vector<Field> fields;

  explicit Grammar(const TSLanguage* grammar) : language(grammar) {
    static const std::unordered_map<std::string_view, Kind> kind_of{
#define GRADER_KIND(name, text) {text, Kind::name},
#include "grader/python/kinds.def"
#undef GRADER_KIND
    };
    static const std::unordered_map<std::string_view, Field> field_of{
#define GRADER_FIELD(name, text) {text, Field::name},
#include "grader/python/fields.def"
#undef GRADER_FIELD
    };
    for (std::uint32_t i = 0; i < ts_language_symbol_count(language); ++i) {
      const auto symbol = static_cast<TSSymbol>(i);
      const auto found = kind_of.find(ts_language_symbol_name(language, symbol));
      const bool named = ts_language_symbol_type(language, symbol) == TSSymbolTypeRegular;
      kinds.push_back(named && found != kind_of.end() ? found->second : Kind::token);
    }
    fields.push_back(Field::nothing);
    for (std::uint32_t i = 1; i <= ts_language_field_count(language); ++i) {
      const char* name = ts_language_field_name_for_id(language, static_cast<TSFieldId>(i));
      const auto found = field_of.find(name);
      fields.push_back(found == field_of.end() ? Field::nothing : found->second);
    }
  }
};

const Grammar& grammar_of(Language language) {
  static const Grammar python(tree_sitter_python());
  if (language == Language::python) return python;
  static const Grammar html(tree_sitter_html());
  static const Grammar javascript(tree_sitter_javascript());
  return language == Language::html ? html : javascript;
}

std::vector<std::uint32_t> line_starts_of(std::string_view text) {
  std::vector<std::uint32_t> starts{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts.push_back(static_cast<std::uint32_t>(i + 1));
  }
  return starts;
}

/// Walks the parsed tree once, without recursion, and keeps named nodes and tokens with a role.
class Flattener {
 public:
  Flattener(Tree& tree, const Grammar& grammar, TSNode root)
      : tree_(tree), grammar_(grammar), cursor_(ts_tree_cursor_new(root)) {}
  Flattener(const Flattener&) = delete;
  Flattener& operator=(const Flattener&) = delete;
  ~Flattener() { ts_tree_cursor_delete(&cursor_); }

  void run() {
    enter();
    for (;;) {
      if (open_.size() > maximum_depth) {
        tree_.cut = true;
      } else if (ts_tree_cursor_goto_first_child(&cursor_)) {
        enter();
        continue;
      }
      leave();
      while (!ts_tree_cursor_goto_next_sibling(&cursor_)) {
        if (!ts_tree_cursor_goto_parent(&cursor_)) return;
        leave();
      }
      enter();
    }
  }

 private:
  static constexpr std::uint32_t not_kept = UINT32_MAX;

  void enter() {
    const TSNode node = ts_tree_cursor_current_node(&cursor_);
    const Field field = grammar_.fields[ts_tree_cursor_current_field_id(&cursor_)];
    const bool error = ts_node_symbol(node) == error_symbol || ts_node_is_missing(node);
    if (!error && !ts_node_is_named(node) && field == Field::nothing) {
      open_.push_back(not_kept);
      return;
    }
    Record record;
    record.kind = error ? Kind::error : grammar_.kinds[ts_node_symbol(node)];
    record.field = field;
    record.start = ts_node_start_byte(node);
    record.end = ts_node_end_byte(node);
    record.line = ts_node_start_point(node).row + 1;
    const TSPoint end = ts_node_end_point(node);
    // A node that ends at the start of a line ends on the line before.
    record.end_line = std::max(record.line, end.column == 0 ? end.row : end.row + 1);
    record.parent = parent_;
    const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
    if (error && !tree_.has_error) {
      tree_.has_error = true;
      tree_.first_error = index;
    }
    tree_.nodes.push_back(record);
    open_.push_back(index);
    parent_ = index;
  }

  void leave() {
    const std::uint32_t index = open_.back();
    open_.pop_back();
    if (index == not_kept) return;
    tree_.nodes[index].next = static_cast<std::uint32_t>(tree_.nodes.size());
    parent_ = tree_.nodes[index].parent;
  }

  Tree& tree_;
  const Grammar& grammar_;
  TSTreeCursor cursor_;
  std::vector<std::uint32_t> open_;
  std::uint32_t parent_ = 0;
};

}  // namespace

Module Module::parse(std::string path, std::string text, Language language) {
  auto tree = std::make_unique<Tree>();
  tree->path = std::move(path);
  tree->text = std::move(text);
  tree->line_starts = line_starts_of(tree->text);
  const Grammar& grammar = grammar_of(language);
  static thread_local const std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(
      ts_parser_new(), ts_parser_delete);
  ts_parser_set_language(parser.get(), grammar.language);
  const std::unique_ptr<TSTree, decltype(&ts_tree_delete)> parsed(
      ts_parser_parse_string(parser.get(), nullptr, tree->text.data(),
                             static_cast<std::uint32_t>(tree->text.size())),
      ts_tree_delete);
  tree->nodes.reserve(tree->text.size() / 8 + 16);
  Flattener(*tree, grammar, ts_tree_root_node(parsed.get())).run();
  return Module(std::move(tree));
}

}  // namespace grader::python
