/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Right scenarios: what the plan says of values, distributions, calendar paths, references. */
#include "scenario_helper.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "kernel/stream.h"

static double day(int year, int month, int day_of_month)
{
    return (double)(fc_date_days((fc_date){year, month, day_of_month}) -
                    fc_date_days((fc_date){2025, 1, 1})) *
           DAY;
}

/* ---- values --------------------------------------------------------------------------------- */

static void test_units_and_dates(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE "        install: 1 month\n"
                               "        service_life: 5 years\n"
                               "    upkeep: {failure_rate: 0.1 /year, crews: 4}\n");
    const fc_plan *plan = s->plan;
    assert_true(plan->horizon == day(2031, 1, 1));
    assert_number(value_at(s, "fleets.korea.budgets.main.amount"), 1.46e12);
    assert_number(value_at(s, "fleets.korea.budgets.main.lines.gpu"), 0.59);
    assert_number(value_at(s, "fleets.korea.budgets.main.enacted"), day(2025, 5, 1));
    assert_number(value_at(s, "fleets.korea.stock.old.since"), day(2024, 1, 1));
    assert_true(day(2024, 1, 1) == -366 * DAY);
    assert_number(value_at(s, "fleets.korea.stock.old.count"), 2000);
    assert_number(value_at(s, "world.accelerators.h100.server_power"), 10200);
    assert_number(value_at(s, "world.accelerators.h100.bf16_dense"), 989e12);
    assert_number(value_at(s, "world.accelerators.h100.price"), 30000);
    assert_number(value_at(s, "world.currencies.KRW.per_usd"), 1400);
    assert_number(value_at(s, "fleets.korea.sites.halls.phases.first.power"), 40e6);
    assert_number(value_at(s, "fleets.korea.programmes.state.install"), MONTH);
    assert_number(value_at(s, "fleets.korea.programmes.state.service_life"), 5 * 365.25 * DAY);
    assert_number(value_at(s, "fleets.korea.upkeep.crews"), 4);
    assert_number(value_at(s, "fleets.korea.upkeep.failure_rate"), 0.1 / (365.25 * DAY));
    fc_scenario_free(s);
}

static void test_defaults(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE);
    const fc_programme *p = &s->plan->programmes[0];
    assert_number(value_at(s, "fleets.korea.programmes.state.install"), 0);
    assert_number(value_at(s, "world.accelerators.h100.lead_time"), 0);
    assert_number(value_at(s, "fleets.korea.sites.halls.phases.first.connect"), 0);
    /* of a section that was left out as well, under its own path */
    assert_number(value_at(s, "fleets.korea.upkeep.repair_time"), 0);
    assert_int_equal(s->plan->fleets[0].upkeep.repair_time,
                     param_at(s, "fleets.korea.upkeep.repair_time"));
    assert_int_equal(p->rule, FC_RULE_SPEND);
    assert_true(!p->quantity && !p->at_most && !p->start && !p->price && !p->service_life);
    assert_int_equal(s->plan->stocks[0].site, FC_NONE);
    assert_int_equal(s->root.replications, 1000);
    assert_int_equal(s->root.seed, 1);
    fc_scenario_free(s);
}

/* A target's period, and an announcement's, means its end; any other date the first day. */
static void test_periods(void **state)
{
    static const struct {
        const char *by;
        int year, month, day;
    } rows[] = {{"2026-06", 2026, 6, 30},     {"2026-H1", 2026, 6, 30},
                {"2028-02", 2028, 2, 29},     {"2026-Q3", 2026, 9, 30},
                {"2026-07-01", 2026, 7, 1},   {"2026년 상반기", 2026, 6, 30},
                {"2026년 12월", 2026, 12, 31}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char set[2][128];
        snprintf(set[0], sizeof set[0], "fleets.korea.targets.end-2030.by=%s", rows[i].by);
        snprintf(set[1], sizeof set[1], "fleets.korea.programmes.state.announced={%s: 18000}",
                 rows[i].by);
        fc_scenario *s = load_with(BASE, NULL, NAMES(set[0], set[1]));
        double last = day(rows[i].year, rows[i].month, rows[i].day);
        assert_number(value_at(s, "fleets.korea.targets.end-2030.by"), last);
        assert_true(value_at(s, "fleets.korea.programmes.state.announced")->times[0] == last);
        fc_scenario_free(s);
    }
    fc_scenario *s = load_with(BASE, NULL, NAMES("fleets.korea.budgets.main.enacted=2026-06"));
    assert_number(value_at(s, "fleets.korea.budgets.main.enacted"), day(2026, 6, 1));
    fc_scenario_free(s);
}

