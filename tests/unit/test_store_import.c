/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What one cluster holds of another. The shorthand is in store_lab.h. C and D are CallManager
 * certificates, R is ITLRecovery, F is CAPF, T and U are Tomcat's, E is CallManager-ECDSA.
 */
#include "store_lab.h"

#define FROM                                                                                       \
    "a/CallManager=C b/CallManager=D a/ITLRecovery=R b/ITLRecovery=R a/CAPF=F a/tomcat=T "         \
    "b/tomcat=U b/TVS=V"
#define SAST   "x/Phone-SAST-trust="
#define CCM    " x/CallManager-trust="
#define TOMCAT " x/tomcat-trust="

/** How one of them is asked. */
struct how {
    bool emcc;
    bool known_only;
    uint16_t version;     /* of the cluster that is expected */
    uint32_t from_unread; /* its stores that are not complete */
    uint32_t unread;      /* of the other one */
};

static int reset(void **state)
{
    (void)state;
    store_certs_reset();
    return 0;
}

static void assert_how(const char *from_text, const char *to_text, struct how how,
                       const char *expected)
{
    struct ucm_stores *from = store_make(from_text, NULL);
    struct ucm_stores *to = store_make(to_text, NULL);
    const struct ucm_store_options options = {.emcc = how.emcc, .known_only = how.known_only};
    struct ucm_findings findings = {0};

    print_message("%s -> %s\n", from_text, to_text);
    from->version = how.version;
    from->complete = ~how.from_unread;
    to->complete = ~how.unread;
    assert_true(ucm_stores_check_exchange(from, to, &options, &findings));
    assert_store_findings(&findings, from, to, expected);
    store_free(from);
    store_free(to);
}

static void assert_exchange(const char *to, const char *expected)
{
    assert_how(FROM, to, (struct how){0}, expected);
}

static void all_of_it(void **state)
{
    (void)state;
    assert_exchange(SAST "CDR" CCM "CDRF" TOMCAT "TU", "");
    assert_exchange(SAST "CDR" CCM "CDF" TOMCAT "TU", ""); /* by hand */
    assert_how(FROM, SAST "CDR" CCM "CDRF" TOMCAT "TU", (struct how){.emcc = true}, "");
    assert_exchange("", "ST-IMPORT-NONE@a/CallManager=C+5");
    assert_exchange(SAST "XYZ", "ST-IMPORT-NONE@a/CallManager=C+5");
    /* Stores that were read as a whole and are empty: every cluster has these. */
    assert_how("", "", (struct how){0}, "ST-IMPORT-UNSEEN@-/CallManager+3");
    assert_how("a/TVS=V -/?=W", SAST "X", (struct how){0}, "ST-IMPORT-UNSEEN@-/CallManager+3");
    assert_how("a/TVS=V -/?=W", SAST "X", (struct how){.known_only = true}, "");
}

static void nodes_that_were_not_exported(void **state)
{
    (void)state;
    assert_exchange(SAST "CR" CCM "CRF" TOMCAT "T", "ST-IMPORT-NODE@b/CallManager=D+1");
    assert_exchange(SAST "DR" CCM "DRF" TOMCAT "U", "ST-IMPORT-NODE@a/CallManager=C+1");
    assert_exchange(SAST "DR" CCM "DR" TOMCAT "U",
                    "ST-IMPORT-NODE@a/CallManager=C+1 ST-IMPORT-CAPF@a/CAPF=F");
    /* In part, it was. */
    assert_exchange(SAST "CR" CCM "CRF" TOMCAT "TU", "ST-IMPORT-SIGNER@b/CallManager=D");
    /* None was: it is not about nodes. */
    assert_exchange(SAST "R" CCM "RF",
                    "ST-IMPORT-SIGNER@a/CallManager=C+1 ST-IMPORT-TOMCAT@a/tomcat=T+1");
    /* Tomcat alone is less, and a certificate of no node is told by itself. */
    assert_how("a/CallManager=C a/tomcat=T b/tomcat=U", SAST "C" CCM "C" TOMCAT "T",
               (struct how){.known_only = true}, "ST-IMPORT-TOMCAT@b/tomcat=U");
    assert_how("-/CallManager=CD", SAST "C" CCM "C", (struct how){.known_only = true},
               "ST-IMPORT-SIGNER@-/CallManager=D");
    /* From 12 on it does not sign lists. */
    assert_how(FROM, SAST "CR" CCM "CRF" TOMCAT "T", (struct how){.version = 12 << 8},
               "ST-IMPORT-NODE@b/CallManager=D+1:warning");
}

