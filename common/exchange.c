/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judging one TVS exchange: see exchange.h.
 */
#include "exchange.h"

#include <string.h>

/** What the judging functions share. */
struct judge {
    const struct ucm_tvs_asked *asked;
    struct ucm_tvs_input answer;
    int64_t now;
    uint32_t source;
    struct ucm_findings *findings;
    bool out_of_memory;
};

static void add(struct judge *judge, enum ucm_finding_id id, uint32_t offset, int64_t expected,
                int64_t found)
{
    struct ucm_finding finding = ucm_finding_make(id, offset, expected, found);

    finding.source = judge->source;
    if (!ucm_findings_add(judge->findings, &finding))
        judge->out_of_memory = true;
}

bool ucm_exchange_lint_message(const struct ucm_tvs *message, uint32_t source,
                               struct ucm_findings *findings)
{
    uint32_t stored = ucm_anomalies_stored(&message->anomalies);

    for (uint32_t i = 0; i <= stored; i++) {
        struct ucm_finding finding = i < stored ? message->anomalies.item[i] : message->error;

        if (finding.id == UCM_FINDING_NONE)
            continue;
        finding.source = source;
        if (!ucm_findings_add(findings, &finding))
            return false;
    }
    ucm_findings_overflow(findings, &message->anomalies);
    return true;
}

/* ---- does it answer the request? ---- */

struct ucm_tvs_asked ucm_tvs_asked(struct ucm_tvs_input request)
{
    const struct ucm_tvs *message = request.message;

    return (struct ucm_tvs_asked){.data = request.data,
                                  .session = message->session,
                                  .type = message->type,
                                  .has_serial = ucm_tvs_has(message, UCM_TVS_SERIAL),
                                  .issuer = message->value[UCM_TVS_ISSUER],
                                  .serial = message->value[UCM_TVS_SERIAL]};
}

static void judge_envelope(struct judge *judge)
{
    const struct ucm_tvs_asked *asked = judge->asked;
    const struct ucm_tvs *answer = judge->answer.message;

    if (asked == NULL)
        return;
    if (answer->type != asked->type + 1)
        add(judge, UCM_TVS_OTHER_TYPE, 2, asked->type + 1, answer->type);
    /* Fact tvs-session-echo (A; test_exchange:each_fault_is_named): a response repeats the
     * session of its request. */
    if (answer->session != asked->session)
        add(judge, UCM_TVS_OTHER_SESSION, 4, asked->session, answer->session);
}

/** A piece of text that may hold anything. */
struct piece {
    const char *at;
    size_t size;
};

/* The value of the first CN in a name such as "CN=a;O=b"; nothing when there is none. */
static struct piece common_name(const char *name, size_t size)
{
    struct piece none = {NULL, 0};

    for (size_t i = 0; i + 3 <= size; i++) {
        size_t end;

        if ((i != 0 && name[i - 1] != ';') || memcmp(name + i, "CN=", 3) != 0)
            continue;
        for (end = i + 3; end < size && name[end] != ';'; end++)
            continue;
        return (struct piece){name + i + 3, end - i - 3};
    }
    return none;
}

/* The serial number must be the same. Of the names only the CN is compared, since CUCM leaves
 * parts of an issuer out (document 213407: DC is missing) and writers order them differently. */
static bool is_asked_for(const struct ucm_tvs_asked *asked, const struct ucm_cert *cert)
{
    const uint8_t *base = asked->data;
    struct ucm_view serial = ucm_serial(base, asked->serial);
    struct ucm_view its = {0, cert->serial_size};
    struct piece wanted = common_name((const char *)base + asked->issuer.off, asked->issuer.len);
    struct piece got = common_name(cert->issuer, strlen(cert->issuer));

    if (asked->has_serial && !ucm_same(base, serial, cert->serial, its))
        return false;
    return wanted.at == NULL || got.at == NULL ||
           (wanted.size == got.size && memcmp(wanted.at, got.at, got.size) == 0);
}

static void judge_certificate(struct judge *judge)
{
    const struct ucm_tvs *answer = judge->answer.message;
    struct ucm_view der = answer->value[UCM_TVS_CERTIFICATE];
    struct ucm_cert cert;

    if (!ucm_tvs_has(answer, UCM_TVS_CERTIFICATE))
        return; /* a missing one is a finding of the message */
    if (!ucm_cert_read(judge->answer.data + der.off, der.len, &cert)) {
        add(judge, UCM_TVS_CERT_UNREADABLE, der.off, -1, -1);
        return;
    }
    if (judge->asked != NULL && judge->asked->type == UCM_TVS_QUERY_REQUEST &&
        !is_asked_for(judge->asked, &cert))
        add(judge, UCM_TVS_OTHER_CERTIFICATE, der.off, -1, -1);
    if (cert.not_after == UCM_TIME_NONE || judge->now > cert.not_after)
        add(judge, UCM_TVS_CERT_DATES, der.off, judge->now, cert.not_after);
    else if (cert.not_before == UCM_TIME_NONE || judge->now < cert.not_before)
        add(judge, UCM_TVS_CERT_DATES, der.off, judge->now, cert.not_before);
}

/* ---- does it help the phone? ---- */

static bool lets_accept_a_file(const struct judge *judge)
{
    const uint8_t *base = judge->answer.data;
    const struct ucm_tvs *answer = judge->answer.message;

    return ucm_tvs_has_role(base, answer, UCM_ROLE_SAST) ||
           ucm_tvs_has_role(base, answer, UCM_ROLE_TFTP) ||
           ucm_tvs_has_role(base, answer, UCM_ROLE_CCM_TFTP);
}

static void judge_role(struct judge *judge, int role)
{
    const struct ucm_tvs *answer = judge->answer.message;
    bool enough;

    if (role != UCM_ROLE_ANY)
        enough = ucm_tvs_has_role(judge->answer.data, answer, (uint32_t)role);
    else
        enough = answer->type != UCM_TVS_QUERY_RESPONSE || lets_accept_a_file(judge);
    if (!enough)
        add(judge, UCM_TVS_ROLE, answer->value[UCM_TVS_ROLES].off, role, -1);
}

bool ucm_exchange_lint(const struct ucm_tvs_asked *asked, struct ucm_tvs_input answer, int role,
                       bool check_cert, int64_t now, uint32_t source, struct ucm_findings *findings)
{
    struct judge judge = {asked, answer, now, source, findings, false};
    const struct ucm_tvs *message = answer.message;

    judge_envelope(&judge);
    if (!ucm_tvs_has(message, UCM_TVS_STATUS_ELEMENT)) {
        add(&judge, UCM_TVS_STATUS, UCM_TVS_HEADER_SIZE, UCM_TVS_FOUND, -1);
        return !judge.out_of_memory;
    }
    if (message->status != UCM_TVS_FOUND) {
        add(&judge, UCM_TVS_STATUS, message->value[UCM_TVS_STATUS_ELEMENT].off, UCM_TVS_FOUND,
            message->status);
        return !judge.out_of_memory;
    }
    judge_role(&judge, role);
    if (ucm_tvs_has(message, UCM_TVS_TTL) && message->ttl > UCM_TVS_TTL_DAY)
        add(&judge, UCM_TVS_TTL_LONG, message->value[UCM_TVS_TTL].off, UCM_TVS_TTL_DAY,
            message->ttl);
    if (check_cert)
        judge_certificate(&judge);
    return !judge.out_of_memory;
}
