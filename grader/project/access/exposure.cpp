#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"

/// Entries that come to light through rows of another model: a page that lists a vault's entries,
/// a serializer with the serializer of entries inside.
namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using Type = Abstract::Type;

namespace {

constexpr int deepest_nesting = 3;

}  // namespace

void Machine::reach(Abstract& value, int from, const Model& model, std::string_view how) {
  Rows next = rows(from);
  next.model = &model;
  next.trace.push_back({next.trace.empty() ? Location{} : next.trace.back().at,
                        "its rows of " + model.name + " are shown " + std::string(how)});
  value.holds.insert(add_rows(std::move(next)));
}

void Machine::reach_by_page(Abstract& value, const Template* page) {
  if (page == nullptr) return;
  for (const int index : carried(value)) {
    const Model* model = rows(index).model;
    if (model == nullptr || index_.holds_secrets(*model)) continue;
    for (const auto& [accessor, secret] : index_.to_secrets(*model)) {
      if (index_.page_mentions(*page, accessor)) {
        reach(value, index, *secret, "by " + page->name);
      }
    }
  }
}

/// {% if request.user == entry.owner %} around all that the page writes of the row.
void Machine::note_page_guards(const Template* page, Node context, State& state) {
  if (page == nullptr || !context) return;
  std::map<int, std::set<std::string>> names;
  std::set<std::string> flags;
  const auto tested = tested_names(frame().function);
  if (context.is(Kind::identifier)) {
    const auto known = state.locals.find(context.text());
    if (known == state.locals.end()) return;
    flags = tested;
    for (const auto& [key, held] : known->second.entries) {
      for (const int index : held) names[index].insert(key);
    }
  }
  for (const Node pair : context.children()) {
    const auto key = python::evaluate(pair.child(Field::key), nullptr);
    const Node value = pair.child(Field::value);
    if (!key.is_string() || !value.is(Kind::identifier)) continue;
    if (tested.contains(std::string(value.text()))) flags.insert(key.text);
    for (const int index : carried(identifier(value, state))) names[index].insert(key.text);
  }
  for (const auto& [index, keys] : names) {
    PageVariables variables{keys, {"id", "pk"}, flags};
    const Model* model = rows(index).model;
    for (const auto& field : model != nullptr ? model->fields : std::vector<ModelField>()) {
      if (!names_a_secret(field.name)) variables.harmless.insert(field.name);
    }
    const PageGuard guard = guard_of(*page, variables);
    if (guard != PageGuard::none) page_guards_[index] = guard;
  }
}

std::vector<const Model*> Machine::nested_secrets(Node serializer, int depth) const {
  std::vector<const Model*> found;
  if (depth > deepest_nesting || !serializer.is(Kind::class_definition)) return found;
  const Model* own = model_of_form(serializer);
  const auto add_relation = [&](std::string_view field_name) {
    const ModelField* field = own != nullptr ? own->field(field_name) : nullptr;
    const Model* target = field != nullptr ? models_.find(field->target) : nullptr;
    if (target != nullptr && index_.holds_secrets(*target)) found.push_back(target);
  };
  // Meta.depth = 1 nests the rows of every relation.
  const Node meta = program_.attribute(serializer, "Meta");
  const Node levels = meta ? program_.attribute(meta, "depth") : Node();
  if (own != nullptr && levels.is(Kind::assignment) &&
      python::evaluate(levels.child(Field::right), nullptr).number > 0) {
    for (const auto& field : own->fields) add_relation(field.name);
  }
  for (const auto& base : program_.linearised(serializer)) {
    if (!base.is_class()) continue;
    for (const Node statement : base.definition.child(Field::body).children()) {
      const Node assignment = statement.child(Kind::assignment);
      const Node call = assignment ? assignment.child(Field::right) : Node();
      if (!call.is(Kind::call)) continue;
      // CharField(source='entry.password')
      const auto source = python::evaluate(python::keyword(call, "source"), nullptr).text;
      if (const auto dot = source.find('.'); dot != source.npos) {
        add_relation(std::string_view(source).substr(0, dot));
      }
      const python::Symbol nested = program_.resolve(python::callee(call));
      if (!nested.is_class() || nested.definition == serializer) continue;
      const Model* model = model_of_form(nested.definition);
      if (model != nullptr && index_.holds_secrets(*model)) found.push_back(model);
      const auto deeper = nested_secrets(nested.definition, depth + 1);
      found.insert(found.end(), deeper.begin(), deeper.end());
    }
  }
  return found;
}

void Machine::reach_by_serializer(Abstract& value, Node serializer) {
  if (!serializer.is(Kind::class_definition)) return;
  const auto secrets = nested_secrets(serializer, 0);
  if (secrets.empty()) return;
  for (const int index : carried(value)) {
    const Model* model = rows(index).model;
    if (model == nullptr || index_.holds_secrets(*model)) continue;
    for (const Model* secret : secrets) {
      reach(value, index, *secret, "by " + std::string(python::definition_name(serializer)));
    }
  }
}

/// The template of a class-based view: as named, or as Django's generic views name it.
const Template* Machine::class_page() const {
  const Node own = program_.attribute(instance_.definition, "template_name");
  if (own.is(Kind::assignment)) {
    return index_.page(python::evaluate(own.child(Field::right), &program_).text);
  }
  const Node model = program_.attribute(instance_.definition, "model");
  if (!model.is(Kind::assignment)) return nullptr;
  const Model* shown = models_.find(program_.resolve(model.child(Field::right)).name);
  if (shown == nullptr) return nullptr;
  const std::string_view suffix = has_base("ListView") ? "_list.html" : "_detail.html";
  return index_.page_ending("/" + text::lower(shown->name) + std::string(suffix));
}

Node Machine::class_serializer(State& state) {
  const Node own = program_.attribute(instance_.definition, "serializer_class");
  if (own.is(Kind::assignment)) return program_.resolve(own.child(Field::right)).definition;
  const Node getter = program_.attribute(instance_.definition, "get_serializer_class");
  if (!getter.is(Kind::function_definition)) return {};
  const Abstract value = call_self("get_serializer_class", {}, state);
  return value.is(Type::class_) ? value.node : Node();
}

}  // namespace grader::project::access
