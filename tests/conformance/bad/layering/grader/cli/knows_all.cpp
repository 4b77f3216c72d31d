#include "checks/check.hpp"
#include "grader/report/report.hpp"
#include "sandbox/rehearsal/rehearsal.hpp"
#include "tests/conformance/problem.hpp"  // expect: layering
