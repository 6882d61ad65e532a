/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How long TVS takes to answer: see tap-srt.h. Each exchange counts once, by the response that
 * closed it; which one that was is decided by tvs-exchange.c and packet-tvs.c.
 */
#include "compat.h"

#include "tap-srt.h"

#include "taps.h"
#include "tvs-text.h"

#include <epan/srt_table.h>

/* Rows are numbered by the type of the response, so that a row as a filter is "tvs.type == 4". */
static const struct {
    enum ucm_tvs_type response;
    const char *name;
} ROWS[] = {{UCM_TVS_VERIFY_RESPONSE, "Verification"}, {UCM_TVS_QUERY_RESPONSE, "Query"}};

enum { ROW_NUMBERS = UCM_TVS_QUERY_RESPONSE + 1 };

static void make_table(struct register_srt *srt _U_, GArray *tables)
{
    srt_stat_table *table =
        init_srt_table("TVS", NULL, tables, ROW_NUMBERS, "Request", "tvs.type", NULL);

    for (unsigned i = 0; i < array_length(ROWS); i++)
        init_srt_table_row(table, (int)ROWS[i].response, ROWS[i].name);
}

static tap_packet_status add_time(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_,
                                  const void *data, tap_flags_t flags _U_)
{
    const srt_data_t *srt = tapdata;
    const struct tvs_shown *shown = data;

    if (!shown->closes_exchange)
        return TAP_PACKET_DONT_REDRAW;
    add_srt_table_data(g_array_index(srt->srt_array, srt_stat_table *, 0), shown->message.type,
                       &shown->exchange->request_time, pinfo);
    return TAP_PACKET_REDRAW;
}

void tap_srt_register(void)
{
    register_srt_table(proto_get_id_by_filter_name("tvs"), TVS_TAP, 1, add_time, make_table, NULL);
}
