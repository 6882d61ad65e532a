/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What happens to each phone of a capture, collected event by event: see phones.h.
 */
#include "phones-model.h"

#include "packet-trustlist.h"
#include "phone-config.h"
#include "show.h"
#include "tl-tree.h"
#include "tvs-port.h"
#include "tvs-text.h"

#include <epan/conversation.h>
#include <epan/to_str.h>

#include <string.h>

enum {
    ROWS_TOTAL_MAX = 200000, /* of all phones, some 100 MB */
    MAC_DIGITS = 12,
};

/* ---- phones ---- */

struct phones *phones_new(void)
{
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);
    struct phones *phones = wmem_new0(scope, struct phones);

    phones->scope = scope;
    phones->kept = kept_all_new(scope);
    phones->by_address = wmem_map_new(scope, wmem_str_hash, g_str_equal);
    return phones;
}

void phones_free(struct phones *phones)
{
    if (phones != NULL)
        wmem_destroy_allocator(phones->scope);
}

unsigned phones_count(const struct phones *phones)
{
    return phones->count;
}

unsigned phones_left_out(const struct phones *phones)
{
    return phones->left_out;
}

/* Wireshark sorts by title, and "All phones" comes before these. */
static void retitle(struct phone *phone)
{
    wmem_allocator_t *scope = phone->phones->scope;
    const char *where = address_to_str(scope, &phone->at);
    const char *model =
        phone->model == NULL ? "" : wmem_strdup_printf(scope, " (%s)", phone->model);

    phone->title = phone->mac == NULL
                       ? wmem_strdup_printf(scope, "Phone at %s", where)
                       : wmem_strdup_printf(scope, "SEP%s%s at %s", phone->mac, model, where);
}

static struct phone *new_phone(struct phones *phones, const address *where, const char *key)
{
    struct phone *phone = wmem_new0(phones->scope, struct phone);

    phone->phones = phones;
    phone->number = phones->count++;
    copy_address_wmem(phones->scope, &phone->at, where);
    phone->rows = wmem_array_new(phones->scope, sizeof(struct phone_row));
    phone->files = wmem_array_new(phones->scope, sizeof(struct phone_file *));
    phone->attempts = wmem_array_new(phones->scope, sizeof(struct phone_attempt *));
    phone->summary = (struct phone_row){.event = "phone", .node = "", .verdict = ""};
    phone->summary.details = "was given no trust list and no signed file";
    retitle(phone);
    wmem_map_insert(phones->by_address, wmem_strdup(phones->scope, key), phone);
    return phone;
}

/* NULL for an address that is none (a list opened as a file), and beyond the limit. */
static struct phone *phone_at(struct phones *phones, packet_info *pinfo, const address *where)
{
    const char *key;
    struct phone *phone;

    if (where->type == AT_NONE)
        return NULL;
    key = address_to_str(pinfo->pool, where);
    phone = wmem_map_lookup(phones->by_address, key);
    if (phone != NULL)
        return phone;
    if (phones->count < PHONES_MAX)
        return new_phone(phones, where, key);
    phones->left_out++;
    return NULL;
}

static const char *upper(wmem_allocator_t *scope, const char *text)
{
    char *copy = wmem_strdup(scope, text);

    for (char *c = copy; *c != '\0'; c++)
        *c = g_ascii_toupper(*c);
    return copy;
}

static void learn_mac(struct phone *phone, const char *digits, const char *model)
{
    if (phone->mac != NULL && (phone->model != NULL || model == NULL))
        return;
    phone->mac = upper(phone->phones->scope, digits);
    if (model != NULL)
        phone->model = wmem_strdup(phone->phones->scope, model);
    retitle(phone);
}

unsigned phone_number(const struct phone *phone)
{
    return phone->number;
}

const char *phone_title(const struct phone *phone)
{
    return phone->title;
}

struct phone_row phone_summary(const struct phone *phone)
{
    return phone->summary;
}

unsigned phone_rows(const struct phone *phone)
{
    return wmem_array_get_count(phone->rows);
}

