/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scenarios said back in words, and the starter scenario. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "model/metric_table.h"
#include "model/simulate.h"
#include "scenario/sentences.h"
#include "fleetcast/scenario.h"

/* The starter with changes, as text in a language; to be freed. */
static char *said_with(const char *const *sets, size_t n_sets, const char *with, fc_lang lang)
{
    const char *starter = fc_scenario_starter(FC_LANG_EN);
    fc_scenario_options options = {
        .layers = {.sets = sets, .sets_count = n_sets, .with = &with, .with_count = with != NULL}};
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario;
    int ret =
        fc_scenario_load_text("starter.yaml", starter, strlen(starter), &options, diag, &scenario);
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *message = fc_diag_text(diag, i, FC_LANG_EN);
        print_message("%s\n", message);
        free(message);
    }
    assert_int_equal(ret, FC_OK);
    fc_text text = FC_TEXT_EMPTY;
    assert_int_equal(fc_scenario_sentences(scenario, lang, &text), FC_OK);
    fc_scenario_free(scenario);
    fc_diag_free(diag);
    return fc_text_take(&text);
}

#define PHASE "fleets.demo.sites.new-park.phases.first"
#define NATIONAL "fleets.demo.programmes.national"
#define GPU "world.accelerators.gpu-a"

/* What is set, and the sentences that must then be there. */
static const struct {
    const char *set, *with, *en, *ko;
} cases[] = {
    {"fleets.demo.bodies={grid: {en: KEPCO, ko: 한전}, permit: {en: Naju, ko: 나주시}}", NULL,
     "  Who can act on delays: permits (Naju); grid (KEPCO).\n",
     "  지연 원인별 소관: 인허가(나주시); 전력(한전).\n"},
    {PHASE ".connect=18 months", NULL, "    The grid connection takes 18 months.\n",
     "    계통 접속 기간은 18개월.\n"},
    {PHASE ".connect={unknown: {low: 13 months, likely: 18 months, high: 37 months}}", NULL,
     "takes between 13 months and 37 months, most likely 18 months (not known; drawn once a "
     "replication).\n",
     "계통 접속 기간은 13개월~37개월(가장 유력한 값 18개월; 미지수, 모의마다 한 번 추첨).\n"},
    {PHASE ".connect={varies: {low: 13 months, high: 37 months}}", NULL,
     "takes between 13 months and 37 months, all as likely (varies; drawn for each phase).\n",
     "계통 접속 기간은 13개월~37개월(고른 분포; 단계마다 다름).\n"},
    {PHASE ".connect={unknown: {one_of: {6 months: 40 %, 15 months: 60 %}}}", NULL,
     "takes 6 months (40 %) or 15 months (60 %) (not known; drawn once a replication).\n",
     "계통 접속 기간은 6개월(40%) 또는 15개월(60%)(미지수, 모의마다 한 번 추첨).\n"},
    {PHASE ".connect={unknown: {sample: [9 months, 6 months, 15 months]}}", NULL,
     "takes 6 months to 15 months, as in 3 cases (not known; drawn once a replication).\n",
     "계통 접속 기간은 6개월~15개월(사례 3건의 분포; 미지수, 모의마다 한 번 추첨).\n"},
    {PHASE ".connect={unknown: {distribution: normal, mean: 9 months, sd: 1 month}}", NULL,
     "takes around 9 months, give or take 1 month (not known; drawn once a replication).\n",
     "계통 접속 기간은 9개월 안팎(표준편차 1개월; 미지수, 모의마다 한 번 추첨).\n"},
    {PHASE ".connect={unknown: {distribution: gamma, shape: 2, scale: 5 months}}", NULL,
     "takes gamma-distributed: shape 2, scale 5 months (not known; drawn once a replication).\n",
     "계통 접속 기간은 gamma 분포(shape 2, scale 5개월; 미지수, 모의마다 한 번 추첨).\n"},
    {PHASE ".start={unknown: {distribution: normal, mean: 2026-08-01, sd: 2 months}}", NULL,
     "begin on a day around 2026-08-01, give or take 2 months (not known",
     "공사·전력 신청 시작은 2026년 8월 1일 안팎(표준편차 2개월; 미지수"},
    {GPU ".lead_time={varies: {usual: {unknown: {low: 4 months, high: 7 months}}, "
         "bad_1_in_20: 14 months}}",
     NULL,
     "usually [between 4 months and 7 months, all as likely, not known], once in 20 over 14 months "
     "(varies; drawn for each lot).\n",
     "보통 [4개월~7개월(고른 분포; 미지수)](20번에 한 번은 14개월 초과; 발주분마다 다름).\n"},
    {GPU ".price={linear: {2026-01-01: 36000 USD, 2030-01-01: 20000 USD}}", NULL,
     "  One costs USD 36,000 on 2026-01-01, USD 20,000 on 2030-01-01, straight lines between "
     "them.\n",
     "  한 장 값은 2026년 1월 1일 3만 6,000달러, 2030년 1월 1일 2만 달러(그 사이는 직선).\n"},
    {NATIONAL ".order={rule: schedule, quantity: {2026-06-30: 4000, 2027-06-30: 9600}}", NULL,
     "so that in all it has ordered 4,000 from 2026-06-30 on; 9,600 from 2027-06-30 on, as far",
     "누계로 2026년 6월 30일부터 4,000장, 2027년 6월 30일부터 9,600장까지 예산이"},
    {NATIONAL ".host=null", NULL, "  Room and power are no limit to them.\n",
     "  설치 공간과 전력의 제약은 두지 않는다.\n"},
    {NATIONAL ".service_life=5 years", NULL, "retired after a service life of 5 years.\n",
     "  내용연수는 5년.\n"},
    {"fleets.demo.budgets.main-2026.lapses=2027-12-31", NULL,
     "What is not committed lapses on 2027-12-31.\n", "불용되는 날은 2027년 12월 31일.\n"},
    {"fleets.demo.budgets.main-2026.lines.gpu={unknown: {passed: 14, of: 20}}", NULL,
     "get a share estimated from 14 of 20 passed (not known; drawn once a replication) of it.\n",
     "비율은 20건 중 14건 통과에서 추정한 비율(미지수, 모의마다 한 번 추첨).\n"},
    {"fleets.demo.budgets.main-2026.requested=2.1 bn EUR", NULL,
     "  The ministry asks for EUR 2.1 bn.\n", "  부처 요구액은 21억 유로.\n"},
    {"fleets.demo.budgets.main-2026.bill=1.9 bn EUR", NULL, "  The bill says EUR 1.9 bn.\n",
     "  정부안은 19억 유로.\n"},
    {"fleets.demo.budgets.main-2026.introduced=2025-09-01", NULL,
     "  The bill goes to parliament on 2025-09-01.\n",
     "  정부안을 국회에 내는 날은 2025년 9월 1일.\n"},
    {"fleets.demo.budgets.main-2026.type=main", NULL,
     "  It is a main budget: not released before its fiscal year begins.\n",
     "  본예산이어서 회계연도가 시작되기 전에는 배정하지 않는다.\n"},
    {"fleets.demo.budgets.main-2026.apportioned={q1: 40 %, q3: 25 %}", NULL,
     "by quarters of its fiscal year: 40 %, 0 %, 25 %, and the rest in the fourth.\n",
     "1~3분기 배정 비율은 40%, 0%, 25%, 나머지는 4분기에 배정한다.\n"},
    {"fleets.demo.budgets.main-2026.carry_over=1 year", NULL,
     "carried over beyond its fiscal year for 1 year, then lapses.\n",
     "미계약액을 이월하는 기간은 1년, 그 뒤는 불용.\n"},
    {"fleets.demo.budgets.main-2026.kind=subsidy", NULL,
     "  It is handed on to who buys as a subsidy.\n", "  사업 수행기관에 주는 보조금이다.\n"},
    {NATIONAL ".payments.advance=30 %", NULL, "  Paid on the order: 30 % of the cost.\n",
     "  계약 때 주는 선금 비율은 30%.\n"},
    {"fleets.demo.fiscal_year_starts=4", NULL,
     "- The fiscal year begins with month 4 of the year.\n", "- 회계연도는 4월에 시작한다.\n"},
    {"fleets.demo.targets.end-2028.includes=[national]", NULL,
     "- Target end-2028: 10,000 accelerators in service by the end of 2028-12-31, counting "
     "national. The answer opens with it.\n",
     "- 목표 end-2028: 2028년 12월 31일까지 1만 장 가동(national 포함). 요약은 이 목표로 "
     "시작한다.\n"},
    {"fleets.demo.upkeep=null", NULL, "- Servers do not fail.\n", "- 서버 고장은 다루지 않는다.\n"},
    {"shocks.supply-crunch.title=The supply runs dry", NULL,
     "- supply-crunch (The supply runs dry): on a day between 2026-06-01 and 2028-06-01, all as "
     "likely (not known; drawn once a replication); probability 30 %.\n"
     "  It multiplies " GPU ".lead_time by 2; what is under way stays as it was.\n",
     "  " GPU ".lead_time 값에 2를 곱한다(진행 중인 것은 그대로).\n"},
    {"shocks.supply-crunch.in_progress=redraw", NULL, "by 2; what is under way is drawn anew.\n",
     "(진행 중인 것은 다시 추첨).\n"},
    {"shocks.supply-crunch.add={fleets.demo.budgets.main-2027.enacted: 3 months}", NULL,
     "  It adds 3 months to fleets.demo.budgets.main-2027.enacted; what is",
     "main-2027.enacted 값에 3개월을 더한다("},
    {"world.export_rules={chips: {models: [gpu-a], at_least: 700 TFLOPS, buyers: [demo], "
     "from: 2026-03-01, status: {2026-01-01: licence, 2027-01-01: {unknown: {one_of: {free: 40 %, "
     "banned: 60 %}}}}, denied: 10 %}}",
     NULL,
     "- Export rule chips on gpu-a with a peak (dense BF16) of at least 700 TFLOPS, for demo, "
     "beginning on 2026-03-01; status: licence; free (40 %) or banned (60 %) (not known; drawn "
     "once a replication) from 2027-01-01 on.\n"
     "  Chance that an application is denied: 10 %.\n",
     "- 수출 규정 chips: 대상은 gpu-a 가운데 최고 성능(dense BF16) 700 TFLOPS 이상, 구매자는 demo, "
     "시행일은 2026년 3월 1일, 규제 수준은 licence, 2027년 1월 1일부터 free(40%) 또는 "
     "banned(60%)(미지수, 모의마다 한 번 추첨).\n"
     "  불허될 확률은 10%.\n"},
    {"world.grid_rules={impact: {kind: existing, region: south, from: 2026-01-01, at_least: 10 MW, "
     "passed: 50 %, review: 6 months}}",
     NULL,
     "- Grid rule impact on existing sites in the region south that apply for at least 10 MW, "
     "beginning on 2026-01-01: an impact assessment must be passed.\n"
     "  Share of assessments that are passed: 50 %.\n  An assessment takes 6 months.\n",
     "- 계통 규칙 impact: 대상은 기존 부지(지역 south) 가운데 신청 전력 10 MW 이상, 시행일은 "
     "2026년 1월 1일, 전력계통영향평가 통과는 의무.\n"
     "  영향평가 통과 비율은 50%.\n  영향평가 심의 기간은 6개월.\n"},
    {"world.grid_rules={impact: {review: 6 months}}", NULL,
     "  Phase now adds 7 MW; works and grid application begin on 2026-01-01.\n",
     "  now 단계: 수전용량 7 MW, 공사·전력 신청 시작은 2026년 1월 1일.\n"},
    {"world.grid_rules={free: {assessment: waived}}", NULL,
     "- Grid rule free on all sites: no impact assessment is needed.\n",
     "- 계통 규칙 free: 대상은 모든 부지, 전력계통영향평가는 면제.\n"},
    {"fleets.demo.allotments={vendor: {models: [gpu-a], a_quarter: {2026-01-01: 1000, 2027-01-01: "
     "2000}}}",
     NULL,
     "- Allotment vendor: of gpu-a, deliveries in a calendar quarter are at most 1,000; 2,000 from "
     "2027-01-01 on.\n",
     "- 공급사 할당 vendor: 대상 모델은 gpu-a, 분기당 최대 납품 수량은 1,000장, 2027년 1월 1일부터 "
     "2,000장.\n"},
    {NATIONAL ".order={rule: to_target, targets: [end-2028], spares: 5 %, when: latest_safe, "
              "margin: 2 months}",
     NULL,
     "  It orders what is missing for end-2028, as far as the money reaches.\n"
     "  Ordered on top as spares: 5 % of a target's number.\n"
     "  It orders on the last day that is expected to be early enough.\n"
     "  Time kept in hand: 2 months.\n",
     "  목표(end-2028)에 모자란 수량을 예산이 닿는 만큼 발주한다.\n"
     "  목표 수량에 더해 발주하는 예비분 비율은 5%.\n"
     "  늦지 않을 것으로 예상되는 마지막 날에 발주한다.\n  남겨 두는 여유 기간은 2개월.\n"},
    {NATIONAL ".mix_by=count", NULL, "  It buys gpu-a for 100 % of the accelerators, at the",
     "  구매 모델(수량 비율)은 gpu-a 100%, 단가는"},
    {NATIONAL ".mix_by_order_year={2027: {gpu-a: 100 %}, 2026: {gpu-a: 100 %}}", NULL,
     "  By the year of the order it buys (2026) gpu-a for 100 %; (2027) gpu-a for 100 % of the "
     "money, at the",
     "  발주 연도별 구매 모델(금액 비율)은 2026년 gpu-a 100%; 2027년 gpu-a 100%, 단가는"},
    {NATIONAL ".tender={review: 6 months, call: {varies: {low: 40 days, high: 80 days}}, fails: "
              "30 %, relaunch: 1 month, at_most: 3}",
     NULL,
     "  The review before its first call for bids takes 6 months.\n"
     "  A call for bids takes between 40 days and 80 days, all as likely (varies; drawn for each "
     "review or call).\n"
     "  Chance that a call fails: 30 %.\n  From a failed call to the next: 1 month.\n"
     "  Calls of one tender at most: 3.\n",
     "  첫 공모 전의 사전 검토 기간은 6개월.\n"
     "  공모 한 번의 기간은 40일~80일(고른 분포; 공모마다 다름).\n  유찰될 확률은 30%.\n"
     "  유찰에서 재공모까지 1개월.\n  한 건의 최대 공모 횟수는 3회.\n"},
    {NATIONAL ".fallback={models: [gpu-a], otherwise: cancel}", NULL,
     "  Where an export is denied or banned it buys gpu-a instead; failing that, the order is "
     "cancelled.\n",
     "  수출이 불허되거나 금지되면 대신 살 모델은 gpu-a. 그것도 안 되면 발주를 취소한다.\n"},
    {"fleets.demo.sites.old-hall={kind: colocation, cooling: air, racks: 80, rack_limit: 40 "
     "kW/rack, available: {2026-01-01: 100 %, 2028-01-01: 70 %}}",
     NULL,
     "  It is space leased from others.\n"
     "  It is air-cooled and takes nothing that needs liquid cooling.\n"
     "  Racks of its hosting space: 80.\n  One rack takes at most 40 kW/rack.\n"
     "  Share of its energised power that may be drawn: 100 %; 70 % from 2028-01-01 on.\n",
     "  임차 상면이다.\n  공랭 시설이어서 수랭 장비는 두지 못한다.\n  상면은 80랙.\n"
     "  랙당 전력 한도는 40 kW/랙.\n"
     "  통전된 전력 중 쓸 수 있는 비율은 100%, 2028년 1월 1일부터 70%.\n"},
    {"fleets.demo.sites.new-park.grid={notice: 2 months, assessment: {at_least: 5 MW, review: 4 "
     "months, retry: {varies: {low: 1 month, high: 2 months}}}}",
     NULL,
     "  The review of a phase's advance notice takes 2 months.\n"
     "  Unless a rule waives it, it must pass an impact assessment if it applies for at least 5 "
     "MW.\n"
     "  An assessment takes 4 months.\n  From a failed assessment to the next: between 1 month and "
     "2 months, all as likely (varies; drawn for each attempt).\n",
     "  전기사용예정통지 검토 기간은 2개월.\n"
     "  규칙이 면제하지 않으면 전력계통영향평가를 통과해야 한다(신청 전력 5 MW 이상일 때).\n"
     "  영향평가 심의 기간은 4개월.\n"
     "  미통과에서 재신청까지 1개월~2개월(고른 분포; 신청마다 다름).\n"},
    {"fleets.demo.sites.old-hall.phases.now={permit: 3 months, cancelled: 10 %}", NULL,
     "begin on 2026-01-01.\n    Chance that it never begins: 10 %.\n"
     "    The permits before the works take 3 months.\n",
     "    착수하지 못하고 취소될 확률은 10%.\n    공사 전 인허가 기간은 3개월.\n"},
    {"fleets.demo.staff={stock: 300, graduates: 30 persons/month, outflow: 5 %/year, "
     "needed_per_mw: 2.5, crews: 4, crew_size: 6}",
     NULL,
     "- Persons who install and operate, at the start: 300.\n"
     "- Persons who join from school: 30 /month.\n- Share of them that leaves: 5 %/year.\n"
     "- Persons to operate a MW of rated IT power: 2.5.\n- Lots that can be installed at once: 4.\n"
     "- Persons in an installation crew: 6.\n",
     "- 시작 시점의 설치·운영 인력은 300명.\n- 졸업 유입 인력은 30 /월.\n"
     "- 인력 유출 비율은 5%/년.\n- 정격 IT 전력 1MW를 운영하는 데 필요한 인원(명)은 2.5.\n"
     "- 동시에 설치할 수 있는 발주분은 4건.\n- 설치팀 한 팀의 인원은 6명.\n"},
    {"seed=7", NULL, "\nNot in force, to be chosen with --with: faster-grid.\n",
     "\n시행하지 않는 정책(--with로 선택): faster-grid.\n"},
    {"seed=7", "faster-grid",
     "\nPolicies in force\n- faster-grid: on 2027-01-01.\n  It changes " PHASE
     ".connect to usually 15 months, once in 20 over 30 months (not known; drawn once a "
     "replication); what is under way changes in proportion.\n",
     PHASE ".connect 값을 보통 15개월(20번에 한 번은 30개월 초과; 미지수, 모의마다 한 번 추첨)로 "
           "바꾼다(진행 중인 것은 비례하여 조정).\n"},
    {"policies.faster-grid={at: null, set: {" PHASE ".connect: 6 months}}", "faster-grid",
     "\nWorked into the above from the start: faster-grid.\n",
     "\n처음부터 위에 반영된 정책: faster-grid.\n"},
    {"policies.faster-grid={at: null, when: {metric: gpus_in_service, fleet: demo, is: below, "
     "threshold: 4000, reviewed: [2027-07-01, 2028-01-01]}, set: {" PHASE ".connect: 6 months}}",
     "faster-grid",
     "- faster-grid: at the first review (2027-07-01, 2028-01-01) at which gpus_in_service of demo "
     "is below 4,000.\n",
     "- faster-grid: 점검일(2027년 7월 1일, 2028년 1월 1일) 가운데 demo의 gpus_in_service 값이 "
     "처음으로 4,000 미만인 날.\n"},
};