static void roles(void **state)
{
    (void)state;
    assert_exchange(SAST "X" CCM "CDRF" TOMCAT "TU",
                    "ST-IMPORT-NO-ROLE@a/CallManager=C+1 ST-IMPORT-NO-ROLE@a/ITLRecovery=R");
    assert_exchange(SAST "CR" CCM "CDRF" TOMCAT "TU", "ST-IMPORT-NO-ROLE@b/CallManager=D");
    assert_exchange(SAST "CDR" CCM "CRF" TOMCAT "TU", "ST-IMPORT-CALLMANAGER@b/CallManager=D");
    assert_exchange(SAST "CD" CCM "CDF" TOMCAT "TU", "ST-IMPORT-RECOVERY@a/ITLRecovery=R");
    assert_exchange(SAST "D" CCM "CRDF" TOMCAT "TU",
                    "ST-IMPORT-NO-ROLE@a/CallManager=C ST-IMPORT-NO-ROLE@a/ITLRecovery=R");
    assert_exchange(SAST "CR" CCM "DRF" TOMCAT "TU",
                    "ST-IMPORT-CALLMANAGER@a/CallManager=C ST-IMPORT-NO-ROLE@b/CallManager=D");
}

static void assert_roles(uint32_t roles, bool emcc, const char *expected)
{
    struct ucm_stores *from = store_make(FROM, NULL);
    struct ucm_stores *to =
        store_make("x/Phone-SAST-trust=CDR y/Phone-SAST-trust=C" CCM "CDRF" TOMCAT "TU", NULL);
    const struct ucm_store_options options = {.emcc = emcc};
    struct ucm_findings findings = {0};

    for (uint32_t i = 0; i < to->count; i++) {
        struct ucm_stored *item = (struct ucm_stored *)&to->item[i];

        if (item->store == UCM_STORE_PHONE_SAST_TRUST && strcmp(item->node, "x") == 0) {
            item->roles_known = true;
            item->roles = roles;
        }
    }
    assert_true(ucm_stores_check_exchange(from, to, &options, &findings));
    assert_store_findings(&findings, from, to, expected);
    store_free(from);
    store_free(to);
}

/* A database that says which roles a certificate has is believed, for TVS goes by them. C is on y
 * as well, where nothing is said of roles. */
static void roles_that_the_database_states(void **state)
{
    const uint32_t tftp = UCM_ROLE_BIT(UCM_ROLE_TFTP);

    (void)state;
    assert_roles(tftp | UCM_ROLE_BIT(UCM_ROLE_SAST), false, "");
    assert_roles(tftp, false,
                 "ST-IMPORT-ROLE-MISSING@b/CallManager=D ST-IMPORT-ROLE-MISSING@a/ITLRecovery=R");
    assert_roles(0, true,
                 "ST-IMPORT-ROLE-MISSING@b/CallManager=D ST-IMPORT-ROLE-MISSING@a/ITLRecovery=R");
    store_letter('D')->known = UCM_KNOWN_SUBJECT | UCM_KNOWN_SERIAL | UCM_KNOWN_ISSUER;
    assert_roles(0, false, "ST-IMPORT-ROLE-MISSING@a/ITLRecovery=R");
}

