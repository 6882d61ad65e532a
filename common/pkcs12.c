/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * PKCS#12 files: see pkcs12.h. Not PKCS12_parse(): that decrypts the private key, which nobody here
 * may have, and derives keys for as many rounds as the file says.
 */
#include "pkcs12.h"

#include "pkcs12_cipher.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

enum {
    PASSWORDS = 3,
    PROVIDERS = 2,
    DEPTH_MAX = 4, /* of bags in bags; OpenSSL's reader has a limit as well */
    PFX_VERSION = 3,
    FIRST_ROOM = 8,
};

/** A file while it is read. */
struct reading {
    struct ucm_pkcs12 *out;
    size_t room; /* items that out->item has room for */
    PKCS12 *file;
    STACK_OF(PKCS7) * containers;
    const char *password[PASSWORDS];
    int passwords;
    int fits;              /* the password that opened something last */
    OSSL_LIB_CTX *context; /* NULL: the default one */
    OSSL_PROVIDER *provider[PROVIDERS];
};

/* ---- outcomes ---- */

static bool fail(struct reading *reading, enum ucm_pkcs12_outcome outcome, const char *detail)
{
    reading->out->outcome = outcome;
    snprintf(reading->out->detail, sizeof reading->out->detail, "%s", detail);
    return false;
}

/* SEQUENCE { INTEGER 3, …: no certificate and no key begins like this. */
static bool looks_like_pkcs12(const uint8_t *data, size_t size)
{
    const uint8_t *at = data;
    long length = 0;
    int tag = 0;
    int class = 0;

    if (size < 2 || size > LONG_MAX)
        return false;
    /* A length beyond the end is an error to it, but it moves on all the same. */
    (void)ASN1_get_object(&at, &length, &tag, &class, (long)size);
    ERR_clear_error();
    return data[0] == (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED) && size - (size_t)(at - data) >= 3 &&
           at > data && at[0] == V_ASN1_INTEGER && at[1] == 1 && at[2] == PFX_VERSION;
}

/* ---- what it would cost ---- */

static bool is_known(struct reading *reading, const struct ucm_pkcs12_cipher *cipher)
{
    return cipher->known || fail(reading, UCM_PKCS12_UNSUPPORTED, cipher->name);
}

/* One MAC and one container may cost as much as is allowed; more of them together no more. */
static bool is_cheap(struct reading *reading, const struct ucm_pkcs12_cipher *cipher, uint64_t *sum)
{
    char detail[UCM_PKCS12_DETAIL_MAX];

    if (cipher->rounds <= UCM_PKCS12_ROUNDS_MAX) {
        *sum += cipher->rounds;
        if (*sum <= 2ULL * UCM_PKCS12_ROUNDS_MAX)
            return true;
        return fail(reading, UCM_PKCS12_ROUNDS, "all that is encrypted in it together");
    }
    if (cipher->rounds == UINT64_MAX)
        return fail(reading, UCM_PKCS12_ROUNDS, "more than can be counted");
    snprintf(detail, sizeof detail, "%llu rounds", (unsigned long long)cipher->rounds);
    return fail(reading, UCM_PKCS12_ROUNDS, detail);
}

/* NULL: it is not encrypted with a password. */
static const PKCS7_ENC_CONTENT *encrypted(const PKCS7 *container)
{
    return PKCS7_type_is_encrypted(container) && container->d.encrypted != NULL
               ? container->d.encrypted->enc_data
               : NULL;
}

static bool open_legacy(struct reading *reading, const char *cipher)
{
    reading->context = OSSL_LIB_CTX_new();
    if (reading->context == NULL)
        return fail(reading, UCM_PKCS12_MEMORY, "");
    /* A context of its own, so that nothing else in this process gets old ciphers by it. */
    reading->provider[0] = OSSL_PROVIDER_load(reading->context, "default");
    reading->provider[1] = OSSL_PROVIDER_load(reading->context, "legacy");
    return (reading->provider[0] != NULL && reading->provider[1] != NULL) ||
           fail(reading, UCM_PKCS12_LEGACY, cipher);
}

/* Everything that would be derived is looked at before anything is. A private key has rounds of its
 * own, but is never decrypted. */
