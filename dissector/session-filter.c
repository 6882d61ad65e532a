/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * "Conversation Filter -> TVS session": see session-filter.h. Phones open a connection for each
 * session and close it after the answer, so the connection is the session; shown from its first
 * packet to its last, with the handshake, which is all there is when a phone refuses the server.
 */
#include "compat.h"

#include "session-filter.h"

#include "packet-tvs.h"

#include <epan/conversation.h>
#include <epan/conversation_filter.h>
#include <epan/dissectors/packet-tcp.h>

static const struct tcp_analysis *connection_of(packet_info *pinfo)
{
    conversation_t *conversation =
        pinfo->ptype == PT_TCP ? find_conversation_pinfo(pinfo, 0) : NULL;

    return conversation == NULL ? NULL : get_tcp_conversation_data(conversation, pinfo);
}

/* Any packet of a connection that carried a message, or that goes to the port. */
static compat_bool is_tvs(COMPAT_CONVERSATION_FILTER_PARAMETERS)
{
    return connection_of(pinfo) != NULL && tvs_spoken_here(pinfo);
}

static char *build(COMPAT_CONVERSATION_FILTER_PARAMETERS)
{
    const struct tcp_analysis *connection = connection_of(pinfo);

    return connection == NULL ? NULL : g_strdup_printf("tcp.stream eq %u", connection->stream);
}

void session_filter_register(void)
{
    COMPAT_REGISTER_CONVERSATION_FILTER("tvs", "TVS session", is_tvs, build);
}
