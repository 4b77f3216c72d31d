#include "sandbox/environment/index.hpp"

#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>

#include "grader/base/process.hpp"
#include "grader/base/text.hpp"
#include "sandbox/environment/cache_file.hpp"

namespace grader::sandbox {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t configuration_cap = 1U << 20U;

/// A distribution that every index for Django projects has; only its links are looked at.
constexpr const char* asked_package = "django";

/// What pip reads besides its configuration files.
const std::vector<std::string> pip_variables = {"PATH",
                                                "HOME",
                                                "XDG_CONFIG_HOME",
                                                "XDG_CONFIG_DIRS",
                                                "LANG",
                                                "VIRTUAL_ENV",
                                                "PYENV_ROOT",
                                                "PYENV_VERSION",
                                                "PIP_CONFIG_FILE",
                                                "PIP_INDEX_URL",
                                                "PIP_EXTRA_INDEX_URL",
                                                "PIP_NO_INDEX",
                                                "PIP_FIND_LINKS",
                                                "PIP_CERT",
                                                "PIP_CLIENT_CERT",
                                                "PIP_TRUSTED_HOST",
                                                "PIP_PROXY",
                                                "PIP_RETRIES",
                                                "PIP_DEFAULT_TIMEOUT",
                                                "SSL_CERT_FILE",
                                                "SSL_CERT_DIR",
                                                "HTTP_PROXY",
                                                "HTTPS_PROXY",
                                                "NO_PROXY",
                                                "http_proxy",
                                                "https_proxy",
                                                "no_proxy",
                                                "REQUESTS_CA_BUNDLE",
                                                "CURL_CA_BUNDLE"};

tl::unexpected<Error> no_index(const std::string& why) {
  return fail(ErrorKind::sandbox, "the package index cannot be asked: " + why, "",
              "check `python3 -m pip config list` and the network, then try again");
}

/// The last line that says something, without credentials of URLs in it.
std::string last_line(std::string_view output) {
  std::string_view last;
  for (const std::string_view line : text::lines(output)) {
    if (!text::trim(line).empty()) last = text::trim(line);
  }
  return text::shorten(text::to_utf8(without_credentials(last)), 300);
}

}  // namespace

std::string without_credentials(std::string_view url) {
  std::string result(url);
  std::size_t from = 0;
  while ((from = result.find("://", from)) != std::string::npos) {
    from += 3;
    const std::size_t end = result.find_first_of("/ \t\n", from);
    const std::size_t at = result.rfind('@', end);
    if (at != std::string::npos && at >= from) result.erase(from, at + 1 - from);
  }
  return result;
}

Result<PackageIndex> read_index(std::string_view output) {
  PackageIndex index;
  bool has_links = true;
  for (const std::string_view line : text::lines(output)) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, space);
    const std::string value(text::trim(line.substr(space)));
    if (value.empty()) continue;
    if (name == "index") index.urls.push_back(value);
    if (name == "host") index.hosts.push_back(value);
    if (name == "certificates") index.certificates = value;
    if (name == "proxy") index.proxy = value;
    if (name == "links") has_links = value != "0";
  }
  if (index.urls.empty()) return no_index("pip's configuration turns every index off");
  for (const std::string& url : index.urls) {
    if (!url.starts_with("https://")) {
      return no_index(without_credentials(url) + " is no https address");
    }
  }
  if (index.hosts.empty()) return no_index("pip named no host");
  if (!has_links) {
    return no_index(without_credentials(index.urls.front()) + " does not answer for " +
                    asked_package);
  }
  return index;
}

namespace {

Result<std::string> ask_pip(const std::string& script) {
  process::Command command;
  command.argv = {"python3", script, asked_package};
  command.environment = process::inherited(pip_variables);
  command.directory = "/";
  // A second on a machine that has nothing else to do.
  command.wall = std::chrono::minutes(3);
  const Result<process::Outcome> outcome = process::run(command);
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->status == process::Outcome::Status::timed_out) {
    return no_index("pip did not answer within three minutes");
  }
  if (!outcome->ok()) return no_index(last_line(outcome->err));
  return outcome->out;
}

std::string folder_or(const char* variable, const std::string& otherwise) {
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value != nullptr && *value == '/' ? value : otherwise;
}

/// What pip's answer depends on: its variables, and when its configuration files were written.
std::string configuration() {
  std::string text;
  for (const std::string& one : process::inherited(pip_variables)) text += one + "\n";
  const std::string home = folder_or("HOME", "/");
  for (const std::string& file : {folder_or("PIP_CONFIG_FILE", "/-"), std::string("/etc/pip.conf"),
                                  std::string("/etc/xdg/pip/pip.conf"), home + "/.pip/pip.conf",
                                  folder_or("XDG_CONFIG_HOME", home + "/.config") + "/pip/pip.conf",
                                  folder_or("VIRTUAL_ENV", "/-") + "/pip.conf"}) {
    text += file + " " + text::sha256(read_cached(file, configuration_cap)) + "\n";
  }
  return text;
}

bool is_fresh(const fs::path& file) {
  std::error_code failed;
  const auto written = fs::last_write_time(file, failed);
  const auto age = fs::file_time_type::clock::now() - written;
  return !failed && age >= std::chrono::seconds(0) && age < std::chrono::hours(1);
}

Result<PackageIndex> ask_or_remember(const std::string& script, const fs::path& cache) {
  const std::string key = read_cached(script, configuration_cap) + configuration();
  const fs::path file = cache / "index" / text::sha256(key);
  if (is_fresh(file)) {
    Result<PackageIndex> kept = read_index(read_cached(file, configuration_cap));
    if (kept) return kept;
  }
  const Result<std::string> answer = ask_pip(script);
  if (!answer) return tl::unexpected(answer.error());
  Result<PackageIndex> index = read_index(*answer);
  // Addresses may hold credentials.
  if (index) write_cached(file, *answer, Readable::by_us);
  return index;
}

}  // namespace

Result<PackageIndex> ask_index(const std::string& script, const fs::path& cache) {
  static std::mutex guard;
  static std::map<std::string, PackageIndex> answers;
  const std::lock_guard lock(guard);
  if (const auto known = answers.find(script); known != answers.end()) return known->second;
  Result<PackageIndex> asked = ask_or_remember(script, cache);
  if (asked) answers.emplace(script, *asked);
  return asked;
}

}  // namespace grader::sandbox
