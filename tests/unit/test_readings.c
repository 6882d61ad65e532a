/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the decoders make of odd bytes, in every detail: each file in readings/ holds cases, a name,
 * the bytes in hex, and all that was read. UCMTRUST_GOLDEN=rewrite writes what is read now; read
 * the difference before you believe it.
 */
#include "maker.h"

#include "common/finding.h"
#include "common/trustlist.h"
#include "common/tvs.h"

#include <ctype.h>
#include <stdio.h>

enum { CASE_ROOM = 1 << 12, LINE_ROOM = 1 << 10 };

/* ---- what was read, as text ---- */

static void tell_finding(FILE *out, const char *mark, const struct ucm_finding *finding)
{
    fprintf(out, "  %s %s at %u, expected %lld, found %lld\n", mark, ucm_rule(finding->id)->id,
            finding->offset, (long long)finding->expected, (long long)finding->found);
}

static void tell_findings(FILE *out, const struct ucm_anomalies *anomalies,
                          const struct ucm_finding *error)
{
    if (anomalies != NULL)
        for (uint32_t i = 0; i < ucm_anomalies_stored(anomalies); i++)
            tell_finding(out, "!", &anomalies->item[i]);
    if (error != NULL && error->id != UCM_FINDING_NONE)
        tell_finding(out, "stopped:", error);
}

static void tell_value(FILE *out, const char *what, unsigned tag, struct ucm_view value)
{
    fprintf(out, "  %s %u: %u+%u\n", what, tag, value.off, value.len);
}

static void tell_header(FILE *out, const struct ucm_trustlist *list)
{
    struct ucm_header_walk walk = ucm_header_walk(list);
    struct ucm_element element;

    while (ucm_header_next(&walk, &element))
        fprintf(out, "  element %u at %u, depth %u: %u+%u\n", element.tag, element.at,
                element.depth, element.value.off, element.value.len);
    for (unsigned tag = 0; tag < UCM_HEADER_TAG_COUNT; tag++)
        if (ucm_list_has(list, tag))
            tell_value(out, "value", tag, list->value[tag]);
}

static void tell_records(FILE *out, const struct ucm_trustlist *list)
{
    struct ucm_record_walk walk = ucm_record_walk(list);
    struct ucm_record record;

    while (ucm_record_next(&walk, &record)) {
        struct ucm_cursor cursor = record.elements;
        struct ucm_element element;

        fprintf(out, "record %u at %u, length %u, has %#x, role %u\n", record.index, record.at,
                record.length, record.has, record.role);
        while (ucm_record_element_next(&cursor, &element))
            fprintf(out, "  element %u at %u, depth %u: %u+%u\n", element.tag, element.at,
                    element.depth, element.value.off, element.value.len);
        for (unsigned tag = 0; tag < UCM_RECORD_TAG_COUNT; tag++)
            if (ucm_record_has(&record, tag))
                tell_value(out, "value", tag, record.value[tag]);
        tell_findings(out, &record.anomalies, NULL);
    }
    tell_findings(out, &walk.anomalies, &walk.error);
    fprintf(out, "records end at %u%s\n", walk.cursor.pos,
            ucm_record_next(&walk, &record) ? " and go on" : "");
}

static void tell_list(FILE *out, const uint8_t *data, size_t size)
{
    struct ucm_trustlist list;
    bool whole = ucm_trustlist_decode(data, size, &list);

    fprintf(out, "%s, magic %d, %s, version %#x, header %u, signer version %#x\n",
            ucm_list_kind_name(list.kind), ucm_trustlist_magic(data, size),
            whole ? "whole" : "stopped", list.version, list.header_length, list.signer_version);
    fprintf(out, "digest %u, algorithm %u, modulus %u, time %u, padding %u, signature at %u\n",
            list.digest, list.algorithm, list.modulus, list.timestamp, list.padding,
            list.signature_at);
    fprintf(out, "body %u+%u\n", list.body.off, list.body.len);
    tell_header(out, &list);
    tell_findings(out, &list.anomalies, &list.error);
    tell_records(out, &list);
}

