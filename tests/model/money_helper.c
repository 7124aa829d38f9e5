/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "money_helper.h"

money_plan money_start(const char *start, const char *end)
{
    money_plan m = {.b = build_start(start, end, 1)};

    m.usd = build_currency(m.b, "USD", 2, build_number(m.b, "usd", 1));
    m.krw = build_currency(m.b, "KRW", 0, build_number(m.b, "krw", 1000));
    build_fleet(m.b, (fc_fleet){.name = "korea", .currency = m.krw, .fiscal_year_starts = 1});
    return m;
}

void money_rate(money_plan *m, double won, const char *date, double others)
{
    build_unfinished(m->b)->currencies[m->krw].per_usd =
        build_steps(m->b, "rate", won, date, others, NULL);
}

fc_budget money_budget(money_plan *m, double amount, const char *enacted)
{
    return (fc_budget){.name = "main",
                       .amount = build_number(m->b, "amount", amount),
                       .currency = m->krw,
                       .enacted = build_date(m->b, "enacted", enacted)};
}

void money_programme(money_plan *m, int32_t budget, double price, double days, fc_programme p)
{
    int32_t model = build_accelerator(
        m->b, (fc_accelerator){.name = "gpu",
                               .per_server = build_number(m->b, "per_server", 1),
                               .server_power = build_number(m->b, "server_power", 1000),
                               .bf16_dense = build_number(m->b, "bf16", 1e15),
                               .price = build_number(m->b, "catalogue", 0.1),
                               .price_currency = m->usd,
                               .lead_time = build_number(m->b, "lead_time", days * FC_DAY)});

    p.name = "state";
    p.pays_from = build_refs(m->b, 1, budget);
    p.mix = build_mix(m->b, 1, model, 1.0);
    if (price > 0) {
        p.price = build_number(m->b, "price", price);
        p.price_currency = m->krw;
    }
    build_programme(m->b, p);
}

trial money_run(money_plan *m)
{
    m->plan = build_plan(m->b);
    return trial_of(m->plan, 0);
}

void money_end(money_plan *m, trial *t)
{
    trial_end(t);
    fc_plan_free(m->plan);
}
