/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/quantity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernel/date.h"
#include "scenario/number_text.h"

enum { TEXT = 96 }; /* any formatted number or unit */

/* --- decimals -----------------------------------------------------------------------------------
 */

/* 0.d1d2d3... * 10^point */
typedef struct decimal {
    char digits[20];
    int count, point;
    bool negative;
} decimal;

static decimal to_decimal(double value, int figures)
{
    char text[40];
    decimal out = {.negative = value < 0};
    snprintf(text, sizeof text, "%.*e", figures - 1, fabs(value));
    const char *e = strchr(text, 'e');
    for (const char *p = text; p < e; p++)
        if (*p >= '0' && *p <= '9') out.digits[out.count++] = *p;
    while (out.count > 1 && out.digits[out.count - 1] == '0') out.count--;
    out.digits[out.count] = '\0';
    out.point = value == 0 ? 1 : (int)strtol(e + 1, NULL, 10) + 1;
    return out;
}

/* Three significant figures, more where the integer part has more. */
static decimal rounded(double value)
{
    double size = fabs(value);
    int figures = size < 1000 ? 3 : (int)floor(log10(size)) + 1;
    return to_decimal(figures > 3 ? round(value) : value, figures > 17 ? 17 : figures);
}

/* The fewest digits which, read in a unit of factor / divisor * 10^exp10, give back the value
 * exactly. 17 always do where factor is divisor; elsewhere false if they do not. */
static bool exact(double value, double factor, double divisor, int exp10, decimal *out)
{
    for (int figures = 1; figures <= 17; figures++) {
        *out = to_decimal(value * divisor / factor, figures);
        if (value != 0) out->point -= exp10;
        fc_number number = {.count = 1, .negative = out->negative};
        strcpy(number.terms[0].digits, out->digits);
        number.terms[0].exp10 = out->point - out->count;
        double back;
        if (fc_number_value(&number, exp10, factor, divisor, &back) && back == value) return true;
    }
    return false;
}

/* The digits left and right of the point, as in "14600" and "5". */
static void split(const decimal *d, char whole[TEXT], char part[TEXT])
{
    int n = 0, m = 0;
    for (int i = 0; i < d->point; i++) whole[n++] = i < d->count ? d->digits[i] : '0';
    if (n == 0) whole[n++] = '0';
    bool zero = d->count == 1 && d->digits[0] == '0';
    for (int i = d->point; i < 0 && !zero; i++) part[m++] = '0';
    for (int i = d->point > 0 ? d->point : 0; i < d->count && !zero; i++) part[m++] = d->digits[i];
    whole[n] = part[m] = '\0';
}

/* 18,000 or 0.59; beyond 18 digits before the point or 8 zeros after it, 1.5e30. */
static void add_western(const decimal *d, fc_text *out)
{
    if (d->negative) fc_text_add(out, "-");
    if (d->point > 18 || d->point < -8) {
        fc_text_printf(out, "%c%s%se%d", d->digits[0], d->count > 1 ? "." : "", d->digits + 1,
                       d->point - 1);
        return;
    }
    char whole[TEXT], part[TEXT];
    split(d, whole, part);
    fc_number_group(whole, strlen(whole), out);
    if (*part) fc_text_printf(out, ".%s", part);
}

/* 1조 4,600억. True if the last thing written is 만, 억 or 조: a space then follows. */
static bool add_korean(const decimal *d, fc_text *out)
{
    static const char *const words[] = {"", "만", "억", "조"};
    if (d->point < 5 || d->point > 18) {
        add_western(d, out);
        return false;
    }
    char whole[TEXT], part[TEXT];
    split(d, whole, part);
    if (d->negative) fc_text_add(out, "-");
    size_t length = strlen(whole), at = 0;
    bool word = false;
    for (int group = 3; group >= 0; group--) {
        size_t end = length > 4 * (size_t)group ? length - 4 * (size_t)group : 0;
        size_t from = at;
        at = end;
        while (from < end && whole[from] == '0') from++;
        bool last = group == 0 && *part;
        if (from == end && !last) continue;
        if (word) fc_text_add(out, " ");
        fc_number_group(from < end ? whole + from : "0", from < end ? end - from : 1, out);
        if (last) fc_text_printf(out, ".%s", part);
        fc_text_add(out, words[group]);
        word = group > 0;
    }
    return word;
}

/* --- money --------------------------------------------------------------------------------------
 */

