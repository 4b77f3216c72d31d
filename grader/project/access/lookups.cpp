#include "grader/project/access/lookups.hpp"

#include <algorithm>
#include <array>

#include "grader/base/text.hpp"

namespace grader::project::access {
namespace {

constexpr std::array transforms{
    std::string_view("exact"),       std::string_view("iexact"),   std::string_view("contains"),
    std::string_view("icontains"),   std::string_view("in"),       std::string_view("startswith"),
    std::string_view("istartswith"), std::string_view("endswith"), std::string_view("iendswith"),
    std::string_view("regex"),       std::string_view("iregex"),   std::string_view("gt"),
    std::string_view("gte"),         std::string_view("lt"),       std::string_view("lte"),
    std::string_view("isnull"),      std::string_view("range"),    std::string_view("search"),
    std::string_view("date"),        std::string_view("unaccent"),
};

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (auto at = path.find("__"); at != path.npos; at = path.find("__", start)) {
    parts.emplace_back(path.substr(start, at - start));
    start = at + 2;
  }
  parts.emplace_back(path.substr(start));
  return parts;
}

bool is_text_owner(const Model& model, std::string_view part) {
  return model.owner.kind == Owner::Kind::text && model.owner.path.front() == part;
}

const ModelField* field_or_id(const Model& model, std::string_view part, bool& is_id) {
  is_id = false;
  if (const ModelField* field = model.field(part)) return field;
  if (!part.ends_with("_id")) return nullptr;
  is_id = true;
  return model.field(part.substr(0, part.size() - 3));
}

}  // namespace

std::string reverse_name(const Model& model, const ModelField& field) {
  const auto value = python::evaluate(python::keyword(field.call, "related_name"), nullptr);
  if (value.is_string()) {
    const std::string name = text::replace_all(value.text, "%(class)s", text::lower(model.name));
    return text::replace_all(name, "%(app_label)s", model.app);
  }
  const std::string name = text::lower(model.name);
  return field.type.ends_with("OneToOneField") ? name : name + "_set";
}

bool identifies_user(std::string_view attribute) {
  return attribute == "id" || attribute == "pk" || attribute == "username" ||
         attribute == "email" || attribute == "uuid";
}

bool is_user_model(const Models& models, std::string_view qualified) {
  if (qualified == models.user_model || qualified == "django.contrib.auth.models.User") return true;
  const Model* model = models.find(qualified);
  return model != nullptr && model->is_user;
}

LookupTarget follow_lookup(const Models& models, const Model& model, std::string_view path) {
  LookupTarget result;
  const Model* at = &model;
  for (const auto& part : split_path(path)) {
    if (std::ranges::find(transforms, part) != transforms.end()) {
      result.transform = part;
      continue;
    }
    if (result.kind == LookupTarget::Kind::user) {
      result.kind =
          identifies_user(part) ? LookupTarget::Kind::user_key : LookupTarget::Kind::other;
      continue;
    }
    if (at == nullptr) return {};
    if (part == "id" || part == "pk") {
      result.kind = LookupTarget::Kind::primary_key;
      continue;
    }
    bool is_id = false;
    const ModelField* field = field_or_id(*at, part, is_id);
    if (field == nullptr) return {};
    if (is_text_owner(*at, part)) {
      result.kind = LookupTarget::Kind::user_key;
    } else if (!field->relation) {
      result.kind = LookupTarget::Kind::other;
    } else if (is_user_model(models, field->target)) {
      result.kind = is_id ? LookupTarget::Kind::user_key : LookupTarget::Kind::user;
      at = models.find(field->target);
    } else {
      result.kind = LookupTarget::Kind::relation;
      result.owner_path = !at->owner.path.empty() && at->owner.path.front() == field->name;
      at = models.find(field->target);
      result.model = at;
    }
  }
  return result;
}

}  // namespace grader::project::access
