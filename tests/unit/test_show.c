/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Saved output of `show` commands: each line, broken lines, several outputs in a text, what differs
 * from a list, and text that is cut at every byte or spoilt in every line.
 */
#include "maker.h"

#include "common/cert.h"
#include "common/show_compare.h"

#include <stdio.h>

static const char OUTPUT[] =
    "admin:show ctl\r\n"
    "The checksum value of the CTL file:\r\n"
    "00112233445566778899aabbccddeeff(MD5)\r\n"
    "000102030405060708090a0b0c0d0e0f10111213(SHA1)\r\n"
    "\r\n"
    "Length of CTL file: 4321\r\n"
    "The CTL File was last modified on Wed Jan 14 09:30:05 CET 2026\r\n"
    "\r\n"
    "Parse CTL File\r\n"
    "----------------\r\n"
    "Version:        1.2\r\n"
    "HeaderLength:   336 (BYTES)\r\n"
    "\r\n"
    "BYTEPOS TAG             LENGTH  VALUE\r\n"
    "------- ---             ------  -----\r\n"
    "3       SIGNERID        2       149\r\n"
    "4       SIGNERNAME      40      CN=pub.example;OU=Voice;O=Example; L=A;C\r\n"
    "=NL\r\n"
    "5       SERIALNUMBER    4       0A:0B:0C:0D\r\n"
    "8       DIGESTALGORTITHM        1\r\n"
    "12      SIGNATURE       32\r\n"
    "                14  97  f6  2b  76  92  f0  91  56  9e  ec  ba  71  6f  a0  d0\r\n"
    "                a1  ca  ec  d5  fa  65  8   f0  81  c7  1a  58  d2  2b  f5  8b\r\n"
    "14      FILENAME        12\r\n"
    "\r\n"
    "CTL Record #:1\r\n"
    "                ----\r\n"
    "BYTEPOS TAG             LENGTH  VALUE\r\n"
    "1       RECORDLENGTH    2       1156\r\n"
    "4       FUNCTION        2\r\n"
    "System Administrator Security Token\r\n"
    "9       CERTIFICATE     694     00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D\r\n"
    "Press <enter> for 1 line, <space> for one page, or <q> to quit\r"
    "10      IPADDRESS       4\r\n"
    "This etoken was used to sign the CTL file.\r\n"
    "\r\n"
    "The CTL file was verified successfully.\r\n"
    "\r\n"
    "admin:\r\n";

static void assert_text(const char *text, struct ucm_view view, const char *wanted)
{
    assert_int_equal(view.len, strlen(wanted));
    assert_memory_equal(text + view.off, wanted, view.len);
}

static struct ucm_lines over(const char *text)
{
    return ucm_lines_over((const uint8_t *)text, strlen(text));
}

/* The nth line of a kind. */
static struct ucm_show_line nth(const char *text, enum ucm_show_what what, unsigned n)
{
    struct ucm_lines lines = over(text);
    struct ucm_show_line line;

    while (ucm_show_next(&lines, &line))
        if (line.what == what && n-- == 0)
            return line;
    fail();
    return line;
}

