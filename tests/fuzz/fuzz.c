/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the fuzz targets share: see fuzz.h.
 */
#define _GNU_SOURCE /* memfd_create */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void fuzz_fail(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

/* ---- text ---- */

/* Bytes of the UTF-8 sequence at the front, 0 when it is none: RFC 3629, table 3-7 of Unicode. */
static size_t sequence(const unsigned char *p, size_t left)
{
    uint32_t point = 0;
    size_t length = 0;

    if (p[0] < 0x80)
        return 1;
    if (p[0] >> 5 == 6)
        length = 2;
    else if (p[0] >> 4 == 14)
        length = 3;
    else if (p[0] >> 3 == 30)
        length = 4;
    if (length == 0 || length > left)
        return 0;
    point = p[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        point = point << 6 | (p[i] & 0x3fu);
    }
    if (point < (length == 2   ? 0x80u
                 : length == 3 ? 0x800u
                               : 0x10000u) ||
        point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        return 0;
    return point < 0xa0 ? 0 : length; /* control characters of two bytes as well */
}

bool fuzz_printable(const char *text, size_t size, bool newlines)
{
    for (size_t at = 0; at < size;) {
        const unsigned char *p = (const unsigned char *)text + at;
        const size_t length = sequence(p, size - at);

        if (length == 0 || ((*p < ' ' || *p == 0x7f) && !(newlines && *p == '\n')))
            return false;
        at += length;
    }
    return true;
}

bool fuzz_plugin_output(const char *text, size_t size)
{
    static const char *const STATES[] = {"OK - ", "WARNING - ", "CRITICAL - ", "UNKNOWN - "};
    const char *end = memchr(text, '\n', size);
    const char *bar = memchr(text, '|', size);
    bool state = false;

    if (!fuzz_printable(text, size, true) || end == NULL)
        return false;
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++)
        state = state || strncmp(text, STATES[i], strlen(STATES[i])) == 0;
    if (bar != NULL && (bar > end || memchr(bar + 1, '|', size - (size_t)(bar + 1 - text)) != NULL))
        return false;
    return state;
}

/* ---- JSON ---- */

enum { JSON_DEPTH_MAX = 32 };

struct json {
    const char *at;
    const char *end;
};

static bool json_is(const struct json *json, const char *set)
{
    return json->at < json->end && *json->at != '\0' && strchr(set, *json->at) != NULL;
}

static void json_space(struct json *json)
{
    while (json_is(json, " \t\r\n"))
        json->at++;
}

static bool json_take(struct json *json, const char *word)
{
    const size_t size = strlen(word);

    if ((size_t)(json->end - json->at) < size || memcmp(json->at, word, size) != 0)
        return false;
    json->at += size;
    return true;
}

static bool json_string(struct json *json)
{
    if (!json_take(json, "\""))
        return false;
    while (json->at < json->end && *json->at != '"') {
        if ((unsigned char)*json->at < ' ')
            return false;
        if (*json->at++ != '\\')
            continue;
        if (json_take(json, "u")) {
            for (int i = 0; i < 4; i++, json->at++)
                if (!json_is(json, "0123456789abcdefABCDEF"))
                    return false;
        } else if (!json_is(json, "\"\\/bfnrt")) {
            return false;
        } else {
            json->at++;
        }
    }
    return json_take(json, "\"");
}

static size_t json_digits(struct json *json)
{
    const char *begin = json->at;

    while (json_is(json, "0123456789"))
        json->at++;
    return (size_t)(json->at - begin);
}

static bool json_number(struct json *json)
{
    const char *begin = NULL;
    size_t digits = 0;

    json_take(json, "-");
    begin = json->at;
    digits = json_digits(json);
    if (digits == 0 || (digits > 1 && *begin == '0'))
        return false;
    if (json_take(json, ".") && json_digits(json) == 0)
        return false;
    if (json_take(json, "e") || json_take(json, "E")) {
        if (!json_take(json, "-"))
            json_take(json, "+");
        return json_digits(json) > 0;
    }
    return true;
}

