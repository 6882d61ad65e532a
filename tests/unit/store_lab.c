/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores in shorthand: see store_lab.h.
 */
#define _DEFAULT_SOURCE /* strtok_r */
#include "store_lab.h"

#include <stdio.h>

#include <openssl/x509v3.h>

enum { ITEMS_MAX = 2048, NODES_MAX = 64, TEXT_MAX = 65536 };

struct ucm_stored_cert store_cert[STORE_LETTERS];
static uint8_t plain_der[STORE_LETTERS][1];

/** Stores with all that they are made of. */
struct made {
    struct ucm_stores stores; /* first, so that it leads back */
    struct ucm_stored item[ITEMS_MAX];
    const char *node[NODES_MAX];
    char text[TEXT_MAX];
};

struct ucm_stored_cert *store_letter(char letter)
{
    assert_in_range(letter, 'A', 'Z');
    return &store_cert[letter - 'A'];
}

void store_name(char letter, const char *subject, const char *issuer)
{
    struct ucm_cert *cert = &store_letter(letter)->cert;

    snprintf(cert->subject, sizeof cert->subject, "%s", subject);
    snprintf(cert->issuer, sizeof cert->issuer, "%s", issuer != NULL ? issuer : subject);
}

void store_dates(char letter, int begin, int end)
{
    struct ucm_cert *cert = &store_letter(letter)->cert;

    cert->not_before = NOW + (int64_t)begin * DAY;
    cert->not_after = NOW + (int64_t)end * DAY;
}

void store_certs_reset(void)
{
    memset(store_cert, 0, sizeof store_cert);
    for (int i = 0; i < STORE_LETTERS; i++) {
        struct ucm_stored_cert *certificate = &store_cert[i];
        const char name[] = {'C', 'N', '=', (char)('A' + i), ';', 'O', '=', 'X', '\0'};

        certificate->known = UCM_KNOWN_ALL;
        plain_der[i][0] = (uint8_t)('A' + i);
        certificate->der = plain_der[i];
        certificate->size = 1;
        certificate->cert.serial_size = 1;
        certificate->cert.serial[0] = (uint8_t)('A' + i);
        ucm_hex(certificate->cert.serial, 1, certificate->cert.serial_hex);
        memset(certificate->cert.sha1, 'A' + i, UCM_SHA1_SIZE);
        memset(certificate->cert.sha256, 'A' + i, UCM_SHA256_SIZE);
        certificate->cert.is_rsa = true;
        certificate->cert.key_bits = 2048;
        store_name((char)('A' + i), name, NULL);
        store_dates((char)('A' + i), -365, 5 * 365);
    }
}

void store_real(char letter, const struct identity *identity)
{
    struct ucm_stored_cert *certificate = store_letter(letter);

    certificate->known = UCM_KNOWN_ALL;
    certificate->der = identity->der;
    certificate->size = (uint32_t)identity->der_size;
    assert_true(ucm_cert_read(identity->der, identity->der_size, &certificate->cert));
}

static EVP_PKEY *key_of(char letter)
{
    static EVP_PKEY *keys[STORE_LETTERS];
    EVP_PKEY **key = &keys[letter - 'A'];

    if (*key == NULL)
        *key = EVP_EC_gen("P-256");
    assert_non_null(*key);
    return *key;
}

static void add_common_name(X509_NAME *name, const char *cn)
{
    assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                                (const unsigned char *)cn + 3, -1, -1, 0),
                     1);
}

static void add_san(X509 *x509, const char *san)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san);

    assert_non_null(extension);
    assert_int_equal(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

void store_issued(char letter, const char *cn, char issuer, const char *san)
{
    static uint8_t der[STORE_LETTERS][4096];
    X509 *x509 = X509_new();
    uint8_t *p = der[letter - 'A'];
    struct ucm_stored_cert *certificate = store_letter(letter);
    int size;

    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), letter);
    add_common_name(X509_get_subject_name(x509), cn);
    if (issuer == letter)
        add_common_name(X509_get_issuer_name(x509), cn);
    else
        add_common_name(X509_get_issuer_name(x509), store_letter(issuer)->cert.subject);
    ASN1_TIME_set(X509_getm_notBefore(x509), NOW - YEAR);
    ASN1_TIME_set(X509_getm_notAfter(x509), NOW + YEAR);
    X509_set_pubkey(x509, key_of(letter));
    if (san != NULL)
        add_san(x509, san);
    assert_true(X509_sign(x509, key_of(issuer), EVP_sha256()) > 0);
    size = i2d_X509(x509, NULL);
    assert_true(size > 0 && (size_t)size <= sizeof der[0]);
    i2d_X509(x509, &p);
    X509_free(x509);
    certificate->known = UCM_KNOWN_ALL;
    certificate->der = der[letter - 'A'];
    certificate->size = (uint32_t)size;
    assert_true(ucm_cert_read(certificate->der, certificate->size, &certificate->cert));
}

