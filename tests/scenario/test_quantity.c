/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading quantities: every form that is understood, with its exact value.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "scenario/quantity.h"

#define DAY 86400.0
#define MONTH 2629800.0
#define YEAR 31557600.0
#define LENGTH(a) (sizeof(a) / sizeof *(a))
#define WANT(d)                                                                                    \
    {                                                                                              \
        .dim = FC_DIM_##d                                                                          \
    }
#define ITEMS(d, i)                                                                                \
    {                                                                                              \
        .dim = FC_DIM_##d, .item = FC_ITEM_##i                                                     \
    }

/* clang-format off */
static const struct {
    fc_unit_want want;
    const char *text;
    double value;
} plain[] = {
    /* plain numbers */
    {WANT(NUMBER), "18000", 18000},
    {WANT(NUMBER), "  -3  ", -3},
    {WANT(NUMBER), "+5", 5},
    {WANT(NUMBER), "0", 0},
    {WANT(NUMBER), "0.1", 0.1},
    {WANT(NUMBER), ".5", 0.5},
    {WANT(NUMBER), "1.5e3", 1500},
    {WANT(NUMBER), "1.8E+04", 18000},
    {WANT(NUMBER), "2e-3", 0.002},
    {WANT(NUMBER), "1,234.5", 1234.5},
    {WANT(NUMBER), "1.460", 1.46},
    {WANT(NUMBER), "5 bn", 5e9},
    /* counts */
    {ITEMS(COUNT, GPU), "18,000", 18000},
    {ITEMS(COUNT, GPU), "18_000", 18000},
    {ITEMS(COUNT, GPU), "1,234,567", 1234567},
    {ITEMS(COUNT, GPU), "30k", 30000},
    {ITEMS(COUNT, GPU), "30 k GPUs", 30000},
    {ITEMS(COUNT, GPU), "2 million", 2e6},
    {ITEMS(COUNT, GPU), "18 thousand accelerators", 18000},
    {ITEMS(COUNT, GPU), "1.5e3", 1500},
    {ITEMS(COUNT, GPU), "18,000 GPUs", 18000},
    {ITEMS(COUNT, GPU), "3만 장", 30000},
    {ITEMS(COUNT, GPU), "3만장", 30000},
    {ITEMS(COUNT, GPU), "3만 개", 30000},
    {ITEMS(COUNT, GPU), "1만 8천", 18000},
    {ITEMS(COUNT, GPU), "1만8천", 18000},
    {ITEMS(COUNT, GPU), "1만 8천5백", 18500},
    {ITEMS(COUNT, GPU), "1만 8,000장", 18000},
    {ITEMS(COUNT, GPU), "1.3만 장", 13000},
    {ITEMS(COUNT, GPU), "3만 5", 30005},
    {ITEMS(COUNT, SERVER), "2백 대", 200},
    {ITEMS(COUNT, SERVER), "40 nodes", 40},
    {ITEMS(COUNT, RACK), "12 racks", 12},
    {ITEMS(COUNT, USER), "12천 명", 12000},
    {WANT(COUNT), "40 racks", 40},
    {WANT(COUNT), "9,007,199,254,740,991", 9007199254740991.0},
    /* shares */
    {WANT(SHARE), "59 %", 0.59},
    {WANT(SHARE), "59%", 0.59},
    {WANT(SHARE), "59퍼센트", 0.59},
    {WANT(SHARE), "59 percent", 0.59},
    {WANT(SHARE), "30.1 %", 0.301},
    {WANT(SHARE), "0.59", 0.59},
    {WANT(SHARE), "1", 1},
    {WANT(SHARE), "0", 0},
    {WANT(SHARE), "150 %", 1.5},
    /* durations */
    {WANT(DURATION), "6 months", 6 * MONTH},
    {WANT(DURATION), "1 month", MONTH},
    {WANT(DURATION), "27개월", 27 * MONTH},
    {WANT(DURATION), "2년", 2 * YEAR},
    {WANT(DURATION), "1.5 years", 1.5 * YEAR},
    {WANT(DURATION), "90일", 90 * DAY},
    {WANT(DURATION), "2 weeks", 14 * DAY},
    {WANT(DURATION), "3주", 21 * DAY},
    {WANT(DURATION), "2 quarters", 6 * MONTH},
    {WANT(DURATION), "2분기", 6 * MONTH},
    {WANT(DURATION), "36 hours", 129600},
    {WANT(DURATION), "36h", 129600},
    {WANT(DURATION), "4시간 30분", 16200},
    {WANT(DURATION), "10 s", 10},
    {WANT(DURATION), "1년 6개월", 18 * MONTH},
    {WANT(DURATION), "1 year 6 months", 18 * MONTH},
    /* power and energy */
    {WANT(POWER), "40 MW", 4e7},
    {WANT(POWER), "40MW", 4e7},
    {WANT(POWER), "700 W", 700},
    {WANT(POWER), "10.2 kW", 10200},
    {WANT(POWER), "1.3 GW", 1.3e9},
    {WANT(POWER), "50㎿", 5e7},
    {WANT(POWER), "1,300 MW", 1.3e9},
    {WANT(POWER), "-40 MW", -4e7},
    {WANT(RACK_POWER), "40 kW", 40000},
    {WANT(RACK_POWER), "40 kW/rack", 40000},
    {WANT(RACK_POWER), "40 kW/랙", 40000},
    {WANT(ENERGY), "120 GWh", 1.2e8},
    {WANT(ENERGY), "5 billion kWh", 5e9},
    {WANT(ENERGY), "3만 ㎿h", 3e7},
    {WANT(ENERGY), "500 Wh", 0.5},
    /* computing */
    {WANT(COMPUTE), "989.4 TFLOPS", 9.894e14},
    {WANT(COMPUTE), "989 TFLOP/s", 9.89e14},
    {WANT(WORK), "1e26 FLOP", 1e26},
    {WANT(GPU_TIME), "5,000 GPU-h", 5000},
    {WANT(GPU_TIME), "10 GPU-days", 240},
    {WANT(BYTES), "80 GB", 8e10},
    {WANT(BANDWIDTH), "3.35 TB/s", 3.35e12},
    /* carbon and water */
    {WANT(EMISSION), "423 gCO2eq/kWh", 0.423},
    {WANT(EMISSION), "0.423 t/MWh", 0.423},
    {WANT(EMISSION), "423 kg/MWh", 0.423},
    {WANT(MASS), "120 ktCO2eq", 1.2e8},
    {WANT(MASS), "3만 톤", 3e7},
    {WANT(VOLUME), "500 m3", 500},
    {WANT(VOLUME), "500㎥", 500},
    {WANT(WATER_USE), "1.8 L/kWh", 1.8},
    {WANT(WATER_USE), "1.8 m3/MWh", 1.8},
    {WANT(WATER_RATE), "2,000 m3/day", 2000},
    {WANT(WATER_RATE), "2,000㎥/일", 2000},
    {WANT(WATER_RATE), "1 L/s", 86.4},
    /* rates */
    {WANT(RATE), "0.3 /year", 0.3 / YEAR},
    {WANT(RATE), "2 per year", 2 / YEAR},
    {WANT(RATE), "5 %/year", 0.05 / YEAR},
    {ITEMS(RATE, JOB), "120 jobs/day", 120 / DAY},
    {ITEMS(RATE, SERVER), "0.00379 /node-day", 0.00379 / DAY},
    {ITEMS(RATE, TOKEN), "3 million tokens/s", 3e6},
    /* dates: days since 1970-01-01 */
    {WANT(DATE), "1970-01-01", 0},
    {WANT(DATE), "2026-07-01", 20635},
    {WANT(DATE), "2026년 7월 1일", 20635},
    {WANT(DATE), "2026. 7. 1.", 20635},
    {WANT(DATE), "2026.7.1", 20635},
    {WANT(DATE), "2024-02-29", 19782},
};