static bool json_value(struct json *json, int depth);

static bool json_items(struct json *json, const char *close, bool keys, int depth)
{
    json_space(json);
    if (json_take(json, close))
        return true;
    do {
        json_space(json);
        if (keys) {
            if (!json_string(json))
                return false;
            json_space(json);
            if (!json_take(json, ":"))
                return false;
        }
        if (!json_value(json, depth + 1))
            return false;
        json_space(json);
    } while (json_take(json, ","));
    return json_take(json, close);
}

static bool json_value(struct json *json, int depth)
{
    if (depth > JSON_DEPTH_MAX)
        return false;
    json_space(json);
    if (json_take(json, "{"))
        return json_items(json, "}", true, depth);
    if (json_take(json, "["))
        return json_items(json, "]", false, depth);
    if (json_is(json, "\""))
        return json_string(json);
    return json_take(json, "true") || json_take(json, "false") || json_take(json, "null") ||
           json_number(json);
}

bool fuzz_json(const char *text, size_t size)
{
    struct json json = {text, text + size};

    if (!fuzz_printable(text, size, true) || memchr(text, '|', size) != NULL ||
        !json_value(&json, 0))
        return false;
    json_space(&json);
    return json.at == json.end;
}

/* ---- files ---- */

const char *fuzz_file(unsigned slot, const uint8_t *data, size_t size)
{
    static const char *const PATHS[] = {"/proc/self/fd/100", "/proc/self/fd/101",
                                        "/proc/self/fd/102", "/proc/self/fd/103"};
    const int fd = FUZZ_FILE_FIRST + (int)slot;
    const int made = memfd_create("fuzz", MFD_CLOEXEC);

    MUST(slot < sizeof PATHS / sizeof *PATHS && made != -1 && dup2(made, fd) == fd);
    close(made);
    MUST(fchmod(fd, S_IRUSR | S_IWUSR) == 0);
    MUST(size == 0 || write(fd, data, size) == (ssize_t)size);
    return PATHS[slot];
}

/* ---- decoded things ---- */

bool fuzz_same_finding(const struct ucm_finding *one, const struct ucm_finding *two)
{
    return one->id == two->id && one->severity == two->severity && one->source == two->source &&
           one->offset == two->offset && one->record == two->record &&
           one->subject.off == two->subject.off && one->subject.len == two->subject.len &&
           one->expected == two->expected && one->found == two->found && one->more == two->more;
}

bool fuzz_same_anomalies(const struct ucm_anomalies *one, const struct ucm_anomalies *two)
{
    if (one->count != two->count || one->worst != two->worst)
        return false;
    for (uint32_t i = 0; i < ucm_anomalies_stored(one); i++)
        if (!fuzz_same_finding(&one->item[i], &two->item[i]))
            return false;
    return true;
}

/* ---- input ---- */

struct fuzz_input fuzz_piece(struct fuzz_input *input, size_t size)
{
    struct fuzz_input piece = {input->data, size < input->size ? size : input->size};

    input->data += piece.size;
    input->size -= piece.size;
    return piece;
}

uint8_t fuzz_u8(struct fuzz_input *input)
{
    const struct fuzz_input piece = fuzz_piece(input, 1);

    return piece.size == 1 ? piece.data[0] : 0;
}

uint16_t fuzz_u16(struct fuzz_input *input)
{
    const unsigned high = fuzz_u8(input);

    return (uint16_t)(high << 8 | fuzz_u8(input));
}

uint8_t *fuzz_copy(struct fuzz_input input)
{
    uint8_t *copy = malloc(input.size > 0 ? input.size : 1);

    MUST(copy != NULL);
    if (input.size > 0)
        memcpy(copy, input.data, input.size);
    return copy;
}

char *fuzz_text(struct fuzz_input input)
{
    char *text = malloc(input.size + 1);

    MUST(text != NULL);
    if (input.size > 0)
        memcpy(text, input.data, input.size);
    text[input.size] = '\0';
    return text;
}
