#include "grader/project/html_scanner.hpp"

#include <algorithm>
#include <map>

#include "grader/base/text.hpp"

namespace grader::project {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t most_attributes = 200;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Elements whose content holds no tags.
bool is_raw(std::string_view name) {
  return name == "script" || name == "style" || name == "textarea" || name == "title";
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<HtmlTag> run() {
    while ((at_ = text_.find('<', at_)) != npos && at_ + 1 < text_.size()) {
      const char next = text_[at_ + 1];
      if (text_.substr(at_, 4) == "<!--") {
        at_ = after("-->", at_ + 4);
      } else if (is_letter(next)) {
        tag(false);
      } else if (next == '/' && at_ + 2 < text_.size() && is_letter(text_[at_ + 2])) {
        tag(true);
      } else {
        ++at_;
      }
    }
    return std::move(tags_);
  }

 private:
  std::size_t after(std::string_view needle, std::size_t from) const {
    const auto found = text_.find(needle, from);
    return found == npos ? text_.size() : found + needle.size();
  }

  bool more() const { return at_ < text_.size() && text_[at_] != '>'; }

  void tag(bool closing) {
    HtmlTag tag;
    tag.start = at_;
    tag.closing = closing;
    at_ += closing ? 2 : 1;
    const std::size_t name = at_;
    while (more() && !is_space(text_[at_]) && text_[at_] != '/') ++at_;
    tag.name = text::lower(text_.substr(name, at_ - name));
    while (more()) attribute(tag);
    at_ = std::min(at_ + 1, text_.size());
    tag.end = at_;
    if (!closing && is_raw(tag.name)) content(tag);
    tags_.push_back(std::move(tag));
  }

  void attribute(HtmlTag& tag) {
    if (is_space(text_[at_]) || text_[at_] == '/') {
      ++at_;
      return;
    }
    const std::size_t name = at_++;
    while (more() && !is_space(text_[at_]) && text_[at_] != '/' && text_[at_] != '=') ++at_;
    HtmlAttribute attribute;
    attribute.name = text::lower(text_.substr(name, at_ - name));
    const std::size_t after_name = at_;
    while (more() && is_space(text_[at_])) ++at_;
    if (more() && text_[at_] == '=') {
      ++at_;
      value(attribute);
    } else {
      at_ = after_name;
    }
    if (tag.attributes.size() < most_attributes) tag.attributes.push_back(std::move(attribute));
  }

  void value(HtmlAttribute& attribute) {
    while (more() && is_space(text_[at_])) ++at_;
    if (!more()) return;
    if (text_[at_] == '"' || text_[at_] == '\'') {
      attribute.quote = text_[at_];
      attribute.value_start = at_ + 1;
      attribute.value_end = std::min(text_.find(attribute.quote, at_ + 1), text_.size());
      at_ = std::min(attribute.value_end + 1, text_.size());
      return;
    }
    attribute.value_start = at_;
    while (more() && !is_space(text_[at_])) ++at_;
    attribute.value_end = at_;
  }

  void content(HtmlTag& tag) {
    tag.content_start = at_;
    std::size_t& unclosed = unclosed_.try_emplace(tag.name, npos).first->second;
    const std::size_t close = at_ >= unclosed ? npos : find_close(tag.name, at_);
    if (close == npos) unclosed = std::min(unclosed, at_);
    tag.content_end = close == npos ? at_ : close;
    at_ = tag.content_end;
  }

  /// The next "</name" in any case.
  std::size_t find_close(std::string_view name, std::size_t from) const {
    for (auto place = text_.find("</", from); place != npos; place = text_.find("</", place + 2)) {
      if (text::lower(text_.substr(place + 2, name.size())) == name) return place;
    }
    return npos;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::map<std::string, std::size_t, std::less<>> unclosed_;  ///< from where none is closed
  std::vector<HtmlTag> tags_;
};

}  // namespace

const HtmlAttribute* HtmlTag::attribute(std::string_view attribute_name) const {
  const auto found = std::ranges::find(attributes, attribute_name, &HtmlAttribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

std::vector<HtmlTag> scan_html(std::string_view text) { return Scanner(text).run(); }

}  // namespace grader::project
