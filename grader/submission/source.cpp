#include "grader/submission/source.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "grader/base/text.hpp"

namespace grader::submission {
namespace {

constexpr std::string_view accepted =
    "give https://HOST/PATH, ssh://[USER@]HOST[:PORT]/PATH, USER@HOST:PATH, file:///PATH or the "
    "path of a local repository";
constexpr std::size_t longest = 4096;

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_address_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
}

/// The text up to an '@' may be a credential: it must not be repeated in a message.
std::string without_user(std::string_view text) {
  const auto start = text.find("://");
  const auto from = start == std::string_view::npos ? 0 : start + 3;
  const auto end = std::min(text.find_first_of("/?#", from), text.size());
  const auto at = text.substr(from, end - from).rfind('@');
  if (at == std::string_view::npos) return std::string(text);
  return std::string(text.substr(0, from)) + std::string(text.substr(from + at + 1));
}

tl::unexpected<Error> refuse(std::string what, std::string_view text) {
  return fail(ErrorKind::usage, std::move(what), text::shorten(without_user(text), 200),
              std::string(accepted));
}

struct Authority {
  std::string user;
  std::string host;
  std::optional<int> port;
};

std::optional<int> read_port(std::string_view digits) {
  int port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (port < 1 || port > 65535) return std::nullopt;
  return port;
}

/// "[user[:password]@]host[:port]" of RFC 3986, section 3.2.
std::optional<Authority> read_authority(std::string_view text) {
  Authority result;
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    result.user = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  const bool bracketed = text.starts_with('[');
  const auto host_end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
  if (host_end == std::string_view::npos) return std::nullopt;
  result.host = text::lower(bracketed ? text.substr(1, host_end - 1) : text.substr(0, host_end));
  auto rest = text.substr(host_end + (bracketed ? 1 : 0));
  const bool valid =
      !result.host.empty() && result.host.front() != '-' &&
      std::ranges::all_of(result.host, bracketed ? is_address_character : is_host_character);
  if (!valid) return std::nullopt;
  if (rest.empty() || rest == ":") return result;
  if (!rest.starts_with(':')) return std::nullopt;
  result.port = read_port(rest.substr(1));
  if (!result.port) return std::nullopt;
  return result;
}

std::string show_host(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

Result<Source> read_https(std::string_view text, std::string_view rest) {
  // Addresses copied from a browser end in "?tab=readme" or "#readme": no part of a repository.
  rest = rest.substr(0, std::min(rest.find_first_of("?#"), rest.size()));
  const auto slash = rest.find('/');
  const auto authority = read_authority(rest.substr(0, std::min(slash, rest.size())));
  if (!authority) return refuse("the host of this URL is not valid", text);
  const auto path = slash == std::string_view::npos ? "/" : rest.substr(slash);
  if (path.find_first_not_of('/') == std::string_view::npos) {
    return refuse("this URL names a host but no repository", text);
  }
  Source source;
  source.kind = Source::Kind::https;
  source.host = authority->host;
  source.port = authority->port.value_or(443);
  source.path = path;
  source.had_credentials = !authority->user.empty();
  const std::string port = source.port == 443 ? "" : ":" + std::to_string(source.port);
  source.url = "https://" + show_host(source.host) + port + source.path;
  source.text = source.url;
  return source;
}

Result<Source> make_ssh(std::string_view text, const Authority& authority, std::string_view path) {
  if (path.find_first_not_of('/') == std::string_view::npos) {
    return refuse("this address names a host but no repository", text);
  }
  Source source;
  source.kind = Source::Kind::ssh;
  source.host = authority.host;
  // A password is nothing that ssh takes from an address.
  source.user = authority.user.substr(0, authority.user.find(':'));
  if (source.user.empty()) source.user = "git";
  if (source.user.front() == '-') return refuse("the user of this address is not valid", text);
  source.port = authority.port.value_or(22);
  source.path = path;
  const std::string port = source.port == 22 ? "" : ":" + std::to_string(source.port);
  source.url = "ssh://" + source.user + "@" + show_host(source.host) + port + source.path;
  source.text = source.url;
  return source;
}

Result<Source> read_ssh(std::string_view text, std::string_view rest) {
  const auto slash = rest.find('/');
  const auto authority = read_authority(rest.substr(0, std::min(slash, rest.size())));
  if (!authority) return refuse("the host of this URL is not valid", text);
  return make_ssh(text, *authority, slash == std::string_view::npos ? "" : rest.substr(slash));
}

Result<Source> read_file(std::string_view text, std::string_view rest) {
  if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
  if (!rest.starts_with('/')) return refuse("a file URL needs an absolute path", text);
  Source source;
  source.kind = Source::Kind::file;
  source.text = text;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    unsigned byte = 0;
    const bool escaped = rest[i] == '%' && i + 2 < rest.size() &&
                         std::from_chars(&rest[i + 1], &rest[i] + 3, byte, 16).ptr == &rest[i] + 3;
    if (escaped && byte == 0) return refuse("a file URL cannot hold %00", text);
    source.path += escaped ? static_cast<char>(byte) : rest[i];
    if (escaped) i += 2;
  }
  return source;
}

/// "[user@]host:path" as scp writes it: a colon before the first slash.
std::optional<Result<Source>> read_scp(std::string_view text) {
  const auto bracket = text.find(']');
  const auto colon =
      text.find(':', text.find('[') < bracket && bracket < text.size() ? bracket : 0);
  if (colon == std::string_view::npos || text.find('/') < colon) return std::nullopt;
  const auto path = text.substr(colon + 1);
  if (path.starts_with(':')) {
    return refuse("remote helpers such as ext:: are not accepted", text);
  }
  const auto authority = read_authority(text.substr(0, colon));
  if (!authority || path.empty()) return refuse("this is neither a URL nor a path", text);
  auto source = make_ssh(text, *authority, path);
  if (source) {
    // The path is relative to a home directory there, which an ssh:// URL could not say.
    source->url = source->user + "@" + show_host(source->host) + ":" + source->path;
    source->text = source->url;
  }
  return source;
}

}  // namespace

Result<Source> parse_source(std::string_view text) {
  text = text::trim(text);
  if (text.empty()) return refuse("no repository was named", text);
  if (text.size() > longest) return refuse("this address is longer than 4096 bytes", text);
  if (std::ranges::any_of(text, is_control)) {
    return refuse("this address holds control characters", text::to_utf8(text));
  }
  if (const auto colon = text.find("://"); colon != std::string_view::npos) {
    const auto scheme = text::lower(text.substr(0, colon));
    const auto rest = text.substr(colon + 3);
    if (scheme.find("::") != std::string::npos) {
      return refuse("remote helpers such as ext:: are not accepted", text);
    }
    const bool blank = text.find(' ') != std::string_view::npos;
    if (blank && scheme != "file") return refuse("this URL holds a blank", text);
    if (scheme == "https") return read_https(text, rest);
    if (scheme == "ssh" || scheme == "git+ssh" || scheme == "ssh+git") return read_ssh(text, rest);
    if (scheme == "file") return read_file(text, rest);
    if (scheme == "http") {
      return refuse("http is not accepted: anybody on the way can change what it brings", text);
    }
    if (scheme.find('/') == std::string::npos) {
      return refuse("the scheme " + scheme + ":// is not accepted", text);
    }
  }
  if (auto scp = read_scp(text)) return *std::move(scp);
  Source source;
  source.text = text;
  source.path = text;
  return source;
}

}  // namespace grader::submission