const char *fc_currency_word(const char *code)
{
    static const struct {
        char code[4];
        const char *word;
    } words[] = {{"KRW", "원"}, {"USD", "달러"}, {"EUR", "유로"},
                 {"JPY", "엔"}, {"CNY", "위안"}, {"GBP", "파운드"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].code, code) == 0) return words[i].word;
    return code;
}

/* Money in Korean prose is cut to what the eye can hold: 억 from 100억 on, 100만 from 1억 on, 만
 * from 100만 on. */
static double cut_for_prose(double value)
{
    double size = fabs(value);
    double unit = size >= 1e10 ? 1e8 : size >= 1e8 ? 1e6 : size >= 1e6 ? 1e4 : 0;
    return unit > 0 ? round(value / unit) * unit : value;
}

static void add_money_ko(const fc_quantity *q, fc_figures figures, fc_text *out)
{
    bool word;
    if (figures == FC_FIGURES_TABLE) {
        char text[TEXT];
        snprintf(text, sizeof text, "%.1f", q->value / 1e8);
        size_t sign = text[0] == '-', whole = strcspn(text, ".");
        fc_text_addn(out, text, sign);
        fc_number_group(text + sign, whole - sign, out);
        fc_text_printf(out, "%s억", text + whole);
        word = true;
    } else {
        decimal d;
        double cut = cut_for_prose(q->value);
        if (figures == FC_FIGURES_EXACT)
            exact(q->value, 1, 1, 0, &d);
        else
            d = cut == q->value ? rounded(cut) : to_decimal(cut, 17);
        word = add_korean(&d, out);
    }
    const char *name = fc_currency_word(q->currency);
    fc_text_printf(out, "%s%s", word || name == q->currency ? " " : "", name);
}

static const struct {
    const char *word;
    int exp10;
} scales[] = {{" tn", 12}, {" bn", 9}, {" m", 6}, {"", 0}};

/* KRW 1.46 tn: in exact figures the scale that makes the shortest text, else the largest that
 * fits, in tables bn for won and yen and m for others. */
static void add_money_en(const fc_quantity *q, fc_figures figures, fc_text *out)
{
    fc_text best = FC_TEXT_EMPTY, now = FC_TEXT_EMPTY;
    bool small_unit = strcmp(q->currency, "KRW") == 0 || strcmp(q->currency, "JPY") == 0;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        double unit = pow(10, scales[i].exp10);
        fc_text_clear(&now);
        if (figures == FC_FIGURES_EXACT) {
            decimal d;
            if (fabs(q->value) < unit && scales[i].exp10 > 0) continue;
            if (!exact(q->value, 1, 1, scales[i].exp10, &d)) continue;
            add_western(&d, &now);
        } else if (figures == FC_FIGURES_TABLE) {
            if (scales[i].exp10 != (small_unit ? 9 : 6)) continue;
            char text[TEXT];
            snprintf(text, sizeof text, "%.1f", q->value / unit);
            size_t sign = text[0] == '-', whole = strcspn(text, ".");
            fc_text_addn(&now, text, sign);
            fc_number_group(text + sign, whole - sign, &now);
            fc_text_add(&now, text + whole);
        } else {
            if (fabs(q->value) < 0.9995 * unit && scales[i].exp10 > 0) continue;
            decimal d = rounded(q->value / unit);
            add_western(&d, &now);
        }
        fc_text_add(&now, scales[i].word);
        bool first = best.length == 0;
        if (first || (figures == FC_FIGURES_EXACT && now.length < best.length)) {
            fc_text_clear(&best);
            fc_text_addn(&best, now.data, now.failed ? 0 : now.length);
        }
    }
    if (best.failed || now.failed) out->failed = true;
    fc_text_printf(out, "%s %s", q->currency, best.data ? best.data : "");
    fc_text_free(&best);
    fc_text_free(&now);
}

/* --- other units --------------------------------------------------------------------------------
 */

/* The units a kind is shown in. */
typedef struct shown {
    const char *en, *ko;
} shown;

enum { SHOWN = 6 };

