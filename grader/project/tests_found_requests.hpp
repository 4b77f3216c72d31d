#pragma once
// Private to grader/project: which view a request of a test reaches.

#include <string>
#include <string_view>

#include "grader/project/project.hpp"
#include "grader/python/names.hpp"

namespace grader::project {

/// Where a test sends a request: a route by name, or a path.
struct Address {
  std::string route;  ///< the name given to reverse()
  std::string path;   ///< "/vault/{}/": what is not known stands as {}
  bool empty() const { return route.empty() && path.empty(); }
  std::string text() const { return route.empty() ? path : route; }
};

/// The address that an expression is by itself: reverse('name'), a text, an f-string, a sum of
/// texts. Empty for others.
Address address_of(python::Node node, const python::Program& program);

/// Name of the submission's own view that answers there, with the method of a viewset where the
/// HTTP method tells it: "VaultViewSet.destroy". Empty where no route fits, or several that differ.
std::string view_at(const Views& views, const Address& address, std::string_view method);

}  // namespace grader::project
