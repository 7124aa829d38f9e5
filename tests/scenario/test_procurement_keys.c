/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys of procurement: what a scenario says of tenders, allotments, export rules, mixes and orders
 * for a target arrives in the plan; and what people write wrongly, each with all it is answered
 * with, word for word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "model/params.h"
#include "scenario/scenario.h"

static const char world[] =
    "fleetcast: 1\n"
    "horizon: {start: 2025-01-01, end: 2027-01-01}\n"
    "world:\n"
    "  currencies: {KRW: {per_usd: 1400 KRW/USD}}\n"
    "  accelerators:\n"
    "    big: {per_server: 8, server_power: 10 kW, bf16_dense: 990 TFLOPS, price: 30000 USD}\n"
    "    small: {per_server: 4, server_power: 2 kW, bf16_dense: 150 TFLOPS, price: 9000 USD}\n"
    "    unpriced: {per_server: 4, server_power: 2 kW, bf16_dense: 150 TFLOPS}\n";

static const char rules[] = "  export_rules:\n"
                            "    chips:\n"
                            "      models: [big]\n"
                            "      at_least: 300 TFLOPS\n"
                            "      buyers: [korea]\n"
                            "      from: 2025-03-01\n"
                            "      status: {2025-01-01: licence, 2026-01-01: banned}\n"
                            "      delay: {varies: {low: 1 month, high: 6 months}}\n"
                            "      denied: 20 %\n";

static const char fleet[] = "fleets:\n"
                            "  korea:\n"
                            "    currency: KRW\n"
                            "    budgets: {main: {amount: 1 tn KRW, enacted: 2025-02-01}}\n"
                            "    stock: {old: {model: big, count: 8, since: 2024-01-01}}\n"
                            "    allotments:\n"
                            "      vendor: {models: [big], a_quarter: {2026-01-01: 1000}}\n"
                            "    targets:\n"
                            "      goal: {by: 2026-06-30, gpus: 8000, counted_at: in_service}\n"
                            "      others: {by: 2026-06-30, gpus: 8, counted_at: in_service,"
                            " includes: old}\n"
                            "    programmes:\n"
                            "      p:\n"
                            "        pays_from: [main]\n";

static const char programme[] =
    "        order: {rule: to_target, targets: [goal], spares: 5 %, when: latest_safe, margin: 1 "
    "month}\n"
    "        tender: {review: 6 months, call: 80 days, fails: {unknown: {passed: 2, of: 8}},\n"
    "                 relaunch: 1 month, at_most: 3}\n"
    "        mix_by: count\n"
    "        mix_by_order_year:\n"
    "          2026: {small: 100 %}\n"
    "          2025: {big: 70 %, small: 30 %}\n"
    "        fallback: {models: [small], otherwise: cancel}\n";

static int load(const char *text, fc_diag *diag, fc_scenario **out)
{
    return fc_scenario_load_text("t.yaml", text, strlen(text), NULL, diag, out);
}

static char *joined(const char *a, const char *b, const char *c, const char *d)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(&text, "%s%s%s%s", a, b, c, d);
    assert_false(fc_text_failed(&text));
    return text.data;
}

static double number(const fc_plan *plan, fc_param p)
{
    assert_true(p != 0);
    return plan->values[plan->params[p].value].number;
}

