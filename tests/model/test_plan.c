/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What fc_plan_finish fills in, followed by hand, and every kind of plan it refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/metric_table.h"
#include "plan_builder.h"

/* ---- what is filled in ------------------------------------------------------------------- */

static fc_target target(plan_builder *b, const char *name)
{
    return (fc_target){.name = name,
                       .by = build_date(b, name, "2026-06-30"),
                       .gpus = build_number(b, name, 1000),
                       .counted_at = FC_IN_SERVICE,
                       .includes_all = true};
}

static fc_accelerator accelerator(plan_builder *b, const char *name)
{
    return (fc_accelerator){.name = name,
                            .per_server = build_number(b, "per_server", 8),
                            .server_power = build_number(b, "server_power", 10200)};
}

/* Two fleets, the first with two targets, the second with one. */
static plan_builder *two_fleets(const char *end)
{
    plan_builder *b = build_start("2025-01-15", end, 1);
    int32_t krw = build_currency(b, "KRW", 0, build_number(b, "krw", 1400));
    int32_t usd = build_currency(b, "USD", 2, build_number(b, "usd", 1));

    build_accelerator(b, accelerator(b, "b200"));
    build_accelerator(b, accelerator(b, "h100-sxm"));
    build_accelerator(b, accelerator(b, "h100"));
    build_fleet(b, (fc_fleet){.name = "korea", .currency = krw});
    build_target(b, target(b, "mid"));
    build_target(b, target(b, "end"));
    build_fleet(b, (fc_fleet){.name = "firm", .currency = usd});
    build_target(b, target(b, "own"));
    return b;
}

static int count_scope(fc_scope scope)
{
    int n = 0;
    for (int i = 0; i < FC_N_METRICS; i++) n += fc_metrics[i].scope == scope;
    return n;
}

static const fc_observable *find(const fc_observable *list, uint32_t n, int metric,
                                 const char *name)
{
    for (uint32_t i = 0; i < n; i++)
        if (list[i].metric == metric && strcmp(list[i].name, name) == 0) return &list[i];
    return NULL;
}

static void test_observables(void **state)
{
    (void)state;
    fc_plan *plan = build_plan(two_fleets("2026-01-01"));
    int fleet = count_scope(FC_SCOPE_FLEET), cause = count_scope(FC_SCOPE_CAUSE);
    int target_metrics = count_scope(FC_SCOPE_TARGET), series = 0;

    for (int i = 0; i < FC_N_METRICS; i++) {
        series += fc_metrics[i].kind == FC_KIND_SERIES;
        /* Month-end values are of fleets only: n_series relies on it. */
        if (fc_metrics[i].kind == FC_KIND_SERIES)
            assert_int_equal(fc_metrics[i].scope, FC_SCOPE_FLEET);
    }
    /* But for what the plan does not have: 4 series and 1 outcome of terms and operators, 2 of
     * spares, 3 metrics of tenders, 1 of export rules, 15 of money, 3 of which are series, 4 series
     * and 5 outcomes of running cost; their causes; 1 series and 23 outcomes of demand, and when a
     * target's number is allocated. */
    assert_int_equal(plan->n_series, 2 * (series - 4 - 3 - 4 - 1));
    assert_int_equal(plan->n_outcomes,
                     2 * (fleet - 7 - 4 - 15 - 9 - 24 + (FC_N_CAUSES - 4) * cause) +
                         3 * (target_metrics - 1));
    assert_int_equal(plan->h100, 1);

    const fc_observable *o = find(plan->outcomes, plan->n_outcomes, FC_M_met, "korea.targets.end");
    assert_non_null(o);
    assert_int_equal(o->fleet, 0);
    assert_int_equal(o->entity, 1);
    o = find(plan->outcomes, plan->n_outcomes, FC_M_count_by, "firm.targets.own");
    assert_non_null(o);
    assert_int_equal(o->fleet, 1);
    assert_int_equal(o->entity, 2);
    o = find(plan->outcomes, plan->n_outcomes, FC_M_delay, "firm.delay.grid");
    assert_non_null(o);
    assert_int_equal(o->entity, FC_CAUSE_grid);
    assert_string_equal(o->unit, "GPU day");
    o = find(plan->series, plan->n_series, FC_M_money_paid, "firm");
    assert_non_null(o);
    assert_string_equal(o->unit, "USD");
    assert_int_equal(o->entity, FC_NONE);
    assert_non_null(find(plan->outcomes, plan->n_outcomes, FC_M_money_paid, "korea"));
    assert_null(find(plan->series, plan->n_series, FC_M_failures, "korea"));
    fc_plan_free(plan);
}

