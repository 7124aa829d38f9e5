/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing quantities as people do, and reading them back; what editors and references are told.
 */
#include <math.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "scenario/quantity.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

/* clang-format off */
static const struct {
    fc_quantity quantity;
    fc_figures figures;
    const char *en, *ko;
} written[] = {
    {{1.46e12, .dim = FC_DIM_MONEY, .currency = "KRW"}, FC_FIGURES_EXACT, "KRW 1.46 tn", "1조 4,600억 원"},
    {{1.46e12, .dim = FC_DIM_MONEY, .currency = "KRW"}, FC_FIGURES_TABLE, "KRW 1,460.0 bn", "14,600.0억 원"},
    {{1e9, .dim = FC_DIM_MONEY, .currency = "KRW"}, FC_FIGURES_EXACT, "KRW 1 bn", "10억 원"},
    {{1234567, .dim = FC_DIM_MONEY, .currency = "KRW"}, FC_FIGURES_EXACT, "KRW 1,234,567", "123만 4,567원"},
    {{1234567, .dim = FC_DIM_MONEY, .currency = "KRW"}, FC_FIGURES_SHORT, "KRW 1.23 m", "123만 원"},
    {{999999999999, .dim = FC_DIM_MONEY, .currency = "KRW"}, FC_FIGURES_SHORT, "KRW 1 tn", "1조 원"},
    {{-3e9, .dim = FC_DIM_MONEY, .currency = "KRW"}, FC_FIGURES_EXACT, "KRW -3 bn", "-30억 원"},
    {{1.0000000005e12, .dim = FC_DIM_MONEY, .currency = "KRW"}, FC_FIGURES_EXACT, "KRW 1.0000000005 tn", "1조 500원"},
    {{30000, .dim = FC_DIM_MONEY, .currency = "USD"}, FC_FIGURES_EXACT, "USD 30,000", "3만 달러"},
    {{8.8e8, .dim = FC_DIM_MONEY, .currency = "USD"}, FC_FIGURES_TABLE, "USD 880.0 m", "8.8억 달러"},
    {{5e6, .dim = FC_DIM_MONEY, .currency = "CHF"}, FC_FIGURES_EXACT, "CHF 5 m", "500만 CHF"},
    {{172.99, .dim = FC_DIM_ENERGY_PRICE, .currency = "KRW"}, FC_FIGURES_EXACT, "KRW 172.99/kWh", "172.99원/kWh"},
    {{6.8e7, .dim = FC_DIM_POWER_PRICE, .currency = "KRW"}, FC_FIGURES_EXACT, "KRW 68 m/kW", "6,800만 원/kW"},
    {{8320, .dim = FC_DIM_DEMAND_PRICE, .currency = "KRW"}, FC_FIGURES_EXACT, "KRW 8,320/kW-month", "8,320원/kW·월"},
    {{1421.4, .dim = FC_DIM_EXCHANGE, .currency = "KRW", .per_currency = "USD"}, FC_FIGURES_EXACT, "1,421.4 KRW/USD", "1,421.4원/달러"},
    {{30000, .dim = FC_DIM_COUNT, .item = FC_ITEM_GPU}, FC_FIGURES_EXACT, "30,000", "3만 장"},
    {{18000, .dim = FC_DIM_COUNT, .item = FC_ITEM_GPU}, FC_FIGURES_SHORT, "18,000", "1만 8,000장"},
    {{2000, .dim = FC_DIM_COUNT, .item = FC_ITEM_SERVER}, FC_FIGURES_SHORT, "2,000", "2,000대"},
    {{1961.5, .dim = FC_DIM_NUMBER}, FC_FIGURES_EXACT, "1,961.5", "1,961.5"},
    {{1961.5, .dim = FC_DIM_NUMBER}, FC_FIGURES_SHORT, "1,962", "1,962"},
    {{0.59, .dim = FC_DIM_SHARE}, FC_FIGURES_EXACT, "59 %", "59%"},
    {{0.7342, .dim = FC_DIM_SHARE}, FC_FIGURES_SHORT, "73.4 %", "73.4%"},
    {{822 * 86400.0, .dim = FC_DIM_DURATION}, FC_FIGURES_EXACT, "822 days", "822일"},
    {{822.3 * 86400.0, .dim = FC_DIM_DURATION}, FC_FIGURES_SHORT, "822 days", "822일"},
    {{27 * 2629800.0, .dim = FC_DIM_DURATION}, FC_FIGURES_SHORT, "27 months", "27개월"},
    {{31557600, .dim = FC_DIM_DURATION}, FC_FIGURES_EXACT, "1 year", "1년"},
    {{86400, .dim = FC_DIM_DURATION}, FC_FIGURES_EXACT, "1 day", "1일"},
    {{5400, .dim = FC_DIM_DURATION}, FC_FIGURES_SHORT, "1.5 hours", "1.5시간"},
    {{0, .dim = FC_DIM_DURATION}, FC_FIGURES_EXACT, "0 seconds", "0초"},
    {{4e7, .dim = FC_DIM_POWER}, FC_FIGURES_EXACT, "40 MW", "40 MW"},
    {{1e8, .dim = FC_DIM_POWER}, FC_FIGURES_EXACT, "100 MW", "100 MW"},
    {{1.3e9, .dim = FC_DIM_POWER}, FC_FIGURES_EXACT, "1.3 GW", "1.3 GW"},
    {{123456789, .dim = FC_DIM_ENERGY}, FC_FIGURES_SHORT, "123 GWh", "123 GWh"},
    {{0.423, .dim = FC_DIM_EMISSION}, FC_FIGURES_EXACT, "423 gCO2eq/kWh", "423 gCO2eq/kWh"},
    {{2000, .dim = FC_DIM_WATER_RATE}, FC_FIGURES_EXACT, "2,000 m3/day", "2,000㎥/일"},
    {{0.05 / 31557600, .dim = FC_DIM_RATE}, FC_FIGURES_EXACT, "5 %/year", "5%/년"},
    {{0.0065 / 86400, .dim = FC_DIM_RATE, .item = FC_ITEM_SERVER}, FC_FIGURES_EXACT, "0.0065 /day", "0.0065 /일"},
    {{9.894e14, .dim = FC_DIM_COMPUTE}, FC_FIGURES_EXACT, "989.4 TFLOPS", "989.4 TFLOPS"},
    {{1e26, .dim = FC_DIM_WORK}, FC_FIGURES_EXACT, "1e26 FLOP", "1e26 FLOP"},
    {{20635, .dim = FC_DIM_DATE}, FC_FIGURES_EXACT, "2026-07-01", "2026년 7월 1일"},
    {{20635, .dim = FC_DIM_DATE}, FC_FIGURES_TABLE, "2026-07-01", "2026.7.1."},
};
/* clang-format on */

