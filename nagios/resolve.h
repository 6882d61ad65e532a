/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names to addresses without ever waiting: getaddrinfo() knows no deadline, so a name is looked up
 * in a thread that can be left behind. Knows nothing of TVS.
 */
#ifndef UCMTRUST_NAGIOS_RESOLVE_H
#define UCMTRUST_NAGIOS_RESOLVE_H

#include <netdb.h>
#include <stdbool.h>

struct resolve;

/** Start to look up node and port for TCP. An address needs no thread. NULL when there is no
 * memory, descriptor or thread for it. */
struct resolve *resolve_start(const char *node, const char *port);

/** A descriptor that becomes readable when the answer is there. */
int resolve_fd(const struct resolve *resolve);

/** Take the answer; only when the descriptor is readable. Returns 0 and the addresses (the caller
 * frees them with freeaddrinfo()), or the error of getaddrinfo(). Frees resolve. */
int resolve_take(struct resolve *resolve, struct addrinfo **addresses);

/** Give up: the thread frees everything when it ends, if the process lives that long. */
void resolve_abandon(struct resolve *resolve);

#endif
