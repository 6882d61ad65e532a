/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What must be known before TVS is asked: which servers to trust, and which certificate the
 * question is about. From files and URLs. Knows nothing of connections.
 */
#ifndef UCMTRUST_NAGIOS_TVS_MATERIAL_H
#define UCMTRUST_NAGIOS_TVS_MATERIAL_H

#include "tvs_client.h"

#include <glib.h>

/** Where it comes from; NULL for what was not given. */
struct tvs_sources {
    const char *trustlist;   /**< file or URL */
    char *const *pin;        /**< files */
    const char *certificate; /**< file */
    const char *signer_of;   /**< file or URL */
};

/** The material. Free with tvs_material_free(). */
struct tvs_material {
    GPtrArray *buffers;    /**< keeps the bytes that the rest points into */
    GArray *pins;          /**< of struct tvs_pin */
    const uint8_t *wanted; /**< DER of the certificate to ask about; NULL for none */
    size_t wanted_size;
    char *subject; /**< of it, as a list or a certificate writes them; raw */
    char *issuer;
    GBytes *serial; /**< without leading zero bytes */
    char *why;      /**< what could not be had, NULL when all is there */
};

/** Load all of it. False: then why says what is missing. Free it in both cases. */
bool tvs_material_load(const struct tvs_sources *sources, struct tvs_material *material);
void tvs_material_free(struct tvs_material *material);

#endif
