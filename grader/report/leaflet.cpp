#include "grader/report/leaflet.hpp"

#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/report/advice.hpp"
#include "grader/report/language.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

using grading::Decimal;
using grading::Grade;

constexpr std::size_t points_named = 3;
constexpr std::size_t lessons_named = 8;

std::string say(const Report& report, std::string_view en, std::string_view ru) {
  return std::string(report.language == "ru" ? ru : en);
}

/// Where the band of this id begins, or nothing where the rubric has none.
std::optional<Decimal> start_of(const Grade& grade, std::string_view band) {
  const auto found = std::ranges::find(grade.bands, band, &grading::Band::id);
  if (found == grade.bands.end()) return std::nullopt;
  return found->from;
}

/// Whether the result reaches a band for certain, not at all, or perhaps.
Position position(const Report& report, std::string name, std::string_view band) {
  using Answer = Position::Answer;
  const auto from = start_of(report.grade, band);
  const auto& grade = report.grade;
  if (!from) {
    return {std::move(name), Answer::open,
            say(report, "this rubric does not say", "эта рубрика не говорит")};
  }
  if (grade.high < *from) {
    return {std::move(name), Answer::no, say(report, "not with this work", "с этой работой нет")};
  }
  if (grade.low < *from || grade.needs_person) {
    return {std::move(name), Answer::open,
            say(report, "a person has to decide", "должен решить человек")};
  }
  return {std::move(name), Answer::yes, say(report, "yes", "да")};
}

LeafletPart points_part(std::string heading, const std::vector<Applied>& points,
                        std::string_view language, bool good) {
  using Kind = LeafletPart::Kind;
  LeafletPart part{std::move(heading), {}, {}, good ? Kind::good : Kind::bad, {}};
  for (const auto& one : points) {
    const Said& text = good ? one.advice->good : one.advice->bad;
    part.items.push_back({std::string(text.in(language)), {}, {}});
  }
  return part;
}

/// Titles of the rules that are open for one cause: "«…», «…» and 3 more"; empty where none is.
std::string open_titles(const Report& report, grading::Cause cause) {
  constexpr std::size_t most = 4;
  std::string text;
  std::size_t count = 0;
  for (const auto& group : groups(report, grading::Outcome::undetermined)) {
    if (std::ranges::none_of(group.findings,
                             [&](const auto* finding) { return finding->cause == cause; })) {
      continue;
    }
    if (++count <= most) text += (count > 1 ? ", «" : "«") + group.title() + "»";
  }
  if (count > most)
    text +=
        say(report, " and ", " и ещё ") + std::to_string(count - most) + say(report, " more", "");
  return text;
}

/// A rule that limits the grade, where a person has to look at it.
void add_gates(const Report& report, LeafletPart& part) {
  for (const auto& gate : report.grade.gates) {
    if (gate.tripped && report.grade.needs_person) part.items.push_back({gate.title + ".", {}, {}});
    if (!gate.tripped && gate.undecided) {
      part.items.push_back(
          {say(report, "Is this so: ", "Так ли это: ") + gate.title + "?", {}, {}});
    }
  }
}

LeafletPart person_part(const Report& report) {
  LeafletPart part{
      say(report, "What a person must still look at", "Что ещё должен посмотреть человек"), {}, {}};
  add_gates(report, part);
  if (const auto titles = open_titles(report, grading::Cause::submission); !titles.empty()) {
    part.items.push_back({say(report, "The code leaves open whether this is so: ",
                              "По коду не понять, так ли это: ") +
                              titles + ".",
                          {},
                          {}});
  }
  const bool full = report.grade.basis == "full";
  if (const auto titles = open_titles(report, grading::Cause::grader); full && !titles.empty()) {
    part.items.push_back(
        {say(report, "We could not check this, and it costs the candidate nothing: ",
             "Это мы не смогли проверить, и кандидату это ничего не стоит: ") +
             titles + ".",
         {},
         {}});
  }
  if (!full) {
    part.items.push_back(
        {say(report,
             "The application was read and not started: whether it runs and whether its tests pass "
             "is not part of this result.",
             "Код прочитан, но не запущен: работает ли приложение и проходят ли его тесты, в этот "
             "результат не входит."),
         {},
         {}});
  }
  if (part.items.empty()) {
    part.paragraphs.push_back(say(report, "Nothing was left open.", "Открытых вопросов нет."));
  }
  return part;
}

LeafletPart work_part(const Report& report) {
  const auto& git = report.profile.git;
  const std::string commits = std::to_string(git.commits);
  const std::string days = std::to_string(git.span_days + 1);
  LeafletPart part{say(report, "Time spent", "Затраченное время"), {}, {}};
  part.paragraphs.push_back(say(report,
                                "From the first to the last saved step (commit): " + days +
                                    (days == "1" ? " day, " : " days, ") + commits +
                                    (commits == "1" ? " step." : " steps."),
                                "От первого до последнего сохранённого шага (коммита): дней — " +
                                    days + ", шагов — " + commits + "."));
  for (const auto& note : git.notes) {
    if (note.what == "sittings") part.paragraphs.push_back(note.text);
  }
  return part;
}

enum class Answer { invite, decline, open };

Answer answer_of(const Report& report) {
  const auto from = start_of(report.grade, "junior");
  if (report.grade.needs_person || report.grade.band.empty() || !from) return Answer::open;
  return report.grade.low < *from ? Answer::decline : Answer::invite;
}

