#include "grader/project/queries/row_reads.hpp"

#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/access/lookups.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// The model behind user.entry_set or vault.entries (related_name); null: none.
const Model* reverse_relation(const Models& models, std::string_view target,
                              std::string_view accessor) {
  for (const auto& model : models.all) {
    for (const auto& field : model.fields) {
      const bool here = field.relation && field.target == target;
      if (here && access::reverse_name(model, field) == accessor) return &model;
    }
  }
  return nullptr;
}

bool is_key(const ModelField& field) {
  return field.relation && !field.type.ends_with("ManyToManyField");
}

/// Strings among the arguments of select_related() and its like, cut at the first "__".
void add_joined(Node call, std::set<std::string>& joined) {
  bool any = false;
  for (const Node argument : call.child(Field::arguments).children()) {
    if (argument.is(Kind::comment)) continue;
    any = true;
    const auto value = python::evaluate(argument, nullptr);
    joined.insert(value.is_string() ? value.text.substr(0, value.text.find("__")) : "*");
  }
  if (!any) joined.insert("*");
}

/// True if the value of this expression is wanted as text: "{self.user}", str(self.user).
bool becomes_text(Node expression) {
  const Node parent = expression.parent();
  if (parent.is(Kind::interpolation) || parent.is(Kind::binary_operator)) return true;
  if (!parent.is(Kind::argument_list)) return false;
  const Node callee = python::callee(parent.parent());
  return callee.text() == "str" || callee.child(Field::attribute).text() == "format";
}

}  // namespace

bool RowSource::joins(std::string_view relation) const {
  return joined.contains("*") || joined.contains(std::string(relation));
}

std::vector<RowRead> reads_of_path(const Project& project, const Model& model,
                                   std::string_view path, const Location& at) {
  const auto parts = text::split(path, '.');
  const std::string first(parts.front());
  if (first.empty()) return reads_of_text(project, model);
  if (const ModelField* field = model.field(first)) {
    if (!field->relation) return {};
    if (is_key(*field)) return {{first, true, at}};
    if (parts.size() > 1) return {{first, false, at}};
    return {};
  }
  if (reverse_relation(project.models, model.qualified, first) != nullptr) {
    return {{first, false, at}};
  }
  const Node own = project.program.attribute(model.definition, first);
  if (!own.is(Kind::function_definition)) return {};
  return reads_of_function(project, model, own, "self");
}

std::vector<RowRead> reads_of_function(const Project& project, const Model& model, Node function,
                                       std::string_view name) {
  std::vector<RowRead> reads;
  for (const Node node : function.child(Field::body).descendants()) {
    if (!node.is(Kind::attribute) || node.child(Field::object).text() != name) continue;
    const std::string attribute(node.child(Field::attribute).text());
    const bool goes_on = node.parent().is(Kind::attribute);
    const ModelField* field = model.field(attribute);
    if (field != nullptr && is_key(*field) && (goes_on || becomes_text(node))) {
      reads.push_back({attribute, true, node.location()});
    } else if (goes_on && ((field != nullptr && field->relation) ||
                           (field == nullptr && reverse_relation(project.models, model.qualified,
                                                                 attribute) != nullptr))) {
      reads.push_back({attribute, false, node.location()});
    }
  }
  return reads;
}

std::vector<RowRead> reads_of_text(const Project& project, const Model& model) {
  const Node own = project.program.attribute(model.definition, "__str__");
  if (!own.is(Kind::function_definition)) return {};
  return reads_of_function(project, model, own, "self");
}

RowSource source_of(const Project& project, Node expression, Node around) {
  RowSource source;
  source.at = expression.location();
  const auto look = [&](Node node) {
    if (source.model != nullptr || !node) return;
    if (node.is(Kind::identifier)) {
      source.model = project.models.find(project.program.resolve(node).name);
    } else if (node.is(Kind::attribute)) {
      const auto name = node.child(Field::attribute).text();
      source.model = project.models.find(project.program.resolve(node).name);
      if (source.model == nullptr &&
          text::lower(node.child(Field::object).text()).ends_with("user")) {
        source.model = reverse_relation(project.models, project.models.user_model, name);
      }
    }
  };
  look(expression);
  for (const Node node : expression.descendants()) look(node);
  for (const Node node : around.descendants()) {
    const auto called = python::callee(node).child(Field::attribute).text();
    if (called == "select_related" || called == "prefetch_related") add_joined(node, source.joined);
    // values() reads no objects.
    if (called == "values" || called == "values_list") source.joined.insert("*");
  }
  return source;
}

RowSource source_of_view(const Project& project, Node view) {
  const Node own = project.program.attribute(view, "get_queryset");
  const Node rows = project.program.attribute(view, "queryset");
  const Node model = project.program.attribute(view, "model");
  RowSource base;
  if (rows.is(Kind::assignment)) base = source_of(project, rows.child(Field::right), rows);
  if (base.model == nullptr && model.is(Kind::assignment)) {
    base = source_of(project, model.child(Field::right), {});
  }
  if (!own.is(Kind::function_definition)) return base;
  RowSource source;
  for (const Node node : own.descendants()) {
    if (!node.is(Kind::return_statement) || node.children().empty()) continue;
    source = source_of(project, *node.children().begin(), own);
  }
  if (source.model == nullptr) source.model = source_of(project, own, {}).model;
  if (source.model == nullptr) source.model = base.model;
  if (own.text().find("super()") != std::string_view::npos) {
    source.joined.insert(base.joined.begin(), base.joined.end());
  }
  return source;
}

RepeatedQuery repeated(const Location& at, std::string_view what,
                       const std::vector<RowRead>& reads) {
  RepeatedQuery query{at, {{at, std::string(what)}}};
  for (const auto& read : reads) {
    query.trace.push_back({read.at, read.relation + " is read on each row, a query every time"});
  }
  return query;
}

}  // namespace grader::project
