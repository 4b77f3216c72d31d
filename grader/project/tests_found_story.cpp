#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/environment.hpp"
#include "grader/project/tests_found.hpp"
#include "grader/project/tests_found_requests.hpp"
#include "grader/python/literals.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

constexpr int most_nodes = 50'000;
constexpr std::size_t most_requests = 50;
/// Who is signed in where it cannot be told.
constexpr std::string_view somebody = "?";

/// A call that makes an account: create_user, User.objects.create, UserFactory, make_user…
bool makes_user(Node call) {
  const auto name = called_name(call);
  if (name == "create_user" || name == "create_superuser") return true;
  const std::string_view function = python::callee(call).text();
  if (name == "create" || name == "get_or_create" || name == "create_batch" || name == "build") {
    return function.find("User") != function.npos;
  }
  if (name == "make" || name == "blend") {
    return python::positional(call, 0).text().find("User") != std::string_view::npos;
  }
  if (name == "User" || name == "UserFactory" || name == "CustomUser") return true;
  return has_word(name, {"user"}) && has_word(name, {"create", "make", "new", "register", "add"});
}

/// What a test does, step by step, in the order in which it would run.
class Story {
 public:
  Story(const TestFunction& function, const Project& project)
      : function_(function), project_(project), program_(project.program) {}

  TestCase run() {
    result_.name = function_.name;
    result_.at = function_.definition.location();
    result_.at.end_line = 0;
    for (const Node prepare : function_.prepares) {
      fixture_ = function_.pytest ? python::definition_name(prepare) : std::string_view();
      walk(prepare.child(Field::body), 0);
    }
    fixture_ = {};
    in_test_ = true;
    walk(function_.definition.child(Field::body), 0);
    result_.users = static_cast<int>(users_.size());
    result_.expects_refusal = refused_;
    result_.status_only = result_.assertions > 0 && status_ok_ == result_.assertions;
    result_.ownership = is_ownership();
    result_.anonymous = anonymous_request_ && redirected_ && !signed_in_request_;
    return std::move(result_);
  }

 private:
  // The walk.

  void walk(Node body, int depth) {
    std::uint32_t skip_until = 0;
    for (const Node node : body.descendants()) {
      if (++nodes_ > most_nodes) return;
      if (node.index() < skip_until) continue;
      if (node.is(Kind::function_definition) || node.is(Kind::class_definition)) {
        const auto inner = node.descendants();
        skip_until = (*inner.end()).index();
        continue;
      }
      if (node.is(Kind::assert_statement)) judged(node);
      if (node.is(Kind::call)) called(node, depth);
      if (node.is(Kind::assignment)) assigned(node);
      if (node.is(Kind::return_statement) || node.is(Kind::yield)) returned(node);
      if (node.is(Kind::for_statement)) looped(node);
      if (in_test_) mentioned(node);
    }
  }

  void called(Node call, int depth) {
    const auto name = called_name(call);
    if (makes_user(call)) return user_made(call);
    if (assertion_of(call).present) return judged(call);
    if (name == "logout") signed_in_.clear();
    refreshed_ = refreshed_ || (in_test_ && name == "refresh_from_db");
    if (signs_in(call, name)) return;
    if (is_request(call, name)) return saw_request(call, name);
    if (is_own_view(call)) return;
    if (depth < 1) follow(call, depth);
  }

  /// view(request, …): a view that a test calls by itself.
  bool is_own_view(Node call) {
    if (!in_test_ || !python::callee(call).is(Kind::identifier)) return false;
    const Node definition = program_.resolve(python::callee(call)).definition;
    if (!definition.is(Kind::function_definition)) return false;
    const auto& views = project_.views.all;
    const auto view = std::ranges::find(views, definition, &View::definition);
    if (view == views.end()) return false;
    note_request({"call", {}, view->name, signed_in_});
    return true;
  }