struct phone_row phone_row(const struct phone *phone, unsigned at)
{
    return *(struct phone_row *)wmem_array_index(phone->rows, at);
}

/* ---- rows ---- */

/* False when there is no room for another; then the last row says so. */
static bool add_row(struct phone *phone, const packet_info *pinfo, const char *event,
                    const address *node, const char *details)
{
    wmem_allocator_t *scope = phone->phones->scope;
    struct phone_row row = {.time = nstime_to_sec(&pinfo->rel_ts),
                            .frame = pinfo->num,
                            .event = event,
                            .node = address_to_str(scope, node),
                            .verdict = "",
                            .details = wmem_strdup(scope, details)};
    unsigned count = phone_rows(phone);

    if (count >= PHONE_ROWS_MAX || phone->phones->rows >= ROWS_TOTAL_MAX)
        return false;
    if (count == PHONE_ROWS_MAX - 1 || phone->phones->rows == ROWS_TOTAL_MAX - 1)
        row.details = "what follows is not kept: filter for fewer phones";
    if (count == 0) {
        phone->summary.time = row.time;
        phone->summary.frame = row.frame;
    }
    wmem_array_append_one(phone->rows, row);
    phone->phones->rows++;
    return true;
}

/* ---- files ---- */

/* SEP and twelve digits, as in CTLSEP00005E005332.tlv: the name tells whose file it is. */
static void learn_from_name(struct phone *phone, const char *name)
{
    const char *at = name == NULL ? NULL : strstr(name, "SEP");
    char digits[MAC_DIGITS + 1] = "";

    for (unsigned i = 0; at != NULL && i < MAC_DIGITS; i++) {
        if (!g_ascii_isxdigit(at[3 + i]))
            return;
        digits[i] = at[3 + i];
    }
    if (at != NULL)
        learn_mac(phone, digits, NULL);
}

static const char *about_file(const struct tl_shown *shown)
{
    const char *text = trustlist_text(shown);
    struct ucm_view body = shown->list->body;
    const char *tvs = NULL;

    if (shown->list->kind == UCM_LIST_SIGNED_FILE)
        tvs = phone_config_tvs(shown->pinfo->pool, shown->data + body.off, body.len);
    return tvs == NULL ? text
                       : wmem_strdup_printf(shown->pinfo->pool, "%s, names TVS %s", text, tvs);
}

/* The bytes must stay: later files are judged by this one. */
static void keep_list(struct phone_file *file, struct phones *phones, const struct tl_shown *shown)
{
    const struct kept *kept = shown->cut || !shown->verdict->checked
                                  ? NULL
                                  : kept_get(phones->kept, shown->data, shown->list->size);

    file->list.kind = shown->list->kind;
    file->own = shown->verdict->signature;
    if (kept == NULL)
        return;
    ucm_trustlist_decode(kept->data, kept->size, &file->list);
    file->whole = true;
}

static struct phone *take_file(struct phones *phones, packet_info *pinfo,
                               const struct tl_shown *shown)
{
    struct phone *phone = phone_at(phones, pinfo, &pinfo->dst);
    const struct ucm_view *value = shown->list->value;
    struct phone_file *file;

    if (phone == NULL)
        return NULL;
    learn_from_name(phone, shown->name);
    if (!add_row(phone, pinfo, ucm_list_kind_name(shown->list->kind), &pinfo->src,
                 about_file(shown)))
        return phone;
    file = wmem_new0(phones->scope, struct phone_file);
    file->row = phone_rows(phone) - 1;
    file->frame = pinfo->num;
    file->about = phone_row(phone, file->row).details;
    file->time = (int64_t)pinfo->abs_ts.secs;
    file->issuer = show_text(phones->scope, shown->data, value[UCM_HEADER_SIGNER_ISSUER]);
    file->serial = show_serial(phones->scope, shown->data, value[UCM_HEADER_SIGNER_SERIAL]);
    keep_list(file, phones, shown);
    wmem_array_append_one(phone->files, file);
    return phone;
}

