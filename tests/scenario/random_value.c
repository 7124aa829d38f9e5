/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_value.h"

#include <assert.h>
#include <math.h>
#include <string.h>
#include "kernel/date.h"

int random_below(fc_stream *stream, int n)
{
    return (int)fc_stream_below(stream, (uint64_t)n);
}

double random_between(fc_stream *stream, double low, double high)
{
    return low + (high - low) * fc_stream_uniform(stream);
}

/* ---- how large ------------------------------------------------------------------------------ */

/* In the key's base unit: s, W, days from the start for dates; money in US dollars. */
typedef struct size {
    const char *section, *key; /* NULL: all (other) keys of the kind */
    fc_dim dim;
    double low, high;
} size;

static const size sizes[] = {
    {"accelerator", "per_server", FC_DIM_COUNT, 1, 9},
    {"accelerator", "server_power", FC_DIM_POWER, 1e3, 20e3},
    {"accelerator", "on_sale", FC_DIM_DATE, -300, 400},
    {"accelerator", "bf16_dense", FC_DIM_COMPUTE, 1e14, 3e15},
    {"budget", "requested_on", FC_DIM_DATE, -400, -250},
    {"budget", "introduced", FC_DIM_DATE, -240, -70},
    {"budget", "enacted", FC_DIM_DATE, -60, 700},
    {"budget", "carry_over", FC_DIM_DURATION, 0, 3 * FC_YEAR},
    {"budget", "private_share", FC_DIM_SHARE, 0, 0.6},
    {"lines", "gpu", FC_DIM_SHARE, 0, 0.5},
    {"lines", "building", FC_DIM_SHARE, 0, 0.3},
    {"lines", "running", FC_DIM_SHARE, 0, 0.2},
    {"apportioned", "q1", FC_DIM_SHARE, 0, 0.33},
    {"apportioned", "q2", FC_DIM_SHARE, 0, 0.33},
    {"apportioned", "q3", FC_DIM_SHARE, 0, 0.33},
    {"payments", "advance", FC_DIM_SHARE, 0, 0.5},
    {"payments", "acceptance", FC_DIM_SHARE, 0, 0.5},
    {"valuation", "discount_rate", FC_DIM_RATE, 0, 0.2 / FC_YEAR},
    {"valuation", "inflation", FC_DIM_RATE, 0, 0.2 / FC_YEAR},
    {"walk", "volatility", FC_DIM_SHARE, 0, 0.3},
    {"programme", "service_life", FC_DIM_DURATION, 40 * FC_DAY, 700 * FC_DAY},
    {"programme.term", "lasts", FC_DIM_DURATION, 40 * FC_DAY, 700 * FC_DAY},
    {"programme.term", "renewal", FC_DIM_DURATION, 40 * FC_DAY, 400 * FC_DAY},
    {"programme", "install", FC_DIM_DURATION, 0, 60 * FC_DAY},
    {"stock", "since", FC_DIM_DATE, -900, 300},
    {"target", "gpus", FC_DIM_COUNT, 1, 900},
    {"target", "by", FC_DIM_DATE, -100, 1300},
    {"upkeep", "crews", FC_DIM_COUNT, 1, 5},
    {"upkeep", "spares", FC_DIM_COUNT, 0, 5},
    {"upkeep", "exact_up_to", FC_DIM_COUNT, 0, 20},
    {"upkeep", "repair_time", FC_DIM_DURATION, 0, 30 * FC_DAY},
    {"shock.when", "threshold", FC_DIM_NUMBER, 1, 500},
    {"policy.when", "threshold", FC_DIM_NUMBER, 1, 500},
    {"accelerator", "peak_power", FC_DIM_POWER, 500, 15e3},
    {"accelerator", "idle_power", FC_DIM_POWER, 0, 3e3},
    {"running_cost", "maintenance", FC_DIM_RATE, 0, 0.2 / FC_YEAR},
    {"running_cost", "written_off", FC_DIM_DURATION, 300 * FC_DAY, 3000 * FC_DAY},
    {"running_cost", "arrears_limit", FC_DIM_MONEY, 0, 100e3},
    {"tariff", "fund", FC_DIM_SHARE, 0, 0.1},
    {"tariff", "vat", FC_DIM_SHARE, 0, 0.2},
    {"windows", "length", FC_DIM_DURATION, 2 * FC_DAY, 20 * FC_DAY},
    {"windows", "a_quarter", FC_DIM_COUNT, 1, 4},
    {"demand", "rebound", FC_DIM_NUMBER, 0, 1.2},
    {"work_per_result", NULL, FC_DIM_NUMBER, 0.2, 1.5},
    {"frontier_run", "mfu", FC_DIM_SHARE, 0.1, 0.6},
    {"pool", "share", FC_DIM_SHARE, 0, 0.5},
    {"class", "arrivals", FC_DIM_RATE, 0, 0.2 / FC_DAY},
    {"class", "gpus", FC_DIM_COUNT, 1, 60},
    {"class", "duration", FC_DIM_DURATION, 0, 20 * FC_DAY},
    {"class", "estimate", FC_DIM_NUMBER, 0.3, 3},
    {"class", "patience", FC_DIM_DURATION, 0, 20 * FC_DAY},
    {"class", "priority", FC_DIM_COUNT, 0, 5},
    {"class", "checkpoint", FC_DIM_DURATION, 0, FC_DAY},
    {"class", "share", FC_DIM_NUMBER, 0.1, 4},
    {"class", "quota", FC_DIM_COUNT, 1, 200},
    {"class", "skew", FC_DIM_NUMBER, 0, 2},
    {"grant_jobs", "arrivals", FC_DIM_RATE, 0, 0.2 / FC_DAY},
    {"grant_jobs", "gpus", FC_DIM_COUNT, 1, 60},
    {"grant_jobs", "duration", FC_DIM_DURATION, 0, 10 * FC_DAY},
    {"grant_jobs", "checkpoint", FC_DIM_DURATION, 0, FC_DAY},
    {"call", "closes", FC_DIM_DATE, -100, 300},
    {"call", "every", FC_DIM_DURATION, 10 * FC_DAY, 200 * FC_DAY},
    {"call", "review", FC_DIM_DURATION, 0, 100 * FC_DAY},
    {"call", "cap", FC_DIM_COUNT, 5, 100},
    {"call", "term", FC_DIM_DURATION, FC_DAY, 400 * FC_DAY},
    {"reclaim", "every", FC_DIM_DURATION, 10 * FC_DAY, 100 * FC_DAY},
    {"service", "users", FC_DIM_COUNT, 0, 50e3},
    {"service", "tokens_per_user", FC_DIM_RATE, 0, 10e3 / FC_DAY},
    {"service", "tokens_per_gpu", FC_DIM_RATE, 10, 50},
    {"service", "target_load", FC_DIM_SHARE, 0.3, 1},
    {"service", "replica", FC_DIM_COUNT, 1, 12},
    {"service", "at_least", FC_DIM_COUNT, 0, 30},
    {"service", "scale_up_delay", FC_DIM_DURATION, 0, 2 * FC_HOUR},
    {"service", "scale_down_delay", FC_DIM_DURATION, 0, 30 * FC_HOUR},
    {NULL, NULL, FC_DIM_NUMBER, 1, 2},
    {NULL, NULL, FC_DIM_WORK, 1e20, 1e25},
    {NULL, NULL, FC_DIM_COUNT, 0, 400},
    {NULL, NULL, FC_DIM_SHARE, 0, 1},
    {NULL, NULL, FC_DIM_DURATION, 0, 300 * FC_DAY},
    {NULL, NULL, FC_DIM_DATE, -100, 1000},
    {NULL, NULL, FC_DIM_POWER, 0, 400e3},
    {NULL, NULL, FC_DIM_MONEY, 0, 10e6},
    {NULL, NULL, FC_DIM_ITEM_PRICE, 5e3, 60e3},
    {NULL, NULL, FC_DIM_POWER_PRICE, 0, 10e3},
    {NULL, NULL, FC_DIM_EXCHANGE, 0.8, 1.2},
    {NULL, NULL, FC_DIM_RATE, 0, 10 / FC_YEAR},
    {NULL, NULL, FC_DIM_ENERGY_PRICE, 0, 0.3},
    {NULL, NULL, FC_DIM_DEMAND_PRICE, 0, 150},
    {NULL, NULL, FC_DIM_GPU_PRICE, 0, 0.5},
    {NULL, NULL, FC_DIM_EMISSION, 0, 0.6},
    {NULL, NULL, FC_DIM_WATER_USE, 0, 3},
    {NULL, NULL, FC_DIM_WATER_RATE, 0, 40},
};

