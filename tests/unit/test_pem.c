/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What lies in a PEM or DER file, in which order, and where; cut off anywhere.
 */
#include "maker.h"

#include "common/pem.h"

#include <openssl/bio.h>
#include <openssl/pem.h>

enum { ROOM = 65536 };

static struct identity *identity;

static int set_up(void **state)
{
    const struct identity_options how = {.cn = "CN=pem"};

    (void)state;
    identity = make_identity(&how);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free_identity(identity);
    return 0;
}

/* PEM text of some bytes, at the end of a text. */
static void add_pem(char *text, const char *name, const uint8_t *data, size_t size)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *made = NULL;
    long length;

    assert_true(PEM_write_bio(bio, name, "", data, (long)size) > 0);
    length = BIO_get_mem_data(bio, &made);
    assert_true(strlen(text) + (size_t)length < ROOM);
    strncat(text, made, (size_t)length);
    BIO_free(bio);
}

static void add_certificate(char *text)
{
    add_pem(text, "CERTIFICATE", identity->der, identity->der_size);
}

/* Walks, and compares kinds: c, k (key), o (other), b (broken). */
static void assert_blocks(const void *bytes, size_t size, const char *kinds)
{
    static const char letters[] = {[UCM_PEM_CERTIFICATE] = 'c',
                                   [UCM_PEM_PRIVATE_KEY] = 'k',
                                   [UCM_PEM_OTHER] = 'o',
                                   [UCM_PEM_BROKEN] = 'b'};
    uint8_t *copy = exact(bytes, size);
    struct ucm_pem_walk walk = ucm_pem_walk(copy, size);
    struct ucm_pem_block block;
    char found[64] = "";
    size_t count = 0;
    size_t last = 0;

    while (ucm_pem_next(&walk, &block)) {
        assert_true(count < sizeof found - 1);
        found[count++] = letters[block.kind];
        assert_true(block.at < size && (count == 1 || block.at > last));
        last = block.at;
        assert_true((block.der != NULL) == (block.kind == UCM_PEM_CERTIFICATE));
        ucm_pem_free(&block);
        assert_null(block.der);
    }
    assert_int_equal(walk.at, size);
    assert_false(ucm_pem_next(&walk, &block)); /* the end stays the end */
    assert_string_equal(found, kinds);
    free(copy);
}

static void assert_text(const char *text, const char *kinds)
{
    assert_blocks(text, strlen(text), kinds);
}

static void nothing_is_nothing(void **state)
{
    (void)state;
    assert_blocks("", 0, "");
    assert_text("hello\n", "");
    assert_text("-----BEGIN", "");
    assert_blocks("\0\0\0", 3, "");
}

static void der_is_one_certificate(void **state)
{
    static uint8_t twice[2 * sizeof identity->der];
    struct ucm_pem_walk walk = ucm_pem_walk(identity->der, identity->der_size);
    struct ucm_pem_block block;

    (void)state;
    assert_true(ucm_pem_next(&walk, &block));
    assert_int_equal(block.size, identity->der_size);
    assert_memory_equal(block.der, identity->der, block.size);
    ucm_pem_free(&block);
    /* What follows belongs to it: whoever reads it must see that. */
    memcpy(twice, identity->der, identity->der_size);
    memcpy(twice + identity->der_size, identity->der, identity->der_size);
    assert_blocks(twice, 2 * identity->der_size, "c");
    assert_text("0", "");
}

/* "0 s:CN=…" is how OpenSSL's client begins a chain; DER that begins so is no certificate. */
static void a_text_may_begin_with_a_nought(void **state)
{
    static char text[ROOM];

    (void)state;
    strcpy(text, "0 s:CN = node\n   i:CN = node\n");
    add_certificate(text);
    assert_text(text, "c");
}

/* Certificates that nobody takes out must not be passed over as if there were none. */
static void other_forms_of_certificates_are_named(void **state)
{
    static char text[ROOM];

    (void)state;
    text[0] = '\0';
    add_pem(text, "TRUSTED CERTIFICATE", identity->der, identity->der_size);
    add_pem(text, "PKCS7", identity->der, identity->der_size);
    add_pem(text, "CMS", identity->der, identity->der_size);
    add_certificate(text);
    assert_text(text, "bbbc");
}

static void several_in_one_file(void **state)
{
    static char text[ROOM];
    static const char *const keys[] = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY",
                                       "ENCRYPTED PRIVATE KEY"};

    (void)state;
    strcpy(text, "# a comment\n");
    add_certificate(text);
    strcat(text, "\nSubject: text between\n");
    add_pem(text, "X509 CERTIFICATE", identity->der, identity->der_size);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        add_pem(text, keys[i], (const uint8_t *)"secret", 6);
    add_pem(text, "CERTIFICATE REQUEST", (const uint8_t *)"request", 7);
    add_pem(text, "X509 CRL", (const uint8_t *)"list", 4);
    add_pem(text, "KEY", (const uint8_t *)"short", 5);
    add_certificate(text);
    assert_text(text, "cckkkkoooc");
}

static void the_bytes_come_out(void **state)
{
    static char text[ROOM];
    struct ucm_pem_walk walk;
    struct ucm_pem_block block;

    (void)state;
    strcpy(text, "# 12 bytes..");
    add_certificate(text);
    walk = ucm_pem_walk((const uint8_t *)text, strlen(text));
    assert_true(ucm_pem_next(&walk, &block));
    assert_int_equal(block.at, 12);
    assert_int_equal(block.size, identity->der_size);
    assert_memory_equal(block.der, identity->der, block.size);
    ucm_pem_free(&block);
}

/* One that cannot be read ends where the next begins. */
static void broken_ones_do_not_hide_others(void **state)
{
    static char text[ROOM];

    (void)state;
    assert_text("-----BEGIN CERTIFICATE-----\n", "b");
    assert_text("-----BEGIN ", "b");
    assert_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END OTHER-----\n", "b");
    strcpy(text, "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n");
    add_certificate(text);
    strcat(text, "-----BEGIN CERTIFICATE-----\nAAAA\n");
    add_certificate(text);
    assert_text(text, "bcbc");
}

static void cut_off_anywhere(void **state)
{
    static char text[ROOM];
    size_t first;
    size_t size;

    (void)state;
    text[0] = '\0';
    add_certificate(text);
    first = strlen(text) - 1; /* the last newline is not needed */
    add_certificate(text);
    size = strlen(text) - 1;
    for (size_t cut = 0; cut <= size; cut++) {
        const size_t begins = strlen("-----BEGIN ");

        assert_blocks(text, cut,
                      cut >= size                 ? "cc"
                      : cut >= first + 1 + begins ? "cb"
                      : cut >= first              ? "c"
                      : cut >= begins             ? "b"
                                                  : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_nothing),
        cmocka_unit_test(der_is_one_certificate),
        cmocka_unit_test(several_in_one_file),
        cmocka_unit_test(a_text_may_begin_with_a_nought),
        cmocka_unit_test(other_forms_of_certificates_are_named),
        cmocka_unit_test(the_bytes_come_out),
        cmocka_unit_test(broken_ones_do_not_hide_others),
        cmocka_unit_test(cut_off_anywhere),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
