/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parameters under shocks and policies: the order of changes, drivers' dates and probabilities,
 * and what is left of durations in progress.
 */
#include "params_helper.h"

#include <stdlib.h>

#include "model/metric_table.h"

/* ---- readings under changes --------------------------------------------------------------- */

static void test_changes_apply_in_date_order(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_param x = build_number(b, "x", 3);
    int32_t late =
        build_driver(b, (fc_driver){.name = "late", .at = build_date(b, "late.at", "2026-01-01")});
    int32_t early = build_driver(b, (fc_driver){.name = "early",
                                                .is_policy = true,
                                                .at = build_date(b, "early.at", "2025-07-01")});
    build_change(b, late, x, FC_ADD, build_constant(b, 1), FC_KEEP);
    build_change(b, early, x, FC_SCALE, build_constant(b, 10), FC_KEEP);
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);
    double first = fc_epoch_time(plan->epoch, (fc_date){2025, 7, 1});
    double second = fc_epoch_time(plan->epoch, (fc_date){2026, 1, 1});

    begin(params, 0, NULL);
    assert_exact(fc_param_at(params, x, first - 1), 3);
    assert_exact(fc_param_at(params, x, first), 30);
    assert_exact(fc_param_at(params, x, second - 1), 30);
    assert_exact(fc_param_at(params, x, second), 31);
    assert_exact(fc_driver_from(params, 0), second);
    assert_exact(fc_driver_from(params, 1), first);
    assert_exact(fc_driver_until(params, 0), INFINITY);
    done(plan, params);
}

/* x: set to 5, then scaled by 2. y: (2 + 1) x 4 + 1.5. */
static void test_ties_shocks_then_policies_then_plan_order(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_param x = build_number(b, "x", 1), y = build_number(b, "y", 2);
    fc_param at = build_date(b, "at", "2026-01-01");
    int32_t policy = build_driver(b, (fc_driver){.name = "p", .is_policy = true, .at = at});
    int32_t shock = build_driver(b, (fc_driver){.name = "s", .at = at});
    int32_t other = build_driver(b, (fc_driver){.name = "t", .at = at});
    build_change(b, policy, x, FC_SCALE, build_constant(b, 2), FC_KEEP);
    build_change(b, shock, x, FC_SET, build_constant(b, 5), FC_KEEP);
    build_change(b, policy, y, FC_ADD, build_constant(b, 1.5), FC_KEEP);
    build_change(b, other, y, FC_SCALE, build_constant(b, 4), FC_KEEP);
    build_change(b, shock, y, FC_ADD, build_constant(b, 1), FC_KEEP);
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);
    double t = fc_epoch_time(plan->epoch, (fc_date){2026, 1, 1});

    begin(params, 0, NULL);
    assert_exact(fc_param_at(params, x, t), 10);
    assert_exact(fc_param_at(params, y, t), 13.5);
    assert_string_equal(plan->draw_names[0], "policies.p");
    assert_string_equal(plan->draw_names[1], "shocks.s");
    done(plan, params);
}

/* In force on [from, until); without a date from the start; never if it ends before it begins. */
static void test_until_is_exclusive(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_param x = build_number(b, "x", 3), later = build_number(b, "later", NAN);
    int32_t s = build_driver(b, (fc_driver){.name = "s",
                                            .at = build_date(b, "at", "2026-01-01"),
                                            .until = build_date(b, "until", "2026-02-01")});
    int32_t always = build_driver(b, (fc_driver){.name = "from-the-start"});
    int32_t never = build_driver(b, (fc_driver){.name = "never",
                                                .at = build_date(b, "n.at", "2026-01-01"),
                                                .until = build_date(b, "n.until", "2025-06-01")});
    build_change(b, s, x, FC_SET, build_constant(b, 8), FC_KEEP);
    build_change(b, s, later, FC_SET, build_constant(b, 1), FC_KEEP);
    build_change(b, always, x, FC_ADD, build_constant(b, 100), FC_KEEP);
    build_change(b, never, x, FC_SCALE, build_constant(b, 7), FC_KEEP);
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);
    double from = fc_epoch_time(plan->epoch, (fc_date){2026, 1, 1});
    double until = fc_epoch_time(plan->epoch, (fc_date){2026, 2, 1});

    begin(params, 0, NULL);
    assert_exact(fc_param_at(params, x, 0), 103);
    assert_exact(fc_param_at(params, x, from - 1), 103);
    assert_exact(fc_param_at(params, x, from), 8);
    assert_exact(fc_param_at(params, x, until - 1), 8);
    assert_exact(fc_param_at(params, x, until), 103);
    assert_true(isnan(fc_param_at(params, later, from - 1)));
    assert_exact(fc_param_at(params, later, from), 1);
    assert_exact(fc_param_or(params, later, until, 6), 6);
    assert_exact(fc_driver_until(params, 0), until);
    assert_exact(fc_driver_from(params, 1), 0);
    done(plan, params);
}