/* clang-format off */
static const shown units[FC_DIM_LIMIT][SHOWN] = {
    [FC_DIM_SHARE] = {{"%", "%"}},
    [FC_DIM_DURATION] = {{"days", "일"}, {"months", "개월"}, {"years", "년"}, {"hours", "시간"},
                         {"minutes", "분"}, {"seconds", "초"}},
    [FC_DIM_POWER] = {{"GW", "GW"}, {"MW", "MW"}, {"kW", "kW"}, {"W", "W"}},
    [FC_DIM_RACK_POWER] = {{"kW/rack", "kW/랙"}, {"W/rack", "W/랙"}},
    [FC_DIM_ENERGY] = {{"TWh", "TWh"}, {"GWh", "GWh"}, {"MWh", "MWh"}, {"kWh", "kWh"}},
    [FC_DIM_COMPUTE] = {{"EFLOPS", "EFLOPS"}, {"PFLOPS", "PFLOPS"}, {"TFLOPS", "TFLOPS"}, {"GFLOPS", "GFLOPS"}},
    [FC_DIM_WORK] = {{"ZFLOP", "ZFLOP"}, {"EFLOP", "EFLOP"}, {"PFLOP", "PFLOP"}, {"FLOP", "FLOP"}},
    [FC_DIM_GPU_TIME] = {{"GPU-h", "GPU·시간"}},
    [FC_DIM_BYTES] = {{"PB", "PB"}, {"TB", "TB"}, {"GB", "GB"}, {"MB", "MB"}, {"B", "B"}},
    [FC_DIM_BANDWIDTH] = {{"TB/s", "TB/s"}, {"GB/s", "GB/s"}, {"B/s", "B/s"}},
    [FC_DIM_MASS] = {{"MtCO2eq", "MtCO2eq"}, {"ktCO2eq", "ktCO2eq"}, {"tCO2eq", "tCO2eq"}, {"kgCO2eq", "kgCO2eq"}},
    [FC_DIM_EMISSION] = {{"gCO2eq/kWh", "gCO2eq/kWh"}, {"kg/kWh", "kg/kWh"}},
    [FC_DIM_VOLUME] = {{"m3", "㎥"}},
    [FC_DIM_WATER_USE] = {{"L/kWh", "L/kWh"}},
    [FC_DIM_WATER_RATE] = {{"m3/day", "㎥/일"}},
    [FC_DIM_RATE] = {{"/year", "/년"}, {"/month", "/월"}, {"/day", "/일"}, {"/h", "/시간"}, {"/s", "/초"},
                     {"%/year", "%/년"}},
};
/* What follows the money in a price. */
static const shown per[FC_DIM_LIMIT] = {
    [FC_DIM_ENERGY_PRICE] = {"/kWh", "/kWh"},
    [FC_DIM_POWER_PRICE] = {"/kW", "/kW"},
    [FC_DIM_DEMAND_PRICE] = {"/kW-month", "/kW·월"},
    [FC_DIM_GPU_PRICE] = {"/GPU-h", "/GPU·시간"},
    [FC_DIM_CARBON_PRICE] = {"/t", "/t"},
};
/* clang-format on */

/* "40 MW", "59 %", "27 months" and "1 month"; in Korean "27개월", "59%". */
static void add_unit(const shown *unit, const decimal *d, fc_dim dim, fc_lang lang, fc_text *out)
{
    bool one = d->count == 1 && d->digits[0] == '1' && d->point == 1;
    size_t length = strlen(unit->en);
    add_western(d, out);
    if (lang == FC_LANG_KO)
        fc_text_printf(out, "%s%s",
                       (unsigned char)unit->ko[0] < 0x80 && *unit->ko != '%' ? " " : "", unit->ko);
    else if (dim == FC_DIM_DURATION && one)
        fc_text_printf(out, " %.*s", (int)length - 1, unit->en);
    else
        fc_text_printf(out, " %s", unit->en);
}

/* Durations are rounded in days and less, not in months; percents are for shares that change, not
 * for events of things. */
static bool suits(const shown *unit, const fc_quantity *q, fc_figures figures)
{
    bool long_time = strcmp(unit->en, "months") == 0 || strcmp(unit->en, "years") == 0;
    if (q->dim == FC_DIM_DURATION && figures != FC_FIGURES_EXACT && long_time) return false;
    return q->dim != FC_DIM_RATE || unit->en[0] != '%' || q->item == FC_ITEM_ANY;
}

/* How good a unit is, less is better. Exact: the length of the text, but 100 MW before 0.1 GW.
 * Round: the smallest number of at least 1, else the largest. */
static double badness(const decimal *d, double inside, fc_figures figures)
{
    if (figures != FC_FIGURES_EXACT)
        return d->point >= 1 ? fabs(inside) : 1e300 * (1 - fabs(inside) / 2);
    fc_text text = FC_TEXT_EMPTY;
    add_western(d, &text);
    double length = (double)text.length + (d->point < 1 ? 2 : 0);
    fc_text_free(&text);
    return length;
}

