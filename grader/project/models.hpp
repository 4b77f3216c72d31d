#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "grader/base/location.hpp"
#include "grader/project/verdict.hpp"
#include "grader/python/literals.hpp"
#include "grader/python/names.hpp"

namespace grader::project {

/// One field of a model.
struct ModelField {
  std::string name;
  std::string type;  ///< qualified class: "django.db.models.CharField"
  std::string
      target;  ///< qualified model of a relation; settings.AUTH_USER_MODEL gives the user model
  Location at;
  python::Node call;  ///< CharField(…)
  bool relation = false;
  bool secret = false;          ///< its name or use says that it holds an entry's secret
  bool encrypted_type = false;  ///< a field class that encrypts by itself
  bool foreign_type = false;    ///< a field class of a package that is not known here
};

/// How a row belongs to a person.
struct Owner {
  enum class Kind {
    none,        ///< rows belong to nobody
    direct,      ///< a key to the user model
    transitive,  ///< a key to a row that belongs to a person
    text,        ///< a user name or e-mail address as text
  };
  Kind kind = Kind::none;
  std::vector<std::string> path;  ///< field names: {"vault", "owner"}
};

/// A class that becomes a table.
struct Model {
  std::string name;       ///< class name
  std::string qualified;  ///< "vault.models.Entry"
  std::string app;        ///< dotted package of its app
  Location at;
  python::Node definition;
  bool abstract = false;
  bool is_user = false;            ///< the user model, or a one-to-one profile of it
  std::vector<ModelField> fields;  ///< inherited ones first
  Owner owner;

  /// The field of this name, inherited ones too; or null.
  const ModelField* field(std::string_view field_name) const;
};

/// The models of a submission, and which of them holds the entries.
struct Models {
  std::vector<Model> all;
  std::string user_model = "django.contrib.auth.models.User";  ///< qualified
  int entry = -1;                  ///< index of the entry model, -1 where there is none
  std::string secret_field;        ///< of the entry model
  std::vector<int> other_secrets;  ///< further models that store secrets
  std::map<std::string, std::size_t, std::less<>> by_name;  ///< positions in `all`

  /// By qualified name; needs index() after models were added.
  const Model* find(std::string_view qualified) const;
  /// Makes find() fast and complete for what `all` holds now.
  void index();
  /// The model that holds the entries, or null.
  const Model* entry_model() const;
};

/// True if an identifier, label or key names a secret that an entry keeps (password, pwd,
/// mot_de_passe, senha, contrasena, пароль…).
bool names_a_secret(std::string_view identifier);

/// True if an expression is the user model: User, get_user_model(), settings.AUTH_USER_MODEL, or a
/// name bound to one of them.
bool names_the_user_model(python::Node expression, const python::Program& program);

/// Gives models without owner the text or number column in which the code keeps who made a row:
/// Entry.objects.filter(made_by=request.user.username), serializer.save(made_by=request.user).
void find_text_owners(Models& models, const python::Program& program);

/// Decides which model holds the entries, which of its columns the secret, and which further models
/// hold secrets: by the names of columns, and where none tells, by that of the model
/// (Password.value).
void choose_entry(Models& models);

/// Reads every model class. `auth_user_model` is the setting of that name ("accounts.User") or
/// empty.
Models read_models(const python::Program& program, std::string_view auth_user_model);

}  // namespace grader::project
