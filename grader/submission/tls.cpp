#include "grader/submission/tls.hpp"

#include <fmt/format.h>
#include <git2/sys/stream.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "grader/base/text.hpp"
#include "grader/submission/git.hpp"

namespace grader::submission {
namespace {

// libgit2 hands no context to a stream's constructor; a fetch child makes one fetch.
TlsPolicy policy;              // NOLINT(cert-err58-cpp)
std::optional<Error> failure;  // NOLINT(cert-err58-cpp)
std::uint64_t received_bytes = 0;

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};

struct Stream {
  git_stream base{};  // first: libgit2 sees only this
  std::string host;
  std::string port;
  Descriptor fd;
  std::unique_ptr<SSL_CTX, FreeContext> context;
  std::unique_ptr<SSL, FreeSession> session;
};

Stream& of(git_stream* base) { return *reinterpret_cast<Stream*>(base); }

int give_up(Error error) {
  git_error_set_str(GIT_ERROR_NET, error.what.c_str());
  // The first failure is the cause; what follows is its consequence.
  if (!failure) failure = std::move(error);
  return -1;
}

int give_up(std::string what, std::string hint) {
  return give_up(Error{ErrorKind::submission, std::move(what), "", std::move(hint)});
}

std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  return reason != nullptr ? reason : "the connection was closed";
}

bool is_address(const std::string& host) {
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str());
  ASN1_OCTET_STRING_free(address);
  return address != nullptr;
}

bool prepare(Stream& stream) {
  stream.context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = stream.context.get();
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_default_verify_paths(context) != 1) {
    return false;
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_AUTO_RETRY);
  stream.session.reset(SSL_new(context));
  SSL* session = stream.session.get();
  if (session == nullptr || SSL_set_fd(session, stream.fd.get()) != 1) return false;
  if (is_address(stream.host)) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), stream.host.c_str()) == 1;
  }
  SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(session, stream.host.c_str()) == 1 &&
         SSL_set_tlsext_host_name(session, stream.host.c_str()) == 1;
}

int on_connect(git_stream* base) {
  Stream& stream = of(base);
  auto fd = connect_to(stream.host, stream.port, policy.connect);
  if (!fd) return give_up(fd.error());
  stream.fd = std::move(*fd);
  if (!prepare(stream)) return give_up("TLS cannot be set up: " + openssl_reason(), "");
  ERR_clear_error();
  if (SSL_connect(stream.session.get()) == 1) return 0;
  const long verdict = SSL_get_verify_result(stream.session.get());
  if (verdict != X509_V_OK) {
    return give_up(fmt::format("the certificate of {} is not valid: {}", stream.host,
                               X509_verify_cert_error_string(verdict)),
                   "check the address; the authority of an own server can be named by "
                   "SSL_CERT_FILE");
  }
  return give_up(fmt::format("no TLS with {}: {}", stream.host, openssl_reason()),
                 "check that this host serves https");
}

ssize_t on_read(git_stream* base, void* buffer, size_t size) {
  const Stream& stream = of(base);
  errno = 0;
  const int count =
      SSL_read(stream.session.get(), buffer, static_cast<int>(std::min<size_t>(size, 1U << 30U)));
  if (count > 0) {
    received_bytes += static_cast<std::uint64_t>(count);
    if (received_bytes <= policy.received_bytes) return count;
    return give_up(fmt::format("this repository is over a limit: more than {} MiB are sent",
                               policy.received_bytes >> 20U),
                   "ask the candidate for a repository that holds only the assignment");
  }
  const bool late = errno == EAGAIN || errno == EWOULDBLOCK;
  if (SSL_get_error(stream.session.get(), count) == SSL_ERROR_ZERO_RETURN) return 0;
  if (late) {
    return give_up(
        fmt::format("{} sent nothing for {} seconds", stream.host, policy.connect.seconds),
        "try again later");
  }
  return give_up("the connection to " + stream.host + " was cut: " + openssl_reason(), "try again");
}

/// What a request with a credential asks for ("/ada/app.git/info/refs?…"); nothing for one without.
/// libgit2 writes each request's header in one piece.
std::optional<std::string_view> target_of_secret(std::string_view bytes) {
  const auto header = text::lower(bytes.substr(0, bytes.find("\r\n\r\n")));
  if (header.find("authorization:") == std::string::npos) return std::nullopt;
  const auto words = text::split(bytes.substr(0, bytes.find("\r\n")), ' ');
  return words.size() == 3 ? words[1] : std::string_view();
}

/// The last guard of a credential.
bool may_leave(const Stream& stream, std::string_view target) {
  if (stream.host != policy.host || stream.port != policy.port) return false;
  if (!target.starts_with(policy.path)) return false;
  return policy.path.ends_with('/') || target.substr(policy.path.size()).starts_with('/');
}

ssize_t on_write(git_stream* base, const char* bytes, size_t size, int /*flags*/) {
  const Stream& stream = of(base);
  const auto target = target_of_secret({bytes, size});
  if (target && !may_leave(stream, *target)) {
    const auto path = target->substr(0, target->find("/info/refs"));
    return give_up(
        "the server redirects and then asks for a password: credentials never follow a "
        "redirect",
        fmt::format("if you trust it, give the address that it redirects to: "
                    "https://{}:{}{}",
                    stream.host, stream.port, path));
  }
  const int count =
      SSL_write(stream.session.get(), bytes, static_cast<int>(std::min<size_t>(size, 1U << 30U)));
  if (count > 0) return count;
  return give_up("the connection to " + stream.host + " was cut: " + openssl_reason(), "try again");
}

int on_close(git_stream* base) {
  Stream& stream = of(base);
  if (stream.session) SSL_shutdown(stream.session.get());
  stream.fd.reset();
  return 0;
}

void on_free(git_stream* base) { delete &of(base); }

/// OpenSSL has verified the certificate before this could be asked.
int on_certificate(git_cert** out, git_stream* /*base*/) {
  static git_cert verified{GIT_CERT_NONE};
  *out = &verified;
  return 0;
}

int make(git_stream** out, const char* host, const char* port) {
  auto stream = std::make_unique<Stream>();
  stream->host = text::lower(host);
  stream->port = port;
  stream->base.version = GIT_STREAM_VERSION;
  stream->base.encrypted = 1;
  stream->base.connect = on_connect;
  stream->base.certificate = on_certificate;
  stream->base.read = on_read;
  stream->base.write = on_write;
  stream->base.close = on_close;
  stream->base.free = on_free;
  *out = &stream.release()->base;
  return 0;
}

int refuse_plain(git_stream** /*out*/, const char* host, const char* /*port*/) {
  return give_up(std::string("the server redirects to http at ") + host,
                 "give an address that stays on https");
}

}  // namespace

void use_tls(const TlsPolicy& chosen) {
  policy = chosen;
  git_stream_registration registration{};
  registration.version = GIT_STREAM_VERSION;
  registration.init = make;
  git_stream_register(GIT_STREAM_TLS, &registration);
  registration.init = refuse_plain;
  git_stream_register(GIT_STREAM_STANDARD, &registration);
}

const std::optional<Error>& tls_failure() { return failure; }

}  // namespace grader::submission
