#include <git2.h>       // expect: third-party
#include <git2/blob.h>  // expect: third-party
#include <tree_sitter/api.h>  // expect: third-party
#include <yaml-cpp/yaml.h>
#include <vector>
