#pragma once

#include <map>
#include <string>
#include <vector>

#include "sandbox/probe/prober/world.hpp"

namespace grader::sandbox::prober {

/// What a form is filled for.
enum class Context { account, entry };

/// What is typed into one entry.
struct Values {
  std::string title;
  std::string secret;
  std::string login;
  std::string note;
  std::string web;
  std::string mail;
};

/// Fresh random values, hidden from reports under names that end in `tag`.
Values draw_values(World& world, const std::string& tag);

using Overrides = std::map<std::string, std::string>;

/// A form that may do what is wanted: found on a page, or read from the source.
struct Candidate {
  double score = 0;
  std::string page;  ///< where it was seen, to be read anew; empty: from the source
  std::size_t index = 0;
  Form form;
  std::string action;  ///< path
  Request::Body body = Request::Body::form;
  Context context = Context::entry;
  const RouteHint* route = nullptr;
};

/// What came of one attempt.
struct Attempt {
  Reply reply;
  Pairs sent;
  Changes changes;  ///< since the copy
  bool has(Change::What what) const;
};

/// What goes into a field.
std::string filled(World& world, const Field& field, Context context, const Actor& actor,
                   const Values& values);

/// The fields of a form, filled.
Pairs fields_for(World& world, const Candidate& candidate, const Actor& actor, const Values& values,
                 const Overrides& overrides);

/// Fills and sends, and again with what its messages ask for, at most `tries` times. Changes are
/// those since copy `slot`.
Attempt submit(World& world, Actor& actor, const Candidate& candidate, const Values& values,
               Overrides overrides, int slot, int tries);

/// A form made of what the source of a route reads; without fields where it reads nothing.
Form form_of(const RouteHint& route, const Hints& hints);

/// A page that was read.
struct Visited {
  std::string path;
  int status = 0;
  Page page;
};

/// Pages reached by links from `seeds`, within limits; what would sign out or delete is left out.
std::vector<Visited> crawl(World& world, Actor& actor, const std::vector<std::string>& seeds,
                           std::size_t limit);

/// Paths of routes without parameters.
std::vector<std::string> plain_paths(const Hints& hints);

/// The value of a sent field; empty where it was not sent.
std::string sent_value(const Pairs& sent, const std::string& name);

}  // namespace grader::sandbox::prober
