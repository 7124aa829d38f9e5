/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Directions: more money, an earlier or likelier budget, earlier quarters of it, a longer
 * carry-over, more orders ahead, a shorter lead time, a shorter installation, more or earlier power
 * never lower the number in service, in any replication, at any month's end.
 *
 * The claim holds where nothing is scarce that programmes compete for, and where waiting brings no
 * advantage: each programme has its own budgets, one model and its own sites; prices and durations
 * do not depend on the date; nothing retires; no shock has a threshold. Where money changes, lots
 * must not differ in luck (a lot's lead time is drawn by its number, and money changes how many
 * there are).
 *
 * Why it holds for money there: an order needs money and a wish. What comes earlier, in addition or
 * for longer can be spent in addition, or in place of money that is then left; all of it comes and
 * all is wanted before the first budget lapses on a date, so that order of use loses nothing; and
 * instalments settle what is ordered, they order nothing. It is tested there, on
 * random plans; test_reversals.c has what happens elsewhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "kernel/stream.h"
#include "plan_builder.h"
#include "share.h"
#include "world_helper.h"

/* ---- random plans --------------------------------------------------------------------------- */

typedef enum better {
    MORE_MONEY,
    EARLIER_MONEY,
    SHORTER_LEAD,
    SHORTER_INSTALL,
    MORE_POWER,
    EARLIER_POWER,
    LIKELIER_MONEY,
    EARLIER_QUARTERS,
    LONGER_CARRY_OVER,
    MORE_AHEAD,
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

/* Money may change how many lots there are. */
static bool moves_money(const maker *m)
{
    return m->what == MORE_MONEY || m->what == EARLIER_MONEY || m->what >= LIKELIER_MONEY;
}

/* Quarters: what the fourth leaves the first. */
static void apportion(maker *m, fc_budget *budget)
{
    double left = 1, quarter[FC_QUARTERS_NAMED];

    if (m->what != EARLIER_QUARTERS && below(m, 3) > 0) return;
    for (int q = 0; q < FC_QUARTERS_NAMED; q++) {
        quarter[q] = between(m, 0, 0.33);
        left -= quarter[q];
    }
    if (m->what == EARLIER_QUARTERS) quarter[0] += left * m->share;
    for (int q = 0; q < FC_QUARTERS_NAMED; q++)
        budget->apportioned[q] = build_number(m->b, name(m), quarter[q]);
}

/* Not with an earlier budget, nor with orders ahead that change: see test_reversals.c. */
static void carry_over(maker *m, fc_budget *budget)
{
    int years = below(m, 3), more = 1 + below(m, 2);

    if (m->what == EARLIER_MONEY || m->what == MORE_AHEAD) return;
    if (m->what == LONGER_CARRY_OVER) years = m->share > 0 ? more : 0;
    budget->carry_over = build_number(m->b, name(m), years * FC_YEAR);
}

/* Not with an earlier budget, whose release ends them: see test_reversals.c. */
static void order_ahead(maker *m, fc_budget *budget)
{
    if (m->what == EARLIER_MONEY || (m->what != MORE_AHEAD && below(m, 3) > 0)) return;
    budget->ahead.ceiling = some(m, false, 0, 20000, scale_if(m, MORE_AHEAD, 1 + m->share), 0);
    budget->ahead.from = some(m, false, 0, 400 * FC_DAY, 1, days_if(m, MORE_AHEAD));
}

static fc_refs own_budgets(maker *m)
{
    int n = 1 + below(m, 2);
    int32_t first = FC_NONE;

    for (int i = 0; i < n; i++) {
        fc_budget budget = {.name = name(m), .currency = 0};
        int32_t index = 0;

        budget.amount = some(m, false, 0, 40000, scale_if(m, MORE_MONEY, 1 + m->share), 0);
        budget.enacted = some(m, false, 0, 500 * FC_DAY, 1, days_if(m, EARLIER_MONEY));
        budget.type = below(m, 2) ? FC_BUDGET_MAIN : FC_BUDGET_SUPPLEMENTARY;
        if (below(m, 3) == 0) budget.lapses = build_number(m->b, "lapses", 700 * FC_DAY);
        if (below(m, 3) == 0) budget.private_share = some(m, false, 0, 0.4, 1, 0);
        if (m->what == LIKELIER_MONEY)
            budget.probability = some(m, false, 0.05, 0.5, 1 + m->share, 0);
        apportion(m, &budget);
        carry_over(m, &budget);
        order_ahead(m, &budget);
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
    /* Lots draw by their number, and money may change how many there are before one. */
    bool varies = !moves_money(m);

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
    p.payments.advance = build_number(m->b, "advance", between(m, 0, 0.5));
    p.payments.acceptance = build_number(m->b, "acceptance", between(m, 0, 0.5));
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
    const uint32_t plans = share_of(150, 50);

    (void)state;
    for (int what = 0; what < N_BETTER; what++) {
        int helped = 0;

        for (uint64_t number = 0; number < plans; number++) {
            double least = 0, greatest = 0;

            compare(number, (better)what, &least, &greatest);
            if (least < 0) fail_msg("plan %d, direction %d: %g", (int)number, what, least);
            helped += greatest > 0;
        }
        assert_true(helped >= (int)plans / 5); /* the direction does something */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_never_fewer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
