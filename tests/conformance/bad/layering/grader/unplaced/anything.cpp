#include "grader/base/text.hpp"  // expect: layering