  /// Into a method of the test's class or a function of the submission's tests.
  void follow(Node call, int depth) {
    const Node function = python::callee(call);
    Node definition;
    if (function.is(Kind::attribute) && function.child(Field::object).text() == "self" &&
        function_.owner) {
      definition = program_.attribute(function_.owner, function.child(Field::attribute).text());
    } else if (function.is(Kind::identifier)) {
      definition = program_.resolve(function).definition;
    }
    if (!definition.is(Kind::function_definition)) {
      const bool checks = has_word(called_name(call), {"check", "verify", "validate", "expect"});
      result_.calls_unknown_checks = result_.calls_unknown_checks || (in_test_ && checks);
      return;
    }
    const auto before = aliases_;
    std::size_t position = 0;
    for (const Node parameter : definition.child(Field::parameters).children()) {
      const Node named = parameter.child(Field::name);
      const Node name = parameter.is(Kind::identifier) ? parameter : named;
      if (!name || name.text() == "self") continue;
      const Node given = python::argument(call, name.text(), position++);
      if (given) aliases_[std::string(name.text())] = given;
    }
    walk(definition.child(Field::body), depth + 1);
    aliases_ = before;
  }

  // People.

  /// The dotted name of an expression, through the parameters of the helper that is walked.
  std::string name_of(Node node) const {
    std::string name = python::dotted(python::unwrapped(node));
    const auto head = name.substr(0, name.find('.'));
    const auto alias = aliases_.find(head);
    if (alias != aliases_.end() && alias->second != node) {
      const std::string given = python::dotted(alias->second);
      if (!given.empty()) name = given + name.substr(head.size());
    }
    return name;
  }

  std::string text_of(Node node) const {
    const auto alias = aliases_.find(std::string(node.text()));
    return python::evaluate(alias != aliases_.end() ? alias->second : node, &program_).text;
  }

  /// The user that an expression means: its variable, a part of it, its name as text, a token's.
  std::string user_of(Node node) const {
    const std::string name = name_of(node);
    for (const auto& [user, login] : users_) {
      if (!name.empty() && (name == user || name.starts_with(user + "."))) return user;
    }
    if (const std::string owner = owner_of(node); !owner.empty()) return owner;
    const std::string text = text_of(node);
    for (const auto& [user, login] : users_) {
      if (!text.empty() && login == text) return user;
    }
    return {};
  }

  void user_made(Node call) {
    Node target = call.parent();
    while (target.is(Kind::parenthesized_expression)) target = target.parent();
    std::string variable = target.is(Kind::assignment)
                               ? std::string(target.child(Field::left).text())
                               : "user at " + std::to_string(call.start());
    if (gives_back(target)) variable = fixture_;
    const bool pair = target.child(Field::left).is(Kind::pattern_list);
    if (pair) variable = variable.substr(0, variable.find(','));
    Node login = python::keyword(call, "username");
    if (!login) login = python::keyword(call, "email");
    if (!login) login = python::positional(call, 0);
    const std::string text = login ? text_of(login) : "";
    if (const auto [at, fresh] = users_.try_emplace(variable, text); !fresh) at->second = text;
  }

  bool signs_in(Node call, std::string_view name) {
    Node who;
    if (name == "force_login" || name == "login") {
      who = python::keyword(call, "username");
      if (!who) who = python::keyword(call, "email");
      if (!who) who = python::argument(call, "user", name == "login" ? 1 : 0);
      if (!who) who = python::positional(call, 0);
    } else if (name == "force_authenticate") {
      who = python::argument(call, "user", 0);
      // force_authenticate(request, user=…) of the request factory.
      if (users_.empty() || user_of(who).empty()) {
        if (const Node second = python::positional(call, 1)) who = second;
      }
    } else if (name == "credentials") {
      who = credential(call);
    } else if (name == "post" && is_login_address(python::positional(call, 0))) {
      who = posted_login(call);
      if (!who) return false;
    } else {
      return false;
    }
    result_.signs_in = true;
    const std::string user = user_of(who);
    // A token of which nothing is known is that of whoever was signed in to get it.
    if (!user.empty() || name != "credentials" || signed_in_.empty()) {
      signed_in_ = user.empty() ? std::string(somebody) : user;
    }
    if (name == "post" && call.parent().is(Kind::assignment) && !user.empty()) {
      owned_[std::string(call.parent().child(Field::left).text())] = user;
    }
    return name != "login" || !python::callee(call).text().starts_with("self.login");
  }

