/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Timing in turns: both sides of a ratio are timed one after the other, again and again, and the
 * median of each side counts, so that a busy machine disturbs both alike.
 */
#ifndef UCMTRUST_TESTS_BENCH_TURNS_H
#define UCMTRUST_TESTS_BENCH_TURNS_H

#include <stddef.h>
#include <stdint.h>

enum { TURNS = 21 };

/** Something to time over bytes. Its result is thrown away where the compiler cannot see it. */
typedef uint64_t turns_work(const uint8_t *data, size_t size);

/** Nanoseconds of one call of each side, medians of TURNS. */
struct turns_cost {
    double ours;
    double other;
};

/** Nanoseconds that this process spent computing: what others do meanwhile does not count. */
uint64_t turns_now(void);

/** The middle one; sorts them. */
double turns_median(double *values, size_t count);

/** The same bytes each time: they are in the caches of the processor. */
struct turns_cost turns_warm(turns_work *ours, turns_work *other, const uint8_t *data, size_t size);

/** Other bytes each time, of the same content: they come from memory. Aborts without memory. */
struct turns_cost turns_cold(turns_work *ours, turns_work *other, const uint8_t *data, size_t size);

/** One call in a new process each time: nothing was ever loaded, looked up or computed in it. */
struct turns_cost turns_first(turns_work *ours, turns_work *other, const uint8_t *data,
                              size_t size);

/** One line for tests/bench/run: name, state, bytes, our ns, other's name, other's ns. */
void turns_print(const char *name, const char *state, size_t size, const char *other,
                 struct turns_cost cost);

#endif
