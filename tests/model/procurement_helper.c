/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procurement_helper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

plan_builder *bare_korea(void)
{
    plan_builder *b = build_start("2025-01-01", "2027-01-01", 1);
    int32_t krw = build_currency(b, "KRW", 0, build_number(b, "krw", 1000));

    build_currency(b, "USD", 2, build_number(b, "usd", 1));
    build_fleet(b, (fc_fleet){.name = "korea", .currency = krw});
    return b;
}

fc_param days(plan_builder *b, const char *path, double n)
{
    return build_number(b, path, n * FC_DAY);
}

int32_t add_model(plan_builder *b, const char *name, int per_server, double dollars, double lead)
{
    return build_accelerator(b, (fc_accelerator){.name = name,
                                                 .per_server = build_number(b, name, per_server),
                                                 .server_power = build_number(b, name, 10000),
                                                 .bf16_dense = build_number(b, name, 1e15),
                                                 .price = build_number(b, name, dollars),
                                                 .price_currency = 1,
                                                 .lead_time = days(b, name, lead)});
}

int32_t add_money(plan_builder *b, const char *name, double amount, double day)
{
    return build_budget(b, (fc_budget){.name = name,
                                       .amount = build_number(b, name, amount),
                                       .currency = 0,
                                       .enacted = days(b, name, day)});
}

void add_shock(plan_builder *b, const char *name, double day, fc_param p, fc_change_op op,
               double value, fc_in_progress how)
{
    int32_t driver = build_driver(b, (fc_driver){.name = name, .at = days(b, name, day)});

    build_change(b, driver, p, op, build_constant(b, value), how);
}

trial follow(plan_builder *b, const char *log, fc_plan **plan)
{
    char shown[8192] = "", *rest = NULL;
    trial t;

    *plan = build_plan(b);
    t = trial_of(*plan, 0);
    for (char *line = strtok_r(t.log.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (strstr(line, " energised ") || strstr(line, " driver ")) continue;
        strcat(strcat(shown, line), "\n");
    }
    assert_string_equal(shown, log);
    return t;
}

void done(trial *t, fc_plan *plan)
{
    trial_end(t);
    fc_plan_free(plan);
}

double charged(const trial *t, int cause)
{
    return outcome(t, FC_M_delay, 0, cause);
}