  /// The token in credentials(HTTP_AUTHORIZATION="Token " + token.key).
  static Node credential(Node call) {
    const Node header = python::keyword(call, "HTTP_AUTHORIZATION");
    Node last;
    for (const Node inner : header.descendants()) {
      const bool part = inner.parent().is(Kind::attribute);
      if ((inner.is(Kind::identifier) || inner.is(Kind::attribute)) && !part) last = inner;
    }
    return last ? last : header;
  }

  bool is_login_address(Node address) const {
    const auto alias = aliases_.find(std::string(address.text()));
    const Node given = alias != aliases_.end() ? alias->second : address;
    const std::string text = text::lower(given.text());
    return text::contains_any(
        text, {"login", "signin", "sign_in", "sign-in", "token", "auth/", "jwt", "session"});
  }

  /// The user name in the data of a sign-in by request.
  static Node posted_login(Node call) {
    for (const Node inner : call.child(Field::arguments).descendants()) {
      if (!inner.is(Kind::pair)) continue;
      const std::string key = python::string_text(inner.child(Field::key));
      if (key == "username" || key == "email" || key == "login") return inner.child(Field::value);
    }
    return {};
  }

  // Things.

  /// Who owns what an expression mentions.
  std::string owner_of(Node node) const {
    std::string whole = owner_of_name(name_of(node));
    if (!whole.empty()) return whole;
    for (const Node inner : node.descendants()) {
      if (!inner.is(Kind::identifier) && !inner.is(Kind::attribute)) continue;
      const std::string owner = owner_of_name(name_of(inner));
      if (!owner.empty()) return owner;
    }
    return {};
  }

  std::string owner_of_name(const std::string& name) const {
    if (name.empty()) return {};
    for (const auto& [thing, owner] : owned_) {
      if (name == thing || name.starts_with(thing + ".")) return owner;
    }
    return {};
  }

  /// A user among the arguments of a call: what it makes is theirs.
  std::string owner_in(Node call) const {
    for (const Node argument : call.child(Field::arguments).children()) {
      const Node value =
          argument.is(Kind::keyword_argument) ? argument.child(Field::value) : argument;
      const std::string name = name_of(value);
      for (const auto& [user, login] : users_) {
        if (name == user || (!name.empty() && name.starts_with(user + "."))) return user;
      }
    }
    return owner_of(call.child(Field::arguments));
  }

  void assigned(Node assignment) {
    const Node left = assignment.child(Field::left);
    Node right = assignment.child(Field::right);
    if (right.is(Kind::await)) right = *right.children().begin();
    const std::string variable(left.text());
    if (const Address address = address_of(right); !address.empty()) addresses_[variable] = address;
    if (right.is(Kind::call)) {
      const auto name = called_name(right);
      const std::string made = qualified_or_written(python::callee(right), program_);
      if (made.ends_with("Client") || made.ends_with("RequestFactory")) clients_.insert(variable);
      if (makes_user(right) || is_request(right, name)) return;
      if (const std::string owner = owner_in(right); !owner.empty()) {
        owned_[variable] = owner;
        note_texts(right, owner);
      }
      return;
    }
    // request.user = self.other, as with a request factory.
    if (left.is(Kind::attribute) && left.child(Field::attribute).text() == "user") {
      if (const std::string user = user_of(right); !user.empty()) {
        signed_in_ = user;
        result_.signs_in = true;
        saw_request({}, {});
        return;
      }
    }
    if (const std::string owner = owner_of(right); !owner.empty()) owned_[variable] = owner;
    if (const std::string user = user_of(right); users_.contains(user)) {
      if (name_of(right) == user) users_.try_emplace(variable, users_[user]);
    }
  }

  bool gives_back(Node node) const {
    return !fixture_.empty() && (node.is(Kind::return_statement) || node.is(Kind::yield));
  }

