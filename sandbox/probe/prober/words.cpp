#include "sandbox/probe/prober/words.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>

namespace grader::sandbox::prober {

namespace {

bool any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char letter) {
    return static_cast<char>(letter < 128 ? std::tolower(letter) : letter);
  });
  return out;
}

bool means_secret(std::string_view name) {
  const std::string text = lower(name);
  if (text == "pw" || text.starts_with("pw_") || text.ends_with("_pw") || text == "pswd")
    return true;
  return any(text, {"pass", "pwd", "mdp", "contras", "secret", "senha", "parol", "пароль", "clave",
                    "kennwort", "credential", "cipher", "encrypt", "geheim", "секрет", "mot_de",
                    "motde", "psw"}) &&
         text != "csrfmiddlewaretoken";
}

bool describes_secret(std::string_view name) {
  const std::string text = lower(name);
  if (any(text, {"belongs", "_desc", "_hint", "hint_", "length", "_len", "categor", "_type",
                 "strength", "_site", "_url", "_note", "_label", "_id"})) {
    return true;
  }
  const bool named = any(text, {"name", "title"}) && !any(text, {"username", "user_name"});
  return named || any(text, {"_for_pass", "name_of"});
}

bool means_title(std::string_view name) {
  const std::string text = lower(name);
  return any(text,
             {"title",  "name",    "nom",     "servi", "platf",    "account",     "app",   "site",
              "web",    "domain",  "titre",   "titul", "sayt",     "назв",        "сайт",  "label",
              "сервис", "purpose", "company", "host",  "resource", "bezeichnung", "entry", "key"});
}

bool means_user(std::string_view name) {
  return any(lower(name), {"user", "login", "identif", "usuario", "логин", "benutzer", "foydalan",
                           "uname", "handle", "utilisateur", "пользовател"});
}

bool means_owner(std::string_view name) {
  return any(lower(name), {"user", "owner", "author", "usuario", "created_by", "utilisateur",
                           "propriet", "dono", "creator"});
}

bool means_people(std::string_view name) {
  const std::string text = lower(name);
  return any(text, {"share", "member", "collabor", "recipient", "invite", "partag", "compart",
                    "viewers", "friends", "allowed_users", "users"});
}

bool means_mail(std::string_view name) {
  return any(lower(name), {"mail", "correo", "courriel", "почт"});
}

bool means_web(std::string_view name) {
  const std::string text = lower(name);
  return any(text, {"url", "link", "lien", "website", "web_site", "web_address", "enlace", "sayt"});
}

bool means_note(std::string_view name) {
  return any(lower(name), {"note", "desc", "comment", "remark", "замет", "комментар", "notiz"});
}

bool means_code(std::string_view name) {
  const std::string text = lower(name);
  return text == "code" || any(text, {"otp", "2fa", "verification", "confirm_code", "totp"});
}

bool means_master(std::string_view name) {
  return any(lower(name),
             {"old_pass", "oldpass", "current_pass", "currentpass", "master", "account_pass",
              "login_pass", "your_pass", "user_pass", "maitre", "maestra", "мастер"});
}

bool means_registration(std::string_view text) {
  return any(lower(text),
             {"regist",          "sign-up",    "signup",         "sign_up",        "sign up",
              "inscri",          "join",       "new_user",       "newuser",        "create_user",
              "create-user",     "createuser", "create_account", "create-account", "create account",
              "cadastr",         "зарегистр",  "регистрац",      "ro'yxat",        "anmelden_neu",
              "konto erstellen", "newacc"});
}

bool means_login(std::string_view text) {
  return any(lower(text), {"login", "log-in", "log_in", "log in", "signin", "sign-in", "sign_in",
                           "sign in", "connexion", "auth", "entrar", "kirish", "iniciar", "войти",
                           "anmeld", "token", "jwt", "acceder"});
}

bool means_logout(std::string_view text) {
  return any(lower(text),
             {"logout", "log-out", "log_out", "log out", "signout", "sign-out", "sign_out",
              "deconnex", "déconnex", "salir", "cerrar", "выйти", "abmeld", "chiqish"});
}

bool means_creation(std::string_view text) {
  return any(lower(text), {"add",     "create", "creat",   "new",    "ajout",  "save",   "store",
                           "entr",    "nouv",   "agreg",   "qo'sh",  "qosh",   "insert", "crear",
                           "adicion", "добав",  "создать", "сохран", "speich", "hinzu",  "neu"});
}

bool means_removal(std::string_view text) {
  return any(lower(text), {"delete", "remove", "suppr", "elimin", "borrar", "excluir", "удал",
                           "lösch", "loesch", "destroy", "o'chir"});
}

bool means_reset(std::string_view text) {
  return any(lower(text),
             {"reset", "forgot", "recover", "change_password", "password_change", "password-change",
              "change-password", "changepassword", "oublie", "olvid", "esquec", "восстанов"});
}

bool means_side_table(std::string_view name) {
  return any(lower(name),
             {"log", "history", "audit", "activity", "otp", "profile", "reset", "policy", "session",
              "token", "auth_", "django_", "userprofile", "recent"});
}

}  // namespace grader::sandbox::prober
