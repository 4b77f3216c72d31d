#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "grader/base/text.hpp"
#include "grader/submission/fetch_wire.hpp"
#include "grader/submission/known_hosts.hpp"
#include "grader/submission/raw_commit.hpp"
#include "grader/submission/source.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_text(const std::string& text) { return grader::text::to_utf8(text) == text; }

}  // namespace

// What strangers write reaches these: commits, host keys, the answer of a fetch child that was
// taken over, addresses. Texts that come out are valid UTF-8 and no address keeps a password.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grader::submission;  // NOLINT(google-build-using-namespace): one function
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  const std::string tree = "tree " + std::string(40, 'a') + "\n";
  const auto raw = parse_commit(tree + std::string(bytes), 1000);
  require(raw.has_value());
  require(is_text(raw->commit.message) && is_text(raw->commit.author.name) &&
          is_text(raw->commit.committer.email));
  (void)parse_commit(bytes, 1000);

  (void)find_host_key(bytes, "host.example", 2222, bytes.substr(0, size / 2));
  (void)decode_request(bytes);
  if (const auto reply = decode_reply(bytes); reply && reply->error) {
    require(reply->error->kind != grader::ErrorKind::rubric);
  }

  if (const auto source = parse_source(bytes); source && source->kind == Source::Kind::https) {
    require(source->text.find('@') >= source->text.find('/', 8));
    // What was accepted once is accepted again, and says the same.
    const auto again = parse_source(source->url);
    require(again && again->url == source->url && again->host == source->host &&
            again->path == source->path && !again->had_credentials);
  }
  return 0;
}