  /// What a fixture of pytest gives back is known to the test by the fixture's name.
  void returned(Node node) {
    if (!gives_back(node) || node.children().empty()) return;
    const Node value = *node.children().begin();
    const std::string known(fixture_);
    if (value.is(Kind::call)) {
      const std::string owner = makes_user(value) ? std::string() : owner_in(value);
      if (!owner.empty()) {
        owned_[known] = owner;
        note_texts(value, owner);
      }
      return;
    }
    const auto user = users_.find(name_of(value));
    if (user != users_.end()) {
      const std::string login = user->second;
      users_.erase(user);
      users_[known] = login;
      for (auto& [thing, owner] : owned_)
        if (owner == name_of(value)) owner = known;
    } else if (const std::string owner = owner_of(value); !owner.empty()) {
      owned_[known] = owner;
    }
  }

  /// Texts of a row: one that is not there in an answer tells whose row is not there.
  void note_texts(Node call, const std::string& owner) {
    for (const Node argument : call.child(Field::arguments).children()) {
      const std::string text = text_of(argument.child(Field::value));
      if (text.size() >= 3) texts_.emplace(text, owner);
    }
  }

  void looped(Node loop) {
    const std::string owner = owner_of(loop.child(Field::right));
    if (!owner.empty()) owned_[std::string(loop.child(Field::left).text())] = owner;
  }

  void mentioned(Node node) {
    if (node.is(Kind::string)) {
      const auto owner = texts_.find(python::string_text(node));
      if (owner != texts_.end()) mentions_.insert(owner->second);
    }
    if (!node.is(Kind::identifier) && !node.is(Kind::attribute)) return;
    if (node.parent().is(Kind::attribute)) return;
    const std::string owner = owner_of_name(name_of(node));
    if (!owner.empty()) mentions_.insert(owner);
  }

  // Requests and what is demanded of their answers.

  bool is_request(Node call, std::string_view name) const {
    static constexpr std::array<std::string_view, 8> methods{
        "get", "post", "put", "patch", "head", "options", "delete", "generic"};
    if (std::ranges::find(methods, name) == methods.end()) return false;
    const Node object = python::callee(call).child(Field::object);
    const std::string written = name_of(object);
    if (clients_.contains(written)) return true;
    return has_word(written.substr(written.rfind('.') + 1),
                    {"client", "browser", "api", "factory"});
  }

  /// The address of an expression, through variables of the test, its setUp and helpers.
  Address address_of(Node node) const {
    const auto alias = aliases_.find(std::string(node.text()));
    if (alias != aliases_.end() && alias->second != node) node = alias->second;
    node = python::unwrapped(node);
    const auto known = addresses_.find(python::dotted(node));
    if (known != addresses_.end()) return known->second;
    const Node constant = constant_of(node);
    return project::address_of(constant ? constant.child(Field::right) : node, program_);
  }

  /// The assignment of a constant of the module, or of the test's class.
  Node constant_of(Node node) const {
    Node definition;
    if (node.is(Kind::identifier)) definition = program_.resolve(node).definition;
    if (node.is(Kind::attribute) && node.child(Field::object).text() == "self" && function_.owner) {
      definition = program_.attribute(function_.owner, node.child(Field::attribute).text());
    }
    return definition.is(Kind::assignment) ? definition : Node();
  }

  void note_request(TestRequest request) {
    if (result_.requests.size() < most_requests) result_.requests.push_back(std::move(request));
  }

  void saw_request(Node call, std::string_view method) {
    if (!in_test_) return;
    if (call) {
      const Address address = address_of(python::positional(call, 0));
      note_request({std::string(method), address.text(), view_at(project_.views, address, method),
                    signed_in_});
      const Node target = call.parent();
      if (target.is(Kind::assignment)) answers_.emplace(target.child(Field::left).text());
    }
    if (signed_in_.empty()) {
      anonymous_request_ = true;
    } else {
      signed_in_request_ = true;
      if (signed_in_ != somebody) visitors_.insert(signed_in_);
    }
  }

