#include "checks/check.hpp"  // expect: layering
#include "grader/grading/grade.hpp"