static void test_the_plan(void **state)
{
    (void)state;
    char *text = joined(world, rules, fleet, programme);
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;
    int ret = load(text, diag, &scenario);

    for (size_t i = 0; i < fc_diag_size(diag); i++)
        print_error("%s\n", fc_diag_text(diag, i, FC_LANG_EN));
    assert_int_equal(ret, FC_OK);

    const fc_plan *plan = scenario->plan;
    const fc_programme *p = &plan->programmes[0];
    assert_int_equal(p->rule, FC_RULE_TO_TARGET);
    assert_int_equal(p->targets.n, 1);
    assert_true(number(plan, p->spares) == 0.05);
    assert_int_equal(p->when, FC_WHEN_LATEST_SAFE);
    assert_true(number(plan, p->margin) == FC_MONTH);
    assert_true(number(plan, p->tender.review) == 6 * FC_MONTH);
    assert_true(number(plan, p->tender.call) == 80 * FC_DAY);
    assert_int_equal(plan->values[plan->params[p->tender.fails].value].form, FC_FORM_UNKNOWN);
    assert_true(number(plan, p->tender.relaunch) == FC_MONTH);
    assert_true(number(plan, p->tender.at_most) == 3);
    assert_int_equal(p->mix_by, FC_MIX_BY_COUNT);
    assert_int_equal(p->mix_by_year.n, 2);
    assert_int_equal(p->mix_by_year.year[0], 2025);
    assert_int_equal(p->mix_by_year.mix[0].n, 2);
    assert_int_equal(p->mix_by_year.mix[1].model[0], 1);
    assert_int_equal(p->fallback.models.index[0], 1);
    assert_int_equal(p->fallback.otherwise, FC_OTHERWISE_CANCEL);

    const fc_export_rule *rule = &plan->export_rules[0];
    assert_string_equal(rule->name, "chips");
    assert_int_equal(rule->buyers.index[0], 0);
    assert_true(number(plan, rule->at_least) == 300e12);
    const fc_value *status = &plan->values[plan->params[rule->status].value];
    assert_int_equal(status->form, FC_FORM_STEP);
    assert_true(plan->values[status->args[0]].number == FC_EXPORT_LICENCE);
    assert_true(plan->values[status->args[1]].number == FC_EXPORT_BANNED);

    assert_int_equal(plan->fleets[0].n_allotments, 1);
    assert_int_equal(plan->allotments[0].fleet, 0);
    /* An allotment holds before its first date too; a cumulative number would be 0. */
    fc_params *params = NULL;
    assert_int_equal(fc_params_create(plan, &params), FC_OK);
    assert_int_equal(fc_params_begin(params, 0, NULL, diag), FC_OK);
    assert_true(fc_param_at(params, plan->allotments[0].a_quarter, 0) == 1000);
    fc_params_free(params);
    fc_scenario_free(scenario);
    fc_diag_free(diag);
    free(text);
}

/* A shock may set a status, and a policy the chance of a failed call. */
static void test_changes(void **state)
{
    (void)state;
    static const char drivers[] =
        "shocks:\n"
        "  ban: {at: 2025-06-01, set: {world.export_rules.chips.status: banned}}\n"
        "  early: {at: 2025-02-01, set: {world.export_rules.chips.from: 2025-02-15}}\n"
        "  crunch: {at: 2025-06-01, scale: {fleets.korea.allotments.vendor.a_quarter: 0.5}}\n"
        "  terms: {at: 2025-06-01, set: {fleets.korea.programmes.p.tender.fails: 5 %}}\n";
    char *ruled = joined(world, rules, fleet, programme), *text = joined(ruled, drivers, "", "");
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;

    assert_int_equal(load(text, diag, &scenario), FC_OK);
    assert_int_equal(scenario->plan->n_changes, 4);
    fc_scenario_free(scenario);
    fc_diag_free(diag);
    free(ruled);
    free(text);
}

typedef struct slip {
    const char *rules, *programme, *more; /* NULL: the right ones; nothing */
    const char *answer;
} slip;

