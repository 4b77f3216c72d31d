#include <algorithm>

#include "grader/project/environment.hpp"
#include "grader/project/settings.hpp"

namespace grader::project {
namespace {

bool is_any_host(const python::Value& item) { return item.is_string() && item.text == "*"; }

bool from_outside(Origin origin) {
  return origin == Origin::environment || origin == Origin::environment_with_default ||
         origin == Origin::file;
}

}  // namespace

std::string secret_key_word(const SettingsModule& module) {
  const Setting* setting = module.find("SECRET_KEY");
  if (setting == nullptr) return {};
  switch (setting->origin) {
    case Origin::constant:
      return "hardcoded";
    case Origin::environment_with_default:
      return "env_with_default";
    case Origin::environment:
      return "env";
    case Origin::file:
      return "file";
    case Origin::generated:
    case Origin::computed:
      break;
  }
  return {};
}

std::string debug_word(const SettingsModule& module) {
  const Setting* setting = module.find("DEBUG");
  if (setting == nullptr) return "false_constant";
  const auto is = truth(setting->value);
  if (setting->origin == Origin::constant) {
    if (!is) return {};
    return *is ? "true_constant" : "false_constant";
  }
  if (!from_outside(setting->origin)) return {};
  return is.value_or(false) ? "env_default_true" : "env_default_false";
}

std::string allowed_hosts_word(const SettingsModule& module) {
  const Setting* setting = module.find("ALLOWED_HOSTS");
  if (setting == nullptr) return "empty";
  const auto& value = setting->value;
  const bool outside = from_outside(setting->origin);
  const bool any = std::ranges::any_of(value.items, is_any_host);
  // A default of '*' is still the environment's to say; a '*' beside a look-up is not.
  if (any && (!outside || !setting->node.is(python::Kind::call))) return "wildcard";
  if (outside) return "env";
  if (value.type == python::Value::Type::list && value.items.empty() && !value.partial) {
    return setting->origin == Origin::constant ? "empty" : "";
  }
  return value.type == python::Value::Type::unknown ? "" : "listed";
}

}  // namespace grader::project
