#pragma once

#include <map>
#include <optional>
#include <string>

#include "grader/dossier/build.hpp"

namespace grader::dossier {

/// The place that a question is about, and the words that it gives to the texts.
struct Anchor {
  Location at;
  std::string commit;
  std::string quote;
  std::map<std::string, std::string> words;
};

/// Finds the places of one submission.
class Anchors {
 public:
  explicit Anchors(const Material& material);

  /// The place of this name ("check:ID" too), or nothing where the submission has none. A check of
  /// `violated` has to be violated there.
  std::optional<Anchor> find(const std::string& name,
                             const std::vector<std::string>& violated) const;

 private:
  std::optional<Anchor> of_check(const std::string& id, bool violated) const;
  std::optional<Anchor> of_guard(std::string_view prefix) const;
  std::optional<Anchor> of_view(const std::string& name) const;
  std::optional<Anchor> of_commit(const std::string& name) const;
  Anchor at_place(const Location& at, std::string quote = {}) const;
  Location lookup_in(const ViewFact& view) const;
  const ViewFact* view_with(const std::string& op) const;
  const ViewFact* view_around(const Location& at) const;
  void add_views();

  const Material& material_;
  const ViewFact* best_ = nullptr;
  const ViewFact* worst_ = nullptr;
  std::map<std::string, std::string> words_;
};

}  // namespace grader::dossier
