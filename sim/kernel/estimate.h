/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Estimates from observations that may be independent only from block to block: the replications
 * at one point of a sampled design share what nobody knows, the points of one shift of a Sobol
 * sequence its shift. Such a sample tells as much as its blocks do, however many values it has.
 */
#ifndef FC_KERNEL_ESTIMATE_H
#define FC_KERNEL_ESTIMATE_H

#include "kernel/stats.h"

typedef struct fc_estimate {
    uint64_t n, blocks; /* values, and blocks that have any; equal: all are independent */
    double mean;        /* of the values; NaN if there are none */
    double variance;    /* of a value: mean squared deviation */
    double error;       /* standard error of the mean, from block to block; NaN below 2 blocks */
} fc_estimate;

/* Of the values that are not NaN. Those of replications i and j with i / block = j / block are of
 * one block; `replication` ascends. Block 0 or 1: all are independent, and `replication` may be
 * NULL. The error is the linearised one of a ratio, as blocks may have lost some of their values
 * (Cochran 1977, Sampling Techniques, 6.8); with equally long blocks, that of the blocks' means. */
fc_estimate fc_estimate_of(const double *value, const uint32_t *replication, size_t n,
                           uint32_t block);

/* All intervals have the confidence `level`, in (0, 1); NaN bounds otherwise. */

/* Of the mean: Student's with a degree of freedom less than there are blocks; infinite below 2. */
fc_interval fc_mean_interval(const fc_estimate *e, double level);

/* Of a share, the mean of zeros and ones: Wilson's score interval. With blocks n is the number of
 * independent observations that would have the same standard error (Korn and Graubard 1998, Survey
 * Methodology 24) and the normal's point is Student's; where the blocks do not differ at all n is
 * their number: nothing says that one tells more than one observation. [0, 1] below 2 blocks. */
fc_interval fc_share_interval(const fc_estimate *e, double level);

/* Of the difference of two shares, a - b.
 * Pairs: of the mean of the differences, 1 in the share `above` of the pairs, -1 in `below`, else
 * 0, by Agresti and Min (2005, Statistics in Medicine 24): half a pair more of each of the four
 * kinds, so that pairs that all agree leave a doubt. n as above.
 * Independent samples: Newcombe (1998, Statistics in Medicine 17, method 10). */
fc_interval fc_paired_share_interval(const fc_estimate *difference, double above, double below,
                                     double level);
fc_interval fc_share_difference_interval(const fc_estimate *a, const fc_estimate *b, double level);

/* Of the difference of two means of independent samples, a - b (Welch 1947). */
fc_interval fc_mean_difference_interval(const fc_estimate *a, const fc_estimate *b, double level);

/* Wilson's score interval of a share of n observations, not necessarily whole, at the normal's (or
 * another) two-sided point z. Never outside [0, 1]. */
fc_interval fc_score_interval(double share, double n, double z);

#endif
