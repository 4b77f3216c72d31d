# cmake --install build/release [--prefix DIR]: a folder of its own with bin/grader and, beside bin, what
# the program looks for there (tools of cmake/tools.lock, drivers of boxes).
if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
  set(CMAKE_INSTALL_PREFIX /opt/grader CACHE PATH "Where the program is installed" FORCE)
endif()
if(TARGET grader)
  install(TARGETS grader RUNTIME DESTINATION bin)
endif()
install(DIRECTORY ${CMAKE_BINARY_DIR}/driver/ DESTINATION driver OPTIONAL USE_SOURCE_PERMISSIONS)
# The build tree has a link into the cache: what is installed must not depend on that.
install(CODE "file(REAL_PATH \"${GRADER_TOOLS_DIR}\" tools)
if(EXISTS \"\${tools}\")
  file(INSTALL \"\${tools}/\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/tools\" USE_SOURCE_PERMISSIONS)
endif()")
if(EXISTS ${CMAKE_SOURCE_DIR}/rubrics)
  install(DIRECTORY rubrics DESTINATION share/grader)
endif()
install(DIRECTORY docs/ DESTINATION share/doc/grader FILES_MATCHING PATTERN "*.md")
