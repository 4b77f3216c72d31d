#include "grader/project/access/sql.hpp"

#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"

namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using Type = Abstract::Type;

namespace {

constexpr std::size_t longest_statement = 20'000;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || (c & '\x80') != 0;
}

/// Words, placeholders (each as "?") and single signs; quotes around names are dropped.
std::vector<std::string> tokens_of(std::string_view sql) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    const bool named = c == '%' && i + 1 < sql.size() && sql[i + 1] == '(';
    const bool typed = sql.substr(i).starts_with("%s") || sql.substr(i).starts_with("%d");
    if (c == '?' || typed || named || c == '{') {
      tokens.emplace_back("?");
      const char last = named ? ')' : c == '{' ? '}' : c == '?' ? '?' : sql[i + 1];
      const auto end = sql.find(last, i);
      i = end == sql.npos ? sql.size() : end + (named ? 2 : 1);
    } else if (is_word(c)) {
      const std::size_t from = i;
      while (i < sql.size() && is_word(sql[i])) ++i;
      tokens.push_back(text::lower(sql.substr(from, i - from)));
    } else {
      if (c != '"' && c != '`' && c != '[' && c != ']' && c != '\'' && c != ' ' && c != '\n' &&
          c != '\t' && c != '\r' && c != '\\') {
        tokens.emplace_back(1, c);
      }
      ++i;
    }
  }
  return tokens;
}

std::string last_name(std::string_view dotted_name) {
  const auto dot = dotted_name.rfind('.');
  return std::string(dot == dotted_name.npos ? dotted_name : dotted_name.substr(dot + 1));
}

bool compares(std::string_view token) {
  static constexpr std::array<std::string_view, 9> signs{"=",     "<",  ">",      "!",      "like",
                                                         "ilike", "in", "regexp", "similar"};
  return std::ranges::find(signs, token) != signs.end();
}

/// INSERT INTO t (a, b) VALUES (?, ?): the columns in the order of the placeholders.
void read_insert(const std::vector<std::string>& tokens, SqlStatement& statement) {
  std::vector<std::string> columns;
  const auto open = std::ranges::find(tokens, "(");
  const auto values = std::ranges::find(tokens, "values");
  for (auto token = open; token < values && *token != ")"; ++token) {
    if (is_word(token->front())) columns.push_back(last_name(*token));
  }
  std::size_t at = 0;
  for (auto token = values; token < tokens.end(); ++token) {
    if (*token == ",") ++at;
    if (*token == "?")
      statement.parameters.push_back({at < columns.size() ? columns[at] : "", false});
  }
}

/// a = ?, b LIKE ?: each placeholder with the name before its comparison.
void read_comparisons(const std::vector<std::string>& tokens, SqlStatement& statement) {
  bool where = false;
  std::string column;
  std::string word;
  bool searches = false;
  for (const auto& token : tokens) {
    if (token == "where" || token == "having") where = true;
    if (token == "?") {
      statement.parameters.push_back({column, where, searches});
      searches = false;
    } else if (compares(token)) {
      if (!word.empty()) column = word;
      searches = token == "like" || token == "ilike" || token == "similar" || token == "regexp";
    } else if (is_word(token.front()) && token != "not") {
      word = last_name(token);
      if (token == "and" || token == "or") column.clear();
    }
  }
}

}  // namespace

std::optional<SqlStatement> read_sql(std::string_view text) {
  if (text.size() > longest_statement) return std::nullopt;
  const auto tokens = tokens_of(text);
  if (tokens.size() < 3) return std::nullopt;
  const auto after = [&](std::string_view word) -> std::string {
    const auto found = std::ranges::find(tokens, word);
    if (found == tokens.end() || found + 1 == tokens.end()) return {};
    return last_name(*(found + 1));
  };
  SqlStatement statement;
  if (tokens[0] == "select") {
    statement = {SqlStatement::Kind::select, after("from"), {}};
  } else if (tokens[0] == "insert" || tokens[0] == "replace") {
    statement = {SqlStatement::Kind::insert, after("into"), {}};
  } else if (tokens[0] == "update") {
    statement = {SqlStatement::Kind::update, last_name(tokens[1]), {}};
  } else if (tokens[0] == "delete") {
    statement = {SqlStatement::Kind::remove, after("from"), {}};
  } else {
    return std::nullopt;
  }
  if (statement.table.empty()) return std::nullopt;
  if (statement.kind == SqlStatement::Kind::insert) {
    read_insert(tokens, statement);
  } else {
    read_comparisons(tokens, statement);
  }
  return statement;
}

