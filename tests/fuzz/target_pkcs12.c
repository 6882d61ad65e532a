/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * PKCS#12 files. Input: length of the password, the password, the file. The most rounds of a hash
 * are fewer here, so that no input is slow: that they are counted before they are done is tested in
 * tests/unit/test_pkcs12.c.
 */
#include "fuzz.h"

#include "common/cert.h"
#include "common/pkcs12.h"

#include <stdlib.h>
#include <string.h>

#define UCM_PKCS12_ROUNDS_MAX 4096
#include "common/pkcs12.c"
#undef UCM_PKCS12_ROUNDS_MAX

static void check_item(const struct ucm_pkcs12_item *item)
{
    struct ucm_cert cert;

    MUST(item->der != NULL && item->size > 0);
    MUST(memchr(item->name, '\0', UCM_PKCS12_NAME_MAX) != NULL);
    ucm_cert_read(item->der, item->size, &cert);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    char *password = fuzz_text(fuzz_piece(&input, fuzz_u8(&input) % 32));
    struct ucm_pkcs12 one;
    struct ucm_pkcs12 two;

    ucm_pkcs12_read(input.data, input.size, password, &one);
    MUST(one.outcome <= UCM_PKCS12_MEMORY && one.count <= UCM_PKCS12_CERTIFICATES_MAX);
    MUST(memchr(one.detail, '\0', sizeof one.detail) != NULL);
    MUST(memchr(one.old_cipher, '\0', sizeof one.old_cipher) != NULL);
    for (size_t i = 0; i < one.count; i++)
        check_item(&one.item[i]);
    ucm_pkcs12_read(input.data, input.size, password, &two);
    MUST(one.outcome == two.outcome && one.count == two.count &&
         one.private_key == two.private_key && strcmp(one.detail, two.detail) == 0);
    ucm_pkcs12_free(&one);
    ucm_pkcs12_free(&two);
    free(password);
    return 0;
}
