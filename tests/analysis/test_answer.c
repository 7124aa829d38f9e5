/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The answer's page in both languages, its JSON and its charts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <jansson.h>
#include "report/answer.h"
#include "report/chart_svg.h"
#include "report/chart_text.h"
#include "results.h"

/* ---- an answer made by hand ------------------------------------------------------------------ */

static fc_chance chance(uint64_t hits, double low, double high)
{
    return (fc_chance){hits, 1000, (double)hits / 1000, {low, high}};
}

static void set(fc_standing *at, double day)
{
    at->day = (int64_t)day;
    for (int m = 0; m < FC_N_METRICS; m++) at->value[m] = NAN;
}

static void set_fleet(fc_standing *at, double contracted, double in_service)
{
    at->value[FC_M_gpus_contracted] = contracted;
    at->value[FC_M_gpus_delivered] = contracted - 1000;
    at->value[FC_M_gpus_energised] = in_service + 500;
    at->value[FC_M_gpus_in_service] = in_service;
}

static fc_answer whole_answer(void)
{
    static fc_standing years[2];
    fc_answer a = {0};
    fc_summary *s = &a.summary;
    s->run = (fc_run_info){.name = "korea",
                           .title_en = "Korea <30k> & more",
                           .title_ko = "GPU 3만 장 계획",
                           .file = "korea.yaml",
                           .hash = "0123456789abcdef",
                           .seed = "1",
                           .version = "0.1.0",
                           .start_day = (int64_t)day_of(2029, 1, 1),
                           .end_day = (int64_t)day_of(2031, 1, 1),
                           .replications = 1000,
                           .failures = 2};
    s->fleet = (fc_fleet_info){"korea", "Korea", "대한민국", "KRW"};
    s->bodies[FC_CAUSE_grid] = (fc_body){"KEPCO", "한전"};
    s->n = 1000;
    fc_target_facts *t = &s->target;
    *t = (fc_target_facts){.path = "fleets.korea.targets.end-2030",
                           .name = "end-2030",
                           .entity = "korea.targets.end-2030",
                           .fleet = "korea",
                           .by = (int64_t)day_of(2030, 12, 31),
                           .gpus = 30000,
                           .counted_at = FC_IN_SERVICE,
                           .met = chance(347, 0.318, 0.377),
                           .held = chance(340, 0.311, 0.370),
                           .reached_by = {chance(1000, 0.996, 1), chance(940, 0.924, 0.953),
                                          chance(651, 0.621, 0.680), chance(347, 0.318, 0.377)},
                           .not_reached = chance(653, 0.623, 0.682),
                           .count = {1000, 19000, 26400, 31234}};
    for (int m = 0; m < FC_ALLOCATED; m++) /* there are no users */
        t->reached[m] = (fc_spread){1000, day_of(2029, 3 * m + 1, 15), INFINITY, INFINITY};
    s->focus = t->by;
    set(&years[0], day_of(2029, 12, 31));
    set(&years[1], day_of(2030, 12, 31));
    set_fleet(&years[0], 30200, 21961);
    set_fleet(&years[1], 33000, 29400);
    s->before = years[0];
    years[1].value[FC_M_h100e_in_service] = 45313;
    years[1].value[FC_M_gpus_retired] = 1961;
    years[1].value[FC_M_money_released] = 2.25e12;
    years[1].value[FC_M_money_paid] = 1.46e12;
    years[1].value[FC_M_money_committed] = 3e11;
    years[1].value[FC_M_money_lapsed] = 0;
    years[1].value[FC_M_site_power] = 62.6e6;
    years[1].value[FC_M_it_power] = 42e6;
    s->at_focus = years[1];
    s->years = years;
    s->n_years = 2;
    s->idle = (fc_spread){1000, 3000, 5600, 9000};
    s->idle_mean = 5640;
    s->charged = 1e6;
    static const fc_cause order[FC_N_CAUSES] = {
        FC_CAUSE_grid,   FC_CAUSE_supply,   FC_CAUSE_staff,   FC_CAUSE_funding,
        FC_CAUSE_repair, FC_CAUSE_building, FC_CAUSE_retired, FC_CAUSE_unplanned};
    static const double share[FC_N_CAUSES] = {0.6, 0.2, 0.1, 0.05, 0.046, 0.004, 0, 0};
    for (int c = 0; c < FC_N_CAUSES; c++)
        s->causes[c] = (fc_cause_facts){order[c], 1e6 * share[c], share[c]};
    s->n_drivers = 2;
    s->drivers[0] = (fc_driver_facts){"fleets.korea.sites.solaseado.grid.connect", -0.61};
    s->drivers[1] = (fc_driver_facts){"shocks.cut", 0.25};
    s->inputs = (fc_input_facts){161, 77, 9, 3};
    return a;
}

