#include "grader/project/secrets.hpp"

#include <algorithm>
#include <map>

#include "grader/base/text.hpp"
#include "grader/project/client_crypto.hpp"
#include "grader/project/flow/flow.hpp"
#include "grader/project/key_origin.hpp"
#include "grader/project/parts.hpp"
#include "grader/project/secret_judgement.hpp"

namespace grader::project {
namespace {

using flow::FoundWrite;
using python::Kind;
using python::Node;

Location line_of(Node node) {
  Location at = node.location();
  // A class or function stands for its first line.
  if (node.is(Kind::class_definition) || node.is(Kind::function_definition)) at.end_line = 0;
  return at;
}

/// A write with what is said of it.
struct Judged {
  const FoundWrite* found = nullptr;
  Judgement judgement;
};

bool only_parameters(const flow::Ref& value) {
  bool typed = false;
  bool parameter = false;
  flow::any_part(value, [&](const flow::Value& part) {
    typed = typed || part.is_input(flow::Source::typed);
    parameter = parameter || part.is_input(flow::Source::parameter);
    return false;
  });
  return parameter && !typed;
}

/// What a helper does with what it is given counts only where no caller was followed, and the
/// model's own methods only where nothing else saves.
std::vector<Judged> judge_all(const flow::Flow& flow) {
  std::vector<Judged> all;
  for (const auto& found : flow.writes) {
    const bool better = std::ranges::any_of(flow.writes, [&](const FoundWrite& other) {
      return &other != &found && other.write.saved == found.write.saved &&
             !only_parameters(other.write.value);
    });
    if (better && only_parameters(found.write.value)) continue;
    if (found.by == "model" && flow.writes.size() > 1) continue;
    Judgement judgement = judge(found.write.value);
    if (judgement.nothing) continue;
    all.push_back({&found, std::move(judgement)});
  }
  return all;
}

std::string operation_of(const FoundWrite& found) {
  if (found.by == "admin") return "admin";
  const std::string place = text::lower(found.root.text().substr(0, 200));
  const auto name = place.substr(0, place.find('('));
  const bool reads_file = flow::any_part(found.write.value, [](const flow::Value& part) {
    return part.made_by(flow::Op::text) && (part.name == "csv" || part.name == "sheet");
  });
  if (reads_file || text::contains_any(name, {"import", "upload"})) return "import";
  return found.write.stored ? "update" : "create";
}

std::string name_of(Node root, const python::Program& program) {
  const python::Module* module = program.of(root);
  if (module == nullptr) return {};
  std::string name(python::definition_name(root));
  if (const Node owner = root.enclosing(Kind::class_definition)) {
    name = std::string(python::definition_name(owner)) + "." + name;
  }
  return program.name_of(*module) + "." + name;
}

Step step(Node node, std::string text) {
  return {node ? line_of(node) : Location(), std::move(text)};
}

class Reader {
 public:
  Reader(const Project& project, const flow::Flow& flow) : project_(project), flow_(flow) {}

  Secrets run() {
    const Model* entry = project_.models.entry_model();
    if (entry == nullptr) {
      result_.why = "no model that keeps entries' passwords was found";
      return std::move(result_);
    }
    const std::vector<Judged> judged = judge_all(flow_);
    for (const auto& one : judged) add(one);
    const ModelField* field = entry->field(project_.models.secret_field);
    if (field != nullptr && field->encrypted_type) {
      encrypted_field(*field);
      return std::move(result_);
    }
    decide(judged);
    if (result_.kind == Transform::none && field != nullptr && field->foreign_type) {
      leave_open(*field);
    } else if (result_.kind == Transform::none) {
      look_at_the_browser();
    }
    return std::move(result_);
  }

