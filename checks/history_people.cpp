#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "checks/history_facts.hpp"
#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

constexpr std::size_t most_identities = 2'000;

/// Letters and digits, lower case; letters outside ASCII stay as they are.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text::lower(text)) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & '\x80') != 0;
    if (word) out += c;
  }
  return out;
}

/// Names that many people have, and that are nobody's.
bool is_anybody(const std::string& name) {
  static const std::set<std::string, std::less<>> names{
      "",     "root",    "user",    "admin", "ubuntu",    "unknown", "you", "yourname", "name",
      "test", "student", "vagrant", "dev",   "developer", "me",      "pc",  "home",     "git"};
  return name.size() < 3 || names.contains(name);
}

struct Identity {
  std::string name;     ///< plain
  std::string first;    ///< plain first word of the name, where it has several
  std::string email;    ///< lower case
  std::string handle;   ///< plain login or local part of the address
  bool single = false;  ///< the name is one word
  bool bot = false;
};

/// "12345+login@users.noreply.github.com" → "login"; "ann.lee@example.org" → "ann.lee".
std::string_view local_part(std::string_view email) {
  auto local = email.substr(0, email.find('@'));
  if (email.find("users.noreply.") != email.npos) {
    const auto plus = local.find('+');
    if (plus != local.npos) local.remove_prefix(plus + 1);
  }
  return local;
}

Identity identity_of(const submission::Person& person) {
  Identity identity;
  const auto words = text::split(text::trim(person.name), ' ');
  identity.name = plain(person.name);
  identity.email = text::lower(text::trim(person.email));
  identity.handle = plain(local_part(identity.email));
  identity.single = words.size() == 1;
  identity.first = plain(words.front());
  identity.bot = person.name.ends_with("[bot]") ||
                 identity.email.find("[bot]@") != std::string::npos ||
                 identity.email == "noreply@github.com";
  return identity;
}

/// Which identities are one person: union-find over them.
class People {
 public:
  explicit People(std::vector<Identity> identities)
      : identities_(std::move(identities)), parent_(identities_.size()) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }

  void join() {
    join_by([](const Identity& one) { return one.email; });
    join_by([](const Identity& one) { return is_anybody(one.name) ? "" : one.name; });
    // The login of an address of GitHub's, or what stands before '@', is somebody's name.
    std::map<std::string, std::size_t> handles;
    for (std::size_t i = 0; i < identities_.size(); ++i) {
      if (is_anybody(identities_[i].handle)) continue;
      const auto [at, fresh] = handles.emplace(identities_[i].handle, i);
      if (!fresh && identities_[i].handle.size() >= 5) unite(at->second, i);
    }
    for (std::size_t i = 0; i < identities_.size(); ++i) {
      if (is_anybody(identities_[i].name)) continue;
      const auto at = handles.find(identities_[i].name);
      if (at != handles.end()) unite(at->second, i);
    }
    for (std::size_t i = 0; i < identities_.size(); ++i) join_by_first_name(i);
  }

  std::size_t root(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }

 private:
  template <typename Key>
  void join_by(const Key& key) {
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < identities_.size(); ++i) {
      const std::string value = key(identities_[i]);
      if (value.empty()) continue;
      const auto [at, fresh] = seen.emplace(value, i);
      if (!fresh) unite(at->second, i);
    }
  }

  /// "Nick" is "Nick Miller", "Judy" is "judyhill37", where nobody else could be meant.
  void join_by_first_name(std::size_t i) {
    const Identity& one = identities_[i];
    if (!one.single || one.name.size() < 4 || is_anybody(one.name)) return;
    std::set<std::size_t> candidates;
    for (std::size_t j = 0; j < identities_.size(); ++j) {
      if (root(j) == root(i)) continue;
      const Identity& other = identities_[j];
      const bool same_first = !other.single && other.first == one.name;
      const bool begins = other.name.starts_with(one.name) || other.handle.starts_with(one.name);
      const bool begun =
          !other.single && other.first.size() >= 4 && one.name.starts_with(other.first);
      if (same_first || begins || begun) candidates.insert(root(j));
    }
    if (candidates.size() == 1) unite(*candidates.begin(), i);
  }

  void unite(std::size_t a, std::size_t b) { parent_[root(b)] = root(a); }

  std::vector<Identity> identities_;
  std::vector<std::size_t> parent_;
};

}  // namespace

std::vector<int> people_of(const std::vector<submission::Commit>& commits) {
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  std::vector<Identity> identities;
  std::vector<std::size_t> of_commit;
  for (const auto& commit : commits) {
    const auto key = std::pair(commit.author.name, commit.author.email);
    const auto [at, fresh] = known.emplace(key, identities.size());
    if (fresh && identities.size() < most_identities) {
      identities.push_back(identity_of(commit.author));
    } else if (fresh) {
      at->second = 0;  // more authors than any submission has: counted as one
    }
    of_commit.push_back(at->second);
  }
  People people(identities);
  people.join();
  std::map<std::size_t, int> numbers;
  std::vector<int> result;
  for (const std::size_t identity : of_commit) {
    if (identities[identity].bot) {
      result.push_back(-1);
      continue;
    }
    const int next = static_cast<int>(numbers.size());
    result.push_back(numbers.emplace(people.root(identity), next).first->second);
  }
  return result;
}

}  // namespace grader::checks
