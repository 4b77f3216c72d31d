#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/location.hpp"

namespace grader::python {

/// The languages that have a grammar here.
enum class Language : std::uint8_t { python, html, javascript };

/// Kinds of syntax nodes, named as in the grammars. `error` is text that does not parse; `token` an
/// operator or other unnamed token that a grammar gives a field.
enum class Kind : std::uint16_t {
  error,
  token,
#define GRADER_KIND(name, text) name,
#include "grader/python/kinds.def"
#undef GRADER_KIND
};

/// Roles of nodes in their parents, named as in the grammars.
enum class Field : std::uint8_t {
  nothing,
#define GRADER_FIELD(name, text) name,
#include "grader/python/fields.def"
#undef GRADER_FIELD
};

class Children;
class Descendants;

/// A node as it is stored: nodes stand in pre-order, so that the subtree of node i is i..next.
struct Record {
  Kind kind = Kind::error;
  Field field = Field::nothing;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::uint32_t line = 0;
  std::uint32_t end_line = 0;
  std::uint32_t parent = 0;
  std::uint32_t next = 0;  ///< index of the first node after this one's subtree
};

/// A whole parsed file.
struct Tree {
  std::string path;
  std::string text;
  std::vector<Record> nodes;
  std::vector<std::uint32_t> line_starts;
  std::uint32_t first_error = 0;
  bool has_error = false;
  bool cut = false;
};

/// A node of a parsed file: a cheap value that stays valid as long as its Module. A node that is
/// absent is false, and every question to it has an empty answer.
class Node {
 public:
  Node() = default;
  Node(const Tree* tree, std::uint32_t index) : tree_(tree), index_(index) {}

  explicit operator bool() const { return tree_ != nullptr; }
  auto operator<=>(const Node&) const = default;

  /// What it is in the grammar.
  Kind kind() const { return tree_ ? record().kind : Kind::error; }
  bool is(Kind kind) const { return tree_ != nullptr && this->kind() == kind; }
  /// The role of this node in its parent.
  Field field() const { return tree_ ? record().field : Field::nothing; }
  std::string_view text() const {
    if (!tree_) return {};
    return std::string_view(tree_->text).substr(start(), end() - start());
  }
  /// Of its first character, from 1.
  int line() const { return tree_ ? static_cast<int>(record().line) : 0; }
  /// Of its last character, from 1.
  int end_line() const { return tree_ ? static_cast<int>(record().end_line) : 0; }
  int column() const;  ///< in bytes, from 1
  /// Byte offset in the module's text.
  std::uint32_t start() const { return tree_ ? record().start : 0; }
  /// Byte offset after its last character.
  std::uint32_t end() const { return tree_ ? record().end : 0; }
  std::uint32_t index() const { return index_; }
  Location location() const;
  const Tree* tree() const { return tree_; }

  /// The node that holds it; absent for the root.
  Node parent() const { return tree_ && index_ > 0 ? Node(tree_, record().parent) : Node(); }
  /// First child in this role.
  Node child(Field field) const;
  /// First child of this kind.
  Node child(Kind kind) const;
  Node next_sibling() const;
  Children children() const;
  /// The nodes below this one, in the order of the text, without itself.
  Descendants descendants() const;
  /// Nearest enclosing node of this kind, without itself.
  Node enclosing(Kind kind) const;
  /// True if `other` is this node or below it.
  bool contains(Node other) const;

 private:
  friend class Children;
  friend class Descendants;
  const Record& record() const { return tree_->nodes[index_]; }

  const Tree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

/// The direct children of a node, in the order of the text.
class Children {
 public:
  explicit Children(Node parent) : parent_(parent) {}
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Node;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Node;
    Iterator() = default;
    Iterator(const Tree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
    Node operator*() const { return {tree_, index_}; }
    Iterator& operator++() {
      index_ = tree_->nodes[index_].next;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const Tree* tree_ = nullptr;
    std::uint32_t index_ = 0;
  };
  Iterator begin() const { return {parent_.tree_, parent_.index_ + 1}; }
  Iterator end() const {
    const Tree* tree = parent_.tree_;
    return {tree, tree ? tree->nodes[parent_.index_].next : parent_.index_ + 1};
  }
  bool empty() const { return begin() == end(); }

 private:
  Node parent_;
};

/// The nodes below a node, in the order of the text.
class Descendants {
 public:
  explicit Descendants(Node top) : top_(top) {}
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Node;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Node;
    Iterator() = default;
    Iterator(const Tree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
    Node operator*() const { return {tree_, index_}; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const Tree* tree_ = nullptr;
    std::uint32_t index_ = 0;
  };
  Iterator begin() const { return {top_.tree_, top_.index_ + 1}; }
  Iterator end() const {
    return {top_.tree_, top_.tree_ ? top_.tree_->nodes[top_.index_].next : top_.index_ + 1};
  }

 private:
  Node top_;
};

/// One parsed file. Moving it keeps its nodes valid; its text is UTF-8.
class Module {
 public:
  /// Parses any text; what does not parse becomes nodes of kind `error`. Nodes deeper than
  /// 500 levels are left out. Linear in the size of the text.
  static Module parse(std::string path, std::string text, Language language = Language::python);

  Module(Module&&) noexcept;
  Module& operator=(Module&&) noexcept;
  ~Module();

  const std::string& path() const;  ///< relative to the submission's top
  /// The source, UTF-8.
  std::string_view text() const;
  const Tree* tree() const { return tree_.get(); }
  /// The node of the whole file.
  Node root() const;
  /// First place that does not parse, or an absent node.
  Node first_error() const;
  /// True if nodes were left out because of their depth.
  bool cut() const;
  /// The lines from..to (from 1, both included) without the last line end.
  std::string_view lines(int from, int to) const;
  int line_count() const;

 private:
  explicit Module(std::unique_ptr<Tree> tree);
  std::unique_ptr<Tree> tree_;
};

inline Children Node::children() const { return Children(*this); }
inline Descendants Node::descendants() const { return Descendants(*this); }

inline Node Node::child(Field wanted) const {
  for (const Node node : children()) {
    if (node.field() == wanted) return node;
  }
  return {};
}

inline Node Node::child(Kind wanted) const {
  for (const Node node : children()) {
    if (node.kind() == wanted) return node;
  }
  return {};
}

/// Name of a kind in its grammar.
std::string_view to_string(Kind kind);

}  // namespace grader::python