static void says_each_form_in_both_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (fc_lang lang = FC_LANG_EN; lang <= FC_LANG_KO; lang++) {
            const char *expected = lang == FC_LANG_KO ? cases[i].ko : cases[i].en;
            char *said = said_with(&cases[i].set, 1, cases[i].with, lang);
            if (!strstr(said, expected))
                print_message("%s\nexpected: %s\nin: %s\n", cases[i].set, expected, said);
            assert_non_null(strstr(said, expected));
            free(said);
        }
}

/* Models that nobody buys and currencies that nobody pays in are not described. */
static void leaves_out_what_is_not_used(void **state)
{
    (void)state;
    const char *sets[] = {GPU "=null",
                          "world.accelerators.gpu-b={per_server: 8, server_power: 9 kW, "
                          "bf16_dense: 500 TFLOPS, price: 20000 USD}",
                          "world.accelerators.gpu-c={per_server: 8, server_power: 9 kW, "
                          "bf16_dense: 500 TFLOPS, price: 20000 JPY}",
                          "world.currencies.JPY={per_usd: 150 JPY/USD}",
                          NATIONAL ".mix={gpu-b: 100 %}",
                          "fleets.demo.stock.university.model=gpu-b",
                          "shocks=null"};
    char *said = said_with(sets, sizeof sets / sizeof *sets, NULL, FC_LANG_EN);
    assert_non_null(strstr(said, "- gpu-b comes in units of 8, each rated at 9 kW"));
    assert_null(strstr(said, "gpu-c"));
    assert_null(strstr(said, "JPY"));
    assert_null(strstr(said, "What may happen"));
    assert_non_null(strstr(said, "nobody here buys or holds: 1.\n"));
    free(said);
}

