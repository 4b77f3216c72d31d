#include "sandbox/environment/protocol.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "grader/base/text.hpp"

namespace grader::sandbox {

using Json = nlohmann::json;

namespace {

constexpr std::string_view mark = "@grader ";

std::string limited(const std::string& text, const RecordLimits& limits) {
  return text::shorten(text::to_utf8(text), limits.text);
}

void add_list(Record& record, const std::string& name, const Json& value,
              const RecordLimits& limits) {
  std::vector<std::string>& list = record.lists[name];
  for (const Json& part : value) {
    if (list.size() == limits.list) break;
    if (part.is_string()) list.push_back(limited(part.get_ref<const std::string&>(), limits));
  }
}

void add_field(Record& record, const std::string& name, const Json& value,
               const RecordLimits& limits) {
  if (value.is_string()) {
    record.texts[name] = limited(value.get_ref<const std::string&>(), limits);
  } else if (value.is_boolean()) {
    record.numbers[name] = value.get<bool>() ? 1 : 0;
  } else if (value.is_number_integer()) {
    record.numbers[name] = value.get<std::int64_t>();
  } else if (value.is_array()) {
    add_list(record, name, value, limits);
  }
}

std::optional<Record> parse(std::string_view line, const RecordLimits& limits) {
  if (line.size() > limits.line) return std::nullopt;
  // The library parses and destroys nested values without recursion, so depth costs no stack.
  const Json value = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!value.is_object()) return std::nullopt;
  const auto kind = value.find("kind");
  if (kind == value.end() || !kind->is_string()) return std::nullopt;
  Record record;
  record.kind = limited(kind->get_ref<const std::string&>(), limits);
  for (const auto& [name, member] : value.items()) {
    if (name != "kind") add_field(record, name, member, limits);
  }
  return record;
}

std::string encoded(const Json& value) {
  return value.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

}  // namespace

std::string_view Record::text(std::string_view name) const {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string_view() : std::string_view(found->second);
}

std::int64_t Record::number(std::string_view name, std::int64_t fallback) const {
  const auto found = numbers.find(name);
  return found == numbers.end() ? fallback : found->second;
}

const std::vector<std::string>& Record::list(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto found = lists.find(name);
  return found == lists.end() ? none : found->second;
}

Records read_records(std::string_view output, const RecordLimits& limits) {
  Records records;
  while (!output.empty()) {
    const std::size_t end = output.find('\n');
    const std::string_view line = output.substr(0, end);
    output.remove_prefix(end == std::string_view::npos ? output.size() : end + 1);
    if (!line.starts_with(mark)) continue;
    std::optional<Record> record = parse(line.substr(mark.size()), limits);
    if (record && records.all.size() < limits.count) {
      records.all.push_back(std::move(*record));
    } else {
      ++records.malformed;
    }
  }
  return records;
}

const Record* find(const Records& records, std::string_view kind) {
  const auto found = std::ranges::find(records.all, kind, &Record::kind);
  return found == records.all.end() ? nullptr : &*found;
}

ConfigWriter& ConfigWriter::set(std::string_view name, std::string_view text) {
  members_.insert_or_assign(std::string(name), encoded(Json(std::string(text))));
  return *this;
}

ConfigWriter& ConfigWriter::set(std::string_view name, const char* text) {
  return set(name, std::string_view(text));
}

ConfigWriter& ConfigWriter::set(std::string_view name, std::int64_t number) {
  members_.insert_or_assign(std::string(name), encoded(Json(number)));
  return *this;
}

ConfigWriter& ConfigWriter::set(std::string_view name, const std::vector<std::string>& list) {
  members_.insert_or_assign(std::string(name), encoded(Json(list)));
  return *this;
}

ConfigWriter& ConfigWriter::set(std::string_view name,
                                const std::map<std::string, std::string>& table) {
  members_.insert_or_assign(std::string(name), encoded(Json(table)));
  return *this;
}

std::string ConfigWriter::json() const {
  std::string result = "{";
  for (const auto& [name, value] : members_) {
    if (result.size() > 1) result += ", ";
    result += encoded(Json(name)) + ": " + value;
  }
  return result + "}\n";
}

}  // namespace grader::sandbox
