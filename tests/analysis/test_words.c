/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include "report/axis.h"
#include "report/words.h"
#include "results.h"

/* Compares what was written, and empties it. */
static void expect(fc_text *text, const char *expected)
{
    assert_string_equal(text->data ? text->data : "", expected);
    fc_text_clear(text);
}

static fc_chance chance(uint64_t hits, uint64_t n)
{
    return (fc_chance){.hits = hits, .n = n, .p = n ? (double)hits / (double)n : NAN};
}

/* Rounded to 5 points; none and all are kept apart from nearly none and nearly all. */
static void chances(void **state)
{
    (void)state;
    static const struct {
        uint64_t hits;
        const char *en, *ko;
    } cases[] = {
        {0, "0 % (in no future)", "0%(모든 모의에서 미달성)"},
        {1, "under 5 % (very unlikely)", "5% 미만(가능성 매우 낮음)"},
        {24, "under 5 % (very unlikely)", "5% 미만(가능성 매우 낮음)"},
        {26, "about 5 % (very unlikely)", "약 5%(가능성 매우 낮음)"},
        {124, "about 10 % (very unlikely)", "약 10%(가능성 매우 낮음)"},
        {347, "about 35 % (unlikely)", "약 35%(가능성 낮음)"},
        {401, "about 40 % (about even)", "약 40%(가능성 반반)"},
        {500, "about 50 % (about even)", "약 50%(가능성 반반)"},
        {651, "about 65 % (likely)", "약 65%(가능성 높음)"},
        {901, "about 90 % (very likely)", "약 90%(가능성 매우 높음)"},
        {976, "over 95 % (very likely)", "95% 초과(가능성 매우 높음)"},
        {999, "over 95 % (very likely)", "95% 초과(가능성 매우 높음)"},
        {1000, "100 % (in every future)", "100%(모든 모의에서 달성)"},
    };
    fc_text text = FC_TEXT_EMPTY;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fc_chance c = chance(cases[i].hits, 1000);
        fc_add_chance(&text, &c, FC_LANG_EN, true);
        expect(&text, cases[i].en);
        fc_add_chance(&text, &c, FC_LANG_KO, true);
        expect(&text, cases[i].ko);
    }
    fc_chance none = chance(0, 0);
    fc_add_chance(&text, &none, FC_LANG_EN, true);
    expect(&text, "unknown");
    fc_text_free(&text);
}

static void figures(void **state)
{
    (void)state;
    fc_text text = FC_TEXT_EMPTY;
    fc_add_count(&text, 24312, FC_LANG_EN);
    expect(&text, "24,300");
    fc_add_count(&text, 24312, FC_LANG_KO);
    expect(&text, "2만 4,300장");
    fc_add_count(&text, 999.4, FC_LANG_EN);
    expect(&text, "999");
    fc_add_count(&text, 0, FC_LANG_KO);
    expect(&text, "0장");
    fc_add_count_exact(&text, 18561, FC_LANG_KO);
    expect(&text, "1만 8,561장");
    fc_add_money(&text, 1.46e12, "KRW", FC_LANG_EN);
    expect(&text, "KRW 1.46 tn");
    fc_add_money(&text, 1.46e12, "KRW", FC_LANG_KO);
    expect(&text, "1조 4,600억 원");
    fc_add_power(&text, 4e7, FC_LANG_EN);
    expect(&text, "40 MW");
    fc_add_share(&text, 0.004, FC_LANG_EN);
    expect(&text, "under 1 %");
    fc_add_share(&text, 0.004, FC_LANG_KO);
    expect(&text, "1% 미만");
    fc_add_share(&text, 0.256, FC_LANG_KO);
    expect(&text, "26%");
    fc_text_free(&text);
}

static void dates(void **state)
{
    (void)state;
    fc_text text = FC_TEXT_EMPTY;
    int64_t end = (int64_t)day_of(2031, 1, 1);
    fc_add_month(&text, day_of(2030, 6, 30) + 0.999, end, FC_LANG_EN);
    expect(&text, "2030-06");
    fc_add_month(&text, day_of(2030, 6, 30), end, FC_LANG_KO);
    expect(&text, "2030.6.");
    fc_add_month(&text, INFINITY, end, FC_LANG_EN);
    expect(&text, "after 2030-12");
    fc_add_month(&text, INFINITY, end, FC_LANG_KO);
    expect(&text, "모의 기간 이후");
    fc_add_deadline(&text, end - 1, FC_LANG_EN);
    expect(&text, "end-2030");
    fc_add_deadline(&text, end - 1, FC_LANG_KO);
    expect(&text, "’30년 말");
    fc_add_deadline(&text, (int64_t)day_of(2026, 6, 30), FC_LANG_EN);
    expect(&text, "2026-06-30");
    fc_add_deadline(&text, (int64_t)day_of(2026, 6, 30), FC_LANG_KO);
    expect(&text, "’26.6.30.");
    fc_text_free(&text);
}

/* Columns count, not bytes: a syllable takes two. Glued words stay together. */
static void wrapping(void **state)
{
    (void)state;
    fc_text text = FC_TEXT_EMPTY, glued = FC_TEXT_EMPTY;
    fc_add_wrapped(&text, "one two three", 2, 7);
    expect(&text, "one two\n  three");
    fc_add_wrapped(&text, " ○ 가나 다라 마바", 3, 12);
    expect(&text, " ○ 가나 다라\n   마바");
    fc_add_wrapped(&text, " ○ 가나 다라 마바", 3, 11);
    expect(&text, " ○ 가나\n   다라\n   마바");
    fc_add_wrapped(&text, "a verylongword b", 2, 6);
    expect(&text, "a\n  verylongword\n  b");
    fc_add_wrapped(&text, "verylongword b", 2, 6);
    expect(&text, "verylongword\n  b");
    fc_text_add(&glued, "about ");
    fc_text_add(&glued, "35 %");
    fc_glue(&glued, 6);
    fc_add_wrapped(&text, glued.data, 1, 9);
    expect(&text, "about\n 35 %");
    fc_add_cell(&text, "가동", 6, true);
    fc_add_cell(&text, "가동", 6, false);
    expect(&text, "  가동가동  ");
    fc_text_free(&text);
    fc_text_free(&glued);
}

static void axes(void **state)
{
    (void)state;
    fc_text text = FC_TEXT_EMPTY;
    static const double most[] = {0, 3, 7, 1961, 30000, 34000};
    static const double step[] = {1, 1, 2, 500, 5000, 10000}, top[] = {1, 3, 8, 2000, 30000, 40000};
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        fc_axis axis = fc_axis_to(most[i], 6);
        assert_near(axis.step, step[i], 1e-12);
        assert_near(axis.top, top[i], 1e-12);
    }
    fc_axis_label(&text, 30000, FC_LANG_EN);
    expect(&text, "30,000");
    fc_axis_label(&text, 25000, FC_LANG_KO);
    expect(&text, "2만 5,000");
    fc_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chances),  cmocka_unit_test(figures), cmocka_unit_test(dates),
        cmocka_unit_test(wrapping), cmocka_unit_test(axes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
