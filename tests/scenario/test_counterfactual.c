/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counterfactuals as scenarios: what they are called, what they change and what they leave. */
#include "scenario/counterfactual.h"

#include <string.h>
#include "scenario_helper.h"

#define POLICIES                                                                                   \
    "policies:\n"                                                                                  \
    "  dated: {at: 2026-01-01, scale: {fleets.korea.budgets.main.lines.gpu: 0.9}}\n"               \
    "  static:\n"                                                                                  \
    "    title: {en: More money, ko: 예산 증액}\n"                                             \
    "    set: {fleets.korea.budgets.main.amount: 2 tn KRW}\n"                                      \
    "  plain: {title: Less, set: {fleets.korea.budgets.main.amount: 1 tn KRW}}\n"                  \
    "  third: {set: {fleets.korea.targets.end-2030.gpus: 20000}}\n"

static void test_without(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE), *grid = NULL, *again = NULL, *supply = NULL;
    assert_int_equal(fc_scenario_without(s, FC_CAUSE_grid, &grid), FC_OK);
    assert_int_equal(fc_scenario_without(s, FC_CAUSE_grid, &again), FC_OK);
    assert_int_equal(fc_scenario_without(s, FC_CAUSE_supply, &supply), FC_OK);
    assert_true(s->plan->without == 0 && grid->plan->without == UINT64_C(1) << FC_CAUSE_grid);
    assert_string_equal(grid->hash, again->hash);
    assert_string_not_equal(grid->hash, s->hash);
    assert_string_not_equal(grid->hash, supply->hash);
    assert_int_equal(strlen(grid->hash), 64);
    assert_string_equal(strrchr(grid->name, ' '), " grid");
    assert_true(grid->plan->n_series == 0 && grid->plan->n_draws == 0);
    assert_true(grid->plan->n_outcomes == s->plan->n_outcomes && s->plan->n_series > 0);

    const fc_input *own, *inputs;
    size_t n, n_own;
    assert_int_equal(fc_scenario_inputs(s, &own, &n_own), FC_OK);
    assert_int_equal(fc_scenario_inputs(grid, &inputs, &n), FC_OK);
    assert_int_equal(n, n_own + 2);
    assert_string_equal(inputs[n - 2].path, "counterfactual.of");
    assert_string_equal(inputs[n - 2].value, s->hash);
    assert_string_equal(inputs[n - 1].value, "without grid");
    fc_scenario_free(supply);
    fc_scenario_free(again);
    fc_scenario_free(grid);
    fc_scenario_free(s);
}

/* 1,400 won to the dollar: 100 more. Not where all prices are in won, or the fleet's money is in
 * dollars. */
static void test_weaker(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE), *weaker = NULL;
    fc_scenario *won = load(BASE "        price: 86 m KRW\n");
    fc_scenario *dollars =
        load_with(BASE, NULL,
                  NAMES("fleets.korea.currency=USD", "fleets.korea.budgets.main.amount=1 bn USD"));
    assert_int_equal(fc_scenario_weaker(s, &weaker), FC_OK);
    assert_non_null(weaker);
    assert_non_null(strstr(weaker->name, " KRW +100"));
    double added = 0;
    for (uint32_t i = 0; i < s->plan->n_currencies; i++) {
        added += weaker->plan->currencies[i].weaker;
        assert_true(s->plan->currencies[i].weaker == 0);
    }
    assert_true(added == 100);
    fc_scenario_free(weaker);
    assert_int_equal(fc_scenario_weaker(won, &weaker), FC_OK);
    assert_null(weaker);
    assert_int_equal(fc_scenario_weaker(dollars, &weaker), FC_OK);
    assert_null(weaker);
    fc_scenario_free(dollars);
    fc_scenario_free(won);
    fc_scenario_free(s);
}

static void test_options(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE POLICIES), *more = NULL;
    fc_scenario *in_force = load_with(BASE POLICIES, NAMES("dated", "static"), NULL);
    const char *const *names;
    size_t n;
    assert_int_equal(fc_scenario_options_left(s, &names, &n), FC_OK);
    assert_int_equal(n, 4);
    assert_string_equal(names[0], "dated");
    assert_string_equal(names[3], "third");
    assert_int_equal(fc_scenario_options_left(in_force, &names, &n), FC_OK);
    assert_int_equal(n, 2);
    assert_string_equal(names[0], "plain");

    more = load_with(BASE POLICIES, NAMES("static"), NULL);
    assert_int_equal(fc_scenario_as_option(s, "static", more), FC_OK);
    assert_non_null(strstr(more->name, " with static"));
    assert_non_null(strstr(more->root.title[0], ": More money"));
    assert_non_null(strstr(more->root.title[1], ": 예산 증액"));
    assert_string_equal(more->of, s->hash);
    fc_scenario_free(more);
    more = load_with(BASE POLICIES, NAMES("plain"), NULL);
    assert_int_equal(fc_scenario_as_option(s, "plain", more), FC_OK);
    assert_non_null(strstr(more->root.title[1], ": Less"));
    fc_scenario_free(more);
    fc_scenario_free(in_force);
    fc_scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without),
        cmocka_unit_test(test_weaker),
        cmocka_unit_test(test_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
