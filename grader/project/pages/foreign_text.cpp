#include "grader/project/pages/foreign_text.hpp"

#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/template_scanner.hpp"

namespace grader::project {
namespace {

using flow::Op;
using flow::Ref;
using flow::Source;
using flow::Value;
using python::Kind;
using python::Node;

constexpr int most_hops = 6;
constexpr int deepest_value = 12;

/// Names of what Django or the program counts and numbers.
bool is_number_name(std::string_view name) {
  static const std::set<std::string_view> names{
      "id",       "pk",      "counter",      "counter0",   "revcounter", "csrf_token", "count",
      "length",   "number",  "page",         "year",       "slug",       "uuid",       "index",
      "total",    "auto_id", "id_for_label", "html_name",  "num_pages",  "page_range", "score",
      "has_next", "size",    "percentage",   "start_index"};
  return names.contains(name);
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_form_name(std::string_view name) {
  const std::string lowered = text::lower(name);
  return text::contains_any(lowered, {"form", "field", "widget"});
}

std::string without_filters(std::string_view expression) {
  return std::string(text::trim(expression.substr(0, expression.find('|'))));
}

/// True if what the outside calls is this view or a method of it.
bool is_in(Node view, Node root) { return view.contains(root) || root.contains(view); }

std::string_view first_part(std::string_view path) { return path.substr(0, path.find('.')); }

std::string_view last_part(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

}  // namespace

bool is_address_column(const ModelField& field) {
  return field.type.ends_with("URLField") ||
         python::keyword(field.call, "validators").text().find("URLValidator") !=
             std::string_view::npos;
}

bool holds_free_text(const ModelField& field) {
  if (field.relation) return false;
  if (field.call && python::keyword(field.call, "choices")) return false;
  const std::string_view type = last_part(field.type);
  static const std::set<std::string_view> fixed{"EmailField",
                                                "SlugField",
                                                "UUIDField",
                                                "IntegerField",
                                                "SmallIntegerField",
                                                "BigAutoField",
                                                "AutoField",
                                                "PositiveIntegerField",
                                                "BooleanField",
                                                "DateField",
                                                "DateTimeField",
                                                "TimeField",
                                                "FloatField",
                                                "DecimalField",
                                                "FileField",
                                                "ImageField",
                                                "BinaryField",
                                                "DurationField",
                                                "FilePathField",
                                                "GenericIPAddressField",
                                                "NullBooleanField",
                                                "BigIntegerField",
                                                "PositiveSmallIntegerField"};
  return !fixed.contains(type);
}

std::string PageScope::expanded(std::string_view path, std::size_t offset) const {
  std::string current(path);
  for (int hop = 0; hop < most_hops; ++hop) {
    const auto first = first_part(current);
    const Alias* found = nullptr;
    for (const auto& alias : aliases) {
      if (alias.offset < offset && alias.name == first) found = &alias;
    }
    if (found == nullptr || first_part(found->expression) == first) return current;
    offset = found->offset;
    const std::string rest = current.substr(first.size());
    current = found->expression + (found->element && rest.empty() ? ".*" : "") + rest;
  }
  return current;
}

ForeignText::ForeignText(const Project& project, const flow::Flow& flow)
    : project_(project), flow_(flow) {
  for (const auto& page : project.templates) {
    for (const auto& parent : page.parents) users_[parent].push_back(&page);
  }
  for (const auto& answer : flow.renderings) {
    if (!answer.name.empty()) continue;
    for (const auto& [key, value] : answer.context) answers_[key].push_back({value, answer.root});
    for (const auto& [key, value] : answer.inner) answers_[key].push_back({value, answer.root});
  }
}

PageScope ForeignText::scope_of(const Template& page) const {
  PageScope scope;
  std::set<std::string> names{page.name};
  std::vector<std::string> open{page.name};
  while (!open.empty() && names.size() < 200) {
    const std::string name = std::move(open.back());
    open.pop_back();
    const auto users = users_.find(name);
    if (users == users_.end()) continue;
    for (const Template* user : users->second) {
      if (names.insert(user->name).second) open.push_back(user->name);
    }
  }
  for (const auto& rendering : flow_.renderings) {
    const bool every = rendering.name == flow::every_page;
    if (rendering.name.empty() || (!every && !names.contains(rendering.name))) continue;
    scope.rendered = scope.rendered || !every;
    for (const auto& [key, value] : rendering.context) scope.context[key].push_back(value);
    for (const auto& [key, value] : rendering.inner) scope.inner[key].push_back(value);
  }
  for (const auto& tag : page.tags) {
    if (tag.kind != TemplateTag::Kind::block) continue;
    const auto words = tag_words(tag.text);
    if (tag.name == "for") {
      const auto in = std::ranges::find(words, "in");
      if (in == words.end() || in + 1 == words.end()) continue;
      for (auto name = words.begin() + 1; name != in; ++name) {
        const std::string bare = name->substr(0, name->find(','));
        scope.aliases.push_back({tag.offset, bare, without_filters(*(in + 1)), true});
      }
    } else if (tag.name == "with") {
      for (std::size_t i = 1; i < words.size(); ++i) {
        const auto equals = words[i].find('=');
        if (equals != std::string::npos) {
          scope.aliases.push_back({tag.offset, words[i].substr(0, equals),
                                   without_filters(words[i].substr(equals + 1)), false});
        } else if (words[i] == "as" && i + 1 < words.size() && i > 1) {
          scope.aliases.push_back({tag.offset, words[i + 1], without_filters(words[i - 1]), false});
        }
      }
    }
  }
  return scope;
}

bool ForeignText::column_holds(std::string_view qualified) const {
  if (const Model* model = project_.models.find(qualified)) {
    return std::ranges::any_of(model->fields, holds_free_text);
  }
  const auto dot = qualified.rfind('.');
  if (dot == std::string_view::npos) return false;
  const Model* model = project_.models.find(qualified.substr(0, dot));
  const ModelField* field = model == nullptr ? nullptr : model->field(qualified.substr(dot + 1));
  return field != nullptr && holds_free_text(*field);
}

bool ForeignText::holds(const Ref& value) const {
  struct Walk {
    const ForeignText& text;
    bool holds(const Ref& one, int depth) const {
      if (!one || depth > deepest_value) return false;
      if (one->is(Value::Kind::rows)) return text.column_holds(one->name);
      if (one->is(Value::Kind::input)) {
        if (one->source == Source::typed) return !is_number_name(text::lower(one->name));
        return one->source == Source::row && text.column_holds(one->name);
      }
      if (one->is(Value::Kind::made)) {
        if (one->op == Op::decipher) return true;
        if (one->op != Op::text && one->op != Op::toy) return false;
        if (one->name == flow::escaped) return false;
      } else if (!one->is(Value::Kind::choice)) {
        return false;
      }
      return std::ranges::any_of(one->parts,
                                 [&](const Ref& part) { return holds(part, depth + 1); });
    }
  };
  return Walk{*this}.holds(value, 0);
}

bool ForeignText::in_messages() const {
  return std::ranges::any_of(flow_.calls, [this](const flow::FoundCall& call) {
    return call.name.find("messages.") != std::string::npos &&
           std::ranges::any_of(call.arguments, [this](const Ref& value) { return holds(value); });
  });
}

bool ForeignText::of_user(std::string_view last) const {
  const Model* user = project_.models.find(project_.models.user_model);
  const ModelField* field = user == nullptr ? nullptr : user->field(last);
  if (field != nullptr) return holds_free_text(*field);
  return last == "first_name" || last == "last_name" || last == "get_full_name" ||
         last == "get_short_name";
}

bool ForeignText::method_gives_text(std::string_view name) const {
  if (name == "get_absolute_url" || name.ends_with("_display")) return false;
  for (const auto& model : project_.models.all) {
    const Node own = project_.program.attribute(model.definition, name);
    if (!own.is(Kind::function_definition)) continue;
    for (const Node node : own.descendants()) {
      if (!node.is(Kind::attribute)) continue;
      const auto attribute = node.child(python::Field::attribute).text();
      if (attribute.starts_with("decrypt")) return true;
      const ModelField* field = model.field(attribute);
      const bool counted = field != nullptr && node.parent().is(Kind::argument_list) &&
                           node.parent().parent().text().starts_with("len(");
      if (field != nullptr && !counted && holds_free_text(*field)) return true;
    }
  }
  return false;
}

const Model* ForeignText::model_of(const PageScope& scope, std::string_view name) const {
  const auto given = scope.context.find(name);
  if (given == scope.context.end()) return nullptr;
  for (const auto& value : given->second) {
    for (const auto& one : flow::alternatives(value)) {
      if (one->is(Value::Kind::rows) || one->is_input(Source::row)) {
        if (const Model* model = project_.models.find(one->name)) return model;
      }
    }
  }
  return nullptr;
}

const ModelField* ForeignText::column(const PageScope& scope, std::string_view path,
                                      const Model** of) const {
  const auto parts = text::split(path, '.');
  const std::string_view last = parts.back();
  const Model* model = model_of(scope, parts.front());
  for (std::size_t i = 1; model != nullptr && i + 1 < parts.size(); ++i) {
    const ModelField* field = model->field(parts[i]);
    if (parts[i] == "*" || parts[i] == "all") continue;
    model = field == nullptr ? nullptr : project_.models.find(field->target);
  }
  if (model == nullptr && parts.size() > 1 && !scope.inner.contains(last)) {
    const Model* entry = project_.models.entry_model();
    if (entry != nullptr && entry->field(last) != nullptr) model = entry;
    for (const auto& other : project_.models.all) {
      if (model == nullptr && other.field(last) != nullptr) model = &other;
    }
  }
  if (of != nullptr) *of = model;
  return model == nullptr ? nullptr : model->field(last);
}

bool ForeignText::in_page(const PageScope& scope, std::string_view path) const {
  if (path.empty() || path.front() == '"' || path.front() == '\'' || path.front() == '_') {
    return false;
  }
  if (path.starts_with("request.")) path.remove_prefix(8);
  const std::string_view first = first_part(path);
  const std::string_view last = last_part(path);
  if (is_digits(last) || is_number_name(last) || first == "forloop") return false;
  if (first == "GET" || first == "POST") return true;
  if (first == "messages") return in_messages();
  if (is_form_name(first)) return last == "value" || last == "data";
  const auto any = [this](const auto& table, std::string_view key) {
    const auto found = table.find(key);
    return found != table.end() &&
           std::ranges::any_of(found->second, [this](const Ref& one) { return holds(one); });
  };
  if (first == last || last == "*") return any(scope.context, first);
  if (first == "user") {
    const auto dots = std::ranges::count(path, '.');
    if (dots == 1) return of_user(last);
  }
  if (any(scope.inner, last)) return true;
  if (const ModelField* field = column(scope, path)) return holds_free_text(*field);
  return method_gives_text(last);
}

bool ForeignText::in_answers(std::string_view key, Node view) const {
  const auto found = answers_.find(key);
  std::size_t seen = 0;
  std::size_t foreign = 0;
  for (const auto& sent : found == answers_.end() ? std::vector<Sent>() : found->second) {
    if (view && !is_in(view, sent.root)) continue;
    ++seen;
    if (holds(sent.value)) ++foreign;
  }
  if (seen > 0) return view ? foreign > 0 : 2 * foreign >= seen;
  // Serializers and values() send columns by their names.
  if (project_.ui == "templates" || is_number_name(key)) return false;
  return std::ranges::any_of(project_.models.all, [&](const Model& model) {
    const ModelField* field = model.field(key);
    return field != nullptr && holds_free_text(*field);
  });
}

bool ForeignText::in_sent_text(Node view) const {
  return std::ranges::any_of(flow_.renderings, [&](const flow::Rendering& answer) {
    if (!answer.name.empty() || (view && !is_in(view, answer.root))) return false;
    return std::ranges::any_of(
        answer.context, [this](const auto& one) { return one.first.empty() && holds(one.second); });
  });
}

}  // namespace grader::project
