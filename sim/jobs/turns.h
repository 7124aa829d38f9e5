/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whose turn it is under fair share: the account of the least use among those that have a job to
 * start, ties in order of arrival of these jobs.
 *
 * Between two changes of what an account holds its use is a + b x, where x falls from 1 as all of
 * the past is forgotten alike (accounts.h). Such lines cross at most once, so the least of them is
 * kept by a kinetic tournament (Basch, Guibas and Hershberger 1999, J. Algorithms 31:1): a tree
 * over the accounts, each node with the better of its two and the x at which that might end. A
 * change costs the logarithm of the number of accounts, and so does, all in all, a turn; what an
 * account costs that has no job to start is nothing.
 *
 * There is a tournament for each set of groups that such a job can run on, so that who must wait
 * for some of them is not in the way of who can run on others.
 */
#ifndef FC_JOBS_TURNS_H
#define FC_JOBS_TURNS_H

#include "jobs/cluster.h"

/* An account's next job. */
typedef struct fc_turn {
    double a, b;  /* its use at x is a + b x; a >= 0 */
    uint64_t seq; /* of the job */
    uint32_t slot;
    uint32_t groups; /* bits: where the job can run; 0: there is none */
} fc_turn;

typedef struct fc_tournament fc_tournament;

typedef struct fc_turns {
    fc_turn *turn; /* [count] by account */
    uint32_t count;
    uint32_t leaves; /* of a tournament: a power of two */
    fc_tournament *tournaments;
    uint32_t tournament_count;
    uint32_t *touched; /* accounts, as they were touched */
    bool *is_touched;  /* [count] */
    uint32_t touched_count;
    uint64_t expected[FC_MAX_GROUPS]; /* GPUs of the groups, as the turns were entered for */
} fc_turns;

int fc_turns_init(fc_turns *t, uint32_t accounts); /* FC_E_NOMEM */
void fc_turns_free(fc_turns *t);

/* Something of the account has changed: its turn is to be entered anew before the next question. */
void fc_turns_touch(fc_turns *t, uint32_t account);
/* The next account to be entered anew, which is then no longer touched; false if there is none. */
bool fc_turns_touched(fc_turns *t, uint32_t *account);

/* x, here and below, must not rise from one call to the next, unless every account is entered anew
 * before the next question. FC_E_NOMEM. */
int fc_turns_enter(fc_turns *t, uint32_t account, fc_turn turn, double x);
/* The turn of the least use at x, of jobs that can run on one of the groups in `open`; NULL if
 * there is none. */
const fc_turn *fc_turns_first(fc_turns *t, uint32_t open, double x);

#endif