static void each_line_says_what_it_is(void **state)
{
    static const enum ucm_show_what KINDS[] = {
        UCM_SHOW_COMMAND,       UCM_SHOW_CHECKSUMS, UCM_SHOW_MD5,    UCM_SHOW_SHA1,
        UCM_SHOW_SIZE,          UCM_SHOW_MODIFIED,  UCM_SHOW_PARSE,  UCM_SHOW_VERSION,
        UCM_SHOW_HEADER_LENGTH, UCM_SHOW_ROW,       UCM_SHOW_ROW,    UCM_SHOW_ROW,
        UCM_SHOW_ROW,           UCM_SHOW_ROW,       UCM_SHOW_ROW,    UCM_SHOW_RECORD,
        UCM_SHOW_ROW,           UCM_SHOW_ROW,       UCM_SHOW_ROW,    UCM_SHOW_ROW,
        UCM_SHOW_SIGNER,        UCM_SHOW_VERIFIED,  UCM_SHOW_COMMAND};
    struct ucm_lines lines = over(OUTPUT);
    struct ucm_show_line line;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        assert_true(ucm_show_next(&lines, &line));
        assert_int_equal(line.what, KINDS[i]);
    }
    assert_false(ucm_show_next(&lines, &line));
    assert_text(OUTPUT, nth(OUTPUT, UCM_SHOW_MD5, 0).value, "00112233445566778899aabbccddeeff");
    assert_int_equal(nth(OUTPUT, UCM_SHOW_SIZE, 0).number, 4321);
    assert_int_equal(nth(OUTPUT, UCM_SHOW_SIZE, 0).list, UCM_LIST_CTL);
    assert_int_equal(nth(OUTPUT, UCM_SHOW_SIZE, 0).line, 6);
    assert_int_equal(nth(OUTPUT, UCM_SHOW_VERSION, 0).number, 0x102);
    assert_int_equal(nth(OUTPUT, UCM_SHOW_HEADER_LENGTH, 0).number, 336);
    assert_text(OUTPUT, nth(OUTPUT, UCM_SHOW_MODIFIED, 0).value, "Wed Jan 14 09:30:05 CET 2026");
}

static void values_go_over_lines(void **state)
{
    static const char name[] = "CN=pub.example;OU=Voice;O=Example;L=A;C=NL";
    const struct ucm_view whole = {0, sizeof name - 1};
    const struct ucm_show_line signer = nth(OUTPUT, UCM_SHOW_ROW, 1);
    const struct ucm_show_line role = nth(OUTPUT, UCM_SHOW_ROW, 7);

    (void)state;
    assert_int_equal(signer.tag, 4);
    assert_int_equal(signer.number, 40);
    assert_int_equal(
        ucm_compare_squeezed((const uint8_t *)OUTPUT, signer.value, (const uint8_t *)name, whole),
        UCM_SQUEEZED_SAME);
    assert_int_equal(role.tag, 4);
    assert_int_equal(ucm_show_role((const uint8_t *)OUTPUT, role.value), UCM_ROLE_SAST);
    /* The pager's question is no part of the value before it. */
    assert_text(OUTPUT, nth(OUTPUT, UCM_SHOW_ROW, 8).value,
                "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D");
}

