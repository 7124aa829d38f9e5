/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "site_helper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

fc_param steps(plan_builder *b, double before, int n, const double (*points)[2])
{
    double times[8];
    uint32_t values[8];

    for (int i = 0; i < n; i++) {
        times[i] = points[i][0] * FC_DAY;
        values[i] = build_constant(b, points[i][1]);
    }
    return build_param(b, "steps", build_path_of(b, FC_FORM_STEP, before, n, times, values));
}

fc_accelerator site_model(plan_builder *b, const char *name, double per_server, double power)
{
    return (fc_accelerator){.name = name,
                            .per_server = build_number(b, name, per_server),
                            .server_power = build_number(b, name, power),
                            .price = build_number(b, name, 1e6),
                            .price_currency = 0,
                            .lead_time = days(b, name, 30)};
}

plan_builder *site_start(fc_staff staff)
{
    plan_builder *b = build_start("2025-01-01", "2027-01-01", 1);

    build_currency(b, "KRW", 0, build_number(b, "krw", 1400));
    build_accelerator(b, site_model(b, "b200", 8, 10000));
    build_fleet(b, (fc_fleet){.name = "korea", .currency = 0, .staff = staff});
    return b;
}

int32_t site_budget(plan_builder *b, const char *name, double on_day, double gpus)
{
    return build_budget(b, (fc_budget){.name = name,
                                       .amount = build_number(b, name, gpus * 1e6),
                                       .currency = 0,
                                       .enacted = days(b, name, on_day)});
}

fc_programme site_programme(plan_builder *b, const char *name, fc_refs pays_from, int32_t of,
                            int32_t host)
{
    return (fc_programme){.name = name,
                          .pays_from = pays_from,
                          .mix = build_mix(b, 1, of, 1.0),
                          .host = build_refs(b, 1, host)};
}

void assert_delay(const trial *t, const double expected[FC_N_CAUSES])
{
    for (int cause = 0; cause < FC_N_CAUSES; cause++) {
        double charged = outcome(t, FC_M_delay, 0, cause);
        if (charged != expected[cause])
            fail_msg("%s: %.17g, not %.17g", fc_causes[cause].id, charged, expected[cause]);
    }
}

int32_t site_phase(plan_builder *b, const char *name, double servers, double begins, double connect)
{
    return build_phase(b, (fc_phase){.name = name,
                                     .power = build_number(b, name, servers * SERVER),
                                     .start = days(b, name, begins),
                                     .connect = days(b, name, connect)});
}
