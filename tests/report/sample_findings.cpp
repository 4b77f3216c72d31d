#include <utility>

#include "tests/report/sample.hpp"

namespace grader::report::sample {
namespace {

using grading::Cause;
using grading::Confidence;
using grading::Evidence;
using grading::Finding;
using grading::Outcome;
using grading::Severity;

Evidence code(std::string path, int line, std::string quote, std::string note = {}) {
  return {
      Evidence::Kind::code, {std::move(path), line, 0, 0}, {}, std::move(quote), std::move(note)};
}

Finding violated(std::string check, Severity severity, std::string message,
                 std::vector<Evidence> evidence, Confidence confidence = Confidence::high) {
  return {std::move(check), Outcome::violated,  severity,           confidence,
          Cause::none,      std::move(message), std::move(evidence)};
}

Finding met(std::string check, std::string message, std::vector<Evidence> evidence) {
  return {std::move(check), Outcome::met,       Severity::info,     Confidence::high,
          Cause::none,      std::move(message), std::move(evidence)};
}

Finding export_leak() {
  return violated(
      "ownership.list_unscoped", Severity::critical,
      "The CSV export writes the entries of every user: any signed-in person downloads everybody's "
      "passwords.",
      {code("vault/views.py", 91,
            "@login_required\n"
            "def export_csv(request):\n"
            "    response = HttpResponse(content_type=\"text/csv\")\n"
            "    writer = csv.writer(response)\n"
            "    for entry in PasswordEntry.objects.all():\n"
            "        writer.writerow([entry.title, entry.website, entry.get_password()])\n"
            "    return response",
            "the view"),
       code("vault/urls.py", 12, R"(path("export/", views.export_csv, name="export"),)",
            "the address that leads to it"),
       code("vault/views.py", 95, "    for entry in PasswordEntry.objects.all():",
            "the selection: nothing ties it to request.user"),
       code("vault/models.py", 27, "        return cipher.decrypt(self.password.encode()).decode()",
            "what is written is the decrypted password")});
}

Finding import_plain() {
  return violated(
      "encryption.path_unencrypted", Severity::critical,
      "The CSV import saves passwords as they are in the file; create and edit encrypt them.",
      {code("vault/views.py", 112,
            "        PasswordEntry.objects.create(\n"
            "            user=request.user,\n"
            "            title=row[0],\n"
            "            password=row[3],\n"
            "        )"),
       code("vault/forms.py", 18, "        entry.set_password(self.cleaned_data[\"password\"])",
            "how the create form does it")});
}

Finding delete_by_get(const std::string& view, int line) {
  return violated(
      "views.state_change_on_get", Severity::high,
      view + " deletes when its address is merely opened, so a link or an image can delete.",
      {code("vault/views.py", line,
            "def " + view +
                "(request, pk):\n"
                "    entry = get_object_or_404(PasswordEntry, pk=pk, user=request.user)\n"
                "    entry.delete()\n"
                "    return redirect(\"entry_list\")"),
       code("vault/templates/vault/list.html", 31,
            R"(<a class="btn" href="{% url 'entry_delete' entry.pk %}">Delete</a>)",
            "the page links to it")});
}

Finding ambiguous_search() {
  return {"ownership.search_unscoped",
          Outcome::undetermined,
          Severity::high,
          Confidence::low,
          Cause::submission,
          "The search builds its query in a loop over names from the request; whether the owner "
          "filter stays in force could not be followed.",
          {code("vault/views.py", 71,
                "    for name in request.GET:\n"
                "        query = getattr(manager, OPERATIONS[name])(query, request.GET[name])")}};
}

Finding uncovered() {
  return {"tests.coverage_low",
          Outcome::undetermined,
          Severity::low,
          Confidence::low,
          Cause::grader,
          "Coverage could not be measured: the measuring tool ended without a result.",
          {{Evidence::Kind::tool, {}, {}, "coverage: no data was collected", "its last line"}}};
}

std::vector<Finding> style_findings() {
  std::vector<Finding> result;
  for (const int line : {14, 22, 37, 41, 58, 77, 83, 90, 104}) {
    result.push_back(violated("style.pep8", Severity::info,
                              "E501 line too long (" + std::to_string(96 + line % 7) + " > 79)",
                              {code("vault/views.py", line, "")}));
  }
  return result;
}

std::vector<Finding> good_findings() {
  return {
      met("encryption.stored_plain",
          "Passwords are encrypted with Fernet before they are saved, and decrypted for their "
          "owner.",
          {code("vault/models.py", 22,
                "        self.password = cipher.encrypt(raw.encode()).decode()")}),
      met("access.login_missing", "All 8 views that touch entries ask for a signed-in user.",
          {code("vault/views.py", 18, "@login_required")}),
      met("ownership.lookup_unscoped", "Detail, edit and delete look entries up with their owner.",
          {code("vault/views.py", 44,
                "    entry = get_object_or_404(PasswordEntry, pk=pk, user=request.user)")}),
      met("injection.sql_built", "All queries go through the ORM.",
          {code("vault/views.py", 73, "    entries = entries.filter(title__icontains=needle)")}),
      met("models.migrations_missing", "Migrations are committed and match the models.",
          {code("vault/migrations/0002_entry_notes.py", 0, "")}),
      met("injection.csrf_exempt", "", {}),
  };
}

}  // namespace

std::vector<Finding> findings() {
  std::vector<Finding> result{
      export_leak(),
      import_plain(),
      delete_by_get("delete_entry", 62),
      delete_by_get("delete_all", 68),
      violated("settings.secret_key_default", Severity::high,
               "The encryption key has a working default in the code, so a server set up without "
               "the variable uses a key that everybody can read.",
               {code("config/settings.py", 24,
                     "FERNET_KEY = os.environ.get(\"FERNET_KEY\", \"ZmR… (44 characters, "
                     "9f2b61c0)\")")}),
      violated("tests.ownership_untested", Severity::high, "No test asks for another user's entry.",
               {code("vault/tests.py", 0, "", "7 tests, all signed in as the owner")}),
      violated("settings.debug_enabled", Severity::medium, "DEBUG is on, whatever the environment.",
               {code("config/settings.py", 28, "DEBUG = True")}),
      violated("models.n_plus_one", Severity::medium,
               "The list asks the database once more for each entry's category.",
               {code("vault/templates/vault/list.html", 24, "<td>{{ entry.category.name }}</td>"),
                code("vault/views.py", 21,
                     "    entries = PasswordEntry.objects.filter(user=request.user)",
                     "select_related(\"category\") is missing")},
               Confidence::medium),
      violated("history.junk_committed", Severity::medium,
               "A database with entries was committed and is still in the history.",
               {{Evidence::Kind::commit,
                 {"db.sqlite3", 0, 0, 0},
                 "7d1f0c52a9e34b1186d0c7a4e2f95b3318c06a7d",
                 "Add export and Docker files",
                 "the commit that added it"}}),
      violated("docs.limitations_missing", Severity::low,
               "No section of the README says what is missing or unsafe.",
               {code("README.md", 1, "# Password vault")}),
      ambiguous_search(),
      uncovered(),
  };
  for (auto& finding : style_findings()) result.push_back(std::move(finding));
  for (auto& finding : good_findings()) result.push_back(std::move(finding));
  return result;
}

std::vector<RuleText> rules() {
  return {
      {"ownership.list_unscoped", "Somebody else's entries are listed",
       "Whoever has an account sees passwords of all others.",
       "Start every query from the signed-in user: "
       "PasswordEntry.objects.filter(user=request.user).",
       "CWE-639"},
      {"encryption.path_unencrypted", "One way of saving skips the encryption",
       "Entries saved this way lie readable in the database.",
       "Encrypt in one place that every path goes through, for example the model's save().",
       "CWE-312"},
      {"views.state_change_on_get", "Opening an address changes data",
       "A link in a mail, an image on another site or a browser's prefetch can delete entries.",
       "Accept POST only (@require_POST) and send a form with {% csrf_token %}.", "CWE-352"},
      {"settings.secret_key_default", "A secret has a working default in the code",
       "Who reads the repository can decrypt the entries of a server set up in a hurry.",
       "Read os.environ[\"FERNET_KEY\"] and let the start fail without it.", "CWE-798"},
      {"tests.ownership_untested", "No test proves that entries are private",
       "The most expensive fault of such an application would go unnoticed.",
       "Sign in as a second user and expect 404 for the first user's entry.", ""},
      {"settings.debug_enabled", "Debug mode is on",
       "Error pages show settings and code to strangers.",
       "Read it from the environment, off by default.", "CWE-489"},
      {"models.n_plus_one", "The number of queries grows with the number of rows",
       "Pages become slow as soon as there is real data.", "Use select_related().", ""},
      {"history.junk_committed", "Files are committed that do not belong there",
       "A committed database shows everybody what was in it.",
       "Name them in .gitignore, and remove them from the history before others see it.",
       "CWE-540"},
      {"docs.limitations_missing", "The README names no known limitations",
       "The assignment asks for them; they show what the author knows is missing.",
       "Add a section that names them.", ""},
      {"ownership.search_unscoped", "Search looks through everybody's entries",
       "Whoever has an account finds entries of all others.", "Filter by request.user first.",
       "CWE-639"},
      {"tests.coverage_low", "Tests reach little of the code", "Untested code breaks unnoticed.",
       "Start with the views that change data.", ""},
      {"style.pep8", "Code departs from PEP 8", "It is harder to read for others.",
       "Run a formatter.", "PEP 8"},
      {"encryption.stored_plain", "Passwords are stored as typed", "", "", "CWE-256"},
      {"access.login_missing", "A page is open without signing in", "", "", "CWE-306"},
      {"ownership.lookup_unscoped", "Entries are looked up without their owner", "", "", "CWE-639"},
      {"injection.sql_built", "SQL is put together from input", "", "", "CWE-89"},
      {"models.migrations_missing", "Migrations are missing", "", "", ""},
      {"injection.csrf_exempt", "The CSRF protection is switched off", "", "", "CWE-352"},
  };
}

}  // namespace grader::report::sample
