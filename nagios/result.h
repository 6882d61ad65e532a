/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The facts that a check found, before anyone decides how to print them. The text and the JSON
 * output are both made from this and from nothing else.
 */
#ifndef UCMTRUST_NAGIOS_RESULT_H
#define UCMTRUST_NAGIOS_RESULT_H

#include "fleet.h"
#include "plugin.h"
#include "printable.h"

#include "common/finding_text.h"
#include "common/lint.h"

/** A finding and where it was met. */
struct result_finding {
    enum ucm_finding_id id;
    enum ucm_severity severity;
    enum plugin_state state; /**< what it makes of the check */
    char *where;             /**< name of the source or node, printable */
    char *text;              /**< one printable line */
};

/** One value of performance data. */
struct result_perf {
    char *label; /**< as in JSON; quoted when printed */
    bool known;  /**< false: "U", it could not be determined */
    double value;
    int decimals;
    const char *unit; /**< "", "s" or "B"; static */
    char *warning;    /**< ranges as printed, "" for none */
    char *critical;
    const char *limits; /**< "min;max" as printed, static, "" for none */
};

/** One trust list or signed file that was asked for. */
struct result_source {
    char *name;    /**< printable; the prefix of its labels */
    char *origin;  /**< where it came from in the end, printable; may be NULL */
    uint8_t *data; /**< owned; NULL when nothing came */
    size_t size;
    bool judged; /**< report is filled in */
    struct ucm_report report;
    char sha1[2 * UCM_SHA1_SIZE + 1]; /**< "" when it was not computed */
};

/** One TVS node that was asked. All texts printable; NULL for what is not known. */
struct result_tvs {
    char *node;
    const char *stage; /**< the last one that was reached; static */
    char *tls;
    char *cipher;
    char *identity;
    bool answered;    /**< status and ttl mean something */
    int status;       /**< -1: none in the answer */
    int64_t ttl;      /**< -1: none in the answer */
    GPtrArray *roles; /**< of char *, printable */
    double ms;        /**< from connect to answer; negative when there was none */
    bool only_seen;   /**< only its certificate was wanted, and it came */
};

/** What becomes of phones that hold what a node served before. */
struct result_continuity {
    char *source;        /**< the node, printable */
    int64_t held_since;  /**< when it was first seen to serve that */
    const char *verdict; /**< static, as are the next two */
    const char *ctl;     /**< NULL: it serves no CTL now */
    const char *itl;
    char *why; /**< printable */
};

/** One request of a phone to TVS that a trace or a console log tells of. All texts printable; NULL
 * for what it does not say. */
struct result_request {
    char *where;         /**< file and line, as in findings */
    const char *written; /**< "TVS" or "phone"; static */
    char *time;          /**< as printed */
    char *address;       /**< of the phone */
    char *device;        /**< its name */
    char *server;        /**< the TVS node, where a phone tells */
    const char *type;    /**< "query" or "verify"; static */
    char *subject;       /**< of the certificate that it asked for */
    char *issuer;
    char *serial;
    char *cipher;
    char *request;    /**< what its dumped bytes say, and where they stop */
    char *answer;     /**< the same of the answer */
    int64_t session;  /**< from the bytes; -1: not known */
    int found;        /**< 1, 0; -1: the trace does not say */
    bool refused;     /**< the TLS handshake failed: nothing was asked */
    bool roles_known; /**< roles is all that the certificate has */
    uint32_t roles;   /**< bits */
};

