#include "tests/conformance/declarations.hpp"

#include <clang-c/CXCompilationDatabase.h>
#include <clang-c/Index.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string_view>

namespace grader::conformance {

namespace {

std::string take(CXString string) {
  const char* characters = clang_getCString(string);
  std::string taken = characters == nullptr ? "" : characters;
  clang_disposeString(string);
  return taken;
}

struct Place {
  std::string file;  ///< as clang names it
  int line = 0;
};

Place place_of(CXSourceLocation location) {
  CXFile file = nullptr;
  unsigned line = 0;
  clang_getExpansionLocation(location, &file, &line, nullptr, nullptr);
  if (file == nullptr) return {};
  return {take(clang_File_tryGetRealPathName(file)), static_cast<int>(line)};
}

int first_line(CXCursor cursor) {
  return place_of(clang_getRangeStart(clang_getCursorExtent(cursor))).line;
}

int last_line(CXCursor cursor) {
  return place_of(clang_getRangeEnd(clang_getCursorExtent(cursor))).line;
}

std::string qualified_name(CXCursor cursor) {
  std::string name = take(clang_getCursorSpelling(cursor));
  for (CXCursor parent = clang_getCursorSemanticParent(cursor);
       clang_getCursorKind(parent) != CXCursor_TranslationUnit && clang_Cursor_isNull(parent) == 0;
       parent = clang_getCursorSemanticParent(parent)) {
    const std::string scope = take(clang_getCursorSpelling(parent));
    // Unnamed namespaces have no name, or a description with their place.
    if (!scope.empty() && scope.front() != '(') name.insert(0, scope + "::");
  }
  return name;
}

bool is_function(CXCursorKind kind) {
  switch (kind) {
    case CXCursor_FunctionDecl:
    case CXCursor_CXXMethod:
    case CXCursor_Constructor:
    case CXCursor_Destructor:
    case CXCursor_ConversionFunction:
    case CXCursor_FunctionTemplate:
      return true;
    default:
      return false;
  }
}

bool is_type(CXCursorKind kind) {
  switch (kind) {
    case CXCursor_StructDecl:
    case CXCursor_ClassDecl:
    case CXCursor_ClassTemplate:
    case CXCursor_UnionDecl:
    case CXCursor_EnumDecl:
    case CXCursor_TypeAliasDecl:
    case CXCursor_TypeAliasTemplateDecl:
    case CXCursor_TypedefDecl:
    case CXCursor_ConceptDecl:
      return true;
    default:
      return false;
  }
}

bool is_scope(CXCursorKind kind) {
  return kind == CXCursor_Namespace || kind == CXCursor_StructDecl || kind == CXCursor_ClassDecl ||
         kind == CXCursor_ClassTemplate || kind == CXCursor_LinkageSpec;
}

bool has_body(CXCursorKind kind) {
  return kind == CXCursor_StructDecl || kind == CXCursor_ClassDecl ||
         kind == CXCursor_ClassTemplate || kind == CXCursor_UnionDecl || kind == CXCursor_EnumDecl;
}

/// What says everything about itself, or is said by the words of the type around it: forward
/// declarations, nested types, functions whose whole body stands on their line, operators, `=
/// default` and the like, iteration, members that nobody outside can name.
bool needs_no_words(CXCursor cursor, CXCursorKind kind) {
  const auto access = clang_getCXXAccessSpecifier(cursor);
  if (access == CX_CXXPrivate || access == CX_CXXProtected) return true;
  const bool definition = clang_isCursorDefinition(cursor) != 0;
  if (is_type(kind)) {
    const bool nested = is_type(clang_getCursorKind(clang_getCursorSemanticParent(cursor)));
    return nested || (has_body(kind) && !definition);
  }
  if (kind == CXCursor_Destructor || clang_CXXConstructor_isMoveConstructor(cursor) != 0 ||
      clang_CXXConstructor_isCopyConstructor(cursor) != 0) {
    return true;
  }
  if (!is_function(kind)) return false;
  if (clang_CXXMethod_isDefaulted(cursor) != 0 || clang_CXXMethod_isDeleted(cursor) != 0)
    return true;
  if (definition && kind == CXCursor_Constructor) return true;  // it only sets members
  if (definition && first_line(cursor) == last_line(cursor)) return true;
  const std::string name = take(clang_getCursorSpelling(cursor));
  return name.starts_with("operator") || name == "begin" || name == "end";
}

/// Words above it, or behind it on its last line: clang attaches the latter to some kinds only.
bool has_words(CXCursor cursor, const std::vector<std::string>& lines) {
  const std::string comment = take(clang_Cursor_getRawCommentText(cursor));
  if (comment.starts_with("///")) return true;
  const auto last = static_cast<std::size_t>(last_line(cursor));
  return last <= lines.size() && lines[last - 1].find("///<") != std::string::npos;
}

/// One walk over a translation unit. Its members are what clang's callbacks share.
class Walk {
 public:
  Walk(std::string top, Observed& observed) : top_(std::move(top)), observed_(observed) {}

