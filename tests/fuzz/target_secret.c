/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Files with secrets: one line, or a login on one or two. No message holds a byte of them.
 */
#include "fuzz.h"
#include "seam.h"

#include "nagios/plugin.h"
#include "nagios/secret_file.h"

#include <string.h>

/** What was read of a file. */
struct secrets {
    const char *path;
    char *one;
    char *user;
    char *password;
};

static void read_one(void *user)
{
    struct secrets *secrets = user;

    secrets->one = secret_file_read("--password-file", secrets->path);
}

static void read_login(void *user)
{
    struct secrets *secrets = user;

    secret_file_read_login("--axl-credentials", secrets->path, &secrets->user, &secrets->password);
}

/* The same message whatever stands in the file. */
static void check_end(const struct seam_end *end)
{
    static const char *const MESSAGES[] = {
        "UNKNOWN - usage: --password-file: expected one line of at most 1023 bytes in "
        "/proc/self/fd/100 (see --help)\n",
        "UNKNOWN - usage: --axl-credentials: expected a line with the user and one with the "
        "password, or user:password, in /proc/self/fd/100 (see --help)\n"};

    if (end->left)
        MUST(end->code == STATE_UNKNOWN && (strcmp(end->text->str, MESSAGES[0]) == 0 ||
                                            strcmp(end->text->str, MESSAGES[1]) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct secrets secrets = {.path = fuzz_file(0, data, size)};
    struct seam_end end = seam_run(read_one, &secrets);

    check_end(&end);
    MUST(end.left == (secrets.one == NULL));
    if (secrets.one != NULL) {
        const size_t length = strlen(secrets.one);

        MUST(length <= size && memcmp(secrets.one, data, length) == 0);
        MUST(strpbrk(secrets.one, "\r\n") == NULL);
        for (size_t i = length; i < size; i++)
            MUST(data[i] == '\r' || data[i] == '\n');
    }
    end = seam_run(read_login, &secrets);
    check_end(&end);
    MUST(end.left == (secrets.user == NULL) && end.left == (secrets.password == NULL));
    if (secrets.user != NULL) {
        MUST(*secrets.user != '\0' && *secrets.password != '\0');
        MUST(strlen(secrets.user) + strlen(secrets.password) < size);
        MUST(strpbrk(secrets.user, ":\r\n") == NULL && strpbrk(secrets.password, "\r\n") == NULL);
    }
    secret_free(secrets.one);
    secret_free(secrets.user);
    secret_free(secrets.password);
    return 0;
}
