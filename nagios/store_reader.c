/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kinds of sources: see store_reader.h.
 */
#include "store_reader.h"

#include "store_axl.h"
#include "store_dir.h"
#include "store_pkcs12.h"
#include "store_text.h"

#include <string.h>

const struct store_reader *const STORE_READERS[] = {
    &STORE_DIR, &STORE_AXL, &STORE_PKCS12, &STORE_TEXT, NULL,
};

const struct store_reader *store_reader_find(const char *kind, size_t size)
{
    for (size_t i = 0; STORE_READERS[i] != NULL; i++)
        if (strlen(STORE_READERS[i]->kind) == size &&
            strncmp(STORE_READERS[i]->kind, kind, size) == 0)
            return STORE_READERS[i];
    return NULL;
}