static void test_currencies(void **state)
{
    (void)state;
    fc_scenario *s =
        load_with(BASE, NULL,
                  NAMES("fleets.korea.programmes.state.price={value: 5만 원, source: none}",
                        "world.currencies.EUR={per_usd: 0.9 EUR/USD}",
                        "world.accelerators.h100.price=1 EUR"));
    const fc_plan *plan = s->plan;
    assert_int_equal(plan->n_currencies, 3);
    assert_string_equal(plan->currencies[0].code, "USD");
    assert_string_equal(plan->currencies[1].code, "KRW");
    assert_int_equal(plan->currencies[0].minor_digits, 2);
    assert_int_equal(plan->currencies[1].minor_digits, 0);
    assert_number(&plan->values[plan->params[plan->currencies[0].per_usd].value], 1);
    assert_int_equal(plan->budgets[0].currency, 1);
    assert_int_equal(plan->programmes[0].price_currency, 1);
    assert_number(value_at(s, "fleets.korea.programmes.state.price"), 50000);
    assert_int_equal(plan->accelerators[0].price_currency, 2);
    assert_int_equal(plan->accelerators[1].price_currency, 0);
    assert_int_equal(plan->fleets[0].currency, 1);
    fc_scenario_free(s);
}

/* ---- distributions -------------------------------------------------------------------------- */

