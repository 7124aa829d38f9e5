/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a sweep found: a row a run. */
#ifndef FC_REPORT_SWEEP_TEXT_H
#define FC_REPORT_SWEEP_TEXT_H

#include "base/text.h"
#include "kernel/estimate.h"
#include "store/store.h"

/* A mean over n values, and its interval at the row's level. */
typedef struct fc_sweep_figure {
    size_t n;
    double mean;
    fc_interval interval;
} fc_sweep_figure;

/* Of a run: the share of futures that meet its headline target, and the count on the target's
 * date. Without a target their n is 0. */
typedef struct fc_sweep_row {
    fc_run_info run;
    double level; /* confidence of the intervals */
    fc_sweep_figure met, count;
} fc_sweep_row;

/* Rows of the runs, in their order, in the arena. The interval of the share is Wilson's, of the
 * count Student's; of a sampled design by its points or shifts (kernel/estimate.h, store/design.h;
 * of a Latin hypercube on the safe side), at the level of each run (fc_store_level). All rows are
 * of one moment. E_NOMEM and those of the store. */
int fc_sweep_rows(fc_store *store, fc_arena *arena, const int64_t *runs, size_t n, bool sampled,
                  fc_diag *diag, fc_sweep_row **out, size_t *n_out);

/* A table. E_NOMEM. */
int fc_sweep_text(const fc_sweep_row *rows, size_t n, fc_lang lang, fc_text *out);
/* {"experiment": name, "runs": [{"name", "hash", "seed", "replications", "failures", "target",
 * "level", "met": {"n", "mean", "low", "high"}, "count_by": the same}]}, in full precision; without
 * a target the last two and itself are null. E_NOMEM. */
int fc_sweep_json(const char *experiment, const fc_sweep_row *rows, size_t n, fc_text *out);

#endif
