/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Directions: more money, an earlier budget, a shorter lead time, a shorter installation, more or
 * earlier power never lower the number in service, in any replication, at any month's end.
 *
 * The claim holds where nothing is scarce that programmes compete for, and where waiting brings no
 * advantage: each programme has its own budgets, one model and its own sites; prices and durations
 * do not depend on the date; nothing retires; no shock has a threshold. Where money changes, lots
 * must not differ in luck (a lot's lead time is drawn by its number, and money changes how many
 * there are). It is tested there, on random plans. Where it ends is tested below: for each of these
 * conditions one plan that breaks it and shows the opposite, by hand. The model is right in each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "kernel/stream.h"
#include "plan_builder.h"
#include "world_helper.h"

/* ---- random plans --------------------------------------------------------------------------- */

typedef enum better {
    MORE_MONEY,
    EARLIER_MONEY,
    SHORTER_LEAD,
    SHORTER_INSTALL,
    MORE_POWER,
    EARLIER_POWER,
    N_BETTER
} better;

enum { PROGRAMMES = 3, MONTHS = 36, REPLICATIONS = 3 };

typedef struct maker {
    plan_builder *b;
    fc_stream stream;
    better what;        /* the direction that is tried */
    double share, days; /* how far; 0 in the plan that is compared with */
    int n_names;
} maker;

static int below(maker *m, int n)
{
    return (int)fc_stream_below(&m->stream, (uint64_t)n);
}

static double between(maker *m, double low, double high)
{
    return low + (high - low) * fc_stream_uniform(&m->stream);
}

/* The builder keeps names by pointer, so they are the same in all plans. */
static const char *name(maker *m)
{
    static char names[512][8];
    char *text = names[m->n_names];

    snprintf(text, sizeof names[0], "x%d", m->n_names++);
    return text;
}

/* low + of a random share of high - low, known or not, or varying where that is allowed; then
 * scaled and moved. */
static fc_param some(maker *m, bool varies, double low, double high, double scale, double add)
{
    double x = between(m, low, high), y = between(m, x, high);
    const char *path = name(m);
    uint32_t value = 0;
    int form = below(m, varies ? 3 : 2);

    x = x * scale + add;
    y = y * scale + add;
    if (form == 0) value = build_constant(m->b, x);
    if (form == 1) value = build_unknown(m->b, path, FC_DIST_UNIFORM, 2, x, y);
    if (form == 2) value = build_varies(m->b, path, FC_DIST_UNIFORM, 2, x, y);
    return build_param(m->b, path, value);
}

static double scale_if(const maker *m, better what, double scale)
{
    return m->what == what ? scale : 1;
}

static double days_if(const maker *m, better what)
{
    return m->what == what ? -m->days * FC_DAY : 0;
}

static const char *const letters[] = {"a", "b", "c", "d", "e", "f"};

static fc_refs own_budgets(maker *m)
{
    int n = 1 + below(m, 2);
    int32_t first = FC_NONE;

    for (int i = 0; i < n; i++) {
        fc_budget budget = {.name = name(m), .currency = 0};
        int32_t index = 0;

        budget.amount = some(m, false, 0, 40000, scale_if(m, MORE_MONEY, 1 + m->share), 0);
        budget.enacted = some(m, false, 0, 500 * FC_DAY, 1, days_if(m, EARLIER_MONEY));
        if (below(m, 3) == 0) budget.lapses = build_number(m->b, "lapses", 700 * FC_DAY);
        index = build_budget(m->b, budget);
        if (first == FC_NONE) first = index;
    }
    return n == 1 ? build_refs(m->b, 1, first) : build_refs(m->b, 2, first, first + 1);
}