static void test_operands_keep_the_parameters_uniforms(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_param x = build_param(b, "x", build_varies(b, "x", FC_DIST_UNIFORM, 2, 0., 10.));
    fc_param y = build_param(b, "y", build_unknown(b, "y", FC_DIST_UNIFORM, 2, 0., 10.));
    int32_t s = build_driver(b, (fc_driver){.name = "s", .at = build_number(b, "at", DAY)});
    int32_t t = build_driver(b, (fc_driver){.name = "t", .at = build_number(b, "t.at", 2 * DAY)});
    build_change(b, s, x, FC_SET, build_varies(b, "x", FC_DIST_UNIFORM, 2, 0., 1000.), FC_KEEP);
    build_change(b, s, y, FC_SET, build_unknown(b, "y", FC_DIST_UNIFORM, 2, 0., 1000.), FC_KEEP);
    build_change(b, t, x, FC_SCALE, build_unknown(b, "factor", FC_DIST_UNIFORM, 2, 1., 3.),
                 FC_KEEP);
    build_change(b, t, y, FC_ADD, build_varies(b, "extra", FC_DIST_UNIFORM, 2, 0., 4.), FC_KEEP);
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);

    assert_int_equal(plan->n_unknowns, 2); /* y, whatever it is set to, and the factor */
    begin(params, 0, (const double[]){0.25, 0.5});
    double u = uniform_by_hand(plan, "x", 0, 4, 0), v = uniform_by_hand(plan, "extra", 0, 4, 0);
    assert_close(fc_param_draw(params, x, 0, 4), 10 * u);
    assert_close(fc_param_draw(params, x, DAY, 4), 1000 * u);
    assert_close(fc_param_draw(params, x, 2 * DAY, 4), 2000 * u);
    assert_close(fc_param_at(params, x, 2 * DAY), 1000);
    assert_exact(fc_param_at(params, y, 0), 2.5);
    assert_exact(fc_param_at(params, y, DAY), 250);
    assert_exact(fc_param_at(params, y, 2 * DAY), 252);
    assert_close(fc_param_draw(params, y, 2 * DAY, 4), 250 + 4 * v);

    double draws[4];
    fc_params_draws(params, draws);
    assert_exact(draws[0], 2.5);
    assert_exact(draws[1], 2);
    assert_exact(draws[2], DAY);
    done(plan, params);
}

/* ---- drivers ------------------------------------------------------------------------------ */

static void test_probability_and_unknown_date(void **state)
{
    (void)state;
    enum { N = 2000 };
    plan_builder *b = start();
    fc_param x = build_number(b, "x", 1);
    fc_param when =
        build_param(b, "when", build_unknown(b, "when", FC_DIST_UNIFORM, 2, DAY, 11 * DAY));
    int32_t s = build_driver(
        b, (fc_driver){.name = "s", .at = when, .probability = build_number(b, "p", 0.3)});
    int32_t sure =
        build_driver(b, (fc_driver){.name = "sure", .probability = build_number(b, "1", 1)});
    int32_t not =
        build_driver(b, (fc_driver){.name = "not", .probability = build_number(b, "0", 0)});
    build_change(b, s, x, FC_SET, build_constant(b, 5), FC_KEEP);
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);
    double draws[4], date = 0;
    int happened = 0;

    for (uint32_t r = 0; r < N; r++) {
        begin(params, r, NULL);
        fc_params_draws(params, draws);
        bool happens = isfinite(draws[1]);
        assert_exact(fc_param_at(params, x, 11 * DAY), happens ? 5 : 1);
        if (happens) {
            assert_exact(draws[1], draws[0]);
            assert_exact(fc_param_at(params, x, draws[1]), 5);
            assert_exact(fc_param_at(params, x, draws[1] - 1), 1);
            date += draws[1];
            happened++;
        } else {
            assert_exact(fc_driver_from(params, (uint32_t)s), INFINITY);
        }
        assert_exact(fc_driver_from(params, (uint32_t)sure), 0);
        assert_exact(fc_driver_from(params, (uint32_t) not ), INFINITY);
    }
    assert_true(abs(happened - 3 * N / 10) < 5 * sqrt(0.3 * 0.7 * N));
    /* Uniform on 1 to 11 days: mean 6, sd 10 / sqrt(12). */
    assert_true(fabs(date / happened - 6 * DAY) < 5 * 10 * DAY / sqrt(12.0 * happened));
    done(plan, params);
}

