#include <doctest/doctest.h>

#include "grader/project/readme_markdown.hpp"
#include "grader/project/readme_words.hpp"
#include "tests/project/memory.hpp"

using namespace grader::project;

namespace {

Readme readme_of(const std::string& text, const std::string& path = "README.md") {
  return model(files_of({{path, text}})).readme;
}

}  // namespace

TEST_CASE("which file is the README") {
  CHECK(readme_of("x", "ReadMe.MD").path == "ReadMe.MD");
  CHECK(readme_of("x", "docs/README.md").path.empty());
  CHECK(readme_of("  \n", "README.md").path.empty());
  const auto project = model(files_of({{"back/manage.py", manage_py("a.settings")},
                                       {"back/README.rst", "here"},
                                       {"README.txt", "top"},
                                       {"README.en.md", "language"}}));
  CHECK(project.readme.path == "README.txt");
}

TEST_CASE("set-up: commands that install or start, in code and in running text") {
  CHECK(readme_of("# A\n\n```sh\ncd a\npip install -r requirements.txt\n```\n").setup_at.line == 5);
  CHECK(readme_of("Run `python manage.py runserver`.\n").setup);
  CHECK(readme_of("Clone it, then\n\n    docker compose up\n").setup);
  CHECK(readme_of("$ ./start.sh\n").setup);
  CHECK_FALSE(readme_of("You can find all packages in requirements.txt. Install them.\n").setup);
  CHECK_FALSE(readme_of("# Vault\n\nBuilt with Docker and Django.\n").setup);
}

TEST_CASE("encryption: an approach, not the word") {
  CHECK(readme_of("Passwords are encrypted\nwith Fernet.\n").encryption_at.line == 1);
  CHECK(readme_of("## Encryption\n\nAES-256 in GCM mode.\n").encryption_at.line == 3);
  CHECK(readme_of("Encrypted by a key derived from the master password.\n").encryption);
  CHECK(readme_of("Пароли шифруются алгоритмом AES-256.\n").encryption);
  CHECK(readme_of("Les mots de passe sont chiffrés avec AES.\n").encryption);
  CHECK_FALSE(readme_of("State-of-the-art encryption keeps your passwords safe.\n").encryption);
  CHECK_FALSE(readme_of("- Encrypted password storage\n- cryptography 44.0\n").encryption);
  CHECK_FALSE(readme_of("## Roadmap\n\n- encrypt with AES-256\n").encryption);
}

TEST_CASE("limitations: a section with something in it, or a sentence that admits one") {
  CHECK(readme_of("## Known limitations\n\n- No sharing.\n").limitations_at.line == 1);
  CHECK(readme_of("## Ограничения\n\nНет общего доступа.\n").limitations);
  CHECK(readme_of("## Einschränkungen\n\nKein Teilen.\n").limitations);
  CHECK(readme_of("## Limitações\n\nSem exportação.\n").limitations);
  CHECK(readme_of("Import is not yet implemented.\n").limitations);
  CHECK_FALSE(readme_of("## Limitations\n").limitations);
  CHECK_FALSE(readme_of("** If it doesn't work, ask us.\n").limitations);
  CHECK_FALSE(readme_of("## Reporting security issues\n\nWrite to us.\n").limitations);
  CHECK_FALSE(readme_of("## Features\n\n- unlimited passwords\n").limitations);
}

TEST_CASE("languages") {
  CHECK(is_english("this is how you run the app with docker"));
  CHECK(is_english("password_manager"));
  CHECK_FALSE(is_english("приложение для хранения паролей на django"));
  CHECK_FALSE(is_english("une application pour gérer les mots de passe avec django"));
  CHECK_FALSE(is_english("gestor de contraseñas con una interfaz para el usuario y la web"));
  CHECK_FALSE(is_english("gerenciador de senhas com uma interface para o usuário"));
  CHECK_FALSE(is_english("eine anwendung für die verwaltung der passwörter"));
  CHECK(lower_utf8("ÉCOLE Ёлка ПАРОЛЬ") == "école ёлка пароль");
}

TEST_CASE("blocks know their section and line; HTML keeps its words") {
  const auto blocks =
      text_blocks("Title\n=====\n\n## Part\n\n* one\n* two\n\n<p>three</p>\n\n~~~\nfour\n~~~\n");
  REQUIRE(blocks.size() == 6);
  CHECK(blocks[0].level == 1);
  CHECK(blocks[2].text == "one");
  CHECK(blocks[2].section == "Title / Part");
  CHECK(blocks[4].text.find("three") != std::string::npos);
  CHECK(blocks[5].kind == TextBlock::Kind::code);
  CHECK(blocks[5].line == 12);
}

TEST_CASE("a README made to hurt ends") {
  CHECK(text_blocks(std::string(100'000, '>')).size() <= 5'000);
  CHECK(text_blocks(std::string(200'000, '[')).size() <= 5'000);
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "- a\n\n";
  CHECK(text_blocks(many).size() == 5'000);
}
