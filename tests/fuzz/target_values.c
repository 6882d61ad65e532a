/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Values of options, by themselves, held against regular expressions: ranges, days, NODE:PORT,
 * states, releases. And any bytes as printable text and as JSON.
 */
#include "fuzz.h"

#include "nagios/address.h"
#include "nagios/json.h"
#include "nagios/plugin.h"
#include "nagios/range.h"
#include "nagios/result.h"
#include "nagios/version.h"

#include "common/finding_text.h"

#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* Each expression is compiled once; they are constants of this file. */
static bool matches(const char *text, const char *pattern)
{
    static struct {
        const char *pattern;
        regex_t regex;
    } known[16];
    size_t i = 0;

    while (known[i].pattern != NULL && strcmp(known[i].pattern, pattern) != 0)
        i++;
    MUST(i + 1 < sizeof known / sizeof *known);
    if (known[i].pattern == NULL) {
        MUST(regcomp(&known[i].regex, pattern, REG_EXTENDED | REG_NOSUB) == 0);
        known[i].pattern = pattern;
    }
    return regexec(&known[i].regex, text, 0, NULL, 0) == 0;
}

#define NUMBER "[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)"

static void ranges(const char *text)
{
    struct range range = {1, 2, false};
    const bool ok = range_parse(text, &range);

    if (ok) {
        MUST(matches(text, "^@?(" NUMBER "|~:(" NUMBER ")?|" NUMBER ":(" NUMBER ")?)$"));
        MUST(!isnan(range.start) && !isnan(range.end) && range.start <= range.end);
        MUST(range.inside == (*text == '@'));
        MUST(range_alerts(&range, range.start) == (range.inside && isfinite(range.start)) ||
             isinf(range.start));
        MUST(range_alerts(&range, (double)INFINITY) == !range.inside || isinf(range.end));
    } else {
        MUST(range.start == 1 && range.end == 2 && !range.inside);
        MUST(!matches(text, "^@?[0-9]{1,9}$") && !matches(text, "^@?(~|[0-9]{1,9}):$"));
    }
}

static void days(const char *text)
{
    int value = -1;
    const bool ok = range_parse_days(text, &value);

    MUST(ok == (matches(text, "^[0-9]{1,5}:?$") && strtol(text, NULL, 10) <= 36500));
    MUST(ok ? value == (int)strtol(text, NULL, 10) : value == -1);
}

static void addresses(const char *text)
{
    char *host = NULL;
    char *port = NULL;
    const bool ok = address_part(text, &host, &port);

    MUST(ok == (host != NULL) && (ok || port == NULL));
    if (ok) {
        const size_t size = strlen(host) + (port != NULL ? strlen(port) + 1 : 0);

        MUST(size <= strlen(text) && size + 2 >= strlen(text));
    }
    if (address_valid(text)) {
        MUST(ok && *host != '\0');
        MUST(port == NULL || (matches(port, "^[0-9]+$") && strtol(port, NULL, 10) >= 1 &&
                              strtol(port, NULL, 10) <= 65535));
    } else {
        MUST(!matches(text, "^[a-z0-9.-]+(:[1-9][0-9]{0,3})?$"));
        MUST(!matches(text, "^\\[[a-f0-9:]+\\](:[1-9][0-9]{0,3})?$"));
    }
    g_free(host);
    g_free(port);
}

static void names(const char *text)
{
    uint16_t version = 0xffff;
    const enum plugin_state state = plugin_state_find(text);

    MUST((state != STATE_UNSET) ==
         matches(text, "^([0-3]|[Oo][Kk]|[Ww][Aa][Rr][Nn][Ii][Nn][Gg]|[Cc][Rr][Ii][Tt][Ii][Cc][Aa]"
                       "[Ll]|[Uu][Nn][Kk][Nn][Oo][Ww][Nn])$"));
    if (version_read(text, &version))
        MUST(matches(text, "^[0-9]") && version >> 8 == (int)strtol(text, NULL, 10));
    else
        MUST(version == 0xffff);
}

static void escapes(struct fuzz_input input)
{
    const size_t room = 1 + input.size % 97;
    char *out = malloc(room);
    char *all = malloc(4 * input.size + 8);
    GString *json = g_string_new(NULL);
    char *valid = g_utf8_make_valid((const char *)input.data, (gssize)input.size);
    size_t length = 0;

    MUST(out != NULL && all != NULL);
    length = ucm_escape(input.data, input.size, out, room);
    MUST(length < room && strlen(out) == length && fuzz_printable(out, length, false));
    MUST(memchr(out, '|', length) == NULL);
    length = ucm_escape(input.data, input.size, all, 4 * input.size + 8);
    MUST(strlen(all) == length && fuzz_printable(all, length, false));
    MUST(strchr(all, '|') == NULL && (length > 0) == (input.size > 0));
    json_bytes(json, (const char *)input.data, (gssize)input.size);
    MUST(fuzz_json(json->str, json->len));
    g_string_free(json, TRUE);
    g_free(valid);
    free(out);
    free(all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    char *text = fuzz_text(input);

    ranges(text);
    days(text);
    addresses(text);
    names(text);
    escapes(input);
    free(text);
    return 0;
}
