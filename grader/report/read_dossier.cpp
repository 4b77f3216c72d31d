#include <nlohmann/json.hpp>

#include "grader/report/read_values.hpp"

namespace grader::report::json {
namespace {

dossier::Words words_of(const Json& value) { return {text_at(value, "en"), text_at(value, "ru")}; }

dossier::Words words_at(const Json& map, const char* key) { return words_of(member(map, key)); }

dossier::Asked read_question(const Json& item) {
  dossier::Asked asked;
  asked.id = text_at(item, "id");
  asked.topic = text_at(item, "topic");
  asked.level = number_at(item, "level");
  asked.at = place_at(item, "at");
  asked.commit = text_at(item, "commit");
  asked.quote = text_at(item, "quote");
  asked.ask = words_at(item, "ask");
  asked.junior = words_at(item, "junior");
  asked.middle = words_at(item, "middle");
  asked.follow_up = words_at(item, "follow_up");
  for (const auto* one : elements(member(item, "watch"))) asked.watch.push_back(words_of(*one));
  return asked;
}

}  // namespace

dossier::Dossier read_dossier(const Json& value) {
  dossier::Dossier result;
  result.minutes = number_at(value, "minutes");
  result.bank_digest = text_at(value, "bank");
  for (const auto* item : elements(member(value, "parts"))) {
    auto& part = result.parts.emplace_back();
    part.id = text_at(*item, "id");
    part.title = words_at(*item, "title");
    part.hint = words_at(*item, "hint");
    part.minutes = number_at(*item, "minutes");
    for (const auto* one : elements(member(*item, "questions"))) {
      part.questions.push_back(read_question(*one));
    }
  }
  for (const auto* item : elements(member(value, "sheet"))) {
    result.sheet.push_back({text_at(*item, "id"), words_at(*item, "title"),
                            words_at(*item, "junior"), words_at(*item, "middle")});
  }
  return result;
}

}  // namespace grader::report::json
