/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys of upkeep, terms, refresh and the operator's share arrive in the plan, and are said back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "scenario/scenario.h"
#include "scenario/sentences.h"

static const char text[] =
    "fleetcast: 1\n"
    "horizon: {start: 2025-01-01, end: 2032-01-01}\n"
    "world: {accelerators: {a: {per_server: 8, server_power: 10 kW, bf16_dense: 990 TFLOPS,"
    " price: 30000 USD}}}\n"
    "fleets:\n"
    "  korea:\n"
    "    upkeep:\n"
    "      failure_rate: 1 /server-year\n"
    "      failure_by_age: {6 months: 1, 0 days: 3, 4 years: 2}\n"
    "      repaired_as: new\n"
    "      scrapped: 2 %\n"
    "      replacement: 3 months\n"
    "      spares: 5\n"
    "      swap_time: 1 day\n"
    "    budgets: {main: {amount: 1 bn USD, enacted: 2025-02-01}}\n"
    "    programmes:\n"
    "      p:\n"
    "        pays_from: [main]\n"
    "        mix: {a: 100 %}\n"
    "        owner: operator\n"
    "        operator_share: 30 %\n"
    "        term: {lasts: 5 years, then: renew, renewed: 60 %, renewal: 2 years,"
    " cost: 1000 USD/GPU, otherwise: transfer}\n"
    "      q:\n"
    "        pays_from: [main]\n"
    "        mix: {a: 100 %}\n"
    "        order: {rule: refresh, replaces: [p, q], margin: 1 month}\n"
    "        term: {ends: 2031-01-01}\n"
    "    targets:\n"
    "      t: {by: 2030-12-31, gpus: 800, counted_at: in_service, counts_operator_share: no}\n";

static double number(const fc_plan *plan, fc_param p)
{
    assert_true(p != 0);
    return plan->values[plan->params[p].value].number;
}

static void assert_says(const fc_scenario *scenario, fc_lang lang, const char *const *parts)
{
    fc_text out = FC_TEXT_EMPTY;

    assert_int_equal(fc_scenario_sentences(scenario, lang, &out), FC_OK);
    for (; *parts != NULL; parts++)
        if (strstr(out.data, *parts) == NULL) fail_msg("missing: %s\nin\n%s", *parts, out.data);
    fc_text_free(&out);
}

static void test_plan_and_sentences(void **state)
{
    (void)state;
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;
    int ret = fc_scenario_load_text("t.yaml", text, strlen(text), NULL, diag, &scenario);

    for (size_t i = 0; i < fc_diag_size(diag); i++)
        print_error("%s\n", fc_diag_text(diag, i, FC_LANG_EN));
    assert_int_equal(ret, FC_OK);

    const fc_plan *plan = scenario->plan;
    const fc_upkeep *u = &plan->fleets[0].upkeep;
    const fc_programme *p = &plan->programmes[0], *q = &plan->programmes[1];
    assert_int_equal(u->by_age.n, 3);
    assert_true(u->by_age.from[1] == 6 * FC_MONTH && u->by_age.factor[0] == 3);
    assert_int_equal(u->repaired_as, FC_REPAIRED_NEW);
    assert_true(number(plan, u->scrapped) == 0.02 && number(plan, u->spares) == 5);
    assert_true(number(plan, u->replacement) == 3 * FC_MONTH);
    assert_true(number(plan, u->swap_time) == FC_DAY);
    assert_int_equal(p->owner, FC_OWNER_OPERATOR);
    assert_true(number(plan, p->operator_share) == 0.3);
    assert_true(number(plan, p->term.lasts) == 5 * FC_YEAR);
    assert_int_equal(p->term.then, FC_TERM_RENEW);
    assert_int_equal(p->term.otherwise, FC_TERM_TRANSFER);
    assert_true(number(plan, p->term.renewal) == 2 * FC_YEAR);
    assert_true(number(plan, p->term.cost) == 1000);
    assert_int_equal(q->rule, FC_RULE_REFRESH);
    assert_int_equal(q->replaces.n, 2);
    assert_int_equal(q->term.then, FC_TERM_DISPOSE);
    assert_int_equal(plan->targets[0].operator_counts, 1);

    assert_says(
        scenario, FC_LANG_EN,
        (const char *[]){"By age the rate is multiplied by 3 at first, 1 from 6 months, 2 from 4 ",
                         "A repaired server is as new.",
                         "Of failed servers 2 % are scrapped and replaced after 3 months.",
                         "Spare servers of each model: 5.", "Swapping one in takes 1 day.",
                         "The operator keeps 30 % of them for its own use.",
                         "Their term lasts 5 years from commissioning; then the term is renewed.",
                         "A renewal costs USD 1,000 each.",
                         "Of those that are not renewed: they go to their operator.",
                         "It orders as many as leave p and q by age or term end, ahead of it",
                         "Their term ends on 2031-01-01; then they are disposed of.",
                         "without what operators keep for themselves", NULL});
    assert_says(scenario, FC_LANG_KO,
                (const char *[]){"나이별 고장률 배수는 처음부터 3배, 6개월부터 1배, 4년부터 2배.",
                                 "수리하지 못하고 폐기하는 비율은 2%, 새 서버로 바꾸기까지 3개월.",
                                 "모델마다 두는 예비 서버는 5대.",
                                 "협약 기간은 가동부터 5년. 종료되면 협약을 연장한다.",
                                 "연장하지 못한 것은 운영사에 이관한다.", "운영사 자체 사용분 제외",
                                 NULL});
    fc_scenario_free(scenario);
    fc_diag_free(diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plan_and_sentences)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
