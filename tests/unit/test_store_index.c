/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finding certificates in trust stores by what is known of them, and what OpenSSL says of two. The
 * shorthand is in store_lab.h.
 */
#define _GNU_SOURCE /* memmem */
#include "store_lab.h"

static const uint32_t TOMCAT = 1u << UCM_STORE_TOMCAT_TRUST;

static int reset(void **state)
{
    (void)state;
    store_certs_reset();
    return 0;
}

/* Is a letter in tomcat-trust of a node (NULL: of any)? complete: was it read as a whole? */
static enum ucm_presence holds(const char *text, char letter, const char *node, bool complete)
{
    struct ucm_stores *stores = store_make(text, NULL);
    struct ucm_store_index index;
    enum ucm_presence found;

    stores->complete = complete ? TOMCAT : 0;
    assert_true(ucm_store_index_make(stores, &index));
    found = ucm_store_holds(&index, store_letter(letter), UCM_STORE_TOMCAT_TRUST, node);
    ucm_store_index_free(&index);
    store_free(stores);
    return found;
}

static void whole_certificates(void **state)
{
    (void)state;
    assert_int_equal(holds("a/tomcat-trust=AC b/tomcat-trust=B", 'A', NULL, true), UCM_PRESENT);
    assert_int_equal(holds("a/tomcat-trust=AC b/tomcat-trust=B", 'A', "a", true), UCM_PRESENT);
    assert_int_equal(holds("a/tomcat-trust=AC b/tomcat-trust=B", 'A', "b", true), UCM_ABSENT);
    assert_int_equal(holds("a/tomcat-trust=AC b/tomcat-trust=B", 'A', "b", false), UCM_PERHAPS);
    assert_int_equal(holds("-/tomcat-trust=A b/tomcat-trust=B", 'A', "b", false), UCM_PRESENT);
    assert_int_equal(holds("a/TVS-trust=A", 'A', NULL, true), UCM_ABSENT);
    assert_int_equal(holds("", 'A', NULL, true), UCM_ABSENT);
}

/* Digests that the policy of a system forbids are all the same: the bytes decide. */
static void bytes_decide(void **state)
{
    struct ucm_stores *stores;
    struct ucm_store_index index;

    (void)state;
    memset(store_letter('A')->cert.sha1, 0, UCM_SHA1_SIZE);
    memset(store_letter('B')->cert.sha1, 0, UCM_SHA1_SIZE);
    assert_int_equal(holds("a/tomcat-trust=B", 'A', NULL, true), UCM_ABSENT);
    assert_int_equal(holds("a/tomcat-trust=AB", 'A', NULL, true), UCM_PRESENT);
    assert_int_equal(holds("a/tomcat-trust=AB", 'B', NULL, true), UCM_PRESENT);
    stores = store_make("a/TVS=A b/TVS=B c/CAPF=B d/TVS=B", NULL);
    assert_true(ucm_store_index_make(stores, &index));
    assert_false(ucm_store_lies_in(&index, store_letter('A'), ucm_store_bit(UCM_STORE_CAPF)));
    assert_true(ucm_store_lies_in(&index, store_letter('B'), ucm_store_bit(UCM_STORE_CAPF)));
    for (uint32_t i = 0; i < stores->count; i++)
        assert_int_equal(ucm_store_is_first(&index, &stores->item[i]), i < 3);
    store_letter('B')->known &= ~(uint32_t)UCM_KNOWN_SHA1;
    assert_true(ucm_store_is_first(&index, &stores->item[3]));
    ucm_store_index_free(&index);
    store_free(stores);
}

