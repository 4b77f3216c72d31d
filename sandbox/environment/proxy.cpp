#include "sandbox/environment/proxy.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

#include "grader/base/text.hpp"

namespace grader::sandbox {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Unix = asio::local::stream_protocol;
using Tcp = asio::ip::tcp;

namespace {

constexpr std::size_t head_cap = 8'192;
constexpr std::size_t refused_cap = 100;
constexpr std::string_view head_end = "\r\n\r\n";

struct Place {
  std::string host;
  std::string port;
};

/// "host:port" in two; an IPv6 address loses its brackets.
Place place_of(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  std::string host(text.substr(0, colon));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, std::string(text.substr(colon + 1))};
}

/// The target of "CONNECT host:port HTTP/1.1" in lower case; empty for any other request.
std::string target_of(std::string_view head) {
  const std::vector<std::string_view> words = text::split(head.substr(0, head.find("\r\n")), ' ');
  if (words.size() != 3 || words[0] != "CONNECT" || !words[2].starts_with("HTTP/1.")) return {};
  return text::lower(words[1]);
}

/// host:port of "http://host:port/"; empty where it is no such URL or holds credentials.
std::string upstream_place(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return {};
  url.remove_prefix(scheme.size());
  url = url.substr(0, url.find('/'));
  const Place place = place_of(url);
  const bool usable =
      !place.host.empty() && !place.port.empty() && url.find('@') == std::string_view::npos;
  return usable ? std::string(url) : std::string();
}

/// One connection of the box; closed as a whole when its deadline passes.
struct Session {
  Session(Unix::socket&& socket, asio::io_context& context)
      : box(std::move(socket)), host(context), timer(context) {}

  void close() {
    error_code ignored;
    box.close(ignored);
    host.close(ignored);
    timer.cancel();
  }

  void allow(std::chrono::milliseconds time) {
    const Clock::time_point before = deadline;
    deadline = Clock::now() + time;
    // The watch sleeps until the old deadline: an earlier one has to wake it.
    if (deadline < before) timer.cancel();
  }

  Unix::socket box;
  Tcp::socket host;
  asio::steady_timer timer;
  Clock::time_point deadline;
};

using Shared = std::shared_ptr<Session>;

/// Reads up to the empty line after a request's or an answer's head; what came behind it goes to
/// `rest`.
template <typename Socket>
awaitable<std::string> read_head(Socket& socket, std::string& rest) {
  std::string buffer;
  const std::size_t size = co_await asio::async_read_until(
      socket, asio::dynamic_buffer(buffer, head_cap), head_end, use_awaitable);
  rest = buffer.substr(size);
  buffer.resize(size);
  co_return buffer;
}

}  // namespace

/// All but refused() and transferred() happens in `thread`.
struct IndexProxy::Impl {
  Impl(const std::vector<std::string>& allowed, std::string path, std::string via,
       const ProxyLimits& with)
      : hosts(allowed.begin(), allowed.end()),
        socket(std::move(path)),
        upstream(std::move(via)),
        limits(with) {}

  void listen();
  void stop();
  awaitable<void> accept();
  awaitable<void> watch(Shared session);
  awaitable<void> serve(Shared session);
  awaitable<void> open(Session& session, const std::string& target);
  template <typename From, typename To>
  awaitable<void> copy(Session& session, From& from, To& to);
  void refuse(const std::string& target);

  const std::set<std::string, std::less<>> hosts;
  const std::string socket;
  const std::string upstream;
  const ProxyLimits limits;
  asio::io_context context{1};
  Unix::acceptor acceptor{context};
  std::set<Shared> sessions;
  std::atomic<std::uint64_t> bytes{0};
  mutable std::mutex guard;
  std::set<std::string> refusals;
  std::thread thread;
};

void IndexProxy::Impl::listen() {
  acceptor.open();
  acceptor.bind(Unix::endpoint(socket));
  // Another user's process in the box connects; the directory keeps everybody else out.
  ::chmod(socket.c_str(), 0666);
  acceptor.listen();
  asio::co_spawn(context, accept(), asio::detached);
  thread = std::thread([this] {
    // Signals belong to the main thread.
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    context.run();
  });
}

/// Closes everything and lets the coroutines run to their ends.
void IndexProxy::Impl::stop() {
  asio::post(context, [this] {
    error_code ignored;
    acceptor.close(ignored);
    for (const Shared& session : sessions) session->close();
  });
  if (thread.joinable()) thread.join();
  ::unlink(socket.c_str());
}

