#include "grader/project/template_scanner.hpp"

#include <array>

#include "grader/base/text.hpp"

namespace grader::project {
namespace {

constexpr auto npos = std::string_view::npos;

/// Finds the next `needle` from a place that only grows, looking at every byte once.
class Forward {
 public:
  Forward(std::string_view text, std::string_view needle) : text_(text), needle_(needle) {}

  std::size_t from(std::size_t place) {
    if (!asked_ || (found_ != npos && found_ < place)) {
      found_ = text_.find(needle_, place);
      asked_ = true;
    }
    return found_;
  }

 private:
  std::string_view text_;
  std::string_view needle_;
  std::size_t found_ = 0;
  bool asked_ = false;
};

std::string first_word(std::string_view text) {
  const auto end = text.find_first_of(" \t\r\n");
  return std::string(text.substr(0, end));
}

class Scanner {
 public:
  explicit Scanner(std::string_view text)
      : text_(text),
        closers_{Forward(text, "%}"), Forward(text, "}}"), Forward(text, "#}")},
        line_end_(text, "\n") {}

  std::vector<TemplatePiece> run() {
    std::size_t place = text_.find('{');
    while (place != npos && place + 1 < text_.size()) {
      const std::size_t next = piece_at(place);
      place = text_.find('{', next);
    }
    return std::move(pieces_);
  }

 private:
  /// Reads what begins at this brace; gives where to go on.
  std::size_t piece_at(std::size_t start) {
    constexpr std::string_view openers = "%{#";
    const auto which = openers.find(text_[start + 1]);
    if (which == npos) return start + 1;
    const std::size_t close = closers_[which].from(start + 2);
    if (close == npos || line_end_.from(start) < close) return start + 1;
    TemplatePiece piece;
    piece.start = start;
    piece.end = close + 2;
    piece.tag.text = text::trim(text_.substr(start + 2, close - start - 2));
    piece.tag.kind = which == 0   ? TemplateTag::Kind::block
                     : which == 1 ? TemplateTag::Kind::variable
                                  : TemplateTag::Kind::comment;
    if (which == 0) piece.tag.name = first_word(piece.tag.text);
    return add(std::move(piece));
  }

  std::size_t add(TemplatePiece piece) {
    const std::string closing = waits_for_;
    if (!closing.empty()) {
      // Inside verbatim or comment nothing but its own end counts.
      if (piece.tag.kind != TemplateTag::Kind::block || piece.tag.text != closing) {
        return piece.start + 1;
      }
      waits_for_.clear();
      if (closing == "endcomment") {
        pieces_.back().end = piece.end;
        return piece.end;
      }
    } else if (piece.tag.name == "comment" && piece.tag.kind == TemplateTag::Kind::block) {
      piece.tag.kind = TemplateTag::Kind::comment;
      waits_for_ = "endcomment";
    } else if (piece.tag.name == "verbatim" && piece.tag.kind == TemplateTag::Kind::block) {
      waits_for_ = "end" + piece.tag.text;
    }
    const std::size_t end = piece.end;
    pieces_.push_back(std::move(piece));
    return end;
  }

  std::string_view text_;
  std::array<Forward, 3> closers_;
  Forward line_end_;
  std::string waits_for_;  ///< the tag that ends a comment or verbatim block
  std::vector<TemplatePiece> pieces_;
};

}  // namespace

std::vector<TemplatePiece> scan_template(std::string_view text) { return Scanner(text).run(); }

std::string without_pieces(std::string_view text, const std::vector<TemplatePiece>& pieces) {
  std::string html(text);
  for (const auto& piece : pieces) {
    const bool bare_value = piece.start > 0 && html[piece.start - 1] == '=' &&
                            piece.tag.kind == TemplateTag::Kind::variable;
    for (std::size_t i = piece.start; i < piece.end; ++i) {
      if (html[i] != '\n' && html[i] != '\r') html[i] = bare_value ? 'x' : ' ';
    }
  }
  return html;
}

std::vector<std::string> tag_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  for (const char c : text) {
    if (quote == 0 && (c == ' ' || c == '\t')) {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
      continue;
    }
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    }
    word += c;
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace grader::project