/* Every line fits a terminal of 80 columns. */
static void fits(const char *text)
{
    while (*text) {
        char line[1024];
        size_t length = strcspn(text, "\n");
        assert_true(length < sizeof line);
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        if (fc_text_width(line) > 80) fail_msg("%zu columns: %s", fc_text_width(line), line);
        text += length + (text[length] == '\n');
    }
}

static void page(void **state)
{
    (void)state;
    fc_answer a = whole_answer();
    fc_text text = FC_TEXT_EMPTY;
    assert_int_equal(fc_answer_text(&a, FC_LANG_EN, false, false, &text), FC_OK);
    assert_string_equal(
        text.data,
        "SUMMARY Korea <30k> & more | 2029-01 to 2030-12 | 1,000 replications (2 failed)\n"
        "Answer: P(30,000 GPUs in service by end-2030) = about 35 % (unlikely);\n"
        "  contracted 100 %, delivered about 95 %, energised about 65 %\n"
        "  When: median after 2030-12, 90% range 2029-10 to after 2030-12;\n"
        "    not within the horizon about 65 %\n"
        "  By end-2030 in service 26,400 (90% range 19,000 to 31,200); whole fleet 45,300\n"
        "    H100-equivalents (dense BF16); left by term end or age 1,960\n"
        "Standing: end-2029 contracted 30,200 -> delivered 29,200 -> energised 22,500 ->\n"
        "  in service 22,000 (medians)\n"
        "Bottleneck: 5,640 contracted GPUs idle on average; shortfall against\n"
        "  announcements: grid 60 %, supply 20 %, installation 10 %, funding 5 %,\n"
        "  other 5 %\n"
        "  First: grid; who can act: KEPCO\n"
        "Budget: of KRW 2.25 tn released by end-2030, paid KRW 1.46 tn, ordered and\n"
        "  unpaid KRW 300 bn\n"
        "Power: by end-2030 62.6 MW energised at the sites; GPUs in service, wherever\n"
        "  they stand, are rated 42 MW of IT load\n"
        "Caution: driven by sites.solaseado.grid.connect, shocks.cut; of 161 input\n"
        "  figures 77 assumed, 9 unverified, 3 without source\n");
    fits(text.data);
    fc_text_clear(&text);
    assert_int_equal(fc_answer_text(&a, FC_LANG_KO, false, false, &text), FC_OK);
    assert_string_equal(
        text.data,
        "【요약】 GPU 3만 장 계획 | 모의 기간 2029.1.~2030.12. | 모의 1,000회(실패 2회)\n"
        "□ (결론) ’30년 말 GPU 3만 장 ‘가동’ 확률 약 35%(가능성 낮음); 계약 100%,\n"
        "   납품 약 95%, 통전 약 65%\n"
        " ○ 달성 시점: 중앙값 모의 기간 이후, 90% 구간 2029.10.~모의 기간 이후;\n"
        "   기간 내 미달성 약 65%\n"
        " ○ ’30년 말 가동 2만 6,400장(90% 구간 1만 9,000장~3만 1,200장); 전체 가동분 H100\n"
        "   환산 4만 5,300장(BF16 밀집 기준); 협약종료·노후 이탈 1,960장\n"
        "□ (현황) ’29년 말 계약 3만 200장 → 납품 2만 9,200장 → 통전 2만 2,500장 →\n"
        "   가동 2만 2,000장(중앙값)\n"
        "□ (병목) 계약 후 미가동 평균 5,640장; 발표 목표 미달 원인: 전력 60%, 공급 20%,\n"
        "   설치 10%, 예산 5%, 기타 5%\n"
        " ○ 1순위 원인: 전력(소관: 한전)\n"
        "□ (재정) ’30년 말까지 배정된 예산 2조 2,500억 원 중 지급 1조 4,600억 원, 계약\n"
        "   미지급 3,000억 원\n"
        "□ (전력) ’30년 말 통전된 수전용량 62.6 MW, 가동 장비(다른 시설 포함) 정격 IT\n"
        "   전력 42 MW\n"
        "□ (유의) 결과를 좌우하는 가정: sites.solaseado.grid.connect, shocks.cut; 입력값\n"
        "   161건 중 가정 77건, 미확인 9건, 출처 없음 3건\n");
    fc_text_free(&text);
}

