/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads certificates for pins and questions. Must not decode: common/cert does.
 */
#include "certificate.h"

#include "fetch.h"

#include "common/cert_cache.h"

#include <glib.h>
#include <stdlib.h>

enum { CERTIFICATE_MAX = 0xffff };

uint8_t *certificate_read(const char *path, struct ucm_cert_cache *cache, size_t *size, char **why)
{
    struct fetch fetch = {0};
    uint8_t *der = NULL;

    *size = 0;
    fetch_file(path, &fetch);
    if (fetch.outcome == FETCH_OK) {
        /* Neither PEM nor DER is shorter than the certificate in it. */
        const size_t room = MIN(fetch.size, CERTIFICATE_MAX);

        der = g_malloc(room);
        *size = ucm_cert_cache_der(cache, fetch.data, fetch.size, der, room);
    }
    free(fetch.data);
    if (*size > 0)
        return g_realloc(der, *size);
    g_free(der);
    *why = g_strdup_printf("certificate %s: %s", path,
                           fetch.outcome == FETCH_OK ? "neither PEM nor DER" : fetch.detail);
    return NULL;
}
