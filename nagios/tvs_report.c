/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From exchanges to facts. Must not judge what an answer is worth to a phone: common/ does.
 */
#include "tvs_report.h"

#include "role.h"

#include "common/exchange.h"

enum { ROLE_BITS = 32 };

void tvs_report_connection(struct result_tvs *tvs, const struct tvs_exchange *exchange)
{
    tvs->stage = tvs_stage_name(exchange->stage);
    tvs->tls = exchange->tls[0] != '\0' ? g_strdup(exchange->tls) : NULL;
    tvs->cipher = exchange->tls[0] != '\0' ? g_strdup(exchange->cipher) : NULL;
    tvs->identity = exchange->identity[0] != '\0' ? printable_text(exchange->identity) : NULL;
}

void tvs_report_answer(struct result_tvs *tvs, const struct ucm_tvs *answer, const uint8_t *data)
{
    const struct ucm_view roles = answer->value[UCM_TVS_ROLES];

    tvs->answered = true;
    tvs->status = ucm_tvs_has(answer, UCM_TVS_STATUS_ELEMENT) ? answer->status : -1;
    tvs->ttl = ucm_tvs_has(answer, UCM_TVS_TTL) ? (int64_t)answer->ttl : -1;
    for (uint32_t i = 0; ucm_tvs_has(answer, UCM_TVS_ROLES) && i < roles.len; i++)
        g_ptr_array_add(tvs->roles, role_word(ucm_byte(data, roles, i)));
}

bool tvs_report_is_answer(const struct tvs_exchange *exchange, int64_t now, struct ucm_tvs *answer)
{
    struct ucm_findings findings = {0};
    struct ucm_tvs request;
    struct ucm_tvs_asked asked;
    bool ok = ucm_tvs_decode(exchange->request, exchange->request_size, &request);

    asked = ucm_tvs_asked((struct ucm_tvs_input){exchange->request, &request});
    ok = ok && ucm_tvs_decode(exchange->answer, exchange->answer_size, answer) &&
         ucm_tvs_has(answer, UCM_TVS_STATUS_ELEMENT) &&
         ucm_exchange_lint(&asked, (struct ucm_tvs_input){exchange->answer, answer}, UCM_ROLE_ANY,
                           false, now, 0, &findings);

    for (uint32_t i = 0; ok && i < findings.stored; i++)
        if (findings.item[i].severity == UCM_ERROR && findings.item[i].id != UCM_TVS_STATUS &&
            findings.item[i].id != UCM_TVS_ROLE)
            ok = false;
    ucm_findings_free(&findings);
    return ok;
}

uint32_t tvs_report_roles(const struct ucm_tvs *answer, const uint8_t *data)
{
    uint32_t roles = 0;

    for (uint32_t role = 0; role < ROLE_BITS; role++)
        if (ucm_tvs_has_role(data, answer, role))
            roles |= 1u << role;
    return roles;
}

void tvs_report_failure(struct result *result, const struct tvs_report_settings *settings,
                        const char *where, const struct tvs_exchange *exchange)
{
    enum ucm_finding_id id = UCM_TVS_UNREACHABLE_HERE;
    enum plugin_state state = STATE_UNSET;
    const char *hint = "";
    g_autofree char *text = NULL;

    switch (exchange->outcome) {
    case TVS_ANSWERED: /* nothing failed */
    case TVS_PENDING:
    case TVS_LOCAL:
        break;
    case TVS_SILENT:
        id = UCM_TVS_NO_ANSWER;
        state = settings->timeout_state;
        break;
    case TVS_REFUSED:
        id = UCM_TVS_CLOSED;
        state = settings->unreachable;
        break;
    case TVS_STRANGER:
        id = UCM_TVS_IDENTITY;
        break;
    case TVS_WANTS_CLIENT_CERT:
        id = UCM_TVS_CLIENT_CERT;
        hint = "; give --client-cert";
        break;
    case TVS_REFUSES_CLIENT_CERT:
        id = UCM_TVS_CLIENT_CERT_REFUSED;
        break;
    case TVS_NO_COMMON_TLS:
        id = UCM_TVS_TLS_VERSION;
        hint = settings->legacy ? "" : "; try --tls-legacy";
        break;
    case TVS_NOT_TLS:
        id = UCM_TVS_NOT_TVS;
        break;
    }
    text = g_strdup_printf("%s%s%s, stage: %s%s", exchange->detail,
                           exchange->outcome == TVS_STRANGER ? ": " : "",
                           exchange->outcome == TVS_STRANGER ? exchange->identity : "",
                           tvs_stage_name(exchange->stage), hint);
    result_add_rule(result, id, state, where, text);
}
