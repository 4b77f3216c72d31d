#include "grader/project/access/index.hpp"

#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/access/lookups.hpp"
#include "grader/project/project.hpp"

namespace grader::project::access {
namespace {

constexpr std::size_t deepest_container = 4;

/// All user models answer to one name.
constexpr std::string_view any_user = "<user>";

std::string relation_target(const Models& models, std::string_view qualified) {
  return std::string(is_user_model(models, qualified) ? any_user : qualified);
}

python::Node meta_value(const Model& model, std::string_view name) {
  const python::Node meta = python::own_attribute(model.definition, "Meta");
  const python::Node own = meta ? python::own_attribute(meta, name) : python::Node();
  return own ? own.child(python::Field::right) : python::Node();
}

std::string table_of(const Model& model) {
  const auto given = python::evaluate(meta_value(model, "db_table"), nullptr);
  if (given.is_string()) return text::lower(given.text);
  const auto dot = model.app.rfind('.');
  const auto label = dot == std::string::npos ? model.app : model.app.substr(dot + 1);
  return text::lower(label + "_" + model.name);
}

bool names_sharing(const Model& model) {
  return text::contains_any(text::lower(model.name), {"shar", "partag", "compart", "access"});
}

/// Deleting the target deletes the row: CASCADE is also what older Django did without saying.
bool cascades(const ModelField& field) {
  if (!field.relation || field.type.ends_with("ManyToManyField")) return false;
  const python::Node given = python::keyword(field.call, "on_delete");
  return !given || given.text().find("CASCADE") != std::string_view::npos;
}

}  // namespace

Index::Index(const Project& project) {
  const Models& models = project.models;
  if (const Model* entry = models.entry_model()) secret_.insert(entry);
  for (const int other : models.other_secrets) {
    const Model& model = models.all[static_cast<std::size_t>(other)];
    if (!model.is_user) secret_.insert(&model);
  }
  read_relations(models);
  find_containers(models);
  for (const auto& page : project.templates) {
    pages_.emplace(page.name, &page);
    pages_by_file_.emplace(file_name(page.name), &page);
  }
  gatekeeper_ = find_gatekeeper(project);
}

void Index::read_relations(const Models& models) {
  for (const auto& model : models.all) {
    tables_.emplace(table_of(model), &model);
    for (const auto& field : model.fields) {
      if (!field.relation) continue;
      const std::string accessor = reverse_name(model, field);
      reverse_.emplace(std::pair(relation_target(models, field.target), accessor), &model);
      const Model* target = models.find(field.target);
      if (target == nullptr || target->is_user) continue;
      if (holds_secrets(model)) to_secrets_.emplace(target, std::pair(accessor, &model));
      if (holds_secrets(*target) && !holds_secrets(model) && names_sharing(model)) {
        shares_.insert(&model);
        to_secrets_.emplace(&model, std::pair(field.name + ".", target));
      }
    }
  }
}

void Index::find_containers(const Models& models) {
  std::vector<const Model*> layer(secret_.begin(), secret_.end());
  for (std::size_t depth = 0; depth < deepest_container && !layer.empty(); ++depth) {
    std::vector<const Model*> next;
    for (const Model* model : layer) {
      for (const auto& field : model->fields) {
        if (!cascades(field)) continue;
        const Model* target = models.find(field.target);
        if (target == nullptr || target->is_user || holds_secrets(*target)) continue;
        if (containers_.insert(target).second) next.push_back(target);
      }
    }
    layer = std::move(next);
  }
}

const Model* Index::reverse(const Models& models, std::string_view target_model,
                            std::string_view accessor) const {
  const auto found =
      reverse_.find(std::pair(relation_target(models, target_model), std::string(accessor)));
  return found == reverse_.end() ? nullptr : found->second;
}

const Model* Index::table(std::string_view name) const {
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : found->second;
}

bool Index::holds_secrets(const Model& model) const { return secret_.contains(&model); }

bool Index::holds_entries(const Model& model) const { return containers_.contains(&model); }

std::vector<std::pair<std::string, const Model*>> Index::to_secrets(const Model& model) const {
  std::vector<std::pair<std::string, const Model*>> result;
  const auto [first, last] = to_secrets_.equal_range(&model);
  for (auto it = first; it != last; ++it) result.push_back(it->second);
  return result;
}

const Template* Index::page(std::string_view name) const {
  const auto found = pages_.find(name);
  return found == pages_.end() ? nullptr : found->second;
}

const Template* Index::page_ending(std::string_view ending) const {
  const auto found = pages_by_file_.find(file_name(ending));
  return found == pages_by_file_.end() ? nullptr : found->second;
}

bool Index::page_mentions(const Template& page, std::string_view accessor) const {
  const std::string wanted = "." + std::string(accessor);
  const auto mentions = [&](const Template& one) {
    for (const auto& tag : one.tags) {
      const auto at = tag.text.find(wanted);
      if (at == tag.text.npos) continue;
      const char after = at + wanted.size() < tag.text.size() ? tag.text[at + wanted.size()] : ' ';
      if (std::string_view(tag.text).substr(at + wanted.size()).starts_with(".count")) continue;
      if (wanted.ends_with('.')) return true;
      if (after == '.' || after == ' ' || after == '|' || after == '%' || after == '}') return true;
    }
    return false;
  };
  if (mentions(page)) return true;
  return std::ranges::any_of(page.parents, [&](const std::string& name) {
    const Template* included = this->page(name);
    return included != nullptr && mentions(*included);
  });
}

}  // namespace grader::project::access
