/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When an answer may be sent. It must not know what it says. */
#include "server.h"

#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t enough = PTHREAD_COND_INITIALIZER;
static unsigned arrived;

/* Nobody waits longer than for any other operation. */
static void wait_for_others(unsigned wanted)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += IO_SECONDS;
    pthread_mutex_lock(&lock);
    if (++arrived >= wanted)
        pthread_cond_broadcast(&enough);
    while (arrived < wanted && pthread_cond_timedwait(&enough, &lock, &end) == 0) {
    }
    pthread_mutex_unlock(&lock);
}

void pace_answer(const struct options *options)
{
    if (options->together > 0)
        wait_for_others(options->together);
    if (options->delay_ms > 0) {
        struct timespec left = {.tv_sec = options->delay_ms / 1000,
                                .tv_nsec = (long)(options->delay_ms % 1000) * 1000000};
        while (nanosleep(&left, &left) != 0) {
        }
    }
}
