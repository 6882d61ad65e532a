/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * --extra-opts: options from an ini file, as Monitoring Plugins have them. Knows no option but the
 * one that holds a secret.
 */
#ifndef UCMTRUST_NAGIOS_EXTRA_OPTS_H
#define UCMTRUST_NAGIOS_EXTRA_OPTS_H

#include <glib.h>

/** The arguments, without --extra-opts and with what it names before them, so that "the last one
 * counts" lets the command line win; first stands the name of the check. To be freed. Ends the
 * process for a mistake, and for a file that holds a password and is open to others. */
GStrv extra_opts_expand(const char *check, int argc, char **argv);

#endif
