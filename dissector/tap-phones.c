/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The table of phones: see tap-phones.h. First a table with what becomes of each phone, then one
 * for each phone with its events. Wireshark draws; here it is only filled. Must not decide
 * anything: that is phones.h.
 */
#include "compat.h"

#include "tap-phones.h"

#include "phones-others.h"
#include "phones.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

enum column { TIME, FRAME, EVENT, NODE, VERDICT, DETAILS, COLUMNS };

/* Padded, because tshark pads what is below them and not them. */
static stat_tap_table_item COLUMN_ITEMS[COLUMNS] = {
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Time        ", "%12.6f"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Frame  ", "%7u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Event       ", "%-12s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Node           ", "%-15s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Accepted", "%-8s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Details", "%s"},
};

static const char SUMMARY[] = "All phones";

static struct phones *phones;

static void set_row(stat_tap_table *table, unsigned at, const struct phone_row *row)
{
    stat_tap_table_item_type items[COLUMNS] = {
        [TIME] = {.type = TABLE_ITEM_FLOAT, .value.float_value = row->time},
        [FRAME] = {.type = TABLE_ITEM_UINT, .value.uint_value = row->frame},
        [EVENT] = {.type = TABLE_ITEM_STRING, .value.string_value = row->event},
        [NODE] = {.type = TABLE_ITEM_STRING, .value.string_value = row->node},
        [VERDICT] = {.type = TABLE_ITEM_STRING, .value.string_value = row->verdict},
        [DETAILS] = {.type = TABLE_ITEM_STRING, .value.string_value = row->details},
    };

    stat_tap_init_table_row(table, at, COLUMNS, items);
}

static stat_tap_table *table_at(const stat_tap_table_ui *ui, unsigned at)
{
    return g_array_index(ui->tables, stat_tap_table *, at);
}

/* ---- what is counted ---- */

static stat_tap_table_ui phones_ui;

/* Bring the tables of one phone up to date. */
static void show_phone(struct phone *phone)
{
    unsigned number = phone_number(phone);
    struct phone_row summary = phone_summary(phone);
    stat_tap_table *table;

    while (phones_ui.tables->len < number + 2)
        stat_tap_add_table(&phones_ui, stat_tap_init_table("", COLUMNS, 0, NULL));
    table = table_at(&phones_ui, number + 1);
    table->title = phone_title(phone);
    for (unsigned i = 0; i < phone_rows(phone); i++) {
        struct phone_row row = phone_row(phone, i);

        set_row(table, i, &row);
    }
    summary.node = phone_title(phone);
    set_row(table_at(&phones_ui, 0), number, &summary);
}

static tap_packet_status on_event(void *data _U_, packet_info *pinfo, epan_dissect_t *edt _U_,
                                  const void *event, tap_flags_t flags _U_)
{
    struct phone *phone = phones_take(phones, pinfo, event);

    if (phone == NULL)
        return TAP_PACKET_DONT_REDRAW;
    show_phone(phone);
    return TAP_PACKET_REDRAW;
}

/* ---- begin, and begin anew ---- */

static void drop_table(stat_tap_table *table)
{
    for (unsigned i = 0; i < table->num_elements; i++)
        g_free(table->elements[i]);
    table->num_elements = 0;
}

/* All phones are forgotten; the first table stays, because Wireshark expects that there is one. */
static void forget(void)
{
    if (phones_ui.tables == NULL || phones_ui.tables->len == 0)
        stat_tap_add_table(&phones_ui, stat_tap_init_table(SUMMARY, COLUMNS, 0, NULL));
    for (unsigned i = phones_ui.tables->len; i-- > 0;) {
        stat_tap_table *table = table_at(&phones_ui, i);

        drop_table(table);
        if (i == 0)
            break;
        g_free(table->elements);
        g_free(table);
        g_array_set_size(phones_ui.tables, i);
    }
    phones_free(phones);
    phones = phones_new();
}

/* Called for each table; the first call empties all, and then there is none left to call it for. */
static void on_reset(stat_tap_table *table _U_)
{
    forget();
}

static void on_init(stat_tap_table_ui *ui _U_)
{
    forget();
    phones_others_listen(&phones, show_phone);
}

void tap_phones_register(void)
{
    static tap_param parameters[] = {{PARAM_FILTER, "filter", "Filter", NULL, TRUE}};

    phones_ui = (stat_tap_table_ui){
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = "Cisco UCM trust: phones",
        .tap_name = PHONES_TAP,
        .cli_string = "ucmtrust,phones",
        .stat_tap_init_cb = on_init,
        .packet_func = on_event,
        .stat_tap_reset_table_cb = on_reset,
        .nfields = COLUMNS,
        .fields = COLUMN_ITEMS,
        .nparams = array_length(parameters),
        .params = parameters,
    };
    register_stat_tap_table_ui(&phones_ui);
}
