/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mpi/wire.h"

#include <stdio.h>
#include "store/store.h"

enum { SENTENCE = 4096 };

int fc_mpi_describe(const fc_scenario *scenario, fc_mpi_task *task)
{
    const fc_plan *plan = scenario->plan;
    *task = (fc_mpi_task){.seed = plan->seed,
                          .without = plan->without,
                          .n_currencies = plan->n_currencies,
                          .n_outcomes = plan->n_outcomes,
                          .n_series = plan->n_series,
                          .n_months = plan->n_months,
                          .n_draws = plan->n_draws};
    snprintf(task->version, sizeof task->version, "%s", FC_VERSION);
    fc_store_libm_probe(task->libm);
    return fc_tree_hash(scenario->tree, task->tree);
}

size_t fc_mpi_numbers(const fc_mpi_task *task)
{
    return task->n_outcomes + (size_t)task->n_series * task->n_months + task->n_draws;
}

size_t fc_mpi_result_size(const fc_mpi_task *task)
{
    size_t numbers = fc_mpi_numbers(task) * sizeof(double);
    return sizeof(fc_mpi_result) + (numbers > SENTENCE ? numbers : SENTENCE);
}
