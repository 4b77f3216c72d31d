#include <string>

#include "grader/base/text.hpp"
#include "grader/project/project.hpp"  // expect: layering
#  include "checks/check.hpp"           // expect: layering
#include "text.hpp"                     // expect: layering
