/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Objects to export: see export-objects.h. Wireshark has one list of objects for a protocol, so
 * those of TVS stand in that of ciscotl, where a user looks for both.
 *
 * Each distinct content is exported once in a capture, under the name and from the server of the
 * first frame that has it: a thousand phones that fetch one ITL, or a thousand answers with one
 * certificate, make one file. What was not captured as a whole is not exported, because it would
 * not be the file.
 */
#include "compat.h"

#include "export-objects.h"

#include "export-names.h"
#include "show.h"

#include <epan/export_object.h>
#include <epan/to_str.h>

#include <string.h>

/* Some clusters have a thousand certificates; beyond this somebody wants to fill the disk. */
enum { OBJECTS_MAX = 10000, BYTES_MAX = 256 * 1024 * 1024 };

static const char LIMIT_NOTE[] = "This capture holds more than 10000 distinct trust lists and "
                                 "certificates, or more than 256 MiB "
                                 "of them. Those that came later are not exported.\n";

/** What the tap carries: one of the two. */
struct told {
    const struct tl_shown *list;
    const struct tvs_shown *message;
};

/** What is known of one object. */
struct object {
    const char *type;     /**< for the column "Content type" */
    const char *name;     /**< wanted file name, not yet safe; NULL for none */
    const char *fallback; /**< file name without it */
    const address *server;
    const uint8_t *data;
    size_t size;
};

/** One run over the capture. It belongs to the list of objects that it fills. */
static struct {
    wmem_allocator_t *memory; /* of all that follows */
    const export_object_list_t *list;
    wmem_map_t *seen; /* SHA-256 in hex */
    struct export_names names;
    unsigned count;
    size_t bytes;
} run;

static int export_tap;

/* ---- run ---- */

static void forget_run(void)
{
    if (run.memory != NULL)
        wmem_destroy_allocator(run.memory);
    memset(&run, 0, sizeof run);
}

/* Nobody says that a run begins, but then the list of objects is empty. */
static void begin_run(const export_object_list_t *list)
{
    if (run.list == list && list->get_entry(list->gui_data, 0) != NULL)
        return;
    forget_run();
    run.memory = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);
    run.list = list;
    run.seen = wmem_map_new(run.memory, wmem_str_hash, g_str_equal);
    run.names = export_names_none(run.memory);
}

/* Told apart by SHA-256; where the system can not make one, everything counts as new. */
static bool is_new(packet_info *pinfo, const struct object *object)
{
    uint8_t digest[UCM_SHA256_SIZE];
    const char *hex;

    if (!ucm_sha256(object->data, object->size, digest))
        return true;
    hex = show_hex(pinfo->pool, digest, (struct ucm_view){0, sizeof digest});
    if (wmem_map_contains(run.seen, hex))
        return false;
    wmem_map_insert(run.seen, wmem_strdup(run.memory, hex), &run);
    return true;
}

/* ---- objects ---- */

static void hand_over(packet_info *pinfo, const struct object *object)
{
    export_object_entry_t *entry = g_new0(export_object_entry_t, 1);

    entry->pkt_num = pinfo->num;
    entry->hostname = g_strdup(object->server == NULL || object->server->type == AT_NONE
                                   ? ""
                                   : address_to_display(pinfo->pool, object->server));
    entry->content_type = g_strdup(object->type);
    entry->filename = export_name_take(&run.names, object->name, object->fallback);
    entry->payload_len = object->size;
    entry->payload_data = g_malloc(object->size);
    memcpy(entry->payload_data, object->data, object->size);
    run.list->add_entry(run.list->gui_data, entry);
}

static void add_limit_note(packet_info *pinfo)
{
    struct object note = {.type = "note",
                          .fallback = "not-everything-was-exported.txt",
                          .data = (const uint8_t *)LIMIT_NOTE,
                          .size = sizeof LIMIT_NOTE - 1};

    hand_over(pinfo, &note);
}

/* False once the limit is reached: then there is nothing more to look at. */
static bool add(packet_info *pinfo, const struct object *object)
{
    if (run.count > OBJECTS_MAX)
        return false;
    if (object->size == 0 || !is_new(pinfo, object))
        return true;
    if (run.count == OBJECTS_MAX || object->size > BYTES_MAX - run.bytes) {
        run.count = OBJECTS_MAX + 1;
        add_limit_note(pinfo);
        return false;
    }
    run.count++;
    run.bytes += object->size;
    hand_over(pinfo, object);
    return true;
}

