#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace grader::report {

/// Text that stands in this program's source. Its constructor runs at compile time only, so text of
/// a submission, which exists at run time only, cannot become one.
class Markup {
 public:
  template <std::size_t N>
  consteval Markup(const char (&literal)[N])  // NOLINT(modernize-avoid-c-arrays): a literal is one
      : bytes_(literal, N - 1) {}
  constexpr std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
};

/// Text that is safe in one sink (HTML, Markdown, XML, a terminal) and in no other. It grows by
/// literals, whole numbers and text of the same sink; a plain string does not compile and has to
/// pass one of the sink's encoders first.
template <typename Sink>
class Encoded {
 public:
  Encoded() = default;
  Encoded(Markup markup) : bytes_(markup.bytes()) {}

  Encoded& operator+=(Markup markup) {
    bytes_ += markup.bytes();
    return *this;
  }
  Encoded& operator+=(const Encoded& other) {
    bytes_ += other.bytes_;
    return *this;
  }
  template <std::integral Number>
    requires(!std::same_as<Number, char> && !std::same_as<Number, bool>)
  Encoded& operator+=(Number number) {
    bytes_ += std::to_string(number);
    return *this;
  }
  friend Encoded operator+(Encoded left, const Encoded& right) { return left += right; }
  friend Encoded operator+(Encoded left, Markup right) { return left += right; }
  friend Encoded operator+(Markup left, const Encoded& right) { return Encoded(left) += right; }

  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }

  /// The encoded bytes, for writing them out.
  const std::string& bytes() const { return bytes_; }

 private:
  friend Sink;
  static Encoded encoded(std::string bytes) {
    Encoded result;
    result.bytes_ = std::move(bytes);
    return result;
  }

  std::string bytes_;
};

/// HTML element content. Attributes of our pages never hold text of a submission.
struct Html {
  /// `raw` as visible text; control and direction characters are shown escaped, line ends and tabs
  /// stay.
  static Encoded<Html> text(std::string_view raw);
  /// A file of our own that the build put into the program (page, style sheet).
  static Encoded<Html> asset(std::string_view name);

 private:
  friend class Template;  ///< fills pages with text that is encoded already
  static Encoded<Html> page(std::string bytes) { return Encoded<Html>::encoded(std::move(bytes)); }
};

/// XML 1.0 text and attribute values in double quotes.
struct Xml {
  /// Any text as character data or an attribute value.
  static Encoded<Xml> text(std::string_view raw);
};

/// GitHub-flavoured Markdown, which is HTML, mentions, references and formulas as well.
struct Markdown {
  /// Running text on one line, safe at the start of a line too; mentions and references to issues
  /// are broken by a zero-width space.
  static Encoded<Markdown> text(std::string_view raw);
  /// A code span on one line. Not for tables: a cell ends at any bar.
  static Encoded<Markdown> code(std::string_view raw);
  /// A fenced block with each line indented by `indent` spaces; ends with a line end.
  static Encoded<Markdown> fence(std::string_view raw, std::size_t indent = 0);
};

/// A terminal, or the log of a CI server: one line, no control characters, no workflow commands.
struct Terminal {
  /// Any text, unable to drive a terminal.
  static Encoded<Terminal> text(std::string_view raw);
  /// The same, filled up with blanks to `columns` code points.
  static Encoded<Terminal> text_padded(std::string_view raw, std::size_t columns);
};

/// Comma-separated values (RFC 4180) that spreadsheets open.
struct Csv {
  /// A cell in quotation marks; one that a spreadsheet would take for a formula begins with '
  /// (OWASP, CSV injection).
  static Encoded<Csv> cell(std::string_view raw);
};

/// One type a kind of report: text of one cannot slip into another.
using HtmlText = Encoded<Html>;
using XmlText = Encoded<Xml>;
using MarkdownText = Encoded<Markdown>;
using TerminalText = Encoded<Terminal>;
using CsvText = Encoded<Csv>;

}  // namespace grader::report
