/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark's X.509 dissector, called with care: see x509.h.
 */
#include "x509.h"

#include <epan/exceptions.h>
#include <epan/show_exception.h>

/* Protocols that put fields below a certificate: a filter on any of them needs the dissector. */
static const char *const FIELD_OWNERS[] = {"x509af", "x509if",        "x509sat",       "x509ce",
                                           "pkcs-1", "pkix1explicit", "pkix1implicit", "ber"};
static int field_owner[array_length(FIELD_OWNERS)];
static dissector_handle_t certificate_handle;
static compat_bool dissect_certificates = TRUE;

void x509_preference(module_t *module)
{
    prefs_register_bool_preference(
        module, "x509", "Dissect certificates",
        "Show each certificate in trust lists and TVS messages with Wireshark's own X.509 fields. "
        "Takes time in lists with many certificates. When off, subject, issuer, serial number, "
        "fingerprint and dates are shown all the same",
        &dissect_certificates);
}

void x509_handoff(void)
{
    /* By label: the handle x509af is missing at 4.0 and is the one for CRLs later. */
    certificate_handle =
        dissector_get_string_handle(find_dissector_table("rfc7468.preeb_label"), "CERTIFICATE");
    for (unsigned i = 0; i < array_length(FIELD_OWNERS); i++)
        field_owner[i] = proto_get_id_by_filter_name(FIELD_OWNERS[i]);
}

static bool wanted(proto_tree *tree)
{
    if (compat_visible(tree))
        return true;
    for (unsigned i = 0; i < array_length(FIELD_OWNERS); i++)
        if (field_owner[i] > 0 && compat_wanted(tree, field_owner[i]))
            return true;
    return false;
}

void x509_dissect(tvbuff_t *tvb, struct ucm_view view, packet_info *pinfo, proto_tree *tree)
{
    struct compat_layers layers = compat_layers_note(pinfo);
    tvbuff_t *certificate;

    if (!dissect_certificates || certificate_handle == NULL || view.len == 0 || !wanted(tree))
        return;
    certificate = tvb_new_subset_length(tvb, (int)view.off, (int)view.len);
    TRY
    {
        call_dissector_only(certificate_handle, certificate, pinfo, tree, NULL);
    }
    CATCH_NONFATAL_ERRORS
    {
        show_exception(certificate, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    ENDTRY;
    compat_layers_restore(pinfo, &layers);
}
