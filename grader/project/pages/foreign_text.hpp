#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "grader/project/flow/flow.hpp"
#include "grader/project/project.hpp"

namespace grader::project {

/// The variables of one template where they stand: what the views give it, and what its own loops
/// and {% with %} tags name.
struct PageScope {
  struct Alias {
    std::size_t offset = 0;  ///< of the tag, in bytes
    std::string name;
    std::string expression;  ///< without filters
    bool element = false;    ///< one of what the expression holds
  };
  std::vector<Alias> aliases;  ///< in the order of the text
  std::map<std::string, std::vector<flow::Ref>, std::less<>> context;
  std::map<std::string, std::vector<flow::Ref>, std::less<>> inner;
  bool rendered = false;  ///< a call was seen that renders it, or one that includes it

  /// The path with its first name replaced by what loops and {% with %} say of it.
  std::string expanded(std::string_view path, std::size_t offset) const;
};

/// Tells text that a person chose from what the program itself makes: numbers, dates, constants,
/// ciphertext, columns that hold no free text. Says no where it cannot tell.
class ForeignText {
 public:
  ForeignText(const Project& project, const flow::Flow& flow);

  PageScope scope_of(const Template& page) const;
  /// A variable of a template, as `scope.expanded()` gives it.
  bool in_page(const PageScope& scope, std::string_view path) const;
  /// What the view with this definition sends as JSON under this key. Where it is absent: what
  /// most views send under it.
  bool in_answers(std::string_view key, python::Node view = {}) const;
  /// What the view with this definition sends as text; any view where it is absent.
  bool in_sent_text(python::Node view) const;
  bool holds(const flow::Ref& value) const;
  /// The column that the last name of a path means; null where it is none.
  const ModelField* column(const PageScope& scope, std::string_view path,
                           const Model** of = nullptr) const;

 private:
  bool in_messages() const;
  bool column_holds(std::string_view qualified) const;
  bool method_gives_text(std::string_view name) const;
  bool of_user(std::string_view last) const;
  const Model* model_of(const PageScope& scope, std::string_view name) const;

  const Project& project_;
  const flow::Flow& flow_;
  std::map<std::string, std::vector<const Template*>> users_;  ///< template → those that include it
  struct Sent {
    flow::Ref value;
    python::Node root;
  };
  std::map<std::string, std::vector<Sent>, std::less<>> answers_;
};

/// True if the column takes addresses of the web alone, where a form checks it.
bool is_address_column(const ModelField& field);

/// True if a column of this type holds any text that is put into it.
bool holds_free_text(const ModelField& field);

}  // namespace grader::project
