/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judging a TVS exchange: what an answer says to its request.
 */
#include "told.h"

#include "common/exchange.h"

static const char DEVICE[] = "CP-8861-SEPB000B4BA0AEE";

/** A message with its bytes. */
struct side {
    struct maker maker;
    struct ucm_tvs tvs;
};

static struct side request;
static struct side answer;
static struct identity *asked;

static int set_up(void **state)
{
    (void)state;
    asked = make_identity(&(struct identity_options){.cn = "CN=ITLRECOVERY_dest"});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free_identity(asked);
    return 0;
}

static void make_query(const char *issuer)
{
    request.maker.size =
        ucm_tvs_encode_query(request.maker.data, MAKER_ROOM, 1001, DEVICE, asked->name, issuer,
                             asked->serial, sizeof asked->serial, ucm_tvs_query_tags[0]);
    assert_true(ucm_tvs_decode(request.maker.data, request.maker.size, &request.tvs));
}

static void make_verify(void)
{
    request.maker.size = ucm_tvs_encode_verify(request.maker.data, MAKER_ROOM, 1001, DEVICE,
                                               asked->der, asked->der_size);
    assert_true(ucm_tvs_decode(request.maker.data, request.maker.size, &request.tvs));
}

/** How an answer shall be; zero means the default. */
struct answer_options {
    uint8_t type; /**< default: a query response */
    uint32_t session;
    const char *status; /**< default "\0"; "" for none */
    const struct identity *identity;
    const char *roles;
    uint32_t ttl;
    bool no_certificate;
};

static void make_answer(const struct answer_options *options)
{
    const struct identity *identity = options->identity != NULL ? options->identity : asked;
    const char *roles = options->roles != NULL ? options->roles : "\x03";
    uint8_t head[10] = {UCM_TVS_DISCRIMINATOR, UCM_TVS_VERSION,
                        options->type != 0 ? options->type : UCM_TVS_QUERY_RESPONSE, 0xf7};

    answer.maker.size = 0;
    ucm_put_number(head + 4, options->session != 0 ? options->session : 1001, 4);
    make_bytes(&answer.maker, head, sizeof head);
    if (options->status == NULL)
        make_tlv(&answer.maker, UCM_TVS_TAG_STATUS, "\0", 1);
    else if (options->status[0] != '\0')
        make_tlv(&answer.maker, UCM_TVS_TAG_STATUS, options->status, 1);
    if (!options->no_certificate)
        make_tlv(&answer.maker, UCM_TVS_TAG_CERTIFICATE, identity->der, identity->der_size);
    make_tlv(&answer.maker, UCM_TVS_TAG_ROLES, roles, strlen(roles));
    make_number(&answer.maker, UCM_TVS_TAG_TTL, options->ttl != 0 ? options->ttl : 86400, 4);
    make_patch(&answer.maker, 8, (uint32_t)(answer.maker.size - 10), 2);
    assert_true(ucm_tvs_decode(answer.maker.data, answer.maker.size, &answer.tvs));
}

static struct ucm_findings findings;

static void judge(int role)
{
    struct ucm_tvs_asked it =
        ucm_tvs_asked((struct ucm_tvs_input){request.maker.data, &request.tvs});

    ucm_findings_free(&findings);
    assert_true(ucm_exchange_lint(&it, (struct ucm_tvs_input){answer.maker.data, &answer.tvs}, role,
                                  true, NOW, 3, &findings));
}

static void assert_only_at(enum ucm_finding_id id, uint32_t offset, int64_t expected, int64_t found)
{
    assert_int_equal(findings.count, 1);
    assert_int_equal(findings.item[0].id, id);
    assert_int_equal(findings.item[0].offset, offset);
    assert_int_equal(findings.item[0].expected, expected);
    assert_int_equal(findings.item[0].found, found);
    ucm_findings_free(&findings);
}

