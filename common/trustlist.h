/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust lists (ITL and CTL) and signed files (.sgn): header, records, signed ranges. No
 * allocation, no I/O. Facts: Cisco documents 118893 and 118892 (listings whose arithmetic closes)
 * and the usecallmanager project; grade A unless a comment says otherwise.
 *
 * Everything is tag (1), length (2, big-endian), value; only tag 13 of the header is a bare byte.
 * Read by tag, never by position. The same tag means other things in the header and in a record.
 */
#ifndef UCMTRUST_COMMON_TRUSTLIST_H
#define UCMTRUST_COMMON_TRUSTLIST_H

#include "bytes.h"
#include "finding.h"
#include "names.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    UCM_ROLE_NONE = 0xffff,    /**< role of a record without one; not 0, which is SAST */
    UCM_RECORDS_MAX = 4096,    /**< most records that are judged; phones take about 39 */
    UCM_HEADER_TAG_COUNT = 29, /**< tags 1 to 28 */
    UCM_RECORD_TAG_COUNT = 13, /**< tags 1 to 12 */
    /* Fact record-length-inclusive (A; test_trustlist:published_tokenless_ctl): the length of a
     * record counts its own element, 5 bytes. */
    UCM_RECORD_HEAD_SIZE = 5, /**< the record length element itself */
    /* Fact list-version (A; test_trustlist:published_tokenless_ctl,
     * test_trustlist:each_header_anomaly_is_named): lists have version 1.2. */
    UCM_LIST_VERSION_KNOWN = 0x0102, /**< newest list version that was described: 1.2 */
};

enum ucm_list_kind {
    UCM_LIST_UNKNOWN, /**< records, but neither name nor content says which list */
    UCM_LIST_ITL,
    UCM_LIST_CTL,
    /* Fact signed-file (A; test_trustlist_record:signed_files_have_no_records,
     * test_check_trustlist:test_signed_file): a .sgn file is the same header, then the file
     * itself. */
    UCM_LIST_SIGNED_FILE, /**< .sgn: the header, then the signed file */
};

/** One element of a header or record. */
struct ucm_element {
    uint8_t tag;
    uint8_t depth;         /**< 0; 1 in containers 3 and 7; 2 in 9: by tag, whatever their lengths
                                say, and never deeper than the containers met before */
    uint32_t at;           /**< offset of the tag */
    struct ucm_view value; /**< texts with their NUL; the bare padding byte of tag 13 is at `at`,
                                its value is empty; containers: the whole content */
};

/** Pulls the elements of a header, containers before their content. */
struct ucm_header_walk {
    struct ucm_cursor cursor;
    uint32_t seen;   /**< bit (1 << tag) for each container met so far */
    uint32_t end[3]; /**< where containers 9, 7 and 3 say that they end, 0 for nowhere */
};

/** A decoded header. Views lie in the input. */
struct ucm_trustlist {
    const uint8_t *data;
    uint32_t size;
    enum ucm_list_kind kind;
    uint32_t has;            /**< bit (1 << enum ucm_header_tag) for each tag that is there */
    uint16_t version;        /**< major * 256 + minor */
    uint16_t signer_version; /**< the same, of tag 28 */
    /* Fact list-header-length (A; test_trustlist:published_tokenless_ctl,
     * test_trustlist:header_length_must_be_possible): the header length counts all before the
     * first record, signature and padding too. */
    uint32_t header_length;
    uint8_t digest;     /**< enum ucm_digest */
    uint8_t algorithm;  /**< enum ucm_algorithm */
    uint8_t modulus;    /**< enum ucm_modulus */
    uint32_t timestamp; /**< Unix seconds */
    /* Fact list-padding (A; test_trustlist:published_tokenless_ctl): tag 13 of the header is a
     * bare byte, as often as needed to end on a multiple of 4. */
    uint32_t padding;      /**< how many padding bytes */
    uint32_t signature_at; /**< offset of the signature element, tag included */
    struct ucm_view value[UCM_HEADER_TAG_COUNT]; /**< first of each tag; texts without NUL */
    struct ucm_view body;                        /**< records, or the signed file */
    struct ucm_finding error;                    /**< where it stopped; id 0 when it did not */
    struct ucm_anomalies anomalies;              /**< tolerated; decoding went on */
};

