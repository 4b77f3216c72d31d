# cmake --install build/release [--prefix DIR]: the program beside the data that it looks for.
include(GNUInstallDirs)
if(TARGET grader)
  install(TARGETS grader RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(EXISTS ${CMAKE_SOURCE_DIR}/rubrics)
  install(DIRECTORY rubrics DESTINATION ${CMAKE_INSTALL_DATADIR}/grader)
endif()
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
