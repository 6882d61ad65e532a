/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the proofs of tests/proofs/ need to know about a loop: what it writes, what holds before
 * each turn, and what shrinks with each. Words of the model checker CBMC, nothing for a compiler.
 * Contracts of whole functions are in tests/proofs/contracts/.
 */
#ifndef UCMTRUST_COMMON_CONTRACT_H
#define UCMTRUST_COMMON_CONTRACT_H

#ifdef UCMTRUST_PROOF
#define UCM_LOOP(writes, keeps, shrinks)                                                           \
    __CPROVER_assigns writes __CPROVER_loop_invariant(keeps) __CPROVER_decreases(shrinks)
#define UCM_AT_ENTRY(value)    __CPROVER_loop_entry(value)
#define UCM_UP_TO(start, size) __CPROVER_object_upto(start, size)
#else
/** Stands between the head of a loop and its body; writes is a list in parentheses. */
#define UCM_LOOP(writes, keeps, shrinks)
#endif

/* Invariants, as macros: the model checker takes no calls in a loop contract. A value that
 * they are given is read more than once. */

/** Does the view lie inside an input of size bytes? */
#define UCM_VIEW_IN(view, size) ((uint64_t)(view).off + (view).len <= (size))

/** The same for four and for twelve views of an array, the first of which has index i. */
#define UCM_VIEWS_IN_4(views, i, size)                                                             \
    (UCM_VIEW_IN((views)[i], size) && UCM_VIEW_IN((views)[(i) + 1], size) &&                       \
     UCM_VIEW_IN((views)[(i) + 2], size) && UCM_VIEW_IN((views)[(i) + 3], size))
#define UCM_VIEWS_IN_12(views, i, size)                                                            \
    (UCM_VIEWS_IN_4(views, i, size) && UCM_VIEWS_IN_4(views, (i) + 4, size) &&                     \
     UCM_VIEWS_IN_4(views, (i) + 8, size))

/** Is the cursor in order? */
#define UCM_CURSOR_OK(cursor) ((cursor).pos <= (cursor).end && (cursor).end <= UCM_INPUT_MAX)

/** Does every view of a message lie in it? */
#define UCM_TVS_OK(message)                                                                        \
    (UCM_VIEWS_IN_4((message).value, 0, (message).size) &&                                         \
     UCM_VIEWS_IN_4((message).value, 4, (message).size) &&                                         \
     UCM_VIEW_IN((message).value[8], (message).size))

/** Does every view of a header lie in the file, and does the signature stand where it says? */
#define UCM_HEADER_OK(list)                                                                        \
    (UCM_VIEWS_IN_12((list).value, 0, (list).size) &&                                              \
     UCM_VIEWS_IN_12((list).value, 12, (list).size) &&                                             \
     UCM_VIEWS_IN_4((list).value, 24, (list).size) &&                                              \
     UCM_VIEW_IN((list).value[28], (list).size) &&                                                 \
     (((list).has >> UCM_HEADER_SIGNATURE & 1u) == 0 ||                                            \
      (list).value[UCM_HEADER_SIGNATURE].off == (uint64_t)(list).signature_at + 3))

/** Does every view of a record lie before the end of it? */
#define UCM_RECORD_OK(record)                                                                      \
    (UCM_VIEWS_IN_12((record).value, 0, (record).elements.end) &&                                  \
     UCM_VIEW_IN((record).value[12], (record).elements.end))

#endif
