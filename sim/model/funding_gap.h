/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Why there was no money: parts of the ledger's cause `funding`.
 *
 * Of a number of accelerators that wait for money, n(S) could be ordered now if the handicaps of a
 * set S were lifted:
 *
 *     unreleased   all that is budgeted were released (what was asked for and is not refused)
 *     lapsed       nothing had lapsed
 *     price        prices, of what is ordered now and of what was, were at most those expected when
 *                  the budget was reckoned
 *     exchange     exchange rates likewise
 *
 * What not even all of them together would buy is `unbudgeted`. The rest is shared out by Shapley's
 * value (Shapley 1953, "A value for n-person games"): each handicap gets the mean, over all orders
 * in which they could be lifted one after the other, of what its lifting adds. So it depends on no
 * order; of what either of two would have bought, and of what needs both, each gets half. Shares
 * are rounded to whole accelerators by largest remainders (ties in the order of the table), so that
 * the parts sum to the charge exactly.
 *
 * A budget is reckoned on the day it is requested; without that day when its bill is introduced;
 * without that when it is enacted; of what lies before the start, at the start. Deviations in the
 * buyer's favour are nobody's fault: of two prices or rates the lower counts. Money of a budget
 * that several draw on counts for each of them.
 */
#ifndef FC_MODEL_FUNDING_GAP_H
#define FC_MODEL_FUNDING_GAP_H

#include <stdint.h>
#include "kernel/stats.h"
#include "model/lot.h"
#include "model/metric_table.h"
#include "model/plan.h"

struct fc_world;
struct fc_holding;
struct fc_offer;

/* What may be lifted; a set of them is a sum of bits. */
enum {
    FC_LIFT_RELEASE = 1,
    FC_LIFT_LAPSE = 2,
    FC_LIFT_PRICE = 4,
    FC_LIFT_EXCHANGE = 8,
    FC_N_LIFTS = 4,
    FC_LIFT_SETS = 1 << FC_N_LIFTS
};

/* Shares out `wanted` among the parts; n[S] as above, never less for more, n <= wanted. */
void fc_gap_share(const int64_t n[FC_LIFT_SETS], int64_t wanted, int64_t out[FC_N_GAPS]);

/* Why a programme cannot order `wanted` accelerators more. */
void fc_gap_of_programme(struct fc_world *world, const struct fc_holding *holding, int64_t wanted,
                         int64_t out[FC_N_GAPS]);
/* Why the works of a phase cannot begin: parts of FC_GAP_WHOLE. */
enum { FC_GAP_WHOLE = 24 };
void fc_gap_of_phase(struct fc_world *world, uint32_t phase, int64_t out[FC_N_GAPS]);

/* Adds to what a programme's purchases from a budget were dearer by; sign -1: takes off. */
void fc_gap_note(struct fc_world *world, struct fc_holding *holding, int32_t budget,
                 fc_dearer dearer, double sign);
/* By how much an order of `cost` is dearer than it was reckoned. */
fc_dearer fc_gap_dearer(struct fc_world *world, const struct fc_holding *holding, int32_t budget,
                        const struct fc_offer *offer);

/* `amount` in the proportions of levels up to t, rounded likewise; all of it unbudgeted where these
 * are 0. Adds to `out`. */
void fc_gap_spread(fc_int128 amount, const fc_level_int *levels, int64_t t,
                   fc_int128 out[FC_N_GAPS]);

#endif
