#include <array>
#include <utility>

#include "grader/base/text.hpp"
#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

using python::Field;
using python::Kind;

namespace {

constexpr std::size_t most_entries = 400;
constexpr int deepest_entry = 5;

using Entries = std::vector<std::pair<std::string, Ref>>;

/// The entries of a dictionary, and of those inside it.
class Collector {
 public:
  Collector(const Machine& machine, const State& state) : machine_(machine), state_(state) {}

  void add(const Ref& value, Entries& own, int depth = 0) {
    for (const auto& one : value ? alternatives(value) : std::vector<Ref>()) {
      const Object* object = machine_.object(one, state_);
      if (object == nullptr || depth > deepest_entry || inner.size() > most_entries) continue;
      for (const auto& [key, held] : object->attributes) {
        // What a view puts into a row before it shows it.
        const bool row = object->stored && held->is_data() && !key.starts_with("[");
        if (row) inner.emplace_back(key, kept(held));
        if (!key.starts_with("[")) continue;
        const std::string name = key.substr(1, key.size() - 2);
        const bool named = object->type == "dict" && !name.empty();
        if (named) own.emplace_back(name, kept(held));
        add(held, inner, depth + 1);
      }
    }
  }

  Ref kept(const Ref& value) const {
    return value->is(Value::Kind::rows) ? value : machine_.flat(value, state_);
  }

  Entries inner;

 private:
  const Machine& machine_;
  const State& state_;
};

bool renders(std::string_view name) {
  return name.ends_with(".render") || name.ends_with(".TemplateResponse") ||
         name.ends_with(".render_to_string");
}

bool answers(std::string_view name) {
  return name.ends_with(".JsonResponse") || name.ends_with(".Response") ||
         name.ends_with(".HttpResponse") || name.ends_with(".HttpResponseServerError") ||
         name.ends_with(".HttpResponseBadRequest");
}

/// Endings of the names that Django's generic views give their templates, by the class they have.
constexpr std::array suffixes{
    std::pair(std::string_view("ListView"), std::string_view("_list")),
    std::pair(std::string_view("DetailView"), std::string_view("_detail")),
    std::pair(std::string_view("CreateView"), std::string_view("_form")),
    std::pair(std::string_view("UpdateView"), std::string_view("_form")),
    std::pair(std::string_view("DeleteView"), std::string_view("_confirm_delete")),
};

/// The template of a class-based view: as named, or as Django names it; empty where it has none.
std::string page_of(Machine& machine, python::Node view) {
  const auto constant = [&](std::string_view name) {
    const python::Node own = machine.program().attribute(view, name);
    return own.is(Kind::assignment)
               ? python::evaluate(own.child(Field::right), &machine.program()).text
               : std::string();
  };
  if (auto named = constant("template_name"); !named.empty()) return named;
  const python::Node named = machine.program().attribute(view, "model");
  const Model* model =
      named.is(Kind::assignment)
          ? machine.model_of(machine.program().resolve(named.child(Field::right)).definition)
          : nullptr;
  if (model == nullptr) return {};
  for (const auto& [base, suffix] : suffixes) {
    if (!machine.derives_from(view, base)) continue;
    const std::string own = constant("template_name_suffix");
    return model->app.substr(model->app.rfind('.') + 1) + "/" + text::lower(model->name) +
           (own.empty() ? std::string(suffix) : own) + ".html";
  }
  return {};
}

}  // namespace

void Machine::record_page(const Ref& view, python::Node node, State& state) {
  const python::Node definition = object(view, state)->definition;
  const std::string page = page_of(*this, definition);
  if (page.empty()) return;
  record_context(page, call_method(view, "get_context_data", {}, node, state), node, state);
  const python::Node extra = program().attribute(definition, "extra_context");
  if (!extra.is(Kind::assignment)) return;
  record_context(page, evaluate(extra.child(Field::right), state), node, state);
}

void Machine::record_context(std::string page, const Ref& context, python::Node node,
                             State& state) {
  Rendering rendering;
  rendering.name = page.empty() ? std::string(every_page) : std::move(page);
  rendering.node = node;
  rendering.root = root_;
  Collector collector(*this, state);
  collector.add(context, rendering.context);
  rendering.inner = std::move(collector.inner);
  flow_.renderings.push_back(std::move(rendering));
}

void Machine::record_rendering(const std::string& name, const Arguments& given, python::Node node,
                               State& state) {
  Rendering rendering;
  rendering.node = node;
  rendering.root = root_;
  Collector collector(*this, state);
  if (answers(name)) {
    const Ref content = name.find("HttpResponse") != std::string::npos ? given.get("content", 0)
                                                                       : given.get("data", 0);
    if (!content) return;
    if (content->is_data() || content->is(Value::Kind::choice)) {
      rendering.context.emplace_back("", collector.kept(content));
    }
    collector.add(content, rendering.context);
  } else if (renders(name)) {
    const bool with_request = !name.ends_with("render_to_string");
    const Ref file = given.get("template_name", with_request ? 1 : 0);
    if (!file || !file->is(Value::Kind::constant)) return;
    rendering.name = file->literal.text;
    collector.add(given.get("context", with_request ? 2 : 1), rendering.context);
  } else {
    return;
  }
  rendering.inner = std::move(collector.inner);
  flow_.renderings.push_back(std::move(rendering));
}

}  // namespace grader::project::flow