/** Everything about one run. */
struct result {
    const char *check;
    enum plugin_state state;
    char *summary; /**< the status line without state and performance data, printable */
    int64_t now;
    bool verbose;
    bool ignore[UCM_FINDING_COUNT];      /**< dropped by name */
    unsigned ignored[UCM_FINDING_COUNT]; /**< how many were */
    GPtrArray *sources;                  /**< of struct result_source */
    GPtrArray *tvs;                      /**< of struct result_tvs */
    GPtrArray *continuity; /**< of struct result_continuity; NULL: nobody asked for it */
    GPtrArray *stores;     /**< of const struct ucm_stores; NULL: the check is not about them */
    GPtrArray *requests;   /**< of struct result_request; NULL: no trace was looked at */
    struct fleet *fleet;   /**< clusters and moves; NULL: the check is not about them */
    char *plan_text;       /**< a plan of renewal, printable lines; NULL: nobody asked for one */
    char *plan_json;       /**< the same as an object */
    GPtrArray *findings;   /**< of struct result_finding, worst first after result_conclude() */
    GPtrArray *perf;       /**< of struct result_perf */
    uint32_t unlisted;     /**< findings beyond what lint keeps */
};

/** An empty result; free with result_free(). */
struct result *result_new(const char *check, int64_t now);
void result_free(struct result *result);

/** The result shall have a table of requests, though it may stay empty. */
void result_want_requests(struct result *result);
/** Add a request to it; owned by the result. */
struct result_request *result_add_request(struct result *result);

/** Add a source or a node. name: any bytes; returned object is owned by the result. Names are
 * made distinct, so that labels are. */
struct result_source *result_add_source(struct result *result, const char *name);
struct result_tvs *result_add_tvs(struct result *result, const char *node);

/** Add a finding, unless it is ignored. state: STATE_UNSET for what its severity means. where and
 * text: printable. Returns false when it was dropped. */
bool result_add_finding(struct result *result, enum ucm_finding_id id, enum ucm_severity severity,
                        enum plugin_state state, const char *where, const char *text);

/** The state that a finding of this severity makes of the check, unless it is ignored. */
enum plugin_state result_state_of(enum ucm_severity severity);

/** What was met and ignored, as an end of the summary: ", ignored: ID" for each; to be freed. */
char *result_ignored_text(const struct result *result);

/** Count the findings that common/ had no room for. */
void result_add_unstored(struct result *result, const struct ucm_findings *findings);

/** Add one finding of a rule of ours, worded as "what (detail)"; detail: any text, or NULL. */
bool result_add_rule(struct result *result, enum ucm_finding_id id, enum plugin_state state,
                     const char *where, const char *detail);

/** Add the findings of common/. data: the input of their views. */
void result_add_findings(struct result *result, const struct ucm_findings *findings,
                         const uint8_t *data, const char *where);

/** Add performance data: name + suffix is the label. Returns it, so that ranges can be set; known
 * is false and ranges are empty until then. */
struct result_perf *result_add_perf(struct result *result, const char *name, const char *suffix,
                                    const char *unit, int decimals);

/** The same of a number of things that is known. */
void result_add_count(struct result *result, const char *name, const char *suffix, size_t count);

/** The same of days that are left until something expires, which are not known yet; below warning
 * or critical it is so. */
struct result_perf *result_add_days(struct result *result, const char *name, int warning,
                                    int critical);

/** Sort the findings, count them as performance data and set the state. */
void result_conclude(struct result *result);

/** After result_conclude(), when the result has its summary: a file that should say the same could
 * not be written, which must not stay unnoticed, because the old one would lie. what: such as "the
 * page"; why: printable, NULL when it was written. */
void result_not_written(struct result *result, const char *what, const char *why);

/** After result_conclude(): write what a status line names, "WHERE: TEXT [ID]" of the worst finding
 * that is no note, and how many more there are. False, and nothing written, when there is none. */
bool result_add_named(const struct result *result, GString *text);

/** The first part of a subject such as "CN=a;OU=b", printable and short enough for a status line;
 * to be freed. */
char *result_common_name(const char *subject);

/** "812 days" or "1 day"; to be freed. */
char *result_days_text(int64_t days);

/** Status line, performance data and (verbose) long output; to be freed with g_string_free(). */
GString *result_text(const struct result *result);

/** The same facts as one JSON object. */
GString *result_json(const struct result *result);

#endif
