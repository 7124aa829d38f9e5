/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fair share: use is half the GPUs held now and half their average, which forgets with a half-life
 * of 100 s (random_workload.c), by share.
 */
#include <assert.h>
#include <math.h>

#include "naive_state.h"

static void bring_up(naive *n, account *a)
{
    double share = exp(-(M_LN2 / 100) * (n->now - a->since));

    a->average = a->average * share + (double)a->held * (1 - share);
    a->since = n->now;
}

void naive_fair_hold(naive *n, const one *j, int sign)
{
    account *a = &n->accounts[j->job->account];

    bring_up(n, a);
    a->held = sign > 0 ? a->held + j->job->gpus : a->held - j->job->gpus;
}

/* The first in line of an account, but for those that ask for more than its quota or than runs. */
static one *first_of(naive *n, int number)
{
    static const bool any[GROUPS] = {true, true, true};
    uint64_t quota = n->w->accounts[number].quota;

    for (int i = 0; i < n->count; i++) {
        one *j = &n->jobs[i];
        if (!j->waiting || j->job->account != number) continue;
        if ((quota == 0 || j->job->gpus <= quota) && naive_could_hold(n, j, any)) return j;
    }
    return NULL;
}

static one *next_in_turn(naive *n, const bool *open)
{
    one *next = NULL;
    double least = INFINITY;

    for (int i = 0; i < MOST_ACCOUNTS; i++) {
        const fc_job_account *terms = &n->w->accounts[i];
        account *a = &n->accounts[i];
        one *first = first_of(n, i);

        if (!first || (terms->quota > 0 && a->held + first->job->gpus > terms->quota)) continue;
        if (!naive_could_hold(n, first, open)) continue;
        bring_up(n, a);
        double use = (a->average + (double)a->held) / 2 / terms->share;
        if (next && (use > least || (use == least && first->job->id > next->job->id))) continue;
        next = first;
        least = use;
    }
    return next;
}

void naive_fair(naive *n)
{
    bool open[GROUPS] = {true, true, true};

    for (one *j = next_in_turn(n, open); j; j = next_in_turn(n, open)) {
        int chosen = -1;

        for (int g = n->groups; g-- > 0;) {
            if (!open[g] || !naive_allowed(n, j, g) || !naive_fits(n, j, g)) continue;
            if (chosen < 0 || likes(j, g) || !likes(j, chosen)) chosen = g;
        }
        for (int g = 0; chosen < 0 && g < n->groups; g++)
            if (naive_allowed(n, j, g)) open[g] = false;
        if (chosen >= 0) naive_start(n, j, chosen, NULL);
    }
}
