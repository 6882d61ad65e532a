/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tables of names and findings: every number has a printable name or none, and what is found by
 * name is what has it. Walked once, with the first input.
 */
#include "fuzz.h"

#include "common/names.h"
#include "common/trustlist.h"

#include <string.h>

enum { NUMBERS = 0x200 };

static void walk_names(const char *(*name_of)(uint32_t number))
{
    unsigned named = 0;

    for (uint32_t number = 0; number < NUMBERS; number++) {
        const char *name = name_of(number);

        MUST(name == NULL || (*name != '\0' && fuzz_printable(name, strlen(name), false)));
        named += name != NULL;
    }
    MUST(named > 0 && named < NUMBERS && name_of(UINT32_MAX) == NULL);
}

static void walk_stores(void)
{
    for (uint32_t number = 0; number < NUMBERS; number++) {
        const char *name = ucm_store_name(number);
        char upper[64] = "";

        MUST(name != NULL || (!ucm_store_is_own((enum ucm_store)number) &&
                              ucm_store_roles((enum ucm_store)number) == 0));
        if (name == NULL)
            continue;
        MUST(strlen(name) < sizeof upper && ucm_store_find(name) == (enum ucm_store)number);
        for (size_t i = 0; name[i] != '\0'; i++)
            upper[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 'a' + 'A') : name[i];
        MUST(ucm_store_find(upper) == (enum ucm_store)number);
        ucm_store_is_own((enum ucm_store)number);
        ucm_store_roles((enum ucm_store)number);
    }
    MUST(ucm_store_find("") == UCM_STORE_NONE && ucm_store_find("no store") == UCM_STORE_NONE);
}

static void walk_rules(void)
{
    for (unsigned i = UCM_FINDING_NONE + 1; i < UCM_FINDING_COUNT; i++) {
        const struct ucm_rule *rule = ucm_rule((enum ucm_finding_id)i);

        MUST(ucm_rule_find(rule->id) == (enum ucm_finding_id)i);
        MUST(rule->grade >= 'A' && rule->grade <= 'C' && *rule->what != '\0');
        MUST(fuzz_printable(rule->what, strlen(rule->what), false));
    }
    MUST(ucm_rule(UCM_FINDING_COUNT) == ucm_rule(UCM_FINDING_NONE));
    MUST(ucm_rule_find("no rule") == UCM_FINDING_NONE);
    for (unsigned severity = 0; severity < 8; severity++)
        MUST(*ucm_severity_name((enum ucm_severity)severity) != '\0');
}

void fuzz_tables(void)
{
    static bool done;

    if (done)
        return;
    done = true;
    MUST(ucm_number((const uint8_t *)"abc", (struct ucm_view){0, 3}) == 0); /* no such number */
    walk_names(ucm_tvs_type_name);
    walk_names(ucm_tvs_tag_name);
    walk_names(ucm_tvs_status_name);
    walk_names(ucm_role_name);
    walk_names(ucm_header_tag_name);
    walk_names(ucm_record_tag_name);
    walk_names(ucm_digest_name);
    walk_names(ucm_algorithm_name);
    walk_stores();
    walk_rules();
    for (uint32_t code = 0; code < NUMBERS; code++)
        MUST(ucm_modulus_bytes(code) % 64 == 0 && ucm_modulus_bytes(code) <= 512);
    for (unsigned kind = 0; kind < 8; kind++)
        MUST(*ucm_list_kind_name((enum ucm_list_kind)kind) != '\0');
}
