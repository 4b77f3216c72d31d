#include "checks/markdown.hpp"

#include "checks/check.hpp"
#include "checks/questions.hpp"

namespace grader::checks {
namespace {

std::string heading(std::string_view family) {
  std::string text(family);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return "\n## " + text + "\n";
}

/// A bare address that ends a sentence's text, or names a page, becomes a link.
std::string reference_of(std::string_view reference) {
  if (reference.empty()) return {};
  if (reference.starts_with("https://")) return "Reference: <" + std::string(reference) + ">\n";
  if (reference.starts_with("CWE-")) {
    const std::string number(reference.substr(4));
    return "Reference: [" + std::string(reference) + "](https://cwe.mitre.org/data/definitions/" +
           number + ".html)\n";
  }
  return "Reference: " + std::string(reference) + "\n";
}

std::string section(const CatalogueEntry& entry) {
  const Check& check = *entry.check;
  std::string text = "\n### `" + std::string(entry.id) + "`\n\n";
  text +=
      "**" + std::string(check.title) + "** (" + std::string(grading::to_string(check.severity)) +
      (is_question(entry.id) ? "; a question to the candidate, which costs nothing)\n\n" : ")\n\n");
  text += "Why: " + std::string(check.why) + "\n\n";
  text += "Instead: " + std::string(check.fix) + "\n";
  const std::string reference = reference_of(check.reference);
  return reference.empty() ? text : text + "\n" + reference;
}

}  // namespace

std::string checks_markdown() {
  std::string text =
      "# Checks\n\nGenerated from the catalogue: do not edit. The severity is that of the worst "
      "case; a finding may have a lower one.\n";
  std::string_view family;
  for (const auto& entry : catalogue()) {
    if (entry.family != family) text += heading(entry.family);
    family = entry.family;
    text += section(entry);
  }
  return text;
}

}  // namespace grader::checks
