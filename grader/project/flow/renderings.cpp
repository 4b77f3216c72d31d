#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {
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

}  // namespace

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
