#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

bool is_test_path(std::string_view path) { return path.find("test") != path.npos; }

/// An SQL text that is put together from values: f-string, %, + or format() with anything that is
/// not a constant of the code. Constant SQL with parameters beside it is as it should be.
bool is_built(Node sql, const python::Program& program) {
  sql = python::unwrapped(sql);
  const python::Value value = python::evaluate(sql, &program);
  if (value.is_string() && value.known()) return false;
  if (sql.is(Kind::string) || sql.is(Kind::concatenated_string)) return value.partial;
  if (sql.is(Kind::binary_operator)) return true;
  const Node function = python::callee(sql);
  if (function.is(Kind::attribute)) return function.child(Field::attribute).text() == "format";
  const python::Symbol symbol = program.resolve(sql);
  if (!symbol.definition.is(Kind::assignment)) return false;
  const Node source = symbol.definition.child(Field::right);
  return source != sql && is_built(source, program);
}

class Finder {
 public:
  explicit Finder(Project& project) : project_(project) {}

  void run() {
    for (const auto& module : project_.program.modules()) {
      if (is_test_path(module.path())) continue;
      for (const Node node : module.root().descendants()) {
        if (node.is(Kind::call)) read_call(node);
        if (node.is(Kind::for_statement)) read_loop(node);
      }
    }
    for (const auto& page : project_.templates) read_template(page);
  }

 private:
  void add(std::string what, const Location& at, std::string text) {
    project_.hazards.push_back({std::move(what), at, {{at, std::move(text)}}, false});
  }

  void read_call(Node call) {
    const Node function = python::callee(call);
    const python::Symbol symbol = project_.program.resolve(function);
    const std::string name = python::dotted(function);
    const bool runs_sql = name.ends_with(".execute") || name.ends_with(".executemany") ||
                          name.ends_with(".objects.raw") || name.ends_with("RawSQL");
    if (runs_sql && is_built(python::positional(call, 0), project_.program)) {
      add("sql", call.location(), "SQL put together from values");
    }
    const bool marks = symbol.name == "django.utils.safestring.mark_safe" ||
                       symbol.name == "django.utils.safestring.SafeString";
    if (marks && !python::evaluate(python::positional(call, 0), &project_.program).known()) {
      add("markup_safe", call.location(), "a value is marked as safe markup");
    }
  }

  /// A query inside a loop of a function: one more for each row.
  void read_loop(Node loop) {
    if (!loop.enclosing(Kind::function_definition)) return;
    for (const Node node : loop.child(Field::body).descendants()) {
      if (!node.is(Kind::call)) continue;
      const std::string name = python::dotted(python::callee(node));
      const bool asks = name.ends_with(".objects.get") || name.ends_with(".objects.filter") ||
                        name.ends_with(".objects.exclude") || name.ends_with(".objects.count");
      if (!asks || node.parent().is(Kind::call)) continue;
      project_.repeated_queries.push_back(
          {node.location(),
           {{loop.location(), "for each row"}, {node.location(), "the database is asked again"}}});
      return;
    }
  }

  void read_template(const Template& page) {
    for (const auto& tag : page.tags) {
      const bool safe =
          tag.kind == TemplateTag::Kind::variable && (tag.text.find("|safe") != std::string::npos ||
                                                      tag.text.find("| safe") != std::string::npos);
      if (safe) add("markup_safe", tag.at, "{{ " + tag.text + " }} is not escaped");
      if (tag.name == "autoescape" && tag.text.find("off") != std::string::npos) {
        add("markup_safe", tag.at, "escaping is switched off");
      }
    }
  }

  Project& project_;
};

}  // namespace

void find_hazards(Project& project) { Finder(project).run(); }

}  // namespace grader::project
