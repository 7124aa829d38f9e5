/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world_helper.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int log_entry(void *self, const fc_log_entry *entry)
{
    trial *t = self;

    if (strcmp(entry->what, "failure") == 0) return FC_OK;
    fc_text_printf(&t->log, "%g %s %s %d %.10g %s\n", entry->time / FC_DAY, entry->what,
                   entry->entity, entry->lot, entry->amount, entry->unit);
    return fc_text_failed(&t->log) ? FC_E_NOMEM : FC_OK;
}

trial trial_start(const fc_plan *plan)
{
    trial t = {.plan = plan, .diag = fc_diag_create()};

    assert_int_equal(fc_world_create(plan, &t.world), FC_OK);
    assert_int_equal(fc_record_init(&t.record, plan), FC_OK);
    return t;
}

int trial_run(trial *t, uint32_t replication)
{
    fc_observer observer = {.log = log_entry, .self = t, .verify = true};

    fc_text_clear(&t->log);
    fc_diag_clear(t->diag);
    return fc_world_run(t->world, replication, &observer, &t->record, t->diag);
}

void trial_end(trial *t)
{
    fc_record_free(&t->record);
    fc_world_free(t->world);
    fc_diag_free(t->diag);
    fc_text_free(&t->log);
}

trial trial_of(const fc_plan *plan, uint32_t replication)
{
    trial t = trial_start(plan);

    if (trial_run(&t, replication) != FC_OK) {
        char *text = fc_diag_text(t.diag, 0, FC_LANG_EN);
        print_error("%s\n", text == NULL ? "" : text);
        free(text);
        fail();
    }
    return t;
}

double outcome(const trial *t, int metric, int32_t fleet, int32_t entity)
{
    for (uint32_t i = 0; i < t->plan->n_outcomes; i++) {
        const fc_observable *o = &t->plan->outcomes[i];
        if (o->metric == metric && o->fleet == fleet && o->entity == entity)
            return t->record.outcomes[i];
    }
    if (metric == FC_M_delay) return 0; /* a cause that the plan cannot have */
    fail_msg("no such outcome");
    return NAN;
}

double series(const trial *t, int metric, int32_t fleet, uint32_t month)
{
    for (uint32_t i = 0; i < t->plan->n_series; i++) {
        const fc_observable *o = &t->plan->series[i];
        if (o->metric == metric && o->fleet == fleet)
            return t->record.series[(size_t)month * t->plan->n_series + i];
    }
    fail_msg("no such series");
    return NAN;
}

double delay_sum(const trial *t, int32_t fleet)
{
    double sum = 0;

    for (uint32_t i = 0; i < t->plan->n_outcomes; i++) {
        const fc_observable *o = &t->plan->outcomes[i];
        if (o->metric == FC_M_delay && o->fleet == fleet) sum += t->record.outcomes[i];
    }
    return sum;
}

bool same_record(const fc_plan *plan, const fc_record *a, const fc_record *b)
{
    size_t series = (size_t)plan->n_months * plan->n_series;

    return memcmp(a->outcomes, b->outcomes, plan->n_outcomes * sizeof *a->outcomes) == 0 &&
           memcmp(a->series, b->series, series * sizeof *a->series) == 0 &&
           memcmp(a->draws, b->draws, plan->n_draws * sizeof *a->draws) == 0 &&
           a->events == b->events;
}