static void what_signs_in_this_release(void **state)
{
    const char *const to = SAST "X" CCM "CDRF" TOMCAT "TU";

    (void)state;
    assert_how(FROM, to, (struct how){.version = (11 << 8) + 5},
               "ST-IMPORT-NO-ROLE@a/CallManager=C+1 "
               "ST-IMPORT-NO-ROLE@a/ITLRecovery=R:warning");
    assert_how(FROM, to, (struct how){.version = 12 << 8},
               "ST-IMPORT-NO-ROLE@a/CallManager=C+1:warning "
               "ST-IMPORT-NO-ROLE@a/ITLRecovery=R");
}

static void other_services(void **state)
{
    (void)state;
    assert_exchange(SAST "CDR" CCM "CDR" TOMCAT "TU", "ST-IMPORT-CAPF@a/CAPF=F");
    assert_exchange(SAST "CDR" CCM "CDRF" TOMCAT "X", "ST-IMPORT-TOMCAT@a/tomcat=T+1");
    assert_exchange(SAST "CDR" CCM "CDRF" TOMCAT "T", "ST-IMPORT-TOMCAT@b/tomcat=U");
    assert_how(FROM " a/CallManager-ECDSA=E b/tomcat-ECDSA=G", SAST "CDR" CCM "CDRF" TOMCAT "TU",
               (struct how){0},
               "ST-IMPORT-ECDSA@a/CallManager-ECDSA=E ST-IMPORT-TOMCAT@b/tomcat-ECDSA=G");
    /* One certificate of several nodes, or of two services, is one. */
    assert_how("a/tomcat=T b/tomcat=T c/tomcat=T a/CallManager=T", TOMCAT "X",
               (struct how){.known_only = true}, "ST-IMPORT-NONE@a/CallManager=T+1");
}

static void a_server_is_trusted_by_its_ca(void **state)
{
    (void)state;
    store_issued('R', "CN=root", 'R', NULL);
    store_issued('T', "CN=server", 'R', NULL);
    assert_how("a/tomcat=T a/CAPF=F", TOMCAT "R" CCM "F", (struct how){.known_only = true}, "");
    store_issued('N', "CN=root", 'N', NULL);
    assert_how("a/tomcat=T a/CAPF=F", TOMCAT "N" CCM "F", (struct how){.known_only = true},
               "ST-IMPORT-TOMCAT@a/tomcat=T");
    store_letter('T')->known = UCM_KNOWN_ALL & ~(uint32_t)UCM_KNOWN_DER;
    assert_how("a/tomcat=T a/CAPF=F", TOMCAT "R" CCM "F", (struct how){.known_only = true},
               "ST-IMPORT-TOMCAT@a/tomcat=T");
}

static void extension_mobility(void **state)
{
    const struct how emcc = {.emcc = true};

    (void)state;
    assert_how(FROM, SAST "CD" CCM "CDRF" TOMCAT "TU", emcc, "ST-EMCC-RECOVERY@a/ITLRecovery=R");
    assert_how(FROM, SAST "CDR" CCM "CDRF" TOMCAT "T", emcc, "ST-EMCC-TOMCAT@b/tomcat=U");
    assert_how(FROM, SAST "CD" CCM "CDF" TOMCAT "TU",
               (struct how){.emcc = true, .version = (11 << 8) + 5},
               "ST-EMCC-RECOVERY@a/ITLRecovery=R");
}