static void tell_message(FILE *out, const uint8_t *data, size_t size)
{
    struct ucm_tvs message;
    struct ucm_tvs_element element;
    bool whole = ucm_tvs_decode(data, size, &message);
    struct ucm_cursor cursor = message.elements;

    fprintf(out, "%s, version %u, type %u, reserved %u, session %u, length %u, size %u of %u\n",
            whole ? "whole" : "stopped", message.version, message.type, message.reserved,
            message.session, message.length, message.size, ucm_tvs_message_size(data, size));
    fprintf(out, "status %u, TTL %u, certificates %u\n", message.status, message.ttl,
            message.certificates);
    while (ucm_tvs_next(&cursor, &element))
        fprintf(out, "  element %u at %u is a %u: %u+%u\n", element.tag, element.at, element.kind,
                element.value.off, element.value.len);
    for (unsigned kind = 0; kind < UCM_TVS_KINDS; kind++)
        if (ucm_tvs_has(&message, kind))
            tell_value(out, "value", kind, message.value[kind]);
    tell_findings(out, &message.anomalies, &message.error);
}

/* ---- the files of cases ---- */

struct reading {
    char name[LINE_ROOM];  /* "## …" */
    char bytes[CASE_ROOM]; /* "$ …", as in the file */
    char told[CASE_ROOM];
};

static size_t from_hex(const char *text, uint8_t *out, size_t room)
{
    size_t size = 0;

    while (*text != '\0') {
        unsigned byte;

        if (isxdigit((unsigned char)text[0]) && sscanf(text, "%2x", &byte) == 1) {
            assert_true(size < room && isxdigit((unsigned char)text[1]));
            out[size++] = (uint8_t)byte;
            text++;
        }
        text++;
    }
    return size;
}

static void append(char *to, const char *line)
{
    assert_true(strlen(to) + strlen(line) < CASE_ROOM);
    strcat(to, line);
}

/* The next case of a file; false at its end. Lines before the first "##" are a comment. */
static bool next_case(FILE *in, struct reading *one)
{
    char line[LINE_ROOM];
    long at = ftell(in);

    memset(one, 0, sizeof *one);
    while (fgets(line, sizeof line, in) != NULL) {
        if (strncmp(line, "##", 2) == 0 && one->name[0] != '\0') {
            fseek(in, at, SEEK_SET);
            return true;
        }
        if (strncmp(line, "##", 2) == 0)
            strcpy(one->name, line);
        else if (one->name[0] != '\0' && line[0] == '$')
            append(one->bytes, line);
        else if (one->name[0] != '\0' && line[0] != '\n')
            append(one->told, line);
        at = ftell(in);
    }
    return one->name[0] != '\0';
}

static char *tell(const char *hex, void (*how)(FILE *, const uint8_t *, size_t))
{
    uint8_t bytes[CASE_ROOM];
    size_t size = from_hex(hex, bytes, sizeof bytes);
    uint8_t *data = exact(bytes, size);
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    how(out, data, size);
    fclose(out);
    free(data);
    return text;
}

static void rewrite(const char *path, void (*how)(FILE *, const uint8_t *, size_t))
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    FILE *in = fopen(path, "r");
    static struct reading one;
    char line[LINE_ROOM];

    assert_true(out != NULL && in != NULL);
    while (fgets(line, sizeof line, in) != NULL && strncmp(line, "##", 2) != 0)
        fputs(line, out);
    rewind(in);
    for (bool more = next_case(in, &one); more;) {
        char *told = tell(one.bytes, how);

        fprintf(out, "%s%s%s", one.name, one.bytes, told);
        free(told);
        more = next_case(in, &one);
        if (more)
            fputc('\n', out);
    }
    fclose(in);
    fclose(out);
    in = fopen(path, "w");
    assert_true(in != NULL && fputs(text, in) >= 0 && fclose(in) == 0);
    free(text);
}

static void as_in(const char *path, void (*how)(FILE *, const uint8_t *, size_t))
{
    const char *golden = getenv("UCMTRUST_GOLDEN");
    static struct reading one;
    unsigned cases = 0;
    FILE *in;

    if (golden != NULL && strcmp(golden, "rewrite") == 0)
        rewrite(path, how);
    in = fopen(path, "r");
    assert_non_null(in);
    for (; next_case(in, &one); cases++) {
        char *told = tell(one.bytes, how);

        if (strcmp(told, one.told) != 0)
            print_error("%s", one.name);
        assert_string_equal(told, one.told);
        free(told);
    }
    fclose(in);
    assert_true(cases > 10);
}

static void lists(void **state)
{
    (void)state;
    as_in(UCMTRUST_READINGS "/trustlist.txt", tell_list);
}

static void messages(void **state)
{
    (void)state;
    as_in(UCMTRUST_READINGS "/tvs.txt", tell_message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists),
        cmocka_unit_test(messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