static void sentences(void **state)
{
    static const struct {
        const char *text;
        enum ucm_show_what what;
        enum ucm_list_kind list;
    } CASES[] = {
        {"This etoken was not used to sign the ITL file.", UCM_SHOW_NO_SIGNER, UCM_LIST_ITL},
        {"CTL File not found. Make one.", UCM_SHOW_MISSING, UCM_LIST_CTL},
        {"Verification of the ITL File failed.", UCM_SHOW_FAILED, UCM_LIST_ITL},
        {"Error parsing the CTL File.", UCM_SHOW_FAILED, UCM_LIST_CTL},
        {"ITL Record #:12", UCM_SHOW_RECORD, UCM_LIST_ITL},
        {"CTL Record  #: 3", UCM_SHOW_RECORD, UCM_LIST_CTL},
        {"cucm-sub admin:show itl", UCM_SHOW_COMMAND, UCM_LIST_ITL},
        {"Host Name          : cucm-sub", UCM_SHOW_HOST, UCM_LIST_UNKNOWN},
        {"tomcat-trust/a.pem: Trust Certificate", UCM_SHOW_CERTIFICATE, UCM_LIST_UNKNOWN},
        {"the user admin: never logs in", UCM_SHOW_OTHER, UCM_LIST_UNKNOWN},
        {"1234(MD5)", UCM_SHOW_OTHER, UCM_LIST_UNKNOWN},
        {"zz112233445566778899aabbccddeeff(MD5)", UCM_SHOW_OTHER, UCM_LIST_UNKNOWN},
        {"Length of CTL file: 12345678901", UCM_SHOW_OTHER, UCM_LIST_UNKNOWN},
        {"300     NAME        4", UCM_SHOW_OTHER, UCM_LIST_UNKNOWN},
        {"tomcat/tomcat.csr", UCM_SHOW_OTHER, UCM_LIST_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct ucm_lines lines = over(CASES[i].text);
        struct ucm_show_line line;

        assert_true(ucm_show_next(&lines, &line));
        assert_int_equal(line.what, CASES[i].what);
        assert_int_equal(line.list, CASES[i].list);
    }
}

static void certificates_of_stores(void **state)
{
    static const char text[] =
        "admin:show cert list trust\n"
        "tomcat-trust/A_very_long_name_of_a_certification_authority_0123456789abcdef0123456789\n"
        "abcdef.pem: Certificate Signed by Example\n"
        "Root CA\n"
        "CallManager/CallManager.pem: Self-signed certificate generated by system\n";
    const struct ucm_show_line first = nth(text, UCM_SHOW_CERTIFICATE, 0);
    const struct ucm_show_line second = nth(text, UCM_SHOW_CERTIFICATE, 1);

    (void)state;
    assert_text(text, first.name, "tomcat-trust");
    assert_text(text, first.file,
                "A_very_long_name_of_a_certification_authority_0123456789abcdef0123456789\n"
                "abcdef.pem");
    assert_text(text, first.value, "Certificate Signed by Example\nRoot CA");
    assert_text(text, second.name, "CallManager");
    assert_text(text, second.file, "CallManager.pem");
    assert_text(text, second.value, "Self-signed certificate generated by system");
}

static void several_outputs_in_a_text(void **state)
{
    static const char text[] = "cucm-pub admin:show itl\n"
                               "The checksum value of the ITL file:\n"
                               "00112233445566778899aabbccddeeff(MD5)\n"
                               "ITL Record #:1\n"
                               "1 RECORDLENGTH 2 100\n"
                               "ITL Record #:2\n"
                               "admin:show version active\n"
                               "Version: 11.5\n"
                               "Length of CTL file: 0\n"
                               "CTL File not found.\n"
                               "Length of ITL file: 7\n"
                               "ITL Record #:1\n"
                               "ITL Record #:1\n";
    struct ucm_show_blocks blocks = {.lines = over(text)};
    struct ucm_show_block block;

    (void)state;
    assert_true(ucm_show_block_next(&blocks, &block));
    assert_int_equal(block.kind, UCM_LIST_ITL);
    assert_int_equal(block.line, 2);
    assert_int_equal(block.records, 2);
    assert_int_equal(block.last_record, 2);
    assert_text(text, block.node, "cucm-pub");
    assert_false(ucm_show_has(&block, UCM_SHOW_SIZE));
    assert_true(ucm_show_block_next(&blocks, &block));
    assert_int_equal(block.kind, UCM_LIST_CTL);
    assert_true(ucm_show_has(&block, UCM_SHOW_MISSING));
    assert_false(ucm_show_has(&block, UCM_SHOW_VERSION));
    assert_true(ucm_show_block_next(&blocks, &block));
    assert_int_equal(block.kind, UCM_LIST_ITL);
    assert_int_equal(block.size, 7);
    assert_int_equal(block.records, 1);
    assert_true(ucm_show_block_next(&blocks, &block));
    assert_int_equal(block.records, 1);
    assert_false(ucm_show_block_next(&blocks, &block));
}

/* Lines that do not name the list are about the one that the command asked for; and certificates
 * end an output. */
static void what_an_output_is_about(void **state)
{
    static const char text[] = "cucm-sub:admin:show itl\n"
                               "00112233445566778899aabbccddeeff(MD5)\n"
                               "tomcat/tomcat.pem: Self-signed\n"
                               "HeaderLength: 200 (BYTES)\n"
                               "admin:show ctl\n"
                               "HeaderLength: 300 (BYTES)\n";
    static const enum ucm_list_kind KINDS[] = {UCM_LIST_ITL, UCM_LIST_ITL, UCM_LIST_CTL};
    struct ucm_show_blocks blocks = {.lines = over(text)};
    struct ucm_show_block block;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        assert_true(ucm_show_block_next(&blocks, &block));
        assert_int_equal(block.kind, KINDS[i]);
        assert_text(text, block.node, "cucm-sub");
    }
    assert_false(ucm_show_block_next(&blocks, &block));
}