static const size *size_of(const random_want *want)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const size *s = &sizes[i];
        if (s->dim != want->key->want.dim) continue;
        if (s->section && strcmp(s->section, want->section) != 0) continue;
        if (!s->key || strcmp(s->key, want->key->name) == 0) return s;
    }
    assert(false && "a kind of quantity that has no usual size here yet");
    return &sizes[0];
}

/* Units of a currency that are about a dollar. */
static double worth(const char *currency)
{
    return strcmp(currency, "KRW") == 0 ? 1400 : 1;
}

/* ---- a quantity ----------------------------------------------------------------------------- */

static void put_date(fc_stream *stream, double day, fc_text *out)
{
    fc_date date = fc_date_of_days(fc_date_days((fc_date){2025, 1, 1}) + (int64_t)floor(day));
    if (random_below(stream, 8) == 0)
        fc_text_printf(out, "%d년 %d월 %d일", date.year, date.month, date.day);
    else
        fc_text_printf(out, "%04d-%02d-%02d", date.year, date.month, date.day);
}

static void put_duration(fc_stream *stream, double seconds, fc_text *out)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"days", FC_DAY},   {"months", FC_YEAR / 12}, {"weeks", 7 * FC_DAY},
                 {"hours", 3600},    {"개월", FC_YEAR / 12},   {"일", FC_DAY},
                 {"years", FC_YEAR}, {"days", FC_DAY}};
    int i = random_below(stream, 8);
    fc_text_printf(out, "%.6g %s", seconds / units[i].seconds, units[i].unit);
}

