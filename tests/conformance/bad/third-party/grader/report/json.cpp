#include <doctest/doctest.h>  // expect: third-party
#include <nlohmann/json.hpp>
