/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a sweep found: a line a run. */
#ifndef FC_REPORT_SWEEP_TEXT_H
#define FC_REPORT_SWEEP_TEXT_H

#include "base/text.h"
#include "store/store.h"

/* For each run the share of futures that meet its headline target, and the mean count on the
 * target's date, each with half the width of its 95 % interval. `block` 0: replications are
 * independent (Wilson, Student; of a Latin hypercube that is on the safe side); else they are
 * independent only in blocks of so many (the shifts of a Sobol design; Student over the blocks).
 * E_NOMEM and those of the store. */
int fc_sweep_text(fc_store *store, const int64_t *runs, size_t n, uint32_t block, fc_lang lang,
                  fc_diag *diag, fc_text *out);

#endif
