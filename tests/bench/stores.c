/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What check_ucm_truststore costs with very many certificates in one store, beside the floor:
 * reading the same files with OpenSSL alone. Each is a process of its own; they run in turns and
 * the median counts, so that a busy machine disturbs both alike.
 */
#define _DEFAULT_SOURCE /* wait4 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum { COUNT = 20000, FILES = 20, TURNS = 5, PATH_ROOM = 4096, YEAR = 365 * 86400 };

static const double RATIO_MAX = 1.5;
static const long MEMORY_MAX_MB = 128;

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void path_of(char *path, const char *folder, int file)
{
    snprintf(path, PATH_ROOM, "%s/pub/CallManager-trust/%02d.pem", folder, file);
}

/* ---- the certificates ---- */

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

static void make(const char *folder)
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
        for (int i = 0; i < COUNT / FILES; i++) {
            X509 *x509 = make_certificate(key, file * (COUNT / FILES) + i);

            PEM_write_X509(out, x509);
            X509_free(x509);
        }
        fclose(out);
    }
    EVP_PKEY_free(key);
}

static void remove_all(const char *folder)
{
    char path[PATH_ROOM];

    for (int file = 0; file < FILES; file++) {
        path_of(path, folder, file);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/pub/CallManager-trust", folder);
    rmdir(path);
    snprintf(path, sizeof path, "%s/pub", folder);
    rmdir(path);
    rmdir(folder);
}

/* ---- the floor ---- */

static int read_with_openssl(const char *folder)
{
    int count = 0;

    for (int file = 0; file < FILES; file++) {
        char path[PATH_ROOM];
        BIO *bio;
        X509 *x509;

        path_of(path, folder, file);
        bio = BIO_new_file(path, "r");
        if (bio == NULL)
            die(path);
        while ((x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
            X509_free(x509);
            count++;
        }
        BIO_free(bio);
    }
    return count == COUNT ? 0 : 2;
}

/* ---- running ---- */

/** What one run cost. */
struct cost {
    double seconds; /* of CPU */
    long kilobytes; /* at its peak */
};

static struct cost run(char *const *words)
{
    struct rusage usage;
    int status = 0;
    const pid_t child = fork();

    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);

        dup2(nowhere, STDOUT_FILENO);
        execv(words[0], words);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s did not end well\n", words[0]);
        exit(2);
    }
    return (struct cost){
        (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
            (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6,
        usage.ru_maxrss,
    };
}

static int by_seconds(const void *a, const void *b)
{
    const struct cost *one = a;
    const struct cost *other = b;

    return (one->seconds > other->seconds) - (one->seconds < other->seconds);
}

static int compare(char *self, char *check, char *folder)
{
    char *floor_words[] = {self, "--floor", folder, NULL};
    char *check_words[] = {check, "--dir", folder, "-t", "600", NULL};
    struct cost floors[TURNS];
    struct cost checks[TURNS];
    double ratio;

    for (int i = 0; i < TURNS; i++) {
        floors[i] = run(floor_words);
        checks[i] = run(check_words);
    }
    qsort(floors, TURNS, sizeof floors[0], by_seconds);
    qsort(checks, TURNS, sizeof checks[0], by_seconds);
    ratio = checks[TURNS / 2].seconds / floors[TURNS / 2].seconds;
    printf("%d certificates in one store\n", COUNT);
    printf("  OpenSSL alone         %6.2f s of CPU %6ld MB\n", floors[TURNS / 2].seconds,
           floors[TURNS / 2].kilobytes / 1024);
    printf("  check_ucm_truststore  %6.2f s of CPU %6ld MB\n", checks[TURNS / 2].seconds,
           checks[TURNS / 2].kilobytes / 1024);
    printf("  ratio %.2f (goal: at most %.1f), memory %ld MB (goal: at most %ld)\n", ratio,
           RATIO_MAX, checks[TURNS / 2].kilobytes / 1024, MEMORY_MAX_MB);
    return ratio <= RATIO_MAX && checks[TURNS / 2].kilobytes <= MEMORY_MAX_MB * 1024 ? 0 : 1;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/ucmtrust-stores-XXXXXX";
    int code;

    if (argc == 3 && strcmp(argv[1], "--floor") == 0)
        return read_with_openssl(argv[2]);
    if (argc != 2) {
        fprintf(stderr, "usage: bench_stores CHECK_UCM_TRUSTSTORE\n");
        return 2;
    }
    if (mkdtemp(folder) == NULL)
        die(folder);
    make(folder);
    code = compare(argv[0], argv[1], folder);
    remove_all(folder);
    return code;
}