static void put_count(fc_stream *stream, fc_item item, double count, fc_text *out)
{
    static const char *const of_gpus[] = {"", "", " GPUs", " 장"};
    const char *unit = item == FC_ITEM_GPU ? of_gpus[random_below(stream, 4)] : "";
    fc_text_printf(out, "%.0f%s", rint(count), unit);
}

static void put_money(fc_stream *stream, const char *currency, double amount, fc_text *out)
{
    if (strcmp(currency, "KRW") == 0 && random_below(stream, 3) == 0)
        fc_text_printf(out, "%.8g만 원", amount / 1e4);
    else if (random_below(stream, 3) == 0)
        fc_text_printf(out, "%.8g m %s", amount / 1e6, currency);
    else
        fc_text_printf(out, "%.10g %s", amount, currency);
}

/* x in the units of the table above. */
static void put(fc_stream *stream, const random_want *want, double x, fc_text *out)
{
    fc_unit_want kind = want->key->want;
    switch (kind.dim) {
    case FC_DIM_COUNT:
        put_count(stream, kind.item, x, out);
        return;
    case FC_DIM_SHARE:
        fc_text_printf(out, "%.6g %%", 100 * x);
        return;
    case FC_DIM_DURATION:
        put_duration(stream, x, out);
        return;
    case FC_DIM_DATE:
        put_date(stream, x, out);
        return;
    case FC_DIM_POWER:
        if (random_below(stream, 2) == 0)
            fc_text_printf(out, "%.6g kW", x / 1e3);
        else
            fc_text_printf(out, "%.6g MW", x / 1e6);
        return;
    case FC_DIM_MONEY:
        put_money(stream, want->currency, x * worth(want->currency), out);
        return;
    case FC_DIM_ITEM_PRICE:
        fc_text_printf(out, "%.8g %s%s", x * worth(want->currency), want->currency,
                       random_below(stream, 2) ? "/GPU" : "");
        return;
    case FC_DIM_POWER_PRICE:
        fc_text_printf(out, "%.8g %s/kW", x * worth(want->currency), want->currency);
        return;
    case FC_DIM_EXCHANGE:
        fc_text_printf(out, "%.6g %s/%s", x * worth(want->currency), want->currency,
                       kind.per_currency);
        return;
    case FC_DIM_COMPUTE:
        fc_text_printf(out, "%.6g TFLOPS", x / 1e12);
        return;
    case FC_DIM_RATE:
        if (kind.item == FC_ITEM_TOKEN)
            fc_text_printf(out, "%.6g tokens/day", x * FC_DAY);
        else if (kind.item == FC_ITEM_JOB)
            fc_text_printf(out, "%.6g jobs/day", x * FC_DAY);
        else
            fc_text_printf(out, "%.6g /%syear", x * FC_YEAR,
                           kind.item == FC_ITEM_SERVER ? "server-" : "");
        return;
    case FC_DIM_WORK:
        fc_text_printf(out, "%.6g FLOP", x);
        return;
    case FC_DIM_ENERGY_PRICE:
    case FC_DIM_DEMAND_PRICE:
    case FC_DIM_GPU_PRICE:
        fc_text_printf(out, "%.8g %s/%s", x * worth(want->currency), want->currency,
                       kind.dim == FC_DIM_ENERGY_PRICE   ? "kWh"
                       : kind.dim == FC_DIM_DEMAND_PRICE ? "kW-month"
                                                         : "GPU-h");
        return;
    case FC_DIM_EMISSION:
        fc_text_printf(out, "%.6g gCO2eq/kWh", x * 1e3);
        return;
    case FC_DIM_WATER_USE:
        fc_text_printf(out, "%.6g L/kWh", x);
        return;
    case FC_DIM_WATER_RATE:
        fc_text_printf(out, "%.6g m3/day", x);
        return;
    default:
        fc_text_printf(out, "%.6g", x);
    }
}