static void assert_only(enum ucm_finding_id id)
{
    assert_int_equal(findings.count, id == UCM_FINDING_NONE ? 0 : 1);
    if (id != UCM_FINDING_NONE) {
        assert_int_equal(findings.item[0].id, id);
        assert_int_equal(findings.item[0].source, 3);
        assert_told(&findings.item[0]);
    }
    ucm_findings_free(&findings);
}

static void a_good_answer_has_no_finding(void **state)
{
    (void)state;
    make_query(asked->name);
    make_answer(&(struct answer_options){0});
    judge(UCM_ROLE_ANY);
    assert_only(UCM_FINDING_NONE);
    judge(UCM_ROLE_TFTP);
    assert_only(UCM_FINDING_NONE);
}

static void each_fault_is_named(void **state)
{
    struct identity *other =
        make_identity(&(struct identity_options){.cn = "CN=ITLRECOVERY_dest", .serial = 0x33});
    struct identity *expired = make_identity(
        &(struct identity_options){.cn = "CN=ITLRECOVERY_dest", .not_after = NOW - 1});
    struct identity *future = make_identity(
        &(struct identity_options){.cn = "CN=ITLRECOVERY_dest", .not_before = NOW + 1});
    struct identity broken = *asked;
    const struct {
        struct answer_options options;
        enum ucm_finding_id expected;
    } rows[] = {
        {{.type = UCM_TVS_VERIFY_RESPONSE}, UCM_TVS_OTHER_TYPE},
        {{.session = 1002}, UCM_TVS_OTHER_SESSION},
        {{.status = "\x01"}, UCM_TVS_STATUS},
        {{.status = "\x07"}, UCM_TVS_STATUS},
        {{.status = ""}, UCM_TVS_STATUS}, /* none at all must not read as "trusted" */
        {{.roles = ""}, UCM_TVS_ROLE},
        {{.roles = "\x07\x15"}, UCM_TVS_ROLE},
        {{.ttl = 86401}, UCM_TVS_TTL_LONG},
        {{.identity = other}, UCM_TVS_OTHER_CERTIFICATE},
        {{.identity = expired}, UCM_TVS_CERT_DATES},
        {{.identity = future}, UCM_TVS_CERT_DATES},
        {{.identity = &broken}, UCM_TVS_CERT_UNREADABLE},
    };

    (void)state;
    memset(broken.der, 0, 16);
    make_query(asked->name);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        make_answer(&rows[i].options);
        judge(UCM_ROLE_ANY);
        assert_only(rows[i].expected);
    }
    free_identity(other);
    free_identity(expired);
    free_identity(future);
}

static void findings_say_where_and_what(void **state)
{
    struct identity *edge = make_identity(&(struct identity_options){
        .cn = "CN=ITLRECOVERY_dest", .not_before = NOW - 1, .not_after = NOW});

    (void)state;
    make_query(asked->name);
    make_answer(&(struct answer_options){.type = UCM_TVS_VERIFY_RESPONSE});
    judge(UCM_ROLE_ANY);
    assert_only_at(UCM_TVS_OTHER_TYPE, 2, UCM_TVS_QUERY_RESPONSE, UCM_TVS_VERIFY_RESPONSE);
    make_answer(&(struct answer_options){.session = 1002});
    judge(UCM_ROLE_ANY);
    assert_only_at(UCM_TVS_OTHER_SESSION, 4, 1001, 1002);
    make_answer(&(struct answer_options){.status = ""});
    judge(UCM_ROLE_ANY);
    assert_only_at(UCM_TVS_STATUS, UCM_TVS_HEADER_SIZE, UCM_TVS_FOUND, -1);
    make_answer(&(struct answer_options){.identity = edge}); /* valid until this second */
    judge(UCM_ROLE_ANY);
    assert_only(UCM_FINDING_NONE);
    free_identity(edge);
    edge =
        make_identity(&(struct identity_options){.cn = "CN=ITLRECOVERY_dest", .not_before = NOW});
    make_answer(&(struct answer_options){.identity = edge}); /* valid from this second */
    judge(UCM_ROLE_ANY);
    assert_only(UCM_FINDING_NONE);
    free_identity(edge);
}