static void add_measure(const fc_quantity *q, fc_figures figures, fc_lang lang, fc_text *out)
{
    const shown base = {fc_dim_base(q->dim), fc_dim_base(q->dim)};
    const shown *chosen = NULL;
    decimal best = {0};
    double least = INFINITY;
    double months = q->value / FC_MONTH; /* 27 months stay 27 months in round figures too */
    if (q->dim == FC_DIM_DURATION && months == floor(months)) figures = FC_FIGURES_EXACT;
    for (const shown *u = units[q->dim]; u < units[q->dim] + SHOWN && u->en; u++) {
        fc_unit unit;
        const char *bad;
        size_t bad_length;
        double factor, divisor;
        int exp10;
        if (!suits(u, q, figures)) continue;
        if (!fc_unit_parse(u->en, strlen(u->en), &unit, &bad, &bad_length)) continue;
        fc_unit_scale(&unit, q->dim, &factor, &divisor, &exp10);
        double inside = q->value * divisor / factor / pow(10, exp10);
        decimal d = rounded(inside);
        if (figures == FC_FIGURES_EXACT && !exact(q->value, factor, divisor, exp10, &d)) continue;
        double now = badness(&d, inside, figures);
        if (now > least || (now == least && q->value != 0)) continue;
        least = now;
        best = d;
        chosen = u;
    }
    if (!chosen) exact(q->value, 1, 1, 0, &best);
    add_unit(chosen ? chosen : &base, &best, q->dim, lang, out);
}

static void add_count(const fc_quantity *q, fc_figures figures, fc_lang lang, fc_text *out)
{
    static const char *const words[FC_ITEM_LIMIT] = {"", "장", "대", "랙", "명", "건", "토큰"};
    decimal d;
    if (figures == FC_FIGURES_EXACT)
        exact(q->value, 1, 1, 0, &d);
    else
        d = rounded(q->value);
    if (lang == FC_LANG_KO && q->dim == FC_DIM_COUNT) {
        bool space = add_korean(&d, out) && *words[q->item];
        fc_text_printf(out, "%s%s", space ? " " : "", words[q->item]);
    } else {
        add_western(&d, out);
    }
}

static void add_exchange(const fc_quantity *q, fc_figures figures, fc_lang lang, fc_text *out)
{
    decimal d;
    if (figures != FC_FIGURES_EXACT || !exact(q->value, 1, 1, 0, &d))
        d = to_decimal(q->value, fabs(q->value) < 1000 ? 4 : 5);
    add_western(&d, out);
    if (lang == FC_LANG_KO)
        fc_text_printf(out, "%s%s/%s", fc_currency_word(q->currency) == q->currency ? " " : "",
                       fc_currency_word(q->currency), fc_currency_word(q->per_currency));
    else
        fc_text_printf(out, " %s/%s", q->currency, q->per_currency);
}

static void add_date(const fc_quantity *q, fc_figures figures, fc_lang lang, fc_text *out)
{
    char text[FC_DATE_TEXT];
    fc_date_style style = lang == FC_LANG_EN            ? FC_DATE_ISO
                          : figures == FC_FIGURES_TABLE ? FC_DATE_KO_DOTS
                                                        : FC_DATE_KO_LONG;
    fc_text_add(out, fc_date_format(fc_date_of_days((int64_t)floor(q->value)), style, text));
}

void fc_quantity_format(const fc_quantity *q, fc_figures figures, fc_lang lang, fc_text *out)
{
    if (q->dim == FC_DIM_DATE) {
        add_date(q, figures, lang, out);
    } else if (q->dim == FC_DIM_NUMBER || q->dim == FC_DIM_COUNT) {
        add_count(q, figures, lang, out);
    } else if (q->dim == FC_DIM_EXCHANGE) {
        add_exchange(q, figures, lang, out);
    } else if (strncmp(fc_dim_base(q->dim), "XXX", 3) == 0) {
        if (figures == FC_FIGURES_TABLE && q->dim != FC_DIM_MONEY) figures = FC_FIGURES_SHORT;
        if (lang == FC_LANG_KO)
            add_money_ko(q, figures, out);
        else
            add_money_en(q, figures, out);
        const char *tail = lang == FC_LANG_KO ? per[q->dim].ko : per[q->dim].en;
        if (tail) fc_text_add(out, tail);
    } else {
        add_measure(q, figures, lang, out);
    }
}