/* clang-format off */
static const slip slips[] = {
    {NULL, "        order: {rule: to_target}\n        mix: {big: 100 %}\n", NULL,
     "t.yaml:31:23: fleets.korea.programmes.p.order.rule: 'order.targets' is missing (rule: to_target needs the targets to order for) [E362]\n"},
    {NULL, "        mix_by: gpus\n        mix: {big: 100 %}\n", NULL,
     "t.yaml:31:17: fleets.korea.programmes.p.mix_by: 'gpus' is none of: money, count [E373]\n"},
    {NULL, "        tender: {review: 6 months}\n        mix: {big: 100 %}\n", NULL,
     "t.yaml:31:9: fleets.korea.programmes.p.tender: 'call' is missing (one call for bids, from notice to contract or failure, a day at least; varies by call) [E362]\n"},
    {NULL, "        tender: {call: 6 months, fail: 20 %}\n        mix: {big: 100 %}\n", NULL,
     "t.yaml:31:34: fleets.korea.programmes.p.tender.fail: there is no key 'fail' here; did you mean 'fails'? [E360]\n"},
    {NULL, "        tender: {call: 6 months, fails: 120 %}\n        mix: {big: 100 %}\n", NULL,
     "t.yaml:31:41: fleets.korea.programmes.p.tender.fails: 120 % is out of range: from 0 % to 100 % [E364]\n"},
    {NULL, "        tender: {call: 6 months, at_most: 0}\n        mix: {big: 100 %}\n", NULL,
     "t.yaml:31:43: fleets.korea.programmes.p.tender.at_most: 0 is out of range: from 1 to 1,000 [E364]\n"},
    {NULL, "        fallback: {models: [bigg]}\n        mix: {big: 100 %}\n", NULL,
     "t.yaml:31:29: fleets.korea.programmes.p.fallback.models: 'bigg' is not among the accelerators; did you mean 'big'? [E369]\n"},
    {NULL, "        fallback: {models: [unpriced]}\n        mix: {big: 100 %}\n", NULL,
     "t.yaml:31:28: fleets.korea.programmes.p.fallback.models: nothing gives the price of unpriced: write price here, or under world: accelerators: unpriced [E381]\n"},
    {NULL, "        fallback: cancel\n        mix: {big: 100 %}\n", NULL,
     "t.yaml:31:19: fleets.korea.programmes.p.fallback: 'fallback' takes the keys models, otherwise, one a line, not 'cancel' [E363]\n"},
    {NULL, "        install: 1 month\n", NULL,
     "t.yaml:29:7: fleets.korea.programmes.p: 'mix' is missing (models bought, by share; or mix_by_order_year) [E362]\n"},
    {NULL, "        mix_by_order_year: {2025: {big: 70 %}, next: {small: 100 %}}\n", NULL,
     "t.yaml:31:35: fleets.korea.programmes.p.mix_by_order_year: the shares sum to 70 %; they must sum to 100 % [E372]\n"
     "t.yaml:31:48: fleets.korea.programmes.p.mix_by_order_year: there is no key 'next' here; it may be: 2025, 2026, ... [E361]\n"},
    {NULL, "        mix_by_order_year: {big: 70 %, small: 30 %}\n", NULL,
     "t.yaml:31:29: fleets.korea.programmes.p.mix_by_order_year: there is no key 'big' here; it may be: 2025, 2026, ... [E361]\n"
     "t.yaml:31:40: fleets.korea.programmes.p.mix_by_order_year: there is no key 'small' here; it may be: 2025, 2026, ... [E361]\n"},
    {"  export_rules: {chips: {status: forbidden}}\n", NULL, NULL,
     "t.yaml:9:34: world.export_rules.chips.status: 'forbidden' is none of: free, licence, banned [E373]\n"},
    {"  export_rules: {chips: {status: {unknown: {low: free, high: banned}}}}\n", NULL, NULL,
     "t.yaml:9:44: world.export_rules.chips.status: uniform cannot stand here; this key takes names: {one_of: {name: share}} [E365]\n"},
    {"  export_rules: {chips: {status: {varies: {one_of: {free: 100 %}}}}}\n", NULL, NULL,
     "t.yaml:9:35: world.export_rules.chips.status: {varies: } cannot stand here; this key takes a quantity, {unknown: } or {date: quantity} [E365]\n"},
    {"  export_rules: {chips: {buyers: [japan]}}\n", NULL, NULL,
     "t.yaml:9:35: world.export_rules.chips.buyers: 'japan' is not among the fleets; there are: korea [E370]\n"},
    {"  export_rules: {chips: {at_least: 700 W}}\n", NULL, NULL,
     "t.yaml:9:36: world.export_rules.chips.at_least: '700 W' is a power; a computing rate is expected here, e.g. 989 TFLOPS [E330]\n"},
    {NULL, NULL, "shocks: {s: {at: 2025-06-01, scale: {world.export_rules.chips.status: 2}}}\n",
     "t.yaml:39:38: shocks.s.scale: world.export_rules.chips.status: its values are names: it can be set, not scaled or added to [E378]\n"},
    {NULL, "        order: {rule: to_target, targets: [others]}\n        mix: {big: 100 %}\n", NULL,
     "t.yaml:31:43: fleets.korea.programmes.p.order.targets: the target 'others' does not count this programme; add the programme to its includes [E385]\n"},
};
/* clang-format on */

static void test_slips(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        const slip *s = &slips[i];
        char *right = joined(world, s->rules ? s->rules : rules, fleet,
                             s->programme ? s->programme : programme);
        char *text = joined(right, s->more ? s->more : "", "", "");
        fc_text answer = FC_TEXT_EMPTY;
        fc_diag *diag = fc_diag_create();
        fc_scenario *scenario = NULL;
        int ret = load(text, diag, &scenario);

        for (size_t k = 0; k < fc_diag_size(diag); k++) {
            char *line = fc_diag_text(diag, k, FC_LANG_EN);
            fc_text_printf(&answer, "%s\n", line);
            free(line);
        }
        if (strcmp(answer.data ? answer.data : "", s->answer) != 0)
            print_error("%zu:\n%s", i, answer.data ? answer.data : "accepted\n");
        assert_string_equal(answer.data ? answer.data : "", s->answer);
        assert_int_not_equal(ret, FC_OK);
        fc_text_free(&answer);
        fc_diag_free(diag);
        free(right);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_plan),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_slips),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
