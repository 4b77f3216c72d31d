#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "grader/project/flow/flow.hpp"
#include "grader/project/flow/state.hpp"
#include "grader/project/project.hpp"

namespace grader::project::flow {

/// The arguments of one call.
struct Arguments {
  std::vector<Ref> positional;
  std::vector<std::pair<std::string, Ref>> named;
  Ref rest;  ///< of **rest, where its keys are not known

  Ref named_as(std::string_view name) const;
  Ref at(std::size_t position) const;
  /// Named so, else at this position; null where there is none.
  Ref get(std::string_view name, std::size_t position) const;
};

/// What Django makes of a class of the submission.
enum class ClassRole : std::uint8_t { plain, model, form, serializer, view, admin };

/// Runs functions of the submission over abstract values. Every run is bounded: steps, depth of
/// calls, alternatives of a value; what is beyond becomes unknown.
class Machine {
 public:
  explicit Machine(const Project& project);

  /// Runs a function as the outside would call it.
  void run(python::Node function, const Arguments& arguments, State state, std::string by);
  /// Makes an object, calls `steps` on it and keeps what was saved, as run() does.
  template <typename Steps>
  void run_steps(python::Node place, std::string by, const Steps& steps) {
    begin(place, std::move(by));
    State state;
    steps(state);
    end(std::move(state));
  }
  Flow take();
  /// Functions of the submission that give a name of a module another value.
  const std::vector<python::Node>& rebinding() const { return rebinding_; }
  /// Runs `steps` for the values that they give to modules alone.
  template <typename Steps>
  void rehearse(const Steps& steps) {
    Flow kept = std::exchange(flow_, {});
    steps();
    flow_ = std::move(kept);
  }

  /// A copy for another way through the code; its size is paid for in steps.
  State fork(const State& state);

  // Statements (statements.cpp).
  void execute(python::Node statement, State& state);
  void execute_block(python::Node block, State& state);

  // Expressions (expressions.cpp).
  Ref evaluate(python::Node expression, State& state);
  Arguments arguments(python::Node call, State& state);
  /// Nothing where it depends on more than is known.
  std::optional<bool> truth(const Ref& value, const State& state) const;
  std::optional<bool> condition(python::Node expression, State& state);
  /// The state in which the condition had this outcome.
  void assume(python::Node condition, bool outcome, State& state);
  void assign(python::Node target, const Ref& value, State& state);

  // Attributes and items (attributes.cpp).
  Ref attribute(const Ref& of, std::string_view name, python::Node node, State& state);
  void set_attribute(const Ref& of, const std::string& name, const Ref& value, python::Node node,
                     State& state);
  Ref item(const Ref& of, const Ref& index, python::Node node, State& state);
  void set_item(const Ref& of, const Ref& index, const Ref& value, python::Node node, State& state);
  /// What a loop over it gives.
  Ref element(const Ref& of, python::Node node, State& state);

  // Calls (calls.cpp).
  Ref call(python::Node node, State& state);
  Ref call_value(const Ref& function, const Arguments& arguments, python::Node node, State& state);
  Ref call_method(const Ref& of, std::string_view name, const Arguments& arguments,
                  python::Node node, State& state);
  Ref invoke(const Value& function, const Arguments& arguments, python::Node node, State& state);
  Ref instantiate(const Ref& type, const Arguments& arguments, python::Node node, State& state);

  // Data, containers and libraries (data.cpp, libraries.cpp); null where it is not theirs.
  Ref call_external(const std::string& name, const Arguments& arguments, python::Node node,
                    State& state);
  Ref native_method(const Ref& of, const Object& object, std::string_view name,
                    const Arguments& arguments, python::Node node, State& state);
  Ref container_method(const Ref& of, const Object& object, std::string_view name,
                       const Arguments& arguments, python::Node node, State& state);
  Ref data_method(const Ref& of, std::string_view name, const Arguments& arguments,
                  python::Node node, State& state);
  Ref builtin(std::string_view name, const Arguments& arguments, python::Node node, State& state);

  // Rows (rows.cpp).
  Ref new_row(const Model& model, bool stored, python::Node node, State& state);
  Ref rows_method(const Ref& rows, std::string_view name, const Arguments& arguments,
                  python::Node node, State& state);
  Ref row_method(const Ref& row, std::string_view name, const Arguments& arguments,
                 python::Node node, State& state);
  Ref row_attribute(const Ref& row, const Object& object, std::string_view name, python::Node node,
                    State& state);
  /// Row.save() as its class defines it.
  void save_row(const Ref& row, python::Node node, State& state);
  /// Django's own Model.save(): signals, the fields' own encryption, then the write.
  void store_row(const Ref& row, python::Node node, State& state);
  void write_secret(const Ref& value, python::Node node, bool stored, State& state, int id,
                    python::Node assigned);
  /// entries.create(password=…) of a manager that is not known to be one.
  Ref related_create(const Ref& of, std::string_view name, const Arguments& arguments,
                     python::Node node, State& state);
  Ref related_rows(const Model& model, std::string_view name, python::Node node);
  void note_relation(const Object& row, const ModelField& field, python::Node node);
  /// cursor.execute("INSERT INTO entries …", parameters)
  void write_by_sql(const Arguments& arguments, python::Node node, State& state);
  void fill_row(const Ref& row, const Arguments& arguments, python::Node node, State& state);

