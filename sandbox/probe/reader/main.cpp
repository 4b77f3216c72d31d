// Opens copies of the database files of a candidate's application: the only program that does.
// Arguments: the socket of the grader, the folder of the databases, the folder that the application
// writes besides.

#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "grader/base/descriptor.hpp"
#include "sandbox/probe/frame.hpp"
#include "sandbox/probe/reader/files.hpp"
#include "sandbox/probe/reader/hiding.hpp"
#include "sandbox/probe/reader/rows.hpp"

namespace grader::sandbox::reader {
namespace {

using Json = nlohmann::json;

constexpr std::size_t changes_cap = 500;
constexpr std::size_t slots_cap = 12;
constexpr int silence = 120;

std::string hex(const std::string& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char one : bytes) {
    text += digits[static_cast<unsigned char>(one) >> 4U];
    text += digits[static_cast<unsigned char>(one) & 15U];
  }
  return text;
}

/// A text as it is, a number in "n", bytes in "x".
Json json_of(const Value& value) {
  switch (value.kind) {
    case Value::Kind::null:
      return nullptr;
    case Value::Kind::number:
      return {{"n", value.bytes}};
    case Value::Kind::text:
      return value.bytes;
    default:
      return {{"x", hex(value.bytes)}};
  }
}

Json json_of(const Row& row) {
  Json result = Json::object();
  for (const auto& [name, value] : row) result[name] = json_of(value);
  return result;
}

std::vector<std::string> changed_columns(const Row& before, const Row& after) {
  std::vector<std::string> names;
  for (const auto& [name, value] : after) {
    const auto old = before.find(name);
    if (old == before.end() || old->second != value) names.push_back(name);
  }
  return names;
}

class Reader {
 public:
  Reader(std::string databases, std::string written)
      : databases_(std::move(databases)), written_(std::move(written)) {}

  Json answer(const Json& asked) {
    const std::string what = asked.value("do", "");
    if (what == "keep") return keep(asked.value("slot", 0));
    if (what == "restore") return restore(asked.value("slot", 0));
    if (what == "changes") return changes(asked.value("slot", 0));
    if (what == "find") return find(asked.value("needle", ""), asked.value("files", false));
    if (what == "row") return row(asked.value("table", ""), asked.value("row", std::int64_t{0}));
    if (what == "edit") return edit(asked);
    if (what == "copies") return copies(asked);
    return {{"error", "unknown request"}};
  }

 private:
  struct Slot {
    Files files;
    Tables tables;
  };

  Json keep(int number) {
    if (slots_.size() >= slots_cap && !slots_.contains(number)) return {{"error", "no slot left"}};
    Slot& slot = slots_[number];
    slot.files = read_files(databases_);
    slot.tables = read_tables(slot.files, "/tmp/look");
    return {{"files", slot.files.size()}, {"tables", slot.tables.size()}};
  }

  Json restore(int number) {
    if (!slots_.contains(number)) return {{"error", "no such slot"}};
    const Files& files = slots_[number].files;
    // Most requests change nothing.
    if (read_files(databases_) == files) return {{"same", true}};
    return {{"written", write_files(databases_, files)}};
  }

  Json changes(int number) {
    if (!slots_.contains(number)) return {{"error", "no such slot"}};
    const Slot& slot = slots_[number];
    const Files now = read_files(databases_);
    if (now == slot.files) return {{"changes", Json::array()}};
    const Tables tables = read_tables(now, "/tmp/look");
    Json list = Json::array();
    for (const auto& [table, rows] : tables) {
      const auto old = slot.tables.find(table);
      static const std::map<std::int64_t, Row> none;
      compare(table, old == slot.tables.end() ? none : old->second, rows, list);
    }
    for (const auto& [table, rows] : slot.tables) {
      if (!tables.contains(table)) compare(table, rows, {}, list);
    }
    return {{"changes", std::move(list)}};
  }

