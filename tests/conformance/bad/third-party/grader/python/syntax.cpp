#include <CLI/CLI.hpp>  // expect: third-party
#include <boost/process/v2/process.hpp>  // expect: third-party
#include <tree_sitter/api.h>