static void test_month_ends(void **state)
{
    (void)state;
    fc_plan *plan = build_plan(two_fleets("2025-04-01"));
    const double days[] = {17, 17 + 28, 17 + 28 + 31}; /* from 15 January */

    assert_int_equal(plan->n_months, 3);
    for (int i = 0; i < 3; i++) assert_true(plan->month_ends[i] == days[i] * FC_DAY);
    assert_true(plan->month_ends[2] == plan->horizon);
    fc_plan_free(plan);

    plan = build_plan(two_fleets("2025-04-11")); /* ends within a month */
    assert_int_equal(plan->n_months, 4);
    assert_true(plan->month_ends[2] == days[2] * FC_DAY);
    assert_true(plan->month_ends[3] == plan->horizon);
    fc_plan_free(plan);
}

static void test_draws_are_numbered_by_key(void **state)
{
    (void)state;
    plan_builder *b = two_fleets("2026-01-01");
    uint32_t z = build_unknown(b, "z", FC_DIST_UNIFORM, 2, 0., 1.);
    uint32_t a = build_unknown(b, "a", FC_DIST_UNIFORM, 2, 0., 1.);
    uint32_t again = build_unknown(b, "z", FC_DIST_UNIFORM, 2, 5., 9.);
    build_varies(b, "v", FC_DIST_UNIFORM, 2, 0., 1.);
    uint32_t c = build_unknown(b, "c", FC_DIST_UNIFORM, 2, 0., 1.);
    build_driver(b, (fc_driver){.name = "quake"});
    build_driver(b, (fc_driver){.name = "faster", .is_policy = true});
    fc_plan *plan = build_plan(b);
    const char *names[] = {"z", "a", "c", "shocks.quake", "policies.faster"};

    assert_int_equal(plan->n_unknowns, 3);
    assert_int_equal(plan->n_draws, 5);
    for (int i = 0; i < 5; i++) assert_string_equal(plan->draw_names[i], names[i]);
    assert_int_equal(plan->values[z].draw, 0);
    assert_int_equal(plan->values[a].draw, 1);
    assert_int_equal(plan->values[again].draw, 0);
    assert_int_equal(plan->values[c].draw, 2);
    fc_plan_free(plan);
}

static void test_an_empty_plan_is_a_plan(void **state)
{
    (void)state;
    fc_plan *plan = build_plan(build_start("2025-01-01", "2025-02-01", 1));

    assert_int_equal(plan->n_outcomes + plan->n_series + plan->n_draws, 0);
    assert_int_equal(plan->h100, FC_NONE);
    fc_plan_free(plan);
    fc_plan_free(NULL);
}

static void test_tables_are_complete(void **state)
{
    (void)state;
    for (int i = 0; i < FC_N_METRICS; i++) {
        const fc_metric_info *m = &fc_metrics[i];
        assert_true(m->id && m->unit && m->en && m->ko && m->iamc);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(m->id, fc_metrics[j].id);
            assert_string_not_equal(m->iamc, fc_metrics[j].iamc);
        }
    }
    assert_string_equal(fc_metrics[FC_M_it_power].id, "it_power");
    assert_string_equal(fc_causes[FC_CAUSE_staff].id, "staff");
    assert_string_equal(fc_causes[FC_CAUSE_unplanned].en, "not planned");
}

/* ---- what is refused --------------------------------------------------------------------- */

typedef struct refusal {
    const char *says; /* part of the message */
    int code;
    void (*spoil)(plan_builder *b, fc_plan *plan); /* a sound plan, made unsound */
} refusal;

/* The plan of a builder, before it is finished: build_value points into it. */
static void forward_argument(plan_builder *b, fc_plan *plan)
{
    uint32_t *args = fc_arena_array(plan->arena, 1, sizeof *args);
    args[0] = build_unknown(b, "u", FC_DIST_EXPONENTIAL, 1, 1.);
    build_value(b, args[0])->args = args;
}

static void far_argument(plan_builder *b, fc_plan *plan)
{
    uint32_t *args = fc_arena_array(plan->arena, 1, sizeof *args);
    args[0] = 1000000;
    build_value(b, build_unknown(b, "u", FC_DIST_EXPONENTIAL, 1, 1.))->args = args;
}

static void no_distribution(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_varies(b, "sites.a.wait", FC_DIST_UNIFORM, 2, 3., 2.);
}

static void parameter_missing(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_varies(b, "x", FC_DIST_UNIFORM, 1, 3.);
}

static void varying_argument(plan_builder *b, fc_plan *plan)
{
    uint32_t v = build_varies(b, "v", FC_DIST_EXPONENTIAL, 1, 3.);
    (void)plan;
    build_drawn_of(b, FC_FORM_UNKNOWN, "x", FC_DIST_EXPONENTIAL, 1, &v);
}

static void table_missing(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_varies(b, "x", FC_DIST_DISCRETE, 0);
}

