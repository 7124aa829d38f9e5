/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests of whole scenarios: one to start from, and what its plan says.
 */
#ifndef FC_TEST_SCENARIO_HELPER_H
#define FC_TEST_SCENARIO_HELPER_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "scenario/scenario.h"

#define DAY 86400.0
#define MONTH (30.4375 * DAY)

/* A small scenario in several parts, so that tests can put keys between them:
 *   START    version, horizon from 2025-01-01 to 2031-01-01
 *   WORLD    KRW at 1400, h100 (price 30000 USD) and b200 (price unknown, lead time varies)
 *   KOREA    opens fleets: korea: with stock, budget main, site halls, target end-2030, and last
 *            its programme state, to which keys may be added with eight blanks before them */
#define START "fleetcast: 1\nhorizon: {start: 2025-01-01, end: 2031-01-01}\n"
#define WORLD                                                                                      \
    "world:\n"                                                                                     \
    "  currencies:\n"                                                                              \
    "    KRW: {per_usd: 1400 KRW/USD}\n"                                                           \
    "  accelerators:\n"                                                                            \
    "    h100: {per_server: 8, server_power: 10.2 kW, bf16_dense: 989 TFLOPS, price: 30000 USD}\n" \
    "    b200:\n"                                                                                  \
    "      per_server: 8\n"                                                                        \
    "      server_power: 14.3 kW\n"                                                                \
    "      bf16_dense: 2250 TFLOPS\n"                                                              \
    "      price: {unknown: {low: 40000 USD, high: 50000 USD}}\n"                                  \
    "      lead_time: {varies: {usual: 5 months, bad_1_in_20: 12 months}}\n"
#define KOREA                                                                                      \
    "fleets:\n"                                                                                    \
    "  korea:\n"                                                                                   \
    "    currency: KRW\n"                                                                          \
    "    stock:\n"                                                                                 \
    "      old: {model: h100, count: 2000, since: 2024-01-01}\n"                                   \
    "    budgets:\n"                                                                               \
    "      main: {amount: 1.46 tn KRW, enacted: 2025-05-01, lines: {gpu: 59 %}}\n"                 \
    "    sites:\n"                                                                                 \
    "      halls:\n"                                                                               \
    "        region: capital\n"                                                                    \
    "        design_pue: 1.3\n"                                                                    \
    "        phases:\n"                                                                            \
    "          first:\n"                                                                           \
    "            power: 40 MW\n"                                                                   \
    "            start: 2025-06-01\n"                                                              \
    "            build: {unknown: {low: 3 months, likely: 6 months, high: 12 months}}\n"           \
    "    targets:\n"                                                                               \
    "      end-2030: {by: 2030-12-31, gpus: 30000, counted_at: in_service}\n"                      \
    "    programmes:\n"                                                                            \
    "      state:\n"                                                                               \
    "        pays_from: [main]\n"                                                                  \
    "        mix: {b200: 60 %, h100: 40 %}\n"                                                      \
    "        host: [halls]\n"
#define BASE START WORLD KOREA

/* Loads a text that must be right; prints its messages and fails the test otherwise. Lists end
 * with NULL and may be NULL. */
fc_scenario *load_with(const char *text, const char *const *with, const char *const *sets);
fc_scenario *load(const char *text);

/* The parameter at a path, which must be there, and its value. */
fc_param param_at(const fc_scenario *s, const char *path);
const fc_value *value_at(const fc_scenario *s, const char *path);
/* A value's i-th argument. */
const fc_value *arg(const fc_scenario *s, const fc_value *value, uint32_t i);

/* Fails unless the value is this number: exactly. */
void assert_number(const fc_value *value, double wanted);

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
