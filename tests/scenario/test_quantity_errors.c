/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Refusing quantities: every text that is refused gets exactly one sentence, and this one.
 */
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
#define WANT(d)                                                                                    \
    {                                                                                              \
        .dim = FC_DIM_##d                                                                          \
    }
#define ITEMS(d, i)                                                                                \
    {                                                                                              \
        .dim = FC_DIM_##d, .item = FC_ITEM_##i                                                     \
    }

/* clang-format off */
#define NUMBER_FORM(text, write) \
    FC_E_NUMBER_FORM, "'" text "' is not written as numbers are here (decimal digits, a comma every three " \
    "digits or none, a point before decimals, no spaces); write " write
#define NOT_QUANTITY(text, example) \
    FC_E_VALUE_NUMBER, "'" text "' is not a quantity; write for example " example
#define UNKNOWN(unit, text, expected) \
    FC_E_UNIT_UNKNOWN, "unknown unit '" unit "' in '" text "'; expected " expected
#define KIND(text, is, want) FC_E_UNIT_KIND, "'" text "' is " is "; " want
#define MULTIPLIER(m, text, write) \
    FC_E_UNIT_MULTIPLIER, "the multiplier '" m "' in '" text "' cannot be used here; write " write
#define TWO_WAYS(text, a, b) FC_E_VALUE_TWO_WAYS, "'" text "' can be read in two ways; write " a " or " b
#define LIMITS(text, example) FC_E_VALUE_LIMIT, "'" text "' is not a number that can be used: not finite, or too " \
    "large or too small; write for example " example
#define WIDTH(text, plain) FC_E_VALUE_WIDTH, "'" text "' has full-width or special characters; type plain ones: " plain
#define SIGN(text, write) FC_E_UNIT_SIGN, "'" text "' has a currency sign; write the currency's code: " write
#define SPAN(text) FC_E_VALUE_SPAN, "'" text "' looks like a range; one value is expected, or a range as " \
    "{low: ..., likely: ..., high: ...} under unknown: or varies:"
#define DATE(text, write) FC_E_DATE_FORM, "'" text "' is not a date as dates are written here; write it like " write

