# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run by cpack when all files of the packages lie in a folder. Debian wants programs without symbols, and manual pages
# and changelogs compressed, the same bytes each time.
find_program(GZIP gzip REQUIRED)
file(GLOB_RECURSE texts ${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/man/*.[1-9]
     ${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/doc/changelog.Debian)
foreach(text ${texts})
  execute_process(COMMAND ${GZIP} -9n ${text} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(GLOB_RECURSE programs ${CPACK_TEMPORARY_DIRECTORY}/*/usr/lib/check_* ${CPACK_TEMPORARY_DIRECTORY}/*/usr/lib/*.so)
foreach(program ${programs})
  execute_process(COMMAND ${CPACK_UCMTRUST_STRIP} --strip-unneeded --remove-section=.comment --remove-section=.note
                          ${program} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
