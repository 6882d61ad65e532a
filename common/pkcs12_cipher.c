/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What encryptions of PKCS#12 ask for: see pkcs12_cipher.h. Derives no key.
 */
#include "pkcs12_cipher.h"

#include <openssl/asn1t.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

enum { PBMAC1_SINCE = 0x30400000 }; /* OpenSSL 3.4 */

/** A password-based cipher, as one number with its parameters. */
struct row {
    int nid;
    bool legacy;
};

/* PBES1 and PKCS#12's own. Which of them the default provider has: OpenSSL 3.0, provider manual. */
static const struct row OLD[] = {
    {NID_pbe_WithSHA1And3_Key_TripleDES_CBC, false},
    {NID_pbe_WithSHA1And2_Key_TripleDES_CBC, false},
    {NID_pbe_WithSHA1And40BitRC2_CBC, true},
    {NID_pbe_WithSHA1And128BitRC2_CBC, true},
    {NID_pbe_WithSHA1And40BitRC4, true},
    {NID_pbe_WithSHA1And128BitRC4, true},
    {NID_pbeWithMD2AndDES_CBC, true},
    {NID_pbeWithMD2AndRC2_CBC, true},
    {NID_pbeWithMD5AndDES_CBC, true},
    {NID_pbeWithMD5AndRC2_CBC, true},
    {NID_pbeWithSHA1AndDES_CBC, true},
    {NID_pbeWithSHA1AndRC2_CBC, true},
};

/* Ciphers that are as old inside PBES2. */
static const struct row OLD_IN_PBES2[] = {
    {NID_des_ede3_cbc, false}, {NID_des_cbc, true},    {NID_rc2_cbc, true},
    {NID_rc2_64_cbc, true},    {NID_rc2_40_cbc, true}, {NID_rc4, true},
};

static const struct row *find(const struct row *rows, size_t count, int nid)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].nid == nid)
            return &rows[i];
    return NULL;
}
#define FIND(rows, nid) find(rows, sizeof(rows) / sizeof(rows)[0], nid)

static int nid_of(const X509_ALGOR *algorithm)
{
    return OBJ_obj2nid(algorithm->algorithm);
}

static void set_name(struct ucm_pkcs12_cipher *cipher, const X509_ALGOR *algorithm)
{
    OBJ_obj2txt(cipher->name, sizeof cipher->name, algorithm->algorithm, 0);
}

/* What is negative or does not fit in 64 bits is too much in any case. */
static uint64_t count_of(const ASN1_INTEGER *number)
{
    uint64_t value = 0;

    return number != NULL && ASN1_INTEGER_get_uint64(&value, number) == 1 ? value : UINT64_MAX;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

/* ---- key derivation ---- */

/* Scrypt counts differently: four Salsa20/8 cores take about as long as one round of HMAC, so four
 * of them for each block are more than enough. 0: unreadable. */
static uint64_t scrypt_rounds(const X509_ALGOR *kdf)
{
#ifndef OPENSSL_NO_SCRYPT
    SCRYPT_PARAMS *scrypt =
        ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), kdf->parameter);
    uint64_t rounds = 0;

    if (scrypt != NULL)
        rounds = times(times(count_of(scrypt->costParameter), count_of(scrypt->blockSize)),
                       times(4, count_of(scrypt->parallelizationParameter)));
    SCRYPT_PARAMS_free(scrypt);
    return rounds;
#else
    (void)kdf;
    return 0;
#endif
}

static uint64_t pbkdf2_rounds(const X509_ALGOR *kdf)
{
    PBKDF2PARAM *pbkdf2 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), kdf->parameter);
    /* A key longer than any digest costs rounds that are not counted here, and no file has one. */
    const bool fits = pbkdf2 != NULL &&
                      (pbkdf2->keylength == NULL || count_of(pbkdf2->keylength) <= EVP_MAX_MD_SIZE);
    const uint64_t rounds = fits ? count_of(pbkdf2->iter) : 0;

    PBKDF2PARAM_free(pbkdf2);
    return rounds;
}

static uint64_t kdf_rounds(const X509_ALGOR *kdf)
{
    switch (nid_of(kdf)) {
    case NID_id_pbkdf2:
        return pbkdf2_rounds(kdf);
    case NID_id_scrypt:
        return scrypt_rounds(kdf);
    default:
        return 0;
    }
}

/* ---- encryption ---- */

static void read_pbes2(struct ucm_pkcs12_cipher *cipher, const X509_ALGOR *algorithm)
{
    PBE2PARAM *pbes2 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter);

    if (pbes2 != NULL) {
        const struct row *row = FIND(OLD_IN_PBES2, nid_of(pbes2->encryption));

        set_name(cipher, pbes2->encryption);
        cipher->rounds = kdf_rounds(pbes2->keyfunc);
        cipher->known =
            cipher->rounds != 0 && EVP_get_cipherbynid(nid_of(pbes2->encryption)) != NULL;
        cipher->old = row != NULL;
        cipher->legacy = row != NULL && row->legacy;
    }
    PBE2PARAM_free(pbes2);
}

static void read_pbe(struct ucm_pkcs12_cipher *cipher, const X509_ALGOR *algorithm)
{
    const struct row *row = FIND(OLD, nid_of(algorithm));
    PBEPARAM *pbe = row == NULL
                        ? NULL
                        : ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), algorithm->parameter);

    if (pbe != NULL) {
        cipher->rounds = count_of(pbe->iter);
        cipher->known = true;
        cipher->old = true;
        cipher->legacy = row->legacy;
    }
    PBEPARAM_free(pbe);
}

struct ucm_pkcs12_cipher ucm_pkcs12_cipher(const X509_ALGOR *algorithm)
{
    struct ucm_pkcs12_cipher cipher = {0};

    set_name(&cipher, algorithm);
    if (nid_of(algorithm) == NID_pbes2)
        read_pbes2(&cipher, algorithm);
    else
        read_pbe(&cipher, algorithm);
    return cipher;
}

/* ---- MAC ---- */

struct ucm_pkcs12_cipher ucm_pkcs12_mac(const X509_ALGOR *algorithm, const ASN1_INTEGER *count)
{
    struct ucm_pkcs12_cipher cipher = {0};

    set_name(&cipher, algorithm);
    if (nid_of(algorithm) == NID_pbmac1) {
        /* Its parameters are written like those of PBES2: how to derive the key, and what for. */
        PBE2PARAM *pbmac1 =
            ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter);

        cipher.rounds = pbmac1 == NULL ? 0 : kdf_rounds(pbmac1->keyfunc);
        cipher.known = cipher.rounds != 0 && OpenSSL_version_num() >= PBMAC1_SINCE;
        PBE2PARAM_free(pbmac1);
    } else {
        cipher.rounds = count == NULL ? 1 : count_of(count);
        cipher.known = EVP_get_digestbynid(nid_of(algorithm)) != NULL;
    }
    return cipher;
}
