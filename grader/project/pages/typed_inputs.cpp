#include "grader/project/pages/typed_inputs.hpp"

#include <algorithm>
#include <initializer_list>

#include "grader/project/html_scanner.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

class Finder {
 public:
  explicit Finder(const Project& project) : project_(project) {}

  std::set<std::string, std::less<>> run() {
    for (const auto& page : project_.templates) read_page(page.text);
    for (const auto& module : project_.program.modules()) {
      if (module.text().find("forms") == std::string_view::npos) continue;
      for (const Node node : module.root().descendants()) {
        if (node.is(Kind::assignment)) read_field(node);
      }
    }
    return std::move(ids_);
  }

 private:
  void read_page(std::string_view text) {
    for (const auto& tag : scan_html(text)) {
      const HtmlAttribute* id = tag.attribute("id");
      const HtmlAttribute* type = tag.attribute("type");
      if (id == nullptr || (type == nullptr && tag.name != "select")) continue;
      const auto value = [&](const HtmlAttribute& one) {
        return text.substr(one.value_start, one.value_end - one.value_start);
      };
      if (tag.name == "select" ||
          one_of(value(*type), {"range", "number", "checkbox", "radio", "date", "color"})) {
        ids_.emplace(value(*id));
      }
    }
  }

  /// length = forms.IntegerField(widget=NumberInput(attrs={"id": "size"})) in a class.
  void read_field(Node assignment) {
    const Node call = python::unwrapped(assignment.child(Field::right));
    const Node name = assignment.child(Field::left);
    const bool in_class = assignment.parent().parent().parent().is(Kind::class_definition);
    if (!call.is(Kind::call) || !name.is(Kind::identifier) || !in_class) return;
    const std::string field = project_.program.resolve(python::callee(call)).name;
    const auto type = last_part(field);
    const bool form = field.starts_with("django.forms.");
    if (!form || !one_of(type, {"IntegerField", "FloatField", "DecimalField", "BooleanField",
                                "NullBooleanField", "DateField", "ChoiceField", "TypedChoiceField",
                                "ModelChoiceField"})) {
      return;
    }
    // Numbers are typed into a text where the widget is none of their own.
    const Node widget = python::keyword(call, "widget");
    const Node made = widget.is(Kind::call) ? python::callee(widget) : widget;
    if (widget && is_text_widget(made)) return;
    const auto attrs = python::evaluate(python::keyword(widget, "attrs"), &project_.program);
    const python::Value* id = attrs.find("id");
    ids_.insert(id != nullptr ? id->text : "id_" + std::string(name.text()));
  }

  bool is_text_widget(Node widget) const {
    const python::Symbol symbol = project_.program.resolve(widget);
    if (!symbol.is_class()) {
      return one_of(last_part(symbol.name), {"TextInput", "Textarea", "HiddenInput", ""});
    }
    const auto bases = project_.program.linearised(symbol.definition);
    return std::ranges::none_of(bases, [](const python::Symbol& base) {
      return one_of(last_part(base.name), {"NumberInput", "CheckboxInput", "Select", "DateInput"});
    });
  }

  static std::string_view last_part(std::string_view name) {
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
  }

  const Project& project_;
  std::set<std::string, std::less<>> ids_;
};

}  // namespace

std::set<std::string, std::less<>> ids_without_text(const Project& project) {
  return Finder(project).run();
}

}  // namespace grader::project