/** A decoded record. Views lie in the input. */
struct ucm_record {
    uint32_t index; /**< from 1, as `show itl` counts */
    uint32_t at;    /**< offset of its first byte */
    uint32_t
        length;    /**< as the record says; its last bytes may be cut off by the end of the file */
    uint32_t has;  /**< bit (1 << enum ucm_record_tag) for each tag that is there */
    uint16_t role; /**< enum ucm_role, UCM_ROLE_NONE where the record has none */
    struct ucm_view value[UCM_RECORD_TAG_COUNT]; /**< first of each tag; texts without NUL */
    struct ucm_cursor elements;                  /**< start of ucm_record_element_next() */
    struct ucm_anomalies anomalies;
};

/** Pulls the records of a list. */
struct ucm_record_walk {
    struct ucm_cursor cursor;
    uint32_t index;
    struct ucm_finding error;       /**< where it stopped too early; id 0 when it did not */
    struct ucm_anomalies anomalies; /**< about what follows the last record */
};

static inline bool ucm_list_has(const struct ucm_trustlist *list, enum ucm_header_tag tag)
{
    return (list->has >> tag & 1u) != 0;
}

static inline bool ucm_record_has(const struct ucm_record *record, enum ucm_record_tag tag)
{
    return (record->has >> tag & 1u) != 0;
}

/** Could this be a trust list or signed file? Looks at the first bytes only (version and header
 * length elements), so that foreign content is never claimed. */
bool ucm_trustlist_magic(const uint8_t *data, size_t size);

/** Decode the header at the start of data. Returns false when it had to stop early: then error
 * says why and where, and all that came before is filled in. The data must outlive the result. */
bool ucm_trustlist_decode(const uint8_t *data, size_t size, struct ucm_trustlist *list);

/** Walk over the elements of the header; as far as it goes. */
struct ucm_header_walk ucm_header_walk(const struct ucm_trustlist *list);
bool ucm_header_next(struct ucm_header_walk *walk, struct ucm_element *element);

/** Walk over the records. A signed file and a broken header have none. ucm_record_next() returns
 * false at the end, and after UCM_RECORDS_MAX records; then walk.error and walk.anomalies say
 * whether it was the end of the file. */
struct ucm_record_walk ucm_record_walk(const struct ucm_trustlist *list);
bool ucm_record_next(struct ucm_record_walk *walk, struct ucm_record *record);

/** A role as a bit, for sets of roles; roles from 32 on are in no set. */
#define UCM_ROLE_BIT(role) (1u << (role))

/** The role of a record as a bit; 0 where it has none below 32. */
static inline uint32_t ucm_role_bit(const struct ucm_record *record)
{
    return record->role < 32 ? UCM_ROLE_BIT(record->role) : 0;
}

/** Does a list hold this certificate (DER) in a record with one of the roles? */
bool ucm_list_holds(const struct ucm_trustlist *list, const uint8_t *der, size_t size,
                    uint32_t roles);

/** Pull the next element of a record; start with a copy of record.elements. */
bool ucm_record_element_next(struct ucm_cursor *cursor, struct ucm_element *element);

/* Fact signed-ranges (A; test_trustlist:signed_ranges_cover_all_but_the_signature,
 * test_signature:every_changed_byte_is_noticed): signed is the file without the whole signature
 * element. */
/** What the signature covers: the file without the complete signature element, as two ranges.
 * False when there is no signature. */
bool ucm_signed_ranges(const struct ucm_trustlist *list, struct ucm_view ranges[2]);

/** "ITL", "CTL", "signed file" or "trust list". */
const char *ucm_list_kind_name(enum ucm_list_kind kind);

#ifdef __cplusplus
}
#endif

#endif
