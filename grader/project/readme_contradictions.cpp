#include <algorithm>
#include <map>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"
#include "grader/project/readme_markdown.hpp"
#include "grader/project/readme_words.hpp"

namespace grader::project {
namespace {

constexpr std::size_t most_claims = 50;
constexpr std::uint64_t largest = 512U << 10U;
constexpr std::uint64_t most_searched = 16U << 20U;

bool has_word_start(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const bool inside =
        at > 0 && ((text[at - 1] >= 'a' && text[at - 1] <= 'z') || (text[at - 1] & '\x80') != 0);
    if (!inside) return true;
  }
  return false;
}

bool has_any_start(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](auto word) { return has_word_start(text, word); });
}

/// A sentence that says that secrets are encrypted (not transport, not whole disks, no denial).
bool claims_encryption(std::string_view lowered) {
  const bool encrypts = has_any_start(
      lowered, {"encrypt", "crypt", "chiffr", "cifrad", "criptogra", "verschlüssel", "шифр"});
  const bool subject = text::contains_any(
      lowered, {"password", "credential", "mot de passe", "mots de passe", "contraseña", "senha",
                "passwör", "passwort", "парол", "secret", "data", "entries"});
  const bool other = text::contains_any(
      lowered, {"https", "tls", "ssl", "transit", "not encrypt", "n't encrypt", "unencrypted",
                "without encrypt", "no encrypt", "will be", "should be", "could be", "plan", "hash",
                "one-way", "decrypt it yourself"});
  return encrypts && subject && !other;
}

bool claims_second_factor(std::string_view lowered) {
  return has_any_start(lowered, {"two-factor", "two factor", "2fa", "totp", "двухфактор",
                                 "double authentification", "doble factor"}) &&
         !text::contains_any(lowered, {"account on", "github", "gmail", "google account", "plan",
                                       "will be", "not "});
}

/// The database systems that a text names.
std::set<std::string> databases_in(std::string_view lowered) {
  std::set<std::string> found;
  if (has_word_start(lowered, "sqlite")) found.insert("SQLite");
  if (has_word_start(lowered, "postgres")) found.insert("PostgreSQL");
  if (has_any_start(lowered, {"mysql", "mariadb"})) found.insert("MySQL");
  return found;
}

