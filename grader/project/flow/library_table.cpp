#include "grader/project/flow/library_table.hpp"

#include <algorithm>
#include <array>

namespace grader::project::flow {
namespace {

/// Read from the documentation of the libraries: docs.python.org, cryptography.io,
/// pycryptodome.readthedocs.io, docs.djangoproject.com. The first that fits counts.
constexpr LibraryCall table[] = {
    // standard library: text
    {"json.*", Effect::text, "json"},
    {"csv.*", Effect::text, "csv"},
    {"io.*", Effect::text, "io"},
    {"copy.*", Effect::text, "copy"},
    {"html.escape", Effect::text, escaped},
    {"html.*", Effect::text, "html"},
    {"ast.literal_eval", Effect::text, "literal"},
    {"re.sub", Effect::text, "re.sub", 2},
    {"re.*", Effect::harmless, ""},
    {"os.path.exists", Effect::harmless, ""},
    {"os.path.isfile", Effect::harmless, ""},
    {"os.path.*", Effect::text, "path"},
    {"pathlib.*", Effect::text, "path"},
    {"typing.cast", Effect::text, "cast", 1},
    {"urllib.parse.unquote*", Effect::text, "unquote"},
    {"urllib.parse.quote*", Effect::text, "quote"},
    {"django.urls.reverse*", Effect::harmless, ""},
    {"django.core.urlresolvers.reverse*", Effect::harmless, ""},
    {"rest_framework.reverse.reverse", Effect::harmless, ""},
    {"base64.b64decode", Effect::text, "base64 decoding"},
    {"base64.urlsafe_b64decode", Effect::text, "base64 decoding"},
    {"base64.standard_b64decode", Effect::text, "base64 decoding"},
    {"base64.decode*", Effect::text, "base64 decoding"},
    {"base64.b32decode", Effect::text, "base32 decoding"},
    {"base64.b16decode", Effect::text, "hex decoding"},
    {"base64.b85decode", Effect::text, "base85 decoding"},
    {"base64.a85decode", Effect::text, "base85 decoding"},
    {"binascii.unhexlify", Effect::text, "hex decoding"},
    {"binascii.a2b*", Effect::text, "decoding"},
    {"zlib.decompress", Effect::text, "decompression"},
    {"codecs.decode", Effect::text, "decoding"},
    {"builtins.str.*", Effect::text, "text"},
    {"builtins.bytes.*", Effect::text, "text"},
    {"builtins.bytearray.*", Effect::text, "text"},
    {"builtins.dict.*", Effect::text, "text"},
    {"builtins.int.from_bytes", Effect::encoding, "number"},
    // Django and Django REST framework: text
    {"django.utils.encoding.*", Effect::text, "text"},
    {"django.utils.html.escape*", Effect::text, escaped},
    {"django.utils.html.conditional_escape", Effect::text, escaped},
    {"django.utils.html.format_html*", Effect::text, escaped},
    {"django.utils.html.*", Effect::text, "html"},
    {"django.utils.safestring.*", Effect::text, "html"},
    {"django.utils.text.*", Effect::text, "text"},
    {"django.utils.http.urlsafe_base64_decode", Effect::text, "base64 decoding"},
    {"bleach.clean", Effect::text, escaped},
    {"bleach.*", Effect::text, "html"},
    {"markupsafe.escape", Effect::text, escaped},
    {"markupsafe.*", Effect::text, "html"},
    {"nh3.clean*", Effect::text, escaped},
    {"nh3.*", Effect::text, "html"},
    {"rest_framework.parsers.*", Effect::text, "parser"},
    {"openpyxl.*", Effect::text, "sheet"},
    {"pandas.*", Effect::text, "table"},
    {"tablib.*", Effect::text, "table"},
    {"yaml.*", Effect::text, "yaml"},
    {"django.core.files.*", Effect::text, "file"},
    // encodings
    {"base64.b64encode", Effect::encoding, "base64"},
    {"base64.urlsafe_b64encode", Effect::encoding, "base64"},
    {"base64.standard_b64encode", Effect::encoding, "base64"},
    {"base64.encode*", Effect::encoding, "base64"},
    {"base64.b32encode", Effect::encoding, "base32"},
    {"base64.b16encode", Effect::encoding, "hex"},
    {"base64.b85encode", Effect::encoding, "base85"},
    {"base64.a85encode", Effect::encoding, "base85"},
    {"binascii.*", Effect::encoding, "hex"},
    {"zlib.compress", Effect::encoding, "zlib"},
    {"gzip.compress", Effect::encoding, "gzip"},
    {"bz2.compress", Effect::encoding, "bz2"},
    {"codecs.encode", Effect::encoding, "codec"},
    {"pickle.dumps", Effect::encoding, "pickle"},
    {"django.utils.http.urlsafe_base64_encode", Effect::encoding, "base64"},
    {"django.core.signing.dumps", Effect::encoding, "signature"},
    {"django.core.signing.*().sign*", Effect::encoding, "signature"},
    {"django.core.signing.loads", Effect::text, "signature"},
    {"itsdangerous.*().dumps*", Effect::encoding, "signature"},
    {"itsdangerous.*().sign*", Effect::encoding, "signature"},
    {"jwt.encode", Effect::encoding, "signature"},
    // toys
    {"onetimepad.encrypt", Effect::toy, "one-time pad with a reused key", 0, 1},
    {"pycipher.*", Effect::toy, "classical cipher"},
    {"caesarcipher.*", Effect::toy, "Caesar"},
    // hashes
    {"django.contrib.auth.hashers.make_password", Effect::hash, "make_password"},
    {"django.contrib.auth.hashers.*", Effect::harmless, ""},
    {"bcrypt.hashpw", Effect::hash, "bcrypt"},
    {"bcrypt.kdf", Effect::kdf, "bcrypt"},
    {"bcrypt.*", Effect::harmless, ""},
    {"argon2.low_level.*", Effect::kdf, "Argon2"},
    {"argon2.PasswordHasher().hash", Effect::hash, "Argon2"},
    {"passlib.*", Effect::hash, "passlib"},
    {"werkzeug.security.generate_password_hash", Effect::hash, "generate_password_hash"},
    {"crypt.crypt", Effect::hash, "crypt"},
    {"hashlib.pbkdf2_hmac", Effect::kdf, "PBKDF2", 1},
    {"hashlib.scrypt", Effect::kdf, "scrypt"},
    {"hashlib.new", Effect::hash_object, "", 1},
    {"hashlib.*", Effect::hash_object, ""},
    {"hmac.new", Effect::hash_object, "HMAC", 1},
    {"hmac.digest", Effect::hash, "HMAC", 1},
    {"Crypto.Hash.*", Effect::hash_object, ""},
    {"django.utils.crypto.salted_hmac", Effect::hash_object, "HMAC", 1},
    {"django.utils.crypto.pbkdf2", Effect::kdf, "PBKDF2"},
    // keys from passwords
    {"cryptography.hazmat.primitives.kdf.*", Effect::kdf_object, ""},
    {"Crypto.Protocol.KDF.*", Effect::kdf, "PBKDF2"},
    // randomness
    {"os.urandom", Effect::random, "os.urandom"},
    {"secrets.*", Effect::random, "secrets"},
    {"Crypto.Random.*", Effect::random, "Crypto.Random"},
    {"nacl.utils.random", Effect::random, "nacl"},
    {"cryptography.fernet.Fernet.generate_key", Effect::random, "Fernet.generate_key"},
    {"cryptography.hazmat.primitives.ciphers.aead.AESGCM.generate_key", Effect::random,
     "AESGCM.generate_key"},
    {"cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305.generate_key", Effect::random,
     "ChaCha20Poly1305.generate_key"},
    {"uuid.*", Effect::random, "uuid"},
    {"django.utils.crypto.get_random_string", Effect::random, "get_random_string"},
    {"django.core.management.utils.get_random_secret_key", Effect::random, "get_random_secret_key"},
    {"random.*", Effect::random, "random"},
    {"numpy.random.*", Effect::random, "random"},
    // environment and files
    {"os.getenv", Effect::environment, ""},
    {"os.environ.*", Effect::environment, ""},
    {"decouple.config", Effect::environment, ""},
    {"decouple.*().*", Effect::environment, ""},
    {"environ.Env().read_env", Effect::harmless, ""},
    {"environ.Env.read_env", Effect::harmless, ""},
    {"environ.Env()*", Effect::environment, ""},
    {"environ.FileAwareEnv()*", Effect::environment, ""},
    {"environs.Env().read_env", Effect::harmless, ""},
    {"environs.Env()*", Effect::environment, ""},
    {"dotenv.get_key", Effect::environment, "", 1},
    {"codecs.open", Effect::file, ""},
    {"io.open", Effect::file, ""},
    // ciphers
    {"cryptography.fernet.Fernet", Effect::cipher_object, "Fernet", -1, 0},
    {"cryptography.fernet.MultiFernet", Effect::cipher_object, "Fernet", -1, 0},
    {"cryptography.hazmat.primitives.ciphers.aead.AESGCM", Effect::cipher_object, "AES-GCM", -1, 0},
    {"cryptography.hazmat.primitives.ciphers.aead.AESCCM", Effect::cipher_object, "AES-CCM", -1, 0},
    {"cryptography.hazmat.primitives.ciphers.aead.AESSIV", Effect::cipher_object, "AES-SIV", -1, 0},
    {"cryptography.hazmat.primitives.ciphers.aead.AESGCMSIV", Effect::cipher_object, "AES-GCM-SIV",
     -1, 0},
    {"cryptography.hazmat.primitives.ciphers.aead.AESOCB3", Effect::cipher_object, "AES-OCB", -1,
     0},
    {"cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305", Effect::cipher_object,
     "ChaCha20-Poly1305", -1, 0},
    {"nacl.secret.SecretBox", Effect::cipher_object, "NaCl SecretBox", -1, 0},
    {"nacl.secret.Aead", Effect::cipher_object, "NaCl AEAD", -1, 0},
    {"nacl.public.SealedBox", Effect::cipher_object, "NaCl SealedBox", -1, 0},
    {"nacl.public.Box", Effect::cipher_object, "NaCl Box", -1, 0},
    {"Crypto.Cipher.PKCS1_OAEP.new", Effect::cipher_object, "RSA-OAEP", -1, 0},
    {"django_cryptography.utils.crypto.Fernet*", Effect::cipher_object, "Fernet", -1, 0},
    {"simplecrypt.encrypt", Effect::encrypt, "simple-crypt (AES-CTR with HMAC)", 1, 0},
    {"cryptocode.encrypt", Effect::encrypt, "cryptocode (AES-GCM)", 0, 1},
    {"rsa.encrypt", Effect::encrypt_weak, "RSA with PKCS #1 v1.5 padding", 0, 1},
    {"Crypto.Cipher.*.new", Effect::new_cipher, "", -1, 0},
    {"cryptography.hazmat.primitives.ciphers.algorithms.*", Effect::algorithm, "", -1, 0},
    {"cryptography.hazmat.decrepit.ciphers.algorithms.*", Effect::algorithm, "", -1, 0},
    {"cryptography.hazmat.primitives.ciphers.modes.*", Effect::mode, "", -1, 0},
    {"Crypto.Util.Padding.*", Effect::text, "padding"},
};

/// '*' stands for any text, at the end or once inside.
bool fits(std::string_view pattern, std::string_view name) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  const auto head = pattern.substr(0, star);
  const auto tail = pattern.substr(star + 1);
  const auto end = tail.ends_with('*') ? tail.substr(0, tail.size() - 1) : tail;
  return name.size() >= head.size() + end.size() && name.starts_with(head) &&
         (tail.ends_with('*') ? name.find(end, head.size()) != std::string_view::npos
                              : name.ends_with(end));
}

}  // namespace

const LibraryCall* find_library_call(std::string_view name) {
  const auto found =
      std::ranges::find_if(table, [&](const LibraryCall& call) { return fits(call.name, name); });
  return found == std::end(table) ? nullptr : &*found;
}

}  // namespace grader::project::flow
