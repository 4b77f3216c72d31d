#pragma once

#include <string>
#include <vector>

#include "grader/base/location.hpp"
#include "grader/project/verdict.hpp"
#include "grader/python/names.hpp"

namespace grader::project {

/// One URL pattern after all include()s and routers.
struct Route {
  std::string pattern;  ///< joined from the root: "vault/<int:pk>/delete/"
  std::string name;     ///< with namespaces: "vault:delete"
  Location at;
  int view = -1;       ///< index into Views::all, -1 where it is not the submission's own
  std::string target;  ///< qualified name of what it calls
  std::vector<std::string> parameters;  ///< {"pk"}
  python::Node definition;              ///< of the submission's own view
  python::Node as_view;                 ///< the call as_view(…), where there is one
  std::vector<python::Node> wrappers;   ///< decorators applied in the URLconf, outermost first
  /// HTTP method → method of the viewset, of a router or as_view({…}).
  std::vector<std::pair<std::string, std::string>> actions;
};

/// What one view does to entries for one kind of request.
struct Operation {
  std::string op;  ///< list, detail, create, update, delete, search, export, import, share, reveal
  std::vector<std::string> methods;  ///< HTTP methods that reach it; empty: any
  std::string model;                 ///< qualified
  Location at;                       ///< the lookup or write that makes it so
  Location handler_at;    ///< the method that answers, where a class has several; line 0: none
  Verdict login;          ///< yes: an anonymous request does not reach it
  Verdict owner;          ///< yes: only rows of the requester; no: anybody's
  Verdict method_safe;    ///< no: a change happens on GET or without CSRF protection
  bool discloses = true;  ///< an anonymous answer can hold somebody's entries
  bool anonymous_error = false;  ///< an anonymous request ends in a server error
};

/// What a route leads to.
struct View {
  enum class Kind { function, class_based, viewset, third_party };
  std::string name;  ///< "entry_list", "EntryView.get" rows are made from name and method
  std::string qualified;
  Kind kind = Kind::function;
  Location at;  ///< line of def or class
  python::Node definition;
  std::vector<int> routes;  ///< indices; empty: routed nowhere
  std::vector<Operation> operations;
};

/// An include() of a URLconf that is no part of the submission.
struct IncludedPackage {
  std::string urlconf;  ///< "django.contrib.auth.urls"
  std::string pattern;  ///< joined from the root: "accounts/"
  Location at;
};

/// True where a package that is not known here has a name that speaks of accounts, so that it may
/// bring registration and sign-in.
bool may_bring_accounts(const IncludedPackage& package);

/// All views of the project.
struct Views {
  std::vector<Route> routes;
  std::vector<IncludedPackage> packages;
  std::vector<View> all;
  std::vector<std::string> gaps;  ///< what could not be followed: "include(…) at urls.py:12"
};

/// Fills the routes below ROOT_URLCONF (dotted module), through include() and routers, the packages
/// and the gaps.
void read_routes(const python::Program& program, std::string_view root_urlconf, Views& views);

}  // namespace grader::project
