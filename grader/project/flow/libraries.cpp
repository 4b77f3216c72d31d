#include <algorithm>
#include <initializer_list>

#include "grader/base/text.hpp"
#include "grader/project/flow/data.hpp"
#include "grader/project/flow/library_table.hpp"
#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

using python::Node;

namespace {

constexpr std::string_view cipher_type = "a cipher";
constexpr std::string_view mode_type = "a mode";
constexpr std::string_view algorithm_type = "an algorithm";
constexpr std::string_view kdf_type = "a key derivation";
constexpr std::string_view hash_type = "a hash";
constexpr std::string_view decryptor_type = "a decryptor";

std::string last_part(std::string_view name) {
  const auto dot = name.rfind('.');
  return std::string(dot == std::string_view::npos ? name : name.substr(dot + 1));
}

/// The part before the last: "AES" of Crypto.Cipher.AES.new.
std::string part_before(std::string_view name) {
  return last_part(name.substr(0, name.rfind('.')));
}

Ref or_nothing(const Ref& value, Node node) { return value ? value : unknown("no argument", node); }

/// A nonce or IV that is the same each time.
bool is_static(const Ref& nonce) {
  if (!nonce) return false;
  return !nonce->has(Trait::varies);
}

std::vector<std::string> flaws_of_mode(std::string_view mode) {
  if (mode.empty() || text::contains_any(mode, {"ECB"})) return {"ECB"};
  if (text::contains_any(mode, {"GCM", "CCM", "EAX", "OCB", "SIV", "POLY1305"})) return {};
  return {"no authentication"};
}

std::vector<std::string> flaws_of_algorithm(std::string_view name) {
  if (name == "AES" || name == "AES128" || name == "AES256" || name == "Camellia" ||
      name == "SM4" || name.starts_with("ChaCha20")) {
    return {};
  }
  if (name.find("RSA") != std::string_view::npos || name.starts_with("PKCS1")) {
    return {"RSA with PKCS #1 v1.5 padding"};
  }
  return {"outdated algorithm " + std::string(name)};
}

class Library {
 public:
  Library(Machine& machine, const LibraryCall& call, const std::string& name,
          const Arguments& given, Node node, State& state)
      : machine_(machine), call_(call), name_(name), given_(given), node_(node), state_(state) {}

  Ref run() {
    switch (call_.effect) {
      case Effect::text:
        return data_or_object();
      case Effect::encoding:
        return encoding();
      case Effect::toy:
        return made(Op::toy, algorithm(), {data()}, node_);
      case Effect::hash:
        return made(Op::hash, algorithm(), {data()}, node_);
      case Effect::kdf:
        return made(Op::kdf, algorithm(), {data()}, node_);
      case Effect::hash_object:
      case Effect::kdf_object:
        return object(call_.effect == Effect::kdf_object ? kdf_type : hash_type,
                      {{"name", constant_text(algorithm())},
                       {"data", call_.effect == Effect::kdf_object ? constant_text("") : data()}});
      case Effect::encrypt:
      case Effect::encrypt_weak: {
        std::vector<std::string> flaws;
        if (call_.effect == Effect::encrypt_weak) flaws.emplace_back(call_.algorithm);
        return ciphered(Op::cipher, algorithm(), data(), key(), std::move(flaws), node_);
      }
      case Effect::random:
        return input(Source::random, std::string(call_.algorithm), node_);
      case Effect::environment:
        return environment();
      case Effect::file:
        return input(Source::file, path_text(data()), node_);
      case Effect::cipher_object:
        return object(cipher_type, {{"name", constant_text(algorithm())}, {"key", key()}});
      case Effect::mode:
        return object(mode_type, {{"name", constant_text(last_part(name_))}, {"nonce", key()}});
      case Effect::algorithm:
        return object(algorithm_type, {{"name", constant_text(last_part(name_))}, {"key", key()}});
      case Effect::new_cipher:
        return new_cipher();
      case Effect::harmless:
        return input(Source::other, name_ + "()", node_);
    }
    return unknown(name_, node_);
  }

 private:
  std::string algorithm() const {
    return call_.algorithm.empty() ? last_part(name_) : std::string(call_.algorithm);
  }