static void key_missing(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_value(b, build_varies(b, "x", FC_DIST_EXPONENTIAL, 1, 3.))->key = 0;
}

static void times_back(plan_builder *b, fc_plan *plan)
{
    uint32_t points[] = {build_constant(b, 1), build_constant(b, 2)};
    (void)plan;
    build_path_of(b, FC_FORM_STEP, 0, 2, (double[]){5, 5}, points);
}

static void no_points(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_path_of(b, FC_FORM_LINEAR, 0, 0, NULL, NULL);
}

static void nested_path(plan_builder *b, fc_plan *plan)
{
    uint32_t point = build_constant(b, 1);
    point = build_path_of(b, FC_FORM_STEP, 0, 1, (double[]){5}, &point);
    (void)plan;
    build_path_of(b, FC_FORM_STEP, 0, 1, (double[]){5}, &point);
}

static void separate_uniforms(plan_builder *b, fc_plan *plan)
{
    uint32_t points[] = {build_varies(b, "x", FC_DIST_EXPONENTIAL, 1, 3.),
                         build_varies(b, "y", FC_DIST_EXPONENTIAL, 1, 3.)};
    (void)plan;
    build_path_of(b, FC_FORM_STEP, 0, 2, (double[]){5, 6}, points);
}

static void value_collision(plan_builder *b, fc_plan *plan)
{
    uint32_t x = build_varies(b, "x.x", FC_DIST_EXPONENTIAL, 1, 3.);
    uint32_t y = build_unknown(b, "y.y", FC_DIST_EXPONENTIAL, 1, 3.);
    (void)plan;
    build_value(b, y)->key = build_value(b, x)->key;
}

static void driver_collision(plan_builder *b, fc_plan *plan)
{
    uint32_t x = build_varies(b, "x.x", FC_DIST_EXPONENTIAL, 1, 3.);
    int32_t s = build_driver(b, (fc_driver){.name = "x.x"}); /* the same name is no excuse */
    plan->drivers[s].key = build_value(b, x)->key;
}

static void changed_date(plan_builder *b, fc_plan *plan)
{
    fc_param at = build_number(b, "shocks.s.at", 0);
    int32_t s = build_driver(b, (fc_driver){.name = "s", .at = at});
    int32_t t = build_driver(b, (fc_driver){.name = "t"});
    (void)plan;
    (void)s;
    build_change(b, t, at, FC_ADD, build_constant(b, 5), FC_KEEP);
}

static void no_driver(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_change(b, 3, build_number(b, "x", 0), FC_ADD, build_constant(b, 5), FC_KEEP);
}

static void change_of_nothing(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_change(b, build_driver(b, (fc_driver){.name = "s"}), 0, FC_ADD, build_constant(b, 5),
                 FC_KEEP);
}

static void outcome_condition(plan_builder *b, fc_plan *plan)
{
    static const double reviews[] = {1};
    (void)plan;
    build_driver(b, (fc_driver){.name = "s",
                                .when_metric = FC_M_failures,
                                .when_compare = 1,
                                .when_threshold = build_number(b, "t", 3),
                                .n_reviews = 1,
                                .reviews = reviews});
}

static void reviews_back(plan_builder *b, fc_plan *plan)
{
    static const double reviews[] = {5, 5, 4};
    (void)plan;
    build_driver(b, (fc_driver){.name = "s",
                                .when_metric = FC_M_gpus_in_service,
                                .when_compare = 1,
                                .when_threshold = build_number(b, "t", 3),
                                .n_reviews = 3,
                                .reviews = reviews});
}

static void copula_row(plan_builder *b, fc_plan *plan)
{
    uint32_t x[] = {build_unknown(b, "a", FC_DIST_UNIFORM, 2, 0., 1.),
                    build_unknown(b, "b", FC_DIST_UNIFORM, 2, 0., 1.)};
    (void)plan;
    build_copula(b, 2, x, (double[]){1, 0, 0.6, 0.6});
}

static void copula_of_nobody(plan_builder *b, fc_plan *plan)
{
    uint32_t x = build_unknown(b, "a", FC_DIST_UNIFORM, 2, 0., 1.);
    (void)plan;
    build_copula(b, 1, &x, (double[]){1});
    build_value(b, x)->factor = FC_NONE;
}

static void two_rows(plan_builder *b, fc_plan *plan)
{
    uint32_t x[] = {build_unknown(b, "a", FC_DIST_UNIFORM, 2, 0., 1.),
                    build_unknown(b, "a", FC_DIST_UNIFORM, 2, 0., 2.)};
    (void)plan;
    build_copula(b, 2, x, (double[]){1, 0, 0.6, 0.8});
}

static void mix_short(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_programme(b, (fc_programme){.name = "p", .mix = build_mix(b, 2, 0, 0.5, 1, 0.4)});
}

