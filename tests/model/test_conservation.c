/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What must hold in every world: conservation, on 2,000 random plans with every law checked after
 * every event; equal numbers, equal records; draws that do not move when something is added; more
 * money, no fewer accelerators.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/demand_windows.h"
#include "model/world.h"
#include "random_plan.h"
#include "share.h"
#include "world_helper.h"

/* The fleets' shortfall and milestones are what they should be, besides what the world itself
 * verifies. */
static void check_series(const trial *t)
{
    for (uint32_t m = 0; m < t->plan->n_months; m++) {
        for (int32_t f = 0; f < (int32_t)t->plan->n_fleets; f++) {
            double contracted = series(t, FC_M_gpus_contracted, f, m);
            double delivered = series(t, FC_M_gpus_delivered, f, m);
            double energised = series(t, FC_M_gpus_energised, f, m);
            double in_service = series(t, FC_M_gpus_in_service, f, m);

            assert_true(contracted >= delivered && delivered >= energised);
            assert_true(energised >= in_service && in_service >= 0);
            assert_true(delivered - energised == series(t, FC_M_gpus_waiting, f, m));
        }
    }
}

/* An outcome of the first fleet, 0 where it is not observed. */
static double seen(const trial *t, int metric)
{
    for (uint32_t i = 0; i < t->plan->n_outcomes; i++) {
        const fc_observable *o = &t->plan->outcomes[i];
        if (o->metric == metric && o->fleet == 0) return t->record.outcomes[i];
    }
    return 0;
}

/* An outcome of a fleet and year (or its cost line), 0 where it is not observed. */
static double seen_in(const trial *t, int metric, int32_t fleet, int32_t entity)
{
    for (uint32_t i = 0; i < t->plan->n_outcomes; i++) {
        const fc_observable *o = &t->plan->outcomes[i];
        if (o->metric == metric && o->fleet == fleet && o->entity == entity)
            return t->record.outcomes[i];
    }
    return 0;
}

/* Years add up: lines to the cost, cost to what was paid and is owed, energy to its parts. */
static void check_years(const trial *t)
{
    for (int32_t f = 0; f < (int32_t)t->plan->n_fleets; f++) {
        double owed = 0;

        for (int32_t y = 0; y < (int32_t)t->plan->n_years; y++) {
            double cost = seen_in(t, FC_M_running_cost, f, y), lines = 0;
            double energy = seen_in(t, FC_M_energy, f, y);

            for (int32_t c = 0; c < FC_N_COSTS; c++)
                lines += seen_in(t, FC_M_cost, f, y * FC_N_COSTS + c);
            owed += cost - seen_in(t, FC_M_running_paid, f, y);
            assert_true(fabs(lines - cost) <= 1e-6 * (1 + fabs(cost)));
            assert_true(cost <= seen_in(t, FC_M_running_full, f, y) * (1 + 1e-9) + 1e-6);
            assert_true(fabs(energy - seen_in(t, FC_M_energy_load, f, y) -
                             seen_in(t, FC_M_energy_idle, f, y) -
                             seen_in(t, FC_M_energy_overhead, f, y)) <= 1e-9 * (1 + energy));
        }
        assert_true(fabs(owed - seen_in(t, FC_M_arrears, f, FC_NONE)) <= 1e-6 * (1 + fabs(owed)));
    }
}

/* Windows that stand for more than themselves, and those of pools with services and of fleets with
 * grants beside them; published totals of the services add up. */
typedef struct windows_seen {
    double alone, services, grants;
} windows_seen;

