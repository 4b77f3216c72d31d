#include "grader/submission/fetch.hpp"

int main() { return grader::submission::fetch_child_main(); }
