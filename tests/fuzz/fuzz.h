/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the fuzz targets share: a condition that must hold, and what every text that leaves a check
 * must look like. Written apart from common/ and nagios/, so that it can disagree with them.
 */
#ifndef UCMTRUST_TESTS_FUZZ_FUZZ_H
#define UCMTRUST_TESTS_FUZZ_FUZZ_H

#include "common/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A target is one of these: it takes any bytes, and returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** The moment at which everything is judged; inside the validity of the seeds. */
enum { FUZZ_NOW = 1764000000 };

/** Say which condition of an oracle did not hold, and abort. */
_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/** An oracle: aborts unless the condition holds, whatever the build. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fuzz_fail(__FILE__, __LINE__, #condition);                                             \
    } while (0)

/** Is it valid UTF-8 without control bytes? newlines: LF is allowed. */
bool fuzz_printable(const char *text, size_t size, bool newlines);

/** Is it what Monitoring Plugins may print: printable lines, the first one "STATE - text | data",
 * and no other '|' anywhere? */
bool fuzz_plugin_output(const char *text, size_t size);

/** Is it one JSON value (RFC 8259) and nothing else, with nothing that an engine would cut at? */
bool fuzz_json(const char *text, size_t size);

/** The lowest descriptor of fuzz_file(). */
enum { FUZZ_FILE_FIRST = 100 };

/** A path under which these bytes can be read as a regular file, until the next call with the same
 * slot (0 to 3). */
const char *fuzz_file(unsigned slot, const uint8_t *data, size_t size);

/** Are two decoded things the same, field by field? (The bytes between fields may be any.) */
bool fuzz_same_finding(const struct ucm_finding *one, const struct ucm_finding *two);
bool fuzz_same_anomalies(const struct ucm_anomalies *one, const struct ucm_anomalies *two);

/** Walk the tables of names and findings, once. */
void fuzz_tables(void);

/** The front of an input, taken byte by byte, for what a target wants to choose. */
struct fuzz_input {
    const uint8_t *data;
    size_t size;
};

/** Take a byte, a number of two bytes, or a piece; 0 and less where there is no more. */
uint8_t fuzz_u8(struct fuzz_input *input);
uint16_t fuzz_u16(struct fuzz_input *input);
struct fuzz_input fuzz_piece(struct fuzz_input *input, size_t size);

/** A copy of exactly this size, so that a read past its end is seen; with a NUL after it where it
 * is to be a text. free() it. */
uint8_t *fuzz_copy(struct fuzz_input input);
char *fuzz_text(struct fuzz_input input);

#endif
