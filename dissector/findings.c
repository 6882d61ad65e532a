/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The catalogue of findings in Wireshark: see findings.h. Everything here is generated from
 * UCM_FINDINGS_CAPTURE, the rows that come first; a new row needs no line in this file, a new group
 * of rows one.
 */
#include "findings.h"

#include "x509.h"

#include "common/finding_text.h"

#include <epan/prefs.h>
#include <epan/tap.h>

static int proto_ucmtrust = -1;
static int hf_finding = -1;
static int hf_severity = -1;
static int hf_meaning = -1;
static int hf_remedy = -1;
static int hf_source = -1;
static int ett_finding = -1;
static int expert_tap = 0;

#define ONE_MORE(constant, id, severity, grade, detail, what, meaning, remedy, source) +1
enum { FINDINGS = UCM_FINDINGS_CAPTURE(ONE_MORE) };

static expert_field ei_finding[1 + FINDINGS];

/* How loud each severity is. What could not be judged may hide an error, but is none. */
#define LOUDNESS_UCM_NOTE    PI_NOTE
#define LOUDNESS_UCM_WARNING PI_WARN
#define LOUDNESS_UCM_UNSURE  PI_WARN
#define LOUDNESS_UCM_ERROR   PI_ERROR

#define EXPERT(constant, id, severity, group, what)                                                \
    {&ei_finding[constant],                                                                        \
     {"ucmtrust.finding." id, group, LOUDNESS_##severity, id ": " what, EXPFILL}},
#define EXPERT_FORM(constant, id, severity, grade, detail, what, meaning, remedy, source)          \
    EXPERT(constant, id, severity, PI_PROTOCOL, what)
#define EXPERT_TRUST(constant, id, severity, grade, detail, what, meaning, remedy, source)         \
    EXPERT(constant, id, severity, PI_SECURITY, what)
#define EXPERT_ANSWER(constant, id, severity, grade, detail, what, meaning, remedy, source)        \
    EXPERT(constant, id, severity, PI_RESPONSE_CODE, what)

static void register_fields(void)
{
    static hf_register_info fields[] = {
        {&hf_finding,
         {"Finding", "ucmtrust.finding", FT_STRING, BASE_NONE, NULL, 0,
          "What is wrong, by its id in the catalogue of findings, such as TL-SIGNATURE-INVALID",
          HFILL}},
        {&hf_severity,
         {"Severity", "ucmtrust.finding.severity", FT_STRING, BASE_NONE, NULL, 0,
          "How bad it is for phones: note, warning, unknown (could not be judged) or error",
          HFILL}},
        {&hf_meaning,
         {"What it means", "ucmtrust.finding.meaning", FT_STRING, BASE_NONE, NULL, 0,
          "What phones do because of it", HFILL}},
        {&hf_remedy,
         {"What to do", "ucmtrust.finding.remedy", FT_STRING, BASE_NONE, NULL, 0,
          "What an administrator can do about it", HFILL}},
        {&hf_source,
         {"Source of the rule", "ucmtrust.finding.source", FT_STRING, BASE_NONE, NULL, 0,
          "Where the rule comes from, and how good the evidence is (A best, C unknown)", HFILL}},
    };
    static int *subtrees[] = {&ett_finding};

    proto_register_field_array(proto_ucmtrust, fields, array_length(fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
}

static void register_experts(void)
{
    /* clang-format off */
    static ei_register_info experts[] = {
        UCM_FINDINGS_STRUCTURE(EXPERT_FORM)
        UCM_FINDINGS_SIGNATURE(EXPERT_TRUST)
        UCM_FINDINGS_CERTIFICATE(EXPERT_TRUST)
        UCM_FINDINGS_CHANGE(EXPERT_TRUST)
        UCM_FINDINGS_CLUSTER(EXPERT_TRUST)
        UCM_FINDINGS_MIGRATION(EXPERT_TRUST)
        UCM_FINDINGS_FETCH(EXPERT_ANSWER)
        UCM_FINDINGS_TVS(EXPERT_ANSWER)
    };
    /* clang-format on */

    G_STATIC_ASSERT(array_length(experts) == FINDINGS);

    for (unsigned i = 0; i < array_length(ei_finding); i++)
        ei_finding[i] = (expert_field){EI_INIT_EI, EI_INIT_HF};
    expert_register_field_array(expert_register_protocol(proto_ucmtrust), experts,
                                array_length(experts));
}

void findings_register(void)
{
    proto_ucmtrust =
        proto_register_protocol("Trust of Cisco Unified CM phones", "UCMTRUST", "ucmtrust");
    register_fields();
    register_experts();
    x509_preference(prefs_register_protocol(proto_ucmtrust, NULL));
}

void findings_handoff(void)
{
    expert_tap = find_tap_id("expert");
}

int findings_protocol(void)
{
    return proto_ucmtrust;
}

void findings_mark(proto_tree *tree, tvbuff_t *tvb)
{
    if (tree != NULL)
        proto_item_set_hidden(proto_tree_add_item(tree, proto_ucmtrust, tvb, 0, 0, ENC_NA));
}

bool findings_wanted(proto_tree *tree)
{
    if (have_tap_listener(expert_tap))
        return true;
    /* Who refers to a field refers to its protocol: mostly nobody does, and there are many fields.
     */
    if (!compat_wanted(tree, proto_ucmtrust))
        return false;
    if (compat_wanted(tree, hf_finding) || compat_wanted(tree, hf_severity) ||
        compat_wanted(tree, hf_meaning) || compat_wanted(tree, hf_remedy) ||
        compat_wanted(tree, hf_source))
        return true;
    for (unsigned i = UCM_FINDING_NONE + 1; i <= FINDINGS; i++)
        if (compat_wanted(tree, ei_finding[i].hf))
            return true;
    return false;
}

static void add_text(proto_tree *tree, int field, tvbuff_t *tvb, const char *text)
{
    proto_item_set_generated(proto_tree_add_string(tree, field, tvb, 0, 0, text));
}

static proto_item *add_item(const struct ucm_finding *finding, tvbuff_t *tvb, packet_info *pinfo,
                            proto_tree *tree, const char *text)
{
    const struct ucm_rule *rule = ucm_rule(finding->id);
    int at = (int)MIN(finding->offset, tvb_captured_length(tvb));
    proto_item *item;
    proto_tree *detail;

    item = proto_tree_add_string_format(tree, hf_finding, tvb, at, 0, rule->id, "%s (%s): %s",
                                        rule->id, ucm_severity_name(finding->severity), text);
    proto_item_set_generated(item);
    detail = proto_item_add_subtree(item, ett_finding);
    add_text(detail, hf_severity, tvb, ucm_severity_name(finding->severity));
    add_text(detail, hf_meaning, tvb, rule->meaning);
    add_text(detail, hf_remedy, tvb, rule->remedy);
    if (compat_wanted(detail, hf_source))
        add_text(detail, hf_source, tvb,
                 wmem_strdup_printf(pinfo->pool, "%s (grade %c)", rule->source, rule->grade));
    return item;
}

void findings_add(const struct ucm_finding *finding, tvbuff_t *tvb, packet_info *pinfo,
                  proto_tree *tree, const uint8_t *data)
{
    const struct ucm_rule *rule = ucm_rule(finding->id);
    char text[UCM_TEXT_MAX];
    proto_item *item = NULL;

    if (finding->id == UCM_FINDING_NONE)
        return;
    if (tree == NULL && !have_tap_listener(expert_tap)) {
        expert_add_info(pinfo, NULL, &ei_finding[finding->id]); /* its severity, for a column */
        return;
    }
    ucm_finding_text(finding, data, text, sizeof text);
    if (tree != NULL)
        item = add_item(finding, tvb, pinfo, tree, text);
    expert_add_info_format(pinfo, item, &ei_finding[finding->id], "%s: %s. %s", rule->id, text,
                           rule->meaning);
}
