#include <nlohmann/json.hpp>  // expect: third-party
#include <nlohmann/json_fwd.hpp>
#include <yaml-cpp/yaml.h>    // expect: third-party