static char *format(const fc_quantity *q, fc_figures figures, fc_lang lang)
{
    fc_text text = FC_TEXT_EMPTY;
    fc_quantity_format(q, figures, lang, &text);
    char *out = fc_text_take(&text);
    assert_non_null(out);
    return out;
}

static void writes_as_people_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(written); i++) {
        char *en = format(&written[i].quantity, written[i].figures, FC_LANG_EN);
        char *ko = format(&written[i].quantity, written[i].figures, FC_LANG_KO);
        assert_string_equal(en, written[i].en);
        assert_string_equal(ko, written[i].ko);
        free(en);
        free(ko);
    }
}

static uint64_t random_bits(uint64_t *x)
{
    *x ^= *x << 13, *x ^= *x >> 7, *x ^= *x << 17;
    return *x;
}

/* A value of the kind, some with few digits and some with all of them. */
static fc_quantity random_quantity(fc_dim dim, uint64_t *x)
{
    uint64_t bits = random_bits(x);
    double value = (double)(bits >> 11) * 0x1p-53;
    value = ldexp(1 + value, (int)(bits % 50) - 10);
    if (bits & 64) value = round(value * 4) / 4;
    if (bits & 128) value = -value;
    if (dim == FC_DIM_COUNT) value = round(value);
    if (dim == FC_DIM_DATE) value = (double)(bits % 40000);
    fc_quantity q = {.value = value, .dim = dim};
    if (strncmp(fc_dim_base(dim), "XXX", 3) == 0) strcpy(q.currency, bits & 256 ? "KRW" : "TWD");
    if (dim == FC_DIM_EXCHANGE) strcpy(q.per_currency, "USD");
    return q;
}

static void exact_figures_read_back(void **state)
{
    (void)state;
    uint64_t x = 2463534242;
    for (int dim = 0; dim < FC_DIM_LIMIT; dim++)
        for (int n = 0; n < 300; n++) {
            fc_quantity q = random_quantity((fc_dim)dim, &x), back;
            fc_unit_want want = {.dim = (fc_dim)dim};
            for (int lang = 0; lang < 2; lang++) {
                char *text = format(&q, FC_FIGURES_EXACT, (fc_lang)lang);
                int ret = fc_quantity_parse(text, &want, NULL, NULL, &back);
                if (ret != FC_OK || back.value != q.value)
                    print_error("%s: %s (%.17g)\n", fc_dim_id((fc_dim)dim), text, q.value);
                assert_int_equal(ret, FC_OK);
                assert_true(back.value == q.value);
                assert_string_equal(back.currency, q.currency);
                free(text);
            }
        }
}