/* ---- TVS ---- */

static struct phone_attempt *attempt_of(struct phone *phone, packet_info *pinfo,
                                        const address *node)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    uint32_t number = conversation == NULL ? 0 : conversation->conv_index;
    unsigned count = wmem_array_get_count(phone->attempts);
    struct phone_attempt *attempt;

    for (unsigned i = count; i > 0; i--) {
        attempt = *(struct phone_attempt **)wmem_array_index(phone->attempts, i - 1);
        if (attempt->conversation != number)
            continue;
        attempt->last_frame = pinfo->num;
        return attempt;
    }
    if (count >= PHONE_ROWS_MAX)
        return NULL;
    attempt = wmem_new0(phone->phones->scope, struct phone_attempt);
    attempt->frame = attempt->last_frame = pinfo->num;
    attempt->conversation = number;
    attempt->node = address_to_str(phone->phones->scope, node);
    wmem_array_append_one(phone->attempts, attempt);
    return attempt;
}

static void keep_certificate(struct phones *phones, struct phone_attempt *attempt,
                             const struct tvs_shown *shown)
{
    struct ucm_view der = shown->message.value[UCM_TVS_CERTIFICATE];

    if (ucm_tvs_has(&shown->message, UCM_TVS_CERTIFICATE) && !shown->cut)
        attempt->certificate = kept_get(phones->kept, shown->data + der.off, der.len);
}

static void take_request(struct phone *phone, struct phone_attempt *attempt,
                         const struct tvs_shown *shown)
{
    wmem_allocator_t *scope = phone->phones->scope;
    const struct ucm_view *value = shown->message.value;
    struct ucm_view model, mac;
    struct ucm_cert cert;

    ucm_tvs_device_parts(shown->data, value[UCM_TVS_DEVICE], &model, &mac);
    if (mac.len == MAC_DIGITS)
        learn_mac(phone, show_text(shown->pinfo->pool, shown->data, mac),
                  model.len == 0 ? NULL : show_text(shown->pinfo->pool, shown->data, model));
    attempt->asked = true;
    attempt->answered = false;
    attempt->pin = UCM_PIN_HELD;
    attempt->issuer = NULL;
    attempt->serial = "";
    keep_certificate(phone->phones, attempt, shown);
    if (shown->message.type == UCM_TVS_QUERY_REQUEST) {
        attempt->issuer = show_text(scope, shown->data, value[UCM_TVS_ISSUER]);
        attempt->serial = show_serial(scope, shown->data, value[UCM_TVS_SERIAL]);
    } else if (attempt->certificate != NULL &&
               ucm_cert_read(attempt->certificate->data, attempt->certificate->size, &cert)) {
        attempt->serial = wmem_strdup(scope, cert.serial_hex);
    }
}

static void take_answer(struct phone *phone, struct phone_attempt *attempt,
                        const struct tvs_shown *shown)
{
    const struct ucm_tvs *message = &shown->message;
    struct ucm_view roles = message->value[UCM_TVS_ROLES];

    attempt->asked = true;
    attempt->pin = UCM_PIN_HELD;
    attempt->answered = ucm_tvs_has(message, UCM_TVS_STATUS_ELEMENT);
    attempt->status = message->status;
    attempt->ttl = ucm_tvs_has(message, UCM_TVS_TTL) ? message->ttl : 0;
    attempt->time = (int64_t)shown->pinfo->abs_ts.secs;
    attempt->roles = 0;
    for (uint32_t i = 0; i < roles.len && i < TVS_SHOWN_MAX; i++)
        if (ucm_byte(shown->data, roles, i) < 32)
            attempt->roles |= UCM_ROLE_BIT(ucm_byte(shown->data, roles, i));
    keep_certificate(phone->phones, attempt, shown);
}

