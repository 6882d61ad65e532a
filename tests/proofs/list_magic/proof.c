/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether a file is claimed is told from bytes that are there.
 *
 * proves: ucm_trustlist_magic
 * replaces: ucm_take_tlv memcmp
 * links: bytes
 */
#include "proof.h"
#include "common/trustlist.c"
#include "contracts/libc.h"
#include "contracts/trustlist.h"

void proof(void)
{
    size_t size = (size_t)any_length() + any_bool();
    bool magic = ucm_trustlist_magic(any_bytes(size), size);

    SHOW(!magic || size >= 8);
    REACHABLE(magic);
}