/* ---- stores ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int compare_items(const void *a, const void *b)
{
    const struct ucm_stored *one = a;
    const struct ucm_stored *other = b;
    int order = strcmp(one->node != NULL ? one->node : "", other->node != NULL ? other->node : "");

    if (order == 0)
        order = (int)one->store - (int)other->store;
    return order != 0
               ? order
               : (one->certificate > other->certificate) - (one->certificate < other->certificate);
}

static const char *add_node(struct made *made, const char *name)
{
    for (uint32_t i = 0; i < made->stores.nodes; i++)
        if (strcmp(made->node[i], name) == 0)
            return made->node[i];
    assert_true(made->stores.nodes < NODES_MAX);
    made->node[made->stores.nodes++] = name;
    return name;
}

static void add_place(struct made *made, char *place)
{
    char *store = strchr(place, '/');
    char *letters = strchr(place, '=');

    assert_non_null(store);
    assert_non_null(letters);
    *store++ = '\0';
    *letters++ = '\0';
    for (; *letters != '\0'; letters++) {
        struct ucm_stored *item = &made->item[made->stores.count++];

        assert_true(made->stores.count <= ITEMS_MAX);
        item->certificate = store_letter(*letters);
        item->node = strcmp(place, "-") == 0 ? NULL : add_node(made, place);
        item->store = strcmp(store, "?") == 0 ? UCM_STORE_NONE : ucm_store_find(store);
        assert_true(item->store != UCM_STORE_NONE || *store == '?');
    }
}

struct ucm_stores *store_make(const char *text, const char *nodes)
{
    struct made *made = calloc(1, sizeof *made);
    char *rest;
    size_t used;

    assert_non_null(made);
    used = (size_t)snprintf(made->text, sizeof made->text, "%s", text) + 1;
    snprintf(made->text + used, sizeof made->text - used, "%s", nodes != NULL ? nodes : "");
    for (char *place = strtok_r(made->text, " ", &rest); place != NULL;
         place = strtok_r(NULL, " ", &rest))
        add_place(made, place);
    for (char *node = strtok_r(made->text + used, " ", &rest); node != NULL;
         node = strtok_r(NULL, " ", &rest))
        add_node(made, node);
    qsort(made->item, made->stores.count, sizeof made->item[0], compare_items);
    qsort((void *)made->node, made->stores.nodes, sizeof made->node[0], compare_names);
    made->stores.name = "cluster";
    made->stores.item = made->item;
    made->stores.node = made->node;
    made->stores.complete = UINT32_MAX;
    return &made->stores;
}

void store_free(struct ucm_stores *stores)
{
    free((struct made *)stores);
}

/* ---- findings ---- */

static void add_text(char *out, size_t room, const char *text)
{
    const size_t used = strlen(out);

    assert_true(used + strlen(text) < room);
    strcpy(out + used, text);
}

static void add_place_text(char *out, size_t room, const char *node, enum ucm_store store)
{
    const char *name = ucm_store_name(store);

    add_text(out, room, "@");
    add_text(out, room, node != NULL ? node : "-");
    add_text(out, room, "/");
    add_text(out, room, name != NULL ? name : "?");
}

static void add_one(char *out, size_t room, const struct ucm_finding *finding,
                    const struct ucm_stores *items, const struct ucm_stores *places)
{
    const struct ucm_rule *rule = ucm_rule(finding->id);
    const struct ucm_stored *item =
        finding->source == UCM_STORE_NO_ITEM ? NULL : &items->item[finding->source];
    char number[16];

    add_text(out, room, *out != '\0' ? " " : "");
    add_text(out, room, rule->id);
    if (rule->detail == UCM_DETAIL_PLACE || rule->detail == UCM_DETAIL_ISSUER)
        add_place_text(out, room, finding->expected < 0 ? NULL : places->node[finding->expected],
                       (enum ucm_store)finding->found);
    else if (item != NULL)
        add_place_text(out, room, item->node, item->store);
    if (item != NULL) {
        const char *name = rule->detail == UCM_DETAIL_ISSUER ? item->certificate->cert.issuer
                                                             : item->certificate->cert.subject;
        const char letter[] = {'=', (char)('A' + (item->certificate - store_cert)), '\0'};

        add_text(out, room, letter);
        assert_int_equal(finding->subject.off, 0);
        assert_int_equal(finding->subject.len, strcspn(name, ";"));
    }
    snprintf(number, sizeof number, "+%u", finding->more);
    add_text(out, room, finding->more > 0 ? number : "");
    add_text(out, room, finding->severity != rule->severity ? ":" : "");
    add_text(out, room,
             finding->severity != rule->severity ? ucm_severity_name(finding->severity) : "");
}

void assert_store_findings(struct ucm_findings *findings, const struct ucm_stores *items,
                           const struct ucm_stores *places, const char *expected)
{
    char out[4096] = "";

    for (uint32_t i = 0; i < findings->stored; i++)
        add_one(out, sizeof out, &findings->item[i], items, places);
    assert_string_equal(out, expected);
    ucm_findings_free(findings);
}
