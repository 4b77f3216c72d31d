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

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& read : facts.project.environment) {
    const auto& fallback = read.fallback;
    const bool text = fallback.is_string() || fallback.type == python::Value::Type::bytes;
    if (!read.has_default || !is_key(read) || !text || fallback.text.size() < 8) continue;
    auto finding = absent("The key " + read.variable + " has a default in the code that works.",
                          grading::Severity::medium);
    finding.evidence.push_back(code_without(facts, read.at, fallback.text));
    findings.push_back(std::move(finding));
  }
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
