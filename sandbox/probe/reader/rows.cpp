#include "sandbox/probe/reader/rows.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

namespace grader::sandbox::reader {

namespace {

constexpr int rows_cap = 20'000;
constexpr int tables_cap = 300;
constexpr int value_cap = 1 << 20;
constexpr int steps_cap = 50'000'000;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

/// Counts down for all statements of one connection.
int out_of_steps(void* left) {
  int& steps = *static_cast<int*>(left);
  steps -= 1000;
  return steps < 0 ? 1 : 0;
}

/// Django's check on JSON columns: SQLite takes its own function for unsafe in a schema that is not
/// trusted, and would read nothing. Nothing of ours depends on the answer.
void always_valid(sqlite3_context* context, int, sqlite3_value**) {
  sqlite3_result_int(context, 1);
}

class Opened {
 public:
  Opened(const std::string& path, bool writable) {
    sqlite3* database = nullptr;
    // A journal beside it is played back first, on the copy.
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
    const int opened = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
    database_.reset(database);
    if (opened != SQLITE_OK) database_.reset();
    if (database_) confine(writable);
  }

  sqlite3* get() const { return database_.get(); }

  Statement prepare(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    if (database_ == nullptr ||
        sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
      return nullptr;
    }
    return Statement(statement);
  }

 private:
  void confine(bool writable) {
    sqlite3* database = database_.get();
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_create_function_v2(database, "JSON_VALID", 1,
                               SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                               always_valid, nullptr, nullptr, nullptr);
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, 4 * value_cap);
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(database, SQLITE_LIMIT_VDBE_OP, 100'000);
    sqlite3_progress_handler(database, 1000, out_of_steps, &steps_);
    if (!writable) sqlite3_exec(database, "PRAGMA query_only=ON", nullptr, nullptr, nullptr);
    sqlite3_exec(database, "PRAGMA temp_store=MEMORY", nullptr, nullptr, nullptr);
  }

  Database database_;
  int steps_ = steps_cap;
};

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char letter : name) {
    if (letter == '"') text += '"';
    text += letter;
  }
  return text + '"';
}

std::string bytes_of(sqlite3_stmt* statement, int column) {
  const void* bytes = sqlite3_column_blob(statement, column);
  const int size = std::min(sqlite3_column_bytes(statement, column), value_cap);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Value value_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_BLOB:
      return {Value::Kind::blob, bytes_of(statement, column)};
    case SQLITE_TEXT:
      return {Value::Kind::text, bytes_of(statement, column)};
    default:
      return {Value::Kind::number, bytes_of(statement, column)};
  }
}

std::vector<std::string> table_names(const Opened& opened) {
  std::vector<std::string> names;
  const Statement statement = opened.prepare(
      "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' "
      "AND sql NOT LIKE 'CREATE VIRTUAL%'");
  while (statement && sqlite3_step(statement.get()) == SQLITE_ROW &&
         names.size() < std::size_t{tables_cap}) {
    names.push_back(bytes_of(statement.get(), 0));
  }
  return names;
}

void read_table(const Opened& opened, const std::string& table, Tables& tables) {
  auto& rows = tables[table];
  Statement statement = opened.prepare("SELECT rowid, * FROM " + quoted(table));
  const bool numbered = statement != nullptr;
  // WITHOUT ROWID: the order of the key stands in for the number.
  if (!numbered) statement = opened.prepare("SELECT 0, * FROM " + quoted(table));
  std::int64_t count = 0;
  while (statement && sqlite3_step(statement.get()) == SQLITE_ROW && count++ < rows_cap) {
    Row row;
    for (int column = 1; column < sqlite3_column_count(statement.get()); ++column) {
      const char* name = sqlite3_column_name(statement.get(), column);
      if (name != nullptr) row[name] = value_of(statement.get(), column);
    }
    rows[numbered ? sqlite3_column_int64(statement.get(), 0) : count] = std::move(row);
  }
}

bool is_database(const std::string& name, const std::string& bytes) {
  return bytes.starts_with("SQLite format 3") && !name.ends_with("-wal") && !name.ends_with("-shm");
}

bool lay_out(const Files& files, const std::string& workspace) {
  ::mkdir(workspace.c_str(), 0700);
  return write_files(workspace, files);
}

bool has_table(const Opened& opened, const std::string& table) {
  return std::ranges::count(table_names(opened), table) > 0;
}

}  // namespace

Tables read_tables(const Files& files, const std::string& workspace) {
  Tables tables;
  if (!lay_out(files, workspace)) return tables;
  for (const auto& [name, bytes] : files) {
    if (!is_database(name, bytes)) continue;
    const Opened opened(workspace + "/" + name, false);
    for (const std::string& table : table_names(opened)) read_table(opened, table, tables);
  }
  return tables;
}

Files edited(const Files& files, const std::string& workspace, const Edit& edit) {
  if (!lay_out(files, workspace)) return files;
  for (const auto& [name, bytes] : files) {
    if (!is_database(name, bytes)) continue;
    const Opened opened(workspace + "/" + name, true);
    if (!has_table(opened, edit.table)) continue;
    const std::string column = quoted(edit.column);
    const Statement statement =
        opened.prepare("UPDATE " + quoted(edit.table) + " SET " + column + "=CASE typeof(" +
                       column + ") WHEN 'blob' THEN ?1 ELSE CAST(?1 AS TEXT) END WHERE rowid=?2");
    if (!statement) return files;
    sqlite3_bind_blob(statement.get(), 1, edit.bytes.data(), static_cast<int>(edit.bytes.size()),
                      SQLITE_STATIC);
    sqlite3_bind_int64(statement.get(), 2, edit.row);
    if (sqlite3_step(statement.get()) != SQLITE_DONE) return files;
  }
  return read_files(workspace);
}

Files with_copies(const Files& files, const std::string& workspace, const Copies& copies) {
  const Tables tables = read_tables(files, workspace);
  const auto table = tables.find(copies.table);
  if (table == tables.end() || !table->second.contains(copies.row)) return files;
  const Row& row = table->second.at(copies.row);
  std::string columns;
  std::string values;
  for (const auto& [name, value] : row) {
    const bool counted = name == copies.key && value.kind == Value::Kind::number;
    if (counted) continue;
    const bool fresh = std::ranges::count(copies.fresh, name) > 0;
    columns += (columns.empty() ? "" : ",") + quoted(name);
    values += (values.empty() ? "" : ",") +
              (fresh ? "substr(" + quoted(name) + ",1,24)||?2" : quoted(name));
  }
  for (const auto& [name, bytes] : files) {
    if (!is_database(name, bytes)) continue;
    const Opened opened(workspace + "/" + name, true);
    if (!has_table(opened, copies.table)) continue;
    for (int number = 1; number <= copies.count; ++number) {
      const Statement statement =
          opened.prepare("INSERT INTO " + quoted(copies.table) + " (" + columns + ") SELECT " +
                         values + " FROM " + quoted(copies.table) + " WHERE rowid=?1");
      if (!statement) return files;
      const std::string suffix = std::to_string(10000000 + number);
      sqlite3_bind_int64(statement.get(), 1, copies.row);
      sqlite3_bind_text(statement.get(), 2, suffix.c_str(), -1, SQLITE_TRANSIENT);
      if (sqlite3_step(statement.get()) != SQLITE_DONE) return files;
    }
  }
  return read_files(workspace);
}

}  // namespace grader::sandbox::reader
