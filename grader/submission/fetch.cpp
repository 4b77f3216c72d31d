#include "grader/submission/fetch.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "grader/base/process.hpp"
#include "grader/base/text.hpp"
#include "grader/submission/credentials.hpp"
#include "grader/submission/fetch_wire.hpp"
#include "grader/submission/open.hpp"

namespace grader::submission {
namespace {

std::string home_directory() {
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return home != nullptr ? home : "";
}

std::vector<std::string> known_hosts_files(const FetchOptions& options) {
  if (!options.known_hosts.empty()) return options.known_hosts;
  return {home_directory() + "/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"};
}

Result<FetchRequest> make_request(const Source& source, const FetchOptions& options) {
  FetchRequest request;
  request.ssh = source.kind == Source::Kind::ssh;
  if (request.ssh && options.public_only) {
    return fail(ErrorKind::usage, "ssh is not accepted here", source.text, "give an https URL");
  }
  const auto credential = find_credential(source, options.credentials_file);
  if (!credential) return tl::unexpected(credential.error());
  const auto proxy = find_proxy(source);
  if (!proxy) return tl::unexpected(proxy.error());
  if (const auto& chosen = *proxy; chosen && !options.public_only) {
    request.proxy_host = chosen->host;
    request.proxy_port = chosen->port;
    request.proxy_credential = chosen->credential;
  }
  request.credential = credential->value_or(Credential{});
  request.url = source.url;
  request.host = source.host;
  request.port = source.port;
  request.path = source.path;
  request.user = source.user;
  if (options.ref.starts_with("refs/")) request.ref = options.ref;
  request.ssh_key = options.ssh_key;
  request.known_hosts = known_hosts_files(options);
  request.public_only = options.public_only;
  request.objects = options.limits.objects;
  request.received_bytes = options.limits.received_bytes;
  request.seconds = options.limits.fetch_seconds;
  return request;
}

/// libgit2 chooses which type of host key to ask for by the known_hosts file of a home directory:
/// it gets one with the files that count here, and with nothing else of the user's.
void make_home(const std::string& home, const std::vector<std::string>& known_hosts) {
  std::error_code ignored;
  std::filesystem::create_directories(home + "/.ssh", ignored);
  std::ofstream all(home + "/.ssh/known_hosts", std::ios::binary);
  for (const auto& file : known_hosts) {
    if (std::ifstream in(file, std::ios::binary); in) all << in.rdbuf() << '\n';
    all.clear();
  }
}

/// Progress lines of the child: "OBJECTS TOTAL BYTES".
class ProgressReader {
 public:
  explicit ProgressReader(const FetchOptions& options) : options_(options) {}

  void operator()(std::string_view chunk) {
    if (!options_.on_progress) return;
    for (const char byte : chunk) {
      if (byte != '\n') {
        if (line_.size() < 100) line_ += byte;
        continue;
      }
      show();
      line_.clear();
    }
  }

 private:
  void show() const {
    const auto words = text::split(line_, ' ');
    FetchProgress progress;
    const auto number = [](std::string_view digits, auto& value) {
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), value);
      return error == std::errc{} && end == digits.data() + digits.size();
    };
    if (words.size() == 3 && number(words[0], progress.received_objects) &&
        number(words[1], progress.total_objects) && number(words[2], progress.received_bytes)) {
      options_.on_progress(progress);
    }
  }

  const FetchOptions& options_;
  std::string line_;
};

Result<void> judge(const process::Outcome& outcome, const Source& source, const Limits& limits) {
  using Status = process::Outcome::Status;
  if (outcome.status == Status::interrupted) {
    return fail(ErrorKind::interrupted, "interrupted while fetching", source.text);
  }
  if (outcome.status == Status::timed_out) {
    return fail(ErrorKind::submission,
                fmt::format("fetching took longer than {} seconds", limits.fetch_seconds),
                source.text, "try again, or clone it with git and give the path");
  }
  if (outcome.status == Status::signalled) {
    return fail(ErrorKind::submission,
                fmt::format("fetching was ended by signal {}: this repository is over a limit of "
                            "memory, time or disk",
                            outcome.signal),
                source.text, "clone it with git and give the path, if you trust it");
  }
  const auto reply = decode_reply(outcome.out);
  if (outcome.code != 0 || !reply) {
    return fail(ErrorKind::internal,
                fmt::format("the fetch process ended with {} and no answer: {}", outcome.code,
                            text::shorten(text::printable(outcome.err), 300)),
                source.text);
  }
  if (!reply->error) return {};
  Error error = *reply->error;
  error.what = text::printable(error.what);
  error.hint = text::printable(error.hint);
  error.where = source.text;
  return tl::unexpected(std::move(error));
}

Result<Submission> fetch_remote(const Source& source, const FetchOptions& options) {
  auto request = make_request(source, options);
  if (!request) return tl::unexpected(request.error());
  auto scratch = Scratch::make(options.scratch);
  if (!scratch) return tl::unexpected(scratch.error());
  request->directory = scratch->path() + "/repository";
  const std::string home = scratch->path() + "/home";
  if (request->ssh) make_home(home, request->known_hosts);

  process::Command command;
  command.argv = options.child;
  command.environment = process::inherited({"SSL_CERT_FILE", "SSL_CERT_DIR"});
  command.environment.push_back("HOME=" + home);
  command.environment.emplace_back("LC_ALL=C");
  if (request->ssh) {
    for (auto& variable : process::inherited({"SSH_AUTH_SOCK"})) {
      command.environment.push_back(std::move(variable));
    }
  }
  command.directory = scratch->path();
  command.input = encode(*request);
  command.wall = std::chrono::seconds(options.limits.fetch_seconds);
  ProgressReader progress(options);
  const auto outcome = process::run(command, std::ref(progress));
  if (!outcome) return tl::unexpected(outcome.error());
  if (auto good = judge(*outcome, source, options.limits); !good) {
    return tl::unexpected(good.error());
  }
  const std::string directory = request->directory;
  return open_submission(source, directory, options.ref, options.limits, std::move(*scratch));
}

}  // namespace

Result<Submission> fetch(const Source& source, const FetchOptions& options) {
  if (source.remote()) return fetch_remote(source, options);
  if (options.public_only) {
    return fail(ErrorKind::usage, "only https URLs are accepted here", source.text,
                "give an https URL");
  }
  return open_submission(source, source.path, options.ref, options.limits, {});
}

}  // namespace grader::submission
