/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * PKCS#12 files that OpenSSL writes here, read back; and what is none, or asks for too much.
 */
#include "maker.h"

#include "common/pkcs12.h"
#include "common/pkcs12_cipher.h"

#include <openssl/pkcs12.h>

/** How a file shall be; zero means the default. */
struct file_options {
    const struct identity *identity;
    const char *name;     /**< friendlyName */
    const char *password; /**< NULL: none */
    int cipher;           /**< NID, default AES-256 in CBC; -1: not encrypted */
    int rounds;           /**< default 2048 */
    int mac_rounds;       /**< default 2048; -1: no MAC */
    bool with_key;
};

/** Bytes of a file; free() them. */
struct file {
    uint8_t *data;
    size_t size;
};

static X509 *x509_of(const struct identity *identity)
{
    const unsigned char *at = identity->der;
    X509 *x509 = d2i_X509(NULL, &at, (long)identity->der_size);

    assert_non_null(x509);
    return x509;
}

static struct file make_file(const struct file_options *options)
{
    const int cipher = options->cipher == 0 ? NID_aes_256_cbc : options->cipher;
    const int rounds = options->rounds == 0 ? 2048 : options->rounds;
    const int mac_rounds = options->mac_rounds == 0 ? 2048 : options->mac_rounds;
    X509 *x509 = x509_of(options->identity);
    PKCS12 *pkcs12 = NULL;
    unsigned char *der = NULL;
    struct file file = {0};
    int size;

    pkcs12 = PKCS12_create(options->password, options->name,
                           options->with_key ? options->identity->key : NULL, x509, NULL, cipher,
                           cipher, rounds, mac_rounds, 0);
    assert_non_null(pkcs12);
    size = i2d_PKCS12(pkcs12, &der);
    assert_true(size > 0);
    file.size = (size_t)size;
    file.data = exact(der, file.size);
    OPENSSL_free(der);
    PKCS12_free(pkcs12);
    X509_free(x509);
    return file;
}

static struct ucm_pkcs12 read_file(struct file file, const char *password)
{
    struct ucm_pkcs12 pkcs12;

    ucm_pkcs12_read(file.data, file.size, password, &pkcs12);
    free(file.data);
    return pkcs12;
}

static struct ucm_pkcs12 read_made(const struct file_options *options, const char *password)
{
    return read_file(make_file(options), password);
}

/* The identity that all tests share: its key is made once. */
static struct identity *identity(void)
{
    return make_identity(&(struct identity_options){.cn = "CN=cucm-pub.example"});
}

static void assert_holds(const struct ucm_pkcs12 *pkcs12, const struct identity *one)
{
    assert_int_equal(pkcs12->outcome, UCM_PKCS12_OK);
    assert_string_equal(pkcs12->detail, "");
    assert_int_equal(pkcs12->count, 1);
    assert_int_equal(pkcs12->item[0].size, one->der_size);
    assert_memory_equal(pkcs12->item[0].der, one->der, one->der_size);
}

/* ---- what opens ---- */

static void certificates_come_with_their_names(void **state)
{
    struct identity *one = identity();
    struct ucm_pkcs12 pkcs12 =
        read_made(&(struct file_options){.identity = one, .name = "CallManager"}, NULL);

    (void)state;
    assert_holds(&pkcs12, one);
    assert_string_equal(pkcs12.item[0].name, "CallManager");
    assert_string_equal(pkcs12.old_cipher, "");
    assert_false(pkcs12.private_key);
    ucm_pkcs12_free(&pkcs12);
    assert_int_equal(pkcs12.count, 0);
    free_identity(one);
}

static void long_names_are_cut(void **state)
{
    struct identity *one = identity();
    char name[3 * UCM_PKCS12_NAME_MAX];
    struct ucm_pkcs12 pkcs12;

    (void)state;
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    pkcs12 = read_made(&(struct file_options){.identity = one, .name = name}, NULL);
    assert_holds(&pkcs12, one);
    assert_int_equal(strlen(pkcs12.item[0].name), UCM_PKCS12_NAME_MAX - 1);
    ucm_pkcs12_free(&pkcs12);
    free_identity(one);
}

