# grader_library(NAME SOURCES a.cpp … [USES other grader libraries] [LINKS third-party targets])
# One library a folder, named after its path: grader_base, grader_project, …
# USES is the layering: what is not named there cannot be included without tests/conformance failing.
function(grader_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LINKS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(
    ${name}
    PUBLIC ${arg_USES}
    PRIVATE ${arg_LINKS} grader_warnings grader_hardening)
endfunction()

# grader_test(NAME SOURCES a.cpp … USES libraries [LINKS third-party targets])
# A doctest program registered with CTest under NAME; its working directory is the top of the source tree.
function(grader_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LINKS")
  add_executable(${name} ${CMAKE_SOURCE_DIR}/tests/main.cpp ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_USES} ${arg_LINKS} doctest::doctest grader_warnings
                                        grader_hardening)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()
