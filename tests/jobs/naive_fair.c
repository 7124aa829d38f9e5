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

/* The first in line of an account. */
static one *first_of(naive *n, int number)
{
    for (int i = 0; i < n->count; i++) {
        if (n->jobs[i].waiting && n->jobs[i].job->account == number) return &n->jobs[i];
    }
    return NULL;
}

static one *next_in_turn(naive *n)
{
    one *next = NULL;
    double least = INFINITY;

    for (int i = 0; i < MOST_ACCOUNTS; i++) {
        const fc_job_account *terms = &n->w->accounts[i];
        account *a = &n->accounts[i];
        one *first = first_of(n, i);

        if (!first || (terms->quota > 0 && a->held + first->job->gpus > terms->quota)) continue;
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
    for (one *j = next_in_turn(n); j; j = next_in_turn(n)) {
        int chosen = -1;

        for (int g = n->groups; g-- > 0;) {
            if (!naive_allowed(n, j, g) || !naive_fits(n, j, g)) continue;
            if (chosen < 0 || likes(j, g) || !likes(j, chosen)) chosen = g;
        }
        if (chosen < 0) return;
        naive_start(n, j, chosen, NULL);
    }
}