static void dates(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } CASES[] = {{"Wed Jan 14 09:30:05 CET 2026", 1768383005},
                 {"Tue Feb 29 00:00:00 UTC 2000", 951782400},
                 {"Thu Jan 01 00:00:00 UTC 1970", 0}};
    static const char *const BAD[] = {"", "Wed Jan 2026", "Wed Jan 14 25:30:05 CET 2026",
                                      "Wed Foo 14 09:30:05 CET 2026", "99:99:99"};
    int64_t seconds = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const struct ucm_view view = {0, (uint32_t)strlen(CASES[i].text)};

        assert_true(ucm_show_date((const uint8_t *)CASES[i].text, view, &seconds));
        assert_int_equal(seconds, CASES[i].seconds);
    }
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        const struct ucm_view view = {0, (uint32_t)strlen(BAD[i])};

        assert_false(ucm_show_date((const uint8_t *)BAD[i], view, &seconds));
    }
}

static void plain_text(void **state)
{
    static const struct {
        const char *from;
        size_t size;
        const char *to;
    } CASES[] = {
        {"\xef\xbb\xbfgo", 5, "   go"},
        {"> a\n> > b > c", 13, "  a\n    b > c"},
        {"\x1b[0;1mgo\x1b[m", 11, "      go   "},
        {"a\xc2\xa0z", 4, "a  z"},
        {"\xff\xfe"
         "a\0\n\0\x01\x02",
         8, "a\n?"},
        {"\xfe\xff\0a\0b", 6, "ab"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        uint8_t *copy = exact((const uint8_t *)CASES[i].from, CASES[i].size);

        assert_int_equal(ucm_text_plain(copy, CASES[i].size), strlen(CASES[i].to));
        assert_memory_equal(copy, CASES[i].to, strlen(CASES[i].to));
        free(copy);
    }
}

static void endless_lines_are_cut(void **state)
{
    enum { SIZE = 3 * UCM_LINE_MAX };
    uint8_t *text = malloc(SIZE);
    struct ucm_lines lines;
    struct ucm_view line;

    (void)state;
    assert_non_null(text);
    memset(text, 'x', SIZE);
    lines = ucm_lines_over(text, SIZE);
    assert_true(ucm_line_next(&lines, &line));
    assert_int_equal(line.len, UCM_LINE_MAX);
    assert_false(ucm_line_next(&lines, &line));
    free(text);
}

/* ---- spoilt text ---- */

/* Read all of it in every way; views must stay inside. */
static void read_everything(const uint8_t *text, size_t size)
{
    struct ucm_show_blocks blocks = {.lines = ucm_lines_over(text, size)};
    struct ucm_lines lines = blocks.lines;
    struct ucm_show_block block;
    struct ucm_show_line line;
    size_t count = 0;

    while (ucm_show_next(&lines, &line)) {
        assert_true((size_t)line.whole.off + line.whole.len <= size);
        assert_true((size_t)line.value.off + line.value.len <= size);
        assert_true((size_t)line.name.off + line.name.len <= size);
        assert_true((size_t)line.file.off + line.file.len <= size);
        assert_true(++count <= size);
    }
    for (count = 0; ucm_show_block_next(&blocks, &block); count++)
        assert_true(count <= size);
}

static void cut_at_every_byte(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof OUTPUT; size++) {
        uint8_t *copy = exact((const uint8_t *)OUTPUT, size);

        read_everything(copy, ucm_text_plain(copy, size));
        free(copy);
    }
}

static void every_byte_changed(void **state)
{
    static const uint8_t VALUES[] = {0, '\n', '\r', ' ', ':', '0', 'A', 0xff};

    (void)state;
    for (size_t at = 0; at < sizeof OUTPUT - 1; at++)
        for (size_t i = 0; i < COUNT_OF(VALUES); i++) {
            uint8_t *copy = exact((const uint8_t *)OUTPUT, sizeof OUTPUT - 1);

            copy[at] = VALUES[i];
            read_everything(copy, sizeof OUTPUT - 1);
            free(copy);
        }
}

/* ---- against a list ---- */

static struct maker list_maker;
static struct identity *pub;
static struct identity *tvs;

