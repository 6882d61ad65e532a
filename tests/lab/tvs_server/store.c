/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The certificates a TVS node knows, from a folder of trust stores, with the roles their stores
 * give them. It must not know about messages. The name of the folder a file lies in is the name of
 * its store. Facts: roles by store of release 9.1 (document 210541); lookup is by issuer and
 * serial, so two that agree collide. */
#include "server.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#define NO_ROLE 0xff

static const struct {
    const char *store;
    uint8_t roles[2];
} STORE_ROLES[] = {
    {"CallManager", {2, 0}},
    {"Phone-SAST-trust", {0, 3}},
    {"CAPF", {4, NO_ROLE}},
    {"TVS", {21, NO_ROLE}},
    {"tomcat", {7, NO_ROLE}},
    {"tomcat-trust", {7, NO_ROLE}},
    {"ipsec", {7, NO_ROLE}},
    {"Phone-trust", {7, NO_ROLE}},
    {"Phone-CTL-trust", {7, NO_ROLE}},
    {"Phone-VPN-trust", {26, NO_ROLE}},
    /* Its role is not published (grade C); a SAST is what the lists make of it. */
    {"ITLRecovery", {0, NO_ROLE}},
    /* All others, CallManager-trust among them, give none: found, but of no use to a phone. */
};

/* The order in which lists and requests write a name. */
static const int NAME_ORDER[] = {NID_commonName,   NID_organizationalUnitName, NID_organizationName,
                                 NID_localityName, NID_stateOrProvinceName,    NID_countryName};
static const char *const NAME_SHORT[] = {"CN", "OU", "O", "L", "ST", "C"};

static void name_text(const X509_NAME *name, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof NAME_ORDER / sizeof *NAME_ORDER; i++) {
        char value[256];
        if (X509_NAME_get_text_by_NID(name, NAME_ORDER[i], value, sizeof value) < 0)
            continue;
        int wrote =
            snprintf(out + used, size - used, "%s%s=%s", used ? ";" : "", NAME_SHORT[i], value);
        if (wrote < 0 || (size_t)wrote >= size - used)
            return;
        used += (size_t)wrote;
    }
}

static void add_role(struct stored *item, uint8_t role)
{
    for (size_t i = 0; i < item->roles_count; i++) {
        if (item->roles[i] == role)
            return;
    }
    if (role != NO_ROLE && item->roles_count < ROLES_MAX)
        item->roles[item->roles_count++] = role;
}

static void add_store_roles(struct stored *item, const char *store)
{
    for (size_t i = 0; i < sizeof STORE_ROLES / sizeof *STORE_ROLES; i++) {
        if (strcasecmp(store, STORE_ROLES[i].store) == 0) {
            add_role(item, STORE_ROLES[i].roles[0]);
            add_role(item, STORE_ROLES[i].roles[1]);
        }
    }
}

static bool add_certificate(struct store *store, X509 *certificate, const char *store_name)
{
    uint8_t *der = NULL;
    int size = i2d_X509(certificate, &der);
    if (size <= 0)
        return false;
    struct stored *item = NULL;
    for (size_t i = 0; i < store->count && item == NULL; i++) {
        if (store->items[i].der_size == (size_t)size &&
            memcmp(store->items[i].der, der, (size_t)size) == 0)
            item = &store->items[i];
    }
    if (item != NULL) {
        OPENSSL_free(der);
    } else {
        if (store->count == CERTIFICATES_MAX) {
            OPENSSL_free(der);
            return false;
        }
        item = &store->items[store->count++];
        item->der = der;
        item->der_size = (size_t)size;
        name_text(X509_get_issuer_name(certificate), item->issuer, sizeof item->issuer);
        const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
        size_t length = (size_t)ASN1_STRING_length(serial);
        item->serial_size = length < sizeof item->serial ? length : sizeof item->serial;
        memcpy(item->serial, ASN1_STRING_get0_data(serial), item->serial_size);
    }
    add_store_roles(item, store_name);
    return true;
}

static bool has_ending(const char *name, const char *ending)
{
    size_t size = strlen(name), wanted = strlen(ending);
    return size > wanted && strcasecmp(name + size - wanted, ending) == 0;
}

/* A PEM file may hold several certificates, a DER file one; what does not read is said and skipped.
 */
static bool load_file(struct store *store, const char *path, const char *store_name)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    bool added = false;
    X509 *certificate = NULL;
    if (has_ending(path, ".der")) {
        certificate = d2i_X509_fp(file, NULL);
        added = certificate != NULL && add_certificate(store, certificate, store_name);
        X509_free(certificate);
    } else {
        while ((certificate = PEM_read_X509(file, NULL, NULL, NULL)) != NULL) {
            added = add_certificate(store, certificate, store_name);
            X509_free(certificate);
            if (!added)
                break;
        }
    }
    fclose(file);
    if (!added)
        fprintf(stderr, "no certificate taken from %s\n", path);
    return added;
}

static bool load_entry(struct store *store, const char *path, const char *entry,
                       const char *store_name, int depth);

/* Sorted, so that which of two colliding certificates is found does not depend on the file system.
 */
static bool load_folder(struct store *store, const char *folder, const char *store_name, int depth)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0)
        return false;
    for (int i = 0; i < count; i++) {
        char path[4096];
        int wrote = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && wrote > 0 && (size_t)wrote < sizeof path)
            load_entry(store, path, entries[i]->d_name, store_name, depth);
        free(entries[i]);
    }
    free(entries);
    return true;
}

static bool load_entry(struct store *store, const char *path, const char *entry,
                       const char *store_name, int depth)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return false;
    if (S_ISDIR(about.st_mode))
        return depth < STORE_DEPTH_MAX && load_folder(store, path, entry, depth + 1);
    if (!S_ISREG(about.st_mode) || about.st_size > STORE_FILE_MAX)
        return false;
    if (!has_ending(entry, ".pem") && !has_ending(entry, ".der") && !has_ending(entry, ".crt"))
        return false;
    return load_file(store, path, store_name);
}

bool store_load(struct store *store, const char *folder)
{
    store->count = 0;
    store->items = calloc(CERTIFICATES_MAX, sizeof *store->items);
    return store->items != NULL && load_folder(store, folder, "", 0);
}

static void skip_zeros(const uint8_t **bytes, size_t *size)
{
    while (*size > 1 && **bytes == 0) {
        (*bytes)++;
        (*size)--;
    }
}

const struct stored *store_by_name(const struct store *store, const struct request *request)
{
    const uint8_t *wanted = request->serial;
    size_t wanted_size = request->serial_size;
    if (wanted == NULL || request->issuer == NULL || request->issuer_size == 0)
        return NULL;
    skip_zeros(&wanted, &wanted_size);
    size_t name_size = request->issuer_size - 1; /* without the NUL that is counted on the wire */
    for (size_t i = 0; i < store->count; i++) {
        const struct stored *item = &store->items[i];
        const uint8_t *serial = item->serial;
        size_t serial_size = item->serial_size;
        skip_zeros(&serial, &serial_size);
        if (serial_size == wanted_size && memcmp(serial, wanted, wanted_size) == 0 &&
            strlen(item->issuer) == name_size &&
            memcmp(item->issuer, request->issuer, name_size) == 0)
            return item;
    }
    return NULL;
}

const struct stored *store_by_certificate(const struct store *store, const uint8_t *der,
                                          size_t size)
{
    for (size_t i = 0; i < store->count; i++) {
        if (store->items[i].der_size == size && memcmp(store->items[i].der, der, size) == 0)
            return &store->items[i];
    }
    return NULL;
}
