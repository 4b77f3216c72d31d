#include "grader/grading/rubric_fields.hpp"

#include <algorithm>

#include "grader/base/text.hpp"

namespace grader::grading {
namespace {

using yaml::Value;

constexpr std::size_t max_title = 200;

bool is_identifier(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() >= 'a' && text.front() <= 'z' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

/// "did you mean …?" where there is something near.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = text::nearest(word, candidates);
  return near ? "did you mean " + quoted(*near) + "?" : "";
}

}  // namespace

bool RubricFields::is_map(const Value& node, const std::string& thing,
                          const std::vector<std::string>& keys) {
  if (node.kind != Value::Kind::map) {
    problem(node.place, thing + " is a map with the keys " + text::join(keys, ", "));
    return false;
  }
  for (const auto& entry : node.entries) {
    if (std::ranges::find(keys, entry.key) != keys.end()) continue;
    const auto hint = suggestion(entry.key, keys);
    problem(entry.place, thing + " has no key " + quoted(text::shorten(entry.key, 60)),
            hint.empty() ? "its keys are " + text::join(keys, ", ") : hint);
  }
  return true;
}

const Value* RubricFields::required(const Value& map, const char* key) {
  const Value* node = yaml::find(map, key);
  if (node == nullptr) problem(map.place, quoted(key) + " is missing");
  return node;
}

std::string RubricFields::scalar(const Value& map, const char* key) {
  const Value* node = required(map, key);
  if (node == nullptr) return "";
  if (node->kind == Value::Kind::scalar) return node->text;
  problem(node->place, quoted(key) + " is one value");
  return "";
}

std::string RubricFields::identifier(const Value& map, std::set<std::string>& used) {
  const std::string id = scalar(map, "id");
  if (id.empty()) return id;
  const yaml::Place& place = yaml::find(map, "id")->place;
  if (!is_identifier(id)) {
    problem(place, "an id has lower case letters, digits and _ and starts with a letter");
  } else if (!used.insert(id).second) {
    problem(place, "the id " + quoted(id) + " is given twice");
  }
  return id;
}

std::string RubricFields::title(const Value& map) {
  const std::string title = scalar(map, "title");
  const Value* node = yaml::find(map, "title");
  if (node == nullptr || node->kind != Value::Kind::scalar) return title;
  if (text::trim(title).empty()) problem(node->place, "a title says something");
  if (title.size() > max_title) problem(node->place, "a title has at most 200 bytes");
  return title;
}

std::optional<Decimal> RubricFields::number(const Value& map, const char* key) {
  const Value* node = yaml::find(map, key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Value::Kind::scalar) {
    problem(node->place, quoted(key) + " is a number");
    return std::nullopt;
  }
  const auto value = parse_decimal(node->text);
  if (!value) {
    problem(node->place, quoted(key) + " is a number: " + value.error().what);
    return std::nullopt;
  }
  return *value;
}

Decimal RubricFields::points(const Value& map, const char* key) {
  if (required(map, key) == nullptr) return 0;
  return number(map, key).value_or(0);
}

bool RubricFields::boolean(const Value& map, const char* key) {
  const Value* node = yaml::find(map, key);
  if (node == nullptr) return false;
  const bool is_true = node->kind == Value::Kind::scalar && node->text == "true";
  const bool is_false = node->kind == Value::Kind::scalar && node->text == "false";
  if (!is_true && !is_false) problem(node->place, quoted(key) + " is true or false");
  return is_true;
}

const std::vector<Value>& RubricFields::items(const Value& map, const char* key, bool needed) {
  static const std::vector<Value> none;
  const Value* node = needed ? required(map, key) : yaml::find(map, key);
  if (node == nullptr) return none;
  if (node->kind != Value::Kind::sequence) {
    problem(node->place, quoted(key) + " is a list");
    return none;
  }
  if (needed && node->items.empty()) problem(node->place, quoted(key) + " is empty");
  return node->items;
}

std::string RubricFields::check(const Value& node) {
  if (node.kind != Value::Kind::scalar) {
    problem(node.place, "the id of a check is expected here");
    return "";
  }
  if (std::ranges::find(known_checks_, node.text) != known_checks_.end()) return node.text;
  const bool may_be_slip = node.text.size() <= 100 && !files_.is_full();
  problem(node.place, "there is no check " + quoted(text::shorten(node.text, 60)),
          may_be_slip ? suggestion(node.text, known_checks_) : "");
  return "";
}

std::vector<std::string> RubricFields::checks(const Value& map, const char* key, bool needed) {
  std::vector<std::string> ids;
  for (const auto& node : items(map, key, needed)) {
    auto id = check(node);
    if (id.empty()) continue;
    if (std::ranges::find(ids, id) != ids.end()) {
      problem(node.place, "the check " + quoted(id) + " is in this list twice");
    } else {
      ids.push_back(std::move(id));
    }
  }
  return ids;
}

void RubricFields::sum_is(const Value& map, const char* key, const Decimal& sum,
                          const Decimal& whole, const std::string& thing) {
  const Value* node = yaml::find(map, key);
  if (node == nullptr || sum == whole) return;
  problem(node->place,
          thing + " have " + to_string(sum, 6) + " points together, not " + to_string(whole, 6));
}

}  // namespace grader::grading