static void print_hex(char *out, const uint8_t *bytes, size_t size, const char *between)
{
    for (size_t i = 0; i < size; i++)
        out += sprintf(out, "%s%02X", i == 0 ? "" : between, bytes[i]);
}

static char *end_of(char *text)
{
    return text + strlen(text);
}

static void print_record(char *out, uint32_t number, const char *role,
                         const struct identity *identity, bool signer)
{
    uint8_t sha1[UCM_SHA1_SIZE];
    char serial[64];
    char digest[80];

    assert_true(ucm_sha1(identity->der, identity->der_size, sha1));
    print_hex(serial, identity->serial, sizeof identity->serial, ":");
    print_hex(digest, sha1, sizeof sha1, " ");
    sprintf(out,
            "ITL Record #:%u\n3 SUBJECTNAME %zu %s\n4 FUNCTION 2 %s\n6 SERIALNUMBER 16 %s\n"
            "9 CERTIFICATE %zu %s (SHA1 Hash HEX)\n",
            number, strlen(identity->name) + 1, identity->name, role, serial, identity->der_size,
            digest);
    if (signer)
        strcat(out, "This etoken was used to sign the ITL file.\n");
}

static int make_all(void **state)
{
    (void)state;
    pub = make_identity(&(struct identity_options){.cn = "CN=pub"});
    tvs = make_identity(&(struct identity_options){.cn = "CN=tvs", .serial = 0x31});
    {
        const struct record_options records[] = {{pub, UCM_ROLE_SAST, false},
                                                 {tvs, UCM_ROLE_TVS, false}};

        list_maker.size = 0;
        make_list(&list_maker, &(struct list_options){.signer = pub,
                                                      .timestamp = NOW,
                                                      .records = records,
                                                      .record_count = COUNT_OF(records)});
    }
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    free_identity(pub);
    free_identity(tvs);
    return 0;
}

static char text[8192];
static struct ucm_show_comparison found;

static void compare(void)
{
    struct ucm_show_blocks blocks = {.lines = over(text)};
    struct ucm_show_block block;
    struct ucm_trustlist list;

    assert_true(ucm_trustlist_decode(list_maker.data, list_maker.size, &list));
    assert_true(ucm_show_block_next(&blocks, &block));
    ucm_show_compare((const uint8_t *)text, &block, &list, &found);
}

static void print_whole(const char *second_role, const struct identity *second)
{
    uint8_t sha1[UCM_SHA1_SIZE];

    assert_true(ucm_sha1(list_maker.data, list_maker.size, sha1));
    text[0] = '\0';
    print_hex(text, sha1, sizeof sha1, "");
    sprintf(end_of(text), "(SHA1)\nLength of ITL file: %zu\n", list_maker.size);
    print_record(end_of(text), 1, "System Administrator Security Token", pub, true);
    print_record(end_of(text), 2, second_role, second, false);
    strcat(text, "The ITL file was verified successfully.\n");
}

static void replace(const char *from, const char *to)
{
    char *at = strstr(text, from);

    assert_non_null(at);
    assert_true(strlen(text) + strlen(to) < sizeof text);
    memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
    memcpy(at, to, strlen(to));
}

static void the_right_text_has_no_difference(void **state)
{
    (void)state;
    print_whole("TVS", tvs);
    compare();
    assert_int_equal(found.digest, UCM_SHOW_DIGEST_SAME);
    assert_int_equal(found.count, 0);
    assert_int_equal(found.compared, 2);
    assert_true(found.whole);
}