 private:
  void add(const Judged& one) {
    SecretWrite write;
    write.op = operation_of(*one.found);
    write.transform = one.judgement.transform;
    write.algorithm = one.judgement.algorithm;
    // The admin saves by itself: the place to change is where it is given the model.
    const bool admin = one.found->by == "admin";
    write.saved_at = line_of(admin ? one.found->root : one.found->write.saved);
    const bool changed = write.transform != Transform::none && one.judgement.at;
    write.at = changed ? line_of(one.judgement.at) : write.saved_at;
    write.view = name_of(one.found->root, project_.program);
    write.trace = trace_of(one);
    const bool known = std::ranges::any_of(result_.writes, [&](const SecretWrite& other) {
      return other.saved_at == write.saved_at && other.transform == write.transform &&
             (other.op == write.op || other.view == write.view);
    });
    if (!known) result_.writes.push_back(std::move(write));
  }

  static std::vector<Step> trace_of(const Judged& one) {
    std::vector<Step> steps;
    const auto& judgement = one.judgement;
    if (judgement.secret && judgement.secret->node) {
      const std::string name = judgement.secret->name;
      steps.push_back(step(judgement.secret->node, name.empty()
                                                       ? "the secret comes in"
                                                       : "the secret comes in as " + name));
    }
    if (judgement.transform != Transform::none && judgement.at) {
      steps.push_back(step(judgement.at, judgement.algorithm.empty()
                                             ? "it goes through code that is not followed"
                                             : "it goes through " + judgement.algorithm));
    }
    if (one.found->write.assigned) {
      steps.push_back(step(one.found->write.assigned, "it is put into the row"));
    }
    steps.push_back(step(one.found->write.saved, "the row is saved"));
    return steps;
  }

  /// The strongest of the application's own writes; where there are none, of the admin's.
  static const Judged* deciding(const std::vector<Judged>& judged) {
    const Judged* best = nullptr;
    const auto better = [](const Judged& one, const Judged& other) {
      const bool admin = one.found->by == "admin";
      const bool other_admin = other.found->by == "admin";
      if (admin != other_admin) return other_admin;
      if (one.judgement.transform != other.judgement.transform) {
        return strength(one.judgement.transform) > strength(other.judgement.transform);
      }
      return !one.found->write.stored && other.found->write.stored;
    };
    for (const auto& one : judged) {
      if (best == nullptr || better(one, *best)) best = &one;
    }
    return best;
  }

  void decide(const std::vector<Judged>& judged) {
    const Judged* best = deciding(judged);
    if (best == nullptr) {
      result_.why = "no code was found that saves " + project_.models.entry_model()->name + "." +
                    project_.models.secret_field;
      return;
    }
    const Judgement& judgement = best->judgement;
    result_.kind = judgement.transform;
    result_.algorithm = judgement.algorithm;
    const Node save = best->found->write.saved;
    const bool changed = judgement.transform != Transform::none && judgement.at;
    result_.at = line_of(changed ? judgement.at : save);
    result_.weaknesses = judgement.flaws;
    result_.why = judgement.why;
    result_.trace = trace_of(*best);
    result_.key_source = "none";
    if (judgement.key) decide_key(judged);
  }

  /// Where the key comes from on most of the write paths.
  void decide_key(const std::vector<Judged>& judged) {
    std::map<std::string, int> votes;
    std::vector<KeyOrigin> origins;
    for (const auto& one : judged) {
      if (!one.judgement.key) continue;
      origins.push_back(key_origin(one.judgement.key, one.found->write, flow_, project_));
      if (!origins.back().source.empty()) ++votes[origins.back().source];
    }
    const KeyOrigin* best = nullptr;
    for (const auto& origin : origins) {
      if (origin.source.empty()) continue;
      if (best == nullptr || votes[origin.source] > votes[best->source]) best = &origin;
    }
    result_.key_source = best == nullptr ? std::string() : best->source;
    if (best == nullptr) return;
    result_.key_at = best->at;
    result_.key_at.end_line = 0;
    if (best->usable_default) result_.weaknesses.emplace_back("default key in the code");
    result_.trace.push_back({result_.key_at, best->name.empty()
                                                 ? "the key comes from here"
                                                 : "the key comes from " + best->name});
  }

