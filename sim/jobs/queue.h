/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The waiting jobs, in the policy's order: (key, seq). They are kept in bands, each an ordered
 * index, so that a policy finds what it looks for without a walk through what it passes over: one
 * for each set of groups a job can run on; by size, one for each such set and power of two of GPUs;
 * one for each account; or one for all, for a policy that walks through all of them.
 */
#ifndef FC_JOBS_QUEUE_H
#define FC_JOBS_QUEUE_H

#include "jobs/ordered.h"

typedef enum fc_band_rule {
    FC_BAND_GROUPS,
    FC_BAND_SIZE,
    FC_BAND_ACCOUNT,
    FC_BAND_ONE
} fc_band_rule;

enum { FC_QUEUE_SIZES = 32 }; /* powers of two of a uint32_t */

/* Bands of the jobs that can run on the same groups: one, or one a size. Of an account: `groups`
 * are those that some of its jobs can run on. */
typedef struct fc_queue_row {
    uint32_t groups; /* bits */
    uint32_t filled; /* bit i: band i is not empty */
    fc_ordered band[FC_QUEUE_SIZES];
} fc_queue_row;

typedef struct fc_queue {
    fc_band_rule rule;
    fc_queue_row *rows; /* by account: one row each, band 0 */
    uint32_t row_count;
    fc_ordered all; /* by account: the jobs of all, of which there may be too many to ask each */
    uint64_t count, gpus;
    double work;            /* estimated GPU-seconds */
    fc_ordered_entry first; /* as it was found last; seq 0: to be found */
} fc_queue;

void fc_queue_init(fc_queue *q, fc_band_rule rule);
void fc_queue_free(fc_queue *q);

/* An entry's `length` is the estimate of what is left to run. FC_E_NOMEM. */
int fc_queue_add(fc_queue *q, fc_ordered_entry entry, uint32_t groups, uint32_t account);
void fc_queue_remove(fc_queue *q, const fc_ordered_entry *entry, uint32_t groups, uint32_t account);

bool fc_queue_first(fc_queue *q, fc_ordered_entry *out);
/* Of one account (FC_BAND_ACCOUNT), with at most so many GPUs. */
bool fc_queue_first_of(const fc_queue *q, uint32_t account, uint64_t gpus, fc_ordered_entry *out);
/* The groups that some of an account's jobs can run on, or could since it last had none waiting. */
uint32_t fc_queue_groups_of(const fc_queue *q, uint32_t account);
/* The next one after `entry`, of one account (0 for FC_BAND_ONE); `entry` may be `out`. */
bool fc_queue_after(const fc_queue *q, uint32_t account, const fc_ordered_entry *entry,
                    fc_ordered_entry *out);
/* The first one that can run on this group with at most so many GPUs and such a length
 * (FC_BAND_GROUPS, FC_BAND_SIZE: among jobs of all sizes only the latter finds a length quickly).
 */
bool fc_queue_find(const fc_queue *q, uint32_t group, uint64_t gpus, double length,
                   fc_ordered_entry *out);

/* Whether a stands before b. */
static inline bool fc_entry_before(const fc_ordered_entry *a, const fc_ordered_entry *b)
{
    return a->key < b->key || (a->key == b->key && a->seq < b->seq);
}

bool fc_queue_verify(const fc_queue *q);

#endif
