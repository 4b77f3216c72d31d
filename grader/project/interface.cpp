#include <algorithm>
#include <array>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/live_code.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// One page alone is the shell of a front end that lives elsewhere.
constexpr std::size_t fewest_pages = 2;

/// How one view takes what it saves.
enum class Way { forms, serializers, manual, none };

constexpr std::array way_words{"forms", "serializers", "manual", "none"};

/// Names that a function gives to what the request carries.
std::set<std::string_view> input_names(Node definition) {
  std::set<std::string_view> names;
  for (const Node node : definition.descendants()) {
    if (!node.is(Kind::assignment)) continue;
    const Node left = node.child(Field::left);
    const auto right = node.child(Field::right).text();
    const bool input =
        text::contains_any(right, {"request.POST", "request.data", "request.GET", "request.body",
                                   "data.get(", "data[", "POST.get"});
    if (left.is(Kind::identifier) && input) names.insert(left.text());
  }
  return names;
}

bool mentions(Node node, const std::set<std::string_view>& names) {
  if (node.is(Kind::identifier) && names.contains(node.text())) return true;
  return std::ranges::any_of(node.descendants(), [&](Node part) {
    return part.is(Kind::identifier) && names.contains(part.text());
  });
}

/// True if the code looks at its input before it keeps it: an `if` about the input itself (and not
/// about rows found with it), a validator, full_clean().
bool checks_input(Node definition) {
  const std::string_view live = live_text(definition);
  if (text::contains_any(live, {"full_clean", "validate_", "ValidationError", ".clean()",
                                "is_valid_", "validator"})) {
    return true;
  }
  const auto names = input_names(definition);
  for (const Node node : definition.descendants()) {
    if (node.start() - definition.start() >= live.size()) break;
    if (!node.is(Kind::if_statement) && !node.is(Kind::elif_clause)) continue;
    const Node condition = node.child(Field::condition);
    if (condition.text().find(".objects") != std::string_view::npos) continue;
    if (mentions(condition, names)) return true;
  }
  return false;
}

class Reader {
 public:
  explicit Reader(Project& project) : project_(project) {
    for (const auto& page : project.templates) pages_.insert(page.name);
  }

  void run() {
    bool rest = false;
    bool pages = false;
    std::set<std::string> shown;
    for (const auto& view : project_.views.all) {
      if (view.routes.empty()) continue;
      const bool api = is_rest(view);
      if (!api) collect_pages(view.definition, shown);
      if (!view.operations.empty()) (api ? rest : pages) = true;
    }
    for (const auto& route : project_.views.routes) collect_pages(route.as_view, shown);
    pages = pages || (rest && shown.size() >= fewest_pages);
    project_.ui = rest && pages ? "both" : rest ? "drf" : pages ? "templates" : "none";
    if (!rest && !pages && !project_.templates.empty()) project_.ui = "templates";
    set_validation();
  }

 private:
  bool is_rest(const View& view) const {
    if (view.definition.is(Kind::function_definition)) {
      return std::ranges::any_of(python::decorators(view.definition), [](Node decorator) {
        return decorator.text().find("api_view") != std::string_view::npos;
      });
    }
    return std::ranges::any_of(project_.program.linearised(view.definition), [](const auto& base) {
      return base.name.starts_with("rest_framework");
    });
  }

  void collect_pages(Node node, std::set<std::string>& shown) const {
    for (const Node part : node.descendants()) {
      if (!part.is(Kind::string)) continue;
      const std::string name = python::string_text(part);
      if (pages_.contains(name)) shown.insert(name);
    }
  }

  Way way_of(const View& view) const {
    bool forms = false;
    const auto source = live_text(view.definition);
    for (const Node node : view.definition.descendants()) {
      if (node.start() - view.definition.start() >= source.size()) break;
      if (!node.is(Kind::identifier)) continue;
      const python::Symbol symbol = project_.program.resolve(node);
      if (!symbol.is_class()) continue;
      for (const auto& base : project_.program.linearised(symbol.definition)) {
        if (base.name.ends_with("Serializer") && !base.is_class()) return Way::serializers;
        forms = forms || (base.name.ends_with("Form") && !base.is_class());
      }
    }
    if (forms || text::contains_any(source, {"form_class", "is_valid(", "fields =", "form.save",
                                             "Form(", "CreateView", "UpdateView"})) {
      return Way::forms;
    }
    if (source.find("erializer") != source.npos) return Way::serializers;
    return checks_input(view.definition) ? Way::manual : Way::none;
  }

  /// How input reaches entries in the views that create them; where none does, that change them.
  void set_validation() {
    for (const std::string_view op : {"create", "update"}) {
      std::array<int, 4> counts{};
      for (const auto& view : project_.views.all) {
        const bool writes = std::ranges::any_of(
            view.operations, [&](const Operation& operation) { return operation.op == op; });
        if (writes && !view.routes.empty()) ++counts[static_cast<std::size_t>(way_of(view))];
      }
      const auto best = std::ranges::max_element(counts);
      if (*best == 0) continue;
      project_.validation = way_words[static_cast<std::size_t>(best - counts.begin())];
      return;
    }
    project_.validation = "none";
  }

  Project& project_;
  std::set<std::string, std::less<>> pages_;
};

}  // namespace

void find_interface(Project& project) { Reader(project).run(); }

}  // namespace grader::project