static const struct {
    fc_unit_want want;
    const char *text;
    int code;
    const char *en;
} refused[] = {
    /* numbers */
    {WANT(COUNT), "", FC_E_VALUE_EMPTY, "a value is missing; write for example 30,000"},
    {WANT(COUNT), "   ", FC_E_VALUE_EMPTY, "a value is missing; write for example 30,000"},
    {WANT(COUNT), "many", NOT_QUANTITY("many", "30,000")},
    {WANT(COUNT), "약 3만", NOT_QUANTITY("약 3만", "30,000")},
    {WANT(COUNT), "삼만 장", NOT_QUANTITY("삼만 장", "30,000")},
    {WANT(COUNT), "십만 장", NOT_QUANTITY("십만 장", "30,000")},
    {WANT(COUNT), "1만 20,000", NOT_QUANTITY("1만 20,000", "30,000")},
    {WANT(COUNT), "3천 2,000", NOT_QUANTITY("3천 2,000", "30,000")},
    {WANT(COUNT), "1만 2억", NOT_QUANTITY("1만 2억", "30,000")},
    {WANT(COUNT), "1만 0억", NOT_QUANTITY("1만 0억", "30,000")},
    {WANT(COUNT), "1.5만 2천", NOT_QUANTITY("1.5만 2천", "30,000")},
    {WANT(COUNT), "1e3만", NOT_QUANTITY("1e3만", "30,000")},
    {WANT(COUNT), "18,000 H100", NOT_QUANTITY("18,000 H100", "30,000")},
    {WANT(COUNT), "1 2 3", NOT_QUANTITY("1 2 3", "30,000")},
    {WANT(NUMBER), "12:30", NOT_QUANTITY("12:30", "1.5")},
    {WANT(NUMBER), "2e3.5", NOT_QUANTITY("2e3.5", "1.5")},
    {WANT(NUMBER), "1e", NOT_QUANTITY("1e", "1.5")},
    {WANT(NUMBER), "- 3", NOT_QUANTITY("- 3", "1.5")},
    {WANT(NUMBER), "true", NOT_QUANTITY("true", "1.5")},
    {WANT(NUMBER), "1,234.567,8", NOT_QUANTITY("1,234.567,8", "1.5")},
    {WANT(COUNT), "1,8000", NUMBER_FORM("1,8000", "18,000")},
    {WANT(COUNT), "1_8000", NUMBER_FORM("1_8000", "18,000")},
    {WANT(COUNT), "1,234_567", NUMBER_FORM("1,234_567", "1,234,567")},
    {WANT(COUNT), "1.460.000", NUMBER_FORM("1.460.000", "1,460,000")},
    {WANT(COUNT), "18.000", NUMBER_FORM("18.000", "18,000")},
    {WANT(COUNT), "1 460 000", NUMBER_FORM("1 460 000", "1,460,000")},
    {WANT(MONEY), "1.460.000 KRW", NUMBER_FORM("1.460.000 KRW", "1,460,000 KRW")},
    {WANT(POWER), "1 234 kW", NUMBER_FORM("1 234 kW", "1,234 kW")},
    {WANT(NUMBER), "1,5", NUMBER_FORM("1,5", "1.5")},
    {WANT(NUMBER), "0,500", NUMBER_FORM("0,500", "0.500")},
    {WANT(NUMBER), "1.234,5", NUMBER_FORM("1.234,5", "1,234.5")},
    {WANT(NUMBER), "007", NUMBER_FORM("007", "7")},
    {WANT(NUMBER), "5.", NUMBER_FORM("5.", "5")},
    {WANT(NUMBER), "0x1F", NUMBER_FORM("0x1F", "31")},
    {WANT(NUMBER), "0o17", NUMBER_FORM("0o17", "15")},
    {WANT(NUMBER), "0b101", NUMBER_FORM("0b101", "5")},
    {WANT(NUMBER), "1/4", NUMBER_FORM("1/4", "0.25")},
    {WANT(NUMBER), "nan", LIMITS("nan", "1.5")},
    {WANT(NUMBER), "-.inf", LIMITS("-.inf", "1.5")},
    {WANT(NUMBER), "Infinity", LIMITS("Infinity", "1.5")},
    {WANT(NUMBER), "1e400", LIMITS("1e400", "1.5")},
    {WANT(NUMBER), "1e-400", LIMITS("1e-400", "1.5")},
    {WANT(NUMBER), "1e999999999999", LIMITS("1e999999999999", "1.5")},
    {WANT(COUNT), "1e18", LIMITS("1e18", "30,000")},
    {WANT(COUNT), "9007199254740993", LIMITS("9007199254740993", "30,000")},
    {WANT(COUNT), "1.5", FC_E_VALUE_WHOLE, "'1.5' is not a whole number; write for example 30,000"},
    {WANT(SHARE), "５９％", WIDTH("５９％", "59%")},
    {WANT(COUNT), "１８，０００", WIDTH("１８，０００", "18,000")},
    {WANT(COUNT), "−5", WIDTH("−5", "-5")},
    {WANT(COUNT), "18\u00a0000", WIDTH("18\u00a0000", "18 000")},
    {WANT(NUMBER), "#REF!", FC_E_VALUE_SHEET, "'#REF!' is a spreadsheet's error mark, not a value; write for example 1.5"},
    {WANT(DURATION), "3-5 months", SPAN("3-5 months")},
    {WANT(DURATION), "3~5개월", SPAN("3~5개월")},
    {WANT(DURATION), "3 months - 5 months", SPAN("3 months - 5 months")},
    {WANT(POWER), "40 to 50 MW", SPAN("40 to 50 MW")},
    /* units */
    {WANT(POWER), "40", FC_E_UNIT_MISSING, "'40' needs a unit; write for example 40 MW (units here: MW, kW, GW, W)"},
    {WANT(SHARE), "59", FC_E_UNIT_MISSING, "'59' needs a unit; write for example 59 % (units here: %)"},
    {{.dim = FC_DIM_MONEY, .currency = "EUR"}, "1.46 tn", FC_E_UNIT_MISSING, "'1.46 tn' needs a unit; write for example 1.46 tn EUR (units here: EUR)"},
    {WANT(EXCHANGE), "1421", FC_E_UNIT_MISSING, "'1421' needs a unit; write for example 1421 KRW/USD (units here: KRW/USD)"},
    {WANT(RATE), "0.3", FC_E_UNIT_MISSING, "'0.3' needs a unit; write for example 0.3 /day (units here: /day, /year, /month, /h, %/year, jobs/day)"},
    {WANT(POWER), "40 mW", UNKNOWN("mW", "40 mW", "MW")},
    {WANT(POWER), "40 Mw", UNKNOWN("Mw", "40 Mw", "MW")},
    {WANT(POWER), "40 KW", UNKNOWN("KW", "40 KW", "kW")},
    {WANT(POWER), "40 MW (IT)", UNKNOWN("(IT)", "40 MW (IT)", "MW, kW, GW, W")},
    {WANT(POWER), "40 MW/", UNKNOWN("MW/", "40 MW/", "MW")},
    {WANT(ENERGY), "12 m", UNKNOWN("m", "12 m", "MWh, kWh, GWh, TWh, Wh")},
    {WANT(DURATION), "3 monhts", UNKNOWN("monhts", "3 monhts", "months")},
    {WANT(DURATION), "3 mths", UNKNOWN("mths", "3 mths", "months")},
    {WANT(DURATION), "27월", UNKNOWN("월", "27월", "개월")},
    {WANT(COUNT), "18,000 gpu", UNKNOWN("gpu", "18,000 gpu", "GPU")},
    {WANT(MONEY), "30,000 won", UNKNOWN("won", "30,000 won", "KRW")},
    {WANT(MONEY), "5 EUR USD", UNKNOWN("EUR USD", "5 EUR USD", "KRW")},
    {WANT(MASS), "5 tons", UNKNOWN("tons", "5 tons", "t")},
    {WANT(BYTES), "80 Gb", UNKNOWN("Gb", "80 Gb", "GB, TB, MB, PB")},
    {WANT(RATE), "3.79 per 1000 days", UNKNOWN("1000", "3.79 per 1000 days", "/day, /year, /month, /h, %/year, jobs/day")},
    {WANT(DURATION), "700 W", KIND("700 W", "a power", "a duration is expected here, e.g. 6 months")},
    {WANT(POWER), "40 MWh", KIND("40 MWh", "an energy", "a power is expected here, e.g. 40 MW")},
    {WANT(NUMBER), "59 %", KIND("59 %", "a share", "a plain number is expected here, e.g. 1.5")},
    {WANT(DURATION), "2026-07", KIND("2026-07", "a date", "a duration is expected here, e.g. 6 months")},
    {WANT(ENERGY_PRICE), "8320 KRW/kW-month", KIND("8320 KRW/kW-month", "a charge per power and month", "a price of energy is expected here, e.g. 172.99 KRW/kWh")},
    {WANT(DEMAND_PRICE), "172.99 KRW/kWh", KIND("172.99 KRW/kWh", "a price of energy", "a charge per power and month is expected here, e.g. 150,000 KRW/kW-month")},
    {WANT(EXCHANGE), "1421 KRW", KIND("1421 KRW", "an amount of money", "an exchange rate is expected here, e.g. 1,421.4 KRW/USD")},
    {WANT(EXCHANGE), "1 KRW/KRW", KIND("1 KRW/KRW", "something else", "an exchange rate is expected here, e.g. 1,421.4 KRW/USD")},
    {WANT(GPU_PRICE), "2.85 USD/h", KIND("2.85 USD/h", "something else", "a price of a GPU-hour is expected here, e.g. 2.85 USD/GPU-h")},
    {WANT(COMPUTE), "989 TFLOP", KIND("989 TFLOP", "an amount of computing", "a computing rate is expected here, e.g. 989 TFLOPS")},
    {ITEMS(COUNT, GPU), "40 racks", FC_E_UNIT_ITEM, "'40 racks' counts something else; GPUs are expected here, e.g. 30,000"},
    {ITEMS(ITEM_PRICE, GPU), "3 m USD/rack", FC_E_UNIT_ITEM, "'3 m USD/rack' counts something else; GPUs are expected here, e.g. 30,000 USD"},
    {WANT(RACK_POWER), "40 kW/server", FC_E_UNIT_ITEM, "'40 kW/server' counts something else; racks are expected here, e.g. 40 kW/rack"},
    {{.dim = FC_DIM_MONEY, .currency = "KRW"}, "30000 USD", FC_E_UNIT_CURRENCY, "'30000 USD' is in USD; KRW is expected here"},
    {{.dim = FC_DIM_EXCHANGE, .currency = "KRW", .per_currency = "USD"}, "0.0007 USD/KRW", FC_E_UNIT_CURRENCY, "'0.0007 USD/KRW' is in USD/KRW; KRW/USD is expected here"},
    {{.dim = FC_DIM_EXCHANGE, .currency = "KRW"}, "0.0007 USD/KRW", FC_E_UNIT_CURRENCY, "'0.0007 USD/KRW' is in USD/KRW; KRW/USD is expected here"},
    {{.dim = FC_DIM_EXCHANGE, .per_currency = "USD"}, "1600 KRW/EUR", FC_E_UNIT_CURRENCY, "'1600 KRW/EUR' is in KRW/EUR; KRW/USD is expected here"},
    {WANT(MONEY), "$30,000", SIGN("$30,000", "USD 30,000")},
    {WANT(MONEY), "30,000$", SIGN("30,000$", "USD 30,000")},
    {WANT(MONEY), "US$ 2.5 bn", SIGN("US$ 2.5 bn", "USD 2.5 bn")},
    {WANT(MONEY), "₩5,000", SIGN("₩5,000", "KRW 5,000")},
    {WANT(MONEY), "¥500", TWO_WAYS("¥500", "JPY 500", "CNY 500")},
    /* multipliers */
    {WANT(DURATION), "12 m", TWO_WAYS("12 m", "12 months", "12 minutes")},
    {WANT(DURATION), "1 h 30 m", TWO_WAYS("1 h 30 m", "1 h 30 months", "1 h 30 minutes")},
    {WANT(COUNT), "12m", MULTIPLIER("m", "12m", "12 million")},
    {WANT(COUNT), "30K", MULTIPLIER("K", "30K", "30 k")},
    {WANT(MONEY), "30M USD", MULTIPLIER("M", "30M USD", "30 million USD")},
    {WANT(MONEY), "1.46T KRW", MULTIPLIER("T", "1.46T KRW", "1.46 tn KRW")},
    {WANT(MONEY), "4B USD", MULTIPLIER("B", "4B USD", "4 bn USD")},
    {WANT(ENERGY), "5 bn kWh", MULTIPLIER("bn", "5 bn kWh", "5 billion kWh")},
    /* dates */
    {WANT(DATE), "2026-7-1", DATE("2026-7-1", "2026-07-01")},
    {WANT(DATE), "2026/07/01", DATE("2026/07/01", "2026-07-01")},
    {WANT(DATE), "20260701", DATE("20260701", "2026-07-01")},
    {WANT(DATE), "2026.7", DATE("2026.7", "2026-07")},
    {WANT(DATE), "13/01/2026", DATE("13/01/2026", "2026-01-13")},
    {WANT(DATE), "26-07-01", DATE("26-07-01", "2026-07-01")},
    {WANT(DATE), "2026-07-05T00:00:00", DATE("2026-07-05T00:00:00", "2026-07-05")},
    {WANT(DATE), "2026-13-01", DATE("2026-13-01", "2026-07-01")},
    {WANT(DATE), "July 2026", DATE("July 2026", "2026-07-01")},
    {WANT(DATE), "6 months", DATE("6 months", "2026-07-01")},
    {WANT(DATE), "07/01/2026", TWO_WAYS("07/01/2026", "2026-07-01", "2026-01-07")},
    {WANT(DATE), "2030", TWO_WAYS("2030", "2030-01-01", "2030-12-31")},
    {WANT(DATE), "2030년", TWO_WAYS("2030년", "2030-01-01", "2030-12-31")},
    {WANT(DATE), "45292", FC_E_DATE_SERIAL, "'45292' looks like a spreadsheet's day number; if it is, write 2024-01-01"},
    {WANT(DATE), "2026-02-30", FC_E_DATE_DAY, "there is no day '2026-02-30': 2026-02 has 28 days"},
    {WANT(DATE), "2026년 2월 29일", FC_E_DATE_DAY, "there is no day '2026년 2월 29일': 2026-02 has 28 days"},
};

