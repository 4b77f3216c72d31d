#include "checks/check.hpp"  // expect: layering
#include "grader/base/location.hpp"
#include "grader/grading/finding.hpp"
