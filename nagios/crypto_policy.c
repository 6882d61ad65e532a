/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Loads the OpenSSL configuration strictly: see crypto_policy.h.
 * Facts: OPENSSL_CONF names another file than that of the system; config(5).
 */
#include "crypto_policy.h"

#include "printable.h"

#include <glib.h>
#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

/* Not what OpenSSL says about the place: it holds text of the file, whatever that is. */
static char *fail(const char *path)
{
    const unsigned long code = ERR_peek_error();
    const char *reason =
        ERR_SYSTEM_ERROR(code) ? g_strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code);
    g_autofree char *text =
        g_strdup_printf("the OpenSSL configuration of this system cannot be used, so nothing was "
                        "looked at: %s: %s",
                        path, reason != NULL ? reason : "unknown reason");

    return printable_text(text);
}

char *crypto_policy_load(void)
{
    const char *given = g_getenv("OPENSSL_CONF");
    char *path = NULL;
    char *why = NULL;
    unsigned long flags = CONF_MFLAGS_DEFAULT_SECTION;

    if (given != NULL && *given == '\0') {
        /* A file without a name is no policy: that of the system counts. */
        g_unsetenv("OPENSSL_CONF");
        given = NULL;
    }
    if (given == NULL)
        flags |= CONF_MFLAGS_IGNORE_MISSING_FILE;
    /* Taking everything apart piece by piece is a twentieth of what a check costs, and it ends. */
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
    ERR_clear_error();
    path = CONF_get1_default_config_file();
    if (path == NULL || CONF_modules_load_file(path, NULL, flags) <= 0)
        why = fail(path != NULL ? path : "its name");
    ERR_clear_error();
    OPENSSL_free(path);
    return why;
}
