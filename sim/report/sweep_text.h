/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a sweep found: a row a run. */
#ifndef FC_REPORT_SWEEP_TEXT_H
#define FC_REPORT_SWEEP_TEXT_H

#include "base/text.h"
#include "store/store.h"

/* A mean over n values, and half the width of its 95 % interval. */
typedef struct fc_sweep_figure {
    size_t n;
    double mean, half;
} fc_sweep_figure;

/* Of a run: the share of futures that meet its headline target, and the count on the target's
 * date. Without a target their n is 0. */
typedef struct fc_sweep_row {
    fc_run_info run;
    fc_sweep_figure met, count;
} fc_sweep_row;

/* Rows of the runs, in their order, in the arena. `block` 0: replications are independent (Wilson,
 * Student; of a Latin hypercube that is on the safe side); else they are independent only in blocks
 * of so many (the shifts of a Sobol design; Student over the blocks). E_NOMEM and those of the
 * store. */
int fc_sweep_rows(fc_store *store, fc_arena *arena, const int64_t *runs, size_t n, uint32_t block,
                  fc_diag *diag, fc_sweep_row **out, size_t *n_out);

/* A table. E_NOMEM. */
int fc_sweep_text(const fc_sweep_row *rows, size_t n, fc_lang lang, fc_text *out);
/* {"experiment": name, "runs": [{"name", "hash", "seed", "replications", "failures", "target",
 * "met": {"n", "mean", "half_width"}, "count_by": the same}]}, in full precision; without a target
 * the last three are null. E_NOMEM. */
int fc_sweep_json(const char *experiment, const fc_sweep_row *rows, size_t n, fc_text *out);

#endif
