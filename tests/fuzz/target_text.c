/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Findings and bytes as text: printable and terminated, however little room there is.
 * Input: id, room, record, subject, expected, found, offset, more; then the bytes of strangers.
 */
#include "fuzz.h"

#include "common/cert.h"
#include "common/finding_text.h"

#include <stdlib.h>
#include <string.h>

/* 'N' for UCM_TIME_NONE; any other 7 bytes a number that no sum overflows. */
static int64_t number(struct fuzz_input *input)
{
    const bool none = fuzz_u8(input) == 'N';
    uint64_t bits = 0;

    for (int i = 0; i < 7 && !none; i++)
        bits = bits << 8 | fuzz_u8(input);
    return none ? UCM_TIME_NONE : (int64_t)(bits << 8) / 8;
}

/* What is held against it is never missing: the time now, or -1 for no number. */
static int64_t known(struct fuzz_input *input)
{
    const int64_t found = number(input);

    return found == UCM_TIME_NONE ? -1 : found;
}

static void check(const char *text, size_t room)
{
    const char *end = memchr(text, '\0', room);

    MUST(end != NULL && fuzz_printable(text, (size_t)(end - text), false));
    MUST(memchr(text, '|', (size_t)(end - text)) == NULL);
}

static void tell(struct fuzz_input input)
{
    struct ucm_finding finding = {0};
    char *out = NULL;
    size_t room = 0;
    uint8_t *bytes = NULL;

    finding.id = (enum ucm_finding_id)(fuzz_u16(&input) % (UCM_FINDING_COUNT + 1));
    room = fuzz_u16(&input) % (2 * UCM_TEXT_MAX);
    finding.record = fuzz_u8(&input);
    finding.subject.off = fuzz_u8(&input);
    finding.subject.len = fuzz_u8(&input);
    finding.expected = known(&input);
    finding.found = number(&input);
    finding.offset = fuzz_u8(&input);
    finding.more = fuzz_u8(&input);
    bytes = fuzz_copy(input);
    if (finding.subject.off > input.size)
        finding.subject.off = 0;
    if (finding.subject.len > input.size - finding.subject.off)
        finding.subject.len = (uint32_t)(input.size - finding.subject.off);
    out = malloc(room > 0 ? room : 1);
    MUST(out != NULL);
    *out = 'x';
    ucm_finding_text(&finding, input.size > 0 ? bytes : NULL, out, room);
    if (room > 0)
        check(out, room);
    else
        MUST(*out == 'x');
    free(out);
    free(bytes);
}

static void moments(struct fuzz_input input)
{
    const int64_t moment = number(&input);
    const int64_t now = known(&input);
    const int64_t days = ucm_days_until(moment, now);
    char text[32];

    if (moment != UCM_TIME_NONE)
        MUST(days * 86400 <= moment - now && moment - now < (days + 1) * 86400);
    ucm_time_text(moment, text, sizeof text);
    check(text, sizeof text);
    ucm_date_text(moment, text, sizeof text);
    check(text, sizeof text);
}

static void escape(struct fuzz_input input)
{
    const size_t room = fuzz_u8(&input);
    uint8_t *bytes = fuzz_copy(input);
    char *out = malloc(room > 0 ? room : 1);
    size_t length = 0;

    MUST(out != NULL);
    length = ucm_escape(bytes, input.size, out, room);
    if (room > 0) {
        MUST(length < room && strlen(out) == length);
        check(out, room);
    } else {
        MUST(length == 0);
    }
    free(out);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fuzz_input input = {data, size};

    tell(input);
    moments(input);
    escape(input);
    return 0;
}