static fc_refs own_sites(maker *m)
{
    int n = 1 + below(m, 2);
    int32_t first = FC_NONE;

    for (int i = 0; i < n; i++) {
        fc_site site = {.name = name(m), .design_pue = some(m, false, 1, 2, 1, 0)};
        int32_t index = build_site(m->b, site);

        for (int k = 1 + below(m, 3); k > 0; k--) {
            fc_phase phase = {.name = letters[k]};

            phase.power = some(m, false, 0, 300e3, scale_if(m, MORE_POWER, 1 + m->share), 0);
            phase.start = some(m, false, -100 * FC_DAY, 300 * FC_DAY, 1, days_if(m, EARLIER_POWER));
            phase.build = some(m, true, 0, 300 * FC_DAY, 1, 0);
            phase.connect =
                some(m, true, 0, 300 * FC_DAY, scale_if(m, EARLIER_POWER, 1 - m->share), 0);
            build_phase(m->b, phase);
        }
        if (first == FC_NONE) first = index;
    }
    return n == 1 ? build_refs(m->b, 1, first) : build_refs(m->b, 2, first + 1, first);
}

static void programme(maker *m, int i)
{
    fc_programme p = {.name = letters[i], .rule = below(m, 2)};
    fc_accelerator model = {.name = letters[i]};
    /* Lots draw by their number, and money may change how many there are before one: see below. */
    bool varies = m->what != MORE_MONEY && m->what != EARLIER_MONEY;

    model.per_server = build_number(m->b, "per_server", 1 + below(m, 9));
    model.server_power = some(m, false, 500, 20000, 1, 0);
    /* Whole minor units: costs are rounded to them, and two halves may cost one more than a whole.
     */
    model.price = build_number(m->b, "price", 20 + below(m, 480));
    model.on_sale = below(m, 2) ? some(m, false, -100 * FC_DAY, 300 * FC_DAY, 1, 0) : 0;
    model.lead_time = some(m, varies, 0, 300 * FC_DAY, scale_if(m, SHORTER_LEAD, 1 - m->share), 0);
    p.mix = build_mix(m->b, 1, build_accelerator(m->b, model), 1.0);
    p.pays_from = own_budgets(m);
    if (below(m, 4) > 0) p.host = own_sites(m);
    p.start = below(m, 2) ? some(m, false, -50 * FC_DAY, 300 * FC_DAY, 1, 0) : 0;
    p.at_most = below(m, 2) ? build_number(m->b, "at_most", between(m, 0, 300)) : 0;
    p.install = some(m, false, 0, 90 * FC_DAY, scale_if(m, SHORTER_INSTALL, 1 - m->share), 0);
    if (p.rule == FC_RULE_SCHEDULE) {
        double first = between(m, 0, 200), second = first + between(m, 0, 200);
        p.quantity =
            build_steps(m->b, "quantity", 0, "2025-04-01", first, "2026-03-01", second, NULL);
    }
    build_programme(m->b, p);
}

static fc_plan *make(uint64_t number, better what, bool improved)
{
    maker m = {.b = build_start("2025-01-01", "2028-01-01", number), .what = what};
    int programmes = 0;

    fc_stream_init(&m.stream, UINT64_C(0xd14), 0, number);
    m.share = between(&m, 0, 0.9);
    m.days = between(&m, 0, 400);
    if (!improved) m.share = m.days = 0;
    build_currency(m.b, "AAA", 0, build_number(m.b, "aaa", 1));
    build_fleet(m.b, (fc_fleet){.name = "one"});
    programmes = 1 + below(&m, PROGRAMMES);
    for (int i = 0; i < programmes; i++) programme(&m, i);
    return build_plan(m.b);
}

/* The least and the greatest difference over all months and some replications. */
static void compare(uint64_t number, better what, double *least, double *greatest)
{
    fc_plan *before = make(number, what, false), *after = make(number, what, true);
    trial a = trial_start(before), b = trial_start(after);

    assert_int_equal(before->n_months, MONTHS);
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        assert_int_equal(trial_run(&a, r), FC_OK);
        assert_int_equal(trial_run(&b, r), FC_OK);
        for (uint32_t m = 0; m < MONTHS; m++) {
            double more =
                series(&b, FC_M_gpus_in_service, 0, m) - series(&a, FC_M_gpus_in_service, 0, m);
            if (more < *least) *least = more;
            if (more > *greatest) *greatest = more;
        }
    }
    trial_end(&a);
    trial_end(&b);
    fc_plan_free(before);
    fc_plan_free(after);
}