static void check_windows(const trial *t, windows_seen *seen)
{
    for (uint32_t f = 0; f < t->plan->n_fleets; f++) {
        const fc_demand_state *d = &t->world->demands[f];

        for (uint32_t p = 0; d->any && p < d->n_pools; p++) {
            const fc_pool_sample *s = d->pools[p].sample;

            for (size_t i = 0; s != NULL && d->pools[p].engine && i < s->n_cohorts; i++) {
                bool beside = d->pools[p].services != NULL;
                double *to = beside ? &seen->services : &seen->alone;

                *to += s->cohorts[i].weight > 1;
                if (t->plan->fleets[f].demand.n_calls > 0) seen->grants += s->cohorts[i].weight > 1;
            }
        }
    }
    for (uint32_t i = 0; i < t->plan->n_services; i++) {
        const fc_service_work *w = &t->world->services[i].sum;
        double unmet = 0;

        for (int k = 0; k < FC_N_UNSERVED; k++) unmet += w->unmet[k];
        assert_true(fabs(w->came - w->served - w->offshore - w->unserved) <= 1e-9 * (1 + w->came));
        assert_true(fabs(w->came - w->served - unmet) <= 1e-9 * (1 + w->came));
        assert_true(w->used <= w->held * (1 + 1e-12) && w->tokens_served <= w->tokens_came);
    }
}

/* Nobody holds more than runs. */
static void check_allocation(const trial *t)
{
    for (uint32_t f = 0; f < t->plan->n_fleets; f++) {
        if (t->plan->fleets[f].demand.detail == FC_DETAIL_WINDOWS) continue; /* estimates */
        assert_false(seen_in(t, FC_M_allocation, (int32_t)f, FC_NONE) > 1 + 1e-9);
    }
}

static void test_random_plans(void **state)
{
    (void)state;
    const uint32_t plans = share_of(2000, 200);
    const double part = plans / 2000.0;
    double events = 0, delay = 0, retired = 0, repairs = 0, curtailed = 0, unstaffed = 0, crews = 0;
    double failed = 0, cancelled = 0;
    double failed_calls = 0, orders_cancelled = 0, licence = 0;
    double opex = 0, owed = 0, unpaid = 0;
    windows_seen windows = {0};

    for (uint64_t number = 0; number < plans; number++) {
        fc_plan *plan = random_plan(number);
        trial t = trial_start(plan);
        int ret = trial_run(&t, 0);

        if (ret != FC_OK) {
            char *text = fc_diag_text(t.diag, 0, FC_LANG_EN);
            print_error("plan %d: %s\n", (int)number, text == NULL ? "" : text);
            free(text);
            fail();
        }
        check_series(&t);
        check_years(&t);
        check_windows(&t, &windows);
        check_allocation(&t);
        opex += outcome(&t, FC_M_delay, 0, FC_CAUSE_opex);
        owed += seen(&t, FC_M_arrears) > 0;
        unpaid += seen(&t, FC_M_unpaid_mean) > 0;
        events += (double)t.record.events;
        delay += delay_sum(&t, 0);
        retired += outcome(&t, FC_M_gpus_retired, 0, FC_NONE);
        repairs += outcome(&t, FC_M_failures, 0, FC_NONE);
        curtailed += outcome(&t, FC_M_curtailed_share, 0, FC_NONE) > 0;
        unstaffed += outcome(&t, FC_M_unstaffed_power, 0, FC_NONE) > 0;
        crews += outcome(&t, FC_M_crew_utilisation, 0, FC_NONE) > 0;
        failed += outcome(&t, FC_M_assessments_failed, 0, FC_NONE);
        cancelled += outcome(&t, FC_M_phases_cancelled, 0, FC_NONE);
        failed_calls += seen(&t, FC_M_failed_calls);
        orders_cancelled += seen(&t, FC_M_gpus_cancelled);
        licence += outcome(&t, FC_M_delay, 0, FC_CAUSE_licence);
        trial_end(&t);
        fc_plan_free(plan);
    }
    /* The plans do reach what is to be tested. */
    assert_true(events > 100000 * part && delay > 1e6 * part && retired > 1e4 * part &&
                repairs > 1e4 * part);
    assert_true(curtailed > 40 * part && unstaffed > 20 * part && crews > 100 * part);
    assert_true(failed > 100 * part && cancelled > 100 * part);
    assert_true(opex > 1e5 * part && owed > 300 * part && unpaid > 200 * part);
    if (part == 1) /* some in few plans */
        assert_true(windows.alone > 150 && windows.services > 30 && windows.grants > 80);
    assert_true(failed_calls > 200 * part && orders_cancelled > 5e3 * part && licence > 1e6 * part);
}

