#include <nlohmann/json.hpp>  // expect: third-party
#include <yaml-cpp/yaml.h>    // expect: third-party