std::string_view next_step(Answer answer, bool russian) {
  switch (answer) {
    case Answer::invite:
      return russian
                 ? "Мы хотели бы поговорить о вашем решении на техническом собеседовании "
                   "(60–90 минут). Какие дни на этой неделе вам удобны?"
                 : "We would like to talk about your solution in a technical interview of 60 to "
                   "90 minutes. Which days of this week suit you?";
    case Answer::decline:
      return russian
                 ? "К следующему этапу на эту позицию мы сейчас не приглашаем. Надеемся, что "
                   "заметки ниже помогут, и будем рады новой заявке."
                 : "We will not go on to the next stage for this position now. We hope that the "
                   "notes are of use and would be glad to hear from you again.";
    case Answer::open:
      return russian
                 ? "Один из коллег ещё посмотрит вашу работу лично, и мы ответим в течение двух "
                   "рабочих дней."
                 : "A colleague is going to look at your work in person, and you will have our "
                   "answer within two working days.";
  }
  return {};
}

/// The draft in one language: thanks, two strengths, up to three suggestions, the next step.
LeafletPart letter(const Report& report, bool russian) {
  const std::string_view language = russian ? "ru" : "en";
  LeafletPart part{russian ? "Черновик ответа кандидату (русский)"
                           : "Draft of the answer to the candidate (English)",
                   {},
                   {},
                   LeafletPart::Kind::letter,
                   std::string(language)};
  part.paragraphs.emplace_back(russian ? "Здравствуйте!" : "Hello,");
  part.paragraphs.emplace_back(
      russian ? "Спасибо за выполненное задание и за время, которое вы в него вложили."
              : "Thank you for the assignment and for the time that you put into it.");
  const auto add = [&](std::string_view opening, const std::vector<Applied>& points, bool good) {
    if (points.empty()) return;
    std::string text(opening);
    for (const auto& one : points) {
      const Said& said = good ? one.advice->good : one.advice->learn;
      text += " " + std::string(said.in(language));
    }
    part.paragraphs.push_back(std::move(text));
  };
  add(russian ? "Что понравилось:" : "What we liked:", praised(report, 2), true);
  add(russian ? "Что мы предложили бы улучшить:" : "What we would suggest to improve:",
      criticised(report, points_named), false);
  part.paragraphs.emplace_back(next_step(answer_of(report), russian));
  part.paragraphs.emplace_back(russian ? "С уважением," : "Kind regards,");
  return part;
}

/// What the scale of bands is drawn from; no mark and no reason.
grading::Grade scale_of(const Grade& grade) {
  Grade scale;
  scale.percent = grade.percent;
  scale.low = grade.low;
  scale.high = grade.high;
  scale.band = grade.band;
  scale.bands = grade.bands;
  return scale;
}

}  // namespace

Leaflet recruiter_leaflet(const Report& given) {
  const Report report = localised(given);
  const Verdict said_of = verdict(report);
  Leaflet page;
  page.language = report.language;
  page.title = display_name(report.submission.source) + ": " + said_of.title + ", " +
               said(percent(report.grade.percent), report.language);
  page.lead = said_of.sentence;
  page.about = say(report, "Assignment review, ", "Проверка задания, ") +
               date_in_words(date(report.as_of), report.language);
  page.footer = said("It holds data of a person: keep it no longer than", report.language) + " " +
                date_in_words(keep_until(report), report.language) + ".";
  page.scale = scale_of(report.grade);
  page.positions = {position(report, "Junior", "junior"), position(report, "Middle", "middle")};
  page.parts.push_back(points_part(say(report, "Three strongest points", "Три сильные стороны"),
                                   praised(report, points_named), report.language, true));
  page.parts.push_back(points_part(say(report, "Three weakest points", "Три слабые стороны"),
                                   criticised(report, points_named), report.language, false));
  page.parts.push_back(person_part(report));
  page.parts.push_back(work_part(report));
  page.parts.push_back(letter(report, false));
  page.parts.push_back(letter(report, true));
  std::erase_if(page.parts, [](const LeafletPart& part) {
    return part.items.empty() && part.paragraphs.empty();
  });
  return page;
}

Leaflet candidate_leaflet(const Report& report) {
  Leaflet page;
  page.language = report.language;
  page.title = say(report, "Notes on your assignment", "Заметки о вашем задании");
  page.lead = say(report,
                  "Thank you for your work. These notes are about the code alone; each names what "
                  "to read next.",
                  "Спасибо за работу. Эти заметки только о коде; в каждой сказано, что почитать.");
  LeafletPart good{say(report, "What was good", "Что хорошо"), {}, {}};
  for (const auto& one : praised(report, lessons_named)) {
    good.items.push_back({std::string(one.advice->good.in(report.language)), {}, one.at});
  }
  if (good.items.empty()) {
    good.paragraphs.push_back(say(report, "You have begun, and that is where everybody starts.",
                                  "Вы начали, а с этого начинают все."));
  }
  LeafletPart learn{say(report, "What to learn next", "Что изучить дальше"), {}, {}};
  const std::string read = say(report, "To read: ", "Почитать: ");
  for (const auto& one : criticised(report, lessons_named)) {
    learn.items.push_back({std::string(one.advice->learn.in(report.language)),
                           read + "«" + std::string(one.advice->page) + "».", one.at});
  }
  if (learn.items.empty()) {
    learn.paragraphs.push_back(
        say(report, "Nothing of weight was found.", "Ничего существенного не нашлось."));
  }
  page.parts.push_back(std::move(good));
  page.parts.push_back(std::move(learn));
  page.parts.push_back(
      {say(report, "Where to find it", "Где это найти"),
       {say(report,
            "Pages are named by their titles in Django's documentation, docs.djangoproject.com, "
            "where no other source is given.",
            "Страницы названы по заголовкам в документации Django, docs.djangoproject.com, если не "
            "указан другой источник.")},
       {}});
  return page;
}

}  // namespace grader::report