/* What is written can tell two numbers apart if they lie this far apart. */
static double grain(const random_want *want)
{
    fc_dim dim = want->key->want.dim;
    return dim == FC_DIM_COUNT || dim == FC_DIM_DATE ? 1 : 0;
}

/* n numbers in ascending order, well apart; n at most 4. */
static bool ascending(fc_stream *stream, const random_want *want, int n, double x[4])
{
    const size *s = size_of(want);
    double step = (s->high - s->low) / n;
    for (int i = 0; i < n; i++) {
        x[i] = s->low + step * (i + random_between(stream, 0.1, 0.9));
        if (grain(want) > 0) x[i] = rint(x[i]);
        if (i > 0 && x[i] <= x[i - 1] + grain(want) / 2) return false;
    }
    return true;
}

void random_quantity(fc_stream *stream, const random_want *want, fc_text *out)
{
    const size *s = size_of(want);
    double x = random_between(stream, s->low, s->high);
    /* Nothing at all is a case of its own. */
    if (s->low == 0 && random_below(stream, 12) == 0) x = 0;
    put(stream, want, x, out);
}

/* ---- what is drawn -------------------------------------------------------------------------- */

static void put_named(fc_stream *stream, const random_want *want, const char *const *names,
                      const double *x, int n, fc_text *out)
{
    fc_text_add(out, "{");
    for (int i = 0; i < n; i++) {
        fc_text_printf(out, "%s%s: ", i ? ", " : "", names[i]);
        put(stream, want, x[i], out);
    }
    fc_text_add(out, "}");
}

static void put_table(fc_stream *stream, const random_want *want, const double *x, fc_text *out)
{
    static const char *const shares[] = {"20 %", "0.5", "30 %"};
    bool weighted = random_below(stream, 2) == 0;
    fc_text_add(out, weighted ? "{one_of: {" : "{sample: [");
    for (int i = 0; i < 3; i++) {
        if (i) fc_text_add(out, ", ");
        put(stream, want, x[i], out);
        if (weighted) fc_text_printf(out, ": %s", shares[i]);
    }
    fc_text_add(out, weighted ? "}}" : "]}");
}

/* A long tail: for quantities that may be anything from zero on. */
static void put_tailed(fc_stream *stream, const random_want *want, const double *x, bool nested,
                       fc_text *out)
{
    switch (nested ? random_below(stream, 5) : 4) {
    case 0:
        fc_text_add(out, "{distribution: exponential, mean: ");
        break;
    case 1:
        fc_text_add(out, "{distribution: gamma, shape: 2.5, scale: ");
        break;
    case 2:
        fc_text_add(out, "{distribution: weibull, shape: 1.5, scale: ");
        break;
    case 3: /* nobody knows what is usual */
        fc_text_add(out, "{usual: {unknown: {low: ");
        put(stream, want, x[0], out);
        fc_text_add(out, ", high: ");
        put(stream, want, x[1], out);
        fc_text_add(out, "}}, bad_1_in_20: ");
        put(stream, want, x[2], out);
        fc_text_add(out, "}");
        return;
    default:
        put_named(stream, want, (const char *const[]){"usual", "bad_1_in_20"}, x, 2, out);
        return;
    }
    put(stream, want, x[1], out);
    fc_text_add(out, "}");
}

static bool has_long_tail(const random_want *want)
{
    fc_dim dim = want->key->want.dim;
    return want->key->min == 0 && want->key->max > 0 && dim != FC_DIM_SHARE && dim != FC_DIM_COUNT;
}