static void test_every_form(void **state)
{
    static const struct {
        const char *text;
        fc_distribution_kind kind;
        uint32_t n;
        double args[4];
    } rows[] = {
        {"{low: 1 month, likely: 2 months, high: 4 months}", FC_DIST_PERT, 3, {1, 2, 4}},
        {"{low: 1 month, high: 2 months}", FC_DIST_UNIFORM, 2, {1, 2}},
        {"{usual: 1 month, bad_1_in_20: 2 months}", FC_DIST_USUAL_BAD, 2, {1, 2}},
        {"{distribution: constant, value: 3 months}", FC_DIST_CONSTANT, 1, {3}},
        {"{distribution: uniform, low: 1 month, high: 3 months}", FC_DIST_UNIFORM, 2, {1, 3}},
        {"{distribution: triangular, low: 1 month, likely: 2 months, high: 4 months}",
         FC_DIST_TRIANGULAR,
         3,
         {1, 2, 4}},
        {"{distribution: pert, low: 1 month, likely: 2 months, high: 4 months}",
         FC_DIST_PERT,
         3,
         {1, 2, 4}},
        {"{distribution: normal, mean: 3 months, sd: 1 month, low: 1 month, high: 9 months}",
         FC_DIST_NORMAL,
         4,
         {3, 1, 1, 9}},
        {"{distribution: normal, mean: 3 months, sd: 1 month}",
         FC_DIST_NORMAL,
         4,
         {3, 1, 0, INFINITY}},
        {"{distribution: lognormal, median: 3 months, sigma: 0.5}",
         FC_DIST_LOGNORMAL,
         2,
         {3, 0.5 / MONTH}},
        {"{distribution: gamma, shape: 2, scale: 1 month}", FC_DIST_GAMMA, 2, {2 / MONTH, 1}},
        {"{distribution: weibull, shape: 2, scale: 1 month}", FC_DIST_WEIBULL, 2, {2 / MONTH, 1}},
        {"{distribution: beta, a: 2, b: 3, low: 1 month, high: 2 months}",
         FC_DIST_BETA,
         4,
         {2 / MONTH, 3 / MONTH, 1, 2}},
        {"{distribution: exponential, mean: 2 months}", FC_DIST_EXPONENTIAL, 1, {2}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char set[256];
        snprintf(set, sizeof set, "fleets.korea.programmes.state.install={varies: %s}",
                 rows[i].text);
        fc_scenario *s = load_with(BASE, NULL, NAMES(set));
        const fc_value *value = value_at(s, "fleets.korea.programmes.state.install");
        assert_int_equal(value->form, FC_FORM_VARIES);
        assert_int_equal(value->kind, rows[i].kind);
        assert_int_equal(value->n_args, rows[i].n);
        for (uint32_t k = 0; k < rows[i].n; k++)
            if (fabs(arg(s, value, k)->number - rows[i].args[k] * MONTH) > 1e-9)
                fail_msg("%s: argument %u is %g", rows[i].text, k, arg(s, value, k)->number);
        fc_scenario_free(s);
    }
}

static void test_tables(void **state)
{
    (void)state;
    fc_scenario *s =
        load_with(BASE, NULL,
                  NAMES("fleets.korea.budgets.main.enacted="
                        "{unknown: {one_of: {2026-01-01: 75 %, 2025-05-01: 25 %}}}",
                        "fleets.korea.programmes.state.install={varies: {sample: [3 days, 1 day]}}",
                        "fleets.korea.budgets.main.lines.gpu={unknown: {passed: 3, of: 4}}"));
    const fc_distribution *d = value_at(s, "fleets.korea.budgets.main.enacted")->table;
    assert_non_null(d);
    assert_true(fc_distribution_quantile(d, 0.2) == day(2025, 5, 1));
    assert_true(fc_distribution_quantile(d, 0.3) == day(2026, 1, 1));
    d = value_at(s, "fleets.korea.programmes.state.install")->table;
    assert_non_null(d);
    assert_true(fc_distribution_min(d) == DAY && fc_distribution_max(d) == 3 * DAY);
    const fc_value *share = value_at(s, "fleets.korea.budgets.main.lines.gpu");
    assert_int_equal(share->kind, FC_DIST_PASSED_OF);
    assert_number(arg(s, share, 0), 3);
    assert_number(arg(s, share, 1), 4);
    fc_scenario_free(s);
}

/* Dates spread by a duration. */
static void test_normal_date(void **state)
{
    (void)state;
    fc_scenario *s = load_with(BASE, NULL,
                               NAMES("fleets.korea.budgets.main.enacted={unknown: {distribution: "
                                     "normal, mean: 2025-05-01, sd: 10 days}}"));
    const fc_value *value = value_at(s, "fleets.korea.budgets.main.enacted");
    assert_number(arg(s, value, 0), day(2025, 5, 1));
    assert_number(arg(s, value, 1), 10 * DAY);
    fc_scenario_free(s);
}

static void test_unknown_parameters(void **state)
{
    (void)state;
    fc_scenario *s =
        load_with(BASE, NULL,
                  NAMES("fleets.korea.programmes.state.install={varies: {usual: {unknown: {low: 1 "
                        "month, high: 2 months}}, bad_1_in_20: 6 months}}"));
    const fc_value *value = value_at(s, "fleets.korea.programmes.state.install");
    const fc_value *usual = arg(s, value, 0);
    assert_int_equal(value->form, FC_FORM_VARIES);
    assert_int_equal(usual->form, FC_FORM_UNKNOWN);
    assert_string_equal(usual->path, "fleets.korea.programmes.state.install.usual");
    assert_true(usual->key == fc_stream_key(1, usual->path, "value"));
    assert_true(value->key == fc_stream_key(1, value->path, "value"));
    assert_number(arg(s, value, 1), 6 * MONTH);
    fc_scenario_free(s);
}

/* ---- calendar paths ------------------------------------------------------------------------- */

static void test_steps(void **state)
{
    (void)state;
    fc_scenario *s = load_with(
        BASE, NULL,
        NAMES("world.accelerators.h100.price={2027-01-01: 20000 USD, 2026-01-01: 25000 USD, "
              "source: list}",
              "fleets.korea.programmes.state.order={rule: schedule, quantity: {2026-01-01: 500, "
              "2027-01-01: 900}}"));
    const fc_value *price = value_at(s, "world.accelerators.h100.price");
    assert_int_equal(price->form, FC_FORM_STEP);
    assert_int_equal(price->n_args, 2);
    assert_true(price->times[0] < day(1900, 1, 1)); /* the first price holds before its date */
    assert_true(price->times[1] == day(2027, 1, 1));
    assert_number(arg(s, price, 0), 25000);
    assert_number(arg(s, price, 1), 20000);
    const fc_value *quantity = value_at(s, "fleets.korea.programmes.state.order.quantity");
    assert_true(quantity->times[0] == day(2026, 1, 1)); /* a cumulative count is 0 before it */
    assert_true(quantity->number == 0);
    assert_int_equal(s->plan->programmes[0].rule, FC_RULE_SCHEDULE);
    fc_scenario_free(s);
}

/* Limits are no counts that grow: what a call gives out at most is so before the first date, too.
 */
static void test_limits(void **state)
{
    (void)state;
    fc_scenario *s = load_with(
        BASE, NULL,
        NAMES("fleets.korea.demand={calls: {open: {closes: 2025-03-01, every: 3 months, term: 1 "
              "months, cap: {2026-01-01: 40, 2027-01-01: 80}, quota: {2026-01-01: 100}}}, "
              "classes: {a: {access: open, arrivals: 5/month, gpus: 8}}}"));
    const fc_value *cap = value_at(s, "fleets.korea.demand.calls.open.cap");
    assert_true(cap->times[0] < day(1900, 1, 1));
    assert_number(arg(s, cap, 0), 40);
    assert_true(value_at(s, "fleets.korea.demand.calls.open.quota")->times[0] < day(1900, 1, 1));
    fc_scenario_free(s);
}

static void test_linear(void **state)
{
    (void)state;
    fc_scenario *s = load_with(BASE, NULL,
                               NAMES("world.accelerators.h100.price={linear: {2026-01-01: 25000 "
                                     "USD, 2027-01-01: 20000 USD}}"));
    const fc_value *price = value_at(s, "world.accelerators.h100.price");
    assert_int_equal(price->form, FC_FORM_LINEAR);
    assert_int_equal(price->n_args, 3);
    assert_int_equal(price->args[0], price->args[1]); /* flat before the first date */
    assert_true(price->times[1] == day(2026, 1, 1) && price->times[2] == day(2027, 1, 1));
    fc_scenario_free(s);
}

/* An occurrence keeps its uniform whatever the date; what nobody knows is drawn date by date. */
static void test_points_that_are_drawn(void **state)
{
    (void)state;
    fc_scenario *s = load_with(
        BASE, NULL,
        NAMES("world.accelerators.h100.lead_time={2025-01-01: {varies: {low: 1 month, high: 2 "
              "months}}, 2026-01-01: {varies: {low: 2 months, high: 3 months}}}",
              "world.accelerators.h100.price={2025-01-01: {unknown: {low: 1 USD, high: 2 USD}}, "
              "2026-01-01: {unknown: {low: 2 USD, high: 3 USD}}}"));
    const fc_value *lead = value_at(s, "world.accelerators.h100.lead_time");
    assert_true(arg(s, lead, 0)->key == arg(s, lead, 1)->key);
    assert_string_equal(arg(s, lead, 1)->path, "world.accelerators.h100.lead_time");
    const fc_value *price = value_at(s, "world.accelerators.h100.price");
    assert_true(arg(s, price, 0)->key != arg(s, price, 1)->key);
    assert_string_equal(arg(s, price, 1)->path, "world.accelerators.h100.price.2026-01-01");
    fc_scenario_free(s);
}

/* ---- shared and correlated ------------------------------------------------------------------ */

static void test_same_as(void **state)
{
    (void)state;
    fc_scenario *s =
        load_with(BASE, NULL,
                  NAMES("fleets.korea.programmes.state.price={unknown: {low: 50 m KRW, high: 60 m "
                        "KRW}}",
                        "fleets.korea.programmes.next={pays_from: main, mix: {h100: 100 %}, price: "
                        "{same_as: fleets.korea.programmes.state.price, note: one contract}}"));
    assert_ptr_equal(value_at(s, "fleets.korea.programmes.next.price"),
                     value_at(s, "fleets.korea.programmes.state.price"));
    assert_int_equal(s->plan->programmes[1].price_currency, 1);
    fc_scenario_free(s);
}

static void test_correlation(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE "correlate:\n"
                               "  - between: [world.accelerators.b200.price, "
                               "fleets.korea.sites.halls.phases.first.build]\n"
                               "    correlation: 0.6\n"
                               "    source: a study\n");
    assert_int_equal(s->plan->n_factors, 2);
    assert_int_equal(value_at(s, "world.accelerators.b200.price")->factor, 0);
    assert_int_equal(value_at(s, "fleets.korea.sites.halls.phases.first.build")->factor, 1);
    const double *l = s->plan->cholesky;
    assert_true(l[0] == 1 && l[1] == 0 && l[2] == 0.6 && fabs(l[3] - 0.8) < 1e-15);
    fc_scenario_free(s);
}