static void of_the_issuer_only_the_cn_counts(void **state)
{
    static const struct {
        const char *issuer;
        bool other;
    } rows[] = {
        {"O=x;CN=ITLRECOVERY_dest", false},
        {"O=x;CN=ITLRECOVERY_dest;L=y", false},
        {"O=x;CN=ITLRECOVERY_des;L=y", true},
        {"O=x;CN=ITLRECOVERY_dost", true},
        {"O=x;CN=ITLRECOVERY_desT", true},
        {"O=CN=somebody else", false}, /* of the organisation */
        {"O=x;CN=", true},
        {"CN=", true},
        {"O=a;CN", false},
        {"CN=ITLRECOVERY_dest;CN=somebody else", false}, /* the first counts */
    };

    (void)state;
    make_answer(&(struct answer_options){0});
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        make_query(rows[i].issuer);
        judge(UCM_ROLE_ANY);
        assert_only(rows[i].other ? UCM_TVS_OTHER_CERTIFICATE : UCM_FINDING_NONE);
    }
    make_answer(&(struct answer_options){0});
    make_query("CN=ITLRECOVERY_dest;O=left out in the certificate");
    judge(UCM_ROLE_ANY);
    assert_only(UCM_FINDING_NONE);
    make_query("O=no common name");
    judge(UCM_ROLE_ANY);
    assert_only(UCM_FINDING_NONE);
    make_query("CN=somebody else");
    judge(UCM_ROLE_ANY);
    assert_only(UCM_TVS_OTHER_CERTIFICATE);
}

static void a_verify_answer_needs_no_role_unless_asked(void **state)
{
    struct answer_options options = {
        .type = UCM_TVS_VERIFY_RESPONSE, .roles = "\x07", .no_certificate = true};

    (void)state;
    make_verify();
    make_answer(&options);
    judge(UCM_ROLE_ANY);
    assert_only(UCM_FINDING_NONE);
    judge(UCM_ROLE_SAST);
    assert_only(UCM_TVS_ROLE);
}

static void an_answer_alone_is_judged_by_itself(void **state)
{
    (void)state;
    make_answer(&(struct answer_options){.session = 5, .status = "\x01"});
    ucm_findings_free(&findings);
    assert_true(ucm_exchange_lint(NULL, (struct ucm_tvs_input){answer.maker.data, &answer.tvs},
                                  UCM_ROLE_ANY, true, NOW, 3, &findings));
    assert_only(UCM_TVS_STATUS);
}

static void anomalies_of_a_message_become_findings(void **state)
{
    (void)state;
    make_answer(&(struct answer_options){.no_certificate = true});
    ucm_findings_free(&findings);
    assert_true(ucm_exchange_lint_message(&answer.tvs, 3, &findings));
    assert_only(UCM_TVS_ELEMENT_MISSING);
    assert_false(ucm_tvs_decode(answer.maker.data, 12, &answer.tvs));
    assert_true(ucm_exchange_lint_message(&answer.tvs, 3, &findings));
    assert_only(UCM_TVS_TRUNCATED);
    make_answer(&(struct answer_options){0});
    for (int i = 0; i < 10; i++)
        make_tlv(&answer.maker, 99, "", 0);
    make_patch(&answer.maker, 8, (uint32_t)(answer.maker.size - 10), 2);
    assert_true(ucm_tvs_decode(answer.maker.data, answer.maker.size, &answer.tvs));
    assert_true(ucm_exchange_lint_message(&answer.tvs, 3, &findings));
    assert_int_equal(findings.stored, UCM_ANOMALIES_MAX);
    assert_int_equal(findings.count, 10);
    ucm_findings_free(&findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_answer_has_no_finding),
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(findings_say_where_and_what),
        cmocka_unit_test(of_the_issuer_only_the_cn_counts),
        cmocka_unit_test(a_verify_answer_needs_no_role_unless_asked),
        cmocka_unit_test(an_answer_alone_is_judged_by_itself),
        cmocka_unit_test(anomalies_of_a_message_become_findings),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
