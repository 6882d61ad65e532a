/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Programs that do what a check of ours has to do, with OpenSSL's own functions alone: what is
 * above them is ours; a check may be below, since it makes no keys that nobody uses. Each ends with
 * 0 when all of it was done. For tests/bench/run.
 * usage: bench_floor nothing
 *        bench_floor certificates DER-FILE...     a file may hold one certificate after the other
 *        bench_floor pem PEM-FILE...
 *        bench_floor files LIST-OF-PATHS DER-FILE...   reads and hashes the files as well
 *        bench_floor signed PATHS-OF-LISTS LIST-OF-PATHS DER-FILE...
 *            the same, and of the lists does what verifying their signatures takes
 *        bench_floor handshake ADDRESS PORT       TLS 1.2 as phones speak it, and goodbye
 */
#define _POSIX_C_SOURCE 200809L
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>

enum { ROOM = 4 << 20, PATH_ROOM = 4096 };

static uint8_t buffer[ROOM];

static size_t read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    size_t size;

    if (in == NULL) {
        perror(path);
        exit(2);
    }
    size = fread(buffer, 1, sizeof buffer, in);
    fclose(in);
    return size;
}

static bool parse_certificates(char **paths)
{
    for (; *paths != NULL; paths++) {
        const size_t size = read_file(*paths);
        const uint8_t *at = buffer;

        while (at < buffer + size) {
            X509 *x509 = d2i_X509(NULL, &at, (long)(buffer + size - at));

            if (x509 == NULL)
                return false;
            X509_free(x509);
        }
    }
    return true;
}

static bool parse_pem(char **paths)
{
    for (; *paths != NULL; paths++) {
        BIO *bio = BIO_new_file(*paths, "r");
        X509 *x509;

        if (bio == NULL)
            return false;
        while ((x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
            X509_free(x509);
        BIO_free(bio);
    }
    return true;
}

/* SHA-512 and one exponentiation with the key, of a signature that is as long as a right one and
 * is none: refusing it costs what accepting one does. */
static bool verify(EVP_PKEY *key, size_t size)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    uint8_t signature[1024] = {0};
    const size_t length = (size_t)EVP_PKEY_get_size(key);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    unsigned digest_size;
    bool good = length <= sizeof signature && context != NULL &&
                EVP_Digest(buffer, size, digest, &digest_size, EVP_sha512(), NULL) == 1 &&
                EVP_PKEY_verify_init(context) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
                EVP_PKEY_CTX_set_signature_md(context, EVP_sha512()) == 1;

    memset(signature + 1, 0x55, good ? length - 1 : 0);
    good = good && EVP_PKEY_verify(context, signature, length, digest, digest_size) != 1;
    EVP_PKEY_CTX_free(context);
    ERR_clear_error();
    return good;
}

/* The key of the first certificate in a file. */
static EVP_PKEY *first_key(const char *path)
{
    const size_t size = read_file(path);
    const uint8_t *at = buffer;
    X509 *x509 = d2i_X509(NULL, &at, (long)size);
    EVP_PKEY *key = x509 == NULL ? NULL : X509_get_pubkey(x509);

    X509_free(x509);
    return key;
}

/* signer: NULL for files that need not be verified. */
static bool hash_files(const char *list_of_paths, EVP_PKEY *signer)
{
    FILE *paths = fopen(list_of_paths, "r");
    char path[PATH_ROOM];
    uint8_t digest[EVP_MAX_MD_SIZE];
    bool good = paths != NULL;

    while (good && fgets(path, sizeof path, paths) != NULL) {
        size_t size;

        path[strcspn(path, "\n")] = '\0';
        size = read_file(path);
        good = EVP_Digest(buffer, size, digest, NULL, EVP_sha256(), NULL) == 1 &&
               (signer == NULL || verify(signer, size));
    }
    if (paths != NULL)
        fclose(paths);
    return good;
}

static bool hash_signed(const char *list_of_paths, const char *der_file)
{
    EVP_PKEY *key = first_key(der_file);
    const bool good = key != NULL && hash_files(list_of_paths, key);

    EVP_PKEY_free(key);
    return good;
}

static bool shake_hands(const char *address, const char *port)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    BIO *way = context == NULL ? NULL : BIO_new_ssl_connect(context);
    bool good = false;

    if (way != NULL) {
        SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
        BIO_set_conn_hostname(way, address);
        BIO_set_conn_port(way, port);
        good = BIO_do_connect(way) == 1 && BIO_do_handshake(way) == 1;
        BIO_ssl_shutdown(way);
    }
    BIO_free_all(way);
    SSL_CTX_free(context);
    return good;
}

int main(int argc, char **argv)
{
    bool good = false;

    if (argc >= 2 && strcmp(argv[1], "nothing") == 0)
        good = OpenSSL_version_num() != 0; /* so that the library is needed */
    else if (argc >= 3 && strcmp(argv[1], "certificates") == 0)
        good = parse_certificates(argv + 2);
    else if (argc >= 3 && strcmp(argv[1], "pem") == 0)
        good = parse_pem(argv + 2);
    else if (argc >= 3 && strcmp(argv[1], "files") == 0)
        good = hash_files(argv[2], NULL) && parse_certificates(argv + 3);
    else if (argc >= 5 && strcmp(argv[1], "signed") == 0)
        good = hash_signed(argv[2], argv[4]) && hash_files(argv[3], NULL) &&
               parse_certificates(argv + 4);
    else if (argc == 4 && strcmp(argv[1], "handshake") == 0)
        good = shake_hands(argv[2], argv[3]);
    else
        fprintf(stderr, "usage: bench_floor nothing|certificates|pem|files|signed|handshake ...\n");
    if (!good)
        ERR_print_errors_fp(stderr);
    return good ? 0 : 2;
}
