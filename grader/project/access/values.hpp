#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "grader/project/models.hpp"
#include "grader/project/verdict.hpp"
#include "grader/python/names.hpp"

/// A static execution of one view for one HTTP method: values are what an expression stands for
/// with regard to the requester, and rows are followed from their selection to where they are shown
/// or changed.
namespace grader::project::access {

/// A row, or a set of rows, of one model as one expression selects it.
struct Rows {
  const Model* model = nullptr;
  bool single = false;          ///< one row
  bool born = false;            ///< made by this request
  bool fresh = false;           ///< born, and not yet saved
  bool scoped = false;          ///< only rows tied to the requester
  bool by_user_object = false;  ///< tied by the user object itself: an anonymous one is a TypeError
  bool by_key = false;          ///< selected by a value of the request: id, slug, name
  bool searched = false;        ///< filtered by a search term of the request
  bool guarded = false;         ///< selected where only signed-in users come: nobody else has them
  bool for_staff = false;       ///< selected where only staff come
  bool or_all = false;          ///< searched, but all of them where the request has no search term
  bool by_token = false;        ///< selected by a secret token that a cookie of the request carries
  bool owner_from_request = false;  ///< of a fresh row: its owner is what the request says
  bool refined = false;             ///< only a step on the way to other rows
  bool unclear = false;             ///< some step of the selection could not be followed
  std::set<std::string> assigned;   ///< columns that were given another value
  bool trashed = false;             ///< marked as deleted
  std::set<int> joined;             ///< rows that a relation of these was compared with or set to
  std::set<std::string> keys;       ///< lookups by values of the request: "token=token"
  std::vector<Step> trace;
};

/// What an expression stands for.
struct Abstract {
  enum class Type {
    unknown,
    constant,  ///< a literal: `node`
    request,   ///< the HttpRequest
    user,      ///< the requester
    user_key,  ///< something that identifies the requester: id, username, e-mail, session key
    input,     ///< a value that the request carries
    method,    ///< request.method
    session,
    rows,          ///< a queryset or an instance: `rows`
    owner_of,      ///< the user that the row `rows` belongs to
    owner_key_of,  ///< id or name of that user
    manager,       ///< Model.objects
    model,         ///< a model class
    form,          ///< a form or serializer; `rows` its instance, if it has one
    self,          ///< the class-based view
    super,         ///< super() of it, after class number `order`
    function,      ///< a function or method of the submission: `node`
    class_,        ///< another class of the submission: `node`
    q_object,      ///< a Q expression: `scoped`, `searched`
    cursor,        ///< a database cursor
    instance,      ///< of another class of the submission: `node`, its attributes under `object`
    external,      ///< something from outside: `name`
  };
  Type type = Type::unknown;
  int rows = -1;  ///< index into State-independent table of rows
  const Model* model = nullptr;
  python::Node node;
  std::string name;
  std::size_t order = 0;
  int object = -1;        ///< of instance
  int key_of = -1;        ///< of an id: the rows that it identifies
  bool scoped = false;    ///< of q_object
  bool searched = false;  ///< of q_object
  bool many = false;      ///< of form: many=True
  bool optional = false;  ///< of input: an empty text where the request has none
  bool bound = false;     ///< of form: made with data of the request
  bool by_post = false;   ///< of form: bound to request.POST, so to nothing on GET
  bool personal = false;  ///< of form: the requester was passed to it
  bool registry = false;  ///< a dict of functions or classes, or what a computed key picks there
  std::set<int> holds;    ///< rows whose content this value carries
  /// What a dict holds under keys that are written out; replaced when assigned again.
  std::map<std::string, std::set<int>> entries;

  /// What a dict says under written keys: true where it is the requester.
  std::map<std::string, bool> personal_keys;

  bool is(Type wanted) const { return type == wanted; }
};

/// What is certain at a point of the execution.
struct Knowledge {
  bool authenticated = false;
  bool privileged = false;     ///< staff or superuser: sees everybody's rows by intent
  bool maybe_guarded = false;  ///< a test that could not be followed looked at row and requester
  std::set<int> owned;         ///< rows that were found to be the requester's
  std::set<int> narrowed;      ///< rows of which only those that match the request come here
  std::vector<Step> steps;     ///< the guards, in the order met

  /// Adds all that the other knows.
  void add(const Knowledge& other);
  /// Only what holds on both ways.
  void intersect(const Knowledge& other);
  /// intersect(), but a row that is not there at all on the other way stays the requester's.
  void keep_owned(const Knowledge& other, const std::function<bool(int)>& absent_here,
                  const std::function<bool(int)>& absent_there);
};

/// Something done to rows, with what was certain when it was done.
struct Effect {
  enum class Kind { show, create, update, remove };
  Kind kind = Kind::show;
  int rows = -1;
  std::string method;  ///< HTTP
  Knowledge known;
  Location at;
  bool in_loop = false;
  bool download = false;   ///< written to a file the browser saves
  bool page = false;       ///< shown by a template
  bool decrypted = false;  ///< shown after its secret was decrypted
};

}  // namespace grader::project::access