/* ---- names and references ------------------------------------------------------------------- */

static void test_references(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE "  japan:\n"
                               "    title: {en: Japan, ko: 일본}\n"
                               "    budgets:\n"
                               "      main: {amount: 1 bn USD, enacted: 2026-01-01}\n"
                               "    programmes:\n"
                               "      state: {pays_from: main, mix: {h100: 100 %}}\n"
                               "      next: {pays_from: main, mix: {h100: 100 %}}\n"
                               "    targets:\n"
                               "      t: {by: 2030-12-31, gpus: 1, counted_at: contracted,\n"
                               "          includes: [next]}\n");
    const fc_plan *plan = s->plan;
    const fc_fleet *japan = &plan->fleets[1];
    assert_string_equal(japan->title_en, "Japan");
    assert_string_equal(japan->title_ko, "일본");
    assert_string_equal(plan->fleets[0].title_ko, "korea");
    assert_int_equal(japan->first_programme, 1);
    assert_int_equal(japan->n_programmes, 2);
    assert_int_equal(japan->n_sites, 0);
    /* the same name in another fleet is another budget */
    assert_int_equal(plan->programmes[0].pays_from.index[0], 0);
    assert_int_equal(plan->programmes[1].pays_from.index[0], 1);
    assert_int_equal(plan->programmes[0].mix.model[0], 1);
    assert_true(plan->programmes[0].mix.share[0] == 0.6);
    assert_int_equal(plan->programmes[0].host.index[0], 0);
    assert_true(plan->targets[0].includes_all);
    assert_false(plan->targets[1].includes_all);
    assert_int_equal(plan->targets[1].programmes.n, 1);
    assert_int_equal(plan->targets[1].programmes.index[0], 2);
    assert_int_equal(plan->targets[1].stocks.n, 0);
    assert_int_equal(plan->targets[1].counted_at, FC_CONTRACTED);
    assert_int_equal(s->headline, 0); /* the first fleet's last target */
    fc_scenario_free(s);
}