static struct phone *take_message(struct phones *phones, packet_info *pinfo,
                                  const struct tvs_shown *shown)
{
    bool request = tvs_is_request(&shown->message);
    const address *node = request ? &pinfo->dst : &pinfo->src;
    struct phone *phone = phone_at(phones, pinfo, request ? &pinfo->src : &pinfo->dst);
    struct phone_attempt *attempt = phone == NULL ? NULL : attempt_of(phone, pinfo, node);

    if (attempt == NULL ||
        !add_row(phone, pinfo, request ? "asks TVS" : "TVS answers", node, tvs_info_text(shown)))
        return phone;
    if (request)
        take_request(phone, attempt, shown);
    else
        take_answer(phone, attempt, shown);
    return phone;
}

static void take_alert(struct phone *phone, packet_info *pinfo, struct phone_attempt *attempt,
                       const struct tvs_sign *sign)
{
    const char *who = sign->from_phone ? "The phone broke off the TLS handshake"
                                       : "TVS broke off the TLS handshake";

    attempt->broken_off = true;
    attempt->pin = sign->finding == UCM_TVS_IDENTITY ? UCM_PIN_MISSING : UCM_PIN_HELD;
    (void)add_row(phone, pinfo, "TVS refused", sign->from_phone ? &pinfo->dst : &pinfo->src,
                  wmem_strdup_printf(pinfo->pool, "%s: %s [%s]", who, sign->alert,
                                     ucm_rule(sign->finding)->id));
}

static struct phone *take_sign(struct phones *phones, packet_info *pinfo,
                               const struct tvs_sign *sign)
{
    struct phone *phone = phone_at(phones, pinfo, sign->from_phone ? &pinfo->src : &pinfo->dst);
    struct phone_attempt *attempt =
        phone == NULL ? NULL
                      : attempt_of(phone, pinfo, sign->from_phone ? &pinfo->dst : &pinfo->src);

    if (attempt == NULL)
        return phone;
    if (sign->from_phone && attempt->identity != NULL)
        attempt->went_on = true;
    if (sign->certificate != NULL && attempt->identity == NULL)
        attempt->identity = kept_get(phones->kept, sign->certificate, sign->certificate_size);
    if (sign->alert != NULL)
        take_alert(phone, pinfo, attempt, sign);
    return phone;
}

/* ---- events ---- */

static bool told_already(struct phones *phones, const packet_info *pinfo, const void *event)
{
    bool again = phones->last_frame == pinfo->num && phones->last_event == event;

    phones->last_frame = pinfo->num;
    phones->last_event = event;
    return again;
}

struct phone *phones_take(struct phones *phones, packet_info *pinfo, const struct taps_event *event)
{
    struct phone *phone = NULL;

    if (told_already(phones, pinfo, event))
        return NULL;
    switch (event->kind) {
    case TAPS_FILE:
        phone = take_file(phones, pinfo, event->what);
        break;
    case TAPS_MESSAGE:
        phone = take_message(phones, pinfo, event->what);
        break;
    case TAPS_SIGN:
        phone = take_sign(phones, pinfo, event->what);
        break;
    }
    if (phone != NULL)
        phone_judge(phone);
    return phone;
}

struct phone *phones_lease(struct phones *phones, packet_info *pinfo, const address *where,
                           const char *mac, const char *servers)
{
    struct phone *phone = phone_at(phones, pinfo, where);

    if (phone == NULL)
        return NULL;
    learn_mac(phone, mac, NULL);
    (void)add_row(phone, pinfo, "DHCP", &pinfo->src,
                  wmem_strdup_printf(pinfo->pool, "Option 150 names TFTP %s", servers));
    return phone;
}

struct phone *phones_absent(struct phones *phones, packet_info *pinfo, const char *file,
                            const char *why)
{
    struct phone *phone = phone_at(phones, pinfo, &pinfo->dst);

    if (phone == NULL)
        return NULL;
    learn_from_name(phone, file);
    (void)add_row(phone, pinfo, "no such file", &pinfo->src,
                  wmem_strdup_printf(pinfo->pool, "%s: %s", file, why));
    return phone;
}