static const struct {
    fc_unit_want want;
    const char *text;
    double value;
    const char *currency;
} paid[] = {
    {WANT(MONEY), "1.46 tn KRW", 1.46e12, "KRW"},
    {WANT(MONEY), "KRW 1.46 tn", 1.46e12, "KRW"},
    {WANT(MONEY), "1.46 trillion KRW", 1.46e12, "KRW"},
    {WANT(MONEY), "1.46tn KRW", 1.46e12, "KRW"},
    {WANT(MONEY), "50 m KRW", 5e7, "KRW"},
    {WANT(MONEY), "50 mn KRW", 5e7, "KRW"},
    {WANT(MONEY), "500 bn KRW", 5e11, "KRW"},
    {WANT(MONEY), "30 k USD", 30000, "USD"},
    {WANT(MONEY), "USD 30,000", 30000, "USD"},
    {WANT(MONEY), "USD -2.5 m", -2.5e6, "USD"},
    {WANT(MONEY), "144.5 m EUR", 144500000, "EUR"},
    {WANT(MONEY), "5EUR", 5, "EUR"},
    {WANT(MONEY), "1조 4,600억 원", 1.46e12, "KRW"},
    {WANT(MONEY), "1조4600억원", 1.46e12, "KRW"},
    {WANT(MONEY), "1조 4,600.5억 원", 1460050000000.0, "KRW"},
    {WANT(MONEY), "4조원", 4e12, "KRW"},
    {WANT(MONEY), "3천만 원", 3e7, "KRW"},
    {WANT(MONEY), "3천5백만 원", 3.5e7, "KRW"},
    {WANT(MONEY), "8.8억 달러", 8.8e8, "USD"},
    {{.dim = FC_DIM_MONEY, .currency = "KRW"}, "46,000억 원", 4.6e12, "KRW"},
    {ITEMS(ITEM_PRICE, GPU), "30000 USD", 30000, "USD"},
    {ITEMS(ITEM_PRICE, GPU), "30,000 USD/GPU", 30000, "USD"},
    {ITEMS(ITEM_PRICE, GPU), "5천만 원/장", 5e7, "KRW"},
    {WANT(ENERGY_PRICE), "172.99 KRW/kWh", 172.99, "KRW"},
    {WANT(ENERGY_PRICE), "172.99원/kWh", 172.99, "KRW"},
    {WANT(ENERGY_PRICE), "KRW 172.99/kWh", 172.99, "KRW"},
    {WANT(ENERGY_PRICE), "50 USD/MWh", 0.05, "USD"},
    {WANT(POWER_PRICE), "68 bn KRW/MW", 6.8e7, "KRW"},
    {WANT(POWER_PRICE), "KRW 68 bn/MW", 6.8e7, "KRW"},
    {WANT(DEMAND_PRICE), "150000 KRW/kW-month", 150000, "KRW"},
    {WANT(DEMAND_PRICE), "8,320원/kW·월", 8320, "KRW"},
    {WANT(DEMAND_PRICE), "120 USD/kW/year", 10, "USD"},
    {WANT(GPU_PRICE), "2.85 USD/GPU-h", 2.85, "USD"},
    {WANT(GPU_PRICE), "2.85 USD per GPU hour", 2.85, "USD"},
    {WANT(CARBON_PRICE), "9,000 KRW/tCO2eq", 9000, "KRW"},
    {WANT(EXCHANGE), "1421.4 KRW/USD", 1421.4, "KRW/USD"},
    {WANT(EXCHANGE), "1,421원/달러", 1421, "KRW/USD"},
    {{.dim = FC_DIM_EXCHANGE, .currency = "KRW", .per_currency = "USD"}, "1,421 KRW/USD", 1421, "KRW/USD"},
};
/* clang-format on */

