#include <algorithm>

#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::encryption {
namespace {

bool is_key(const project::EnvironmentRead& read) {
  if (read.variable == "SECRET_KEY" || read.setting == "SECRET_KEY") return false;
  const std::string lowered = text::lower(read.variable + " " + read.setting);
  return text::contains_any(lowered, {"fernet", "encrypt", "cipher", "crypto", "aes_key",
                                      "vault_key", "field_key", "master_key"}) &&
         lowered.find("key") != std::string::npos;
}

/// A later assignment gives the setting another value, whatever the environment says.
bool is_replaced(const Facts& facts, const project::EnvironmentRead& read) {
  const auto* settings = facts.project.main_settings();
  const auto* setting =
      settings == nullptr || read.setting.empty() ? nullptr : settings->find(read.setting);
  return setting != nullptr && setting->origin == project::Origin::constant;
}

grading::Finding finding_of(const std::string& name, grading::Evidence place) {
  auto finding = absent("The key " + name + " has a default in the code that works.",
                        grading::Severity::medium);
  finding.evidence.push_back(std::move(place));
  return finding;
}

/// if "KEYS" in os.environ: KEYS = […] else: KEYS = ["…"]
void in_settings(const Facts& facts, std::vector<grading::Finding>& findings) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return;
  for (const auto& [name, setting] : settings->values) {
    const bool told = std::ranges::any_of(facts.project.environment, [&](const auto& read) {
      return read.setting == name && read.has_default;
    });
    project::EnvironmentRead read;
    read.setting = name;
    if (told || setting.origin != project::Origin::environment_with_default || !is_key(read)) {
      continue;
    }
    const auto& value = setting.value.items.empty() ? setting.value : setting.value.items.front();
    if (value.text.size() < 8) continue;
    // The line itself would show the key.
    grading::Evidence place;
    place.location = setting.at;
    place.note = "where it is not set, a key of the code is used";
    findings.push_back(finding_of(name, std::move(place)));
  }
}

/// Whatever it is called: the cipher gets it, and it has a default.
void by_its_use(const Facts& facts, std::vector<grading::Finding>& findings) {
  const auto& secrets = facts.project.secrets;
  const bool falls_back =
      std::ranges::find(secrets.weaknesses, "default key in the code") != secrets.weaknesses.end();
  if (!falls_back || secrets.key_source != "env") return;
  grading::Evidence place;
  place.location = secrets.key_at;
  place.note = "where it is not set, a key of the code is used";
  findings.push_back(finding_of("of the cipher", std::move(place)));
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& read : facts.project.environment) {
    const auto& fallback = read.fallback;
    const bool text = fallback.is_string() || fallback.type == python::Value::Type::bytes;
    if (!read.has_default || !is_key(read) || !text || fallback.text.size() < 8) continue;
    if (is_replaced(facts, read)) continue;
    findings.push_back(finding_of(read.variable, code_without(facts, read.at, fallback.text)));
  }
  in_settings(facts, findings);
  if (findings.empty()) by_its_use(facts, findings);
  return or_met(std::move(findings), "No key of the encryption has a default.");
}

}  // namespace

extern constinit const Check key_with_usable_default{
    .title = "The key falls back to one in the code",
    .why =
        "Where the variable is forgotten, everything is encrypted under a key that anybody can "
        "read in the repository.",
    .fix =
        "Let the start fail where the key is not set: os.environ[\"VAULT_KEY\"]. See "
        "https://docs.djangoproject.com/en/stable/howto/deployment/checklist/",
    .reference = "CWE-1188",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::encryption