  Ref argument(int position) const {
    if (position < 0) return nullptr;
    const auto index = static_cast<std::size_t>(position);
    if (Ref value = given_.at(index)) return value;
    const auto left = index - given_.positional.size();
    return left < given_.named.size() ? given_.named[left].second : nullptr;
  }

  Ref data() const {
    const Ref value = argument(call_.data);
    return value ? machine_.flat(value, state_) : constant_text("", node_);
  }

  Ref key() const {
    Ref value = given_.named_as("key");
    if (!value) value = argument(call_.key);
    return machine_.flat(or_nothing(value, node_), state_);
  }

  /// json.loads(json.dumps(x)) keeps an object an object.
  Ref data_or_object() const {
    const Ref value = argument(call_.data);
    if (!value) return constant_text("", node_);
    if (call_.algorithm == "copy") return value;
    if (call_.algorithm == "path") {
      std::vector<Ref> parts;
      for (const auto& part : given_.positional) parts.push_back(machine_.flat(part, state_));
      return made(Op::text, "path", std::move(parts), node_);
    }
    if (value->is_input(Source::typed) && value->name.empty()) return value;
    return made(Op::text, algorithm(), {machine_.flat(value, state_)}, node_);
  }

  Ref encoding() const {
    if (call_.algorithm == "codec") {
      const Ref codec = given_.get("encoding", 1);
      const std::string name = codec ? codec->literal.text : std::string();
      const bool rot = text::lower(name).starts_with("rot");
      return made(rot ? Op::toy : Op::encoding, name, {data()}, node_);
    }
    return made(Op::encoding, algorithm(), {data()}, node_);
  }

  Ref environment() const {
    const Ref name = argument(call_.data);
    if (!name || !name->is(Value::Kind::constant)) {
      return input(Source::environment, name ? "?" : "", node_);
    }
    Ref fallback = given_.named_as("default");
    if (!fallback && given_.positional.size() > 1) fallback = given_.at(1);
    std::vector<Ref> parts;
    if (fallback) parts.push_back(machine_.flat(fallback, state_));
    return input(Source::environment, name->literal.text, node_, std::move(parts));
  }

  Ref object(std::string_view type, Names attributes) const {
    const Ref result = machine_.make_object(std::string(type), {}, node_, state_);
    machine_.writable(result, state_)->attributes = std::move(attributes);
    return result;
  }

  /// AES.new(key, AES.MODE_CBC, iv): without a mode it is ECB in PyCrypto.
  Ref new_cipher() const {
    const std::string name = part_before(name_);
    const Ref mode_value = given_.get("mode", 1);
    std::string mode;
    if (mode_value && mode_value->is(Value::Kind::external)) mode = last_part(mode_value->name);
    if (mode_value && mode_value->is(Value::Kind::constant)) mode = number_mode(mode_value);
    const bool stream = name.starts_with("ChaCha20") || name == "Salsa20" || name == "ARC4" ||
                        name.starts_with("PKCS1") || name.starts_with("XChaCha20");
    std::vector<std::string> flaws = flaws_of_algorithm(name);
    if (name == "ChaCha20" || name == "Salsa20") {
      flaws = {"no authentication"};
    } else if (!stream) {
      const auto more = mode_value && mode.empty()
                            ? std::vector<std::string>{}
                            : flaws_of_mode(text::replace_all(mode, "MODE_", ""));
      flaws.insert(flaws.end(), more.begin(), more.end());
    }
    Ref nonce = given_.named_as("nonce");
    if (!nonce) nonce = given_.get("iv", 2);
    if (nonce && is_static(machine_.flat(nonce, state_))) flaws.emplace_back("static nonce");
    const std::string label =
        stream ? name : name + "-" + (mode.empty() ? "ECB" : text::replace_all(mode, "MODE_", ""));
    return object(cipher_type, {{"name", constant_text(label)},
                                {"key", key()},
                                {"flaws", constant_text(text::join(flaws, "\n"))}});
  }

  static std::string number_mode(const Ref& value) {
    // Crypto.Cipher.AES: MODE_ECB = 1, CBC 2, CFB 3, OFB 5, CTR 6, CCM 8, EAX 9, GCM 11.
    switch (value->literal.number) {
      case 1:
        return "ECB";
      case 8:
      case 9:
      case 10:
      case 11:
        return "GCM";
      default:
        return "CBC";
    }
  }