/* Replication 7 alone is replication 7 after others. */
static void test_replications_are_independent(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 50; number++) {
        fc_plan *plan = random_plan(number);
        trial alone = trial_start(plan), after = trial_start(plan);

        assert_int_equal(trial_run(&alone, 7), FC_OK);
        assert_int_equal(trial_run(&after, 3), FC_OK);
        assert_int_equal(trial_run(&after, 4), FC_OK);
        assert_int_equal(trial_run(&after, 7), FC_OK);
        assert_true(same_record(plan, &alone.record, &after.record));
        assert_string_equal(alone.log.data, after.log.data);
        trial_end(&alone);
        trial_end(&after);
        fc_plan_free(plan);
    }
}

/* ---- a plan to which something is added ---------------------------------------------------- */

enum addition { NOTHING, SITE = 1, PROGRAMME = 2, MODEL = 4, FLEET = 8, DRIVER = 16 };

static int32_t some_model(plan_builder *b, const char *name)
{
    return build_accelerator(
        b, (fc_accelerator){.name = name,
                            .per_server = build_number(b, name, 8),
                            .server_power = build_number(b, name, 10000),
                            .price = build_number(b, name, 100),
                            .price_currency = 0,
                            .lead_time = build_param(b, name,
                                                     build_varies(b, name, FC_DIST_USUAL_BAD, 2,
                                                                  60 * FC_DAY, 200 * FC_DAY))});
}

static void some_programme(plan_builder *b, const char *name, int32_t model, int32_t host,
                           double amount)
{
    int32_t money = build_budget(b, (fc_budget){.name = name,
                                                .amount = build_number(b, name, amount),
                                                .currency = 0,
                                                .enacted = build_date(b, name, "2025-02-01")});
    fc_programme p = {
        .name = name,
        .pays_from = build_refs(b, 1, money),
        .mix = build_mix(b, 1, model, 1.0),
        .install = build_param(
            b, name,
            build_varies(b, name, FC_DIST_TRIANGULAR, 3, 1 * FC_DAY, 9 * FC_DAY, 99 * FC_DAY)),
        .service_life = build_number(b, name, 300 * FC_DAY),
    };

    if (host != FC_NONE) p.host = build_refs(b, 1, host);
    build_programme(b, p);
}

static int32_t some_site(plan_builder *b, const char *name, const char *first, const char *second)
{
    int32_t site = build_site(b, (fc_site){.name = name});

    for (int i = 0; i < 2; i++) {
        const char *path = i == 0 ? first : second;
        build_phase(b,
                    (fc_phase){.name = path,
                               .power = build_number(b, name, 45e3),
                               .connect = build_param(b, path,
                                                      build_unknown(b, path, FC_DIST_USUAL_BAD, 2,
                                                                    90 * FC_DAY, 400 * FC_DAY))});
    }
    return site;
}

static fc_upkeep some_upkeep(plan_builder *b, const char *path)
{
    return (fc_upkeep){.failure_rate = build_number(b, path, 0.01 / FC_DAY),
                       .repair_time = build_param(
                           b, path, build_varies(b, path, FC_DIST_EXPONENTIAL, 1, 5 * FC_DAY))};
}