static void put_drawn(fc_stream *stream, const random_want *want, bool varies, fc_text *out)
{
    static const char *const three[] = {"low", "likely", "high"};
    static const char *const two[] = {"low", "high"};
    double x[4];
    if (!ascending(stream, want, 3, x)) {
        put_named(stream, want, two, (const double[]){size_of(want)->low, size_of(want)->high}, 2,
                  out);
        return;
    }
    switch (random_below(stream, 7)) {
    case 0:
        put_named(stream, want, two, x, 2, out);
        return;
    case 1:
        put_table(stream, want, x, out);
        return;
    case 2:
        fc_text_printf(out,
                       "{distribution: %s, low: ", random_below(stream, 2) ? "triangular" : "pert");
        put(stream, want, x[0], out);
        fc_text_add(out, ", likely: ");
        put(stream, want, x[1], out);
        fc_text_add(out, ", high: ");
        put(stream, want, x[2], out);
        fc_text_add(out, "}");
        return;
    case 3:
    case 4:
        if (want->key->want.dim == FC_DIM_SHARE && want->key->min == 0 && want->key->max == 1) {
            int passed = random_below(stream, 5);
            fc_text_printf(out, "{passed: %d, of: %d}", passed, 4 + random_below(stream, 9));
            return;
        }
        if (has_long_tail(want)) {
            put_tailed(stream, want, x, varies, out);
            return;
        }
        /* fall through */
    default:
        put_named(stream, want, three, x, 3, out);
    }
}

/* ---- expressions ---------------------------------------------------------------------------- */

static fc_form put_part(fc_stream *stream, const random_want *want, unsigned may, fc_text *out)
{
    bool unknown = (may & FC_MAY_UNKNOWN) && random_below(stream, 3) == 0;
    bool varies = (may & FC_MAY_VARY) && random_below(stream, 2) == 0;
    if (!unknown && !varies) {
        random_quantity(stream, want, out);
        return FC_FORM_NUMBER;
    }
    fc_text_add(out, varies ? "{varies: " : "{unknown: ");
    put_drawn(stream, want, varies, out);
    fc_text_add(out, "}");
    return varies ? FC_FORM_VARIES : FC_FORM_UNKNOWN;
}

static void put_path(fc_stream *stream, const random_want *want, unsigned may, fc_text *out)
{
    const size *s = size_of(want);
    bool cumulative = want->key->want.dim == FC_DIM_COUNT;
    double day = random_between(stream, -200, 300), count = 0;
    int n = 1 + random_below(stream, 4);
    fc_text_add(out, "{");
    for (int i = 0; i < n; i++) {
        fc_text_add(out, i ? ", " : "");
        put_date(stream, day, out);
        fc_text_add(out, ": ");
        day += random_between(stream, 1, 300);
        if (cumulative) { /* mostly more and more */
            count +=
                random_between(stream, random_below(stream, 5) ? 0 : -s->high / 3, s->high / 2);
            if (count < s->low) count = s->low;
            put(stream, want, count, out);
        } else {
            put_part(stream, want, may & (FC_MAY_UNKNOWN | FC_MAY_VARY), out);
        }
    }
    fc_text_add(out, "}");
}

static fc_form put_expression(fc_stream *stream, const random_want *want, unsigned may,
                              fc_text *out)
{
    bool steps = may & FC_MAY_STEP, linear = may & FC_MAY_LINEAR;
    if (!steps || random_below(stream, 2) == 0) return put_part(stream, want, may, out);
    linear = linear && random_below(stream, 2) == 0;
    if (linear) fc_text_add(out, "{linear: ");
    put_path(stream, want, may, out);
    if (linear) fc_text_add(out, "}");
    return linear ? FC_FORM_LINEAR : FC_FORM_STEP;
}

fc_form random_value(fc_stream *stream, const random_want *want, unsigned may, fc_text *out)
{
    bool remarks = random_below(stream, 6) == 0;
    fc_form form;
    if (remarks) fc_text_add(out, "{value: ");
    form = put_expression(stream, want, may, out);
    if (remarks)
        fc_text_printf(out, ", source: \"a newspaper, page 3\", certainty: %s}",
                       fc_certainties[random_below(stream, 5)]);
    return form;
}

void random_factor(fc_stream *stream, const random_want *want, fc_text *out)
{
    double low = random_between(stream, 0.3, 1.2), high = low + random_between(stream, 0.1, 1);
    if ((want->key->may & FC_MAY_UNKNOWN) && random_below(stream, 3) == 0)
        fc_text_printf(out, "{unknown: {low: %.3f, high: %.3f}}", low, high);
    else
        fc_text_printf(out, "%.3f", random_below(stream, 2) ? low : high);
}

void random_addend(fc_stream *stream, const random_want *want, fc_text *out)
{
    if (want->key->want.dim == FC_DIM_DATE)
        fc_text_printf(out, "%d days", random_below(stream, 500) - 200);
    else
        random_quantity(stream, want, out);
}
