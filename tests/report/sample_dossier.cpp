#include "tests/report/sample.hpp"

namespace grader::report::sample {
namespace {

dossier::Asked foreign_export() {
  dossier::Asked asked;
  asked.id = "foreign_list";
  asked.topic = "ownership";
  asked.level = 1;
  asked.at = {"vault/views.py", 91, 0, 92};
  asked.quote = "@login_required\ndef export_csv(request):";
  asked.ask = {"Whose rows of PasswordEntry does export_csv (vault/views.py:91) show?",
               "Чьи строки PasswordEntry показывает export_csv (vault/views.py:91)?"};
  asked.junior = {"Sees that all rows are taken and adds the filter.",
                  "Видит, что берутся все строки, и добавляет фильтр."};
  asked.middle = {"Makes the scoped queryset the only one that views can get.",
                  "Делает ограниченный queryset единственным доступным для view."};
  asked.follow_up = {"How would you find all such places?", "Как найти все такие места?"};
  asked.watch = {{"Does the candidate notice the search too?", "Заметит ли кандидат и поиск?"}};
  return asked;
}

dossier::Asked largest_commit() {
  dossier::Asked asked;
  asked.id = "steps";
  asked.topic = "work";
  asked.level = 2;
  asked.commit = "7d1f0c52a9e34b1186d0c7a4e2f95b3318c06a7d";
  asked.ask = {"Tell me about 7d1f0c52a9 («Add export and Docker files»).",
               "Расскажите о 7d1f0c52a9 («Add export and Docker files»)."};
  asked.junior = {"Remembers what was done.", "Помнит, что сделано."};
  asked.middle = {"Names the alternative.", "Называет другой вариант."};
  asked.follow_up = {"What did you try before?", "Что вы пробовали раньше?"};
  return asked;
}

}  // namespace

dossier::Dossier dossier() {
  dossier::Dossier result;
  result.minutes = 64;
  result.parts = {{"review",
                   {"Review of the assignment", "Разбор задания"},
                   {"Open the named line first.", "Сначала откройте названную строку."},
                   60,
                   {foreign_export()}},
                  {"soft",
                   {"Way of working", "Стиль работы"},
                   {"In neutral words.", "Нейтральными словами."},
                   4,
                   {largest_commit()}}};
  result.sheet = {{"python",
                   {"Python fundamentals", "Основы Python"},
                   {"Basic syntax", "Синтаксис"},
                   {"Decorators, generators", "Декораторы, генераторы"}}};
  result.bank_digest = "5f1d";
  return result;
}

}  // namespace grader::report::sample
