#include "grader/python/syntax.hpp"

#include <algorithm>
#include <array>

namespace grader::python {
namespace {

constexpr std::array kind_names{
    std::string_view("ERROR"),
    std::string_view("token"),
#define GRADER_KIND(name, text) std::string_view(text),
#include "grader/python/kinds.def"
#undef GRADER_KIND
};

}  // namespace

std::string_view to_string(Kind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }

int Node::column() const {
  if (!tree_) return 0;
  const auto line_start = tree_->line_starts[tree_->nodes[index_].line - 1];
  return static_cast<int>(start() - line_start) + 1;
}

Location Node::location() const {
  if (!tree_) return {};
  return {tree_->path, line(), column(), end_line() == line() ? 0 : end_line()};
}

Node Node::next_sibling() const {
  if (!tree_ || index_ == 0) return {};
  const auto next = tree_->nodes[index_].next;
  if (next >= tree_->nodes[tree_->nodes[index_].parent].next) return {};
  return {tree_, next};
}

Node Node::enclosing(Kind wanted) const {
  for (Node node = parent(); node; node = node.parent()) {
    if (node.kind() == wanted) return node;
  }
  return {};
}

bool Node::contains(Node other) const {
  return tree_ && tree_ == other.tree_ && index_ <= other.index_ &&
         other.index_ < tree_->nodes[index_].next;
}

Module::Module(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
Module::Module(Module&&) noexcept = default;
Module& Module::operator=(Module&&) noexcept = default;
Module::~Module() = default;

const std::string& Module::path() const { return tree_->path; }
std::string_view Module::text() const { return tree_->text; }
Node Module::root() const { return {tree_.get(), 0}; }
bool Module::cut() const { return tree_->cut; }
int Module::line_count() const { return static_cast<int>(tree_->line_starts.size()); }

Node Module::first_error() const {
  return tree_->has_error ? Node(tree_.get(), tree_->first_error) : Node();
}

std::string_view Module::lines(int from, int to) const {
  const auto& starts = tree_->line_starts;
  from = std::max(from, 1);
  if (from > line_count() || to < from) return {};
  const std::size_t begin = starts[static_cast<std::size_t>(from) - 1];
  const std::size_t end =
      to < line_count() ? starts[static_cast<std::size_t>(to)] : tree_->text.size();
  auto text = std::string_view(tree_->text).substr(begin, end - begin);
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace grader::python
