set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# -O3 compiles longer and gains nothing here.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # Nothing of ours is a shared library: a function cannot be replaced from outside, and is inlined.
  add_compile_options(-fPIE)
  add_link_options(-pie)
else()
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# Half of the time of a small file is the standard library's headers. ccache does not know precompiled
# headers well, and a debug build keeps every file's own includes honest.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT CCACHE)
  set(GRADER_PRECOMPILE ON)
  set(GRADER_PRECOMPILED_HEADERS <algorithm> <array> <functional> <map> <memory> <optional> <ranges> <set> <string>
                        <string_view> <vector>)
endif()

# Our own code only: third-party headers come in as SYSTEM.
add_library(grader_warnings INTERFACE)
target_compile_options(
  grader_warnings
  INTERFACE -Wall
            -Wextra
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Werror
            # gcc 12 takes every optimised `"x" + string` for an overlapping copy (its bug 105651)
            $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>
            # clang sees through std::stable_sort into gcc 12's own headers; gcc still tells of ours
            $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
            # clang's -Wextra takes C libraries' own initialisers ({VERSION}) for mistakes
            $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-field-initializers>)
if(GRADER_PRECOMPILE)
  # Then gcc 12 tells of such copies inside the library's headers too. Every other build stops at warnings.
  target_compile_options(grader_warnings INTERFACE -Wno-error)
endif()

add_library(grader_hardening INTERFACE)
target_compile_options(grader_hardening INTERFACE -fstack-protector-strong -fcf-protection)
target_compile_definitions(grader_hardening INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(grader_hardening INTERFACE -Wl,-z,relro,-z,now)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # Fortify needs optimisation; sanitizers bring their own checks.
  target_compile_definitions(grader_hardening INTERFACE _FORTIFY_SOURCE=2)
endif()

set(GRADER_SANITIZE "" CACHE STRING "Comma separated list for -fsanitize=, e.g. address,undefined")
if(GRADER_SANITIZE)
  add_compile_options(-fsanitize=${GRADER_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${GRADER_SANITIZE})
  if(GRADER_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # gcc warns of fences, which the thread sanitizer does not follow; Boost.Asio has some.
    add_compile_options(-Wno-tsan)
  endif()
endif()

if(GRADER_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "GRADER_FUZZ needs clang: cmake --preset fuzz")
  endif()
  # Every object counts its edges; only the fuzzers themselves link libFuzzer's main.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

option(GRADER_COVERAGE "Instrument for gcov" OFF)
if(GRADER_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
