#include "tests/fuzz/loaders.hpp"

// One text in every role that Python has in a project: settings, models, views, routes, tests.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grader;  // NOLINT(google-build-using-namespace): one function
  const std::string text = fuzz::bytes_of(data, size);
  fuzz::checked_model({{"manage.py", project::manage_py("s.settings")},
                       {"s/__init__.py", ""},
                       {"s/settings.py", text},
                       {"s/urls.py", text},
                       {"a/__init__.py", ""},
                       {"a/models.py", text},
                       {"a/views.py", text},
                       {"a/forms.py", text},
                       {"a/tests.py", text}});
  return 0;
}
