#include <nlohmann/json.hpp>

#include "grader/report/json_values.hpp"

namespace grader::report::json {
namespace {

Json words(const dossier::Words& words) { return {{"en", words.en}, {"ru", words.ru}}; }

Json question(const dossier::Asked& asked) {
  Json result = {{"id", asked.id}, {"topic", asked.topic}, {"level", asked.level}};
  if (!asked.at.path.empty()) result["at"] = place(asked.at);
  if (!asked.commit.empty()) result["commit"] = asked.commit;
  if (!asked.quote.empty()) result["quote"] = asked.quote;
  result["ask"] = words(asked.ask);
  result["junior"] = words(asked.junior);
  result["middle"] = words(asked.middle);
  result["follow_up"] = words(asked.follow_up);
  if (!asked.watch.empty()) {
    Json watch = Json::array();
    for (const auto& item : asked.watch) watch.push_back(words(item));
    result["watch"] = std::move(watch);
  }
  return result;
}

Json part(const dossier::Part& part) {
  Json questions = Json::array();
  for (const auto& asked : part.questions) questions.push_back(question(asked));
  return {{"id", part.id},
          {"title", words(part.title)},
          {"hint", words(part.hint)},
          {"minutes", part.minutes},
          {"questions", std::move(questions)}};
}

}  // namespace

Json dossier(const dossier::Dossier& dossier) {
  if (dossier.empty()) return nullptr;
  Json parts = Json::array();
  for (const auto& one : dossier.parts) parts.push_back(part(one));
  Json sheet = Json::array();
  for (const auto& row : dossier.sheet) {
    sheet.push_back({{"id", row.id},
                     {"title", words(row.title)},
                     {"junior", words(row.junior)},
                     {"middle", words(row.middle)}});
  }
  return {{"minutes", dossier.minutes},
          {"bank", dossier.bank_digest},
          {"parts", std::move(parts)},
          {"sheet", std::move(sheet)}};
}

}  // namespace grader::report::json
