#include "grader/submission/fetch_wire.hpp"

#include <charconv>
#include <type_traits>

#include "grader/base/text.hpp"

namespace grader::submission {
namespace {

/// Fields end in NUL; none of them can hold one.
class Encoder {
 public:
  void field(const std::string& text) { bytes_ += text + '\0'; }
  void field(const Credential& credential) {
    field(credential.user);
    field(credential.secret);
  }
  void field(const std::vector<std::string>& list) {
    field(list.size());
    for (const auto& item : list) field(item);
  }
  template <typename Number>
    requires std::is_integral_v<Number>
  void field(Number number) {
    field(std::to_string(number));
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : fields_(text::split(bytes, '\0')) {}

  void field(std::string& text) { text = next(); }
  void field(Credential& credential) {
    field(credential.user);
    field(credential.secret);
  }
  void field(std::vector<std::string>& list) {
    std::size_t size = 0;
    field(size);
    for (; size > 0 && good_; --size) field(list.emplace_back());
  }
  void field(bool& flag) { flag = next() == "1"; }
  template <typename Number>
    requires std::is_integral_v<Number>
  void field(Number& number) {
    const auto digits = next();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) good_ = false;
  }
  /// True where every field was there and nothing is left but the empty end.
  bool complete() const { return good_ && at_ + 1 == fields_.size() && fields_.back().empty(); }

 private:
  std::string_view next() {
    if (at_ + 1 >= fields_.size()) {
      good_ = false;
      return {};
    }
    return fields_[at_++];
  }

  std::vector<std::string_view> fields_;
  std::size_t at_ = 0;
  bool good_ = true;
};

template <typename Coder, typename Request>
void each_field(Coder& coder, Request& request) {
  coder.field(request.ssh);
  coder.field(request.url);
  coder.field(request.host);
  coder.field(request.port);
  coder.field(request.path);
  coder.field(request.user);
  coder.field(request.directory);
  coder.field(request.ref);
  coder.field(request.credential);
  coder.field(request.ssh_key);
  coder.field(request.known_hosts);
  coder.field(request.proxy_host);
  coder.field(request.proxy_port);
  coder.field(request.proxy_credential);
  coder.field(request.public_only);
  coder.field(request.objects);
  coder.field(request.received_bytes);
  coder.field(request.seconds);
}

}  // namespace

std::string encode(const FetchRequest& request) {
  Encoder encoder;
  each_field(encoder, request);
  return encoder.take();
}

std::optional<FetchRequest> decode_request(std::string_view bytes) {
  FetchRequest request;
  Decoder decoder(bytes);
  each_field(decoder, request);
  if (!decoder.complete()) return std::nullopt;
  return request;
}

std::string encode(const FetchReply& reply) {
  Encoder encoder;
  encoder.field(reply.error.has_value());
  const Error error = reply.error.value_or(Error{});
  encoder.field(static_cast<int>(error.kind));
  encoder.field(error.what);
  encoder.field(error.hint);
  return encoder.take();
}

std::optional<FetchReply> decode_reply(std::string_view bytes) {
  Decoder decoder(bytes);
  bool failed = false;
  int kind = 0;
  Error error;
  decoder.field(failed);
  decoder.field(kind);
  decoder.field(error.what);
  decoder.field(error.hint);
  if (!decoder.complete()) return std::nullopt;
  // The child has read what strangers sent: it chooses among the kinds a fetch may end with.
  error.kind = kind == static_cast<int>(ErrorKind::usage)      ? ErrorKind::usage
               : kind == static_cast<int>(ErrorKind::internal) ? ErrorKind::internal
                                                               : ErrorKind::submission;
  FetchReply reply;
  if (failed) reply.error = std::move(error);
  return reply;
}

}  // namespace grader::submission
