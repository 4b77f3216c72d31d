# grader_library(NAME SOURCES a.cpp … [USES other grader libraries] [LINKS third-party targets]
#                [PRECOMPILE headers that nearly all of its files include])
# One library a folder, named after its path: grader_base, grader_project, …
# USES is what it links; which folder may include which is said, and proven, in tests/conformance.
function(grader_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LINKS;PRECOMPILE")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(
    ${name}
    PUBLIC ${arg_USES}
    PRIVATE ${arg_LINKS} grader_warnings grader_hardening)
  list(LENGTH arg_SOURCES files)
  if(GRADER_PRECOMPILE AND arg_PRECOMPILE)
    target_precompile_headers(${name} PRIVATE ${GRADER_PRECOMPILED_HEADERS} ${arg_PRECOMPILE})
  elseif(GRADER_PRECOMPILE AND files GREATER 5)
    target_precompile_headers(${name} REUSE_FROM grader_precompiled)
  endif()
endfunction()

# grader_at_leisure(): the release builds this folder and those below it faster, since time is not spent in its code.
macro(grader_at_leisure)
  add_compile_options($<$<AND:$<CONFIG:Release>,$<COMPILE_LANGUAGE:CXX>>:-O1>)
endmacro()

if(GRADER_PRECOMPILE)
  # One for all libraries: it takes as long as three files.
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "")
  add_library(grader_precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(grader_precompiled PRIVATE grader_warnings grader_hardening)
  target_precompile_headers(grader_precompiled PRIVATE ${GRADER_PRECOMPILED_HEADERS})
endif()

# grader_test(NAME SOURCES a.cpp … USES libraries [LINKS third-party targets])
# A doctest program registered with CTest under NAME; its working directory is the top of the source tree.
function(grader_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LINKS")
  add_executable(${name} ${CMAKE_SOURCE_DIR}/tests/main.cpp ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_USES} ${arg_LINKS} doctest::doctest grader_warnings
                                        grader_hardening)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()

# grader_fuzzer(NAME SOURCES a.cpp … USES libraries [CORPUS folder below fixtures/])
# A program around one LLVMFuzzerTestOneInput. In the fuzz preset it is a fuzzer, and its test a short
# run; in all others its test reads the corpus once, so that a crash once found stays found.
function(grader_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS" "SOURCES;USES;LINKS")
  set(corpus)
  if(arg_CORPUS)
    set(corpus ${CMAKE_SOURCE_DIR}/fixtures/${arg_CORPUS})
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_USES} ${arg_LINKS} grader_warnings grader_hardening)
  if(GRADER_FUZZ)
    if(NOT TARGET fuzzers)
      add_custom_target(fuzzers)
    endif()
    add_dependencies(fuzzers ${name})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    # libFuzzer writes what it finds into the first folder: never into the fixtures.
    set(found ${CMAKE_BINARY_DIR}/fuzz/${name})
    file(MAKE_DIRECTORY ${found})
    add_test(NAME ${name} COMMAND ${name} -max_total_time=20 -timeout=5 -rss_limit_mb=1024
                                  -max_len=65536 -artifact_prefix=${found}/ ${found} ${corpus})
    set_tests_properties(${name} PROPERTIES LABELS fuzz TIMEOUT 120)
  else()
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
    add_test(NAME ${name} COMMAND ${name} ${corpus})
  endif()
endfunction()
