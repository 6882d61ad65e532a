/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Looking up names in threads: see resolve.h. Shared by two threads through a reference count; the
 * eventfd is what tells that the result may be read.
 */
#include "resolve.h"

#include <glib.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct resolve {
    gatomicrefcount references;
    char *node;
    char *port;
    int ready;
    int error;
    struct addrinfo *addresses;
};

static void release(struct resolve *resolve)
{
    if (!g_atomic_ref_count_dec(&resolve->references))
        return;
    if (resolve->addresses != NULL)
        freeaddrinfo(resolve->addresses);
    if (resolve->ready != -1)
        close(resolve->ready);
    g_free(resolve->node);
    g_free(resolve->port);
    g_free(resolve);
}

static void look_up(struct resolve *resolve, int flags)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};

    resolve->error = getaddrinfo(resolve->node, resolve->port, &hints, &resolve->addresses);
    if (resolve->error != 0)
        resolve->addresses = NULL;
}

static void *run(void *user)
{
    struct resolve *resolve = user;

    look_up(resolve, 0);
    eventfd_write(resolve->ready, 1);
    release(resolve);
    return NULL;
}

/* Detached: nobody may wait for it. */
static bool start_thread(struct resolve *resolve)
{
    pthread_attr_t attributes;
    pthread_t thread;
    bool ok = false;

    if (pthread_attr_init(&attributes) != 0)
        return false;
    g_atomic_ref_count_inc(&resolve->references);
    ok = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0 &&
         pthread_create(&thread, &attributes, run, resolve) == 0;
    pthread_attr_destroy(&attributes);
    if (!ok)
        (void)g_atomic_ref_count_dec(&resolve->references); /* the caller has the other one */
    return ok;
}

struct resolve *resolve_start(const char *node, const char *port)
{
    struct resolve *resolve = g_new0(struct resolve, 1);

    g_atomic_ref_count_init(&resolve->references);
    resolve->node = g_strdup(node);
    resolve->port = g_strdup(port);
    resolve->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (resolve->ready == -1) {
        release(resolve);
        return NULL;
    }
    look_up(resolve, AI_NUMERICHOST);
    if (resolve->error == 0) {
        eventfd_write(resolve->ready, 1);
        return resolve;
    }
    if (!start_thread(resolve)) {
        release(resolve);
        return NULL;
    }
    return resolve;
}

int resolve_fd(const struct resolve *resolve)
{
    return resolve->ready;
}

int resolve_take(struct resolve *resolve, struct addrinfo **addresses)
{
    const int error = resolve->error;

    *addresses = g_steal_pointer(&resolve->addresses);
    release(resolve);
    return error;
}

void resolve_abandon(struct resolve *resolve)
{
    release(resolve);
}
