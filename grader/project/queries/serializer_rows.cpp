#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/queries/row_reads.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// What a serializer reads on each row besides its own columns.
class Serializer {
 public:
  Serializer(const Project& project, const Model& model) : project_(project), model_(model) {}

  std::vector<RowRead> run(Node definition) {
    for (const auto& base : project_.program.linearised(definition)) {
      if (!base.is_class()) continue;
      for (Node statement : base.definition.child(Field::body).children()) {
        if (statement.is(Kind::expression_statement) && !statement.children().empty()) {
          statement = *statement.children().begin();
        }
        if (statement.is(Kind::assignment)) field(base.definition, statement);
      }
    }
    return std::move(reads_);
  }

 private:
  void field(Node definition, Node assignment) {
    const std::string name(assignment.child(Field::left).text());
    const Node call = assignment.child(Field::right);
    if (!call.is(Kind::call)) return;
    const auto only = python::evaluate(python::keyword(call, "write_only"), nullptr);
    if (only.is_true()) return;
    const auto symbol = project_.program.resolve(python::callee(call));
    if (symbol.name.ends_with("SerializerMethodField")) {
      const auto given = python::evaluate(python::argument(call, "method_name", 0), nullptr);
      method(definition, given.is_string() ? given.text : "get_" + name);
      return;
    }
    const auto source = python::evaluate(python::keyword(call, "source"), nullptr);
    const std::string path = source.is_string() ? source.text : name;
    const bool nested = symbol.is_class() || symbol.name.ends_with("StringRelatedField") ||
                        symbol.name.ends_with("SlugRelatedField");
    if (!nested && path.find('.') == std::string::npos) return;
    for (auto& read : reads_of_path(project_, model_, path, assignment.location())) {
      reads_.push_back(std::move(read));
    }
  }

  void method(Node definition, const std::string& name) {
    const Node own = project_.program.attribute(definition, name);
    if (!own.is(Kind::function_definition)) return;
    int position = 0;
    for (const Node parameter : own.child(Field::parameters).children()) {
      if (position++ != 1) continue;
      for (auto& read : reads_of_function(project_, model_, own, parameter.text())) {
        reads_.push_back(std::move(read));
      }
    }
  }

  const Project& project_;
  const Model& model_;
  std::vector<RowRead> reads_;
};

bool lists(const View& view) {
  return std::ranges::any_of(view.operations, [](const Operation& operation) {
    return operation.op == "list" || operation.op == "search" || operation.op == "export";
  });
}

bool is_generic_list(const Project& project, Node view) {
  return std::ranges::any_of(project.program.linearised(view), [](const auto& base) {
    return text::contains_any(base.name, {"ListAPIView", "ListCreateAPIView", "ModelViewSet",
                                          "ReadOnlyModelViewSet", "ListModelMixin"});
  });
}

}  // namespace

void find_serializer_rows(const Project& project, std::vector<RepeatedQuery>& found) {
  for (const auto& view : project.views.all) {
    if (!view.definition.is(Kind::class_definition) || view.routes.empty()) continue;
    const Node named = project.program.attribute(view.definition, "serializer_class");
    if (!named.is(Kind::assignment)) continue;
    const Node serializer = project.program.resolve(named.child(Field::right)).definition;
    if (!serializer.is(Kind::class_definition)) continue;
    if (!is_generic_list(project, view.definition) && !lists(view)) continue;
    const RowSource source = source_of_view(project, view.definition);
    if (source.model == nullptr || source.at.line == 0) continue;
    auto reads = Serializer(project, *source.model).run(serializer);
    std::erase_if(reads, [&](const RowRead& read) { return source.joins(read.relation); });
    if (reads.empty()) continue;
    found.push_back(repeated(source.at, "many rows are asked for and serialized", reads));
  }
}

}  // namespace grader::project
