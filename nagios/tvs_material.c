/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pins and the certificate in question. Must not decode bytes: common/ does.
 * Facts: phones trust the records with the TVS role of their ITL (document 213407).
 */
#include "tvs_material.h"

#include "certificate.h"
#include "fetch.h"

#include "common/cert.h"
#include "common/signature.h"

#include <stdlib.h>
#include <string.h>

/** A list or signed file, fetched and verified. Not judged: that is the business of another check,
 * and reading every certificate of a list costs more than asking a TVS server. */
struct loaded {
    const char *from;
    struct fetch fetch;
    struct ucm_trustlist list;
    struct ucm_signature signature;
};

static bool fail(struct tvs_material *material, char *why)
{
    g_free(material->why);
    material->why = why;
    return false;
}

/* Keep bytes as long as the material lives. */
static const uint8_t *keep(struct tvs_material *material, const uint8_t *bytes, size_t size)
{
    uint8_t *copy = g_memdup2(bytes, size);

    g_ptr_array_add(material->buffers, copy);
    return copy;
}

static void add_pin(struct tvs_material *material, const uint8_t *der, size_t size)
{
    const struct tvs_pin pin = {keep(material, der, size), size};

    g_array_append_val(material->pins, pin);
}

/* ---- certificates in files ---- */

static uint8_t *read_certificate(struct tvs_material *material, const char *path, size_t *size)
{
    char *why = NULL;
    uint8_t *der = certificate_read(path, NULL, size, &why);

    if (der == NULL)
        (void)fail(material, why);
    return der;
}

static bool load_pins(struct tvs_material *material, char *const *paths)
{
    for (char *const *path = paths; path != NULL && *path != NULL; path++) {
        size_t size = 0;
        g_autofree uint8_t *der = read_certificate(material, *path, &size);

        if (der == NULL)
            return false;
        add_pin(material, der, size);
    }
    return true;
}

static bool use_certificate(struct tvs_material *material, const char *from, const uint8_t *der,
                            size_t size)
{
    struct ucm_cert cert;

    if (!ucm_cert_read(der, size, &cert))
        return fail(material, g_strdup_printf("certificate of %s: damaged, or no X.509", from));
    material->wanted = keep(material, der, size);
    material->wanted_size = size;
    material->subject = g_strdup(cert.subject);
    material->issuer = g_strdup(cert.issuer);
    material->serial = g_bytes_new(cert.serial, cert.serial_size);
    return true;
}

static bool load_certificate(struct tvs_material *material, const char *path)
{
    size_t size = 0;
    g_autofree uint8_t *der = read_certificate(material, path, &size);

    return der != NULL && use_certificate(material, path, der, size);
}

/* ---- lists ---- */

static void fetch_lists(struct loaded *lists, size_t count)
{
    struct fetch *remote = g_new0(struct fetch, count);
    size_t remotes = 0;

    for (size_t i = 0; i < count; i++) {
        if (lists[i].from == NULL)
            continue;
        if (fetch_is_url(lists[i].from))
            remote[remotes++].url[0] = lists[i].from;
        else
            fetch_file(lists[i].from, &lists[i].fetch);
    }
    fetch_urls(remote, remotes, INT64_MAX);
    remotes = 0;
    for (size_t i = 0; i < count; i++)
        if (lists[i].from != NULL && fetch_is_url(lists[i].from))
            lists[i].fetch = remote[remotes++];
    g_free(remote);
}

/* A list that nobody signed must not say whom to trust. A signed file is verified with anchor, a
 * list with itself. */
static bool verify(struct tvs_material *material, struct loaded *loaded,
                   const struct ucm_trustlist *anchor)
{
    /* An empty file has no buffer; the decoder needs one to point at. */
    const uint8_t *data = loaded->fetch.data != NULL ? loaded->fetch.data : (const uint8_t *)"";

    if (loaded->fetch.outcome != FETCH_OK)
        return fail(material, g_strdup_printf("%s: %s", loaded->from, loaded->fetch.detail));
    /* Where it stops early, the signature says so. */
    (void)ucm_trustlist_decode(data, loaded->fetch.size, &loaded->list);
    loaded->signature = ucm_signature_check(&loaded->list, anchor != NULL ? anchor : &loaded->list);
    if (loaded->signature.status == UCM_SIGNATURE_VALID)
        return true;
    return fail(material, g_strdup_printf("%s: %s [%s]", loaded->from,
                                          ucm_rule(loaded->signature.reason)->what,
                                          ucm_rule(loaded->signature.reason)->id));
}

