#include "sandbox/probe/prober/http.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace grader::sandbox::prober {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

/// Connects, writes and reads in turn; the stream's clock ends each step.
class Round {
 public:
  Round(unsigned short port, const Wire& wire, const Patience& patience)
      : patience_(patience),
        stream_(context_),
        until_(std::chrono::steady_clock::now() + patience.time) {
    request_.version(11);
    request_.method_string(wire.method);
    request_.target(wire.target);
    for (const auto& [name, value] : wire.headers) request_.insert(name, value);
    request_.set(http::field::connection, "close");
    request_.body() = wire.body;
    if (!wire.body.empty() || wire.method != "GET") request_.content_length(wire.body.size());
    parser_.body_limit(patience.bytes);
    parser_.header_limit(64U << 10U);
    stream_.expires_at(until_);
    stream_.async_connect({asio::ip::address_v4::loopback(), port},
                          [this](error_code error) { connected(error); });
  }

  Answer run() {
    context_.run();
    const auto& message = parser_.get();
    if (parser_.is_header_done()) answer_.status = static_cast<int>(message.result_int());
    for (const auto& field : message)
      answer_.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    answer_.body = message.body().substr(0, patience_.bytes);
    return std::move(answer_);
  }

 private:
  bool failed(error_code error) {
    if (!error) return false;
    answer_.failure = error.message();
    return true;
  }

  void connected(error_code error) {
    if (failed(error)) return;
    stream_.expires_at(until_);
    http::async_write(stream_, request_, [this](error_code wrong, std::size_t) { written(wrong); });
  }

  void written(error_code error) {
    if (failed(error)) return;
    stream_.expires_at(until_);
    http::async_read(stream_, buffer_, parser_,
                     [this](error_code wrong, std::size_t) { failed(wrong); });
  }

  Patience patience_;
  asio::io_context context_;
  beast::tcp_stream stream_;
  std::chrono::steady_clock::time_point until_;
  beast::flat_buffer buffer_{4U << 20U};
  http::request<http::string_body> request_;
  http::response_parser<http::string_body> parser_;
  Answer answer_;
};

bool same_name(std::string_view left, std::string_view right) {
  return beast::iequals(left, right);
}

}  // namespace

std::string Answer::header(std::string_view name) const {
  for (const auto& [one, value] : headers)
    if (same_name(one, name)) return value;
  return {};
}

bool Answer::redirects() const {
  return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         !header("Location").empty();
}

bool Answer::is_html() const {
  const std::string type = header("Content-Type");
  return type.empty() || type.find("html") != std::string::npos;
}

bool Answer::is_json() const { return header("Content-Type").find("json") != std::string::npos; }

Answer exchange(unsigned short port, const Wire& wire, const Patience& patience) {
  try {
    return Round(port, wire, patience).run();
  } catch (const std::exception& error) {
    Answer answer;
    answer.failure = error.what();
    return answer;
  }
}

}  // namespace grader::sandbox::prober