static void parts_of_certificates(void **state)
{
    const uint32_t names = UCM_KNOWN_SUBJECT | UCM_KNOWN_ISSUER;

    (void)state;
    /* An issuer and a serial number are enough, where they are written alike. */
    store_letter('B')->cert = store_letter('A')->cert;
    store_letter('B')->known = names | UCM_KNOWN_SERIAL;
    assert_int_equal(holds("a/tomcat-trust=B", 'A', NULL, true), UCM_PRESENT);
    assert_int_equal(holds("a/tomcat-trust=A", 'B', NULL, true), UCM_PRESENT);
    assert_int_equal(holds("a/tomcat-trust=B", 'A', "b", true), UCM_ABSENT);
    assert_int_equal(holds("a/TVS-trust=B", 'A', NULL, true), UCM_ABSENT);
    assert_int_equal(holds("a/TVS-trust=B b/tomcat-trust=AB", 'A', NULL, true), UCM_PRESENT);
    store_name('B', "CN=A", "A, written otherwise");
    assert_int_equal(holds("a/tomcat-trust=B", 'A', NULL, true), UCM_PERHAPS);
    assert_int_equal(holds("a/tomcat-trust=BC", 'C', NULL, true), UCM_PRESENT);
    store_letter('B')->cert.serial[0]++;
    assert_int_equal(holds("a/tomcat-trust=B", 'A', NULL, true), UCM_ABSENT);
    store_letter('B')->cert.serial_size = 2;
    assert_int_equal(holds("a/tomcat-trust=B", 'A', NULL, true), UCM_ABSENT);
    assert_int_equal(holds("a/tomcat-trust=BCDE", 'A', NULL, true), UCM_ABSENT);
    assert_int_equal(holds("a/tomcat-trust=B", 'A', NULL, false), UCM_PERHAPS);
    /* One of the same serial number whose digest is another is another. */
    store_letter('D')->cert.serial[0] = 'A';
    assert_int_equal(holds("a/tomcat-trust=BD", 'A', NULL, true), UCM_ABSENT);
    /* A name is nothing. */
    store_letter('B')->known = names;
    assert_int_equal(holds("a/tomcat-trust=B", 'A', NULL, true), UCM_PERHAPS);
    assert_int_equal(holds("a/TVS-trust=B a/tomcat-trust=C", 'A', NULL, true), UCM_ABSENT);
    assert_int_equal(holds("a/tomcat-trust=A", 'B', NULL, true), UCM_PERHAPS);
    /* A digest without a serial number. */
    store_letter('B')->known = UCM_KNOWN_SHA1;
    assert_int_equal(holds("a/tomcat-trust=B", 'B', NULL, true), UCM_PRESENT);
    assert_int_equal(holds("a/tomcat-trust=A", 'B', NULL, true), UCM_PRESENT); /* has its digest */
    assert_int_equal(holds("a/tomcat-trust=C", 'B', NULL, true), UCM_ABSENT);
}

static void nodes_are_found(void **state)
{
    struct ucm_stores *stores = store_make("b/TVS=A", "a c d e");
    struct ucm_store_index index;

    (void)state;
    assert_int_equal(ucm_store_node(stores, "a"), 0);
    assert_int_equal(ucm_store_node(stores, "b"), 1);
    assert_int_equal(ucm_store_node(stores, "e"), 4);
    assert_int_equal(ucm_store_node(stores, "cc"), -1);
    assert_int_equal(ucm_store_node(stores, NULL), -1);
    assert_true(ucm_store_index_make(stores, &index));
    assert_true(ucm_store_is_seen(&index, UCM_STORE_TVS, NULL));
    assert_true(ucm_store_is_seen(&index, UCM_STORE_TVS, "b"));
    assert_false(ucm_store_is_seen(&index, UCM_STORE_TVS, "a"));
    assert_false(ucm_store_is_seen(&index, UCM_STORE_CAPF, NULL));
    ucm_store_index_free(&index);
    store_free(stores);
}

static void issuers_are_found(void **state)
{
    struct ucm_stores *stores;
    struct ucm_store_index index;

    (void)state;
    store_name('B', "CN=B", "CN=A;O=X");
    stores = store_make("a/TVS=ABC", NULL);
    assert_true(ucm_store_index_make(stores, &index));
    assert_true(ucm_store_names_issuer(&index, "CN=A;O=X"));
    assert_false(ucm_store_names_issuer(&index, "CN=B"));
    assert_false(ucm_store_names_issuer(&index, "CN=C;O=X")); /* names only itself */
    assert_false(ucm_store_names_issuer(&index, "CN=Z"));
    ucm_store_index_free(&index);
    store_free(stores);
}

static bool finds_issuer(const char *text)
{
    struct ucm_stores *stores = store_make(text, NULL);
    const struct ucm_stored item = {.certificate = store_letter('S')};
    struct ucm_store_index index;
    bool found;

    assert_true(ucm_store_index_make(stores, &index));
    found = ucm_store_issuer(&index, &item, UCM_STORE_TOMCAT_TRUST, NULL) != NULL;
    ucm_store_index_free(&index);
    store_free(stores);
    return found;
}