  Machine& machine_;
  const LibraryCall& call_;
  const std::string& name_;
  const Arguments& given_;
  Node node_;
  State& state_;
};

std::vector<std::string> stored_flaws(const Object& object) {
  const Ref flaws = object.get("flaws");
  std::vector<std::string> result;
  if (!flaws || flaws->literal.text.empty()) return result;
  for (const auto line : text::split(flaws->literal.text, '\n')) result.emplace_back(line);
  return result;
}

std::string stored_name(const Object& object) {
  const Ref name = object.get("name");
  return name ? name->literal.text : std::string();
}

/// Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor(): the object that update() is called on.
Ref hazmat_cipher(Machine& machine, const Arguments& given, Node node, State& state) {
  const Object* algorithm = machine.object(or_nothing(given.get("algorithm", 0), node), state);
  const Object* mode = machine.object(or_nothing(given.get("mode", 1), node), state);
  if (algorithm == nullptr) return unknown("a cipher whose algorithm is not known", node);
  const std::string name = stored_name(*algorithm);
  const std::string mode_name = mode == nullptr ? std::string() : stored_name(*mode);
  std::vector<std::string> flaws = flaws_of_algorithm(name);
  const auto more =
      name == "ChaCha20" ? std::vector<std::string>{"no authentication"} : flaws_of_mode(mode_name);
  flaws.insert(flaws.end(), more.begin(), more.end());
  if (mode != nullptr && mode_name != "ECB" && is_static(mode->get("nonce"))) {
    flaws.emplace_back("static nonce");
  }
  Names attributes{{"name", constant_text(mode_name.empty() ? name : name + "-" + mode_name)},
                   {"key", or_nothing(algorithm->get("key"), node)},
                   {"flaws", constant_text(text::join(flaws, "\n"))}};
  const Ref result = machine.make_object(std::string(cipher_type), {}, node, state);
  machine.writable(result, state)->attributes = std::move(attributes);
  return result;
}

/// encrypt(), decrypt() and their like of a cipher object.
Ref cipher_method(Machine& machine, const Object& cipher, std::string_view name,
                  const Arguments& given, Node node, State& state) {
  const std::string algorithm = stored_name(cipher);
  const Ref key = or_nothing(cipher.get("key"), node);
  std::vector<std::string> flaws = stored_flaws(cipher);
  // AESGCM.encrypt(nonce, data, aad) has its data second.
  const bool nonce_first = algorithm.starts_with("AES-") || algorithm.starts_with("ChaCha20-");
  const bool aead = nonce_first && algorithm != "AES-SIV" && given.positional.size() >= 2 &&
                    cipher.get("flaws") == nullptr;
  Ref data = given.named_as("data");
  if (!data) data = given.at(aead ? 1 : 0);
  data = machine.flat(or_nothing(data, node), state);
  if (aead) {
    const Ref nonce = given.get("nonce", 0);
    if (nonce && is_static(machine.flat(nonce, state))) flaws.emplace_back("static nonce");
  }
  if (name.starts_with("encrypt") || name == "update") {
    const Ref result = ciphered(Op::cipher, algorithm, data, key, std::move(flaws), node);
    if (name != "encrypt_and_digest") return result;
    const Ref pair = machine.make_object("tuple", {}, node, state);
    machine.writable(pair, state)->attributes = {{"[0]", result},
                                                 {"[1]", input(Source::other, "a tag", node)}};
    return pair;
  }
  if (name.starts_with("decrypt")) {
    return ciphered(Op::decipher, algorithm, data, key, std::move(flaws), node);
  }
  return input(Source::other, std::string(name), node);
}

Ref library_method(Machine& machine, const Ref& of, const Object& object, std::string_view name,
                   const Arguments& given, Node node, State& state) {
  if (object.type == cipher_type) {
    if (name == "encryptor") return of;
    if (name == "decryptor") {
      const Ref result = machine.make_object(std::string(decryptor_type), {}, node, state);
      machine.writable(result, state)->attributes = object.attributes;
      return result;
    }
    if (name == "finalize") return constant_text("", node);
    return cipher_method(machine, object, name, given, node, state);
  }
  if (object.type == decryptor_type) {
    if (name == "finalize") return constant_text("", node);
    return cipher_method(machine, object, "decrypt", given, node, state);
  }
  const Ref first = given.at(0) ? machine.flat(given.at(0), state) : constant_text("", node);
  if (object.type == kdf_type && name == "derive") {
    return made(Op::kdf, stored_name(object), {first}, node);
  }
  if (object.type == hash_type) {
    if (name == "update") {
      const Ref old = object.get("data");
      machine.writable(of, state)->attributes["data"] = made(Op::text, "+", {old, first}, node);
      return of;
    }
    if (name == "copy") return of;
    return made(Op::hash, stored_name(object), {or_nothing(object.get("data"), node)}, node);
  }
  return nullptr;
}

bool is_library_object(const Object& object) {
  return object.type == cipher_type || object.type == decryptor_type || object.type == kdf_type ||
         object.type == hash_type || object.type == mode_type || object.type == algorithm_type;
}

/// Functions of Django that give objects, not data; null for any other.
Ref framework_call(Machine& machine, const std::string& name, const Arguments& given, Node node,
                   State& state) {
  const Ref first = given.at(0);
  const std::string last = last_part(name);
  if ((last == "get_object_or_404" || last == "aget_object_or_404" || last == "get_list_or_404") &&
      first) {
    const Ref rows =
        first->is(Value::Kind::type) ? machine.attribute(first, "objects", node, state) : first;
    if (last == "get_list_or_404") return rows;
    return rows->is(Value::Kind::rows) ? machine.rows_method(rows, "get", given, node, state)
                                       : unknown("a row of something unknown", node);
  }
  // Pages of rows are rows.
  if (last == "Paginator" && first) return first;
  if (last == "get_user_model") return external("django.contrib.auth.get_user_model()", node);
  if (name.starts_with("cryptography.") && last == "Cipher") {
    return hazmat_cipher(machine, given, node, state);
  }
  if (name.starts_with("cryptography.") && (last == "padder" || last == "unpadder")) {
    return external("a padder", node);
  }
  if (name == "a padder.update" && first) return machine.flat(first, state);
  if (name == "a padder.finalize") return constant_text("", node);
  return nullptr;
}

}  // namespace