static bool survey(struct reading *reading)
{
    const X509_ALGOR *mac_algorithm = NULL;
    const ASN1_INTEGER *mac_count = NULL;
    uint64_t sum = 0;

    PKCS12_get0_mac(NULL, &mac_algorithm, NULL, &mac_count, reading->file);
    if (mac_algorithm != NULL) {
        const struct ucm_pkcs12_cipher mac = ucm_pkcs12_mac(mac_algorithm, mac_count);

        if (!is_known(reading, &mac) || !is_cheap(reading, &mac, &sum))
            return false;
    }
    for (int i = 0; i < sk_PKCS7_num(reading->containers); i++) {
        const PKCS7_ENC_CONTENT *content = encrypted(sk_PKCS7_value(reading->containers, i));
        struct ucm_pkcs12_cipher cipher;

        if (content == NULL)
            continue;
        cipher = ucm_pkcs12_cipher(content->algorithm);
        if (!is_known(reading, &cipher) || !is_cheap(reading, &cipher, &sum))
            return false;
        if (cipher.old)
            memcpy(reading->out->old_cipher, cipher.name, sizeof cipher.name);
        if (cipher.legacy && reading->context == NULL && !open_legacy(reading, cipher.name))
            return false;
    }
    return true;
}

/* ---- what is inside ---- */

static bool add_der(struct reading *reading, X509 *x509, PKCS12_SAFEBAG *bag)
{
    struct ucm_pkcs12 *out = reading->out;
    struct ucm_pkcs12_item item = {0};
    char *name = NULL;
    const int size = i2d_X509(x509, &item.der);

    if (size <= 0)
        return fail(reading, UCM_PKCS12_MEMORY, "");
    item.size = (size_t)size;
    if (out->count == reading->room) {
        const size_t room = reading->room == 0 ? FIRST_ROOM : reading->room * 2;
        struct ucm_pkcs12_item *more = OPENSSL_realloc(out->item, room * sizeof *more);

        if (more == NULL) {
            OPENSSL_free(item.der);
            return fail(reading, UCM_PKCS12_MEMORY, "");
        }
        out->item = more;
        reading->room = room;
    }
    name = PKCS12_get_friendlyname(bag);
    if (name != NULL)
        snprintf(item.name, sizeof item.name, "%s", name);
    OPENSSL_free(name);
    out->item[out->count++] = item;
    return true;
}

static bool add_certificate(struct reading *reading, PKCS12_SAFEBAG *bag)
{
    X509 *x509 = NULL;
    bool added = false;

    if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
        return true;
    if (reading->out->count == UCM_PKCS12_CERTIFICATES_MAX)
        return fail(reading, UCM_PKCS12_TOO_MUCH, "more than 4096 certificates");
    x509 = PKCS12_SAFEBAG_get1_cert(bag);
    if (x509 == NULL)
        return fail(reading, UCM_PKCS12_BROKEN, "a certificate in it cannot be read");
    added = add_der(reading, x509, bag);
    X509_free(x509);
    return added;
}

static bool take_bags(struct reading *reading, const STACK_OF(PKCS12_SAFEBAG) * bags, int depth)
{
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
        PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);
        const int nid = PKCS12_SAFEBAG_get_nid(bag);

        if (nid == NID_keyBag || nid == NID_pkcs8ShroudedKeyBag)
            reading->out->private_key = true;
        if (nid == NID_certBag && !add_certificate(reading, bag))
            return false;
        if (nid == NID_safeContentsBag) {
            if (depth == DEPTH_MAX)
                return fail(reading, UCM_PKCS12_BROKEN, "bags in bags without end");
            if (!take_bags(reading, PKCS12_SAFEBAG_get0_safes(bag), depth + 1))
                return false;
        }
    }
    return true;
}

/* ---- opening ---- */

static void make_passwords(struct reading *reading, const char *password)
{
    if (password != NULL)
        reading->password[reading->passwords++] = password;
    reading->password[reading->passwords++] = NULL;
    if (password == NULL || *password != '\0')
        reading->password[reading->passwords++] = "";
}

static int length_of(const char *password)
{
    return password == NULL ? 0 : (int)strlen(password);
}