static void test_never_fewer(void **state)
{
    enum { PLANS = 150 };
    (void)state;
    for (int what = 0; what < N_BETTER; what++) {
        int helped = 0;

        for (uint64_t number = 0; number < PLANS; number++) {
            double least = 0, greatest = 0;

            compare(number, (better)what, &least, &greatest);
            if (least < 0) fail_msg("plan %d, direction %d: %g", (int)number, what, least);
            helped += greatest > 0;
        }
        assert_true(helped >= PLANS / 5); /* the direction does something */
    }
}

/* ---- where the claim ends ------------------------------------------------------------------- */

/* All plans: 2025; money in a currency without minor units; servers of one accelerator. */
typedef struct ground {
    plan_builder *b;
    int32_t model;
    fc_param price;
} ground;

static ground start(void)
{
    ground g = {.b = build_start("2025-01-01", "2026-01-01", 1), .model = FC_NONE};

    build_currency(g.b, "AAA", 0, build_number(g.b, "aaa", 1));
    build_fleet(g.b, (fc_fleet){.name = "one"});
    g.price = build_number(g.b, "price", 100);
    return g;
}

static int32_t model_of(ground *g, const char *called, double watts, fc_param price, fc_param lead)
{
    return build_accelerator(g->b, (fc_accelerator){.name = called,
                                                    .per_server = build_number(g->b, called, 1),
                                                    .server_power = build_number(g->b, "w", watts),
                                                    .price = price,
                                                    .lead_time = lead});
}

static int32_t budget(ground *g, const char *called, double amount, double day)
{
    return build_budget(g->b, (fc_budget){.name = called,
                                          .amount = build_number(g->b, "amount", amount),
                                          .enacted = build_number(g->b, "enacted", day * FC_DAY)});
}

static int32_t site(ground *g, const char *called, double watts, double day)
{
    int32_t index = build_site(g->b, (fc_site){.name = called});

    build_phase(g->b, (fc_phase){.name = "first",
                                 .power = build_number(g->b, "watts", watts),
                                 .start = build_number(g->b, "start", day * FC_DAY)});
    return index;
}

/* In service at the end of a month (1: January). Frees the plan. */
static double at_end_of(ground *g, uint32_t month, uint32_t replication)
{
    fc_plan *plan = build_plan(g->b);
    trial t = trial_of(plan, replication);
    double n = series(&t, FC_M_gpus_in_service, 0, month - 1);

    trial_end(&t);
    fc_plan_free(plan);
    return n;
}

/* What comes earlier retires earlier: of 100 days from day 60 on, May sees the end; from 20 on,
 * not. */
static double retiring(double enacted)
{
    ground g = start();
    int32_t model = model_of(&g, "m", 1, g.price, 0), money = budget(&g, "money", 800, enacted);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, money),
                                        .mix = build_mix(g.b, 1, model, 1.0),
                                        .service_life = build_number(g.b, "l", 100 * FC_DAY)});
    return at_end_of(&g, 5, 0);
}

static void test_retirement(void **state)
{
    (void)state;
    assert_true(retiring(60) == 8);
    assert_true(retiring(20) == 0);
}

/* Prices fall by half in April. */
static double priced(double enacted)
{
    ground g = start();
    fc_param price = build_steps(g.b, "price", 100, "2025-04-01", 50., NULL);
    int32_t model = model_of(&g, "m", 1, price, 0), money = budget(&g, "money", 800, enacted);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, money),
                                        .mix = build_mix(g.b, 1, model, 1.0)});
    return at_end_of(&g, 12, 0);
}

static void test_falling_prices(void **state)
{
    (void)state;
    assert_true(priced(100) == 16);
    assert_true(priced(50) == 8);
}

/* Servers are whole. 120: one at 30 from its 40 %; what is left, 90, is too little for the first
 * model at 100 and buys three more. 130: what is left is 100, and is spent at once. */