/* No password and the empty one are different keys, and both are tried. */
static void passwords_are_tried_in_turn(void **state)
{
    static const char *const in_file[] = {NULL, "", "secret", "p\xc3\xa4sswort"};
    static const char *const given[] = {NULL, "", "other", "secret", "p\xc3\xa4sswort"};
    struct identity *one = identity();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(in_file); i++)
        for (size_t k = 0; k < COUNT_OF(given); k++)
            for (int mac = -1; mac <= 0; mac++) {
                const bool opens = in_file[i] == NULL || *in_file[i] == '\0' ||
                                   (given[k] != NULL && strcmp(in_file[i], given[k]) == 0);
                struct ucm_pkcs12 pkcs12 = read_made(&(struct file_options){.identity = one,
                                                                            .password = in_file[i],
                                                                            .mac_rounds = mac},
                                                     given[k]);

                if (opens)
                    assert_holds(&pkcs12, one);
                else
                    assert_int_equal(pkcs12.outcome, UCM_PKCS12_PASSWORD);
                assert_int_equal(pkcs12.count, opens ? 1 : 0);
                ucm_pkcs12_free(&pkcs12);
            }
    free_identity(one);
}

static void old_ciphers_are_named(void **state)
{
    static const int ciphers[] = {NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
                                  NID_pbe_WithSHA1And2_Key_TripleDES_CBC, NID_des_ede3_cbc};
    struct identity *one = identity();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ciphers); i++) {
        struct ucm_pkcs12 pkcs12 = read_made(
            &(struct file_options){.identity = one, .cipher = ciphers[i], .password = ""}, NULL);

        assert_holds(&pkcs12, one);
        assert_string_equal(pkcs12.old_cipher, OBJ_nid2ln(ciphers[i]));
        ucm_pkcs12_free(&pkcs12);
    }
    free_identity(one);
}

static void a_private_key_is_only_said(void **state)
{
    static const int ciphers[] = {-1, NID_aes_128_cbc};
    struct identity *one = identity();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ciphers); i++) {
        struct ucm_pkcs12 pkcs12 = read_made(
            &(struct file_options){
                .identity = one, .password = "x", .cipher = ciphers[i], .with_key = true},
            "x");

        assert_holds(&pkcs12, one);
        assert_true(pkcs12.private_key);
        ucm_pkcs12_free(&pkcs12);
    }
    free_identity(one);
}

/* ---- what does not ---- */

static void rounds_are_limited(void **state)
{
    struct identity *one = identity();
    struct ucm_pkcs12 pkcs12;

    (void)state;
    pkcs12 = read_made(
        &(struct file_options){.identity = one, .rounds = UCM_PKCS12_ROUNDS_MAX, .mac_rounds = 1},
        NULL);
    assert_holds(&pkcs12, one);
    ucm_pkcs12_free(&pkcs12);
    pkcs12 = read_made(&(struct file_options){.identity = one,
                                              .rounds = UCM_PKCS12_ROUNDS_MAX + 1,
                                              .mac_rounds = 1},
                       NULL);
    assert_int_equal(pkcs12.outcome, UCM_PKCS12_ROUNDS);
    assert_string_equal(pkcs12.detail, "1000001 rounds");
    ucm_pkcs12_free(&pkcs12);
    pkcs12 = read_made(&(struct file_options){.identity = one, .rounds = 1, .mac_rounds = 1000001},
                       NULL);
    assert_int_equal(pkcs12.outcome, UCM_PKCS12_ROUNDS);
    ucm_pkcs12_free(&pkcs12);
    free_identity(one);
}