static bool check_mac(struct reading *reading)
{
    if (PKCS12_mac_present(reading->file) != 1)
        return true;
    for (int i = 0; i < reading->passwords; i++) {
        const char *password = reading->password[i];

        if (PKCS12_verify_mac(reading->file, password, length_of(password)) == 1) {
            reading->fits = i;
            return true;
        }
    }
    return fail(reading, UCM_PKCS12_PASSWORD, "");
}

/* The password that fitted before is the first to be tried. */
static STACK_OF(PKCS12_SAFEBAG) * decrypt(struct reading *reading, const PKCS7_ENC_CONTENT *content)
{
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;

    for (int i = 0; i < reading->passwords && bags == NULL; i++) {
        const int which = (reading->fits + i) % reading->passwords;
        const char *password = reading->password[which];

        bags = PKCS12_item_decrypt_d2i_ex(content->algorithm, ASN1_ITEM_rptr(PKCS12_SAFEBAGS),
                                          password, length_of(password), content->enc_data, 1,
                                          reading->context, NULL);
        if (bags != NULL)
            reading->fits = which;
    }
    return bags;
}

static bool open_container(struct reading *reading, PKCS7 *container)
{
    const PKCS7_ENC_CONTENT *content = encrypted(container);
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
    bool taken = false;

    if (content != NULL) {
        if (content->enc_data == NULL)
            return fail(reading, UCM_PKCS12_BROKEN, "an encrypted part is empty");
        bags = decrypt(reading, content);
        if (bags == NULL && PKCS12_mac_present(reading->file) == 1)
            return fail(reading, UCM_PKCS12_BROKEN, "its parts have different passwords");
        if (bags == NULL)
            return fail(reading, UCM_PKCS12_PASSWORD, "");
    } else if (PKCS7_type_is_data(container) && container->d.data != NULL) {
        bags = PKCS12_unpack_p7data(container);
        if (bags == NULL)
            return fail(reading, UCM_PKCS12_BROKEN, "a part of it cannot be read");
    } else {
        return fail(reading, UCM_PKCS12_UNSUPPORTED, "a part is encrypted without a password");
    }
    taken = take_bags(reading, bags, 0);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    return taken;
}

static bool decode(struct reading *reading, const uint8_t *data, size_t size)
{
    const uint8_t *at = data;

    if (size > UCM_INPUT_MAX)
        return fail(reading, UCM_PKCS12_TOO_MUCH, "more than 2 MiB");
    if (!looks_like_pkcs12(data, size))
        return fail(reading, UCM_PKCS12_FOREIGN, "");
    reading->file = d2i_PKCS12(NULL, &at, (long)size);
    if (reading->file == NULL)
        return fail(reading, UCM_PKCS12_BROKEN, "cut off or damaged");
    if (at != data + size)
        return fail(reading, UCM_PKCS12_BROKEN, "bytes follow its end");
    reading->containers = PKCS12_unpack_authsafes(reading->file);
    if (reading->containers == NULL)
        return fail(reading, UCM_PKCS12_BROKEN, "cut off, damaged, or signed instead of sealed");
    return true;
}

static void read_all(struct reading *reading)
{
    if (!survey(reading) || !check_mac(reading))
        return;
    for (int i = 0; i < sk_PKCS7_num(reading->containers); i++)
        if (!open_container(reading, sk_PKCS7_value(reading->containers, i)))
            return;
}

void ucm_pkcs12_read(const uint8_t *data, size_t size, const char *password,
                     struct ucm_pkcs12 *pkcs12)
{
    struct reading reading = {.out = pkcs12};

    memset(pkcs12, 0, sizeof *pkcs12);
    ERR_clear_error();
    make_passwords(&reading, password);
    if (decode(&reading, data, size))
        read_all(&reading);
    sk_PKCS7_pop_free(reading.containers, PKCS7_free);
    PKCS12_free(reading.file);
    for (int i = 0; i < PROVIDERS; i++)
        if (reading.provider[i] != NULL)
            OSSL_PROVIDER_unload(reading.provider[i]);
    OSSL_LIB_CTX_free(reading.context);
    ERR_clear_error();
}

void ucm_pkcs12_free(struct ucm_pkcs12 *pkcs12)
{
    for (size_t i = 0; i < pkcs12->count; i++)
        OPENSSL_free(pkcs12->item[i].der);
    OPENSSL_free(pkcs12->item);
    memset(pkcs12, 0, sizeof *pkcs12);
}