/* Of many with the name of an issuer a few are tried, each once. */
static void namesakes_are_tried_a_few_times(void **state)
{
    (void)state;
    store_issued('R', "CN=root", 'R', NULL);
    store_issued('S', "CN=server", 'R', NULL);
    for (char letter = 'A'; letter <= 'P'; letter++)
        store_issued(letter, "CN=root", letter, NULL);
    assert_true(finds_issuer("a/tomcat-trust=ABCDEFGHIJKLMNO z/tomcat-trust=R"));
    assert_true(finds_issuer("a/tomcat-trust=AAAAAAAAAAAAAAAAAAAA z/tomcat-trust=R"));
    assert_false(finds_issuer("a/tomcat-trust=ABCDEFGHIJKLMNOP z/tomcat-trust=R"));
}

static bool issued(char letter, char issuer)
{
    const struct ucm_stored_cert *one = store_letter(letter);
    const struct ucm_stored_cert *other = store_letter(issuer);

    return ucm_cert_is_issued(one->der, one->size, other->der, other->size);
}

static void issuance_is_verified(void **state)
{
    static uint8_t changed[2048];
    const struct ucm_stored_cert *root = store_letter('R');
    uint8_t *oid;

    (void)state;
    store_issued('R', "CN=root", 'R', NULL);
    store_issued('N', "CN=root", 'N', NULL);
    store_issued('S', "CN=server", 'R', NULL);
    assert_true(issued('S', 'R') && issued('R', 'R'));
    assert_false(issued('S', 'N'));                     /* the name is that of the issuer */
    assert_false(issued('R', 'S'));                     /* not even the name is */
    assert_false(issued('A', 'R') || issued('R', 'A')); /* no certificates */
    /* A key of a kind that nobody knows. */
    memcpy(changed, root->der, root->size);
    oid = memmem(changed, root->size, "\x2a\x86\x48\xce\x3d\x02\x01", 7); /* id-ecPublicKey */
    assert_non_null(oid);
    oid[6] = 0x63;
    assert_false(
        ucm_cert_is_issued(store_letter('S')->der, store_letter('S')->size, changed, root->size));
}

static void hosts_are_named(void **state)
{
    static const struct ucm_host hosts[] = {
        {"a.example", 9}, {NULL, 0}, {"B.EXAMPLE", 9}, {"c", 1}, {"x.example", 9}};
    char many[4096] = "DNS:h";
    bool named[COUNT_OF(hosts)] = {0};

    (void)state;
    store_issued('S', "CN=server", 'S', "DNS:a.example,IP:10.0.0.1,DNS:b.example");
    assert_int_equal(ucm_cert_hosts(store_letter('S')->der, store_letter('S')->size, hosts,
                                    COUNT_OF(hosts), named),
                     2);
    assert_true(named[0] && !named[1] && named[2] && !named[3] && !named[4]);
    assert_int_equal(ucm_cert_hosts((const uint8_t *)"x", 1, hosts, COUNT_OF(hosts), named), 0);
    store_issued('T', "CN=server", 'T', NULL);
    assert_int_equal(ucm_cert_hosts(store_letter('T')->der, store_letter('T')->size, hosts,
                                    COUNT_OF(hosts), named),
                     0);
    /* More names than any cluster has nodes are not read. */
    for (int i = 1; i < 512; i++)
        strcat(many, ",DNS:h");
    strcat(many, ",DNS:a.example");
    store_issued('T', "CN=server", 'T', many);
    memset(named, 0, sizeof named);
    assert_int_equal(ucm_cert_hosts(store_letter('T')->der, store_letter('T')->size, hosts,
                                    COUNT_OF(hosts), named),
                     512);
    assert_false(named[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(whole_certificates, reset),
        cmocka_unit_test_setup(bytes_decide, reset),
        cmocka_unit_test_setup(parts_of_certificates, reset),
        cmocka_unit_test_setup(nodes_are_found, reset),
        cmocka_unit_test_setup(issuers_are_found, reset),
        cmocka_unit_test_setup(namesakes_are_tried_a_few_times, reset),
        cmocka_unit_test_setup(issuance_is_verified, reset),
        cmocka_unit_test_setup(hosts_are_named, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