/* Lines whose part of the model the scenario does not use are left out. */
static void page_of_little(void **state)
{
    (void)state;
    fc_answer a = whole_answer();
    fc_summary *s = &a.summary;
    s->target = (fc_target_facts){0};
    set(&s->at_focus, day_of(2030, 12, 31));
    s->at_focus.value[FC_M_gpus_contracted] = s->at_focus.value[FC_M_gpus_delivered] = 10;
    s->at_focus.value[FC_M_gpus_energised] = s->at_focus.value[FC_M_gpus_in_service] = 8;
    set(&s->before, day_of(2028, 12, 31));
    s->idle_mean = 0;
    s->charged = NAN;
    s->n_drivers = 0;
    s->inputs = (fc_input_facts){5, 0, 0, 0};
    s->run.failures = 0;
    fc_text text = FC_TEXT_EMPTY;
    assert_int_equal(fc_answer_text(&a, FC_LANG_EN, false, false, &text), FC_OK);
    assert_string_equal(
        text.data,
        "SUMMARY Korea <30k> & more | 2029-01 to 2030-12 | 1,000 replications\n"
        "Standing: end-2030 contracted 10 -> delivered 10 -> energised 8 -> in service 8\n"
        "  (medians)\n");
    fc_text_clear(&text);
    s->n = 0;
    s->run.replications = 0;
    assert_int_equal(fc_answer_text(&a, FC_LANG_EN, true, false, &text), FC_OK);
    assert_string_equal(text.data,
                        "SUMMARY Korea <30k> & more | 2029-01 to 2030-12 | 0 replications\n"
                        "No replication has finished.\n");
    fc_text_free(&text);
}

/* Stages of the budgets, the fiscal year, and why there was no money: on page one, in the annex and
 * in the JSON. */
static void page_of_money(void **state)
{
    (void)state;
    static const fc_fiscal_facts years[] = {{2029, 2e12, 1e12, 1e12, 1e12, 0, 0, 0.5},
                                            {2030, 2.5e12, 2e12, 1.5e12, 9e11, 1e11, 4e11, 0.6}};
    fc_answer a = whole_answer();
    fc_summary *s = &a.summary;
    s->money = (fc_money_facts){.n_years = 2,
                                .years = years,
                                .of_focus = &years[1],
                                .requested = 3e12,
                                .bill = 2.8e12,
                                .granted = 2.25e12,
                                .gaps = {[FC_GAP_unbudgeted] = 6e5, [FC_GAP_exchange] = 4e5}};
    s->causes[0] = (fc_cause_facts){FC_CAUSE_funding, 1e6, 1};
    static const char *const expected[2][5] = {
        {"  First: funding; who can act: ; of it not budgeted 60 %, exchange rate 40 %\n",
         "  Budgets decided on: requested KRW 3 tn -> bill KRW 2.8 tn -> enacted\n"
         "    KRW 2.25 tn\n",
         "  Fiscal year 2030: really spent 60 %, carried over KRW 900 bn, lapsed\n"
         "    KRW 100 bn, ordered on later years KRW 400 bn\n",
         "2030     2,500.0     2,000.0     1,500.0       900.0       100.0       400.0\n",
         " - not budgeted               600,000\n"},
        {" ○ 1순위 원인: 예산(소관: ) 중 미편성 60%, 환율 상승 40%\n",
         " ○ 심의한 예산: 요구 3조 원 → 정부안 2조 8,000억 원 → 확정 2조 2,500억 원\n",
         " ○ 2030년도 실집행률 60%, 이월 9,000억 원, 불용 1,000억 원, 차년도 이후 부담\n"
         "   4,000억 원\n",
         "2030    25,000.0    20,000.0    15,000.0     9,000.0     1,000.0     4,000.0\n",
         " - 미편성                     600,000\n"}};
    s->bodies[FC_CAUSE_funding] = (fc_body){"", ""};
    fc_text text = FC_TEXT_EMPTY;
    for (int lang = 0; lang < 2; lang++) {
        assert_int_equal(fc_answer_text(&a, (fc_lang)lang, true, false, &text), FC_OK);
        fits(text.data);
        for (int i = 0; i < 5; i++)
            if (!strstr(text.data, expected[lang][i]))
                fail_msg("no %s in:\n%s", expected[lang][i], text.data);
        fc_text_clear(&text);
    }
    assert_int_equal(fc_answer_json(&a, &text), FC_OK);
    json_t *root = json_loads(text.data, 0, NULL);
    double bill, lapsed, exchange;
    assert_int_equal(json_unpack(root, "{s:{s:F,s:[o,{s:F}]},s:{s:[{s:{s:F}}*]}}", "money", "bill",
                                 &bill, "fiscal_years", &(json_t *){NULL}, "lapsed", &lapsed,
                                 "delay", "causes", "lacking", "exchange", &exchange),
                     0);
    assert_near(bill, 2.8e12, 0);
    assert_near(lapsed, 1e11, 0);
    assert_near(exchange, 4e5, 0);
    json_decref(root);
    fc_text_free(&text);
}