/* ---- the starter ------------------------------------------------------------------------------
 */

enum { REPLICATIONS = 200 };

typedef struct answer {
    double met, sum;
    bool mixed; /* in some futures met, in others not */
} answer;

static answer run_starter(fc_lang lang, const char *with)
{
    const char *text = fc_scenario_starter(lang);
    fc_scenario_options options = {.layers = {.with = &with, .with_count = with != NULL}};
    fc_scenario *scenario;
    assert_int_equal(
        fc_scenario_load_text("starter.yaml", text, strlen(text), &options, NULL, &scenario),
        FC_OK);
    fc_world *world;
    fc_record record;
    assert_int_equal(fc_world_create(scenario->plan, &world), FC_OK);
    assert_int_equal(fc_record_init(&record, scenario->plan), FC_OK);
    answer out = {0};
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        assert_int_equal(fc_world_run(world, r, NULL, &record, NULL), FC_OK);
        for (uint32_t i = 0; i < scenario->plan->n_outcomes; i++) {
            if (scenario->plan->outcomes[i].metric == FC_M_met) out.met += record.outcomes[i];
            if (!isnan(record.outcomes[i])) out.sum += record.outcomes[i];
        }
    }
    out.mixed = out.met > 0 && out.met < REPLICATIONS;
    fc_record_free(&record);
    fc_world_free(world);
    fc_scenario_free(scenario);
    return out;
}

static void the_starters_say_the_same(void **state)
{
    (void)state;
    answer en = run_starter(FC_LANG_EN, NULL), ko = run_starter(FC_LANG_KO, NULL);
    assert_true(en.sum == ko.sum);
    assert_true(en.met == ko.met);
}

/* A starter whose answer is certain, or whose policy does nothing, would teach nothing. */
static void the_starter_has_a_sensible_answer(void **state)
{
    (void)state;
    answer without = run_starter(FC_LANG_EN, NULL), with = run_starter(FC_LANG_EN, "faster-grid");
    assert_true(without.mixed && with.mixed);
    assert_true(with.met > without.met);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_each_form_in_both_languages),
        cmocka_unit_test(leaves_out_what_is_not_used),
        cmocka_unit_test(the_starters_say_the_same),
        cmocka_unit_test(the_starter_has_a_sensible_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