/* Each of them is allowed, all of them together are not. */
static void many_parts_cost_together(void **state)
{
    struct identity *one = identity();
    X509 *x509 = x509_of(one);
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
    STACK_OF(PKCS7) *parts = NULL;
    PKCS12 *whole = NULL;
    unsigned char *der = NULL;
    struct ucm_pkcs12 pkcs12;
    int size;

    (void)state;
    assert_non_null(PKCS12_add_cert(&bags, x509));
    for (int i = 0; i < 3; i++)
        assert_int_equal(PKCS12_add_safe(&parts, bags, NID_aes_128_cbc, 700000, ""), 1);
    whole = PKCS12_add_safes(parts, 0);
    assert_non_null(whole);
    size = i2d_PKCS12(whole, &der);
    assert_true(size > 0);
    ucm_pkcs12_read(der, (size_t)size, NULL, &pkcs12);
    assert_int_equal(pkcs12.outcome, UCM_PKCS12_ROUNDS);
    assert_int_equal(pkcs12.count, 0);
    ucm_pkcs12_free(&pkcs12);
    OPENSSL_free(der);
    PKCS12_free(whole);
    sk_PKCS7_pop_free(parts, PKCS7_free);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    X509_free(x509);
    free_identity(one);
}

/* Scrypt's cost is three numbers; the product counts. */
static void scrypt_is_counted(void **state)
{
    static const struct {
        uint64_t n, r, p, rounds;
    } costs[] = {{16384, 8, 1, 524288},
                 {1 << 20, 8, 1, 1 << 25},
                 {16384, 8, 1 << 20, 549755813888},
                 {UINT64_C(1) << 60, UINT64_C(1) << 30, 1, UINT64_MAX}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(costs); i++) {
        SCRYPT_PARAMS *scrypt = SCRYPT_PARAMS_new();
        PBE2PARAM *pbes2 = PBE2PARAM_new();
        X509_ALGOR *algorithm = X509_ALGOR_new();
        struct ucm_pkcs12_cipher cipher;

        assert_int_equal(ASN1_OCTET_STRING_set(scrypt->salt, (const unsigned char *)"salt", 4), 1);
        assert_int_equal(ASN1_INTEGER_set_uint64(scrypt->costParameter, costs[i].n), 1);
        assert_int_equal(ASN1_INTEGER_set_uint64(scrypt->blockSize, costs[i].r), 1);
        assert_int_equal(ASN1_INTEGER_set_uint64(scrypt->parallelizationParameter, costs[i].p), 1);
        pbes2->keyfunc->algorithm = OBJ_nid2obj(NID_id_scrypt);
        assert_non_null(ASN1_TYPE_pack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), scrypt,
                                                &pbes2->keyfunc->parameter));
        pbes2->encryption->algorithm = OBJ_nid2obj(NID_aes_256_cbc);
        algorithm->algorithm = OBJ_nid2obj(NID_pbes2);
        assert_non_null(
            ASN1_TYPE_pack_sequence(ASN1_ITEM_rptr(PBE2PARAM), pbes2, &algorithm->parameter));
        cipher = ucm_pkcs12_cipher(algorithm);
        assert_true(cipher.known);
        assert_int_equal(cipher.rounds, costs[i].rounds);
        SCRYPT_PARAMS_free(scrypt);
        PBE2PARAM_free(pbes2);
        X509_ALGOR_free(algorithm);
    }
}

static void unknown_ciphers_are_not_known(void **state)
{
    X509_ALGOR *algorithm = X509_ALGOR_new();
    struct ucm_pkcs12_cipher cipher;

    (void)state;
    algorithm->algorithm = OBJ_txt2obj("1.2.3.4.5", 1);
    cipher = ucm_pkcs12_cipher(algorithm);
    assert_false(cipher.known);
    assert_string_equal(cipher.name, "1.2.3.4.5");
    cipher = ucm_pkcs12_mac(algorithm, NULL);
    assert_false(cipher.known);
    X509_ALGOR_free(algorithm);
    algorithm = X509_ALGOR_new();
    algorithm->algorithm = OBJ_nid2obj(NID_pbes2); /* without its parameters */
    assert_false(ucm_pkcs12_cipher(algorithm).known);
    algorithm->algorithm = OBJ_nid2obj(NID_pbe_WithSHA1And40BitRC2_CBC);
    assert_false(ucm_pkcs12_cipher(algorithm).known);
    X509_ALGOR_free(algorithm);
}

