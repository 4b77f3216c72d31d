#include "grader/project/queries/page_rows.hpp"

#include <algorithm>
#include <map>

#include "grader/base/text.hpp"
#include "grader/project/pages/foreign_text.hpp"
#include "grader/project/template_scanner.hpp"

namespace grader::project {
namespace {

using flow::Ref;
using flow::Value;
using python::Field;
using python::Kind;
using python::Node;

constexpr std::size_t most_loops = 300;

/// One {% for %} over rows, with where it ends.
struct Loop {
  std::string name;
  std::string over;  ///< path without filters
  std::size_t start = 0;
  std::size_t end = 0;
};

std::vector<Loop> loops_of(const Template& page) {
  std::vector<Loop> loops;
  std::vector<std::size_t> open;
  for (const auto& tag : page.tags) {
    if (tag.kind != TemplateTag::Kind::block) continue;
    if (tag.name == "for") {
      const auto words = tag_words(tag.text);
      Loop loop;
      if (words.size() >= 4 && words[2] == "in") {
        loop.name = words[1];
        loop.over = words[3].substr(0, words[3].find('|'));
      }
      loop.start = tag.offset;
      loop.end = page.text.size();
      open.push_back(loops.size());
      loops.push_back(std::move(loop));
    } else if (tag.name == "endfor" && !open.empty()) {
      loops[open.back()].end = tag.offset;
      open.pop_back();
    }
  }
  return loops;
}

/// Paths in the text of a tag that begin with "name.", or the name itself, without it.
std::vector<std::string> paths_of(std::string_view text, std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  };
  std::vector<std::string> paths;
  char quote = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (quote != 0 || text[i] == '"' || text[i] == '\'') {
      if (quote == 0) {
        quote = text[i];
      } else if (text[i] == quote) {
        quote = 0;
      }
      ++i;
      continue;
    }
    const std::size_t from = i;
    while (i < text.size() && is_word(text[i])) ++i;
    if (i == from) {
      ++i;
      continue;
    }
    const auto word = text.substr(from, i - from);
    if (word.starts_with(name) && word.size() > name.size() && word[name.size()] == '.') {
      paths.emplace_back(word.substr(name.size() + 1));
    }
  }
  return paths;
}

class Reader {
 public:
  Reader(const Project& project, const ForeignText& foreign, std::vector<RepeatedQuery>& found)
      : project_(project), foreign_(foreign), found_(found) {
    for (const auto& view : project.views.all) {
      if (view.definition.is(Kind::class_definition) && !view.routes.empty()) list_view(view);
    }
  }

  void read(const Template& page) {
    const PageScope scope = foreign_.scope_of(page);
    const auto loops = loops_of(page);
    if (loops.size() > most_loops) return;
    for (const auto& loop : loops) {
      if (loop.name.empty()) continue;
      for (const auto& source : sources_of(page, scope, loop)) look_into(page, loop, source);
    }
  }

 private:
  /// Names under which a class-based view gives its rows to its template.
  void list_view(const View& view) {
    const auto& program = project_.program;
    const bool lists = std::ranges::any_of(
        program.linearised(view.definition),
        [](const auto& base) { return !base.is_class() && base.name.ends_with("ListView"); });
    if (!lists) return;
    const RowSource source = source_of_view(project_, view.definition);
    if (source.model == nullptr || source.at.line == 0) return;
    const auto constant = [&](std::string_view name) {
      const Node own = program.attribute(view.definition, name);
      return own.is(Kind::assignment) ? python::evaluate(own.child(Field::right), &program).text
                                      : std::string();
    };
    const std::string model = text::lower(source.model->name);
    const std::string app = source.model->app.substr(source.model->app.rfind('.') + 1);
    std::string page = constant("template_name");
    if (page.empty()) page = app + "/" + model + "_list.html";
    auto& names = by_page_[page];
    names["object_list"] = names["page_obj"] = names[model + "_list"] = source;
    if (const auto own = constant("context_object_name"); !own.empty()) names[own] = source;
  }

  std::vector<RowSource> sources_of(const Template& page, const PageScope& scope,
                                    const Loop& loop) const {
    std::vector<RowSource> sources;
    const std::string path = scope.expanded(loop.over, loop.start);
    const std::string first = path.substr(0, path.find('.'));
    const std::string rest = path.size() > first.size() ? path.substr(first.size() + 1) : "";
    if (!rest.empty() && rest != "object_list" && rest != "all") return sources;
    const auto view = by_page_.find(page.name);
    if (view != by_page_.end()) {
      const auto named = view->second.find(first);
      if (named != view->second.end()) sources.push_back(named->second);
    }
    const auto given = scope.context.find(first);
    if (given == scope.context.end()) return sources;
    const Model* listed = sources.empty() ? nullptr : sources.front().model;
    for (const auto& value : given->second) {
      for (const auto& one : flow::alternatives(value)) add_rows(one, listed, sources);
    }
    return sources;
  }

  /// Rows that a call hands to the page, unless its class is known to list those of this model.
  void add_rows(const Ref& rows, const Model* listed, std::vector<RowSource>& sources) const {
    if (!rows->is(Value::Kind::rows) || !rows->node) return;
    RowSource source;
    source.model = project_.models.find(rows->name);
    source.joined.insert(rows->flaws.begin(), rows->flaws.end());
    source.at = rows->node.location();
    const bool known = source.model == listed;
    if (source.model != nullptr && !known) sources.push_back(std::move(source));
  }

  void look_into(const Template& page, const Loop& loop, const RowSource& source) {
    std::vector<RowRead> reads;
    for (const auto& tag : page.tags) {
      if (tag.offset <= loop.start || tag.offset >= loop.end) continue;
      if (tag.kind == TemplateTag::Kind::comment) continue;
      for (const auto& path : paths_of(tag.text, loop.name)) {
        for (auto& read : reads_of_path(project_, *source.model, path, tag.at)) {
          const bool known = std::ranges::any_of(
              reads, [&](const RowRead& other) { return other.relation == read.relation; });
          if (!known && !source.joins(read.relation)) reads.push_back(std::move(read));
        }
      }
    }
    if (reads.empty()) return;
    // A key is joined where the rows are asked for; what belongs to a row is counted on the page.
    const bool forward = std::ranges::any_of(reads, &RowRead::forward);
    found_.push_back(repeated(forward ? source.at : reads.front().at,
                              "a template shows many rows one by one", reads));
  }

  const Project& project_;
  const ForeignText& foreign_;
  std::vector<RepeatedQuery>& found_;
  std::map<std::string, std::map<std::string, RowSource>> by_page_;
};

}  // namespace

void find_page_rows(const Project& project, const flow::Flow& flow,
                    std::vector<RepeatedQuery>& found) {
  const ForeignText foreign(project, flow);
  Reader reader(project, foreign, found);
  for (const auto& page : project.templates) reader.read(page);
}

}  // namespace grader::project