static void test_state_dependent_drivers_wait_to_be_activated(void **state)
{
    (void)state;
    plan_builder *b = start();
    build_fleet(b,
                (fc_fleet){.name = "f",
                           .currency = build_currency(b, "KRW", 0, build_number(b, "rate", 1400))});
    fc_param x = build_number(b, "x", 2);
    fc_driver when = {.name = "w",
                      .when_metric = FC_M_gpus_in_service,
                      .when_compare = 1,
                      .when_threshold = build_number(b, "threshold", 100),
                      .n_reviews = 1,
                      .reviews = (const double[]){5 * DAY}};
    int32_t w = build_driver(b, when);
    when.name = "never";
    when.probability = build_number(b, "p", 0);
    int32_t never = build_driver(b, when);
    int32_t dated = build_driver(b, (fc_driver){.name = "d", .at = build_number(b, "at", 3 * DAY)});
    build_change(b, w, x, FC_ADD, build_constant(b, 1), FC_KEEP);
    build_change(b, never, x, FC_ADD, build_constant(b, 1000), FC_KEEP);
    build_change(b, dated, x, FC_SCALE, build_constant(b, 10), FC_KEEP);
    int32_t last =
        build_driver(b, (fc_driver){.name = "l", .at = build_number(b, "l.at", 8 * DAY)});
    build_change(b, last, x, FC_SCALE, build_constant(b, 2), FC_KEEP);
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);
    double draws[4];

    for (uint32_t r = 0; r < 2; r++) { /* what was activated is not in the next replication */
        begin(params, r, NULL);
        assert_exact(fc_param_at(params, x, 5 * DAY), 20);
        fc_driver_activate(params, (uint32_t)w, 5 * DAY);
        fc_driver_activate(params, (uint32_t)w, 6 * DAY); /* it is in force */
        fc_driver_activate(params, (uint32_t)never, 5 * DAY);
        assert_exact(fc_param_at(params, x, 5 * DAY - 1), 20);
        assert_exact(fc_param_at(params, x, 5 * DAY), 21);
        assert_exact(fc_param_at(params, x, 8 * DAY), 42);
        fc_params_draws(params, draws);
        assert_exact(draws[0], 5 * DAY);
        assert_true(isnan(draws[1]));
        assert_exact(draws[2], 3 * DAY);
    }
    done(plan, params);
}

/* ---- what is in progress ------------------------------------------------------------------ */

/* Began on day 1 for 10 + 10 u days; struck on day 5, when the duration becomes 20 + 40 u. */
static void test_keep_and_rescale_by_hand(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_param x = build_param(b, "x", build_varies(b, "x", FC_DIST_UNIFORM, 2, 10 * DAY, 20 * DAY));
    int32_t s = build_driver(b, (fc_driver){.name = "s", .at = build_number(b, "at", 5 * DAY)});
    build_change(b, s, x, FC_SET, build_varies(b, "x", FC_DIST_UNIFORM, 2, 20 * DAY, 60 * DAY),
                 FC_RESCALE);
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);

    begin(params, 0, NULL);
    double u = uniform_by_hand(plan, "x", 0, 6, 0);
    double began = DAY, now = 5 * DAY, ends = began + fc_param_draw(params, x, began, 6);
    assert_close(ends, (11 + 10 * u) * DAY);
    assert_exact(fc_param_remaining(params, x, began, ends, now, 6, FC_KEEP), ends - now);
    double left = (1 - 4 / (10 + 10 * u)) * (20 + 40 * u) * DAY;
    assert_close(fc_param_remaining(params, x, began, ends, now, 6, FC_RESCALE), left);
    assert_exact(fc_param_remaining(params, x, began, now, now, 6, FC_RESCALE), 0);
    assert_exact(fc_param_remaining(params, x, now, now, now, 6, FC_RESCALE), 0);
    done(plan, params);
}

