#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "grader/project/access/index.hpp"
#include "grader/project/access/lookups.hpp"
#include "grader/project/access/page_guards.hpp"
#include "grader/project/access/sql.hpp"
#include "grader/project/access/values.hpp"
#include "grader/project/project.hpp"

namespace grader::project::access {

/// Variables and certainties at one point of one function.
struct State {
  std::map<std::string, Abstract, std::less<>> locals;
  Knowledge known;
  bool alive = true;  ///< false after return, raise, continue, break on every way
};

/// What a condition makes certain.
struct Condition {
  enum class Truth { unknown, always, never };
  Truth truth = Truth::unknown;
  Knowledge if_true;
  Knowledge if_false;
};

/// A class-based view on its way through one request.
struct Instance {
  python::Node definition;
  std::vector<python::Symbol> order;                    ///< method resolution order
  std::map<std::string, Abstract, std::less<>> fields;  ///< self.x
  std::string action;                                   ///< viewset method in progress
};

/// Executes one view for one HTTP method over abstract values. Nothing is run; loops are passed
/// once; calls of the submission's functions are followed 6 deep; at most 20,000 expressions.
class Machine {
 public:
  /// Walks for requests of this HTTP method.
  /// `parameters` are those of the route; absent where the view has none.
  Machine(const Project& project, const Index& index, std::string method, const Route* route);

  /// Runs a function view with these decorators around it (outermost first).
  void run_function(python::Node function, const std::vector<python::Node>& decorators);
  /// Runs a class-based view: dispatch, its mixins and decorators, then the handler. `action` is
  /// the viewset method of a router; empty: the method's own handler.
  void run_class(python::Node definition, const std::vector<python::Node>& decorators,
                 std::string action);

  const std::vector<Effect>& effects() const { return effects_; }
  const Rows& rows(int index) const { return rows_[static_cast<std::size_t>(index)]; }
  /// Rows with secrets that were selected, with what was certain then.
  const std::map<int, Knowledge>& selections() const { return selections_; }
  const std::string& method() const { return method_; }
  bool csrf_exempt() const { return csrf_exempt_; }
  bool is_drf() const { return is_drf_; }
  /// Why the result may be incomplete; empty if all was followed.
  const std::string& gap() const { return gap_; }
  /// What was certain when the view's own code began.
  const Knowledge& at_entry() const { return at_entry_; }
  bool reached() const { return reached_; }

 private:
  using Continuation = std::function<Abstract(State&)>;
  struct Returned {
    Abstract value;
    Knowledge known;
  };
  struct Frame {
    python::Node function;
    std::vector<Returned> returns;
    int first_row = 0;  ///< rows from this one on are its own
    Instance* self = nullptr;
    std::size_t class_order = 0;  ///< where in self->order the running method stands
    bool in_loop = false;
    bool answers = false;  ///< what it returns is the response
    Abstract receiver;     ///< of a model's or manager's method: the rows it is called on
  };

  // statements.cpp
  void block(python::Node body, State& state);
  void statement(python::Node node, State& state);
  void if_statement(python::Node node, State& state);
  void loop(python::Node node, State& state);
  void try_statement(python::Node node, State& state);
  void with_statement(python::Node node, State& state);
  void match_statement(python::Node node, State& state);
  void return_statement(python::Node node, State& state);
  void assign(python::Node target, const Abstract& value, State& state);
  void assign_attribute(python::Node target, const Abstract& value, State& state);
  void put(Abstract& dictionary, const std::string& key, std::set<int> held) const;
  static void join(State& into, const State& other);
  static std::function<bool(int)> absent_from(const State& state);

  // conditions.cpp
  Condition condition(python::Node node, State& state);
  Condition comparison(python::Node node, State& state);
  Condition call_condition(python::Node node, State& state);
  Condition equality(const Abstract& a, const Abstract& b, python::Node node, State& state);
  std::vector<Abstract> given_to(python::Node node, std::vector<Abstract> first, State& state);
  static Condition matching(const Abstract& word, const Abstract& content);
  Condition truthiness(python::Node node, const Abstract& value, State& state);
  /// What is certain if this function, with these arguments, answers something true.
  Condition truth_of(python::Node function, std::vector<Abstract> arguments, const State& state,
                     Instance* self = nullptr, std::size_t order = 0);

