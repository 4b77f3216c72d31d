#include "grader/project/key_origin.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/project.hpp"

namespace grader::project {
namespace {

using flow::Op;
using flow::Ref;
using flow::Source;
using flow::Value;
using python::Kind;

/// Easiest to get first.
constexpr std::array order{
    std::string_view("hardcoded"),
    std::string_view("settings_constant"),
    std::string_view("secret_key"),
    std::string_view("file_committed"),
    std::string_view("db_beside_ciphertext"),
    std::string_view("random_per_process"),
    std::string_view("file_uncommitted"),
    std::string_view("env"),
    std::string_view("user_password_raw"),
    std::string_view("user_password_kdf"),
};

int rank(const KeyOrigin& origin) {
  const auto found = std::ranges::find(order, origin.source);
  return found == order.end() ? -1 : static_cast<int>(found - order.begin());
}

/// Columns that identify a row and hide nothing.
bool identifies(std::string_view column) {
  const auto dot = column.rfind('.');
  const std::string last = text::lower(dot == column.npos ? column : column.substr(dot + 1));
  return last == "id" || last == "pk" || last == "user" ||
         text::contains_any(last, {"email", "username", "name", "date", "created", "joined", "salt",
                                   "login", "iv", "nonce", "param"});
}

class Tracer {
 public:
  Tracer(const flow::Write& write, const flow::Flow& flow, const Project& project)
      : write_(write), flow_(flow), project_(project) {}

  KeyOrigin run(const Ref& value, bool derived) {
    if (!value || !seen_.insert({value.get(), derived}).second) return {};
    switch (value->kind) {
      case Value::Kind::constant:
        if (value->literal.text.empty()) return {};
        return found("hardcoded", *value);
      case Value::Kind::input:
        return input(value, derived);
      case Value::Kind::made:
        // What decrypted the key is the key.
        if (value->op == Op::decipher) return run(value->key, derived);
        return best_of(value->parts, derived || value->op == Op::kdf);
      case Value::Kind::choice:
        return one_of(value->parts, derived);
      default:
        return {};
    }
  }

 private:
  static KeyOrigin found(std::string source, const Value& value, std::string name = {}) {
    KeyOrigin origin;
    origin.source = std::move(source);
    if (value.node) origin.at = value.node.location();
    origin.name = std::move(name);
    return origin;
  }

  KeyOrigin best_of(const std::vector<Ref>& parts, bool derived) {
    KeyOrigin best;
    for (const auto& part : parts) {
      KeyOrigin one = run(part, derived);
      if (rank(one) > rank(best)) best = std::move(one);
    }
    return best;
  }

  /// os.environ.get("KEY") or "literal"
  KeyOrigin one_of(const std::vector<Ref>& parts, bool derived) {
    KeyOrigin best = best_of(parts, derived);
    const bool literal = std::ranges::any_of(parts, [](const Ref& part) {
      return part && part->is(Value::Kind::constant) && !part->literal.text.empty();
    });
    best.usable_default = best.usable_default || (literal && best.source == "env");
    return best;
  }

  KeyOrigin input(const Ref& value, bool derived) {
    switch (value->source) {
      case Source::environment: {
        KeyOrigin origin = found("env", *value, value->name);
        origin.usable_default = !value->parts.empty() &&
                                value->parts.front()->is(Value::Kind::constant) &&
                                !value->parts.front()->literal.text.empty();
        return origin;
      }
      case Source::setting:
        return setting(*value, derived);
      case Source::typed:
        return found(derived ? "user_password_kdf" : "user_password_raw", *value, value->name);
      case Source::session: {
        const auto kept = flow_.session.find(value->name);
        return kept == flow_.session.end() ? KeyOrigin() : run(kept->second, derived);
      }
      case Source::row:
        return identifies(value->name) ? KeyOrigin()
                                       : found("db_beside_ciphertext", *value, value->name);
      case Source::random:
        return random(value, derived);
      case Source::file:
        return found(is_committed(value->name) ? "file_committed" : "file_uncommitted", *value,
                     value->name);
      default:
        return {};
    }
  }

  KeyOrigin setting(const Value& value, bool derived) {
    KeyOrigin origin = one_of(value.parts, derived);
    if (value.name == "SECRET_KEY") {
      origin.source = "secret_key";
      if (origin.at.path.empty() && value.node) origin.at = value.node.location();
    }
    if (origin.source == "hardcoded") origin.source = "settings_constant";
    origin.name = value.name;
    return origin;
  }

  KeyOrigin random(const Ref& value, bool derived) {
    if (write_.wrapping) return run(write_.wrapping, derived);
    return found(write_.key_beside ? "db_beside_ciphertext" : "random_per_process", *value,
                 value->name);
  }

  bool is_committed(std::string_view path) const {
    while (path.starts_with("./")) path.remove_prefix(2);
    return !path.empty() && std::ranges::any_of(project_.files.entries, [&](const auto& entry) {
      return entry.path == path ||
             (entry.path.ends_with(path) && entry.path[entry.path.size() - path.size() - 1] == '/');
    });
  }

  const flow::Write& write_;
  const flow::Flow& flow_;
  const Project& project_;
  std::set<std::pair<const Value*, bool>> seen_;
};

}  // namespace

KeyOrigin key_origin(const Ref& key, const flow::Write& write, const flow::Flow& flow,
                     const Project& project) {
  return Tracer(write, flow, project).run(key, false);
}

}  // namespace grader::project