static void mix_of_nothing(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_programme(b, (fc_programme){.name = "p", .mix = build_mix(b, 1, 17, 1.)});
}

static void no_site(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_programme(
        b, (fc_programme){.name = "p", .mix = build_mix(b, 1, 0, 1.), .host = build_refs(b, 1, 0)});
}

static void no_quantity(plan_builder *b, fc_plan *plan)
{
    (void)plan;
    build_programme(
        b, (fc_programme){.name = "p", .mix = build_mix(b, 1, 0, 1.), .rule = FC_RULE_SCHEDULE});
}

static void far_parameter(plan_builder *b, fc_plan *plan)
{
    (void)b;
    plan->fleets[0].upkeep.crews = 999999;
}

static void shared_targets(plan_builder *b, fc_plan *plan)
{
    (void)b;
    plan->fleets[1].first_target = 0;
    plan->fleets[1].n_targets = 3;
}

static void homeless_target(plan_builder *b, fc_plan *plan)
{
    (void)b;
    plan->fleets[1].n_targets = 0;
}

static void no_currency(plan_builder *b, fc_plan *plan)
{
    (void)b;
    plan->fleets[0].currency = FC_NONE;
}

static void no_time(plan_builder *b, fc_plan *plan)
{
    (void)b;
    plan->horizon = 0;
}

static const refusal refusals[] = {
    {"which is not before it", FC_E_PLAN, forward_argument},
    {"uses value 1000000", FC_E_PLAN, far_argument},
    {"sites.a.wait", FC_E_DISTRIBUTION, no_distribution},
    {"1 parameters", FC_E_PLAN, parameter_missing},
    {"no number and no unknown", FC_E_PLAN, varying_argument},
    {"0 parameters", FC_E_PLAN, table_missing},
    {"without a key", FC_E_PLAN, key_missing},
    {"do not increase", FC_E_PLAN, times_back},
    {"without points", FC_E_PLAN, no_points},
    {"a path as a point", FC_E_PLAN, nested_path},
    {"different keys", FC_E_PLAN, separate_uniforms},
    {"x.x and y.y", FC_E_STREAM_KEY, value_collision},
    {"x.x and x.x", FC_E_STREAM_KEY, driver_collision},
    {"shocks.s.at", FC_E_PLAN, changed_date},
    {"no driver 3", FC_E_PLAN, no_driver},
    {"parameter 0", FC_E_PLAN, change_of_nothing},
    {"no month-end metric", FC_E_PLAN, outcome_condition},
    {"review dates", FC_E_PLAN, reviews_back},
    {"row 1 of the copula", FC_E_PLAN, copula_row},
    {"has no unknown", FC_E_PLAN, copula_of_nobody},
    {"two rows", FC_E_PLAN, two_rows},
    {"do not sum to 1", FC_E_PLAN, mix_short},
    {"no such model", FC_E_PLAN, mix_of_nothing},
    {"no such site", FC_E_PLAN, no_site},
    {"no quantity", FC_E_PLAN, no_quantity},
    {"crews", FC_E_PLAN, far_parameter},
    {"targets out of order", FC_E_PLAN, shared_targets},
    {"belongs to no fleet", FC_E_PLAN, homeless_target},
    {"no such currency", FC_E_PLAN, no_currency},
    {"empty horizon", FC_E_PLAN, no_time},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        plan_builder *b = two_fleets("2026-01-01");
        fc_diag *diag = fc_diag_create();
        fc_plan *plan;

        refusals[i].spoil(b, build_unfinished(b));
        int ret = build_plan_or_fail(b, diag, &plan);
        char *text = fc_diag_text(diag, 0, FC_LANG_EN);
        if (ret != refusals[i].code || !text || !strstr(text, refusals[i].says))
            fail_msg("\"%s\": %d, %s", refusals[i].says, ret, text ? text : "(nothing)");
        assert_int_equal(fc_diag_first(diag), ret);
        free(text);
        fc_diag_free(diag);
        fc_plan_free(plan);
    }
}

static void test_all_problems_in_one_pass(void **state)
{
    (void)state;
    plan_builder *b = two_fleets("2026-01-01");
    fc_diag *diag = fc_diag_create();
    fc_plan *plan;

    no_distribution(b, NULL);
    parameter_missing(b, NULL);
    mix_short(b, NULL);
    assert_int_equal(build_plan_or_fail(b, diag, &plan), FC_E_DISTRIBUTION);
    assert_int_equal(fc_diag_errors(diag), 3);
    fc_diag_free(diag);
    fc_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_observables),
        cmocka_unit_test(test_month_ends),
        cmocka_unit_test(test_draws_are_numbered_by_key),
        cmocka_unit_test(test_an_empty_plan_is_a_plan),
        cmocka_unit_test(test_tables_are_complete),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_all_problems_in_one_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
