#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grader/project/models.hpp"

namespace grader::project {
struct Project;
struct Template;
}  // namespace grader::project

namespace grader::project::access {

/// Middleware that asks for a login before the views are asked.
struct Gatekeeper {
  bool certain = false;  ///< false: the submission's own, which may leave out paths
  Location at;           ///< in MIDDLEWARE, or of the submission's own class
  std::string name;
};

/// The one that is certain, else the first that is possible; nothing where there is none.
std::optional<Gatekeeper> find_gatekeeper(const Project& project);

/// What the execution of every view looks up again and again, put in order once. Refers to the
/// Project's models, templates and files: these must stay where they are.
class Index {
 public:
  explicit Index(const Project& project);

  /// The model behind user.entry_set, user.entries (related_name) or vault.credentials; null: none.
  const Model* reverse(const Models& models, std::string_view target_model,
                       std::string_view accessor) const;
  /// By table name, lower case: db_table, or what Django makes of app and class.
  const Model* table(std::string_view name) const;
  /// The entry model or another whose rows are secrets.
  bool holds_secrets(const Model& model) const;
  /// Entries hang on rows of this model: they go where it goes.
  bool holds_entries(const Model& model) const;
  /// Rows of this model give an entry to another person.
  bool is_share(const Model& model) const { return shares_.contains(&model); }
  /// Accessors that lead from rows of this model to rows with secrets: "entry_set".
  std::vector<std::pair<std::string, const Model*>> to_secrets(const Model& model) const;
  /// The template that a view names so; null: none.
  const Template* page(std::string_view name) const;
  /// The first template whose name ends so: "/entry_list.html".
  const Template* page_ending(std::string_view ending) const;
  /// The page or one that it includes mentions ".accessor".
  bool page_mentions(const Template& page, std::string_view accessor) const;
  /// See find_gatekeeper().
  const std::optional<Gatekeeper>& gatekeeper() const { return gatekeeper_; }

 private:
  void read_relations(const Models& models);
  void find_containers(const Models& models);

  std::map<std::pair<std::string, std::string>, const Model*> reverse_;
  std::multimap<const Model*, std::pair<std::string, const Model*>> to_secrets_;
  std::map<std::string, const Model*, std::less<>> tables_;
  std::map<std::string, const Template*, std::less<>> pages_;
  std::map<std::string, const Template*, std::less<>> pages_by_file_;
  std::set<const Model*> secret_;
  std::set<const Model*> containers_;
  std::set<const Model*> shares_;
  std::optional<Gatekeeper> gatekeeper_;
};

}  // namespace grader::project::access
