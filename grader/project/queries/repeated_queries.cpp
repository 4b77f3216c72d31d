#include <algorithm>
#include <map>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"
#include "grader/project/queries/page_rows.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

constexpr std::string_view questions[] = {"get",    "first",  "last",     "count",   "exists",
                                          "latest", "filter", "earliest", "exclude", "aggregate"};

/// The manager's query at the root of a chain of calls, if its arguments hold one of these names.
bool asks_with(Node call, const std::set<std::string_view>& names) {
  const Node function = python::callee(call);
  const Node object = function.child(Field::object);
  const bool manager =
      object.is(Kind::attribute) && object.child(Field::attribute).text() == "objects";
  if (!manager || std::ranges::find(questions, function.child(Field::attribute).text()) ==
                      std::end(questions)) {
    return false;
  }
  for (const Node node : call.child(Field::arguments).descendants()) {
    if (node.is(Kind::identifier) && names.contains(node.text())) return true;
  }
  return false;
}

/// The loops around a call, up to its function, and the names that they give.
Node loops_around(Node call, std::set<std::string_view>& names) {
  Node nearest;
  for (Node outer = call.parent(); outer && !outer.is(Kind::function_definition);
       outer = outer.parent()) {
    if (!outer.is(Kind::for_statement) || !outer.child(Field::body).contains(call)) continue;
    if (!nearest) nearest = outer;
    const Node target = outer.child(Field::left);
    if (target.is(Kind::identifier)) names.insert(target.text());
    for (const Node name : target.descendants()) {
      if (name.is(Kind::identifier)) names.insert(name.text());
    }
  }
  return nearest;
}

/// for x in …: Entry.objects.get(title=x)
void find_questions(const Project& project, std::vector<RepeatedQuery>& found) {
  for (const auto& module : project.program.modules()) {
    const bool aside = text::contains_any(module.path(), {"migrations/", "management/"});
    if (aside || module.text().find(".objects.") == std::string_view::npos) continue;
    for (const Node call : module.root().descendants()) {
      if (!call.is(Kind::call) || !call.enclosing(Kind::function_definition)) continue;
      std::set<std::string_view> names;
      const Node loop = loops_around(call, names);
      if (!loop || !asks_with(call, names)) continue;
      found.push_back(
          {call.location(),
           {{loop.location(), "for each row"}, {call.location(), "the database is asked again"}}});
    }
  }
}

void find_loops(const flow::Flow& flow, std::vector<RepeatedQuery>& found) {
  std::map<Location, std::vector<RowRead>> by_rows;
  for (const auto& query : flow.queries) {
    if (query.relation.empty()) continue;
    const Location at = query.rows ? query.rows.location() : query.loop.location();
    auto& reads = by_rows[at];
    const bool known = std::ranges::any_of(
        reads, [&](const RowRead& other) { return other.relation == query.relation; });
    if (!known) reads.push_back({query.relation, true, query.node.location()});
  }
  for (const auto& [at, reads] : by_rows) {
    found.push_back(repeated(at, "a loop goes over many rows", reads));
  }
}

/// Choices of a form are shown by their text.
void find_choices(const Project& project, std::vector<RepeatedQuery>& found) {
  for (const auto& module : project.program.modules()) {
    if (module.text().find("ChoiceField") == std::string_view::npos) continue;
    for (const Node node : module.root().descendants()) {
      if (!node.is(Kind::assignment)) continue;
      const Node call = node.child(Field::right);
      const auto type = python::dotted(python::callee(call));
      const bool model =
          type.ends_with("ModelChoiceField") || type.ends_with("ModelMultipleChoiceField");
      if (!model) continue;
      const std::string name(node.child(Field::left).text());
      RowSource source = source_of(project, python::argument(call, "queryset", 0), call);
      const Node form = node.enclosing(Kind::class_definition);
      for (const Node other : form.descendants()) {
        if (!other.is(Kind::assignment)) continue;
        const auto left = other.child(Field::left).text();
        if (left.ends_with(".queryset") && left.find(name) != std::string_view::npos) {
          source = source_of(project, other.child(Field::right), other);
        }
      }
      if (source.model == nullptr) continue;
      auto reads = reads_of_text(project, *source.model);
      std::erase_if(reads, [&](const RowRead& read) { return source.joins(read.relation); });
      if (reads.empty()) continue;
      found.push_back(repeated(source.at, "each choice is shown by the text of its row", reads));
    }
  }
}

}  // namespace

std::vector<RepeatedQuery> read_repeated_queries(const Project& project, const flow::Flow& flow) {
  std::vector<RepeatedQuery> all;
  find_page_rows(project, flow, all);
  find_serializer_rows(project, all);
  find_loops(flow, all);
  find_questions(project, all);
  find_choices(project, all);
  find_admin_rows(project, all);
  std::vector<RepeatedQuery> found;
  for (auto& query : all) {
    const bool known = std::ranges::any_of(found, [&](const RepeatedQuery& other) {
      return other.at.path == query.at.path && other.at.line == query.at.line;
    });
    const bool of_test = text::contains_any(query.at.path, {"/tests", "test_", "tests.py"});
    if (!known && !of_test) found.push_back(std::move(query));
  }
  return found;
}

}  // namespace grader::project
