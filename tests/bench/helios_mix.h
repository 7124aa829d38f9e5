/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A job mix shaped like Helios (SenseTime, 2020: Hu et al., SC21), after the table of its authors'
 * successor trace (AcmeTrace, data/cluster_summary.csv): 1,580,464 GPU jobs, mean run 6,652 s,
 * median 206 s, mean 3.72 GPUs, at most 2,048.
 *
 *     duration   Weibull with that median and mean: shape 0.2986, scale 703.0 s (that it is Weibull
 *                is an assumption; a lognormal would need months to reach its mean)
 *     GPUs       powers of two; the shares are an assumption, chosen to give that mean and maximum
 *     estimate   duration x U(1, 5): the "f-model" (Mu'alem and Feitelson 2001) with f = 4
 *     patience   U(30, 90) days: an assumption; hardly any job leaves
 */
#ifndef FC_TESTS_HELIOS_MIX_H
#define FC_TESTS_HELIOS_MIX_H

#include "base/arena.h"
#include "fleetcast/error.h"
#include "jobs/generator.h"
#include "kernel/init.h"

typedef struct helios_mix {
    fc_arena *arena;
    fc_distribution gpus, duration, patience, estimate;
    fc_path rate;
    fc_job_class jobs;
} helios_mix;

static inline void helios_mix_free(helios_mix *mix)
{
    if (mix->arena) fc_arena_free(mix->arena);
    mix->arena = NULL;
}

/* As many arrivals that they keep `gpus` GPUs busy on average. */
static inline int helios_mix_init(helios_mix *mix, double gpus)
{
    static const double size[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048};
    static const double weight[] = {0.7,   0.11,  0.07,   0.09,   0.016,  0.007,
                                    0.004, 0.002, 0.0008, 0.0004, 0.0002, 0.0001};
    int ret = FC_OK;

    *mix = (helios_mix){.arena = fc_arena_create()};
    if (!mix->arena) return FC_E_NOMEM;
    fc_kernel_init();
    ret = fc_distribution_discrete(mix->arena, size, weight, sizeof size / sizeof *size, NULL, NULL,
                                   &mix->gpus);
    if (ret == FC_OK)
        ret = fc_distribution_make(FC_DIST_WEIBULL, (double[]){0.2986, 703.0}, NULL, NULL,
                                   &mix->duration);
    if (ret == FC_OK)
        ret = fc_distribution_make(FC_DIST_UNIFORM, (double[]){30 * 86400.0, 90 * 86400.0}, NULL,
                                   NULL, &mix->patience);
    if (ret == FC_OK)
        ret = fc_distribution_make(FC_DIST_UNIFORM, (double[]){1, 5}, NULL, NULL, &mix->estimate);
    if (ret) return ret;
    mix->rate = FC_PATH_CONSTANT(
        gpus / (fc_distribution_mean(&mix->gpus) * fc_distribution_mean(&mix->duration)));
    mix->jobs = (fc_job_class){.rate = &mix->rate,
                               .key = fc_stream_key(1, "helios", "jobs"),
                               .gpus = &mix->gpus,
                               .duration = &mix->duration,
                               .patience = &mix->patience,
                               .estimate = &mix->estimate};
    return FC_OK;
}

#endif
