# SPDX-License-Identifier: GPL-2.0-or-later
#
# The Debian package of the checks: what is installed by cmake, and configuration below /etc.
ucmtrust_debian_package(nagios ucmtrust-nagios checks)

# The engines are no dependency: a host that runs checks for NRPE or scripts has none.
set(CPACK_DEBIAN_NAGIOS_PACKAGE_SUGGESTS
    "icinga2 | nagios4 | nagios-nrpe-server, monitoring-plugins-common, ucmtrust-wireshark")
# CMake knows this field from 3.31 on; older ones leave it out.
set(CPACK_DEBIAN_NAGIOS_PACKAGE_MULTIARCH foreign)
set(control ${CMAKE_CURRENT_LIST_DIR})
set(CPACK_DEBIAN_NAGIOS_PACKAGE_CONTROL_EXTRA
    "${control}/conffiles;${control}/postinst;${control}/postrm;${control}/triggers")

set(config ${PROJECT_SOURCE_DIR}/nagios/config)
install(FILES ${config}/nagios/commands.cfg DESTINATION /etc/nagios-plugins/config RENAME ucmtrust.cfg
        COMPONENT nagios-package EXCLUDE_FROM_ALL)
install(FILES ${config}/clusters.ini DESTINATION /etc/ucmtrust COMPONENT nagios-package EXCLUDE_FROM_ALL)
# May hold passwords; postinst lets the engine's group read it.
install(FILES ${config}/ucmtrust.ini DESTINATION /etc/ucmtrust PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ
        COMPONENT nagios-package EXCLUDE_FROM_ALL)
foreach(example icinga2/services.conf=icinga2.conf icinga2/zones.conf=icinga2-zones.conf
        nagios/services.cfg=nagios.cfg)
  string(REPLACE "=" ";" example ${example})
  list(GET example 0 from)
  list(GET example 1 to)
  install(FILES ${config}/${from} DESTINATION /etc/ucmtrust RENAME ${to}
          COMPONENT nagios-package EXCLUDE_FROM_ALL)
endforeach()
