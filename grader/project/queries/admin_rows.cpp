#include <algorithm>

#include "grader/project/queries/row_reads.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// Names that the admin site's list shows; nothing where it is not written as a list of texts.
std::vector<std::string> shown_columns(const Project& project, Node admin) {
  std::vector<std::string> names;
  const Node list = admin ? project.program.attribute(admin, "list_display") : Node();
  if (!list.is(Kind::assignment)) return {"__str__"};
  for (const auto& item : python::evaluate(list.child(Field::right), &project.program).items) {
    if (item.is_string()) names.push_back(item.text);
  }
  return names;
}

class Reader {
 public:
  Reader(const Project& project, std::vector<RepeatedQuery>& found)
      : project_(project), found_(found) {}

  void run() {
    for (const auto& module : project_.program.modules()) {
      if (module.text().find("admin") == std::string_view::npos) continue;
      for (const Node node : module.root().descendants()) {
        if (node.is(Kind::call) && python::dotted(python::callee(node)) == "admin.site.register") {
          registered(python::positional(node, 0),
                     class_of(python::argument(node, "admin_class", 1)));
        } else if (node.is(Kind::class_definition)) {
          for (const Node decorator : python::decorators(node)) {
            if (!python::dotted(python::callee(decorator)).ends_with("register")) continue;
            for (const Node model : decorator.child(Field::arguments).children()) {
              registered(model, node);
            }
          }
        }
      }
    }
  }

 private:
  Node class_of(Node expression) const {
    const Node found = expression ? project_.program.resolve(expression).definition : Node();
    return found.is(Kind::class_definition) ? found : Node();
  }

  void registered(Node models, Node admin) {
    if (models.is(Kind::list) || models.is(Kind::tuple)) {
      for (const Node one : models.children()) registered(one, admin);
      return;
    }
    const Model* model = project_.models.find(project_.program.resolve(models).name);
    if (model == nullptr) return;
    const auto columns = shown_columns(project_, admin);
    const bool own_rows = admin && (project_.program.attribute(admin, "list_select_related") ||
                                    project_.program.attribute(admin, "get_queryset"));
    // A key among the columns makes the list join all keys.
    const bool joins = std::ranges::any_of(columns, [&](const std::string& name) {
      const ModelField* field = model->field(name);
      return field != nullptr && field->relation;
    });
    if (own_rows || joins) return;
    for (const auto& name : columns) column(*model, admin, name);
  }

  void column(const Model& model, Node admin, const std::string& name) {
    std::vector<RowRead> reads;
    const Node method = admin ? project_.program.attribute(admin, name) : Node();
    if (method.is(Kind::function_definition)) {
      const Node row = python::own_attribute(admin, name) ? second_parameter(method) : Node();
      reads = reads_of_function(project_, model, method, row.text());
    } else if (model.field(name) == nullptr) {
      const Node own = project_.program.attribute(model.definition, name);
      if (own.is(Kind::function_definition)) {
        reads = reads_of_function(project_, model, own, "self");
      }
    }
    if (reads.empty()) return;
    found_.push_back(repeated(
        reads.front().at,
        "the admin site's list of " + model.name + " shows " + name + " of every row", reads));
  }

  static Node second_parameter(Node function) {
    int position = 0;
    for (const Node parameter : function.child(Field::parameters).children()) {
      if (position++ == 1) return parameter;
    }
    return {};
  }

  const Project& project_;
  std::vector<RepeatedQuery>& found_;
};

}  // namespace

void find_admin_rows(const Project& project, std::vector<RepeatedQuery>& found) {
  Reader(project, found).run();
}

}  // namespace grader::project
