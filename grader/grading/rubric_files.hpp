#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grader/grading/rubric.hpp"
#include "grader/grading/yaml_tree.hpp"

namespace grader::grading {

/// The files of one rubric and the mistakes found in them so far.
class RubricFiles {
 public:
  explicit RubricFiles(const RubricSource& source) : source_(source) {}

  /// The effective content of the rubric at `path`: it and what it extends, merged. Nothing where
  /// problems() says why not.
  std::optional<yaml::Value> effective(const std::string& path);

  /// Notes what is wrong at this place, with the line and a caret.
  void add_problem(const yaml::Place& place, std::string what, std::string hint = {});

  const std::vector<RubricProblem>& problems() const { return problems_; }

  /// True once so many problems are known that further ones are dropped.
  bool is_full() const;

 private:
  struct File {
    std::string path;
    std::string text;
    std::vector<std::string_view> lines;
  };

  void add_unreadable(const std::string& path, const std::optional<yaml::Place>& extends,
                      const Error& error);
  std::optional<yaml::Value> read(const std::string& path,
                                  const std::optional<yaml::Place>& extends);
  std::optional<std::string> base_path(const yaml::Value& extends, const std::string& path);
  std::vector<yaml::Value> chain(const std::string& path);

  const RubricSource& source_;
  std::vector<std::unique_ptr<File>> files_;  // pointers: `lines` look into `text`
  std::vector<RubricProblem> problems_;
};

/// A text of the content alone: equal for files that differ in comments, layout or the order of
/// keys. What the digest is made of.
std::string canonical(const yaml::Value& node);

}  // namespace grader::grading