Ref Machine::call_external(const std::string& name, const Arguments& given, Node node,
                           State& state) {
  if (name.starts_with("builtins.") && name.find('.', 9) == std::string::npos) {
    return builtin(std::string_view(name).substr(9), given, node, state);
  }
  record_rendering(name, given, node, state);
  if (Ref result = framework_call(*this, name, given, node, state)) return result;
  const std::string known_name = text::replace_all(name, "Cryptodome.", "Crypto.");
  if (const LibraryCall* known = find_library_call(known_name)) {
    return Library(*this, *known, known_name, given, node, state).run();
  }
  std::vector<Ref> parts;
  for (const auto& value : given.positional) parts.push_back(flat(value, state));
  for (const auto& [key, value] : given.named) parts.push_back(flat(value, state));
  const bool data = std::ranges::any_of(parts, [](const Ref& part) {
    return part->has(Trait::made | Trait::foreign | Trait::random);
  });
  if (data) return made(Op::unknown, name, std::move(parts), node);
  return external(name + "()", node);
}

Ref Machine::native_method(const Ref& of, const Object& object, std::string_view name,
                           const Arguments& given, Node node, State& state) {
  if (is_library_object(object)) {
    return library_method(*this, of, object, name, given, node, state);
  }
  if (object.type == "a model form") return form_method(of, name, given, node, state);
  if (!object.definition) return container_method(of, object, name, given, node, state);
  if (name == "__init__") {
    if (role(object.definition) == ClassRole::form) prepare_form(of, given, state);
    if (role(object.definition) == ClassRole::serializer) prepare_serializer(of, given, state);
    return none_value(node);
  }
  switch (role(object.definition)) {
    case ClassRole::model:
      return row_method(of, name, given, node, state);
    case ClassRole::form:
      return form_method(of, name, given, node, state);
    case ClassRole::serializer:
      return serializer_method(of, name, given, node, state);
    case ClassRole::view:
    case ClassRole::admin:
      return view_method(of, name, given, node, state);
    case ClassRole::plain:
      break;
  }
  std::vector<Ref> parts;
  for (const auto& value : given.positional) parts.push_back(flat(value, state));
  return made(Op::unknown, object.type + "." + std::string(name), std::move(parts), node);
}

}  // namespace grader::project::flow