static void annex(void **state)
{
    (void)state;
    fc_answer a = whole_answer();
    for (int lang = 0; lang < 2; lang++) {
        fc_text text = FC_TEXT_EMPTY;
        assert_int_equal(fc_answer_text(&a, (fc_lang)lang, true, false, &text), FC_OK);
        fits(text.data);
        assert_non_null(strstr(text.data, lang ? "34.7%(31.8~37.7)" : "34.7 % (31.8 to 37.7)"));
        assert_non_null(strstr(text.data, "29,400")); /* exact counts */
        assert_non_null(strstr(text.data, lang ? "22,500.0" : "2,250.0"));
        assert_non_null(strstr(text.data, "-0.61  fleets.korea.sites.solaseado.grid.connect"));
        fc_text_free(&text);
    }
}

static void json(void **state)
{
    (void)state;
    fc_answer a = whole_answer();
    fc_text text = FC_TEXT_EMPTY;
    assert_int_equal(fc_answer_json(&a, &text), FC_OK);
    json_t *root = json_loads(text.data, 0, NULL);
    assert_non_null(root);
    const char *by, *median;
    double p, low, gpus, rho, power;
    int hits, unsourced, ok;
    json_t *reached, *delay;
    ok = json_unpack(root, "{s:{s:s,s:F,s:{s:i,s:F,s:F},s:{s:{s:o}}},s:[{s:F}*],s:{s:i},s:o}",
                     "target", "by", &by, "gpus", &gpus, "met", "hits", &hits, "p", &p, "low", &low,
                     "reached", "in_service", "p50", &reached, "drivers", "rho", &rho, "inputs",
                     "unsourced", &unsourced, "delay", &delay);
    assert_int_equal(ok, 0);
    assert_string_equal(by, "2030-12-31");
    assert_near(gpus, 30000, 0);
    assert_int_equal(hits, 347);
    assert_near(p, 0.347, 0);
    assert_near(low, 0.318, 0);
    assert_true(json_is_null(reached)); /* the median was not reached */
    assert_near(rho, -0.61, 0);
    assert_int_equal(unsourced, 3);
    assert_int_equal(json_array_size(json_object_get(delay, "causes")), FC_N_CAUSES);
    ok = json_unpack(root, "{s:{s:F},s:{s:{s:{s:s}}}}", "at_target", "site_power", &power, "target",
                     "reached", "contracted", "p05", &median);
    assert_int_equal(ok, 0);
    assert_near(power, 62.6e6, 0);
    assert_string_equal(median, "2029-01-15");
    json_t *at = json_object_get(root, "at_target");
    assert_true(json_is_null(json_object_get(at, "gpus_announced"))); /* the run has none */
    json_decref(root);
    fc_text_free(&text);
}

/* ---- charts ---------------------------------------------------------------------------------- */

enum { MONTHS = 24 };

/* Nothing for a year, then 1,200 with 600 to 2,400 around it; announced 2,000 from mid-2026. */
typedef struct fans {
    int64_t day[MONTHS];
    double value[2][FC_N_FAN][MONTHS];
    fc_fan in_service, announced;
} fans;

