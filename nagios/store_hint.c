/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stores and nodes from names: see store_hint.h. Reads nothing.
 */
#include "store_hint.h"

#include <string.h>

static const char RECOVERY[] = "ITLRECOVERY_";
static const char CAPF[] = "CAPF-";
static const char TFTP[] = "TFTP";
static const char SHARED[] = "-ms"; /* multi-server certificates */

enum { LABEL_MAX = 63 }; /* of a host name, RFC 1035 */

/* The common name of a subject as cert.h writes it; to be freed. NULL: it has none. */
static char *common_name(const char *subject)
{
    if (!g_str_has_prefix(subject, "CN="))
        return NULL;
    return g_strndup(subject + 3, strcspn(subject + 3, ";"));
}

static bool begins_with(const char *text, const char *prefix)
{
    return g_ascii_strncasecmp(text, prefix, strlen(prefix)) == 0;
}

/* The product makes the number up when it is installed. */
static bool is_capf(const char *name)
{
    const size_t digits =
        begins_with(name, CAPF) ? strspn(name + strlen(CAPF), "0123456789abcdefABCDEF") : 0;

    return digits > 0 && name[strlen(CAPF) + digits] == '\0';
}

enum ucm_store store_hint_subject(const char *subject)
{
    g_autofree char *name = common_name(subject);

    if (name != NULL && begins_with(name, RECOVERY))
        return UCM_STORE_ITLRECOVERY;
    return name != NULL && is_capf(name) ? UCM_STORE_CAPF : UCM_STORE_NONE;
}

/* ---- words ---- */

static bool is_part(char c, bool of_host)
{
    return g_ascii_isalnum(c) || (of_host && c == '-');
}

/* Where the word stands in the text, with nothing beside it that would be part of it; NULL:
 * nowhere. A hyphen is part of host names: "cucm" is not in "cucm-sub.p12". */
static const char *find_word(const char *text, const char *word, bool of_host)
{
    const size_t size = strlen(word);

    for (const char *at = text; *at != '\0'; at++)
        if (g_ascii_strncasecmp(at, word, size) == 0 && !is_part(at[size], of_host) &&
            (at == text || !is_part(at[-1], of_host)))
            return at;
    return NULL;
}

bool store_hint_has_node(const char *text, const char *node)
{
    return *node != '\0' && find_word(text, node, true) != NULL;
}

/* The longest name of a store in the text, which is blanked there. */
static enum ucm_store take_store(char *text)
{
    enum ucm_store found = UCM_STORE_NONE;
    size_t longest = 0;
    size_t at = 0;

    for (int number = UCM_STORE_NONE + 1; number < UCM_STORE_END; number++) {
        const char *name = ucm_store_name((uint32_t)number);
        const char *place = name != NULL ? find_word(text, name, false) : NULL;

        if (place != NULL && strlen(name) > longest) {
            found = (enum ucm_store)number;
            longest = strlen(name);
            at = (size_t)(place - text);
        }
    }
    if (found == UCM_STORE_NONE && find_word(text, TFTP, false) != NULL) {
        found = UCM_STORE_CALLMANAGER;
        at = (size_t)(find_word(text, TFTP, false) - text);
        longest = strlen(TFTP);
    }
    memset(text + at, '.', longest);
    return found;
}

enum ucm_store store_hint_text(const char *text)
{
    g_autofree char *left = g_strdup(text);
    const enum ucm_store first = take_store(left);

    for (;;) {
        const enum ucm_store next = take_store(left);

        if (next == UCM_STORE_NONE)
            return first;
        if (next != first)
            return UCM_STORE_NONE;
    }
}

/* ---- nodes ---- */

/* Letters, digits and hyphens between dots; not only digits, which would be anything. */
static bool is_host_name(const char *name)
{
    size_t label = 0;
    bool letter = false;

    for (const char *at = name; *at != '\0'; at++) {
        letter = letter || g_ascii_isalpha(*at);
        if (*at == '.' ? label == 0 : (!g_ascii_isalnum(*at) && (*at != '-' || label == 0)))
            return false;
        label = *at == '.' ? 0 : label + 1;
        if (label > LABEL_MAX)
            return false;
    }
    return letter && label > 0;
}

char *store_hint_node(const char *subject, bool strict)
{
    g_autofree char *name = common_name(subject);
    const char *host = name;
    g_autofree char *label = NULL;

    if (name == NULL)
        return NULL;
    if (begins_with(name, RECOVERY)) {
        host = name + strlen(RECOVERY);
        strict = false;
    }
    if (g_hostname_is_ip_address(host))
        return g_strdup(host);
    if (is_capf(name) || !is_host_name(host) || (strict && strchr(host, '.') == NULL))
        return NULL;
    label = g_strndup(host, strcspn(host, "."));
    return g_str_has_suffix(label, SHARED) ? NULL : g_steal_pointer(&label);
}