static double mixed(double amount)
{
    ground g = start();
    int32_t dear = model_of(&g, "dear", 1, g.price, 0);
    int32_t cheap = model_of(&g, "cheap", 1, build_number(g.b, "cheap price", 30), 0);
    int32_t money = budget(&g, "money", amount, 0);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, money),
                                        .mix = build_mix(g.b, 2, dear, 0.6, cheap, 0.4)});
    return at_end_of(&g, 12, 0);
}

static void test_whole_servers(void **state)
{
    (void)state;
    assert_true(mixed(120) == 4);
    assert_true(mixed(130) == 2);
}

/* One hall of 10 W. With 100 the first programme takes all of it for one accelerator, and the eight
 * of the second, of 1 W each, stay outside. */
static double crowded(double amount)
{
    ground g = start();
    int32_t hungry = model_of(&g, "hungry", 10, g.price, 0);
    int32_t modest = model_of(&g, "modest", 1, g.price, 0);
    int32_t first = budget(&g, "first", amount, 0), second = budget(&g, "second", 800, 0);
    int32_t hall = site(&g, "hall", 10, 0);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, first),
                                        .mix = build_mix(g.b, 1, hungry, 1.0),
                                        .host = build_refs(g.b, 1, hall)});
    build_programme(g.b, (fc_programme){.name = "q",
                                        .pays_from = build_refs(g.b, 1, second),
                                        .mix = build_mix(g.b, 1, modest, 1.0),
                                        .host = build_refs(g.b, 1, hall)});
    return at_end_of(&g, 12, 0);
}

static void test_shared_hall(void **state)
{
    (void)state;
    assert_true(crowded(90) == 8);
    assert_true(crowded(100) == 1);
}

/* The first programme prefers a hall that is the only one of the second, which comes later. If it
 * opens too late for the first, both find room. */
static double preferred(double opens)
{
    ground g = start();
    int32_t model = model_of(&g, "m", 10, g.price, 0);
    int32_t first = budget(&g, "first", 100, 10), second = budget(&g, "second", 100, 30);
    int32_t liked = site(&g, "liked", 10, opens), other = site(&g, "other", 10, 0);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 1, first),
                                        .mix = build_mix(g.b, 1, model, 1.0),
                                        .host = build_refs(g.b, 2, liked, other)});
    build_programme(g.b, (fc_programme){.name = "q",
                                        .pays_from = build_refs(g.b, 1, second),
                                        .mix = build_mix(g.b, 1, model, 1.0),
                                        .host = build_refs(g.b, 1, liked)});
    return at_end_of(&g, 12, 0);
}

static void test_first_come(void **state)
{
    (void)state;
    assert_true(preferred(20) == 2);
    assert_true(preferred(0) == 1);
}

/* A lot's lead time is that of its number. A first budget that buys something makes the large lot
 * the second one, which is luckier in some futures and unluckier in others. */
static double numbered(double amount, uint32_t replication)
{
    ground g = start();
    uint32_t lead = build_varies(g.b, "lead", FC_DIST_UNIFORM, 2, 30 * FC_DAY, 300 * FC_DAY);
    int32_t model = model_of(&g, "m", 1, g.price, build_param(g.b, "lead", lead));
    int32_t first = budget(&g, "first", amount, 9), second = budget(&g, "second", 8000, 10);

    build_programme(g.b, (fc_programme){.name = "p",
                                        .pays_from = build_refs(g.b, 2, first, second),
                                        .mix = build_mix(g.b, 1, model, 1.0)});
    return at_end_of(&g, 6, replication);
}

static void test_numbered_lots(void **state)
{
    (void)state;
    int fewer = 0, more = 0;

    for (uint32_t r = 0; r < 40; r++) {
        double without = numbered(90, r), with = numbered(100, r);

        fewer += with < without;
        more += with > without;
    }
    /* Each has a chance of 1 in 4 or so; 40 times without would come once in 100,000. */
    assert_true(fewer > 0 && more > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_never_fewer),    cmocka_unit_test(test_retirement),
        cmocka_unit_test(test_falling_prices), cmocka_unit_test(test_whole_servers),
        cmocka_unit_test(test_shared_hall),    cmocka_unit_test(test_first_come),
        cmocka_unit_test(test_numbered_lots),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
