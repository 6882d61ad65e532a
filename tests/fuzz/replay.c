/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Instead of libFuzzer: runs a target over files, and over all files of folders. So what was once
 * found is a test with every compiler. usage: replay_TARGET FILE-OR-FOLDER...
 */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned run_count;

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    long size = -1;
    int bad = 1;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0) {
        /* Exactly its size, so that a read past its end is seen. */
        data = malloc(size > 0 ? (size_t)size : 1);
        rewind(file);
        if (data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size) {
            if (getenv("FUZZ_VERBOSE") != NULL)
                fprintf(stderr, "%s\n", path);
            bad = LLVMFuzzerTestOneInput(data, (size_t)size);
            run_count++;
        }
        free(data);
    }
    if (bad != 0)
        fprintf(stderr, "%s: cannot be run: %s\n", path, strerror(errno));
    if (file != NULL)
        fclose(file);
    return bad;
}

static int run_folder(const char *path)
{
    struct dirent **entries = NULL;
    const int count = scandir(path, &entries, NULL, alphasort);
    int bad = 0;

    for (int i = 0; i < count; i++) {
        char name[4096];

        if (entries[i]->d_name[0] != '.') {
            snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
            bad |= run_file(name);
        }
        free(entries[i]);
    }
    free(entries);
    return count < 0 ? run_file(path) : bad;
}

int main(int argc, char **argv)
{
    int bad = 0;

    for (int i = 1; i < argc; i++)
        bad |= run_folder(argv[i]);
    printf("%u inputs\n", run_count);
    return bad != 0 || run_count == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
