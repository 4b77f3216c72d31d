#include "grader/base/silent.hpp"

namespace grader {

void needs_no_words_here() {}

}  // namespace grader