static void check(const char *text, const fc_unit_want *want, double value, const char *currency)
{
    fc_diag *diag = fc_diag_create();
    fc_quantity q = {0};
    int ret = fc_quantity_parse(text, want, NULL, diag, &q);
    char *message = fc_diag_text(diag, 0, FC_LANG_EN);
    if (ret != FC_OK || q.value != value)
        print_error("%s: %.17g, not %.17g: %s\n", text, q.value, value, message ? message : "");
    assert_int_equal(ret, FC_OK);
    assert_true(q.value == value);
    assert_int_equal(q.dim, want->dim);
    assert_int_equal(q.item, want->item);
    char is[16];
    snprintf(is, sizeof is, "%s%s%s", q.currency, *q.per_currency ? "/" : "", q.per_currency);
    assert_string_equal(is, currency);
    assert_int_equal(fc_diag_size(diag), 0);
    free(message);
    fc_diag_free(diag);
}

static void reads_values_exactly(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(plain); i++)
        check(plain[i].text, &plain[i].want, plain[i].value, "");
    for (size_t i = 0; i < LENGTH(paid); i++)
        check(paid[i].text, &paid[i].want, paid[i].value, paid[i].currency);
}

static void names_the_last_day_of_a_period(void **state)
{
    (void)state;
    static const struct {
        const char *text, *first, *last;
    } periods[] = {
        {"2026-07", "2026-07-01", "2026-07-31"},
        {"2026년 2월", "2026-02-01", "2026-02-28"},
        {"2026. 7.", "2026-07-01", "2026-07-31"},
        {"2026-Q3", "2026-07-01", "2026-09-30"},
        {"2026년 3분기", "2026-07-01", "2026-09-30"},
        {"2026-H2", "2026-07-01", "2026-12-31"},
        {"2026년 하반기", "2026-07-01", "2026-12-31"},
        {"2026년 상반기", "2026-01-01", "2026-06-30"},
        {"2026-07-05", "2026-07-05", "2026-07-05"},
    };
    fc_unit_want want = WANT(DATE);
    for (size_t i = 0; i < LENGTH(periods); i++) {
        fc_quantity is, first, last;
        assert_int_equal(fc_quantity_parse(periods[i].text, &want, NULL, NULL, &is), FC_OK);
        assert_int_equal(fc_quantity_parse(periods[i].first, &want, NULL, NULL, &first), FC_OK);
        assert_int_equal(fc_quantity_parse(periods[i].last, &want, NULL, NULL, &last), FC_OK);
        assert_true(is.value == first.value);
        assert_true(is.last == last.value);
    }
}