  void over(CXCursor scope) {
    Run run;
    run.walk = this;
    clang_visitChildren(
        scope,
        [](CXCursor cursor, CXCursor /*parent*/, CXClientData data) {
          auto& shared = *static_cast<Run*>(data);
          shared.walk->visit(cursor, shared);
          return CXChildVisit_Continue;
        },
        &run);
  }

  /// The path below the top of the tree; empty where the file is not ours.
  std::string own(const std::string& file) const {
    if (!file.starts_with(top_ + "/")) return {};
    std::string relative = file.substr(top_.size() + 1);
    return relative.starts_with("build/") ? std::string() : relative;
  }

 private:
  /// Declarations of one scope in their order: those without a blank line between share the words
  /// above the first.
  struct Run {
    Walk* walk = nullptr;
    std::string file;
    int last_line = 0;
    bool documented = false;
  };

  void visit(CXCursor cursor, Run& run) {
    const Place place = place_of(clang_getCursorLocation(cursor));
    const std::string file = own(place.file);
    if (file.empty()) return;
    const CXCursorKind kind = clang_getCursorKind(cursor);
    if (is_function(kind)) note_function(cursor, file, place.line);
    if (file.ends_with(".hpp")) note_words(cursor, kind, file, run);
    if (is_scope(kind)) over(cursor);
  }

  void note_function(CXCursor cursor, const std::string& file, int line) {
    if (clang_isCursorDefinition(cursor) == 0 || file.starts_with("tests/")) return;
    const int lines = last_line(cursor) - first_line(cursor) + 1;
    observed_.functions.push_back({file, line, qualified_name(cursor), lines});
  }

  void note_words(CXCursor cursor, CXCursorKind kind, const std::string& file, Run& run) {
    if (kind == CXCursor_Namespace || kind == CXCursor_LinkageSpec) return;
    const int first = first_line(cursor);
    const bool adjacent = run.file == file && first <= run.last_line + 1;
    const bool documented = has_words(cursor, lines_of(file)) || (adjacent && run.documented);
    run.file = file;
    run.last_line = last_line(cursor);
    run.documented = documented;
    if (documented || (!is_function(kind) && !is_type(kind) && kind != CXCursor_VarDecl)) return;
    if (needs_no_words(cursor, kind)) return;
    observed_.undocumented.push_back(
        {file, first, "documentation",
         fmt::format("{} has no /// that says what it gives", qualified_name(cursor))});
  }

  const std::vector<std::string>& lines_of(const std::string& file) {
    const auto [found, fresh] = lines_.try_emplace(file);
    if (fresh) found->second = read_lines(top_ + "/" + file);
    return found->second;
  }

  std::string top_;
  Observed& observed_;
  std::map<std::string, std::vector<std::string>> lines_;
};

struct Disposer {
  void operator()(void* index) const { clang_disposeIndex(index); }
  void operator()(CXTranslationUnit unit) const { clang_disposeTranslationUnit(unit); }
};
using Index = std::unique_ptr<void, Disposer>;
using Parsed = std::unique_ptr<CXTranslationUnitImpl, Disposer>;

/// Errors of the parse, so that an unread file cannot pass for a good one.
std::string first_error(CXTranslationUnit unit) {
  for (unsigned i = 0; i < clang_getNumDiagnostics(unit); ++i) {
    CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
    std::string told;
    if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
      told = take(clang_formatDiagnostic(diagnostic, clang_defaultDiagnosticDisplayOptions()));
    }
    clang_disposeDiagnostic(diagnostic);
    if (!told.empty()) return told;
  }
  return {};
}

void note_files(CXTranslationUnit unit, const Walk& walk, Observed& observed) {
  struct Shared {
    const Walk& walk;
    std::set<std::string> files;
  } shared{walk, {}};
  clang_getInclusions(
      unit,
      [](CXFile file, CXSourceLocation* /*stack*/, unsigned /*depth*/, CXClientData data) {
        auto& seen = *static_cast<Shared*>(data);
        std::string own = seen.walk.own(take(clang_File_tryGetRealPathName(file)));
        if (!own.empty()) seen.files.insert(std::move(own));
      },
      &shared);
  observed.files.assign(shared.files.begin(), shared.files.end());
}

/// Arguments that say what is compiled, not how: warnings, output files and what only gcc knows are
/// left out.
std::vector<std::string> useful_arguments(CXCompileCommand command, const std::string& file) {
  std::vector<std::string> arguments;
  const unsigned count = clang_CompileCommand_getNumArgs(command);
  for (unsigned i = 0; i < count; ++i) {
    const std::string argument = take(clang_CompileCommand_getArg(command, i));
    const bool pair = argument == "-I" || argument == "-isystem" || argument == "-include";
    if (pair && i + 1 < count) {
      arguments.push_back(argument);
      arguments.push_back(take(clang_CompileCommand_getArg(command, ++i)));
    } else if (argument != file && (argument.starts_with("-I") || argument.starts_with("-D") ||
                                    argument.starts_with("-std="))) {
      arguments.push_back(argument);
    }
  }
  return arguments;
}

}  // namespace

