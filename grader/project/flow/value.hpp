#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "grader/python/literals.hpp"
#include "grader/python/syntax.hpp"

/// Following values through the submission's Python without running it: an abstract interpreter
/// that knows what values are made of, not what they are.
namespace grader::project::flow {

struct Value;
/// Values are shared and never change.
using Ref = std::shared_ptr<const Value>;
using Names = std::map<std::string, Ref, std::less<>>;

/// Where a piece of data comes from.
enum class Source : std::uint8_t {
  typed,        ///< what a person sends: form, query string, body, file
  parameter,    ///< argument of a function of which no call is followed
  row,          ///< column of a stored row: "vault.models.Entry.password"
  session,      ///< the session, by key
  environment,  ///< an environment variable; `parts` holds its default
  setting,      ///< a Django setting; `parts` holds its value
  random,       ///< made by a generator of randomness
  file,         ///< content of a file, by path
  other,        ///< the request's headers, the clock, a URL… : never a secret
};

/// How a value was made from others.
enum class Op : std::uint8_t {
  text,      ///< joined, formatted, encoded as text, cut: the parts can be read in it
  encoding,  ///< base64, hex, zlib, a signature: anybody can undo it
  toy,       ///< arithmetic on characters, substitution, XOR
  ordinal,   ///< numbers of characters, on the way to a toy cipher
  hash,      ///< one-way
  kdf,       ///< a key derived slowly from a password
  cipher,    ///< encrypted under `key`
  decipher,  ///< decrypted under `key`
  unknown,   ///< by code that is not followed: `name` says which
};

/// Name of the Op::text that leaves no markup in what it is given: html.escape() and its like.
inline constexpr std::string_view escaped = "escaped";

/// Among the flaws of rows: values() without names, each row a dict of all its columns.
inline constexpr std::string_view every_column = "**";

/// What may stand anywhere among the parts of a value, as bits of Value::holds.
struct Trait {
  static constexpr std::uint16_t foreign = 1;  ///< typed, or a parameter
  static constexpr std::uint16_t varies = 2;   ///< any input, or unknown
  static constexpr std::uint16_t ordinal = 4;  ///< numbers of characters
  static constexpr std::uint16_t random = 8;
  static constexpr std::uint16_t changed = 16;  ///< encrypted or hashed
  static constexpr std::uint16_t object = 32;   ///< something of the heap
  static constexpr std::uint16_t made = 64;
  static constexpr std::uint16_t stored = 128;  ///< a column of a row
  static constexpr std::uint16_t typed = 256;
};

/// What an expression may be.
struct Value {
  enum class Kind : std::uint8_t {
    unknown,   ///< `name` says why
    constant,  ///< written in the code
    input,     ///< data from a Source
    made,      ///< from other data by an Op
    object,    ///< of a class, in the heap under `id`
    callable,  ///< a function of the submission, bound to parts[0] where there is one
    type,      ///< a class of the submission
    external,  ///< something outside the submission, by qualified name; or one of its modules
    rows,      ///< a manager or queryset of a model; `names` are its joined relations
    parent,    ///< super() of the object parts[0], after the class `definition`
    choice,    ///< one of `parts`
  };
  Kind kind = Kind::unknown;
  Source source = Source::other;
  Op op = Op::text;
  std::string name;  ///< of an input, algorithm of what is made, qualified name of a type or model
  std::vector<Ref> parts;
  Ref key;  ///< of cipher and decipher
  /// Of a cipher: "ECB", "static nonce"…; of rows: joined relations; of typed data: "checked" by a
  /// form.
  std::vector<std::string> flaws;
  python::Value literal;                 ///< of constant
  python::Node node;                     ///< the expression that gives it
  python::Node definition;               ///< of callable, type, parent; the manager's class of rows
  std::shared_ptr<const Names> closure;  ///< of a nested function
  int id = -1;                           ///< of object
  int depth = 0;                         ///< of the parts below
  std::uint16_t holds = 0;               ///< Trait bits of it and of all its parts, not of keys

  bool is(Kind which) const { return kind == which; }
  bool has(std::uint16_t traits) const { return (holds & traits) != 0; }
  bool is_input(Source which) const { return kind == Kind::input && source == which; }
  bool made_by(Op which) const { return kind == Kind::made && op == which; }
  /// Text that is handed about: neither object nor code.
  bool is_data() const {
    return kind == Kind::constant || kind == Kind::input || kind == Kind::made ||
           kind == Kind::unknown;
  }
};

Ref unknown(std::string why, python::Node node = {});
Ref constant(python::Value literal, python::Node node = {});
Ref constant_text(std::string text, python::Node node = {});
Ref none_value(python::Node node = {});
Ref boolean(bool value, python::Node node = {});
Ref input(Source source, std::string name, python::Node node = {}, std::vector<Ref> parts = {});
Ref external(std::string qualified_name, python::Node node = {});
Ref type_of(std::string qualified_name, python::Node definition);

/// What a form has checked; without a name all of it.
Ref checked_input(std::string name, python::Node node = {});

/// Data made from parts. Values nested deeper than 150 become unknown, so that nothing that walks
/// them needs a limit of its own.
Ref made(Op op, std::string algorithm, std::vector<Ref> parts, python::Node node);
/// Data encrypted or decrypted under a key.
Ref ciphered(Op op, std::string algorithm, Ref data, Ref key, std::vector<std::string> flaws,
             python::Node node);

/// One of these; equal ones once, at most 8.
Ref choice_of(const std::vector<Ref>& values);

/// The alternatives of a choice, or the value itself.
std::vector<Ref> alternatives(const Ref& value);

/// True if both say the same: the same value, equal constants, the same input.
bool same(const Ref& a, const Ref& b);

/// True if `visit` is true of the value or of any that it is made of (choices, parts, not keys).
bool any_part(const Ref& value, const std::function<bool(const Value&)>& visit);

/// A value that somebody put together by hand, with its depth and traits worked out.
Ref finished(Value value);

}  // namespace grader::project::flow
