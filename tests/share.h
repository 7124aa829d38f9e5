/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much of what a test repeats is done. FLEETCAST_TEST_SHARE, above 0 and below 1, is the share;
 * unset, all is done. For slow builds: a sanitizer wants every path walked, not statistical power.
 * Nothing is skipped, error rates stay as they are stated, and what is held grows with 1 / sqrt(n):
 * intervals by themselves, tolerances by share_slack().
 */
#ifndef FC_TESTS_SHARE_H
#define FC_TESTS_SHARE_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static inline double test_share(void)
{
    const char *text = getenv("FLEETCAST_TEST_SHARE");
    double share = text != NULL ? strtod(text, NULL) : 1;

    return share > 0 && share < 1 ? share : 1;
}

/* How many of n repetitions; at least `least`, or n if that is less. */
static inline uint32_t share_of(uint32_t n, uint32_t least)
{
    uint32_t some = (uint32_t)ceil(n * test_share());

    return some >= least ? some : n < least ? n : least;
}

/* What the standard error of a mean of n is multiplied by where share_of(n, least) make it. */
static inline double share_slack(uint32_t n, uint32_t least)
{
    return sqrt((double)n / share_of(n, least));
}

/* What an interval may be wider by and still tell something: Student's factor at 8 repetitions is
 * 1.7 times that at many. */
static inline double share_width(void)
{
    double share = test_share();

    return share < 1 ? 1.7 / sqrt(share) : 1;
}

#endif