Result<std::vector<Unit>> read_units(const std::string& top, const std::string& build) {
  CXCompilationDatabase_Error problem = CXCompilationDatabase_NoError;
  CXCompilationDatabase database = clang_CompilationDatabase_fromDirectory(build.c_str(), &problem);
  if (problem != CXCompilationDatabase_NoError) {
    return fail(ErrorKind::usage, "there is no compile_commands.json", build,
                "configure it: cmake --preset dev");
  }
  std::vector<Unit> units;
  CXCompileCommands commands = clang_CompilationDatabase_getAllCompileCommands(database);
  for (unsigned i = 0; i < clang_CompileCommands_getSize(commands); ++i) {
    CXCompileCommand command = clang_CompileCommands_getCommand(commands, i);
    std::string file = take(clang_CompileCommand_getFilename(command));
    if (!file.starts_with(top + "/") || !file.ends_with(".cpp")) continue;
    auto arguments = useful_arguments(command, file);
    units.push_back({std::move(file), std::move(arguments)});
  }
  clang_CompileCommands_dispose(commands);
  clang_CompilationDatabase_dispose(database);
  std::ranges::sort(units, {}, &Unit::file);
  const auto repeated = std::ranges::unique(units, {}, &Unit::file);
  units.erase(repeated.begin(), repeated.end());
  return units;
}

Result<Observed> observe(const Unit& unit, const std::string& top) {
  const Index index(clang_createIndex(0, 0));
  std::vector<const char*> arguments{"-xc++", "-w"};
  for (const auto& argument : unit.arguments) arguments.push_back(argument.c_str());
  CXTranslationUnit made = nullptr;
  const CXErrorCode code = clang_parseTranslationUnit2(
      index.get(), unit.file.c_str(), arguments.data(), static_cast<int>(arguments.size()), nullptr,
      0, CXTranslationUnit_None, &made);
  const Parsed parsed(made);
  if (code != CXError_Success) {
    return fail(ErrorKind::internal, fmt::format("libclang gives up with code {}", int{code}),
                unit.file);
  }
  if (auto error = first_error(parsed.get()); !error.empty()) {
    return fail(ErrorKind::internal, "clang cannot read it: " + error, unit.file,
                "it must compile with clang 19 as well as with gcc");
  }
  Observed observed;
  Walk walk(top, observed);
  walk.over(clang_getTranslationUnitCursor(parsed.get()));
  note_files(parsed.get(), walk, observed);
  return observed;
}

const std::vector<Exception>& long_functions() {
  static const std::vector<Exception> table{
      {"grader::python::Evaluator::of", "one switch: a case for each kind of syntax node"},
  };
  return table;
}

std::vector<Problem> check_function_lengths(const std::vector<Function>& functions,
                                            const std::vector<Exception>& exceptions) {
  constexpr int most = 40;
  std::vector<Problem> problems;
  std::set<std::string_view> used;
  for (const auto& function : functions) {
    if (function.lines <= most) continue;
    const auto exception = std::ranges::find(exceptions, function.name, &Exception::function);
    if (exception != exceptions.end()) {
      used.insert(exception->function);
      continue;
    }
    problems.push_back(
        {function.file, function.line, "function-length",
         fmt::format("{} has {} lines, at most {}", function.name, function.lines, most)});
  }
  for (const auto& exception : exceptions) {
    if (used.contains(exception.function)) continue;
    problems.push_back({"tests/conformance/declarations.cpp", 0, "function-length",
                        exception.function + " is no longer long: remove its exception"});
  }
  return problems;
}

}  // namespace grader::conformance
