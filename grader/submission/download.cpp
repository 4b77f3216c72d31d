#include "grader/submission/download.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "grader/base/text.hpp"
#include "grader/submission/git.hpp"
#include "grader/submission/known_hosts.hpp"
#include "grader/submission/tls.hpp"

namespace grader::submission {
namespace {

constexpr std::size_t most_refs = 20'000;
constexpr std::string_view ask =
    "ask the candidate for a repository that holds only the assignment";

/// What the callbacks of libgit2 know and find out.
struct State {
  const FetchRequest& request;
  const std::function<void(const FetchProgress&)>& on_progress;
  int asked = 0;  ///< times that the server asked for a key or a password
  std::optional<Error> cause;
};

int stop(State& state, std::string what, std::string hint, ErrorKind kind = ErrorKind::submission) {
  if (!state.cause) state.cause = Error{kind, std::move(what), "", std::move(hint)};
  return GIT_EUSER;
}

int on_transfer(const git_indexer_progress* stats, void* payload) {
  auto& state = *static_cast<State*>(payload);
  if (stats->total_objects > state.request.objects) {
    return stop(state,
                fmt::format("this repository is over a limit: it has {} objects, more than {}",
                            stats->total_objects, state.request.objects),
                std::string(ask));
  }
  if (stats->received_bytes > state.request.received_bytes) {
    return stop(state,
                fmt::format("this repository is over a limit: more than {} MiB are sent",
                            state.request.received_bytes >> 20U),
                std::string(ask));
  }
  state.on_progress({stats->received_objects, stats->total_objects, stats->received_bytes});
  return 0;
}

/// As a credential must name it.
std::string named_host(const FetchRequest& request) {
  const std::string host =
      request.host.find(':') == std::string::npos ? request.host : "[" + request.host + "]";
  return request.port == 443 ? host : host + ":" + std::to_string(request.port);
}

int give_password(git_credential** out, State& state) {
  const FetchRequest& request = state.request;
  if (request.credential.secret.empty()) {
    return stop(state, "it needs authentication, or it does not exist",
                "check the address; for a private repository set GRADER_TOKEN and "
                "GRADER_TOKEN_HOST=" +
                    named_host(request) + ", or name it in the credentials file");
  }
  if (++state.asked > 1) {
    return stop(state, "the credential for " + request.host + " was not accepted",
                "check that it may read this repository and has not expired");
  }
  return git_credential_userpass_plaintext_new(out, request.credential.user.c_str(),
                                               request.credential.secret.c_str());
}

int give_key(git_credential** out, State& state, const char* user) {
  const FetchRequest& request = state.request;
  const bool named = !request.ssh_key.empty();
  if (++state.asked > 1) {
    return stop(state,
                named ? "the key " + request.ssh_key + " was not accepted (or needs a passphrase)"
                      : "no key of the ssh agent was accepted",
                "check that the key may read this repository; keys with a passphrase go through "
                "the agent (ssh-add)");
  }
  if (named) {
    return git_credential_ssh_key_new(out, user, nullptr, request.ssh_key.c_str(), nullptr);
  }
  if (git_credential_ssh_key_from_agent(out, user) == 0) return 0;
  return stop(state, "there is no ssh key to sign in with",
              "name a key by --ssh-key, or start an agent: eval $(ssh-agent); ssh-add");
}

int on_credentials(git_credential** out, const char* /*url*/, const char* /*user_from_url*/,
                   unsigned int allowed, void* payload) {
  auto& state = *static_cast<State*>(payload);
  const char* user = state.request.user.c_str();
  if (!state.request.ssh) {
    if ((allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0) return give_password(out, state);
    return stop(state, "the server asks for a kind of authentication that is not supported",
                "give a repository that takes a token (HTTP Basic)");
  }
  if ((allowed & GIT_CREDENTIAL_USERNAME) != 0) return git_credential_username_new(out, user);
  if ((allowed & GIT_CREDENTIAL_SSH_KEY) != 0) return give_key(out, state, user);
  return stop(state, "the server takes no ssh key", "use https and a token");
}

std::string contents(const std::vector<std::string>& files) {
  std::ostringstream all;
  for (const auto& file : files) {
    if (std::ifstream in(file, std::ios::binary); in) all << in.rdbuf() << '\n';
    all.clear();  // an empty file leaves the stream failed
  }
  return all.str();
}

int on_host_key(git_cert* certificate, int /*valid*/, const char* /*host*/, void* payload) {
  auto& state = *static_cast<State*>(payload);
  const FetchRequest& request = state.request;
  if (certificate->cert_type != GIT_CERT_HOSTKEY_LIBSSH2) {
    return stop(state, "the server showed no ssh key", "check the address");
  }
  const auto& shown = *reinterpret_cast<const git_cert_hostkey*>(certificate);
  if ((shown.type & GIT_CERT_SSH_RAW) == 0) {
    return stop(state, "the server's key is of an unknown kind", "use https");
  }
  const std::string_view key(shown.hostkey, shown.hostkey_len);
  const std::string print = fingerprint(key);
  const std::string port = request.port == 22 ? "" : " -p " + std::to_string(request.port);
  const std::string add = fmt::format(
      "compare it with what its owner publishes, then: ssh-keyscan{} {} >> ~/.ssh/known_hosts",
      port, request.host);
  switch (find_host_key(contents(request.known_hosts), request.host, request.port, key)) {
    case HostKey::known:
      return 0;
    case HostKey::unknown:
      return stop(state, fmt::format("the ssh host {} is not known ({})", request.host, print),
                  add);
    case HostKey::other_type:
      return stop(state,
                  fmt::format("the ssh host {} is known by keys of other types only ({})",
                              request.host, print),
                  add);
    case HostKey::changed:
      return stop(state,
                  fmt::format("the key of the ssh host {} has changed ({}): somebody may be "
                              "between you and it",
                              request.host, print),
                  "ask its owner; remove the old key only then: ssh-keygen -R " + request.host);
    case HostKey::revoked:
      break;
  }
  return stop(state, fmt::format("the key of the ssh host {} is revoked ({})", request.host, print),
              "ask its owner");
}

/// What the server meant, where libgit2 has only its text for it.
Error translate(const FetchRequest& request) {
  const auto message = git::last_message();
  const auto says = [&](std::string_view part) { return message.find(part) != message.npos; };
  const auto error = [](std::string what, std::string hint) {
    return Error{ErrorKind::submission, std::move(what), "", std::move(hint)};
  };
  const std::string page =
      "give the address of the repository itself, as its page shows it for cloning";
  if (says("status code: 404") || says("status code: 410")) {
    return error("there is no repository at this address", "check its spelling");
  }
  if (says("status code: 401") || says("status code: 403")) {
    return error("the server refuses access", "check that the credential may read it");
  }
  if (says("status code: 429")) return error("the server asks to wait", "try again later");
  if (says("status code: 5")) {
    return error("the server has a fault of its own: " + message, "try again later");
  }
  if (says("cannot redirect") || says("unexpected redirect")) {
    return error("the server redirects to another host, which is not followed: " + message,
                 "give the address that it redirects to, if you trust that host");
  }
  if (says("that we do not support")) {
    return error("the server asks for a kind of authentication that is not supported",
                 "give a repository that takes a token (HTTP Basic)");
  }
  if (says("too many redirects")) return error("the server redirects in a circle", page);
  if (says("content-type")) {
    return error("what answers at this address is no git repository", page);
  }
  if (says("ot appear to be a git repository") || says("epository not found") || says("no such")) {
    return error("there is no repository at this address", "check its spelling");
  }
  if (says("EOF") || says("reset") || says("socket")) {
    return error("the connection to " + request.host + " was cut: " + message, "try again");
  }
  return error("it cannot be fetched: " + message, "check the address with `git ls-remote`");
}

class Download {
 public:
  Download(const FetchRequest& request,
           const std::function<void(const FetchProgress&)>& on_progress)
      : request_(request), state_{.request = request, .on_progress = on_progress, .cause = {}} {}

  Result<void> run() {
    if (git_repository_init(&raw_repository_, request_.directory.c_str(), 1) != 0) return failed();
    const git::Repository repository(raw_repository_);
    git_remote_create_options create{};
    git_remote_create_options_init(&create, GIT_REMOTE_CREATE_OPTIONS_VERSION);
    create.repository = repository.get();
    create.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    const auto remote =
        git::made<git::Remote>(git_remote_create_with_opts, request_.url.c_str(),
                               static_cast<const git_remote_create_options*>(&create));
    if (!remote) return failed();
    auto options = make_options();
    git_remote_connect_options connect{};
    git_remote_connect_options_init(&connect, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
    connect.callbacks = options.callbacks;
    connect.follow_redirects = options.follow_redirects;
    if (git_remote_connect_ext(remote.get(), GIT_DIRECTION_FETCH, &connect) != 0) return failed();
    if (auto checked = check_refs(remote.get()); !checked) return checked;
    if (git_remote_fetch(remote.get(), &specs(), &options, nullptr) != 0) return failed();
    set_head(remote.get());
    return {};
  }

 private:
  tl::unexpected<Error> failed() {
    if (state_.cause) return tl::unexpected(*state_.cause);
    if (const auto& failure = tls_failure()) return tl::unexpected(*failure);
    return tl::unexpected(translate(request_));
  }

  git_fetch_options make_options() {
    git_fetch_options options{};
    git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.callbacks.transfer_progress = on_transfer;
    options.callbacks.credentials = on_credentials;
    if (request_.ssh) options.callbacks.certificate_check = on_host_key;
    options.callbacks.payload = &state_;
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;    // the same host may still be named anew
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;  // the refspecs name them
    options.update_fetchhead = 0;
    options.prune = GIT_FETCH_NO_PRUNE;
    return options;
  }

  Result<void> check_refs(git_remote* remote) {
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    if (git_remote_ls(&heads, &count, remote) != 0) return failed();
    std::size_t wanted = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view name = heads[i]->name;
      if (name.starts_with("refs/heads/") || name.starts_with("refs/tags/")) ++wanted;
    }
    if (wanted == 0) {
      return fail(ErrorKind::submission, "this repository is empty: it has no branch", "",
                  "ask the candidate to push the work");
    }
    if (wanted > most_refs) {
      return fail(ErrorKind::submission,
                  fmt::format("this repository is over a limit: it has {} branches and tags, more "
                              "than {}",
                              wanted, most_refs),
                  "", std::string(ask));
    }
    return {};
  }

  const git_strarray& specs() {
    texts_ = {"+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"};
    if (!request_.ref.empty()) texts_.push_back("+" + request_.ref + ":" + request_.ref);
    for (auto& text : texts_) pointers_.push_back(text.data());
    array_ = {pointers_.data(), pointers_.size()};
    return array_;
  }

  void set_head(git_remote* remote) {
    git_buf name = GIT_BUF_INIT;
    if (git_remote_default_branch(&name, remote) == 0) {
      git_repository_set_head(raw_repository_, name.ptr);
    }
    git_buf_dispose(&name);
  }

  const FetchRequest& request_;
  State state_;
  git_repository* raw_repository_ = nullptr;
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
  git_strarray array_{};
};

}  // namespace

Result<void> download(const FetchRequest& request,
                      const std::function<void(const FetchProgress&)>& on_progress) {
  git::start();
  // A pack of the largest size is read through small windows: the limit on memory counts them.
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, std::size_t{32} << 20U);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, std::size_t{256} << 20U);
  if (!request.ssh) {
    TlsPolicy policy;
    policy.connect = {.proxy_host = request.proxy_host,
                      .proxy_port = request.proxy_port,
                      .proxy_credential = request.proxy_credential,
                      .public_only = request.public_only,
                      .seconds = 30};
    policy.host = request.host;
    policy.port = std::to_string(request.port);
    policy.path = request.path;
    // Besides the pack there is the list of references.
    policy.received_bytes = request.received_bytes + (std::uint64_t{64} << 20U);
    use_tls(policy);
  }
  return Download(request, on_progress).run();
}

}  // namespace grader::submission
