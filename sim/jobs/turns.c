/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "fleetcast/error.h"
#include "jobs/turns.h"

static const uint32_t NOBODY = UINT32_MAX;

/* What two sums a + b x may be wrong by, as a share of their terms. */
static const double ROUNDING = 0x1p-50;

typedef struct node {
    double above;  /* the winner is known while x is above this */
    uint32_t best; /* account, or NOBODY */
} node;

/* Nodes from 1 (the root) to leaves - 1; those below n are 2n and 2n + 1, and from `leaves` on they
 * are the accounts. */
struct fc_tournament {
    uint32_t groups; /* of all who take part */
    node *nodes;
};

int fc_turns_init(fc_turns *t, uint32_t accounts)
{
    *t = (fc_turns){.count = accounts, .leaves = 1};
    while (t->leaves < accounts) t->leaves *= 2;
    t->turn = calloc(accounts, sizeof *t->turn);
    t->touched = calloc(accounts, sizeof *t->touched);
    t->is_touched = calloc(accounts, sizeof *t->is_touched);
    return t->turn && t->touched && t->is_touched ? FC_OK : FC_E_NOMEM;
}

void fc_turns_free(fc_turns *t)
{
    for (uint32_t i = 0; i < t->tournament_count; i++) free(t->tournaments[i].nodes);
    free(t->tournaments);
    free(t->turn);
    free(t->touched);
    free(t->is_touched);
    *t = (fc_turns){0};
}

void fc_turns_touch(fc_turns *t, uint32_t account)
{
    if (t->is_touched[account]) return;
    t->is_touched[account] = true;
    t->touched[t->touched_count++] = account;
}

bool fc_turns_touched(fc_turns *t, uint32_t *account)
{
    if (t->touched_count == 0) return false;
    *account = t->touched[--t->touched_count];
    t->is_touched[*account] = false;
    return true;
}

static double use_at(const fc_turn *turn, double x)
{
    return turn->a + turn->b * x;
}

static bool comes_before(const fc_turn *one, const fc_turn *other, double x)
{
    double use = use_at(one, x), than = use_at(other, x);

    return use < than || (use == than && one->seq < other->seq);
}

/* Down to which x the better one is sure to stay so: where the lines cross, and before that by as
 * much as rounding may hide. */
static double better_above(const fc_turn *better, const fc_turn *other, double x)
{
    double steeper = other->b - better->b, ahead = better->a - other->a;

    if (ahead <= 0) return 0;
    if (!(steeper > 0)) return x; /* equal but for rounding */
    double terms = better->a + other->a + (fabs(better->b) + fabs(other->b)) * x;
    return fmin((ahead + ROUNDING * terms) / steeper, x);
}

static uint32_t best_of(const fc_turns *t, const fc_tournament *among, uint32_t n)
{
    if (n < t->leaves) return among->nodes[n].best;
    n -= t->leaves;
    return n < t->count && t->turn[n].groups == among->groups ? n : NOBODY;
}

static double known_above(const fc_turns *t, const fc_tournament *among, uint32_t n)
{
    return n < t->leaves ? among->nodes[n].above : 0;
}

/* The winner of the winners below. */
static void play(const fc_turns *t, const fc_tournament *among, uint32_t n, double x)
{
    uint32_t one = best_of(t, among, 2 * n), other = best_of(t, among, 2 * n + 1);
    double above = fmax(known_above(t, among, 2 * n), known_above(t, among, 2 * n + 1));

    if (one == NOBODY || (other != NOBODY && comes_before(&t->turn[other], &t->turn[one], x))) {
        uint32_t loser = one;
        one = other;
        other = loser;
    }
    if (other != NOBODY) above = fmax(above, better_above(&t->turn[one], &t->turn[other], x));
    among->nodes[n] = (node){.above = above, .best = one};
}

static void play_again(const fc_turns *t, const fc_tournament *among, uint32_t n, double x)
{
    if (known_above(t, among, n) < x || n >= t->leaves) return;
    play_again(t, among, 2 * n, x);
    play_again(t, among, 2 * n + 1, x);
    play(t, among, n, x);
}

static void play_up(const fc_turns *t, const fc_tournament *among, uint32_t account, double x)
{
    for (uint32_t n = (t->leaves + account) / 2; n > 0; n /= 2) play(t, among, n, x);
}

/* The tournament for these groups, made if there is none. */
static int tournament_for(fc_turns *t, uint32_t groups, fc_tournament *out)
{
    fc_tournament *list = t->tournaments;
    uint32_t at = 0;

    while (at < t->tournament_count && list[at].groups != groups) at++;
    if (at == t->tournament_count) {
        fc_tournament made = {.groups = groups, .nodes = calloc(t->leaves, sizeof *made.nodes)};
        list = made.nodes ? realloc(list, (at + 1) * sizeof *list) : NULL;
        if (!list) {
            free(made.nodes);
            return FC_E_NOMEM;
        }
        for (uint32_t n = 0; n < t->leaves; n++) made.nodes[n].best = NOBODY;
        list[at] = made;
        t->tournaments = list;
        t->tournament_count++;
    }
    *out = list[at];
    return FC_OK;
}

int fc_turns_enter(fc_turns *t, uint32_t account, fc_turn turn, double x)
{
    fc_tournament before = {0}, after = {0};
    fc_turn *place = &t->turn[account];
    bool had = place->groups != 0, has = turn.groups != 0;
    bool moves = place->groups != turn.groups;
    int ret = FC_OK;

    if (had) ret = tournament_for(t, place->groups, &before);
    if (ret == FC_OK && has) ret = tournament_for(t, turn.groups, &after);
    if (ret) return ret;
    *place = turn;
    if (had && moves) play_up(t, &before, account, x);
    if (has) play_up(t, &after, account, x);
    return FC_OK;
}

const fc_turn *fc_turns_first(fc_turns *t, uint32_t open, double x)
{
    const fc_turn *first = NULL;

    for (uint32_t i = 0; i < t->tournament_count; i++) {
        const fc_tournament *among = &t->tournaments[i];
        if (!(among->groups & open)) continue;
        play_again(t, among, 1, x);
        uint32_t best = best_of(t, among, 1);
        if (best == NOBODY) continue;
        if (!first || comes_before(&t->turn[best], first, x)) first = &t->turn[best];
    }
    return first;
}