static void what_is_cut_off_is_broken(void **state)
{
    struct identity *one = identity();
    const struct file whole = make_file(&(struct file_options){.identity = one, .password = ""});

    (void)state;
    for (size_t size = 0; size < whole.size; size++) {
        struct ucm_pkcs12 pkcs12 = read_file((struct file){exact(whole.data, size), size}, NULL);

        assert_true(pkcs12.outcome == UCM_PKCS12_BROKEN ||
                    (size < 8 && pkcs12.outcome == UCM_PKCS12_FOREIGN));
        assert_int_equal(pkcs12.count, 0);
        ucm_pkcs12_free(&pkcs12);
    }
    free(whole.data);
    free_identity(one);
}

/* Without a MAC a damaged file may still decrypt; it gives a certificate or says why not. */
static void each_byte_may_be_wrong(void **state)
{
    struct identity *one = identity();
    const struct file whole = make_file(
        &(struct file_options){.identity = one, .cipher = -1, .mac_rounds = -1, .name = "x"});

    (void)state;
    for (size_t at = 0; at < whole.size; at++)
        for (int bit = 0; bit < 8; bit++) {
            struct file file = {exact(whole.data, whole.size), whole.size};
            struct ucm_pkcs12 pkcs12;

            file.data[at] ^= (uint8_t)(1 << bit);
            pkcs12 = read_file(file, NULL);
            assert_true(pkcs12.outcome != UCM_PKCS12_OK || pkcs12.count <= 1);
            ucm_pkcs12_free(&pkcs12);
        }
    free(whole.data);
    free_identity(one);
}

static void what_is_none_is_foreign(void **state)
{
    struct identity *one = identity();
    struct file file = make_file(&(struct file_options){.identity = one, .password = ""});
    struct ucm_pkcs12 pkcs12;
    uint8_t *more = malloc(file.size + 1);

    (void)state;
    ucm_pkcs12_read(one->der, one->der_size, NULL, &pkcs12); /* a certificate */
    assert_int_equal(pkcs12.outcome, UCM_PKCS12_FOREIGN);
    ucm_pkcs12_read((const uint8_t *)"-----BEGIN CERTIFICATE-----", 27, NULL, &pkcs12);
    assert_int_equal(pkcs12.outcome, UCM_PKCS12_FOREIGN);
    memcpy(more, file.data, file.size);
    more[file.size] = 0;
    ucm_pkcs12_read(more, file.size + 1, NULL, &pkcs12);
    assert_int_equal(pkcs12.outcome, UCM_PKCS12_BROKEN);
    assert_string_equal(pkcs12.detail, "bytes follow its end");
    free(more);
    free(file.data);
    more = calloc(UCM_INPUT_MAX + 1, 1);
    ucm_pkcs12_read(more, UCM_INPUT_MAX + 1, NULL, &pkcs12);
    assert_int_equal(pkcs12.outcome, UCM_PKCS12_TOO_MUCH);
    free(more);
    free_identity(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_come_with_their_names),
        cmocka_unit_test(long_names_are_cut),
        cmocka_unit_test(passwords_are_tried_in_turn),
        cmocka_unit_test(old_ciphers_are_named),
        cmocka_unit_test(a_private_key_is_only_said),
        cmocka_unit_test(rounds_are_limited),
        cmocka_unit_test(many_parts_cost_together),
        cmocka_unit_test(scrypt_is_counted),
        cmocka_unit_test(unknown_ciphers_are_not_known),
        cmocka_unit_test(what_is_cut_off_is_broken),
        cmocka_unit_test(each_byte_may_be_wrong),
        cmocka_unit_test(what_is_none_is_foreign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
