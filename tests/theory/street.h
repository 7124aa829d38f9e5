/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tests that go down the whole street: from a scenario's text to what is observed.
 */
#ifndef FC_TEST_STREET_H
#define FC_TEST_STREET_H

#include "base/text.h"
#include "scenario/scenario.h"

/* Loads the text, which must be right, and frees it; else the test fails and prints what is wrong.
 */
fc_scenario *load_street(fc_text *text);

#endif
