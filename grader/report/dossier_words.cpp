#include "grader/report/dossier_words.hpp"

#include <algorithm>
#include <array>

namespace grader::report {
namespace {

struct Label {
  std::string_view key;
  std::string_view en;
  std::string_view ru;
};

constexpr std::array<Label, 14> labels{{
    {"dossier", "For the interview", "К собеседованию"},
    {"junior", "A junior would say", "Ответ уровня junior"},
    {"middle", "A middle would say", "Ответ уровня middle"},
    {"follow_up", "Then ask", "Затем спросите"},
    {"watch", "Look out for", "На что смотреть"},
    {"sheet", "Sheet", "Лист оценки"},
    {"criterion", "Criterion", "Критерий"},
    {"points", "0–4", "0–4"},
    {"reason", "Reason (required)", "Почему (обязательно)"},
    {"scale", "0 nothing, 1 with much help, 2 as a junior, 3 between, 4 as a middle",
     "0 ничего, 1 с большой помощью, 2 как junior, 3 между, 4 как middle"},
    {"level1", "first step", "начало"},
    {"level2", "in depth", "глубже"},
    {"level3", "hard", "трудный"},
    {"commit", "commit", "коммит"},
}};

}  // namespace

std::string_view label(std::string_view key, const std::string& language) {
  const auto* found = std::ranges::find(labels, key, &Label::key);
  if (found == labels.end()) return key;
  return language == "ru" ? found->ru : found->en;
}

std::string place_of(const dossier::Asked& asked) {
  if (!asked.at.path.empty()) return to_string(asked.at);
  return "commit " + asked.commit.substr(0, 10);
}

std::string minutes_in_words(int minutes, const std::string& language) {
  const std::string number = std::to_string(minutes);
  if (language != "ru") return number + (minutes == 1 ? " minute" : " minutes");
  const int tens = minutes % 100;
  const int ones = minutes % 10;
  if (tens >= 11 && tens <= 14) return number + " минут";
  if (ones == 1) return number + " минута";
  return number + (ones >= 2 && ones <= 4 ? " минуты" : " минут");
}

}  // namespace grader::report