  // Forms, serializers and views (forms.cpp, serializers.cpp, views.cpp).
  Ref form_method(const Ref& form, std::string_view name, const Arguments& arguments,
                  python::Node node, State& state);
  void prepare_form(const Ref& form, const Arguments& arguments, State& state);
  void validate_form(const Ref& form, python::Node node, State& state);
  Ref serializer_method(const Ref& serializer, std::string_view name, const Arguments& arguments,
                        python::Node node, State& state);
  void prepare_serializer(const Ref& serializer, const Arguments& arguments, State& state);
  void validate_serializer(const Ref& serializer, python::Node node, State& state);
  Ref view_method(const Ref& view, std::string_view name, const Arguments& arguments,
                  python::Node node, State& state);
  Ref view_attribute(const Ref& view, const Object& object, std::string_view name,
                     python::Node node, State& state);
  /// The page of a class-based view: what get_context_data() and extra_context hand its template.
  void record_page(const Ref& view, python::Node node, State& state);
  /// What a template is handed besides: `page` is its name, or empty for every template.
  void record_context(std::string page, const Ref& context, python::Node node, State& state);
  /// The form that Django makes of a model for a view without a form class.
  Ref model_form(const Model& model, python::Node view, const Ref& row, python::Node node,
                 State& state);
  Ref new_view(python::Node definition, State& state);

  // Classes.
  ClassRole role(python::Node class_definition);
  /// The model that an inner class Meta names, or null.
  const Model* meta_model(python::Node class_definition);
  /// Names of Meta.fields less Meta.exclude; nothing where all fields are meant or it is not known.
  std::optional<std::vector<std::string>> meta_fields(python::Node class_definition);
  /// True if a base from outside the submission has this text in its qualified name.
  bool derives_from(python::Node class_definition, std::string_view text);
  Ref method(python::Node class_definition, std::string_view name, python::Node after = {});

  // Heap.
  Ref make_object(std::string type, python::Node definition, python::Node node, State& state);
  const Object* object(const Ref& ref, const State& state) const;
  Object* writable(const Ref& ref, State& state);
  /// The value with everything of the heap in it taken out: rows become input, containers text.
  Ref flat(const Ref& value, const State& state, int depth = 0) const;
  Ref rows_as_data(const Value& rows) const;
  Ref request(python::Node node) const;
  Ref user(python::Node node, State& state);
  Ref setting(std::string_view name, python::Node node);

  const Project& project() const { return project_; }
  const python::Program& program() const { return project_.program; }
  const Model* model_of(python::Node class_definition) const;
  const std::string& secret_field() const { return project_.models.secret_field; }
  bool is_entry(const Object& object) const;
  Ref from_symbol(const python::Symbol& symbol, python::Node node);

 private:
  friend class Loop;
  struct Frame {
    python::Node function;
    python::Node owner;  ///< class that defines it
    Ref self;
    std::vector<std::pair<Ref, State>> returns;
    std::vector<Ref> yields;
    std::vector<State> leaving;  ///< by break and continue
  };

  void begin(python::Node place, std::string by);
  void end(State state);
  bool spend();
  const Names& module_names(const python::Module& module);
  Ref unbound(python::Node identifier);
  Ref assigned(python::Node assignment);

  // Names of modules that functions give other values (globals.cpp).
  void find_rebindings();
  void rebind(const python::Tree* module, std::string_view name, const Ref& value, State& state);
  Ref class_value(python::Node own);
  bool is_global(std::string_view name) const;
  /// `first`, which may be null, or what a function may have put in its place.
  Ref with_rebound(const python::Tree* module, std::string_view name, const Ref& first) const;

  void bind(Frame& frame, const Value& function, const Arguments& arguments, State& inner);
  Ref bound_default(python::Node parameter);
  void record_rendering(const std::string& name, const Arguments& arguments, python::Node node,
                        State& state);
  void record_call(const std::string& name, const Arguments& arguments, python::Node node,
                   const State& state);
  Ref super_object(python::Node node);

  const Project& project_;
  Flow flow_;
  std::vector<Frame> frames_;
  std::vector<python::Node> loops_;  ///< loops over rows that are being run
  Heap base_heap_;                   ///< objects made at import
  int next_id_ = 0;
  std::map<const python::Tree*, Names> modules_;
  std::set<python::Node> assigned_;  ///< assignments whose values are being worked out
  std::map<python::Node, ClassRole> roles_;
  std::multimap<std::string, python::Node> receivers_;                  ///< of pre_save, by model
  std::map<python::Node, std::set<std::string, std::less<>>> globals_;  ///< by function
  std::vector<python::Node> rebinding_;                                 ///< the functions
  std::map<std::pair<const python::Tree*, std::string>, Ref> rebound_;
  std::string by_;
  python::Node root_;
  int steps_left_ = 0;
  int total_left_ = 0;
};

}  // namespace grader::project::flow
