/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/estimate.h"

#include <gsl/gsl_cdf.h>

static bool is_level(double level)
{
    return level > 0 && level < 1;
}

static double normal_point(double level)
{
    return gsl_cdf_ugaussian_Qinv((1 - level) / 2);
}

/* ---- the estimate ---------------------------------------------------------------------------- */

/* Sum over the blocks of the squared sums of deviations; their number goes to *blocks. */
static double square_blocks(const double *value, const uint32_t *replication, size_t n,
                            uint32_t block, double mean, uint64_t *blocks)
{
    double squares = 0, sum = 0;
    bool any = false;
    *blocks = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(value[i])) {
            sum += value[i] - mean;
            any = true;
        }
        bool last = i + 1 == n || replication[i] / block != replication[i + 1] / block;
        if (!last || !any) continue;
        squares += sum * sum;
        sum = 0;
        any = false;
        ++*blocks;
    }
    return squares;
}

fc_estimate fc_estimate_of(const double *value, const uint32_t *replication, size_t n,
                           uint32_t block)
{
    fc_tally all = FC_TALLY_EMPTY;
    for (size_t i = 0; i < n; i++)
        if (!isnan(value[i])) fc_tally_add(&all, value[i]);
    double count = (double)all.n;
    fc_estimate out = {.n = all.n,
                       .blocks = all.n,
                       .mean = fc_tally_mean(&all),
                       .variance = all.n ? all.m2 / count : NAN,
                       .error = fc_tally_standard_error(&all)};
    if (block <= 1 || all.n == 0) return out;
    double squares = square_blocks(value, replication, n, block, out.mean, &out.blocks);
    double blocks = (double)out.blocks;
    out.error = out.blocks < 2 ? NAN : sqrt(blocks / (blocks - 1) * squares) / count;
    /* What rounding leaves of no difference at all. */
    if (out.error < 1e-12 * sqrt(out.variance)) out.error = 0;
    return out;
}

/* ---- intervals ------------------------------------------------------------------------------- */

fc_interval fc_mean_interval(const fc_estimate *e, double level)
{
    if (!is_level(level)) return (fc_interval){NAN, NAN};
    if (e->blocks < 2) return (fc_interval){-INFINITY, INFINITY};
    double half = fc_student_point((double)(e->blocks - 1), level) * e->error;
    return (fc_interval){e->mean - half, e->mean + half};
}

fc_interval fc_score_interval(double share, double n, double z)
{
    double z2 = z * z, centre = share + z2 / (2 * n);
    double half = z * sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    double scale = 1 + z2 / n;
    /* At the ends the bound is 0 or 1 exactly; rounding must not move it. */
    return (fc_interval){share <= 0 ? 0 : (centre - half) / scale,
                         share >= 1 ? 1 : (centre + half) / scale};
}

/* As many independent observations as have the same error, and the point to take of them; of 2
 * blocks at least. */
static double independent(const fc_estimate *e, double level, double *point)
{
    bool all = e->blocks == e->n, differ = e->error > 0;
    *point =
        all || !differ ? normal_point(level) : fc_student_point((double)(e->blocks - 1), level);
    return all ? (double)e->n : differ ? e->variance / (e->error * e->error) : (double)e->blocks;
}

static bool is_one_block(const fc_estimate *e)
{
    return e->n == 0 || (e->blocks < 2 && e->blocks < e->n);
}

fc_interval fc_share_interval(const fc_estimate *e, double level)
{
    double point;
    if (!is_level(level)) return (fc_interval){NAN, NAN};
    if (is_one_block(e)) return (fc_interval){0, 1};
    double n = independent(e, level, &point);
    return fc_score_interval(e->mean, n, point);
}

fc_interval fc_paired_share_interval(const fc_estimate *difference, double above, double below,
                                     double level)
{
    double point;
    if (!is_level(level)) return (fc_interval){NAN, NAN};
    if (is_one_block(difference)) return (fc_interval){-1, 1};
    double n = independent(difference, level, &point), more = n + 2;
    double centre = n * (above - below) / more;
    double half = point * sqrt(n * (above + below) + 1 - more * centre * centre) / more;
    return (fc_interval){fmax(centre - half, -1), fmin(centre + half, 1)};
}

fc_interval fc_share_difference_interval(const fc_estimate *a, const fc_estimate *b, double level)
{
    fc_interval x = fc_share_interval(a, level), y = fc_share_interval(b, level);
    double difference = a->mean - b->mean;
    return (fc_interval){difference - hypot(a->mean - x.low, y.high - b->mean),
                         difference + hypot(x.high - a->mean, b->mean - y.low)};
}

fc_interval fc_mean_difference_interval(const fc_estimate *a, const fc_estimate *b, double level)
{
    if (!is_level(level)) return (fc_interval){NAN, NAN};
    if (a->blocks < 2 || b->blocks < 2) return (fc_interval){-INFINITY, INFINITY};
    double va = a->error * a->error, vb = b->error * b->error, half = 0;
    double df = (va + vb) * (va + vb) /
                (va * va / (double)(a->blocks - 1) + vb * vb / (double)(b->blocks - 1));
    if (va + vb > 0) half = fc_student_point(df, level) * sqrt(va + vb);
    return (fc_interval){a->mean - b->mean - half, a->mean - b->mean + half};
}
