# SPDX-License-Identifier: GPL-2.0-or-later
#
# What compiler and linker do against mistakes of ours, for every program and module. tests/hardened looks at the result.
# Flags that this compiler or this machine does not know are left out.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)

function(ucmtrust_harden_compiler flag)
  string(MAKE_C_IDENTIFIER "UCMTRUST_HAS${flag}" known)
  check_c_compiler_flag(${flag} ${known})
  if(${known})
    add_compile_options(${flag})
  endif()
endfunction()

function(ucmtrust_harden_linker flag)
  string(MAKE_C_IDENTIFIER "UCMTRUST_LINKS${flag}" known)
  check_linker_flag(C ${flag} ${known})
  if(${known})
    add_link_options(${flag})
  endif()
endfunction()

ucmtrust_harden_compiler(-fstack-protector-strong)
ucmtrust_harden_compiler(-fstack-clash-protection)
# The compiler's own default, or that of CFLAGS, must not be defined twice; and it needs an optimizer.
add_compile_options($<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

# Calls, jumps and returns go where the compiler meant them to. The linker would mark a program only if the C library's
# start files were marked; Debian's are not (amd64, bookworm and trixie). Then its libc.so is not either, and the loader
# looks at all of them: the mark says what is true of our code, and costs nothing until a system has the rest.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  ucmtrust_harden_compiler(-fcf-protection=full)
  ucmtrust_harden_linker(-Wl,-z,shstk)
  ucmtrust_harden_linker(-Wl,-z,ibt)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  ucmtrust_harden_compiler(-mbranch-protection=standard)
endif()