  // expressions.cpp
  Abstract eval(python::Node node, State& state);
  Abstract evaluated(python::Node node, State& state);
  Abstract augmented(python::Node node, State& state);
  Abstract q_value(python::Node node, State& state);
  Abstract identifier(python::Node node, State& state);
  Abstract attribute(python::Node node, State& state);
  Abstract attribute_of(const Abstract& object, std::string_view name, python::Node node,
                        State& state);
  Abstract rows_attribute(const Abstract& object, std::string_view name, python::Node node);
  Abstract model_attribute(const Model& model, std::string_view name, python::Node node);
  Abstract user_attribute(std::string_view name, python::Node node);
  Abstract self_attribute(std::string_view name, python::Node node, State& state);
  Abstract subscript(python::Node node, State& state);
  Abstract dictionary(python::Node node, State& state);
  Abstract comprehension(python::Node node, State& state);
  Abstract all_of(python::Node node, State& state);
  static Abstract merged(const Abstract& a, const Abstract& b);
  static std::set<int> carried(const Abstract& value);

  // calls.cpp
  Abstract call(python::Node node, State& state);
  Abstract method_call(const Abstract& object, std::string_view name, python::Node node,
                       State& state);
  Abstract carrying_call(const Abstract& object, std::string_view name, python::Node node,
                         State& state);
  Abstract user_call(std::string_view name, python::Node node, State& state);
  void narrow(Abstract& value, const State& state);
  Abstract external_call(const std::string& name, python::Node node, State& state);
  Abstract class_call(python::Node definition, python::Node node, State& state);
  Abstract instance_of(python::Node definition, python::Node node, State& state);
  Abstract instance_attribute(const Abstract& object, std::string_view name, python::Node node,
                              State& state);
  Abstract invoke(python::Node function, std::vector<Abstract> arguments,
                  const std::map<std::string, Abstract, std::less<>>& keywords, State& state,
                  Instance* self = nullptr, std::size_t order = 0);
  Abstract own_call(python::Node function, python::Node node, State& state);
  Abstract invoke_call(python::Node function, python::Node node, State& state,
                       Instance* self = nullptr, std::size_t order = 0);
  Abstract arguments_union(python::Node node, State& state);
  Abstract form_call(const Abstract& form, std::string_view name, python::Node node, State& state);
  Abstract save_form(const Abstract& form, python::Node node, State& state);
  Abstract make_form(python::Node definition, python::Node node, State& state);
  Abstract self_call(std::string_view name, python::Node node, State& state);
  Abstract super_call(std::size_t order, std::string_view name, python::Node node, State& state);

  // queries.cpp
  Abstract query(const Abstract& source, std::string_view name, python::Node node, State& state);
  Abstract own_query(const Abstract& source, Abstract from, std::string_view name,
                     python::Node node, State& state);
  Abstract selection(const Abstract& source, python::Node node, std::size_t first_filter,
                     bool single, State& state);
  Knowledge shared_with_requester(int index, python::Node node);
  void constrain(Rows& rows, python::Node arguments, std::size_t first, State& state);
  void constrain_by(Rows& rows, std::string_view path, python::Node value_node, State& state);
  bool q_scopes(python::Node node, Rows& rows, State& state);
  void own(Rows& rows, std::string_view field, const Abstract& value, State& state);
  Abstract create(const Model& model, python::Node node, State& state, bool saved,
                  const Rows* related = nullptr);
  const Rows* comes_from(const Abstract& source, const State& state) const;
  Abstract all_rows(const Model& model, Location at);
  int add_rows(Rows rows);
  void effect(Effect::Kind kind, int rows, Location at, const State& state);
  Abstract user_query(std::string_view name, python::Node node, State& state);
  Abstract token_query(python::Node node, State& state);

  // managers.cpp
  python::Node manager_method(const Model& model, std::string_view manager,
                              std::string_view name) const;
  Abstract model_method(python::Node function, const Abstract& receiver, python::Node node,
                        State& state);
  Abstract receiver_super(std::string_view name, python::Node node, State& state);
  bool changes_held(const Abstract& object, std::string_view name, python::Node node, State& state);

  // exposure.cpp
  void reach_by_page(Abstract& value, const Template* page);
  void note_page_guards(const Template* page, python::Node context, State& state);
  void reach_by_serializer(Abstract& value, python::Node serializer);
  void reach(Abstract& value, int from, const Model& model, std::string_view how);
  std::vector<const Model*> nested_secrets(python::Node serializer, int depth) const;
  const Template* class_page() const;
  python::Node class_serializer(State& state);

