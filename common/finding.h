/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Findings: everything that can be wrong, by a stable id. The rows are in finding_table.h; this
 * file makes the enum and the look-ups from them. Formatting is in finding_text.h, because this
 * file knows nothing of text, OpenSSL, GLib, Wireshark or Nagios.
 */
#ifndef UCMTRUST_COMMON_FINDING_H
#define UCMTRUST_COMMON_FINDING_H

#include "bytes.h"
#include "finding_table.h"

#ifdef __cplusplus
extern "C" {
#endif

/** In the order in which they merge: what could not be judged is worse than a warning, because it
 * may hide an error. */
enum ucm_severity {
    UCM_NOTE,    /**< worth knowing, changes nothing: OK */
    UCM_WARNING, /**< phones still accept: WARNING */
    UCM_UNSURE,  /**< could not be judged: UNKNOWN */
    UCM_ERROR,   /**< phones refuse, or soon will: CRITICAL */
};

/** What expected and found of a finding mean, so that one function can print them. */
enum ucm_detail {
    UCM_DETAIL_NONE,
    UCM_DETAIL_TAG,     /**< found: a tag number */
    UCM_DETAIL_BYTES,   /**< expected, found: lengths in bytes */
    UCM_DETAIL_NUMBER,  /**< expected, found: numbers; expected -1 means "no single one" */
    UCM_DETAIL_TIME,    /**< expected: now, found: the moment in question (Unix seconds) */
    UCM_DETAIL_ROLE,    /**< expected: a role number, or -1 */
    UCM_DETAIL_STATUS,  /**< found: a TVS status */
    UCM_DETAIL_VERSION, /**< found: major * 256 + minor */
    UCM_DETAIL_RECORD,  /**< found: number of the other record */
    UCM_DETAIL_PLACE,  /**< expected: index of a node, or -1; found: a store: where it is missing */
    UCM_DETAIL_ISSUER, /**< the same; subject is a view into the text of an issuer */
};

/** The ids. UCM_FINDING_NONE is 0, so that a zeroed finding is no finding. */
#define UCM_FINDING_ENUM(constant, id, severity, grade, detail, what, meaning, remedy, source)     \
    constant,
enum ucm_finding_id { UCM_FINDING_NONE, UCM_FINDINGS(UCM_FINDING_ENUM) UCM_FINDING_COUNT };
#undef UCM_FINDING_ENUM

/** One row of the catalogue. All texts are static. */
struct ucm_rule {
    const char *id;      /**< stable, such as TL-SIGNATURE-INVALID */
    const char *what;    /**< what is wrong, one line */
    const char *meaning; /**< what phones do because of it */
    const char *remedy;  /**< what to do */
    const char *source;  /**< where the rule comes from */
    char grade;          /**< evidence: A, B or C */
    enum ucm_severity severity;
    enum ucm_detail detail;
};

/** One finding about one input. */
struct ucm_finding {
    enum ucm_finding_id id;
    enum ucm_severity severity; /**< the rule's, or raised by a threshold */
    uint32_t source;            /**< which input, as the caller numbers them */
    uint32_t offset;            /**< byte in the input */
    uint32_t record;            /**< record of a trust list from 1, 0 for none */
    struct ucm_view subject; /**< a text in the input that names what it is about; may be empty */
    int64_t expected;
    int64_t found;
    uint32_t more; /**< how many others are alike and are not told by themselves */
};

/** Findings of a decoder about one message, header or record; those beyond the room are counted.
 * The last member of what is decoded: the room behind the count is never read, and clearing it
 * with the rest would take a third of the time. UCM_ANOMALIES_LAST holds that where it is cleared.
 */
enum { UCM_ANOMALIES_MAX = 8 };
struct ucm_anomalies {
    uint32_t count;          /**< all of them, also those that found no room */
    enum ucm_severity worst; /**< over all of them */
    struct ucm_finding item[UCM_ANOMALIES_MAX];
};

/** Refuses to compile where something follows the anomalies of a structure, and is not cleared. */
#define UCM_ANOMALIES_LAST(type)                                                                   \
    _Static_assert(offsetof(type, anomalies) + sizeof(struct ucm_anomalies) == sizeof(type),       \
                   "the anomalies come last")

/** The rule of an id; the row of UCM_FINDING_NONE for a number that is none. */
const struct ucm_rule *ucm_rule(enum ucm_finding_id id);

/** The id with this name, in upper case as in the catalogue, or UCM_FINDING_NONE. */
enum ucm_finding_id ucm_rule_find(const char *id);

/** A finding with the severity of its rule. */
struct ucm_finding ucm_finding_make(enum ucm_finding_id id, uint32_t offset, int64_t expected,
                                    int64_t found);

/** Add one to the anomalies of a decoder; counts it when there is no room. */
void ucm_anomaly(struct ucm_anomalies *anomalies, enum ucm_finding_id id, uint32_t offset,
                 int64_t expected, int64_t found);

/** How many of them are stored. */
static inline uint32_t ucm_anomalies_stored(const struct ucm_anomalies *anomalies)
{
    return anomalies->count < UCM_ANOMALIES_MAX ? anomalies->count : (uint32_t)UCM_ANOMALIES_MAX;
}

/** "note", "warning", "unknown" or "error". */
const char *ucm_severity_name(enum ucm_severity severity);

#ifdef __cplusplus
}
#endif

#endif
