/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where AXL is, as whom we log in, and whom we believe to be it: from the options of a check. Reads
 * files, asks nobody. No text of it may reach the output.
 */
#ifndef UCMTRUST_NAGIOS_AXL_LOGIN_H
#define UCMTRUST_NAGIOS_AXL_LOGIN_H

#include "fetch.h"

#include <glib.h>

/** Everything that one server needs. */
struct axl_login {
    char *url; /**< whole, with port and path */
    char *user;
    char *password;
    char *ca_file;             /**< NULL: whom this system believes */
    uint8_t pin[FETCH_SHA256]; /**< of its certificate */
    bool is_pinned;
    char *version; /**< of the API, to begin with */
};

/** The options, for store_reader.h. */
extern const GOptionEntry AXL_LOGIN_OPTIONS[];

/** Ends the process for a mistake in them. */
void axl_login_check_values(void);
void axl_login_release(void);

/** Fill in a login for https://host[:port][/path/]; ends the process, with a message, for what
 * cannot be used: a file that others may read, no password, no certificate in a file. */
void axl_login_read(const char *where, struct axl_login *login);

/** Free it, and wipe what is secret. */
void axl_login_clear(struct axl_login *login);

#endif