/* "ucm11pub-6E8…41.cer": the first name of its subject and the SHA-1 that `show itl` prints. */
static const char *certificate_name(wmem_allocator_t *pool, const struct ucm_cert *cert)
{
    struct ucm_view subject = {0, (uint32_t)strlen(cert->subject)};
    const char *name = show_first_name(pool, (const uint8_t *)cert->subject, subject);
    const char *value = strchr(name, '=');

    return wmem_strdup_printf(pool, "%.50s-%s.cer", value == NULL ? name : value + 1,
                              show_hex(pool, cert->sha1, (struct ucm_view){0, sizeof cert->sha1}));
}

static bool add_certificate(packet_info *pinfo, const address *server, const uint8_t *data,
                            struct ucm_view der)
{
    struct ucm_cert cert;
    struct object object = {.type = "certificate",
                            .fallback = "unreadable-certificate.cer",
                            .server = server,
                            .data = data + der.off,
                            .size = der.len};

    if (ucm_cert_read(object.data, object.size, &cert))
        object.name = certificate_name(pinfo->pool, &cert);
    return add(pinfo, &object);
}

static const char *list_fallback(enum ucm_list_kind kind)
{
    switch (kind) {
    case UCM_LIST_ITL:
        return "ITLFile.tlv";
    case UCM_LIST_CTL:
        return "CTLFile.tlv";
    case UCM_LIST_SIGNED_FILE:
        return "signed-file.sgn";
    case UCM_LIST_UNKNOWN:
        break;
    }
    return "trust-list.tlv";
}

/* The name under which it was fetched, else the one that it gives itself. */
static const char *list_name(const struct tl_shown *shown)
{
    wmem_allocator_t *pool = shown->pinfo->pool;

    if (shown->name != NULL)
        return export_name_of_path(pool, shown->name);
    if (!ucm_list_has(shown->list, UCM_HEADER_FILENAME))
        return NULL;
    return export_name_of_path(
        pool, show_text(pool, shown->data, shown->list->value[UCM_HEADER_FILENAME]));
}

static void add_list(const struct tl_shown *shown)
{
    packet_info *pinfo = shown->pinfo;
    struct ucm_record_walk walk = ucm_record_walk(shown->list);
    struct ucm_record record;
    struct object object = {.type = ucm_list_kind_name(shown->list->kind),
                            .name = list_name(shown),
                            .fallback = list_fallback(shown->list->kind),
                            .server = &pinfo->src,
                            .data = shown->data,
                            .size = tvb_captured_length(shown->tvb)};

    if (!shown->cut && !add(pinfo, &object))
        return;
    while (ucm_record_next(&walk, &record))
        if (!add_certificate(pinfo, &pinfo->src, shown->data, record.value[UCM_RECORD_CERTIFICATE]))
            return;
}

static void add_message(const struct tvs_shown *shown)
{
    packet_info *pinfo = shown->pinfo;
    const address *server = tvs_is_request(&shown->message) ? &pinfo->dst : &pinfo->src;
    struct ucm_cursor cursor = shown->message.elements;
    struct ucm_tvs_element element;

    while (ucm_tvs_next(&cursor, &element))
        if (element.kind == UCM_TVS_CERTIFICATE &&
            !add_certificate(pinfo, server, shown->data, element.value))
            return;
}

static tap_packet_status export_packet(void *tapdata, packet_info *pinfo _U_,
                                       epan_dissect_t *edt _U_, const void *data,
                                       tap_flags_t flags _U_)
{
    const struct told *told = data;

    begin_run(tapdata);
    if (told->list != NULL)
        add_list(told->list);
    else
        add_message(told->message);
    return TAP_PACKET_REDRAW;
}

/* ---- tap ---- */

bool export_objects_wanted(void)
{
    return have_tap_listener(export_tap);
}

static void tell(packet_info *pinfo, struct told told)
{
    if (export_objects_wanted())
        tap_queue_packet(export_tap, pinfo, wmem_memdup(pinfo->pool, &told, sizeof told));
}

void export_objects_tell_list(const struct tl_shown *list)
{
    tell(list->pinfo, (struct told){.list = list});
}

void export_objects_tell_message(const struct tvs_shown *message)
{
    tell(message->pinfo, (struct told){.message = message});
}

void export_objects_register(void)
{
    export_tap =
        register_export_object(proto_get_id_by_filter_name("ciscotl"), export_packet, forget_run);
}