static fc_plan *plan_with(int additions, double amount)
{
    plan_builder *b = build_start("2025-01-01", "2028-01-01", 5);
    int32_t krw = build_currency(b, "KRW", 0, build_number(b, "krw", 1)), model, site, more;

    if (additions & MODEL) some_model(b, "new-model");
    model = some_model(b, "model");
    if (additions & FLEET) {
        build_fleet(
            b,
            (fc_fleet){.name = "firm", .currency = krw, .upkeep = some_upkeep(b, "firm.upkeep")});
        some_programme(b, "firms", model, FC_NONE, 8000);
    }
    build_fleet(
        b, (fc_fleet){.name = "korea", .currency = krw, .upkeep = some_upkeep(b, "korea.upkeep")});
    more = additions & SITE ? some_site(b, "added", "a1", "a2") : FC_NONE;
    site = some_site(b, "hall", "h1", "h2");
    if (additions & PROGRAMME) some_programme(b, "added", model, more, 8000);
    some_programme(b, "state", model, site, amount);
    if (additions & DRIVER) {
        fc_param spare = build_number(b, "spare", 1);
        fc_driver driver = {.name = "shock",
                            .at = build_number(b, "at", 50 * FC_DAY),
                            .probability = build_number(b, "p", 0.5)};
        build_change(b, build_driver(b, driver), spare, FC_SCALE, build_constant(b, 2), FC_KEEP);
    }
    return build_plan(b);
}

/* All that happens to korea.programmes.state and its site, with failures: times in full, without
 * the numbers of lots. */
static int log_state(void *self, const fc_log_entry *entry)
{
    if (strcmp(entry->entity, "korea.programmes.state") != 0 &&
        strncmp(entry->entity, "korea.sites.hall", 16) != 0)
        return FC_OK;
    fc_text_printf(self, "%.17g %s %.17g\n", entry->time, entry->what, entry->amount);
    return FC_OK;
}

static char *story(const fc_plan *plan, uint32_t replication)
{
    fc_text text = FC_TEXT_EMPTY;
    fc_observer observer = {.log = log_state, .self = &text};
    fc_world *world = NULL;
    fc_record record;
    char *taken = NULL;

    assert_int_equal(fc_world_create(plan, &world), FC_OK);
    assert_int_equal(fc_record_init(&record, plan), FC_OK);
    assert_int_equal(fc_world_run(world, replication, &observer, &record, NULL), FC_OK);
    fc_record_free(&record);
    fc_world_free(world);
    taken = fc_text_take(&text);
    assert_non_null(taken);
    return taken;
}

static void test_additions_move_no_draw(void **state)
{
    (void)state;
    fc_plan *alone = plan_with(NOTHING, 16000);

    for (int additions = 1; additions < 32; additions++) {
        fc_plan *more = plan_with(additions, 16000);

        for (uint32_t r = 0; r < 5; r++) {
            char *a = story(alone, r), *b = story(more, r);

            assert_true(strstr(a, "failure") != NULL);
            assert_string_equal(a, b);
            free(a);
            free(b);
        }
        fc_plan_free(more);
    }
    fc_plan_free(alone);
}

/* ---- more money ----------------------------------------------------------------------------- */

static void test_more_money_is_no_fewer(void **state)
{
    (void)state;
    enum { MONTHS = 36, REPLICATIONS = 20 };
    static double before[REPLICATIONS][MONTHS];

    for (int step = 0; step < 30; step++) {
        fc_plan *plan = plan_with(SITE | PROGRAMME, 700 * step);
        trial t = trial_start(plan);

        assert_int_equal(plan->n_months, MONTHS);
        for (uint32_t r = 0; r < REPLICATIONS; r++) {
            assert_int_equal(trial_run(&t, r), FC_OK);
            for (uint32_t m = 0; m < 10; m++) { /* later, larger fleets retire more, too */
                double now = series(&t, FC_M_gpus_in_service, 0, m);
                assert_true(now >= before[r][m]);
                before[r][m] = now;
            }
        }
        if (step == 29) assert_true(before[0][9] > 0);
        trial_end(&t);
        fc_plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_plans),
        cmocka_unit_test(test_replications_are_independent),
        cmocka_unit_test(test_additions_move_no_draw),
        cmocka_unit_test(test_more_money_is_no_fewer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
