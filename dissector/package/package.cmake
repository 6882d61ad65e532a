# SPDX-License-Identifier: GPL-2.0-or-later
#
# The Debian package of the Wireshark plugin. A plugin loads in the minor version that it was built for only. The
# libraries' names say that already; the relation says it to a reader, and for versions that keep a name.
if(UCMTRUST_PERSONAL_INSTALL)
  message(STATUS "No package of the Wireshark plugin: it is built for one user (UCMTRUST_PERSONAL_INSTALL)")
  return()
endif()

ucmtrust_debian_package(dissector ucmtrust-wireshark dissector)

foreach(part MAJOR MINOR)
  get_directory_property(${part} DIRECTORY ${PROJECT_SOURCE_DIR}/dissector DEFINITION Wireshark_${part}_VERSION)
endforeach()
math(EXPR next "${MINOR} + 1")
set(CPACK_DEBIAN_DISSECTOR_PACKAGE_DEPENDS
    "wireshark-common (>= ${MAJOR}.${MINOR}.0), wireshark-common (<< ${MAJOR}.${next}~)")
set(CPACK_DEBIAN_DISSECTOR_PACKAGE_RECOMMENDS "wireshark | tshark")
set(CPACK_DEBIAN_DISSECTOR_PACKAGE_ENHANCES "wireshark, tshark")
# CMake knows this field from 3.31 on; older ones leave it out.
set(CPACK_DEBIAN_DISSECTOR_PACKAGE_MULTIARCH same)
