/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes a store of very many certificates, as check_ucm_truststore --dir reads it. For
 * tests/bench/run.
 * usage: bench_stores FOLDER COUNT
 */
#include <stdio.h>
#include <stdlib.h>

#include <sys/stat.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum { FILES = 20, PATH_ROOM = 4096, YEAR = 365 * 86400 };

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void path_of(char *path, const char *folder, int file)
{
    snprintf(path, PATH_ROOM, "%s/pub/CallManager-trust/%02d.pem", folder, file);
}

static X509 *make_certificate(EVP_PKEY *key, int number)
{
    X509 *x509 = X509_new();
    X509_NAME *name = X509_get_subject_name(x509);
    char cn[64];

    snprintf(cn, sizeof cn, "cucm-%05d.example", number);
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1000000 + number);
    X509_NAME_add_entry_by_txt(name, "C", MBSTRING_ASC, (const unsigned char *)"NL", -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const unsigned char *)"Example", -1, -1,
                               0);
    X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_ASC, (const unsigned char *)"Voice", -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)cn, -1, -1, 0);
    X509_set_issuer_name(x509, name);
    X509_gmtime_adj(X509_getm_notBefore(x509), -YEAR);
    X509_gmtime_adj(X509_getm_notAfter(x509), 5L * YEAR);
    X509_set_pubkey(x509, key);
    if (X509_sign(x509, key, EVP_sha256()) <= 0)
        die("signing");
    return x509;
}

static void make_folder(const char *folder, const char *below)
{
    char path[PATH_ROOM];

    snprintf(path, sizeof path, "%s%s", folder, below);
    if (mkdir(path, 0700) != 0)
        die(path);
}

static void make(const char *folder, int count)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);

    make_folder(folder, "/pub");
    make_folder(folder, "/pub/CallManager-trust");
    for (int file = 0; file < FILES; file++) {
        char path[PATH_ROOM];
        FILE *out;

        path_of(path, folder, file);
        out = fopen(path, "w");
        if (out == NULL)
            die(path);
        for (int i = 0; i < count / FILES; i++) {
            X509 *x509 = make_certificate(key, file * (count / FILES) + i);

            PEM_write_X509(out, x509);
            X509_free(x509);
        }
        fclose(out);
    }
    EVP_PKEY_free(key);
}

int main(int argc, char **argv)
{
    const int count = argc == 3 ? atoi(argv[2]) : 0;

    if (count < FILES) {
        fprintf(stderr, "usage: bench_stores FOLDER COUNT\n");
        return 2;
    }
    make(argv[1], count);
    return 0;
}