static void one_change_is_one_difference(void **state)
{
    struct identity *renewed =
        make_identity(&(struct identity_options){.cn = "CN=tvs", .serial = 0x32, .der_size = 900});

    (void)state;
    print_whole("CAPF", tvs);
    compare();
    assert_int_equal(found.count, 1);
    assert_int_equal(found.item[0].field, UCM_SHOW_FIELD_ROLE);
    assert_int_equal(found.item[0].record, 2);
    assert_int_equal(found.item[0].text_number, UCM_ROLE_CAPF);
    assert_int_equal(found.item[0].file_number, UCM_ROLE_TVS);

    print_whole("TVS", renewed);
    compare();
    assert_int_equal(found.count, 2);
    assert_int_equal(found.item[0].field, UCM_SHOW_FIELD_SERIAL);
    assert_int_equal(found.item[1].field, UCM_SHOW_FIELD_CERTIFICATE);
    free_identity(renewed);

    print_whole("TVS", tvs);
    replace("was used", "was not used");
    compare();
    assert_int_equal(found.count, 1);
    assert_int_equal(found.item[0].field, UCM_SHOW_FIELD_SIGNED);
    assert_int_equal(found.item[0].file_number, 1);
}

static void records_that_come_and_go(void **state)
{
    (void)state;
    print_whole("TVS", tvs);
    print_record(strstr(text, "The ITL file was"), 3, "TVS", pub, false);
    strcat(text, "The ITL file was verified successfully.\n");
    compare();
    assert_int_equal(found.count, 1);
    assert_int_equal(found.item[0].field, UCM_SHOW_FIELD_ONLY_TEXT);
    assert_int_equal(found.item[0].record, 3);

    text[0] = '\0';
    print_record(text, 1, "TVS", tvs, false);
    strcat(text, "The ITL file was verified successfully.\n");
    compare();
    assert_int_equal(found.digest, UCM_SHOW_DIGEST_NONE);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.item[0].field, UCM_SHOW_FIELD_ONLY_FILE);
    assert_int_equal(found.item[0].record, 1);
}

static void what_is_cut_out_is_no_difference(void **state)
{
    (void)state;
    text[0] = '\0';
    print_record(text, 2, "TVS", tvs, false); /* an excerpt */
    compare();
    assert_int_equal(found.count, 0);
    assert_false(found.whole);
    strcpy(text, "ITL Record #:1\n3 SUBJECTNAME 7 CN=\n"); /* "CN=pub" and its NUL: cut */
    compare();
    assert_int_equal(found.count, 0);
    strcpy(text, "ITL Record #:1\n3 SUBJECTNAME 9 CN=pu\n"); /* another length: another name */
    compare();
    assert_int_equal(found.count, 1);
}

static void which_is_older(void **state)
{
    static const struct {
        const char *date;
        int age;
    } CASES[] = {{"Tue Nov 14 22:13:20 UTC 2023", 0},
                 {"Mon Nov 13 22:13:20 UTC 2023", -1},
                 {"Thu Nov 16 22:13:20 UTC 2023", 1}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        sprintf(text, "The ITL File was last modified on %s\n", CASES[i].date);
        compare();
        assert_int_equal(found.age, CASES[i].age);
    }
    strcpy(text, "Length of ITL file: 1\n");
    compare();
    assert_true(found.text_time == UCM_TIME_NONE);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.item[0].field, UCM_SHOW_FIELD_SIZE);
}

static void comparing_what_is_cut(void **state)
{
    char whole[sizeof text];

    (void)state;
    print_whole("TVS", tvs);
    strcpy(whole, text);
    for (size_t size = strlen(whole); size > 60; size--) {
        text[size] = '\0';
        compare();
        assert_true(found.count <= 2); /* the row in which it was cut */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_says_what_it_is),
        cmocka_unit_test(values_go_over_lines),
        cmocka_unit_test(sentences),
        cmocka_unit_test(certificates_of_stores),
        cmocka_unit_test(several_outputs_in_a_text),
        cmocka_unit_test(what_an_output_is_about),
        cmocka_unit_test(dates),
        cmocka_unit_test(plain_text),
        cmocka_unit_test(endless_lines_are_cut),
        cmocka_unit_test(cut_at_every_byte),
        cmocka_unit_test(every_byte_changed),
        cmocka_unit_test(the_right_text_has_no_difference),
        cmocka_unit_test(one_change_is_one_difference),
        cmocka_unit_test(records_that_come_and_go),
        cmocka_unit_test(what_is_cut_out_is_no_difference),
        cmocka_unit_test(which_is_older),
        cmocka_unit_test(comparing_what_is_cut),
    };

    return cmocka_run_group_tests(tests, make_all, free_all);
}
