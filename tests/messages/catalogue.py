# SPDX-License-Identifier: GPL-2.0-or-later
#
# Which string literals are messages: what a user of a check, of Wireshark or of tshark may see, one sentence or piece
# of one. All that is not listed here as something else is one, so that a new way to print is seen by itself.
from pathlib import Path
import re

from literals import literals

TOP = Path(__file__).resolve().parents[2]
FOLDERS = ("common", "nagios", "dissector")

# Arguments of these calls are compared, looked up or sent, or are keys and names that machines read.
UNSEEN_CALLS = set("""
    strcmp strncmp strcasecmp strncasecmp strstr strchr strlen strcspn strspn strpbrk strtok_r memcmp
    g_ascii_strcasecmp g_ascii_strncasecmp g_strsplit g_str_has_prefix g_str_has_suffix g_strcanon g_strdelimit
    ucm_begins ucm_contains ucm_before begins common_name_starts has_text is_message number_after name_after
    is_on_command_line
    json_member json_key json_null json_integer json_known json_time json_hex json_digest json_date json_double
    add_element add_strings add_label metrics_labels compat_field_id compat_bool_preference
    compat_default_bool_preference curl_easy_setopt curl_slist_append proto_get_id_by_filter_name find_dissector
    find_dissector_table dissector_add_string dissector_add_uint dissector_delete_uint dissector_add_for_decode_as
    dissector_get_string_handle heur_dissector_add register_dissector register_tap_listener find_tap_id
    stats_tree_register_plugin
    g_key_file_get_string g_key_file_set_int64 g_key_file_set_string g_key_file_has_key g_getenv g_unsetenv
    g_file_get_contents g_file_read_link open strftime OSSL_PROVIDER_load SSL_CTX_config SSL_CTX_set_cipher_list
    append_string g_ascii_formatd put_list put_text get_time text_of value_of number_of result_add_perf add_perf
    visibility _Static_assert load_certificate plan_list
""".split())

# Tables and functions whose strings are read, asked for or written for machines, by file; "*": all of the file.
UNSEEN_PLACES = {
    "common/finding_table.h": {"GRADE_OF"}, "common/finding.c": {"ROW", "RULES"},
    "common/show.c": {"*"}, "common/trace.c": {"*"}, "common/cert.c": {"ucm_hex"}, "common/pem.c": {"*"},
    "common/lint_list.c": {"*"}, "common/exchange.c": {"common_name"}, "common/renewal.c": {"node_by_subject"},
    "common/store_dates.c": {"is_vendor", "is_deletable"}, "common/tvs.c": {"*"},
    "dissector/carrier-http.c": {"CONTENT_TYPES", "plain_ports", "tls_ports"}, "dissector/compat.h": {"*"},
    "dissector/export-names.c": {"*"}, "dissector/phones-others.c": {"FILTER", "pending_key"},
    "dissector/session-filter.c": {"build"}, "dissector/taps.h": {"*"}, "dissector/packet-trustlist.h": {"*"},
    "dissector/x509.c": {"FIELD_OWNERS"}, "dissector/findings.c": {"EXPERT"},
    "nagios/axl_client.c": {"make_sql", "make_body", "post", "latest_of"}, "nagios/axl_xml.h": {"*"},
    "nagios/axl_model.c": {"axl_model_node_row"}, "nagios/crypto_policy.c": {"crypto_policy_load"},
    "nagios/extra_opts.c": {"SECRET_KEY", "BLANKS", "INI_FILES", "INI_NAMES", "default_ini"},
    "nagios/fetch.c": {"MODULE", "fetch_is_supported", "open_module", "fetch_node_urls"}, "nagios/fetch.h": {"*"},
    "nagios/fetch_module.c": {"note_datagram", "own_error", "of_handshake"}, "nagios/history.c": {"MAGIC"},
    "nagios/inventory.c": {"PORT_KEYS", "CLUSTER_KEYS", "NODE_KEYS", "is_name", "read_address"},
    "nagios/json.c": {"*"}, "nagios/output_json.c": {"*"}, "nagios/openmetrics_text.c": {"*"},
    "nagios/plan_json.c": {"*"}, "nagios/store_axl.c": {"TABLES"}, "nagios/store_hint.c": {"*"},
    "nagios/store_dir.c": {"is_promised"}, "nagios/version.c": {"*"}, "nagios/whole_file.c": {"make_temporary"},
    "nagios/check_ucm_trustlist.c": {"check_node"}, "nagios/page.c": {"HEAD"},
    "nagios/state.c": {"LOCK_FILE", "TEMPORARY", "state_file_name"},
}
# Shown in the manual pages, which tests hold against the program.
HELP = re.compile(r"(ABOUT|HELP|OPTIONS|COMMON$|CHECK$|STORE_[A-Z0-9]+$|FIELDS?$|register_fields$|tvs_port_register$)")

WORDS = re.compile(r"[A-Za-z]{2}")
NAME_OF_A_FIELD = re.compile(r"(tvs|ciscotl|ucmtrust|http|tls|tcp|media)[a-z_]*\.[a-z_.0-9]*")
SINGLE = re.compile(r"%[-+ #0-9.*]*(?:l{0,2}|z)[a-zA-Z]")
LINES = {5: "what", 6: "meaning", 7: "remedy"}  # arguments of a row of the catalogue of findings


def is_message(one):
    unseen = UNSEEN_PLACES.get(one.path, ())
    if "*" in unseen or one.function in unseen or one.call in UNSEEN_CALLS or HELP.search(one.function):
        return False
    if one.path.startswith("nagios/openmetrics") and " " not in one.text:  # names and units of metrics
        return False
    if one.call == "metrics_add" or NAME_OF_A_FIELD.fullmatch(one.text):
        return False
    return WORDS.search(SINGLE.sub("", one.text)) is not None


def all_literals():
    for folder in FOLDERS:
        for path in sorted((TOP / folder).glob("*.[ch]")):
            yield from literals(str(path.relative_to(TOP)), path.read_text())


def catalogue(found):
    """Findings: {id: {"what": literal, "meaning": ..., "remedy": ...}}."""
    rows, name = {}, ""
    for one in found:
        if one.path.startswith("common/finding_table") and one.calls and one.calls[-1][0] == "X":
            place = one.calls[-1][1]
            if place == 1:
                name = one.text
            elif place in LINES:
                rows.setdefault(name, {})[LINES[place]] = one
    return rows


def messages(found):
    """(where, literal) of each: where is the finding and the line of its row, or the function."""
    for name, row in catalogue(found).items():
        for line, one in row.items():
            yield f"{name} {line}", one
    for one in found:
        if not one.path.startswith("common/finding_table") and is_message(one):
            yield one.function, one
