/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Jobs in an order that can be searched by size and length: the index behind every queue and
 * behind the list of running jobs. A B+-tree (Bayer and McCreight 1972, Acta Informatica 1:173)
 * whose inner nodes know of each subtree the sum of GPUs, the fewest GPUs and the least length.
 *
 * Order: (key, seq), seq unique. Every operation is O(log n), but for fc_ordered_find, which is so
 * when the entries that fit one of its bounds mostly fit the other (queues are kept apart by size
 * for that); it is right in any case.
 */
#ifndef FC_JOBS_ORDERED_H
#define FC_JOBS_ORDERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fc_ordered_entry {
    double key; /* no NaN */
    uint64_t seq;
    double length; /* s; what fc_ordered_find compares */
    uint32_t gpus;
    uint32_t slot; /* whose entry it is */
} fc_ordered_entry;

typedef union fc_ordered_node fc_ordered_node;

typedef struct fc_ordered {
    fc_ordered_node *nodes;
    uint32_t allocated, used;
    uint32_t free_node;    /* head of the list of nodes given back */
    uint32_t root, height; /* height 0: the root is a leaf */
    size_t count;
    uint64_t gpus;      /* of all entries */
    double shortest;    /* least length of all; INFINITY if empty */
    uint32_t narrowest; /* fewest GPUs of all; UINT32_MAX if empty */
    bool searched;      /* only then are least length and fewest GPUs kept */
} fc_ordered;

/* `searched`: fc_ordered_find will be used. FC_E_NOMEM. */
int fc_ordered_init(fc_ordered *o, bool searched);
void fc_ordered_free(fc_ordered *o);

int fc_ordered_insert(fc_ordered *o, fc_ordered_entry entry); /* FC_E_NOMEM: nothing changed */
/* False if there is none. */
bool fc_ordered_remove(fc_ordered *o, double key, uint64_t seq);

bool fc_ordered_first(const fc_ordered *o, fc_ordered_entry *out);
/* The first one after (key, seq), which need not be there. */
bool fc_ordered_after(const fc_ordered *o, double key, uint64_t seq, fc_ordered_entry *out);
/* The last one before (key, seq), which need not be there. */
bool fc_ordered_before(const fc_ordered *o, double key, uint64_t seq, fc_ordered_entry *out);
/* All of them in order, until a visit returns an error number; that, or FC_OK. */
int fc_ordered_visit(const fc_ordered *o, int (*visit)(void *self, const fc_ordered_entry *entry),
                     void *self);
/* The first one with at most so many GPUs and at most such a length. */
bool fc_ordered_find(const fc_ordered *o, uint32_t gpus, double length, fc_ordered_entry *out);

/* The sum of GPUs of all entries with at most this key. */
uint64_t fc_ordered_gpus_through(const fc_ordered *o, double key);
/* The entry with which the running sum of GPUs reaches `gpus` (> 0); false if all are fewer. */
bool fc_ordered_reach(const fc_ordered *o, uint64_t gpus, fc_ordered_entry *out);

bool fc_ordered_verify(const fc_ordered *o); /* O(n) */

#endif