awaitable<void> IndexProxy::Impl::accept() {
  while (acceptor.is_open()) {
    error_code failed;
    Unix::socket box = co_await acceptor.async_accept(asio::redirect_error(use_awaitable, failed));
    if (failed || sessions.size() >= limits.connections) continue;
    const Shared session = std::make_shared<Session>(std::move(box), context);
    session->allow(limits.head);
    sessions.insert(session);
    asio::co_spawn(context, watch(session), asio::detached);
    asio::co_spawn(context, serve(session), [this, session](const std::exception_ptr&) {
      session->close();
      sessions.erase(session);
    });
  }
}

awaitable<void> IndexProxy::Impl::watch(Shared session) {
  while (session->box.is_open()) {
    session->timer.expires_at(session->deadline);
    error_code ignored;
    co_await session->timer.async_wait(asio::redirect_error(use_awaitable, ignored));
    if (Clock::now() >= session->deadline) session->close();
  }
}

awaitable<void> IndexProxy::Impl::serve(Shared session) {
  using namespace asio::experimental::awaitable_operators;
  std::string early;
  const std::string target = target_of(co_await read_head(session->box, early));
  if (!hosts.contains(target)) {
    refuse(target);
    constexpr std::string_view answer =
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    co_await asio::async_write(session->box, asio::buffer(answer), use_awaitable);
    co_return;
  }
  session->allow(limits.open);
  co_await open(*session, target);
  constexpr std::string_view answer = "HTTP/1.1 200 Connection established\r\n\r\n";
  co_await asio::async_write(session->box, asio::buffer(answer), use_awaitable);
  co_await asio::async_write(session->host, asio::buffer(early), use_awaitable);
  session->allow(limits.idle);
  co_await (copy(*session, session->box, session->host) &&
            copy(*session, session->host, session->box));
}

/// Connects `session.host` to the target, through the network's own proxy where there is one.
awaitable<void> IndexProxy::Impl::open(Session& session, const std::string& target) {
  const Place place = place_of(upstream.empty() ? target : upstream);
  Tcp::resolver resolver(context);
  const auto addresses = co_await resolver.async_resolve(place.host, place.port, use_awaitable);
  co_await asio::async_connect(session.host, addresses, use_awaitable);
  if (upstream.empty()) co_return;
  const std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n";
  co_await asio::async_write(session.host, asio::buffer(request), use_awaitable);
  std::string rest;
  const std::string answer = co_await read_head(session.host, rest);
  if (!answer.starts_with("HTTP/1.") || answer.find(" 200") != 8) {
    throw boost::system::system_error(asio::error::connection_refused);
  }
}

/// Copies until `from` ends, then ends `to`'s sending side.
template <typename From, typename To>
awaitable<void> IndexProxy::Impl::copy(Session& session, From& from, To& to) {
  std::array<char, 65'536> buffer;
  while (true) {
    error_code ended;
    const std::size_t size = co_await from.async_read_some(
        asio::buffer(buffer), asio::redirect_error(use_awaitable, ended));
    if (ended) break;
    bytes += size;
    if (bytes > limits.bytes) {
      session.close();
      co_return;
    }
    session.allow(limits.idle);
    co_await asio::async_write(to, asio::buffer(buffer.data(), size), use_awaitable);
  }
  error_code ignored;
  to.shutdown(To::shutdown_send, ignored);
}

void IndexProxy::Impl::refuse(const std::string& target) {
  const std::lock_guard<std::mutex> lock(guard);
  if (refusals.size() < refused_cap) {
    refusals.insert(target.empty() ? "a request that is no CONNECT"
                                   : text::shorten(text::to_utf8(target), 200));
  }
}

Result<IndexProxy> IndexProxy::start(const std::vector<std::string>& hosts,
                                     const std::string& socket, const std::string& upstream,
                                     const ProxyLimits& limits) {
  const std::string via = upstream_place(upstream);
  if (via.empty() && !upstream.empty()) {
    return fail(ErrorKind::sandbox, "the proxy of this network cannot be used", "",
                "name it as http://host:port, without user name and password");
  }
  auto impl = std::make_unique<Impl>(hosts, socket, via, limits);
  try {
    impl->listen();
  } catch (const std::exception& failed) {
    return fail(ErrorKind::sandbox, std::string("no way to the package index: ") + failed.what(),
                socket);
  }
  return IndexProxy(std::move(impl));
}

IndexProxy::IndexProxy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
IndexProxy::IndexProxy(IndexProxy&&) noexcept = default;

IndexProxy::~IndexProxy() {
  if (impl_) impl_->stop();
}

std::vector<std::string> IndexProxy::refused() const {
  const std::lock_guard<std::mutex> lock(impl_->guard);
  return {impl_->refusals.begin(), impl_->refusals.end()};
}

std::uint64_t IndexProxy::transferred() const { return impl_->bytes; }

}  // namespace grader::sandbox
