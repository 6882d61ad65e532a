/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TVS servers in a phone's configuration: see phone-config.h. The shape is that of Cisco document
 * 118699: <TVS><members><member><port>…</port><address>…</address></member></members></TVS>.
 */
#include "phone-config.h"

enum { SERVERS_MAX = 16, ADDRESS_MAX = 255 }; /* a group has five; the length of a DNS name */

/** How far the reader is. */
struct reading {
    wmem_allocator_t *pool;
    unsigned inside; /* elements <TVS> that are open */
    bool in_address;
    wmem_strbuf_t *address;
    wmem_strbuf_t *found;
    unsigned servers;
};

static void on_start(GMarkupParseContext *context _U_, const gchar *name,
                     const gchar **attributes _U_, const gchar **values _U_, gpointer data,
                     GError **error _U_)
{
    struct reading *reading = data;

    if (g_ascii_strcasecmp(name, "TVS") == 0)
        reading->inside++;
    else if (reading->inside > 0 && g_ascii_strcasecmp(name, "address") == 0) {
        reading->in_address = true;
        reading->address = wmem_strbuf_new(reading->pool, NULL);
    }
}

static void take_address(struct reading *reading)
{
    char *text = wmem_strdup(reading->pool, wmem_strbuf_get_str(reading->address));

    text = g_strstrip(text);
    if (text[0] == '\0' || reading->servers++ >= SERVERS_MAX)
        return;
    wmem_strbuf_append_printf(reading->found, "%s%s", reading->servers > 1 ? ", " : "", text);
}

static void on_end(GMarkupParseContext *context _U_, const gchar *name, gpointer data,
                   GError **error _U_)
{
    struct reading *reading = data;

    if (reading->inside > 0 && g_ascii_strcasecmp(name, "TVS") == 0)
        reading->inside--;
    if (reading->in_address && g_ascii_strcasecmp(name, "address") == 0) {
        reading->in_address = false;
        take_address(reading);
    }
}

static void on_text(GMarkupParseContext *context _U_, const gchar *text, gsize size, gpointer data,
                    GError **error _U_)
{
    struct reading *reading = data;

    if (!reading->in_address)
        return;
    for (gsize i = 0; i < size && wmem_strbuf_get_len(reading->address) < ADDRESS_MAX; i++)
        if (g_ascii_isgraph(text[i]))
            wmem_strbuf_append_c(reading->address, text[i]);
}

const char *phone_config_tvs(wmem_allocator_t *pool, const uint8_t *xml, size_t size)
{
    static const GMarkupParser parser = {on_start, on_end, on_text, NULL, NULL};
    struct reading reading = {.pool = pool, .found = wmem_strbuf_new(pool, NULL)};
    GMarkupParseContext *context =
        g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reading, NULL);

    /* What is wrong with the XML is not ours to say: Wireshark's own dissector shows it. */
    (void)g_markup_parse_context_parse(context, (const char *)xml, (gssize)size, NULL);
    g_markup_parse_context_free(context);
    return reading.servers == 0 ? NULL : wmem_strbuf_get_str(reading.found);
}