static void test_included_stock_and_headline(void **state)
{
    (void)state;
    fc_scenario *s = load_with(BASE, NULL,
                               NAMES("fleets.korea.targets.first={by: 2026-06-30, gpus: 9, "
                                     "counted_at: delivered, includes: [old, state]}",
                                     "headline=fleets.korea.targets.end-2030"));
    const fc_target *first = &s->plan->targets[1];
    assert_int_equal(first->stocks.n, 1);
    assert_int_equal(first->programmes.n, 1);
    assert_int_equal(s->headline, 0);
    fc_scenario_free(s);
    s = load_with(BASE, NULL,
                  NAMES("fleets.korea.targets.first={by: 2026-06-30, gpus: 9, counted_at: "
                        "delivered}"));
    assert_int_equal(s->headline, 1);
    fc_scenario_free(s);
}

static void test_scenario_name(void **state)
{
    (void)state;
    fc_scenario *s =
        load_with(BASE "policies: {fast: {set: {fleets.korea.budgets.main.lines.gpu: 70 %}}}\n",
                  NAMES("fast"), NULL);
    assert_string_equal(s->name, "s+fast");
    assert_string_equal(s->file, "s.yaml");
    fc_scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_and_dates), cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_periods),         cmocka_unit_test(test_currencies),
        cmocka_unit_test(test_every_form),      cmocka_unit_test(test_tables),
        cmocka_unit_test(test_normal_date),     cmocka_unit_test(test_unknown_parameters),
        cmocka_unit_test(test_steps),           cmocka_unit_test(test_limits),
        cmocka_unit_test(test_linear),          cmocka_unit_test(test_points_that_are_drawn),
        cmocka_unit_test(test_same_as),         cmocka_unit_test(test_correlation),
        cmocka_unit_test(test_references),      cmocka_unit_test(test_included_stock_and_headline),
        cmocka_unit_test(test_scenario_name),
    };
    return cmocka_run_group_tests_name("binding", tests, NULL, NULL);
}
