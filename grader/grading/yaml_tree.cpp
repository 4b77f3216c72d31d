#include "grader/grading/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace grader::grading::yaml {
namespace {

constexpr std::size_t max_depth = 50;
constexpr std::size_t max_values = 20'000;

/// Ends the parsing at a mistake of ours; caught in parse() below.
[[noreturn]] void refuse(const YAML::Mark& mark, const char* what) {
  throw YAML::ParserException(mark, what);
}

/// Builds the tree while the document is read, so that a hostile one is stopped early.
class Builder : public YAML::EventHandler {
 public:
  Builder(Document& document, std::size_t file) : document_(document), file_(file) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) refuse(mark, "a rubric file holds one document");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    add(mark, "", Value::Kind::empty, "");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(mark, "anchors and aliases are not allowed in a rubric");
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
    refuse(mark, "anchors and aliases are not allowed in a rubric");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    add(mark, tag, Value::Kind::scalar, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    open_.push_back(add(mark, tag, Value::Kind::sequence, ""));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    open_.push_back(add(mark, tag, Value::Kind::map, ""));
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  /// A sequence or map whose end has not come yet, and the key that waits for its value.
  struct Open {
    Value* node = nullptr;
    bool has_key = false;
    std::string key{};
    Place key_place{};
  };

  Place place_of(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  Open add(const YAML::Mark& mark, const std::string& tag, Value::Kind kind, std::string text) {
    if (++values_ > max_values) refuse(mark, "a rubric has at most 20,000 values");
    if (open_.size() >= max_depth) refuse(mark, "a rubric is at most 50 levels deep");
    // "?" and "!" are what the parser gives plain and quoted values without a tag.
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "tags are not allowed in a rubric");
    if (is_key(mark, kind, text)) return {};
    Value* node = slot();
    node->kind = kind;
    // The parser places what is not written at the next thing that is.
    const bool unwritten_value =
        kind == Value::Kind::empty && !open_.empty() && open_.back().node->kind == Value::Kind::map;
    node->place = unwritten_value ? open_.back().key_place : place_of(mark);
    node->text = std::move(text);
    return {node};
  }

  bool is_key(const YAML::Mark& mark, Value::Kind kind, const std::string& text) {
    if (open_.empty() || open_.back().node->kind != Value::Kind::map || open_.back().has_key) {
      return false;
    }
    if (kind != Value::Kind::scalar) refuse(mark, "a key must be a plain word");
    Open& map = open_.back();
    map.has_key = true;
    map.key = text;
    map.key_place = place_of(mark);
    return true;
  }

  /// Where the next value belongs.
  Value* slot() {
    if (open_.empty()) return &document_.root;
    Open& parent = open_.back();
    if (parent.node->kind == Value::Kind::sequence) return &parent.node->items.emplace_back();
    parent.has_key = false;
    if (const Value* first = find(*parent.node, parent.key)) {
      document_.mistakes.push_back(
          {parent.key_place, "\"" + parent.key + "\" is given twice",
           "the first one is on line " + std::to_string(first->place.line)});
    }
    return &parent.node->entries.emplace_back(parent.key, parent.key_place, Value{}).value;
  }

  Document& document_;
  std::size_t file_;
  std::size_t values_ = 0;
  int documents_ = 0;
  std::vector<Open> open_;
};

}  // namespace

const Value* find(const Value& map, std::string_view key) {
  const auto entry = std::ranges::find(map.entries, key, &Entry::key);
  return entry == map.entries.end() ? nullptr : &entry->value;
}

Document parse(const std::string& text, std::size_t file) {
  Document document;
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Builder builder(document, file);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const Place place{file, std::max(error.mark.line, 0) + 1, std::max(error.mark.column, 0) + 1};
    document.mistakes.push_back({place, error.msg, ""});
  } catch (const std::exception& error) {
    document.mistakes.push_back(
        {{file}, std::string("cannot be read as YAML: ") + error.what(), ""});
  }
  return document;
}

}  // namespace grader::grading::yaml
