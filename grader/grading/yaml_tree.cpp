#include "grader/grading/yaml_tree.hpp"

#include <yaml.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>

namespace grader::grading::yaml {
namespace {

constexpr std::size_t max_depth = 50;
constexpr std::size_t max_values = 20'000;

/// A mark of the library counts from 0, and columns in characters.
class Marks {
 public:
  Marks(std::string_view text, std::size_t file) : text_(text), file_(file) {}

  Place place(const yaml_mark_t& mark) {
    if (mark.line < line_) line_ = line_start_ = 0;
    while (line_ < mark.line) {
      const auto end = text_.find('\n', line_start_);
      if (end == text_.npos) break;
      line_start_ = end + 1;
      ++line_;
    }
    std::size_t at = line_start_;
    for (std::size_t left = mark.column; left > 0 && at < text_.size(); --left) {
      do {
        ++at;
      } while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80U);
    }
    return {file_, static_cast<int>(mark.line) + 1, static_cast<int>(at - line_start_) + 1};
  }

 private:
  std::string_view text_;
  std::size_t file_;
  std::size_t line_ = 0;  ///< of the last place: marks mostly come in the order of the text
  std::size_t line_start_ = 0;
};

struct EventEnd {
  void operator()(yaml_event_t* event) const { yaml_event_delete(event); }
};

std::string_view view(const yaml_char_t* text) {
  // The library's characters are bytes of UTF-8.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

/// Builds the tree while the document is read, so that a hostile one is stopped early.
class Builder {
 public:
  Builder(Document& document, Marks& marks) : document_(document), marks_(marks) {}

  /// False at a mistake that ends the reading; it is in the document then.
  bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return documents_++ == 0 || refuse(event, "a rubric file holds one document");
      case YAML_ALIAS_EVENT:
        return refuse(event, "anchors and aliases are not allowed in a rubric");
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return open(event, event.data.sequence_start.anchor, event.data.sequence_start.tag,
                    Value::Kind::sequence);
      case YAML_MAPPING_START_EVENT:
        return open(event, event.data.mapping_start.anchor, event.data.mapping_start.tag,
                    Value::Kind::map);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        open_.pop_back();
        return true;
      default:
        return true;
    }
  }

 private:
  /// A sequence or map whose end has not come yet, and the key that waits for its value.
  struct Open {
    Value* node = nullptr;
    bool has_key = false;
    std::string key{};
    Place key_place{};
  };

  bool refuse(const yaml_event_t& event, const char* what) {
    document_.mistakes.push_back({marks_.place(event.start_mark), what, ""});
    return false;
  }

  bool scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    const std::string text(data.value, data.value + data.length);
    static constexpr std::array nulls{"", "~", "null", "Null", "NULL"};
    const bool plain = data.style == YAML_PLAIN_SCALAR_STYLE;
    const bool empty = plain && std::ranges::find(nulls, text) != nulls.end();
    return add(event, data.anchor, data.tag, empty ? Value::Kind::empty : Value::Kind::scalar,
               empty ? "" : text)
        .has_value();
  }

  bool open(const yaml_event_t& event, const yaml_char_t* anchor, const yaml_char_t* tag,
            Value::Kind kind) {
    auto opened = add(event, anchor, tag, kind, "");
    if (!opened) return false;
    open_.push_back(std::move(*opened));
    return true;
  }

  std::optional<Open> add(const yaml_event_t& event, const yaml_char_t* anchor,
                          const yaml_char_t* tag, Value::Kind kind, std::string text) {
    const auto wrong = [&](const char* what) {
      refuse(event, what);
      return std::nullopt;
    };
    if (anchor != nullptr) return wrong("anchors and aliases are not allowed in a rubric");
    if (tag != nullptr && view(tag) != "!") return wrong("tags are not allowed in a rubric");
    if (++values_ > max_values) return wrong("a rubric has at most 20,000 values");
    if (open_.size() >= max_depth) return wrong("a rubric is at most 50 levels deep");
    const Place place = marks_.place(event.start_mark);
    if (!open_.empty() && open_.back().node->kind == Value::Kind::map && !open_.back().has_key) {
      if (kind != Value::Kind::scalar) return wrong("a key must be a plain word");
      Open& map = open_.back();
      map.has_key = true;
      map.key = std::move(text);
      map.key_place = place;
      return Open{};
    }
    Value* node = slot();
    node->kind = kind;
    // The parser places what is not written at the next thing that is.
    const bool unwritten_value =
        kind == Value::Kind::empty && !open_.empty() && open_.back().node->kind == Value::Kind::map;
    node->place = unwritten_value ? open_.back().key_place : place;
    node->text = std::move(text);
    return Open{node};
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
  Marks& marks_;
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
  Marks marks(text, file);
  yaml_parser_t state;
  if (yaml_parser_initialize(&state) == 0) {
    document.mistakes.push_back({{file}, "there is no memory to read it as YAML", ""});
    return document;
  }
  const std::unique_ptr<yaml_parser_t, decltype(&yaml_parser_delete)> parser(&state,
                                                                             yaml_parser_delete);
  // The library's characters are bytes of UTF-8.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  yaml_parser_set_input_string(parser.get(), bytes, text.size());
  yaml_parser_set_encoding(parser.get(), YAML_UTF8_ENCODING);
  Builder builder(document, marks);
  for (bool more = true; more;) {
    yaml_event_t event;
    if (yaml_parser_parse(parser.get(), &event) == 0) {
      std::string what = parser->problem != nullptr ? parser->problem : "cannot be read as YAML";
      const bool begun = parser->context != nullptr;
      if (begun) what += std::string(" ") + parser->context;
      // Where the unfinished thing begins says more than where the text ends.
      const yaml_mark_t& mark = begun ? parser->context_mark : parser->problem_mark;
      document.mistakes.push_back({marks.place(mark), what, ""});
      break;
    }
    const std::unique_ptr<yaml_event_t, EventEnd> owner(&event);
    more = builder.take(event) && event.type != YAML_STREAM_END_EVENT;
  }
  return document;
}

}  // namespace grader::grading::yaml