static uint64_t next_random(uint64_t *x)
{
    *x ^= *x << 13, *x ^= *x >> 7, *x ^= *x << 17;
    return *x;
}

/* Any text ends in a value or in exactly one error. Texts from a fixed seed: half of them a number
 * and a unit, half any pieces that quantities are made of. The sanitizers watch. */
static void survives_any_text(void **state)
{
    (void)state;
    static const char *const numbers[] = {"1",           "18,000", "1.5e3", "0.3",   "3만",
                                          "1조 4,600억", "30 k",   "4 bn",  "7 m",   "2 million",
                                          "1만 8천 ",    "-5",     "1,800", "2026-", "5,00",
                                          "1만 9만",     "0x10",   "3~4"};
    static const char *const units[] = {
        " MW",    "kWh",         " KRW",  " KRW/kWh", "원/달러", " months", "년",        "개월 ",
        " GPUs",  "장",          " %",    "%/year",   "/day",    " m3",     " t",        " TFLOPS",
        " GPU-h", " gCO2eq/kWh", " TB/s", "",         "07-01",   " KW",     " USD/GPU-h"};
    static const char *const pieces[] = {"1",
                                         "0",
                                         "9",
                                         "18,000",
                                         ".",
                                         ",",
                                         "_",
                                         "e",
                                         "-",
                                         "+",
                                         " ",
                                         "/",
                                         "·",
                                         "*",
                                         "만",
                                         "억",
                                         "조",
                                         "천",
                                         "k",
                                         "m",
                                         "bn",
                                         "KRW",
                                         "원",
                                         "%",
                                         "MW",
                                         "months",
                                         "년",
                                         "월",
                                         "per",
                                         "GPU",
                                         "m3",
                                         "0x",
                                         "#",
                                         "$",
                                         "￦",
                                         "５",
                                         "\xff",
                                         "\xef\xbc",
                                         "~",
                                         "2026-07",
                                         "999999999999",
                                         "to"};
    uint64_t x = 88172645463325252u;
    size_t accepted = 0, runs = 40000;
    fc_diag *diag = fc_diag_create();
    for (size_t n = 0; n < runs; n++) {
        char text[512];
        uint64_t bits = next_random(&x);
        snprintf(text, sizeof text, "%s%s", numbers[bits % LENGTH(numbers)],
                 units[bits / 64 % LENGTH(units)]);
        if (n % 2 == 0) *text = '\0';
        for (size_t k = bits % 9; n % 2 == 0 && k > 0; k--)
            strcat(text, pieces[next_random(&x) % LENGTH(pieces)]);
        fc_unit_want want = {.dim = (fc_dim)(bits / 65536 % FC_DIM_LIMIT)};
        fc_quantity q;
        int ret = fc_quantity_parse(text, &want, NULL, diag, &q);
        assert_int_equal(fc_diag_size(diag), ret == FC_OK ? 0 : 1);
        assert_int_equal(fc_diag_first(diag), ret);
        if (ret == FC_OK) assert_true(isfinite(q.value));
        accepted += ret == FC_OK;
        if (n % 1000 == 0) {
            fc_diag_free(diag);
            diag = fc_diag_create();
        }
        fc_diag_clear(diag);
    }
    fc_diag_free(diag);
    assert_true(accepted > 500 && accepted < runs / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values_exactly),
        cmocka_unit_test(names_the_last_day_of_a_period),
        cmocka_unit_test(survives_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
