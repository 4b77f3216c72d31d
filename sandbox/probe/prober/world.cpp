#include "sandbox/probe/prober/world.hpp"

#include <algorithm>
#include <thread>

#include "sandbox/probe/prober/words.hpp"
#include "sandbox/probe/reader/hiding.hpp"

namespace grader::sandbox::prober {

namespace {

constexpr int requests_cap = 3'000;
constexpr int slow_cap = 4;

const std::string boundary = "----formboundary7Qx2";

std::string form_encoded(const Pairs& fields) {
  std::string text;
  for (const auto& [name, value] : fields)
    text += (text.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
  return text;
}

/// A PNG of one point, for fields that want a file.
std::string tiny_picture() {
  return reader::from_hex(
      "89504e470d0a1a0a0000000d4948445200000001000000"
      "010802000000907753de0000000c49444154789c63f8cf"
      "c0000003010100c9fe92ef0000000049454e44ae426082");
}

std::string multipart(const Pairs& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"";
    if (value ==
        "\x01"
        "file")
      text += "; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n" + tiny_picture() + "\r\n";
    else
      text += "\r\n\r\n" + value + "\r\n";
  }
  return text + "--" + boundary + "--\r\n";
}

std::string json_text(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\')
      (out += '\\') += letter;
    else if (code < 32)
      ((out += "\\u00") += digits[code >> 4U]) += digits[code & 15U];
    else
      out += letter;
  }
  return out + "\"";
}

std::string json_object(const Pairs& fields) {
  std::string text;
  for (const auto& [name, value] : fields)
    text += (text.empty() ? "{" : ",") + json_text(name) + ":" + json_text(value);
  return text.empty() ? "{}" : text + "}";
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "-._~";
  std::string out;
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    const bool safe = (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
                      (code >= 'a' && code <= 'z') || plain.find(letter) != std::string::npos;
    if (safe)
      out += letter;
    else
      ((out += '%') += digits[code >> 4U]) += digits[code & 15U];
  }
  return out;
}

std::string resolved(std::string_view base, std::string_view target) {
  target = target.substr(0, target.find('#'));
  for (const std::string_view own :
       {"http://localhost:8000", "http://127.0.0.1:8000", "http://localhost", "http://127.0.0.1"}) {
    if (!target.starts_with(own)) continue;
    const std::string_view rest = target.substr(own.size());
    if (rest.empty() || rest.front() == '/' || rest.front() == '?') {
      target = rest.empty() ? "/" : rest;
      break;
    }
  }
  const std::size_t colon = target.find(':');
  if (target.starts_with("//") || (colon != std::string_view::npos && colon < target.find('/')))
    return {};
  const std::string_view path = base.substr(0, base.find('?'));
  if (target.empty()) return std::string(base);
  if (target.front() == '?') return std::string(path) + std::string(target);
  if (target.front() == '/') return std::string(target);
  std::string joined(path.substr(0, path.rfind('/') + 1));
  while (target.starts_with("../") || target.starts_with("./")) {
    if (target.starts_with("../") && joined.size() > 1)
      joined.resize(joined.rfind('/', joined.size() - 2) + 1);
    target.remove_prefix(target.starts_with("../") ? 3 : 2);
  }
  return joined + std::string(target);
}

std::string unescaped(std::string_view text) {
  static const std::pair<std::string_view, std::string_view> names[] = {
      {"&amp;", "&"},   {"&lt;", "<"},    {"&gt;", ">"},    {"&quot;", "\""}, {"&#x27;", "'"},
      {"&#39;", "'"},   {"\\u0026", "&"}, {"\\u003C", "<"}, {"\\u003E", ">"}, {"\\u003c", "<"},
      {"\\u003e", ">"}, {"\\/", "/"},     {"\\\"", "\""},   {"\\u0027", "'"}, {"\\u002D", "-"},
      {"&#x21;", "!"},  {"\\u0021", "!"}, {"&#33;", "!"}};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto* found = std::ranges::find_if(
        names, [&](const auto& pair) { return text.substr(at).starts_with(pair.first); });
    if (found != std::end(names)) {
      out += found->second;
      at += found->first.size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

const ColumnHint* ModelHint::key() const {
  const auto found = std::ranges::find(columns, true, &ColumnHint::key);
  return found == columns.end() ? nullptr : &*found;
}

std::string RouteHint::pattern() const {
  std::string text;
  for (const Token& token : tokens)
    text += token.converter.empty() ? token.text : "<" + token.text + ">";
  return text;
}

std::vector<Token> RouteHint::parameters() const {
  std::vector<Token> found;
  std::ranges::copy_if(tokens, std::back_inserter(found),
                       [](const Token& token) { return !token.converter.empty(); });
  return found;
}

std::string RouteHint::with(const std::vector<std::string>& values) const {
  std::string text = "/";
  std::size_t next = 0;
  for (const Token& token : tokens) {
    if (token.converter.empty())
      text += token.text;
    else
      text += next < values.size() ? percent_encoded(values[next++]) : "";
  }
  return text.starts_with("//") ? text.substr(1) : text;
}

const ModelHint* Hints::model(std::string_view table) const {
  const auto found = std::ranges::find(models, table, &ModelHint::table);
  return found == models.end() ? nullptr : &*found;
}

World::World(const Places& places, std::uint64_t seed) : places_(places), random_(seed) {
  static constexpr std::string_view agents[] = {
      "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/126.0.0.0 Safari/537.36",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) "
      "Version/17.5 Safari/605.1.15"};
  agent_ = agents[static_cast<std::size_t>(number(3))];
  csrf_ = letters(32);
}

bool World::arrive() {
  while (std::chrono::steady_clock::now() < places_.until) {
    const Answer answer =
        exchange(places_.control, {"GET", "/mail", {{"Host", "control"}}, {}}, {});
    if (answer.status == 200) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  Actor nobody;
  for (const char* host : {"localhost", "127.0.0.1"}) {
    host_ = host;
    const Reply reply = ask(nobody, {.path = "/"});
    if (reply.answer.status != 400 && reply.answer.status != 0) return true;
  }
  host_ = "localhost";
  return time_left();
}

bool World::time_left() const {
  return std::chrono::steady_clock::now() < places_.until && requests_ < requests_cap &&
         slow_ < slow_cap && !reader_failed_;
}

Wire World::wire(const Actor& actor, const Request& request) {
  Wire wire{request.method, request.path, {}, {}};
  if (wire.target.empty() || wire.target.front() != '/') wire.target.insert(0, "/");
  std::ranges::replace_if(
      wire.target, [](unsigned char letter) { return letter <= ' ' || letter == 127; }, '+');
  wire.headers = {{"Host", host_},
                  {"User-Agent", agent_},
                  {"Accept", request.body == Request::Body::json
                                 ? "application/json"
                                 : "text/html,application/json;q=0.9,*/*;q=0.8"},
                  {"Accept-Language", "en"}};
  std::string cookies;
  for (const auto& [name, value] : actor.cookies) {
    if (name == csrf_cookie_) continue;
    cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
  }
  const bool unsafe = request.method != "GET";
  if (unsafe && request.token) {
    // Any value of the right form that cookie and header share: what a page of theirs would give.
    cookies += (cookies.empty() ? "" : "; ") + csrf_cookie_ + "=" + csrf_;
    wire.headers.emplace_back("X-CSRFToken", csrf_);
  }
  if (!cookies.empty()) wire.headers.emplace_back("Cookie", cookies);
  if (!actor.authorization.empty()) wire.headers.emplace_back("Authorization", actor.authorization);
  if (unsafe) wire.headers.emplace_back("Referer", "http://" + host_ + "/");
  switch (request.body) {
    case Request::Body::none:
      break;
    case Request::Body::form:
      wire.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
      wire.body = form_encoded(request.fields);
      break;
    case Request::Body::parts:
      wire.headers.emplace_back("Content-Type", "multipart/form-data; boundary=" + boundary);
      wire.body = multipart(request.fields);
      break;
    case Request::Body::json:
      wire.headers.emplace_back("Content-Type", "application/json");
      wire.body = json_object(request.fields);
      break;
  }
  return wire;
}

void World::keep_cookies(Actor& actor, const Answer& answer) const {
  for (const auto& [name, value] : answer.headers) {
    if (lower(name) != "set-cookie" || actor.cookies.size() > 40) continue;
    const std::size_t equals = value.find('=');
    if (equals == std::string::npos || value.size() > 8'000) continue;
    const std::string key = value.substr(0, equals);
    const std::string content = value.substr(equals + 1, value.find(';') - equals - 1);
    const bool gone =
        content.empty() || content == "\"\"" || lower(value).find("max-age=0") != std::string::npos;
    if (gone)
      actor.cookies.erase(key);
    else
      actor.cookies[key] = content;
  }
}

Reply World::ask(Actor& actor, const Request& request) {
  Reply reply;
  Request now = request;
  for (int hop = 0; hop < 5 && time_left(); ++hop) {
    const Wire sent = wire(actor, now);
    const auto begun = std::chrono::steady_clock::now();
    reply.answer = exchange(places_.application, sent, {});
    ++requests_;
    const bool silent = reply.answer.status == 0 &&
                        std::chrono::steady_clock::now() - begun > std::chrono::seconds(5);
    if (silent) ++slow_;
    record(actor, sent, reply.answer);
    keep_cookies(actor, reply.answer);
    reply.path = now.path;
    if (hop == 0) {
      reply.first_status = reply.answer.status;
      reply.first_location = reply.answer.header("Location");
      const std::string count = reply.answer.header("X-Grader-Queries");
      reply.queries = count.empty() ? -1 : std::atoi(count.c_str());
    }
    if (!request.follow || !reply.answer.redirects()) break;
    const std::string next = resolved(now.path, reply.answer.header("Location"));
    if (next.empty()) break;
    now = {.path = next};
  }
  return reply;
}

std::string World::letters(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>('a' + number(26));
  return text;
}

std::string World::digits(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>('1' + number(9));
  return text;
}

int World::number(int below) {
  return static_cast<int>(random_() % static_cast<std::uint64_t>(below));
}

void World::hide(const std::string& value, const std::string& name) {
  if (value.size() < 4) return;
  hidden_.emplace_back(value, name);
  std::ranges::stable_sort(hidden_, [](const auto& left, const auto& right) {
    return left.first.size() > right.first.size();
  });
}

std::string World::masked(std::string text) const {
  for (const auto& [value, name] : hidden_) {
    for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at)) {
      text.replace(at, value.size(), name);
      at += name.size();
    }
  }
  return text;
}

}  // namespace grader::sandbox::prober