static bool pin_tvs_records(struct tvs_material *material, const struct loaded *loaded)
{
    struct ucm_record_walk walk = ucm_record_walk(&loaded->list);
    struct ucm_record record;

    while (ucm_record_next(&walk, &record)) {
        const struct ucm_view der = record.value[UCM_RECORD_CERTIFICATE];

        if (ucm_record_has(&record, UCM_RECORD_CERTIFICATE) && record.role == UCM_ROLE_TVS)
            add_pin(material, loaded->list.data + der.off, der.len);
    }
    if (material->pins->len > 0)
        return true;
    return fail(material, g_strdup_printf("%s: it has no TVS record, so phones that hold it ask no "
                                          "TVS; an ITL is needed",
                                          loaded->from));
}

static char *text_of(const struct ucm_trustlist *list, enum ucm_header_tag tag)
{
    const struct ucm_view view = list->value[tag];

    return g_strndup((const char *)list->data + view.off, view.len);
}

/* The signer as the header names it: that is what a phone asks about. */
static bool use_signer(struct tvs_material *material, const struct loaded *loaded,
                       const struct ucm_trustlist *anchor)
{
    const struct ucm_trustlist *list = &loaded->list;
    const struct ucm_signature *signature = &loaded->signature;
    const struct ucm_view serial = ucm_serial(list->data, list->value[UCM_HEADER_SIGNER_SERIAL]);

    if (signature->certificate_size == 0)
        return fail(material, g_strdup_printf("%s: the certificate of its signer is in no list",
                                              loaded->from));
    if (!use_certificate(material, loaded->from, anchor->data + signature->certificate_at,
                         signature->certificate_size))
        return false;
    g_free(material->subject);
    g_free(material->issuer);
    g_bytes_unref(material->serial);
    material->subject = text_of(list, UCM_HEADER_SIGNER_NAME);
    material->issuer = text_of(list, UCM_HEADER_SIGNER_ISSUER);
    material->serial = g_bytes_new(list->data + serial.off, serial.len);
    return true;
}

static bool load_lists(const struct tvs_sources *sources, struct tvs_material *material)
{
    struct loaded lists[2] = {{.from = sources->trustlist}, {.from = sources->signer_of}};
    struct loaded *trusted = sources->trustlist != NULL ? &lists[0] : NULL;
    struct loaded *signed_file = sources->signer_of != NULL ? &lists[1] : NULL;
    const struct ucm_trustlist *anchor = NULL;
    bool ok = true;

    fetch_lists(lists, G_N_ELEMENTS(lists));
    if (trusted != NULL)
        ok = verify(material, trusted, NULL) && pin_tvs_records(material, trusted);
    if (ok && signed_file != NULL) {
        struct ucm_trustlist header;

        /* Only a signed file needs the other list: a list carries its own signer. */
        if (trusted != NULL && signed_file->fetch.outcome == FETCH_OK &&
            signed_file->fetch.size > 0 &&
            ucm_trustlist_decode(signed_file->fetch.data, signed_file->fetch.size, &header) &&
            header.kind == UCM_LIST_SIGNED_FILE)
            anchor = &trusted->list;
        ok = verify(material, signed_file, anchor) &&
             use_signer(material, signed_file, anchor != NULL ? anchor : &signed_file->list);
    } else if (ok && trusted != NULL && sources->certificate == NULL) {
        ok = use_signer(material, trusted, &trusted->list);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        free(lists[i].fetch.data);
    return ok;
}

bool tvs_material_load(const struct tvs_sources *sources, struct tvs_material *material)
{
    *material = (struct tvs_material){0};
    material->buffers = g_ptr_array_new_with_free_func(g_free);
    material->pins = g_array_new(FALSE, FALSE, sizeof(struct tvs_pin));
    return load_pins(material, sources->pin) &&
           (sources->certificate == NULL || load_certificate(material, sources->certificate)) &&
           load_lists(sources, material);
}

void tvs_material_free(struct tvs_material *material)
{
    g_ptr_array_unref(material->buffers);
    g_array_unref(material->pins);
    g_free(material->subject);
    g_free(material->issuer);
    if (material->serial != NULL)
        g_bytes_unref(material->serial);
    g_free(material->why);
}
