# SPDX-License-Identifier: GPL-2.0-or-later
#
# What both Debian packages have in common; nagios/package and dissector/package say what is in them.
# `cpack -G DEB` in the build folder makes those whose plugin was built.
set(UCMTRUST_MAINTAINER "The maintainers of ucmtrust <maintainers@ucmtrust.example>"
    CACHE STRING "Maintainer that the packages name")

# A package belongs to the release that it was built in: the same sources in the next one are newer.
set(debian_suite unstable)
set(debian_release 1)
if(EXISTS /etc/os-release)
  file(STRINGS /etc/os-release facts REGEX "^(ID|VERSION_ID|VERSION_CODENAME)=")
  if("${facts}" MATCHES "(^|;)ID=debian(;|$)" AND "${facts}" MATCHES "VERSION_ID=\"?([0-9]+)")
    set(debian_release "1~deb${CMAKE_MATCH_1}u1")
  endif()
  if("${facts}" MATCHES "VERSION_CODENAME=([a-z]+)")
    set(debian_suite ${CMAKE_MATCH_1})
  endif()
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "${UCMTRUST_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_RELEASE ${debian_release})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_UCMTRUST_STRIP ${CMAKE_STRIP})
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/stage.cmake)
# Whatever prefix the build folder has: packages are for /usr, and /etc is not below it.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)

# ucmtrust_debian_package(GROUP NAME COMPONENT...): one package of these components. GROUP/package below the sources
# has its description (first line: the summary) and, where lintian needs to be told why, overrides.
function(ucmtrust_debian_package group name)
  string(TOUPPER ${group} key)
  set(from ${PROJECT_SOURCE_DIR}/${group}/package)
  set(package ${name})
  configure_file(${PROJECT_SOURCE_DIR}/common/package/changelog.in ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian @ONLY)
  # Belongs to packages alone: an installation by cmake leaves it out.
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian ${PROJECT_SOURCE_DIR}/common/package/copyright
          DESTINATION share/doc/${name} COMPONENT ${group}-package EXCLUDE_FROM_ALL)
  if(EXISTS ${from}/overrides)
    install(FILES ${from}/overrides DESTINATION share/lintian/overrides RENAME ${name}
            COMPONENT ${group}-package EXCLUDE_FROM_ALL)
  endif()
  file(READ ${from}/description description)
  set_property(GLOBAL APPEND PROPERTY UCMTRUST_COMPONENTS ${ARGN} ${group}-package)
  foreach(component ${ARGN} ${group}-package)
    string(TOUPPER ${component} upper)
    set(CPACK_COMPONENT_${upper}_GROUP ${group} PARENT_SCOPE)
  endforeach()
  set(CPACK_DEBIAN_${key}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(CPACK_DEBIAN_${key}_DESCRIPTION "${description}" PARENT_SCOPE)
endfunction()

if(UCMTRUST_DISSECTOR)
  include(${PROJECT_SOURCE_DIR}/dissector/package/package.cmake)
endif()
if(UCMTRUST_NAGIOS)
  include(${PROJECT_SOURCE_DIR}/nagios/package/package.cmake)
endif()
get_property(CPACK_COMPONENTS_ALL GLOBAL PROPERTY UCMTRUST_COMPONENTS)
include(CPack)
