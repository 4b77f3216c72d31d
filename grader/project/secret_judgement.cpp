#include "grader/project/secret_judgement.hpp"

#include <algorithm>
#include <map>

namespace grader::project {
namespace {

using flow::Op;
using flow::Ref;
using flow::Source;
using flow::Value;

Judgement nothing() {
  Judgement result;
  result.nothing = true;
  return result;
}

Judgement plain(const Ref& data) {
  Judgement result;
  result.transform = Transform::none;
  result.secret = data;
  result.at = data->node;
  return result;
}

Judgement unclear(const Value& value) {
  Judgement result;
  result.transform = Transform::unknown;
  result.at = value.node;
  result.why = value.name.empty() ? "the value cannot be followed" : value.name;
  return result;
}

int rank(const Judgement& judgement) {
  return judgement.nothing ? 0 : strength(judgement.transform);
}

Judgement judge_input(const Ref& value) {
  switch (value->source) {
    case Source::typed:
    case Source::parameter:
    case Source::random:
    case Source::session:
      return plain(value);
    default:
      return nothing();
  }
}

/// A ciphertext that carries a keyed digest of itself is authenticated.
void count_digest(Judgement& best, const std::vector<Ref>& parts) {
  if (best.transform != Transform::weak_crypto) return;
  const bool digest = std::ranges::any_of(parts, [](const Ref& part) {
    return flow::any_part(part, [](const Value& inner) {
      return inner.made_by(Op::hash) && !inner.parts.empty() &&
             flow::any_part(inner.parts.front(),
                            [](const Value& core) { return core.made_by(Op::cipher); });
    });
  });
  if (!digest) return;
  std::erase(best.flaws, "no authentication");
  if (best.flaws.empty()) best.transform = Transform::sound;
}

Judgement layer(Judgement inner, Transform transform, const Value& value) {
  if (inner.nothing) return inner;
  if (strength(inner.transform) >= strength(transform)) return inner;
  inner.transform = transform;
  inner.algorithm = value.name;
  inner.at = value.node;
  return inner;
}

/// A key that is a few letters of the code can be guessed.
bool is_short_constant(const Ref& key) {
  std::size_t length = 0;
  const bool more = flow::any_part(key, [&](const Value& part) {
    if (part.is(Value::Kind::constant)) length += part.literal.text.size();
    return part.is(Value::Kind::input) || part.is(Value::Kind::unknown) || part.made_by(Op::kdf);
  });
  return !more && length > 0 && length < 16;
}

class Judge {
 public:
  Judgement run(const Ref& value) {
    const auto known = known_.find(value.get());
    if (known != known_.end()) return known->second;
    Judgement result = fresh(value);
    known_.emplace(value.get(), result);
    return result;
  }

 private:
  Judgement fresh(const Ref& value) {
    switch (value->kind) {
      case Value::Kind::constant:
        return nothing();
      case Value::Kind::input:
        return judge_input(value);
      case Value::Kind::made:
        return judge_made(*value);
      case Value::Kind::choice:
        return judge_choice(value->parts);
      default:
        return unclear(*value);
    }
  }

  /// Things joined into one text: the strongest counts, unless the same secret stands beside it.
  Judgement judge_parts(const std::vector<Ref>& parts) {
    Judgement best = nothing();
    std::vector<Judgement> all;
    for (const auto& part : parts) {
      all.push_back(run(part));
      if (rank(all.back()) > rank(best)) best = all.back();
    }
    if (strength(best.transform) > strength(Transform::unknown) && best.secret) {
      for (const auto& other : all) {
        const bool beside = other.transform == Transform::none && !other.nothing && other.secret &&
                            !other.secret->is_input(Source::random) &&
                            flow::same(other.secret, best.secret);
        if (beside) return other;
      }
    }
    // A random IV is no secret beside a ciphertext, but a generated password alone is.
    count_digest(best, parts);
    return best;
  }

  Judgement judge_cipher(const Value& value) {
    Judgement inner = judge_parts(value.parts);
    if (inner.transform == Transform::hash && !inner.nothing) return inner;
    Judgement result;
    result.flaws = value.flaws;
    if (is_short_constant(value.key)) result.flaws.emplace_back("the key is a short constant");
    result.transform = result.flaws.empty() ? Transform::sound : Transform::weak_crypto;
    result.algorithm = value.name;
    result.at = value.node;
    result.key = value.key;
    result.secret = inner.secret;
    return rank(inner) > rank(result) ? inner : result;
  }

  Judgement judge_hash(const Value& value) {
    const Judgement inner = judge_parts(value.parts);
    // A digest of a ciphertext or of a constant holds nothing of its own.
    if (inner.nothing || inner.transform == Transform::sound ||
        inner.transform == Transform::weak_crypto) {
      return nothing();
    }
    Judgement result;
    result.transform = Transform::hash;
    result.algorithm = value.name;
    result.at = value.node;
    result.secret = inner.secret;
    return result;
  }

  Judgement judge_made(const Value& value) {
    switch (value.op) {
      case Op::text:
        return judge_parts(value.parts);
      case Op::encoding:
        return layer(judge_parts(value.parts), Transform::encoding, value);
      case Op::toy:
      case Op::ordinal:
        return layer(judge_parts(value.parts), Transform::toy_cipher, value);
      case Op::hash:
      case Op::kdf:
        return judge_hash(value);
      case Op::cipher:
        return judge_cipher(value);
      case Op::decipher: {
        Judgement result;
        result.transform = Transform::none;
        result.at = value.node;
        result.secret = value.parts.empty() ? nullptr : value.parts.front();
        return result;
      }
      case Op::unknown: {
        const Judgement inner = judge_parts(value.parts);
        return inner.nothing ? inner : unclear(value);
      }
    }
    return unclear(value);
  }

  Judgement judge_choice(const std::vector<Ref>& parts) {
    Judgement best = nothing();
    bool plain_too = false;
    for (const auto& part : parts) {
      Judgement one = run(part);
      plain_too = plain_too || (!one.nothing && one.transform == Transform::none);
      if (rank(one) > rank(best)) best = std::move(one);
    }
    best.partly = best.partly || (plain_too && best.transform != Transform::none);
    return best;
  }

  std::map<const Value*, Judgement> known_;  ///< parts are shared
};

}  // namespace

int strength(Transform transform) {
  switch (transform) {
    case Transform::none:
      return 1;
    case Transform::unknown:
      return 2;
    case Transform::encoding:
      return 3;
    case Transform::toy_cipher:
      return 4;
    case Transform::client_side:
      return 5;
    case Transform::hash:
      return 6;
    case Transform::weak_crypto:
      return 7;
    case Transform::sound:
      return 8;
  }
  return 0;
}

Judgement judge(const Ref& value) { return Judge().run(value); }

}  // namespace grader::project