  /// An answer is an object whatever is in it: that it is there can never be false.
  bool is_about_presence_of_answer(Node node) const {
    const auto name = node.is(Kind::call) ? called_name(node) : std::string_view();
    const bool truth = name == "assertTrue" || name == "assertIsNotNone";
    return truth && answers_.contains(std::string(python::positional(node, 0).text()));
  }

  void judged(Node node) {
    const Assertion assertion = assertion_of(node);
    if (in_test_ && (!assertion.real || is_about_presence_of_answer(node))) {
      if (result_.hollow.size() < most_requests) result_.hollow.push_back(node.location());
    } else if (in_test_) {
      ++result_.assertions;
      if (assertion.status_ok) ++status_ok_;
    }
    if (assertion.real) asserted(node, assertion);
  }

  void asserted(Node node, const Assertion& assertion) {
    result_.asserts = true;
    refused_ = refused_ || assertion.refusal;
    redirected_ = redirected_ || assertion.redirect;
    counted_ = counted_ || assertion.counts;
    const bool read_again = refreshed_ || node.text().find(".objects.") != std::string_view::npos;
    unchanged_ = unchanged_ || (assertion.unchanged && read_again && !owner_of(node).empty());
    result_.encryption =
        result_.encryption || is_about_encryption(node, [this](std::string_view name) {
          return users_.contains(std::string(name));
        });
  }

  /// Somebody who is not the owner of a row asked, and refusal, absence or the row as it was is
  /// demanded.
  bool is_ownership() const {
    if (users_.size() < 2 || !result_.asserts) return false;
    for (const auto& visitor : visitors_) {
      const bool foreign = std::ranges::any_of(
          mentions_, [&](const std::string& owner) { return owner != visitor; });
      if (foreign && (refused_ || unchanged_)) return true;
      // A list of exactly so many rows, where others have rows as well.
      const bool others = std::ranges::any_of(
          owned_, [&](const auto& pair) { return pair.second != visitor && is_row(pair.second); });
      const bool own =
          std::ranges::any_of(owned_, [&](const auto& pair) { return pair.second == visitor; });
      if (counted_ && others && own && project_.models.all.size() > 0) return true;
    }
    return false;
  }

  bool is_row(const std::string& owner) const {
    return std::ranges::any_of(texts_, [&](const auto& pair) { return pair.second == owner; });
  }

  const TestFunction& function_;
  const Project& project_;
  const python::Program& program_;
  TestCase result_;
  std::map<std::string, std::string> users_;  ///< variable → user name
  std::map<std::string, std::string> owned_;  ///< variable → the user it belongs to
  std::map<std::string, std::string> texts_;  ///< text of a row → the user it belongs to
  std::map<std::string, Node> aliases_;       ///< parameter of a helper → what is given
  std::map<std::string, Address> addresses_;  ///< variable → where it leads
  std::set<std::string> answers_;             ///< variables that hold an answer
  int status_ok_ = 0;                         ///< assertions that ask for status 200
  std::set<std::string> clients_;
  std::set<std::string> visitors_;  ///< users that asked for something in the test
  std::set<std::string> mentions_;  ///< owners of what the test itself names
  std::string signed_in_;
  int nodes_ = 0;
  std::string_view fixture_;  ///< the fixture of pytest that is walked, or empty
  bool in_test_ = false;
  bool anonymous_request_ = false;
  bool signed_in_request_ = false;
  bool refused_ = false;
  bool redirected_ = false;
  bool counted_ = false;
  bool unchanged_ = false;
  bool refreshed_ = false;  ///< a row was read again after the request
};

}  // namespace

bool has_word(std::string_view name, std::initializer_list<std::string_view> wanted) {
  const auto words = text::words(name);
  return std::ranges::any_of(words, [&](const std::string& word) {
    return std::ranges::find(wanted, word) != wanted.end();
  });
}

TestCase read_test(const TestFunction& function, const Project& project) {
  return Story(function, project).run();
}

}  // namespace grader::project
