/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delay ledger of one programme: what its shortfall was waiting for, exact in GPU-seconds.
 *
 * The shortfall is D(t) = max(0, announced(t) - running(t)). The programme's accelerators are
 * numbered slots in order sequence; short are the first D slots that do not run. So each lot in
 * turn takes n = min(what is left of D, its accelerators that do not run), and slots beyond all
 * lots are unbound. At each moment a short slot is charged
 *
 *   in repair        to `repair`, at once
 *   off              to `curtailed` or, for want of money, to `opex`, at once; of a lot's short
 *                    slots those in repair come first
 *   retired          to `retired`, at once
 *   unbound          at once, to what keeps the programme from ordering: those of cancelled lots
 *                    to `licence`, then those that a tender is about to `tender`, then `funding`,
 *                    `licence` (all it would buy is banned) or `unplanned`
 *   not yet in use   when its lot is commissioned (or at the end), along the path by which it came
 *                    there: from commissioning back, each step's interval to its cause (or to what
 *                    it waited for one after the other, as the stages of a site's phase), then to
 *                    the prerequisite whose end let the step begin; before the first step
 *                    `unplanned`. A lot still open at the end starts from its open step with the
 *                    latest scheduled end (none known counts as latest).
 *
 * Where a target of the fleet counts what is allocated, slots that run and that nobody holds are
 * charged to `allocation` at once, beside the shortfall: min(announced, running) less the part of
 * running that is allocated, of the programme as of its fleet.
 *
 * What is charged to `funding` is divided anew at each change and month's end, by why there is no
 * money (funding_gap.h); what is charged to the wait of a phase for its money in the proportions of
 * all of that wait.
 *
 * Times are rounded once to whole seconds. The sum over causes is the integral of D (and of what is
 * not allocated), and that of the parts of `funding` is `funding`: FC_E_LEDGER if ever not.
 */
#ifndef FC_MODEL_DELAY_LEDGER_H
#define FC_MODEL_DELAY_LEDGER_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include "kernel/calendar.h"
#include "kernel/stats.h"
#include "model/lot.h"
#include "model/metric_table.h"

struct fc_world;

typedef struct fc_delay_ledger {
    bool kept; /* the programme has announced something */
    int64_t announced, shortfall;
    fc_level_int total;                /* D, and what runs unallocated */
    fc_level_int passing[FC_N_CAUSES]; /* charged as it passes */
    fc_level_int pending;              /* of lots not yet commissioned */
    fc_int128 settled[FC_N_CAUSES];    /* pending charges that found their cause */
    fc_level_int lacking[FC_N_GAPS];   /* of what is charged to funding as it passes: why */
    fc_int128 lacked[FC_N_GAPS];       /* of what was settled on funding: why */
} fc_delay_ledger;

/* From `since` on n slots of the lot are short. */
typedef struct fc_shortage_entry {
    int64_t since, n;
    int32_t next;
} fc_shortage_entry;

/* The entries of all lots; grows, and keeps its memory from one replication to the next. */
typedef struct fc_shortage_pool {
    fc_shortage_entry *entries;
    size_t count, capacity;
} fc_shortage_pool;

static inline int64_t fc_second(double t)
{
    return (int64_t)rint(t);
}

/* Brings a holding's ledger up to date after something changed now. Cheap while there is no
 * shortfall. FC_E_NOMEM, FC_E_LEDGER. */
int fc_delay_touch(struct fc_world *world, int32_t holding);
/* The same, in constant time, after a commissioned lot had so many accelerators fail (negative:
 * repaired). */
int fc_delay_failed(struct fc_world *world, fc_lot *lot, int64_t gpus);
/* Works out anew which slots are short: FC_E_LEDGER if the ledger has others. */
int fc_delay_verify(struct fc_world *world, int32_t holding);
/* A lot is about to be cancelled: charges what it has waited, and frees its slots. */
void fc_delay_cancelled(struct fc_world *world, fc_lot *lot);
/* The lot's first `gpus` slots stay with it, the others go to `rest`. FC_E_NOMEM. */
int fc_delay_split(struct fc_world *world, fc_lot *lot, fc_lot *rest);
/* Charges what runs and is not allocated, where that has changed: after each event, and at the
 * horizon's end. FC_E_LEDGER. */
int fc_delay_allocations(struct fc_world *world, double now);
/* Charges what is still pending at the horizon's end and checks the sums. */
int fc_delay_close(struct fc_world *world);
/* GPU-seconds charged so far, up to second t. */
fc_int128 fc_delay_charged(const fc_delay_ledger *ledger, int cause, int64_t t);
/* Of those charged to funding. */
fc_int128 fc_delay_lacked(const fc_delay_ledger *ledger, int gap, int64_t t);
/* Money, prices or exchange rates may have moved: looks anew why there is no money. FC_E_LEDGER. */
int fc_delay_gaps(struct fc_world *world);

#endif
