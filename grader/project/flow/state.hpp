#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "grader/project/flow/value.hpp"

namespace grader::project::flow {

/// An object with attributes that change. Items of dicts and lists are attributes too: "[key]",
/// and "[]" for any other item.
struct Object {
  std::string type;         ///< qualified class: "dict", "vault.models.Entry", "…fernet.Fernet"
  python::Node definition;  ///< of a class of the submission
  Names attributes;
  bool stored = false;    ///< a row that the database has
  python::Node assigned;  ///< where the secret was last given a value
  Ref looped;             ///< the rows over which a loop runs, where this is one of them
  python::Node made_at;

  Ref get(std::string_view name) const {
    const auto found = attributes.find(name);
    return found == attributes.end() ? nullptr : found->second;
  }
};

using Heap = std::map<int, std::shared_ptr<const Object>>;

/// One save of the secret of an entry.
struct Write {
  Ref value;                ///< without objects: constants, inputs and what is made of them
  python::Node saved;       ///< the call that saves
  python::Node assigned;    ///< where the field was given its value; may be absent
  bool stored = false;      ///< the row was there before: an update
  bool key_beside = false;  ///< a row of the database is given the key as well
  Ref wrapping;             ///< a row is given the key encrypted under this other key
  std::string by;           ///< what saves in place of a call: "admin", "form", "serializer"
};

/// What holds at one point of a function.
struct State {
  Names names;
  Heap heap;
  std::map<int, std::vector<Write>> writes;  ///< by object: the saves that count so far
  std::set<python::Node> superseded;         ///< saves after which the same row was saved encrypted
  bool alive = true;                         ///< false after return, raise, break
};

/// What holds where two ways meet.
State join(State a, State b);

}  // namespace grader::project::flow