namespace {

/// The text of an SQL expression: constant, or what is written of it with "{}" for the rest.
std::string sql_text(Node node, const python::Program& program) {
  const auto value = python::evaluate(node, &program);
  if (value.is_string() && !value.partial) return value.text;
  if (node.is(Kind::string)) return python::string_text(node);
  if (node.is(Kind::concatenated_string)) {
    std::string all;
    for (const Node part : node.children()) all += python::string_text(part);
    return all;
  }
  if (node.is(Kind::binary_operator)) {
    const bool formats = node.child(Field::operator_).text() == "%";
    std::string left = sql_text(python::unwrapped(node.child(Field::left)), program);
    if (left.empty() || formats) return left;
    const std::string right = sql_text(python::unwrapped(node.child(Field::right)), program);
    return left + (right.empty() ? "{}" : right);
  }
  if (node.is(Kind::call)) {  // "…".format(…)
    return sql_text(python::unwrapped(python::callee(node).child(Field::object)), program);
  }
  return {};
}

/// The expressions that fill the placeholders: a tuple, list or dict, or those of an f-string.
std::vector<Node> parameter_nodes(Node sql, Node given) {
  std::vector<Node> nodes;
  const auto parts_of = [&](Node list) {
    for (const Node item : list.children()) {
      if (item.is(Kind::comment)) continue;
      nodes.push_back(item.is(Kind::pair) ? item.child(Field::value) : item);
    }
  };
  if (given.is(Kind::tuple) || given.is(Kind::list) || given.is(Kind::dictionary)) {
    parts_of(given);
  } else {
    for (const Node part : sql.descendants()) {
      if (part.is(Kind::interpolation)) nodes.push_back(*part.children().begin());
    }
    if (sql.is(Kind::binary_operator)) {
      const Node right = python::unwrapped(sql.child(Field::right));
      right.is(Kind::tuple) ? parts_of(right) : nodes.push_back(right);
    }
  }
  return nodes;
}

}  // namespace

/// cursor.execute(SQL, parameters) on a table of one of the models: absent where it is none.
std::optional<Abstract> Machine::execute_sql(Node node, State& state) {
  Node sql = python::unwrapped(python::positional(node, 0));
  const Abstract text = eval(sql, state);
  if (sql.is(Kind::identifier) && text.node) sql = python::unwrapped(text.node);
  const auto statement = read_sql(sql_text(sql, program_));
  if (!statement) return std::nullopt;
  const Model* model = index_.table(statement->table);
  if (model == nullptr) return std::nullopt;
  Node given = python::unwrapped(python::positional(node, 1));
  const Abstract parameters = eval(given, state);
  if (given.is(Kind::identifier) && parameters.node) given = python::unwrapped(parameters.node);
  return run_sql(*statement, *model, parameter_nodes(sql, given), node, state);
}

Abstract Machine::run_sql(const SqlStatement& statement, const Model& model,
                          const std::vector<Node>& parameters, Node node, State& state) {
  using Sql = SqlStatement::Kind;
  Rows rows;
  rows.model = &model;
  rows.born = rows.fresh = rows.single = statement.kind == Sql::insert;
  rows.trace.push_back({node.location(), "rows of " + model.name + " by SQL"});
  for (std::size_t i = 0; i < statement.parameters.size() && i < parameters.size(); ++i) {
    const SqlParameter& parameter = statement.parameters[i];
    if (parameter.column.empty()) continue;
    if (statement.kind == Sql::insert) {
      own(rows, parameter.column, eval(parameters[i], state), state);
    } else if (parameter.compared) {
      constrain_by(rows, parameter.column + (parameter.searches ? "__contains" : ""), parameters[i],
                   state);
    }
  }
  Abstract value;
  value.type = Type::rows;
  value.node = node;
  value.model = &model;
  value.rows = add_rows(std::move(rows));
  const std::array kinds{Effect::Kind::show, Effect::Kind::create, Effect::Kind::update,
                         Effect::Kind::remove};
  if (statement.kind != Sql::select) {
    effect(kinds[static_cast<std::size_t>(statement.kind)], value.rows, node.location(), state);
  }
  executed_ = value;
  return value;
}

/// What fetchone(), fetchall() and fetchmany() give of the last statement.
Abstract Machine::fetched(std::string_view name) {
  Abstract value = executed_;
  if (!value.is(Type::rows)) return value;
  if (name == "fetchone") {
    Rows one = rows(value.rows);
    one.single = true;
    value.rows = add_rows(std::move(one));
  }
  Abstract carrier;  // tuples of columns, not instances
  carrier.holds = {value.rows};
  return carrier;
}

}  // namespace grader::project::access
