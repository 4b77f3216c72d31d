#include "checks/check.hpp"             // expect: layering
#include "grader/grading/finding.hpp"   // expect: layering
#include "grader/project/project.hpp"
