#pragma once

#include <string_view>

#include "grader/project/access/values.hpp"

namespace grader::project::access {

/// What a lookup path ("vault__owner__id__exact", "created_by") of a model leads to.
struct LookupTarget {
  enum class Kind { other, primary_key, user, user_key, relation };
  Kind kind = Kind::other;
  const Model* model = nullptr;  ///< of a relation
  bool owner_path = false;       ///< the relation is part of how rows belong to a person
  std::string transform;         ///< "icontains", "in"…
};

/// Where "category__owner" leads, from this model on.
LookupTarget follow_lookup(const Models& models, const Model& model, std::string_view path);

/// related_name of a relation field, or what Django uses without one.
std::string reverse_name(const Model& model, const ModelField& field);

/// True if a user model's attribute names the person: id, pk, username, email.
bool identifies_user(std::string_view attribute);

/// True for the model that people sign in as.
bool is_user_model(const Models& models, std::string_view qualified);

}  // namespace grader::project::access