  /// What is handed over as typed may be changed on its way into the column.
  void leave_open(const ModelField& field) {
    for (auto& write : result_.writes) write.transform = Transform::unknown;
    result_.kind = Transform::unknown;
    result_.key_source.clear();
    result_.why = "the field class " + field.type + " comes from a package that is not known here";
    result_.trace.push_back({field.at, "the column is of this class"});
  }

  /// Field classes of libraries take their key from a setting; the writes need nothing more.
  void encrypted_field(const ModelField& field) {
    for (auto& write : result_.writes) write.transform = Transform::sound;
    result_.kind = Transform::sound;
    result_.algorithm = "Fernet";
    result_.at = field.at;
    result_.at.end_line = 0;
    result_.trace = {{result_.at, "the field encrypts by itself"}};
    const SettingsModule* settings = project_.main_settings();
    for (const auto* name : {"FIELD_ENCRYPTION_KEY", "FIELD_ENCRYPTION_KEYS", "FERNET_KEYS",
                             "CRYPTOGRAPHY_KEY", "SALT_KEY", "MIRAGE_SECRET_KEY", "PGCRYPTO_KEY",
                             "DJANGO_ENCRYPTED_FIELD_KEY", "SECRET_KEY"}) {
      const Setting* setting = settings == nullptr ? nullptr : settings->find(name);
      if (setting == nullptr || (std::string_view(name) == "SECRET_KEY" && has_own_key(field)))
        continue;
      result_.key_at = setting->at;
      result_.key_source =
          std::string_view(name) == "SECRET_KEY" ? "secret_key" : word_of(setting->origin);
      if (setting->origin == Origin::environment_with_default) {
        result_.weaknesses.emplace_back("default key in the code");
      }
      result_.trace.push_back({setting->at, std::string("the key comes from ") + name});
      return;
    }
  }

  /// Libraries that do not fall back on SECRET_KEY.
  static bool has_own_key(const ModelField& field) {
    return text::contains_any(
        field.type, {"encrypted_model_fields", "encrypted_fields", "django_crypto_fields", "PGP"});
  }

  static std::string word_of(Origin origin) {
    switch (origin) {
      case Origin::constant:
        return "settings_constant";
      case Origin::environment:
      case Origin::environment_with_default:
        return "env";
      case Origin::generated:
        return "random_per_process";
      case Origin::file:
        return "file_uncommitted";
      case Origin::computed:
        return {};
    }
    return {};
  }

  /// Stored as sent: that is right where the browser encrypts first.
  void look_at_the_browser() {
    const auto cipher = find_client_cipher(project_);
    if (!cipher) return;
    if (cipher->own) {
      result_.kind = Transform::unknown;
      result_.key_source.clear();
      result_.why = "the browser encrypts by code of its own, " + cipher->algorithm +
                    ", and what that is worth needs a person";
      result_.trace = {{cipher->used_at, "the browser changes the secret before it is sent"},
                       {cipher->at, "by this function"}};
      return;
    }
    result_.kind = Transform::client_side;
    result_.algorithm = cipher->algorithm;
    result_.key_source = cipher->key_source;
    result_.trace.insert(result_.trace.begin(),
                         {{cipher->used_at, "the browser encrypts the secret"},
                          {cipher->at, "with " + cipher->algorithm}});
    result_.at = cipher->at;
    for (auto& write : result_.writes) {
      if (write.op != "admin") write.transform = Transform::client_side;
    }
  }

  const Project& project_;
  const flow::Flow& flow_;
  Secrets result_;
};

}  // namespace

std::vector<const SecretWrite*> Secrets::missing() const {
  std::vector<const SecretWrite*> found;
  if (kind == Transform::none || kind == Transform::unknown) return found;
  for (const auto& write : writes) {
    if (write.transform == Transform::none) found.push_back(&write);
  }
  return found;
}

Secrets read_secrets(const Project& project, const flow::Flow& flow) {
  return Reader(project, flow).run();
}

}  // namespace grader::project
