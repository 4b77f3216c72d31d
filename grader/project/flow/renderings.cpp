#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

void Machine::record_rendering(const std::string& name, const Arguments& given, python::Node node,
                               State& state) {
  if (!name.ends_with(".render") && !name.ends_with(".TemplateResponse") &&
      !name.ends_with(".render_to_string")) {
    return;
  }
  const bool with_request = !name.ends_with("render_to_string");
  const Ref file = given.get("template_name", with_request ? 1 : 0);
  if (!file || !file->is(Value::Kind::constant)) return;
  Rendering rendering;
  rendering.name = file->literal.text;
  rendering.node = node;
  const Ref context = given.get("context", with_request ? 2 : 1);
  if (const Object* dict = object(context, state)) {
    for (const auto& [key, value] : dict->attributes) {
      if (key.size() < 3 || !key.starts_with("[")) continue;
      const Ref kept = value->is(Value::Kind::rows) ? value : flat(value, state);
      rendering.context.emplace_back(key.substr(1, key.size() - 2), kept);
    }
  }
  flow_.renderings.push_back(std::move(rendering));
}

}  // namespace grader::project::flow