/* e: exponential of mean 10 days, 30 between days 5 and 8, and 2 days more from day 7 on: each
 * strike draws anew. l: on day 5 uniform on 0 to 20 days. c: 12 days, 24 between days 5 and 8. */
static void test_redraw_by_hand(void **state)
{
    (void)state;
    plan_builder *b = start();
    fc_param e = build_param(b, "e", build_varies(b, "e", FC_DIST_EXPONENTIAL, 1, 10 * DAY));
    uint32_t ends_of[] = {build_varies(b, "l", FC_DIST_UNIFORM, 2, 0., 10 * DAY),
                          build_varies(b, "l", FC_DIST_UNIFORM, 2, 0., 30 * DAY)};
    fc_param l = build_param(
        b, "l", build_path_of(b, FC_FORM_LINEAR, 0, 2, (const double[]){0, 10 * DAY}, ends_of));
    fc_param c = build_number(b, "c", 12 * DAY);
    int32_t s = build_driver(b, (fc_driver){.name = "s",
                                            .at = build_number(b, "at", 5 * DAY),
                                            .until = build_number(b, "until", 8 * DAY)});
    int32_t t = build_driver(b, (fc_driver){.name = "t", .at = build_number(b, "t.at", 7 * DAY)});
    build_change(b, s, e, FC_SCALE, build_constant(b, 3), FC_REDRAW);
    build_change(b, t, e, FC_ADD, build_constant(b, 2 * DAY), FC_REDRAW);
    build_change(b, s, c, FC_SCALE, build_constant(b, 2), FC_REDRAW);
    fc_plan *plan = build_plan(b);
    fc_params *params = params_of(plan);

    begin(params, 0, NULL);
    double first = uniform_by_hand(plan, "e", 0, 9, 1);
    double second = uniform_by_hand(plan, "e", 0, 9, 2);
    double third = uniform_by_hand(plan, "e", 0, 9, 3);
    /* An exponential duration does not remember; the 2 days more are over after 2 days. */
    assert_close(fc_param_remaining(params, e, DAY, 99 * DAY, 5 * DAY, 9, FC_REDRAW),
                 -30 * DAY * log1p(-first));
    assert_close(fc_param_remaining(params, e, DAY, 99 * DAY, 7 * DAY, 9, FC_REDRAW),
                 -30 * DAY * log1p(-second));
    assert_close(fc_param_remaining(params, e, 6 * DAY, 99 * DAY, 7 * DAY, 9, FC_REDRAW),
                 DAY - 30 * DAY * log1p(-second));
    assert_close(fc_param_remaining(params, e, DAY, 99 * DAY, 8 * DAY, 9, FC_REDRAW),
                 -10 * DAY * log1p(-third));

    /* 4 of up to 20 days are over; never struck, so its own uniform. Longer than possible: over. */
    double v = uniform_by_hand(plan, "l", 0, 9, 0);
    assert_close(fc_param_remaining(params, l, DAY, 99 * DAY, 5 * DAY, 9, FC_REDRAW), 16 * DAY * v);
    assert_exact(fc_param_remaining(params, l, -30 * DAY, 99 * DAY, 5 * DAY, 9, FC_REDRAW), 0);
    /* A known duration: what is left of it. */
    assert_close(fc_param_remaining(params, c, DAY, 13 * DAY, 5 * DAY, 9, FC_REDRAW), 20 * DAY);
    assert_close(fc_param_remaining(params, c, DAY, 13 * DAY, 8 * DAY, 9, FC_REDRAW), 5 * DAY);
    assert_exact(fc_param_remaining(params, c, -30 * DAY, 99 * DAY, 5 * DAY, 9, FC_REDRAW), 0);
    done(plan, params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes_apply_in_date_order),
        cmocka_unit_test(test_ties_shocks_then_policies_then_plan_order),
        cmocka_unit_test(test_until_is_exclusive),
        cmocka_unit_test(test_operands_keep_the_parameters_uniforms),
        cmocka_unit_test(test_probability_and_unknown_date),
        cmocka_unit_test(test_state_dependent_drivers_wait_to_be_activated),
        cmocka_unit_test(test_keep_and_rescale_by_hand),
        cmocka_unit_test(test_redraw_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
