/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counterfactuals: the same replication without a cause of delay.
 *
 * A plan whose `without` holds a cause's bit is simulated with that cause's activities instant and
 * its resources unlimited, everything else as it was: the same draws, the same dates of the plan,
 * and those who order still plan with the lead times, calls and licences that they know of. A
 * charge of the delay ledger says what a delay waited for; only the counterfactual says what would
 * be gained, because delays run in parallel.
 *
 * What each removal does is said by this table, once; the files of the activities ask
 * fc_without() (world.h).
 */
#ifndef FC_MODEL_REMOVAL_H
#define FC_MODEL_REMOVAL_H

#include "model/metric_table.h"

typedef struct fc_removal {
    const char *en, *ko; /* NULL: there is nothing that could be removed */
} fc_removal;

extern const fc_removal fc_removals[FC_N_CAUSES];

#endif
