# With GRADER_ARCHIVES everything but the C library is linked from archives. Loading 26 shared libraries, most
# of them libgit2's for networks, was 4 of the 30 ms that a static grading may take. Daily builds link faster
# without, and the sanitizers' run-time libraries need the shared C++ library.
set(archives_by_default OFF)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT GRADER_SANITIZE)
  set(archives_by_default ON)
endif()
option(GRADER_ARCHIVES "Link third-party libraries from archives" ${archives_by_default})

# grader_archive(gumbo [targets that it needs]) → target static_gumbo
function(grader_archive name)
  find_library(archive_${name} lib${name}.a REQUIRED)
  add_library(static_${name} STATIC IMPORTED GLOBAL)
  set_target_properties(static_${name} PROPERTIES IMPORTED_LOCATION ${archive_${name}}
                                                  INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

# The same for what CMake's own modules found.
function(grader_prefer_archive_at target name)
  find_library(archive_${name} lib${name}.a REQUIRED)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${archive_${name}})
endfunction()

# What stands for a shared library, in every folder's LINKS, stands for its archive from here on.
function(grader_prefer_archive target archive)
  grader_archive(${archive} ${ARGN})
  set_target_properties(${target} PROPERTIES INTERFACE_LINK_LIBRARIES static_${archive})
endfunction()

function(grader_prefer_archives)
  grader_prefer_archive_at(OpenSSL::Crypto crypto)
  grader_prefer_archive_at(OpenSSL::SSL ssl)
  add_library(libgit2_unused STATIC ${CMAKE_SOURCE_DIR}/cmake/libraries/libgit2_unused.c)
  grader_archive(mbedcrypto)
  grader_archive(mbedx509 static_mbedcrypto)
  grader_archive(mbedtls static_mbedx509)
  grader_archive(ssh2 OpenSSL::SSL static_z)
  grader_archive(http_parser)
  grader_archive(pcre2-8)
  grader_prefer_archive(PkgConfig::libgit2 git2 static_ssh2 static_mbedtls static_http_parser
                        static_pcre2-8 static_z libgit2_unused)
  target_compile_definitions(PkgConfig::libgit2 INTERFACE GRADER_ARCHIVES)
  target_link_options(PkgConfig::libgit2 INTERFACE -Wl,--wrap=mbedtls_x509_crt_parse_file)
  grader_prefer_archive(PkgConfig::tree_sitter tree-sitter)
  grader_prefer_archive(PkgConfig::cmark_gfm cmark-gfm)
  grader_prefer_archive(PkgConfig::libyaml yaml)
  # Its header brings the whole library unless it is told otherwise.
  set_target_properties(PkgConfig::tomlplusplus PROPERTIES INTERFACE_LINK_LIBRARIES ""
                                                           INTERFACE_COMPILE_OPTIONS "")
  add_link_options(-static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,-z,pack-relative-relocs)
endfunction()
