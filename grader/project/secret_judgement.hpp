#pragma once

#include <string>
#include <vector>

#include "grader/project/flow/value.hpp"
#include "grader/project/secrets.hpp"

namespace grader::project {

/// What one stored value says of the secret in it.
struct Judgement {
  Transform transform = Transform::unknown;
  bool nothing = false;  ///< no secret of a person is in it: constants, what was stored before
  std::string algorithm;
  python::Node at;   ///< what decides: the call that encrypts, encodes, hashes
  flow::Ref key;     ///< of a cipher
  flow::Ref secret;  ///< the data that a person sent, where it is found
  std::vector<std::string> flaws;
  std::string why;      ///< of unknown
  bool partly = false;  ///< on one of the ways the value is stored as it came
};

/// Follows the secret through what a stored value is made of. Of several layers the strongest
/// counts, of several alternatives the strongest too, with `partly` where another is plain.
Judgement judge(const flow::Ref& value);

/// How strong a transformation is, for comparison: none, unknown, encoding, toy, hash, weak, sound.
int strength(Transform transform);

}  // namespace grader::project