static void make_fans(fans *f)
{
    static const double level[FC_N_FAN] = {600, 900, 1200, 1800, 2400};
    f->in_service = f->announced = (fc_fan){.n_days = MONTHS, .day = f->day};
    for (int m = 0; m < MONTHS; m++) {
        f->day[m] = (int64_t)day_of(2025 + (m + 1) / 12, (m + 1) % 12 + 1, 1) - 1;
        for (int q = 0; q < FC_N_FAN; q++) {
            f->value[0][q][m] = m < 12 ? 0 : level[q];
            f->value[1][q][m] = m < 17 ? 0 : 2000;
        }
    }
    for (int q = 0; q < FC_N_FAN; q++) {
        f->in_service.value[q] = f->value[0][q];
        f->announced.value[q] = f->value[1][q];
    }
}

static void chart(void **state)
{
    (void)state;
    fans f;
    fc_text text = FC_TEXT_EMPTY;
    make_fans(&f);
    fc_chart_text(&f.in_service, &f.announced, FC_LANG_EN, 80, false, &text);
    assert_string_equal(text.data, "\n"
                                   "GPUs in service at the ends of quarters\n"
                                   "   2,500 ┤                        ░░░░░░░░░░░░░░░░░░░░░░░░\n"
                                   "         │                        ░░░░░░░░░░░░░░░░░░░░░░░░\n"
                                   "   2,000 ┤                        ░░░░░░╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌\n"
                                   "         │                        ░░░░░░░░░░░░░░░░░░░░░░░░\n"
                                   "   1,500 ┤                        ░░░░░░░░░░░░░░░░░░░░░░░░\n"
                                   "         │                        ░░░░░░░░░░░░░░░░░░░░░░░░\n"
                                   "         │                        ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀\n"
                                   "   1,000 ┤                        ░░░░░░░░░░░░░░░░░░░░░░░░\n"
                                   "         │                        ░░░░░░░░░░░░░░░░░░░░░░░░\n"
                                   "     500 ┤\n"
                                   "         │\n"
                                   "       0 ┤\n"
                                   "         └────────────────────────────────────────────────\n"
                                   "          2025                    2026\n"
                                   "          ▄▀ median   ░░ 90% of futures   ╌╌ announced\n");
    fc_text_clear(&text);
    fc_chart_text(&f.in_service, &f.announced, FC_LANG_KO, 80, true, &text);
    assert_non_null(strstr(text.data, "\033[32m▄\033[0m"));
    fc_text_clear(&text);
    f.in_service.n_days = 0; /* nothing to draw */
    fc_chart_text(&f.in_service, &f.announced, FC_LANG_EN, 80, false, &text);
    assert_int_equal(text.length, 0);
    fc_text_free(&text);
}

static void picture(void **state)
{
    (void)state;
    results r;
    fc_text text = FC_TEXT_EMPTY;
    results_begin(&r);
    results_run(&r, 1, "1", "2027-01-01", NULL);
    assert_int_equal(sqlite3_exec(r.db, "UPDATE run SET title_en = 'A<B & C'", NULL, NULL, NULL),
                     SQLITE_OK);
    for (int i = 0; i < 5; i++) {
        results_replication(&r, 1, i);
        results_series(&r, 1, i, "gpus_in_service", "2025-12-31", 0);
        results_series(&r, 1, i, "gpus_in_service", "2026-12-31", 100 + 50 * i);
    }
    results_read(&r);
    assert_int_equal(fc_chart_svg(r.store, 1, FC_LANG_EN, r.diag, &text), FC_OK);
    assert_non_null(strstr(text.data, "A&lt;B &amp; C</title>"));
    assert_null(strstr(text.data, "http://www.w3.org/1999")); /* nothing from outside */
    assert_null(strstr(text.data, "class=\"line plan\" d=\"M0 0H22\"/>announced"));
    /* Half the horizon is half the plot's width; 200 of 300 is two thirds of its height. */
    assert_non_null(
        strstr(text.data, "<path class=\"line median\" d=\"M403.0 366.0L744.0 166.0\"/>"));
    fc_text_free(&text);
    results_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page),          cmocka_unit_test(page_of_little),
        cmocka_unit_test(page_of_money), cmocka_unit_test(annex),
        cmocka_unit_test(json),          cmocka_unit_test(chart),
        cmocka_unit_test(picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