static void short_figures_are_close(void **state)
{
    (void)state;
    uint64_t x = 521288629;
    for (int dim = 0; dim < FC_DIM_LIMIT; dim++)
        for (int n = 0; n < 200; n++) {
            fc_quantity q = random_quantity((fc_dim)dim, &x), back;
            fc_unit_want want = {.dim = (fc_dim)dim};
            for (int lang = 0; lang < 2; lang++) {
                char *text = format(&q, FC_FIGURES_SHORT, (fc_lang)lang);
                assert_int_equal(fc_quantity_parse(text, &want, NULL, NULL, &back), FC_OK);
                assert_true(fabs(back.value - q.value) <= 0.00501 * fabs(q.value));
                free(text);
            }
        }
}

static void examples_and_lists_are_right(void **state)
{
    (void)state;
    for (int dim = 0; dim < FC_DIM_LIMIT; dim++) {
        fc_unit_want want = {.dim = (fc_dim)dim};
        fc_quantity q;
        assert_int_equal(fc_quantity_parse(fc_unit_example(want.dim), &want, NULL, NULL, &q),
                         FC_OK);
        char list[256], *rest = list;
        strcpy(list, fc_unit_list(want.dim));
        for (char *unit; (unit = strtok_r(rest, ",", &rest));) {
            char text[64] = "3 ";
            for (unit += strspn(unit, " "); *unit;)
                if (strncmp(unit, "XXX", 3) == 0) {
                    strcat(text, strchr(text, '/') ? "USD" : "KRW");
                    unit += 3;
                } else {
                    strncat(text, unit++, 1);
                }
            assert_int_equal(fc_quantity_parse(text, &want, NULL, NULL, &q), FC_OK);
        }
        if (dim == FC_DIM_DATE || strchr(fc_dim_base(want.dim), 'X')) continue;
        char one[64]; /* 1 of the base unit is 1 */
        snprintf(one, sizeof one, "1 %s", fc_dim_base(want.dim));
        assert_int_equal(fc_quantity_parse(one, &want, NULL, NULL, &q), FC_OK);
        assert_true(q.value == 1);
    }
}

/* The editor's pattern accepts whatever we write, and what no unit of the kind could be it refuses.
 */
static void patterns_match_what_is_written(void **state)
{
    (void)state;
    uint64_t x = 362436069;
    for (int dim = 0; dim < FC_DIM_LIMIT; dim++) {
        fc_text pattern = FC_TEXT_EMPTY;
        fc_unit_pattern((fc_dim)dim, &pattern);
        regex_t regex;
        assert_int_equal(regcomp(&regex, pattern.data, REG_EXTENDED | REG_NOSUB), 0);
        assert_int_equal(regexec(&regex, fc_unit_example((fc_dim)dim), 0, NULL, 0), 0);
        for (int n = 0; n < 50; n++) {
            fc_quantity q = random_quantity((fc_dim)dim, &x);
            for (int lang = 0; lang < 2; lang++) {
                char *text = format(&q, FC_FIGURES_EXACT, (fc_lang)lang);
                if (regexec(&regex, text, 0, NULL, 0)) print_error("%s: %s\n", pattern.data, text);
                assert_int_equal(regexec(&regex, text, 0, NULL, 0), 0);
                free(text);
            }
        }
        assert_int_not_equal(regexec(&regex, "soon", 0, NULL, 0), 0);
        if (dim == FC_DIM_POWER) assert_int_not_equal(regexec(&regex, "40 mW", 0, NULL, 0), 0);
        if (dim == FC_DIM_POWER) assert_int_not_equal(regexec(&regex, "40", 0, NULL, 0), 0);
        if (dim == FC_DIM_DURATION) assert_int_equal(regexec(&regex, "1년 6개월", 0, NULL, 0), 0);
        if (dim == FC_DIM_MONEY) assert_int_equal(regexec(&regex, "1조 4,600억 원", 0, NULL, 0), 0);
        if (dim == FC_DIM_MONEY) assert_int_not_equal(regexec(&regex, "30,000", 0, NULL, 0), 0);
        regfree(&regex);
        fc_text_free(&pattern);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_as_people_do),
        cmocka_unit_test(exact_figures_read_back),
        cmocka_unit_test(short_figures_are_close),
        cmocka_unit_test(examples_and_lists_are_right),
        cmocka_unit_test(patterns_match_what_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
