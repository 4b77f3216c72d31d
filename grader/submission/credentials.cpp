#include "grader/submission/credentials.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <system_error>

#include "grader/base/descriptor.hpp"
#include "grader/base/text.hpp"

namespace grader::submission {
namespace {

constexpr std::size_t largest_file = 64U << 10U;
/// The hosting services take a token as the password of any user name.
constexpr std::string_view any_user = "x-access-token";

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value != nullptr ? value : "";
}

/// "host" or "host:port", and no other way of writing it.
bool names(std::string_view entry, const Source& source) {
  const auto lower = text::lower(entry);
  const std::string host =
      source.host.find(':') == std::string::npos ? source.host : "[" + source.host + "]";
  if (source.port == 443 && lower == host) return true;
  return lower == host + ":" + std::to_string(source.port);
}

std::string default_file() {
  const auto config = variable("XDG_CONFIG_HOME");
  if (!config.empty()) return config + "/grader/credentials";
  const auto home = variable("HOME");
  return home.empty() ? "" : home + "/.config/grader/credentials";
}

Result<std::optional<std::string>> read_file(const std::string& path, bool required) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) {
    if (!required && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    return fail(ErrorKind::usage,
                "the credentials file cannot be read: " + std::generic_category().message(errno),
                path);
  }
  struct stat status{};
  if (fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<std::size_t>(status.st_size) > largest_file) {
    return fail(ErrorKind::usage, "this is no credentials file", path,
                "write lines of HOST TOKEN into a plain file");
  }
  if (status.st_uid != geteuid() || (status.st_mode & 0077U) != 0) {
    return fail(ErrorKind::usage, "others can read this credentials file", path,
                "chmod 600 " + path + ", and let it belong to you");
  }
  std::string bytes(largest_file, '\0');
  const auto count = read(fd.get(), bytes.data(), bytes.size());
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

std::vector<std::string_view> fields(std::string_view line) {
  std::vector<std::string_view> result;
  for (const auto blank_separated : text::split(line, ' ')) {
    for (const auto field : text::split(blank_separated, '\t')) {
      if (!field.empty()) result.push_back(field);
    }
  }
  return result;
}

Result<std::optional<Credential>> from_file(const Source& source, const std::string& file) {
  const auto path = file.empty() ? default_file() : file;
  if (path.empty()) return std::nullopt;
  const auto bytes = read_file(path, !file.empty());
  if (!bytes) return tl::unexpected(bytes.error());
  const auto& content = *bytes;
  if (!content) return std::nullopt;
  int number = 0;
  for (const auto line : text::lines(*content)) {
    ++number;
    const auto words = fields(line);
    if (words.empty() || words[0].starts_with('#')) continue;
    if (words.size() != 2 && words.size() != 3) {
      return fail(ErrorKind::usage, "this line is not HOST TOKEN or HOST USER TOKEN",
                  path + ":" + std::to_string(number));
    }
    if (!names(words[0], source)) continue;
    return Credential{std::string(words.size() == 3 ? words[1] : any_user),
                      std::string(words.back())};
  }
  return std::nullopt;
}

bool is_exempt(const Source& source) {
  auto list = variable("NO_PROXY");
  if (list.empty()) list = variable("no_proxy");
  for (auto entry : text::split(list, ',')) {
    entry = text::trim(entry);
    if (entry == "*" || (!entry.empty() && names(entry, source))) return true;
    if (text::lower(entry) == source.host) return true;
    while (entry.starts_with('.')) entry.remove_prefix(1);
    if (!entry.empty() && source.host.ends_with("." + text::lower(entry))) return true;
  }
  return false;
}

std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const auto* digits = text.data() + i + 1;
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    result += escape ? static_cast<char>(byte) : text[i];
    if (escape) i += 2;
  }
  return result;
}

}  // namespace

Result<std::optional<Credential>> find_credential(const Source& source, const std::string& file) {
  if (source.kind != Source::Kind::https) return std::nullopt;
  auto found = from_file(source, file);
  if (!found || *found) return found;
  const auto token = variable("GRADER_TOKEN");
  if (token.empty()) return std::nullopt;
  const auto host = variable("GRADER_TOKEN_HOST");
  if (host.empty()) {
    return fail(ErrorKind::usage, "GRADER_TOKEN is set, but not the host that it belongs to", "",
                "set GRADER_TOKEN_HOST to the one host that may receive it");
  }
  if (token.find_first_of("\r\n") != std::string::npos) {
    return fail(ErrorKind::usage, "GRADER_TOKEN holds a line end", "", "remove it");
  }
  if (!names(host, source)) return std::nullopt;
  return Credential{std::string(any_user), token};
}

Result<std::optional<Proxy>> find_proxy(const Source& source) {
  std::string url;
  for (const auto* name : {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}) {
    if (url.empty()) url = variable(name);
  }
  if (url.empty() || source.kind != Source::Kind::https || is_exempt(source)) return std::nullopt;
  std::string_view rest = url;
  if (rest.find("://") == std::string_view::npos || text::lower(rest).starts_with("http://")) {
    rest.remove_prefix(rest.starts_with("http://") || rest.starts_with("HTTP://") ? 7 : 0);
  } else {
    return fail(ErrorKind::usage, "only a proxy with an http:// address can be used",
                std::string(rest.substr(0, rest.find("://"))) + "://…",
                "set HTTPS_PROXY to http://HOST:PORT, or add the host to NO_PROXY");
  }
  Proxy proxy;
  rest = rest.substr(0, std::min(rest.find('/'), rest.size()));
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    const auto user = rest.substr(0, at);
    const auto colon = std::min(user.find(':'), user.size());
    proxy.credential.user = unescaped(user.substr(0, colon));
    if (colon < user.size()) proxy.credential.secret = unescaped(user.substr(colon + 1));
    rest.remove_prefix(at + 1);
  }
  const auto colon = rest.rfind(':');
  const bool has_port = colon != std::string_view::npos && rest.back() != ']';
  proxy.host = has_port ? rest.substr(0, colon) : rest;
  if (proxy.host.starts_with('[')) proxy.host = proxy.host.substr(1, proxy.host.size() - 2);
  const auto digits = has_port ? rest.substr(colon + 1) : std::string_view("80");
  std::from_chars(digits.data(), digits.data() + digits.size(), proxy.port);
  if (proxy.host.empty() || proxy.port < 1 || proxy.port > 65535) {
    return fail(ErrorKind::usage, "the address of the proxy is not valid", "HTTPS_PROXY",
                "set it to http://HOST:PORT");
  }
  return proxy;
}

}  // namespace grader::submission
