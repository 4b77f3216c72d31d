#include <algorithm>

#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::encryption {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// True if this code hashes a password somewhere: which one is not followed.
bool hashes(std::string_view code) {
  return text::contains_any(text::lower(code), {"set_password", "make_password", ".create_user(",
                                                "hash", "bcrypt", "pbkdf2", "encrypt(", "kdf"});
}

bool is_account(const Facts& facts, Node expression) {
  if (project::names_the_user_model(expression, facts.project.program)) return true;
  const auto name = facts.project.program.resolve(expression).name;
  const auto* model = facts.project.models.find(name);
  if (name == facts.project.models.user_model) return true;
  // A profile beside the account has no password to sign in with.
  const bool profile =
      model != nullptr && std::ranges::any_of(model->fields, [](const auto& field) {
        return field.type.ends_with("OneToOneField");
      });
  return model != nullptr && model->is_user && !profile;
}

/// The class whose row a call makes: Account(…), Account.objects.create(…).
Node made_by(Node call) {
  const Node function = python::callee(call);
  const auto name = function.child(Field::attribute).text();
  if (name != "create" && name != "get_or_create" && name != "update_or_create") return function;
  const Node manager = function.child(Field::object);
  return manager.is(Kind::attribute) ? manager.child(Field::object) : Node();
}

bool is_named_password(std::string_view name) {
  const std::string lowered = text::lower(name);
  return (project::names_a_secret(name) || lowered.ends_with("pass")) &&
         text::contains_any(lowered, {"pass", "pwd", "mdp", "senha", "contras", "parol", "haslo"});
}

/// Account(username=…, password=request.POST["password"])
bool stores_plain(const Facts& facts, Node call) {
  const auto arguments = call.child(Field::arguments).children();
  const bool given = std::ranges::any_of(arguments, [](Node argument) {
    return argument.is(Kind::keyword_argument) &&
           is_named_password(argument.child(Field::name).text()) &&
           !argument.child(Field::value).is(Kind::string) &&
           !argument.child(Field::value).is(Kind::none);
  });
  if (!given || !is_account(facts, made_by(call))) return false;
  const Node function = call.enclosing(Kind::function_definition);
  return function && !hashes(function.text());
}

/// Meta.model and Meta.fields of a form or serializer that Django gives no hashing of its own.
bool takes_passwords(const Facts& facts, Node definition) {
  const auto bases = facts.project.program.linearised(definition);
  const bool plain = std::ranges::any_of(bases, [](const auto& base) {
    return base.name.ends_with(".ModelSerializer") || base.name.ends_with("forms.ModelForm") ||
           base.name.ends_with("HyperlinkedModelSerializer");
  });
  const Node meta = python::own_attribute(definition, "Meta");
  if (!plain || !meta.is(Kind::class_definition) || hashes(definition.text())) return false;
  const Node model = python::own_attribute(meta, "model").child(Field::right);
  const Node fields = python::own_attribute(meta, "fields").child(Field::right);
  const auto names = fields.text();
  const bool listed = text::contains_any(names, {"\"password\"", "'password'", "__all__"});
  const bool read_only = definition.text().find("read_only_fields") != std::string_view::npos;
  return model && listed && !read_only && is_account(facts, model);
}

/// True if some view saves what this form or serializer was given, and hashes nothing.
bool is_saved(const Facts& facts, Node definition) {
  const std::string name(python::definition_name(definition));
  return std::ranges::any_of(facts.project.views.all, [&](const project::View& view) {
    const auto code = view.definition.text();
    if (view.routes.empty() || hashes(code)) return false;
    const bool called = code.find(name + "(") != code.npos && code.find(".save(") != code.npos;
    const bool named = text::contains_any(code, {"serializer_class", "form_class"}) &&
                       code.find("= " + name) != code.npos &&
                       text::contains_any(code, {"Create", "ModelViewSet", ".save("});
    return called || named;
  });
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  const auto add = [&](Node node, const std::string& what) {
    findings.push_back(violated(facts, line_of(node), what, grading::Severity::high));
  };
  each_node(facts, Kind::call, "pass", [&](Node call) {
    if (stores_plain(facts, call))
      add(call, "The password of an account is saved as it was typed.");
  });
  each_node(facts, Kind::class_definition, "Meta", [&](Node definition) {
    if (!takes_passwords(facts, definition) || !is_saved(facts, definition)) return;
    add(definition, std::string(python::definition_name(definition)) +
                        " saves the password of an account as it was typed.");
  });
  return or_met(std::move(findings), "No account was seen to be saved with a password unhashed.");
}

}  // namespace

extern constinit const Check account_password_plain{
    .title = "Passwords of accounts are stored as they were typed",
    .why =
        "Whoever sees the table has the password that opens everything, and Django's own sign-in "
        "refuses the account, because it compares hashes.",
    .fix =
        "Use create_user(), set_password() or UserCreationForm. See "
        "https://docs.djangoproject.com/en/stable/topics/auth/default/#changing-passwords",
    .reference = "CWE-256",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::encryption