  // sql.cpp
  std::optional<Abstract> execute_sql(python::Node node, State& state);
  Abstract run_sql(const SqlStatement& statement, const Model& model,
                   const std::vector<python::Node>& parameters, python::Node node, State& state);
  Abstract fetched(std::string_view name);

  // guards.cpp
  Abstract decorated(const std::vector<python::Node>& decorators, std::size_t at, State& state,
                     const Continuation& next);
  bool known_decorator(const std::string& name, python::Node decorator, State& state,
                       bool& refused);
  Abstract own_decorator(python::Node function, State& state, const Continuation& next);
  void permissions(State& state);
  void default_permissions(State& state);
  Condition permission(python::Node node, const Abstract* object, State& state);
  Condition permission_class(const python::Symbol& symbol, const Abstract* object, State& state);
  void object_permissions(const Abstract& object, State& state);
  python::Node permission_classes();
  void refuse(State& state) { state.alive = false; }

  // gatekeepers.cpp
  State beginning() const;
  Abstract narrowed_by_backends(Abstract rows, State& state);
  Abstract granted_rows(python::Node node, State& state);

  // generic_views.cpp
  Abstract dispatch(std::size_t order, State& state);
  Abstract handler(State& state);
  Abstract run_method(std::string_view name, std::size_t from, python::Node node, State& state);
  Abstract builtin(std::string_view name, python::Node node, State& state);
  Abstract builtin_context(python::Node node, State& state);
  Abstract builtin_get_object(python::Node node, State& state);
  Abstract builtin_queryset(State& state);
  Abstract builtin_form(State& state);
  Abstract generic_get(State& state);
  Abstract generic_post(State& state);
  Abstract listed(State& state);
  Abstract rest_action(std::string_view name, State& state);
  Abstract call_self(std::string_view name, std::vector<Abstract> arguments, State& state);
  bool has_base(std::string_view ending) const;
  const Model* view_model(State& state);

  bool spend() { return ++spent_ < 20'000; }
  void show(const Abstract& value, Location at, const State& state);
  void note_decrypting(std::string_view name, const Abstract& value);
  bool selects_by_url() const;
  void note_gap(std::string what) {
    if (gap_.empty()) gap_ = std::move(what);
  }
  Frame& frame() { return frames_.back(); }
  Abstract finish_frame(State& state);
  bool sets_owner(python::Node definition, const Model& model) const;
  const Model* model_of_form(python::Node definition) const;
  bool exposes_owner(python::Node definition, const Model& model) const;

  const Project& project_;
  const Index& index_;
  const python::Program& program_;
  const Models& models_;
  std::string method_;
  const Route* route_;
  std::vector<Rows> rows_;
  std::vector<Effect> effects_;
  std::vector<Frame> frames_;
  std::vector<Continuation> continuations_;
  std::map<int, python::Node> form_classes_;
  std::map<int, int> parent_of_;  ///< rows reached by following a relation of other rows
  std::map<int, Knowledge> selections_;
  std::vector<std::map<std::string, Abstract, std::less<>>> objects_;  ///< attributes of instances
  std::map<std::pair<int, std::string>, int> followed_;  ///< rows of a relation of rows, once made
  std::map<int, PageGuard> page_guards_;  ///< rows that a template shows under a condition only
  std::set<int> decrypted_;               ///< rows whose content went through a decrypting call
  std::size_t stamped_ = 0;  ///< rows below this know whether they were selected under a guard
  Abstract executed_;        ///< what the last SQL statement selected
  std::set<python::Node> open_names_;  ///< names of Q expressions that are being followed
  Instance instance_;
  Knowledge at_entry_;
  std::set<std::string>
      request_owners_;  ///< fields of the request's data that the view set to the requester
  std::string gap_;
  int spent_ = 0;
  bool csrf_exempt_ = false;
  bool is_drf_ = false;
  bool reached_ = false;
  bool download_ = false;
  bool answering_ = false;          ///< the method to be run is the handler
  bool next_answers_ = false;       ///< the frame to be started answers the request
  Abstract next_receiver_;          ///< of the frame to be started
  bool permissions_given_ = false;  ///< @permission_classes on a function view
};

}  // namespace grader::project::access
