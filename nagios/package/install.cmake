# SPDX-License-Identifier: GPL-2.0-or-later
#
# What belongs to the checks beside programs, below the prefix: manual pages, completion for bash, the commands of
# Icinga 2 where its template library is, and examples. Packages have these below /etc as well: see package.cmake.
set(checks check_ucm_consistency check_ucm_trustlist check_ucm_truststore check_ucm_tvs)

foreach(check ${checks})
  install(FILES doc/${check}.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT checks)
endforeach()
install(FILES doc/ucmtrust-findings.7 DESTINATION ${CMAKE_INSTALL_MANDIR}/man7 COMPONENT checks)

file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/completions)
# One file serves all checks. bash looks for one that is named as the command: the others are links to the first.
set(completions ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
list(GET checks 0 first)
install(FILES config/bash-completion/check_ucm DESTINATION ${completions} RENAME ${first} COMPONENT checks)
foreach(check ${checks})
  if(NOT check STREQUAL first)
    file(CREATE_LINK ${first} ${CMAKE_CURRENT_BINARY_DIR}/completions/${check} SYMBOLIC)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/completions/${check} DESTINATION ${completions} COMPONENT checks)
  endif()
endforeach()

install(FILES config/icinga2/commands.conf DESTINATION ${CMAKE_INSTALL_DATADIR}/icinga2/include/plugins-contrib.d
        RENAME ucmtrust.conf COMPONENT checks)
install(FILES config/clusters.ini config/ucmtrust.ini
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ucmtrust-nagios/examples COMPONENT checks)
install(FILES config/icinga2/services.conf config/icinga2/zones.conf
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ucmtrust-nagios/examples/icinga2 COMPONENT checks)
install(FILES config/nagios/commands.cfg config/nagios/services.cfg
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ucmtrust-nagios/examples/nagios COMPONENT checks)
