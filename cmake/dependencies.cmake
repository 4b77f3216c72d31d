# Every third-party part, in one list. Debian packages: cmake/packages.txt; grammars: cmake/grammars.lock.
include(archives)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libgit2 REQUIRED IMPORTED_TARGET libgit2>=1.5)
pkg_check_modules(tree_sitter REQUIRED IMPORTED_TARGET tree-sitter)
pkg_check_modules(cmark_gfm REQUIRED IMPORTED_TARGET libcmark-gfm)
pkg_check_modules(libyaml REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
find_package(tl-expected REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS SSL Crypto)
find_package(Threads REQUIRED)

# Programs that run in boxes are linked static, whatever the build.
grader_archive(gumbo)
grader_archive(sqlite3)
grader_archive(z)

if(GRADER_ARCHIVES)
  grader_archive(yaml-cpp)
  add_library(yaml-cpp ALIAS static_yaml-cpp)
  add_library(fmt STATIC ${CMAKE_SOURCE_DIR}/cmake/libraries/fmt.cpp)
  add_library(fmt::fmt ALIAS fmt)
  grader_prefer_archives()
else()
  find_package(fmt REQUIRED)
  find_package(yaml-cpp REQUIRED)
endif()

set(GRADER_GRAMMARS_DIR ${CMAKE_BINARY_DIR}/grammars CACHE PATH "Unpacked grammars of cmake/grammars.lock")
execute_process(COMMAND ${CMAKE_SOURCE_DIR}/cmake/fetch-grammars ${GRADER_GRAMMARS_DIR}
                COMMAND_ERROR_IS_FATAL ANY)

# grader_grammar(python) → target grammar_python, a C library without our warnings.
function(grader_grammar language)
  set(dir ${GRADER_GRAMMARS_DIR}/tree-sitter-${language}/src)
  set(sources ${dir}/parser.c)
  if(EXISTS ${dir}/scanner.c)
    list(APPEND sources ${dir}/scanner.c)
  endif()
  add_library(grammar_${language} STATIC ${sources})
  target_include_directories(grammar_${language} PRIVATE ${dir})
  target_compile_options(grammar_${language} PRIVATE -w -O1)
endfunction()

grader_grammar(python)
grader_grammar(html)
grader_grammar(javascript)

# The Python tools that boxes run: their absence leaves out PEP 8 findings and installs, no more.
set(GRADER_TOOLS_DIR ${CMAKE_BINARY_DIR}/tools CACHE PATH "Tools of cmake/tools.lock")
execute_process(COMMAND ${CMAKE_SOURCE_DIR}/cmake/fetch-tools ${GRADER_TOOLS_DIR}
                RESULT_VARIABLE tools_failed)
if(tools_failed)
  message(WARNING "Without the tools of cmake/tools.lock nothing can be linted or installed in boxes")
endif()

if(GRADER_TESTS)
  find_package(doctest REQUIRED)
  # Debian 12's libclang 14 cannot read the headers of gcc 12.
  find_path(LIBCLANG_INCLUDE clang-c/Index.h PATHS /usr/lib/llvm-19/include NO_DEFAULT_PATH REQUIRED)
  find_library(LIBCLANG NAMES clang-19 clang PATHS /usr/lib/llvm-19/lib NO_DEFAULT_PATH REQUIRED)
  add_library(libclang INTERFACE)
  target_include_directories(libclang SYSTEM INTERFACE ${LIBCLANG_INCLUDE})
  target_link_libraries(libclang INTERFACE ${LIBCLANG})
endif()
