#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/descriptor.hpp"
#include "sandbox/probe/prober/http.hpp"
#include "sandbox/probe/prober/page.hpp"

namespace grader::sandbox::prober {

/// One who asks. Names and passwords are drawn after the application has started.
struct Actor {
  std::string who;  ///< owner, other, nobody
  std::string name;
  std::string mail;
  std::string password;
  std::string phone;
  std::map<std::string, std::string> cookies;
  std::string authorization;  ///< "Bearer …", or empty
  std::string user_table;     ///< where the account lies; empty: there is none
  std::int64_t user_row = 0;
  std::string user_id;                            ///< its primary key as text
  std::map<std::string, std::string> registered;  ///< what was typed at registration
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// What is asked for.
struct Request {
  enum class Body { none, form, parts, json };
  std::string method = "GET";
  std::string path;  ///< with its query
  Pairs fields = {};
  Body body = Body::none;
  bool token = true;    ///< with a CSRF token that Django takes
  bool follow = false;  ///< go where it redirects to
};

/// An answer with where it came from in the end.
struct Reply {
  Answer answer;
  std::string path;      ///< after redirects
  int first_status = 0;  ///< before them
  std::string first_location;
  int queries = -1;  ///< a hint
};

/// A value of a row.
struct Cell {
  bool null = true;
  bool bytes = false;  ///< `text` is in hexadecimal digits
  std::string text;
};
using Columns = std::map<std::string, Cell>;

/// A row that is not as it was.
struct Change {
  enum class What { added, changed, deleted };
  What what = What::added;
  std::string table;
  std::int64_t row = 0;
  Columns values;                    ///< as they are now; of a deleted row as they were
  std::vector<std::string> columns;  ///< that changed
};
using Changes = std::vector<Change>;

/// Where a text was found.
struct Hit {
  std::string table;
  std::string column;
  std::string file;
  std::int64_t row = 0;
  std::string how;
};

/// A column as the application's models say: a hint.
struct ColumnHint {
  std::string name;
  std::string column;
  std::string type;
  std::string to;  ///< table that it points to
  int max = 0;
  bool unique = false;
  bool null = false;
  bool key = false;
};

struct ModelHint {
  std::string name;
  std::string table;
  bool own = false;  ///< of the submission, not of a package
  std::vector<ColumnHint> columns;

  const ColumnHint* key() const;
};

/// A part of an address: a literal text, or a parameter with its converter.
struct Token {
  std::string text;
  std::string converter;  ///< empty: `text` is literal
};

struct RouteHint {
  std::vector<Token> tokens;
  std::string name;
  std::string view;  ///< dotted
  std::string path;  ///< of the file, below the submission's top; empty: not its own
  int line = 0;
  std::vector<std::string> form;     ///< names read of a form
  std::vector<std::string> json;     ///< names read of JSON
  std::vector<std::string> query;    ///< names read of the query
  std::vector<Field> fields;         ///< of its forms and serializers
  std::vector<std::string> methods;  ///< besides GET
  bool api = false;
  bool reads = true;
  bool has_actions = false;  ///< of a viewset: `methods` is complete

  std::string pattern() const;  ///< "vault/<int:pk>/"
  std::vector<Token> parameters() const;
  /// The address with these values for its parameters.
  std::string with(const std::vector<std::string>& values) const;
};

/// What the application says of itself: where to look, never evidence.
struct Hints {
  std::vector<RouteHint> routes;
  std::vector<ModelHint> models;
  std::string user_table;
  std::string user_name;  ///< the field that names an account
  std::string session_cookie = "sessionid";
  std::string csrf_cookie = "csrftoken";
  std::string login_url;

  const ModelHint* model(std::string_view table) const;
};

/// Where the programs are reached, and how long everything may take.
struct Places {
  std::string socket;
  unsigned short application = 0;
  unsigned short control = 0;
  std::chrono::steady_clock::time_point until;
};

/// The application, the reader of its rows, and the random values of one seed.
class World {
 public:
  World(const Places& places, std::uint64_t seed);

  /// Waits until the application answers. False where it never does.
  bool arrive();

  /// Nothing where the hints cannot be had or read.
  std::optional<Hints> hints();

  /// Asks with the actor's cookies and keeps those that come back.
  Reply ask(Actor& actor, const Request& request);

  /// False when the time or the number of requests is used up: nothing more is asked.
  bool time_left() const;
  int requests() const { return requests_; }
  std::chrono::steady_clock::time_point until() const { return places_.until; }

  /// Copies of the database, by number; the application stands still meanwhile.
  bool keep(int slot);
  int tables() const { return tables_; }  ///< of the last copy, as far as the reader can open it
  bool restore(int slot);
  /// What differs from a copy; tables of sessions and of Django's own notes are left out.
  Changes changes(int slot);
  std::vector<Hit> find(std::string_view needle, bool in_files);
  bool edit(const std::string& table, std::int64_t row, const std::string& column,
            std::string_view bytes);
  bool add_copies(const std::string& table, std::int64_t row, int count,
                  const std::vector<std::string>& fresh, const std::string& key);

  /// Helpers past the application's own pages. False or empty where they fail.
  bool make_user(Actor& actor);
  bool make_session(Actor& actor);
  void activate(const Actor& actor);
  bool make_entry(const std::string& table, const Actor& owner, const std::string& title,
                  const std::string& secret);
  std::vector<std::string> seed_tables(const std::string& table, const Actor& owner);
  std::vector<std::string> mail();  ///< texts of letters, the newest first

  std::string letters(int count);  ///< random, lower case
  std::string digits(int count);
  int number(int below);

  /// Values that a report must not hold: each is replaced by its name.
  void hide(const std::string& value, const std::string& name);
  std::string masked(std::string text) const;
  const Pairs& hidden() const { return hidden_; }

  /// All exchanges as they were, JSON.
  std::string raw() const;
  bool reader_failed() const { return reader_failed_; }
  const std::string& hint_failure() const { return hint_failure_; }

  /// Takes over the connection of a world that asks the reader nothing more.
  void share_reader(World& first) { socket_ = std::move(first.socket_); }

 private:
  std::string consult(char how, const std::string& asked);
  std::string control(const std::string& path, const std::string& body);
  Wire wire(const Actor& actor, const Request& request);
  void keep_cookies(Actor& actor, const Answer& answer) const;
  void record(const Actor& actor, const Wire& wire, const Answer& answer);

  Places places_;
  Descriptor socket_;
  std::mt19937_64 random_;
  std::string host_ = "localhost";
  std::string csrf_cookie_ = "csrftoken";
  std::string agent_;
  std::string csrf_;
  int requests_ = 0;
  int slow_ = 0;
  bool reader_failed_ = false;
  int tables_ = 0;
  std::string hint_failure_;
  Pairs hidden_;
  std::vector<std::string> raw_;
  std::size_t raw_size_ = 0;
};

/// The path of `target` seen from `base`; empty where it leads to another host or is no path.
std::string resolved(std::string_view base, std::string_view target);

std::string percent_encoded(std::string_view text);

/// Entities of HTML and escapes of JSON resolved as far as canaries need.
std::string unescaped(std::string_view text);

}  // namespace grader::sandbox::prober