bool is_variable_name(std::string_view name) {
  return name.size() > 3 && name.find('_') != name.npos && name.front() >= 'A' &&
         name.front() <= 'Z' && std::ranges::all_of(name, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

/// Variables that tools read without the submission naming them.
bool is_read_by_tools(std::string_view name) {
  for (const auto head :
       {"DJANGO_S", "PYTHON", "PIP_", "COMPOSE_", "DOCKER_", "NODE_", "POSTGRES_", "MYSQL_", "AWS_",
        "GIT_", "DATABASE_URL", "CACHE_URL", "EMAIL_URL", "SEARCH_URL", "UV_", "POETRY_"}) {
    if (name.starts_with(head)) return true;
  }
  return false;
}

/// NAME of a line NAME=value, or empty.
std::string_view variable_in(std::string_view line) {
  line = text::trim(line);
  for (const std::string_view head : {"export ", "set ", "$ "}) {
    if (line.starts_with(head)) line = text::trim(line.substr(head.size()));
  }
  const auto equals = line.find('=');
  if (equals == line.npos || line.find("==") == equals) return {};
  const auto name = text::trim(line.substr(0, equals));
  return is_variable_name(name) ? name : std::string_view();
}

/// The files that a command line reads: "pip install -r FILE", "cp FILE .env", "python FILE.py".
std::vector<std::string_view> files_read_by(std::string_view line) {
  auto words = text::split(text::trim(line), ' ');
  std::erase_if(words, [](std::string_view word) { return word.empty() || word == "$"; });
  std::vector<std::string_view> files;
  if (words.size() < 2) return files;
  const bool pip = words[0].starts_with("pip") || text::contains_any(line, {"-m pip install"});
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    if (pip && words[i] == "-r") files.push_back(words[i + 1]);
  }
  if (words[0] == "cp" && words.size() >= 3 && words[2].ends_with(".env"))
    files.push_back(words[1]);
  return files;
}

/// A path of the submission, and no placeholder, option, or address.
bool is_plain_path(std::string_view path) {
  return !path.empty() && path.find_first_of("<>*$~{}[]\"'`:\\,;") == path.npos &&
         !path.starts_with('-') && !path.starts_with('/');
}

class Contradictions {
 public:
  explicit Contradictions(const Project& project) : project_(project) {}

  std::vector<Contradiction> run() {
    for (const auto& block : text_blocks(project_.readme.text)) {
      if (block.kind != TextBlock::Kind::heading) lines(block);
      const std::string section = lower_utf8(block.section);
      if (heads_plans(section) || heads_limitations(section)) continue;
      if (block.kind != TextBlock::Kind::code) prose(block);
    }
    databases();
    variables();
    return std::move(found_);
  }

 private:
  void add(std::string claim, int line, std::string finds, const Location& at = {}) {
    const auto same = [&](const Contradiction& one) { return one.claim == claim; };
    if (found_.size() >= most_claims || std::ranges::any_of(found_, same)) return;
    found_.push_back({std::move(claim), {project_.readme.path, line}, std::move(finds), at});
  }

  void lines(const TextBlock& block) {
    int line = block.line;
    for (const auto one : text::lines(block.text)) {
      commands(text::trim(one), line);
      if (block.kind == TextBlock::Kind::code) {
        const auto name = variable_in(one);
        if (!name.empty() && !is_read_by_tools(name) && variables_.size() < most_claims) {
          variables_.emplace_back(name, line);
        }
      }
      ++line;
    }
  }

  void commands(std::string_view line, int number) {
    const auto& inventory = project_.inventory;
    const bool compose = text::contains_any(line, {"docker-compose up", "docker compose up"});
    const bool build = line.find("docker build ") != line.npos;
    if ((compose || build) && !inventory.dockerfile && !inventory.compose) {
      add("it can be started with Docker", number, "no Dockerfile and no compose file is there");
    }
    const bool tests = line.ends_with("manage.py test") || line.starts_with("pytest");
    if (tests && project_.tests.cases.empty() && !project_.tests.browser_encryption) {
      add("it has tests to run", number, "no test is there");
    }
    for (auto path : files_read_by(line)) {
      if (path.starts_with("./")) path.remove_prefix(2);
      if (is_plain_path(path) && !is_there(path)) {
        add(std::string(path) + " is there", number, "no file of that name is there");
      }
    }
  }

  bool is_there(std::string_view path) const {
    const auto name = file_name(path);
    return std::ranges::any_of(project_.files.entries, [&](const Files::Entry& entry) {
      return file_name(entry.path) == name;
    });
  }

  void prose(const TextBlock& block) {
    int line = block.line;
    for (const auto one : text::lines(block.text)) {
      const std::string lowered = lower_utf8(one);
      if (claims_encryption(lowered)) encryption(lowered, line);
      if (claims_second_factor(lowered) && !project_.features.two_factor) {
        add("there is two-factor authentication", line, "nothing of it is in the code");
      }
      for (const auto& name : databases_in(lowered)) databases_.emplace(name, line);
      ++line;
    }
  }

  /// Where a cipher is at hand, what reaches the row without it is one path, and no claim is wrong.
  bool has_cipher() const {
    return std::ranges::any_of(project_.program.modules(), [](const python::Module& module) {
      return text::contains_any(module.root().text(),
                                {"cryptography", "from Crypto", "import Crypto", "fernet",
                                 "encrypted_model_fields", "encrypted_fields", "nacl"});
    });
  }

  void encryption(const std::string& lowered, int line) {
    const auto& secrets = project_.secrets;
    const bool cipher = has_any_start(lowered, {"aes", "fernet"});
    const bool decided = secrets.at.line > 0;
    std::string finds;
    if (secrets.kind == Transform::none) finds = "the secret is saved as it was typed";
    if (secrets.kind == Transform::encoding) finds = "the secret is only encoded";
    if (secrets.kind == Transform::hash && cipher) finds = "the secret is hashed";
    if (secrets.kind == Transform::toy_cipher && cipher) {
      finds = "the secret goes through a cipher of the code's own";
    }
    if (decided && !finds.empty() && !has_cipher()) {
      add("passwords are encrypted", line, finds, secrets.at);
    }
  }

  /// The systems that any settings name; nothing where an address from outside decides.
  std::set<std::string> configured(Location& at) const {
    std::set<std::string> engines;
    for (const auto& module : project_.settings) {
      const auto text = project_.files.text(module.path);
      if (!text) return {};
      if (text::contains_any(*text, {"dj_database_url", "DATABASE_URL", "env.db"})) return {};
      for (auto place = text->find("django.db.backends."); place != std::string::npos;
           place = text->find("django.db.backends.", place + 1)) {
        const auto name = std::string_view(*text).substr(place + 19, 10);
        const auto found = databases_in(text::lower(name));
        engines.insert(found.begin(), found.end());
        if (at.line == 0) {
          const auto before = std::string_view(*text).substr(0, place);
          at = {module.path, 1 + static_cast<int>(std::ranges::count(before, '\n'))};
        }
      }
    }
    return engines;
  }

  void databases() {
    if (databases_.size() != 1) return;
    Location at;
    const auto engines = configured(at);
    const auto& [name, line] = *databases_.begin();
    if (engines.empty() || engines.contains(name)) return;
    add("the database is " + name, line, "the settings name " + *engines.begin(), at);
  }

  /// Variables that the README tells to set and that no other file mentions.
  void variables() {
    std::uint64_t searched = 0;
    for (const auto& entry : project_.files.entries) {
      if (variables_.empty()) return;
      if (entry.symlink || entry.path == project_.readme.path) continue;
      if (entry.size > largest || is_vendored(entry.path, project_.files)) continue;
      searched += entry.size;
      // What was not searched may name it.
      if (searched > most_searched) return;
      const auto text = project_.files.text(entry.path);
      if (!text || is_document(entry.path)) continue;
      std::erase_if(variables_,
                    [&](const auto& one) { return text->find(one.first) != std::string::npos; });
    }
    for (const auto& [name, line] : variables_) {
      add("the variable " + name + " is read", line, "no other file names it");
    }
  }

  static bool is_document(std::string_view path) {
    const std::string name = text::lower(path);
    return name.ends_with(".md") || name.ends_with(".txt") || name.ends_with(".rst");
  }

  const Project& project_;
  std::map<std::string, int> databases_;                ///< name → line
  std::vector<std::pair<std::string, int>> variables_;  ///< name, line
  std::vector<Contradiction> found_;
};

}  // namespace

std::vector<Contradiction> read_contradictions(const Project& project) {
  if (project.readme.path.empty() || !project.has_django()) return {};
  return Contradictions(project).run();
}

}  // namespace grader::project
