/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "experiment/pool.h"
#include "fleetcast/simulate.h"
#include "kernel/date.h"
#include "model/metric_table.h"
#include "scenario/scenario.h"

static const fc_column *columns_of(fc_arena *arena, const fc_observable *observed, uint32_t n)
{
    fc_column *columns = fc_arena_array(arena, (size_t)n + 1, sizeof *columns);
    for (uint32_t i = 0; columns && i < n; i++)
        columns[i] = (fc_column){.metric = fc_metrics[observed[i].metric].id,
                                 .entity = observed[i].name,
                                 .unit = observed[i].unit};
    return columns;
}

static const fc_draw_column *draws_of(fc_arena *arena, const fc_plan *plan)
{
    fc_draw_column *draws = fc_arena_array(arena, (size_t)plan->n_draws + 1, sizeof *draws);
    for (uint32_t i = 0; draws && i < plan->n_draws; i++)
        draws[i] = (fc_draw_column){plan->draw_names[i], fc_draw_unit(plan->draw_names[i])};
    return draws;
}

int fc_scenario_shape(const fc_scenario *scenario, fc_arena *arena, fc_shape *out)
{
    const fc_plan *plan = scenario->plan;
    int64_t *day = fc_arena_array(arena, (size_t)plan->n_months + 1, sizeof *day);
    *out = (fc_shape){
        .n_outcomes = plan->n_outcomes,
        .n_series = plan->n_series,
        .n_months = plan->n_months,
        .n_draws = plan->n_draws,
        .outcomes = columns_of(arena, plan->outcomes, plan->n_outcomes),
        .series = columns_of(arena, plan->series, plan->n_series),
        .month_day = day,
        .draws = draws_of(arena, plan),
    };
    if (!day || !out->outcomes || !out->series || !out->draws) return FC_E_NOMEM;
    for (uint32_t m = 0; m < plan->n_months; m++)
        day[m] = fc_date_days(fc_epoch_date_by(plan->epoch, plan->month_ends[m]));
    return FC_OK;
}

size_t fc_find_column(const fc_column *columns, size_t n, const char *metric, const char *entity)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(columns[i].metric, metric) == 0 &&
            (!entity || strcmp(columns[i].entity, entity) == 0))
            return i;
    return SIZE_MAX;
}

/* ---- simulating ------------------------------------------------------------------------------ */

static uint32_t count_of(const fc_scenario *scenario, const fc_simulate_options *options)
{
    return options && options->replications ? options->replications
                                            : (uint32_t)scenario->root.replications;
}

/* On the way to who takes the records. */
typedef struct relay {
    const fc_plan *plan;
    const bool *is_date; /* of each draw */
    fc_take *take;
    void *self;
} relay;

/* The model's dates are seconds since the start of the horizon. */
static int pass_on(void *self, const fc_replication *one)
{
    const relay *r = self;
    for (uint32_t i = 0; !one->code && i < r->plan->n_draws; i++) {
        double *value = &one->record->draws[i];
        if (r->is_date[i]) *value = (double)r->plan->epoch.start_day + *value / FC_DAY;
    }
    return r->take(r->self, one);
}

int fc_simulate(const fc_scenario *scenario, const fc_simulate_options *options, fc_take *take,
                void *self, fc_diag *diag)
{
    uint32_t n = count_of(scenario, options), first = options ? options->first : 0;
    uint32_t *todo = calloc((size_t)n + 1, sizeof *todo);
    bool *is_date = calloc((size_t)scenario->plan->n_draws + 1, sizeof *is_date);
    relay to = {.plan = scenario->plan, .is_date = is_date, .take = take, .self = self};
    int ret = FC_OK;
    if (!todo || !is_date) {
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
        goto out;
    }
    for (uint32_t i = 0; i < scenario->plan->n_draws; i++)
        is_date[i] = strcmp(fc_draw_unit(scenario->plan->draw_names[i]), "date") == 0;
    for (uint32_t i = 0; i < n; i++) todo[i] = first + i;
    fc_pool_task task = {.plan = scenario->plan,
                         .todo = todo,
                         .n_todo = n,
                         .threads = options ? options->threads : 0,
                         .take = pass_on,
                         .self = &to};
    ret = fc_pool_run(&task, diag);
out:
    free(is_date);
    free(todo);
    return ret;
}

typedef struct table {
    double *values;
    size_t n_columns;
    uint32_t first, failed;
} table;

static int fill(void *self, const fc_replication *one)
{
    table *t = self;
    double *row = t->values + (size_t)(one->number - t->first) * t->n_columns;
    t->failed += one->code != FC_OK;
    for (size_t i = 0; i < t->n_columns; i++) row[i] = one->code ? NAN : one->record->outcomes[i];
    return FC_OK;
}

int fc_simulate_outcomes(const fc_scenario *scenario, const fc_simulate_options *options,
                         fc_arena *arena, fc_diag *diag, const double **out, uint32_t *failed)
{
    table t = {.n_columns = scenario->plan->n_outcomes, .first = options ? options->first : 0};
    *out = NULL;
    if (failed) *failed = 0;
    size_t rows = count_of(scenario, options);
    t.values = fc_arena_array(arena, rows * t.n_columns + 1, sizeof *t.values);
    if (!t.values) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int ret = fc_simulate(scenario, options, fill, &t, diag);
    if (ret) return ret;
    *out = t.values;
    if (failed) *failed = t.failed;
    return FC_OK;
}
