/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tests that go down the whole street: from a scenario's text to what is observed.
 */
#ifndef FC_TEST_STREET_H
#define FC_TEST_STREET_H

#include "base/text.h"
#include "scenario/scenario.h"
#include "world_helper.h"

/* Loads the text, which must be right, and frees it; else the test fails and prints what is wrong.
 */
fc_scenario *load_street(fc_text *text);

/* One replication of a scenario, and what was observed in it. */
typedef struct seen {
    fc_scenario *scenario;
    trial trial;
} seen;

/* Simulates the replication; the scenario is the result's. */
seen see_street(fc_scenario *scenario, uint32_t replication);
void forget(seen *s);

void assert_near(double is, double expected, double within);
void assert_relative(double is, double expected, double within); /* of 1 + |expected| */
void assert_close(double is, double expected); /* but for rounding: 1e-9 of that */

#endif