/* What was not read is never called missing, and never good. */
static void stores_that_were_not_read(void **state)
{
    const uint32_t sast = ucm_store_bit(UCM_STORE_PHONE_SAST_TRUST);
    const uint32_t ccm = ucm_store_bit(UCM_STORE_CALLMANAGER_TRUST);
    const uint32_t tomcat = ucm_store_bit(UCM_STORE_TOMCAT_TRUST);

    (void)state;
    assert_how(FROM, "", (struct how){.unread = sast | ccm | tomcat},
               "ST-IMPORT-UNSURE@-/CallManager-trust=F ST-IMPORT-UNSURE@-/tomcat-trust=T+1 "
               "ST-IMPORT-UNSURE@-/Phone-SAST-trust=C+2");
    assert_how(FROM, "", (struct how){.unread = sast | ccm | tomcat, .known_only = true}, "");
    assert_how(FROM, SAST "CDR" TOMCAT "TU", (struct how){.unread = ccm},
               "ST-IMPORT-UNSURE@-/CallManager-trust=C+2");
    assert_how(FROM, CCM "CDRF" TOMCAT "TU", (struct how){.unread = sast},
               "ST-IMPORT-UNSURE@-/Phone-SAST-trust=C+2");
    assert_how(FROM, CCM "RF" TOMCAT "TU", (struct how){.unread = sast},
               "ST-IMPORT-UNSURE@-/Phone-SAST-trust=C+2");
    assert_how(FROM, CCM "CRF" TOMCAT "T", (struct how){.unread = sast},
               "ST-IMPORT-UNSURE@-/Phone-SAST-trust=C+2 ST-IMPORT-TOMCAT@b/tomcat=U");
    /* That phones refuse is sure. */
    assert_how(FROM, SAST "CR" CCM "C" TOMCAT "TU", (struct how){.unread = ccm},
               "ST-IMPORT-UNSURE@-/CallManager-trust=F ST-IMPORT-SIGNER@b/CallManager=D");
    assert_how(FROM, SAST "CD" CCM "CDF" TOMCAT "TU", (struct how){.unread = ccm},
               "ST-IMPORT-RECOVERY@a/ITLRecovery=R");
    /* Certificates of which not enough is known. */
    store_letter('X')->known = UCM_KNOWN_SUBJECT;
    assert_how(FROM, SAST "CDR" CCM "CDRX" TOMCAT "TU", (struct how){0},
               "ST-IMPORT-UNSURE@-/CallManager-trust=F");
    store_letter('F')->known = UCM_KNOWN_SUBJECT;
    assert_how(FROM, SAST "CDR" CCM "CDRF" TOMCAT "TU", (struct how){0},
               "ST-IMPORT-UNSURE@-/CallManager-trust=F");
}

static void kinds_that_are_not_known(void **state)
{
    const uint32_t all = UINT32_MAX;

    (void)state;
    assert_how("", "", (struct how){.from_unread = all}, "ST-IMPORT-UNSEEN@-/CallManager+3");
    assert_how("", "", (struct how){.from_unread = all, .known_only = true}, "");
    assert_how("a/CallManager=C a/tomcat=T", SAST "C" CCM "C" TOMCAT "T",
               (struct how){.from_unread = all}, "ST-IMPORT-UNSEEN@-/ITLRecovery+1");
    assert_how("a/CallManager=C a/tomcat=T -/CAPF=F", SAST "C" CCM "CF" TOMCAT "T",
               (struct how){.from_unread = all, .version = (9 << 8) + 1}, "");
    assert_how("a/CallManager=C a/tomcat=T -/CAPF=F", SAST "C" CCM "CF" TOMCAT "T",
               (struct how){.from_unread = all, .version = 10 << 8},
               "ST-IMPORT-UNSEEN@-/ITLRecovery");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_of_it, reset),
        cmocka_unit_test_setup(nodes_that_were_not_exported, reset),
        cmocka_unit_test_setup(roles, reset),
        cmocka_unit_test_setup(roles_that_the_database_states, reset),
        cmocka_unit_test_setup(what_signs_in_this_release, reset),
        cmocka_unit_test_setup(other_services, reset),
        cmocka_unit_test_setup(a_server_is_trusted_by_its_ca, reset),
        cmocka_unit_test_setup(extension_mobility, reset),
        cmocka_unit_test_setup(stores_that_were_not_read, reset),
        cmocka_unit_test_setup(kinds_that_are_not_known, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
