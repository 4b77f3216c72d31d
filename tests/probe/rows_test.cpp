// Database files that a candidate's process wrote: hostile.
#include "sandbox/probe/reader/rows.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace grader::sandbox::reader;

namespace {

struct Folder {
  std::string path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "rows-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

Files database(const Folder& folder, const char* sql) {
  const std::string file = folder.path + "/made.sqlite3";
  sqlite3* opened = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &opened) == SQLITE_OK);
  CHECK(sqlite3_exec(opened, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(opened);
  return read_files(folder.path);
}

}  // namespace

TEST_CASE("rows come with their kinds of value") {
  const Folder folder;
  const Files files = database(folder,
                               "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b BLOB, c);"
                               "INSERT INTO t VALUES(5,'x',x'00ff',NULL);");
  const Tables tables = read_tables(files, folder.path + "/look");
  const Row& row = tables.at("t").at(5);
  CHECK(row.at("a").bytes == "x");
  CHECK(row.at("b").kind == Value::Kind::blob);
  CHECK(row.at("b").bytes.size() == 2);
  CHECK(row.at("c").kind == Value::Kind::null);
}

TEST_CASE("a check that Django writes for JSON does not hide the tables") {
  const Folder folder;
  const Files files = database(
      folder,
      "CREATE TABLE t(a TEXT CHECK (JSON_VALID(a) OR a IS NULL)); INSERT INTO t VALUES('1');");
  CHECK(read_tables(files, folder.path + "/look").at("t").size() == 1);
}

TEST_CASE("triggers do not run and views are not asked when a value is replaced") {
  const Folder folder;
  const Files files =
      database(folder,
               "CREATE TABLE t(a TEXT); INSERT INTO t VALUES('x'); CREATE TABLE u(a TEXT);"
               "CREATE TRIGGER g AFTER UPDATE ON t BEGIN INSERT INTO u VALUES('ran'); END;"
               "CREATE VIEW v AS SELECT * FROM t;");
  const Files changed = edited(files, folder.path + "/edit", {"t", 1, "a", "y"});
  const Tables tables = read_tables(changed, folder.path + "/look");
  CHECK(tables.at("t").at(1).at("a").bytes == "y");
  CHECK(tables.at("u").empty());
  CHECK_FALSE(tables.contains("v"));
}

TEST_CASE("copies of a row differ where they have to") {
  const Folder folder;
  const Files files = database(folder,
                               "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT);"
                               "INSERT INTO t VALUES(1,'x','same');");
  const Files more = with_copies(files, folder.path + "/edit", {"t", 1, 4, {"a"}, "id"});
  CHECK(read_tables(more, folder.path + "/look").at("t").size() == 5);
}

TEST_CASE("what is no database, a link or too large is passed over") {
  const Folder folder;
  std::ofstream(folder.path + "/a.sqlite3") << "SQLite format 3" << std::string(5'000, '\xee');
  std::ofstream(folder.path + "/b.txt") << "text";
  ::symlink("/etc/passwd", (folder.path + "/c.sqlite3").c_str());
  std::filesystem::create_hard_link(folder.path + "/b.txt", folder.path + "/d.txt");
  const Files files = read_files(folder.path);
  CHECK(files.contains("a.sqlite3"));
  CHECK_FALSE(files.contains("c.sqlite3"));
  CHECK_FALSE(files.contains("b.txt"));
  CHECK(read_tables(files, folder.path + "/look").empty());
}

TEST_CASE("files are put back as they were, others go") {
  const Folder folder;
  std::ofstream(folder.path + "/a") << "one";
  const Files before = read_files(folder.path);
  std::ofstream(folder.path + "/a") << "another, longer";
  std::ofstream(folder.path + "/a-journal") << "left";
  CHECK(write_files(folder.path, before));
  CHECK(read_files(folder.path) == before);
}
