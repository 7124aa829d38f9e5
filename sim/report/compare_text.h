/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A comparison, as a table for a terminal and as JSON. Both return E_NOMEM if the text failed. */
#ifndef FC_REPORT_COMPARE_TEXT_H
#define FC_REPORT_COMPARE_TEXT_H

#include "analysis/compare.h"
#include "base/text.h"

int fc_comparison_text(const fc_comparison *comparison, fc_lang lang, fc_text *out);

/* Appends one JSON object and a newline; null for what does not exist. Means of dates are days
 * since 1970-01-01, of "met" a share. Keys:
 *   a, b        name, title {en, ko}, hash, seed, version, replications,
 *               target null or {path, by, gpus, counted_at}
 *   paired, same_target, n, independent (of a sampled design: blocks of futures that are, else n),
 *               level (confidence of the intervals: 0.95, or that of the last look of a run
 *               stopped by precision),
 *               not_reached_counts_as (the date the shorter horizon ends, exclusive)
 *   rows        [{metric, cause (or null), unit, better ("more", "less", null), n_a, n_b,
 *                 mean_a, mean_b, difference (A - B; days for dates), low, high (its
 *                 interval), median_difference, ahead_a, tie, ahead_b (futures; null unless
 *                 paired)}]
 * The table's +- is how far the interval reaches at its longer side. */
int fc_comparison_json(const fc_comparison *comparison, fc_text *out);

#endif
