/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/demand_share.h"

#include <math.h>

double fc_supply_of(const fc_supply *supply, uint32_t groups)
{
    double gpus = 0, taken = 0;

    for (uint32_t g = 0; g < supply->n_groups; g++) {
        if (groups != 0 && !(groups >> g & 1)) continue;
        gpus += supply->gpus[g];
        taken += supply->taken[g];
    }
    return supply->part * gpus * supply->step - supply->part * taken;
}

/* ---- the greatest flow from claims to models ------------------------------------------------- */

typedef struct network {
    fc_claim *claims;
    uint32_t n, n_groups;
    double spare[FC_MAX_GROUPS];    /* of each model, given to nobody */
    uint32_t parent[FC_MAX_GROUPS]; /* the claim from which it was reached */
} network;

/* The first model of a set, which becomes the rest of it. */
static uint32_t take_first(uint32_t *set)
{
    uint32_t first = (uint32_t)__builtin_ctz(*set);

    *set &= *set - 1;
    return first;
}

/* Models that claims can be moved to which have some of model g. */
static uint32_t reach_from(network *net, uint32_t g, uint32_t reached)
{
    uint32_t next = 0;

    for (uint32_t k = 0; k < net->n; k++) {
        fc_claim *claim = &net->claims[k];
        uint32_t more = claim->usable & ~(reached | next);

        if (claim->reached || !claim->open || !(claim->from[g] > 0)) continue;
        claim->reached = true;
        claim->via = g;
        next |= more;
        while (more != 0) net->parent[take_first(&more)] = k;
    }
    return next;
}

/* Gives claim `first` what it lacks, as far as model `to` has it to spare: those on the way move on
 * by one model each. */
static void push(network *net, uint32_t first, uint32_t to)
{
    fc_claim *claims = net->claims;
    double amount = fmin(claims[first].needs, net->spare[to]);

    for (uint32_t k = net->parent[to]; k != first; k = net->parent[claims[k].via])
        amount = fmin(amount, claims[k].from[claims[k].via]);
    net->spare[to] -= amount;
    claims[first].needs -= amount;
    for (uint32_t g = to;; g = claims[net->parent[g]].via) {
        fc_claim *claim = &claims[net->parent[g]];

        claim->from[g] += amount;
        if (net->parent[g] == first) return;
        claim->from[claim->via] -= amount;
    }
}

/* One step to the claim, along a way as short as any. 0: it took it; else the models that it could
 * reach, of which nothing is left. */
static uint32_t augment(network *net, uint32_t first)
{
    uint32_t reached = net->claims[first].usable, level = reached;

    for (uint32_t k = 0; k < net->n; k++) net->claims[k].reached = k == first;
    for (uint32_t set = reached; set != 0;) net->parent[take_first(&set)] = first;
    while (level != 0) {
        uint32_t next = 0;

        for (uint32_t set = level; set != 0;) {
            uint32_t g = take_first(&set);
            if (!(net->spare[g] > 0)) continue;
            push(net, first, g);
            return 0;
        }
        while (level != 0) next |= reach_from(net, take_first(&level), reached | next);
        reached |= next;
        level = next;
    }
    return reached;
}

/* Gives open claims `factor` of what they want, as far as it goes. Models of which there is not
 * enough for those who can use nothing else; 0: all have what they are to have. */
static uint32_t fill(network *net, const fc_supply *supply, double factor)
{
    uint32_t lacking = 0;

    for (uint32_t g = 0; g < net->n_groups; g++)
        net->spare[g] = fmax(fc_supply_of(supply, 1u << g), 0);
    for (uint32_t k = 0; k < net->n; k++) {
        fc_claim *claim = &net->claims[k];

        claim->needs = factor * claim->wants;
        for (uint32_t g = 0; g < net->n_groups; g++) claim->from[g] = 0;
    }
    for (uint32_t k = 0; k < net->n; k++) {
        uint32_t stuck = 0;

        while (net->claims[k].open && net->claims[k].needs > 0 && stuck == 0)
            stuck = augment(net, k);
        lacking |= stuck;
    }
    return lacking;
}

/* ---- shares ---------------------------------------------------------------------------------- */

static bool is_within(const fc_claim *claim, uint32_t groups)
{
    return claim->open && (claim->usable & ~groups) == 0;
}

/* The least part that anybody gets, below 1, and of which models; 0: all get what they want. */
static uint32_t find_worst(network *net, const fc_supply *supply, double *factor)
{
    uint32_t worst = 0, lacking = 0;

    *factor = 1;
    while ((lacking = fill(net, supply, *factor)) != 0) {
        double wanted = 0, ratio = 0;

        for (uint32_t k = 0; k < net->n; k++) {
            if (is_within(&net->claims[k], lacking)) wanted += net->claims[k].wants;
        }
        ratio = fc_supply_of(supply, lacking) / wanted;
        if (!(ratio < *factor)) break; /* what lacks are the last bits */
        *factor = ratio;
        worst = lacking;
    }
    return worst;
}

/* Where all can use the same models there is but one ratio. */
static bool are_alike(const fc_claim *claims, uint32_t n)
{
    for (uint32_t k = 1; k < n; k++) {
        if (claims[k].groups != claims[0].groups) return false;
    }
    return true;
}

static void share_alike(fc_claim *claims, uint32_t n, const fc_supply *supply)
{
    double wanted = 0, there = n > 0 ? fc_supply_of(supply, claims[0].groups) : 0;

    for (uint32_t k = 0; k < n; k++) wanted += claims[k].wants;
    for (uint32_t k = 0; k < n; k++) claims[k].part = wanted > there ? there / wanted : 1;
}

void fc_share_out(fc_claim *claims, uint32_t n, const fc_supply *supply)
{
    network net = {.claims = claims, .n = n, .n_groups = supply->n_groups};
    uint32_t worst = 0, all = supply->n_groups < 32 ? (1u << supply->n_groups) - 1 : UINT32_MAX;
    double factor = 1;

    if (are_alike(claims, n)) {
        share_alike(claims, n, supply);
        return;
    }
    for (uint32_t k = 0; k < n; k++) {
        claims[k].usable = claims[k].groups == 0 ? all : claims[k].groups & all;
        claims[k].part = claims[k].usable != 0;
        claims[k].open = claims[k].wants > 0 && claims[k].usable != 0;
    }
    while ((worst = find_worst(&net, supply, &factor)) != 0) {
        for (uint32_t k = 0; k < n; k++) {
            if (!is_within(&claims[k], worst)) {
                claims[k].usable &= ~worst;
                continue;
            }
            claims[k].part = factor;
            claims[k].open = false;
        }
    }
}
