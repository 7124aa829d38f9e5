/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fan: a monthly series as quantiles across replications (type 7), on each month end. */
#ifndef FC_ANALYSIS_FAN_H
#define FC_ANALYSIS_FAN_H

#include "store/store.h"

enum { FC_FAN_P05, FC_FAN_P25, FC_FAN_P50, FC_FAN_P75, FC_FAN_P95, FC_N_FAN };

typedef struct fc_fan {
    size_t n_days;      /* month ends; 0 if there is no such series, or none with values */
    const int64_t *day; /* ascending, days since 1970-01-01 */
    const double *value[FC_N_FAN]; /* n_days each; NaN where no replication has a value */
} fc_fan;

/* Reads the summary of the database; where replications were added since it was made, every value.
 */
int fc_fan_make(fc_store *store, fc_arena *arena, int64_t run, const char *metric,
                const char *entity, fc_diag *diag, fc_fan *out);

/* The value of quantile `which` on the last month end not after `day`; NaN before the first. */
double fc_fan_at(const fc_fan *fan, int which, int64_t day);

#endif