static const struct {
    fc_unit_want want;
    const char *text, *ko;
} korean[] = {
    {WANT(DURATION), "700 W", "'700 W': 값의 종류가 다릅니다. 적힌 것: 전력, 필요한 것: 기간 (예: 6 months)"},
    {WANT(DURATION), "12 m", "'12 m': 두 가지로 읽힐 수 있습니다. 둘 중 하나로 쓰십시오: 12 months / 12 minutes"},
    {WANT(SHARE), "５９％", "'５９％': 전각 문자나 특수 문자가 있습니다. 반각으로 쓰십시오: 59%"},
    {WANT(POWER), "40", "'40': 단위가 필요합니다. 예: 40 MW (쓸 수 있는 단위: MW, kW, GW, W)"},
    {WANT(DATE), "2026-02-30", "'2026-02-30': 없는 날짜입니다. 2026-02의 일수: 28일"},
    {ITEMS(COUNT, GPU), "40 racks", "'40 racks': 세는 대상이 다릅니다. 여기서 세는 것: GPU(장) (예: 30,000)"},
};
/* clang-format on */

static void says_what_is_wrong(void **state)
{
    (void)state;
    fc_place place = {.file = "a.yaml", .line = 3, .column = 7, .path = "fleets.korea.x"};
    for (size_t i = 0; i < LENGTH(refused); i++) {
        fc_diag *diag = fc_diag_create();
        fc_quantity q = {.value = 42};
        int ret = fc_quantity_parse(refused[i].text, &refused[i].want, &place, diag, &q);
        char *text = fc_diag_sentence(diag, 0, FC_LANG_EN);
        if (ret != refused[i].code) print_error("%s: %d %s\n", refused[i].text, ret, text);
        assert_int_equal(ret, refused[i].code);
        assert_string_equal(text, refused[i].en);
        assert_int_equal(fc_diag_size(diag), 1);
        assert_int_equal(fc_diag_place(diag, 0).line, 3);
        assert_true(q.value == 42);
        free(text);
        fc_diag_free(diag);
        /* The list of errors may be absent. */
        assert_int_equal(fc_quantity_parse(refused[i].text, &refused[i].want, NULL, NULL, &q), ret);
    }
}

static void says_it_in_korean(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(korean); i++) {
        fc_diag *diag = fc_diag_create();
        fc_quantity q;
        assert_int_not_equal(fc_quantity_parse(korean[i].text, &korean[i].want, NULL, diag, &q),
                             FC_OK);
        char *text = fc_diag_sentence(diag, 0, FC_LANG_KO);
        assert_string_equal(text, korean[i].ko);
        free(text);
        fc_diag_free(diag);
    }
}

static void refuses_endless_text(void **state)
{
    (void)state;
    static char text[1 << 20];
    memset(text, '9', sizeof text - 1);
    fc_quantity q;
    assert_int_equal(fc_quantity_parse(text, &(fc_unit_want)WANT(COUNT), NULL, NULL, &q),
                     FC_E_VALUE_NUMBER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(says_it_in_korean),
        cmocka_unit_test(refuses_endless_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
