/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Saved output of `show itl`, `show ctl` and `show cert list own|trust`, as people paste it into
 * tickets: with prompts, other commands, wrapped lines, any line ends. Bytes in, views out; no
 * allocation, no I/O. Reads what can be read; what it does not know is a line of kind OTHER.
 *
 * Facts: Cisco documents 118893 and 118892 print whole outputs of `show ctl` (A); the same lines
 * with ITL for CTL are grade B (document 116232). The first column is headed BYTEPOS and holds the
 * tag. The product spells DIGESTALGORTITHM and SIGNATUREALGORTITHM.
 */
#ifndef UCMTRUST_COMMON_SHOW_H
#define UCMTRUST_COMMON_SHOW_H

#include "lines.h"
#include "trustlist.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Facts show (test_show:each_line_says_what_it_is, test_show:sentences,
 * test_show:certificates_of_stores): lines of show itl, show ctl and show cert list. */
/** What a line says. */
enum ucm_show_what {
    UCM_SHOW_OTHER,     /**< nothing that we know */
    UCM_SHOW_COMMAND,   /**< a prompt; value: the command, node: what stands before "admin:" (C) */
    UCM_SHOW_HOST,      /**< "Host Name : X" of `show status` (B); value */
    UCM_SHOW_CHECKSUMS, /**< "The checksum value of the CTL file:" (A) */
    UCM_SHOW_MD5,       /**< "<32 digits>(MD5)" (A); value: the digits */
    UCM_SHOW_SHA1,      /**< "<40 digits>(SHA1)" (A); value: the digits */
    UCM_SHOW_SIZE,      /**< "Length of CTL file: N" (A); number */
    UCM_SHOW_MODIFIED,  /**< "The CTL File was last modified on DATE" (A); value */
    UCM_SHOW_MISSING,   /**< "CTL File not found…" (A) */
    UCM_SHOW_PARSE,     /**< "Parse CTL File" (A) */
    UCM_SHOW_VERSION,   /**< "Version: 1.2" (A); number: major * 256 + minor */
    UCM_SHOW_HEADER_LENGTH, /**< "HeaderLength: 336 (BYTES)" (A); number */
    UCM_SHOW_RECORD,        /**< "CTL Record #:1" (A); number */
    UCM_SHOW_ROW,           /**< tag, name, LENGTH in number, VALUE (A; may go over lines) */
    UCM_SHOW_SIGNER,        /**< "This etoken was used to sign the CTL file." (A) */
    UCM_SHOW_NO_SIGNER,     /**< "This etoken was not used to sign the CTL file." (A) */
    UCM_SHOW_VERIFIED,      /**< "The CTL file was verified successfully." (A) */
    UCM_SHOW_FAILED,        /**< "Verification of the ITL File failed", "Error parsing…" (B) */
    UCM_SHOW_CERTIFICATE,   /**< "STORE/FILE.pem: DESCRIPTION" (B; may go over lines) */
};

/** A line, with those that continue it. Views lie in the text. */
struct ucm_show_line {
    enum ucm_show_what what;
    enum ucm_list_kind list; /**< the list that it names, UCM_LIST_UNKNOWN for none */
    uint32_t line;           /**< number of its first line */
    struct ucm_view whole;
    struct ucm_view node;
    struct ucm_view name;  /**< of a row; of a certificate's store */
    struct ucm_view file;  /**< of a certificate; may hold line ends */
    struct ucm_view value; /**< may hold line ends */
    uint32_t number;
    uint32_t tag; /**< of a row */
};

/** Pull the next line that is not blank. False at the end. */
bool ucm_show_next(struct ucm_lines *lines, struct ucm_show_line *line);

/** What the output of one `show itl` or `show ctl` says of the file as a whole. */
struct ucm_show_block {
    enum ucm_list_kind kind; /**< UCM_LIST_UNKNOWN: no line names it */
    uint32_t line;           /**< where it begins */
    uint32_t has;            /**< bit (1 << enum ucm_show_what) for each kind of line in it */
    struct ucm_view node;    /**< from a prompt or "Host Name" before it; may be empty */
    struct ucm_view md5;
    struct ucm_view sha1;
    struct ucm_view modified;
    uint32_t size;
    uint16_t version;
    uint32_t header_length;
    uint32_t records;        /**< how many it shows */
    uint32_t last_record;    /**< the highest number among them */
    struct ucm_lines inside; /**< all of its lines again */
};

/** Pulls the outputs of a text. Start zeroed but for lines. */
struct ucm_show_blocks {
    struct ucm_lines lines;
    struct ucm_view node;
    enum ucm_list_kind asked; /**< which list the last command showed */
};

static inline bool ucm_show_has(const struct ucm_show_block *block, enum ucm_show_what what)
{
    return (block->has >> what & 1u) != 0;
}

/** Pull the next output. Several may stand in a text, with others between them. */
bool ucm_show_block_next(struct ucm_show_blocks *blocks, struct ucm_show_block *block);

/** The moment in "Wed Jan 14 09:30:05 CET 2026", Unix seconds. Names of zones say little, so it is
 * read as UTC and may be 14 hours off. */
bool ucm_show_date(const uint8_t *base, struct ucm_view view, int64_t *seconds);

/** The role that a text such as "System Administrator Security Token" names, UCM_ROLE_NONE for
 * none that we know. */
uint16_t ucm_show_role(const uint8_t *base, struct ucm_view view);

#ifdef __cplusplus
}
#endif

#endif
