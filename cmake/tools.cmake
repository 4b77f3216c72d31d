# Targets for the form of the code: format, format-check, tidy-check; and coverage.
add_custom_target(format COMMAND ${CMAKE_SOURCE_DIR}/cmake/check-format --fix
                  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} USES_TERMINAL VERBATIM)
add_custom_target(format-check COMMAND ${CMAKE_SOURCE_DIR}/cmake/check-format
                  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} USES_TERMINAL VERBATIM)
add_custom_target(tidy-check COMMAND ${CMAKE_SOURCE_DIR}/cmake/check-tidy ${CMAKE_BINARY_DIR}
                  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} USES_TERMINAL VERBATIM)

if(GRADER_COVERAGE)
  # Of the tests that were run in this tree: ctest --preset coverage, then this.
  add_custom_target(
    coverage
    COMMAND gcovr --root ${CMAKE_SOURCE_DIR} --filter grader/ --filter checks/ --filter sandbox/
            --object-directory ${CMAKE_BINARY_DIR} --exclude-throw-branches --print-summary
            --html-details ${CMAKE_BINARY_DIR}/coverage.html
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    COMMENT "Lines and branches of our own code that the tests reached"
    USES_TERMINAL VERBATIM)
endif()
