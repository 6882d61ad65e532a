/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where AXL is and as whom we log in: see axl_login.h. A password is never taken from the command
 * line, where every user of the machine can read it.
 */
#include "axl_login.h"

#include "certificate.h"
#include "plugin.h"
#include "secret_file.h"

#include "common/cert.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Releases 12.5 to 15 take this; others name in their refusal what they take. */
static const char VERSION[] = "12.5";

enum { PIN_DIGITS = 2 * FETCH_SHA256 };

static struct {
    char **credentials;
    char **ca;
    char **pin;
    char *user;
    char *password;
    char *version;
} asked;

const GOptionEntry AXL_LOGIN_OPTIONS[] = {
    {"axl-credentials", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.credentials, NULL, NULL},
    {"axl-ca", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.ca, NULL, NULL},
    {"axl-pin", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &asked.pin, NULL, NULL},
    {"axl-user", 0, 0, G_OPTION_ARG_FILENAME, &asked.user, NULL, NULL},
    {"axl-password", 0, 0, G_OPTION_ARG_FILENAME, &asked.password, NULL, NULL},
    {"axl-version", 0, 0, G_OPTION_ARG_FILENAME, &asked.version, NULL, NULL},
    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
};

/* ---- options ---- */

/* Those of ini files were put among the arguments by now, so the kernel is asked which came from
 * the command line. */
static bool is_on_command_line(const char *option)
{
    g_autofree char *line = NULL;
    gsize size = 0;
    bool found = false;

    if (!g_file_get_contents("/proc/self/cmdline", &line, &size, NULL))
        return false;
    for (gsize at = 0; at < size && !found; at += strlen(line + at) + 1) {
        const gsize length = strlen(option);

        found = strncmp(line + at, option, length) == 0 &&
                (line[at + length] == '\0' || line[at + length] == '=');
    }
    explicit_bzero(line, size);
    return found;
}

static bool is_version(const char *text)
{
    char *end = NULL;
    const guint64 major = g_ascii_strtoull(text, &end, 10);

    if (!g_ascii_isdigit(*text) || *end != '.' || !g_ascii_isdigit(end[1]) || major > 99)
        return false;
    return g_ascii_strtoull(end + 1, &end, 10) <= 99 && *end == '\0';
}

void axl_login_check_values(void)
{
    if (is_on_command_line("--axl-password"))
        plugin_usage("--axl-password: every user of this machine can read it on a command line; "
                     "expected it in a file (--axl-credentials, --extra-opts)");
    if ((asked.user == NULL) != (asked.password == NULL))
        plugin_usage("axl-user and axl-password: expected both");
    if (asked.version != NULL && !is_version(asked.version))
        plugin_usage("--axl-version: expected a version such as 12.5, got \"%s\"", asked.version);
}

void axl_login_release(void)
{
    g_strfreev(asked.credentials);
    g_strfreev(asked.ca);
    g_strfreev(asked.pin);
    g_free(asked.user);
    secret_free(asked.password);
    g_free(asked.version);
    memset(&asked, 0, sizeof asked);
}

/* What is given for this host ("HOST=VALUE"), else for all ("VALUE"); NULL: nothing is. */
static const char *value_for(char **values, const char *host)
{
    const char *general = NULL;
    const size_t size = strlen(host);

    for (char **one = values; one != NULL && *one != NULL; one++) {
        if (g_ascii_strncasecmp(*one, host, size) == 0 && (*one)[size] == '=')
            return *one + size + 1;
        if (strchr(*one, '=') == NULL)
            general = *one;
    }
    return general;
}

/* ---- the address ---- */

/* Port 8443 and /axl/ unless they are given; host: to be freed. */
static char *make_url(const char *where, char **host)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GUri) uri = g_uri_parse(where, G_URI_FLAGS_ENCODED, &error);
    const char *path = uri != NULL ? g_uri_get_path(uri) : "";
    int port = 0;

    if (uri == NULL || strcmp(g_uri_get_scheme(uri), "https") != 0 || g_uri_get_host(uri) == NULL ||
        *g_uri_get_host(uri) == '\0')
        plugin_usage("--axl: expected https://host[:8443][/axl/]");
    if (g_uri_get_userinfo(uri) != NULL)
        plugin_usage("--axl: expected an address without user and password; they belong in the "
                     "file of --axl-credentials");
    if (g_uri_get_query(uri) != NULL || g_uri_get_fragment(uri) != NULL)
        plugin_usage("--axl: expected https://host[:8443][/axl/]");
    port = g_uri_get_port(uri) > 0 ? g_uri_get_port(uri) : 8443;
    *host = g_strdup(g_uri_get_host(uri));
    return g_strdup_printf(strchr(*host, ':') != NULL ? "https://[%s]:%d%s" : "https://%s:%d%s",
                           *host, port, *path == '\0' || strcmp(path, "/") == 0 ? "/axl/" : path);
}

/* ---- whom to believe ---- */

static bool read_digest(const char *text, uint8_t digest[FETCH_SHA256])
{
    unsigned digits = 0;

    for (const char *c = text; *c != '\0'; c++) {
        if (*c == ':')
            continue;
        if (!g_ascii_isxdigit(*c) || digits == PIN_DIGITS)
            return false;
        digest[digits / 2] = (uint8_t)(digest[digits / 2] * 16 + g_ascii_xdigit_value(*c));
        digits++;
    }
    return digits == PIN_DIGITS;
}

static void read_pin(const char *text, struct axl_login *login)
{
    g_autofree char *why = NULL;
    g_autofree uint8_t *der = NULL;
    size_t size = 0;

    login->is_pinned = true;
    if (read_digest(text, login->pin))
        return;
    der = certificate_read(text, NULL, &size, &why);
    if (der == NULL)
        plugin_usage("--axl-pin: expected a SHA-256 in hex or a file; %s", why);
    if (!ucm_sha256(der, size, login->pin))
        plugin_usage("--axl-pin: this system forbids SHA-256");
}

/* ---- the whole ---- */

void axl_login_read(const char *where, struct axl_login *login)
{
    g_autofree char *host = NULL;
    const char *credentials = NULL;
    const char *pin = NULL;

    *login = (struct axl_login){0};
    login->url = make_url(where, &host);
    credentials = value_for(asked.credentials, host);
    if (credentials != NULL) {
        secret_file_read_login("--axl-credentials", credentials, &login->user, &login->password);
    } else if (asked.user != NULL) {
        login->user = g_strdup(asked.user);
        login->password = g_strdup(asked.password);
    } else {
        plugin_usage("--axl: expected --axl-credentials FILE beside it");
    }
    pin = value_for(asked.pin, host);
    if (pin != NULL)
        read_pin(pin, login);
    login->ca_file = g_strdup(value_for(asked.ca, host));
    if (login->ca_file != NULL && access(login->ca_file, R_OK) != 0)
        plugin_usage("--axl-ca: %s: %s", login->ca_file, g_strerror(errno));
    /* It would be waited for, or read without end. */
    if (login->ca_file != NULL && !g_file_test(login->ca_file, G_FILE_TEST_IS_REGULAR))
        plugin_usage("--axl-ca: expected a regular file, got %s", login->ca_file);
    login->version = g_strdup(asked.version != NULL ? asked.version : VERSION);
}

void axl_login_clear(struct axl_login *login)
{
    g_free(login->url);
    g_free(login->user);
    secret_free(login->password);
    g_free(login->ca_file);
    g_free(login->version);
    memset(login, 0, sizeof *login);
}
