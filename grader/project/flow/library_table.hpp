#pragma once

#include <string_view>

#include "grader/project/flow/value.hpp"

namespace grader::project::flow {

/// What a function from outside the submission does with the data it is given.
enum class Effect : std::uint8_t {
  text,         ///< gives the argument back, as other text
  encoding,     ///< anybody can undo it
  toy,          ///< a cipher for amusement
  hash,         ///< one-way
  kdf,          ///< a key from a password
  hash_object,  ///< an object whose digest() is the hash
  kdf_object,   ///< an object whose derive() is the key
  encrypt,      ///< encrypts the data under the key, soundly
  encrypt_weak,
  random,
  environment,
  file,
  cipher_object,  ///< an object that encrypts, soundly
  mode,           ///< of a block cipher
  algorithm,      ///< a block or stream cipher, to be used in a mode
  new_cipher,     ///< Crypto.Cipher.X.new(key, mode, …)
  harmless,       ///< gives nothing of its arguments
};

struct LibraryCall {
  std::string_view name;  ///< qualified; one that ends with '*' stands for all that begin so
  Effect effect;
  std::string_view algorithm;
  int data = 0;  ///< position of the data, -1 where there is none
  int key = -1;  ///< position of the key
};

/// What is known of this function, or null. "Cryptodome" is looked up as "Crypto".
const LibraryCall* find_library_call(std::string_view name);

}  // namespace grader::project::flow