  static void compare(const std::string& table, const std::map<std::int64_t, Row>& before,
                      const std::map<std::int64_t, Row>& after, Json& list) {
    const auto tell = [&](const char* what, std::int64_t number, const Row& row,
                          const std::vector<std::string>& columns) {
      if (list.size() >= changes_cap) return;
      list.push_back({{"what", what},
                      {"table", table},
                      {"row", number},
                      {"values", json_of(row)},
                      {"columns", columns}});
    };
    for (const auto& [number, row] : after) {
      const auto old = before.find(number);
      if (old == before.end())
        tell("added", number, row, {});
      else if (old->second != row)
        tell("changed", number, row, changed_columns(old->second, row));
    }
    for (const auto& [number, row] : before) {
      if (!after.contains(number)) tell("deleted", number, row, {});
    }
  }

  Json find(const std::string& needle, bool in_files) const {
    Json hits = Json::array();
    for (const auto& [table, rows] : read_tables(read_files(databases_), "/tmp/look")) {
      for (const auto& [number, row] : rows) {
        for (const auto& [column, value] : row) {
          if (value.kind == Value::Kind::null || value.kind == Value::Kind::number) continue;
          const std::string how = how_hidden(value.bytes, needle);
          if (how.empty() || hits.size() >= changes_cap) continue;
          hits.push_back({{"table", table}, {"column", column}, {"row", number}, {"how", how}});
        }
      }
    }
    if (in_files) add_files(needle, hits);
    return {{"hits", std::move(hits)}};
  }

  void add_files(const std::string& needle, Json& hits) const {
    struct Search : Visitor {
      Search(const std::string& needle, Json& hits) : needle_(needle), hits_(hits) {}
      void file(const std::string& name, const std::string& bytes) override {
        if (hits_.size() < changes_cap && bytes.find(needle_) != std::string::npos)
          hits_.push_back({{"file", name}, {"how", "as typed"}});
      }
      const std::string& needle_;
      Json& hits_;
    };
    Search search(needle, hits);
    walk(written_, search);
  }

  Json row(const std::string& table, std::int64_t number) const {
    const Tables tables = read_tables(read_files(databases_), "/tmp/look");
    const auto found = tables.find(table);
    if (found == tables.end() || !found->second.contains(number)) return {{"error", "no such row"}};
    return {{"values", json_of(found->second.at(number))}};
  }

  Json edit(const Json& asked) const {
    const Edit edit{asked.value("table", ""), asked.value("row", std::int64_t{0}),
                    asked.value("column", ""), from_hex(asked.value("bytes", ""))};
    const Files files = read_files(databases_);
    const Files changed = edited(files, "/tmp/edit", edit);
    return {{"written", changed != files && write_files(databases_, changed)}};
  }

  Json copies(const Json& asked) const {
    Copies copies{asked.value("table", ""), asked.value("row", std::int64_t{0}),
                  std::min(asked.value("count", 0), 200),
                  asked.value("fresh", std::vector<std::string>{}), asked.value("key", "")};
    const Files files = read_files(databases_);
    const Files changed = with_copies(files, "/tmp/edit", copies);
    return {{"written", changed != files && write_files(databases_, changed)}};
  }

  std::string databases_;
  std::string written_;
  std::map<int, Slot> slots_;
};

std::string answer_to(Reader& reader, const std::string& text) {
  Json told;
  try {
    told = reader.answer(Json::parse(text));
  } catch (const std::exception& error) {
    told = {{"error", error.what()}};
  }
  return told.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace
}  // namespace grader::sandbox::reader

int main(int count, char** arguments) {
  using namespace grader::sandbox;
  if (count != 4) {
    std::fputs("usage: reader SOCKET DATABASES WRITTEN\n", stderr);
    return 2;
  }
  const grader::Descriptor socket(frame::connect(arguments[1], reader::silence));
  if (!socket.valid()) {
    std::fputs("no connection\n", stderr);
    return 1;
  }
  reader::Reader reader(arguments[2], arguments[3]);
  while (const auto asked = frame::read(socket.get())) {
    if (!frame::write(socket.get(), reader::answer_to(reader, *asked))) break;
  }
  return 0;
}
