#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::models {
namespace {

using python::Kind;
using python::Node;

std::string text_of(Node call, std::string_view keyword, std::size_t position) {
  return text::lower(python::evaluate(python::argument(call, keyword, position), nullptr).text);
}

/// True if the migration makes the table itself, which is empty then.
bool makes_table(Node root, std::string_view model) {
  for (const Node node : root.descendants()) {
    if (!node.is(Kind::call)) continue;
    if (!python::dotted(python::callee(node)).ends_with("migrations.CreateModel")) continue;
    if (text_of(node, "name", 0) == model) return true;
  }
  return false;
}

/// Why rows that are there already cannot get this column; empty where they can.
std::string_view trouble(Node field) {
  const auto is_true = [&](std::string_view name) {
    return python::evaluate(python::keyword(field, name), nullptr).is_true();
  };
  const bool own_value = is_true("null") || is_true("auto_now") || is_true("auto_now_add") ||
                         python::keyword(field, "db_default") || is_true("primary_key");
  const std::string type(python::dotted(python::callee(field)));
  if (own_value || type.ends_with("ManyToManyField") || type.ends_with("GenericRelation")) {
    return {};
  }
  const bool by_default = static_cast<bool>(python::keyword(field, "default"));
  // Django puts an empty text where one is allowed.
  const bool text = text::contains_any(type, {"CharField", "TextField", "SlugField", "URLField",
                                              "EmailField", "FileField", "ImageField"});
  if (!by_default && !(text && is_true("blank"))) {
    return "adds a column that may not be empty, and no value for the rows that are there";
  }
  if (by_default && (is_true("unique") || type.ends_with("OneToOneField"))) {
    return "adds a unique column and gives every row that is there the same value";
  }
  return {};
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& module : facts.project.program.modules()) {
    if (module.path().find("migrations/") == std::string::npos) continue;
    if (module.text().find("AddField") == std::string_view::npos) continue;
    for (const Node node : module.root().descendants()) {
      if (!node.is(Kind::call)) continue;
      if (!python::dotted(python::callee(node)).ends_with("migrations.AddField")) continue;
      const Node field = python::argument(node, "field", 2);
      const std::string model = text_of(node, "model_name", 0);
      const auto why = field.is(Kind::call) ? trouble(field) : std::string_view();
      if (why.empty() || makes_table(module.root(), model)) continue;
      findings.push_back(violated(
          facts, line_of(node),
          "AddField(" + model + "." + text_of(node, "name", 1) + ") " + std::string(why) + ".",
          grading::Severity::low));
    }
  }
  return or_met(std::move(findings), "Every added column has a value for the rows that are there.");
}

}  // namespace

extern constinit const Check migration_without_default{
    .title = "A migration fails where there are rows already",
    .why =
        "On an empty database it works; on the one that is in use it stops with an IntegrityError, "
        "or leaves a duplicate.",
    .fix =
        "Give the new column a default or allow null; fill a unique one row by row before it "
        "becomes unique. See https://docs.djangoproject.com/en/stable/howto/writing-migrations/"
        "#migrations-that-add-unique-fields",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::models
