/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/wait.h>
#include <unistd.h>

/* How long a turn takes, and how many bytes no processor keeps. */
enum { TURN_NS = 4000000, FAR_BYTES = 256 << 20 };

static volatile uint64_t sink; /* so that no work is thought away */

uint64_t turns_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    const double left = *(const double *)a;
    const double right = *(const double *)b;

    return (left > right) - (left < right);
}

double turns_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

static struct turns_cost medians(double *ours, double *other)
{
    return (struct turns_cost){turns_median(ours, TURNS), turns_median(other, TURNS)};
}

/* ---- warm ---- */

static double over_again(turns_work *work, const uint8_t *data, size_t size, uint64_t rounds)
{
    const uint64_t start = turns_now();

    for (uint64_t i = 0; i < rounds; i++)
        sink += work(data, size);
    return (double)(turns_now() - start) / (double)rounds;
}

static uint64_t rounds_for(turns_work *work, const uint8_t *data, size_t size)
{
    const double each = over_again(work, data, size, 3);

    return each < 1 ? TURN_NS : (uint64_t)(TURN_NS / each) + 1;
}

struct turns_cost turns_warm(turns_work *ours, turns_work *other, const uint8_t *data, size_t size)
{
    double our_ns[TURNS];
    double other_ns[TURNS];
    const uint64_t our_rounds = rounds_for(ours, data, size);
    const uint64_t other_rounds = rounds_for(other, data, size);

    for (int i = 0; i < TURNS; i++) {
        our_ns[i] = over_again(ours, data, size, our_rounds);
        other_ns[i] = over_again(other, data, size, other_rounds);
    }
    return medians(our_ns, other_ns);
}

/* ---- cold ---- */

/* Copies of the input, far more than any cache holds, visited in turn. */
struct far {
    uint8_t *data;
    size_t size;
    size_t count;
    size_t next;
};

static double over_far(turns_work *work, struct far *far, size_t rounds)
{
    const uint64_t start = turns_now();

    for (size_t i = 0; i < rounds; i++) {
        sink += work(far->data + far->next * far->size, far->size);
        far->next = (far->next + 1) % far->count;
    }
    return (double)(turns_now() - start) / (double)rounds;
}

struct turns_cost turns_cold(turns_work *ours, turns_work *other, const uint8_t *data, size_t size)
{
    double our_ns[TURNS];
    double other_ns[TURNS];
    struct far far = {NULL, size, FAR_BYTES / size, 0};
    const size_t rounds = far.count / 16 + 1; /* eight pairs of turns go round once */

    far.data = malloc(far.count * size);
    if (far.data == NULL)
        abort();
    for (size_t i = 0; i < far.count; i++)
        memcpy(far.data + i * size, data, size);
    for (int i = 0; i < TURNS; i++) {
        our_ns[i] = over_far(ours, &far, rounds);
        other_ns[i] = over_far(other, &far, rounds);
    }
    free(far.data);
    return medians(our_ns, other_ns);
}

/* ---- the first time in a process ---- */

static double in_new_process(turns_work *work, const uint8_t *data, size_t size)
{
    int ends[2];
    double taken = 0;
    pid_t child;

    if (pipe(ends) != 0 || (child = fork()) == -1)
        abort();
    if (child == 0) {
        taken = over_again(work, data, size, 1);
        _exit(write(ends[1], &taken, sizeof taken) == (ssize_t)sizeof taken ? 0 : 1);
    }
    close(ends[1]);
    if (read(ends[0], &taken, sizeof taken) != (ssize_t)sizeof taken)
        abort();
    close(ends[0]);
    waitpid(child, NULL, 0);
    return taken;
}

struct turns_cost turns_first(turns_work *ours, turns_work *other, const uint8_t *data, size_t size)
{
    double our_ns[TURNS];
    double other_ns[TURNS];

    for (int i = 0; i < TURNS; i++) {
        our_ns[i] = in_new_process(ours, data, size);
        other_ns[i] = in_new_process(other, data, size);
    }
    return medians(our_ns, other_ns);
}

void turns_print(const char *name, const char *state, size_t size, const char *other,
                 struct turns_cost cost)
{
    printf("%s\t%s\t%zu\t%.2f\t%s\t%.2f\n", name, state, size, cost.ours, other, cost.other);
    fflush(stdout);
}
