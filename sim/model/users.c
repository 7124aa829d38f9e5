/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/users.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/world.h"

int fc_users_create(fc_world *world)
{
    const fc_plan *plan = world->plan;
    size_t n = 0;

    world->users = fc_arena_array(world->arena, plan->n_classes + 1, sizeof *world->users);
    if (world->users == NULL) return FC_E_NOMEM;
    for (uint32_t i = 0; i < plan->n_classes; i++) {
        fc_class_users *users = &world->users[i];

        users->n = (uint32_t)plan->classes[i].users;
        if (users->n == 0) continue;
        users->key = fc_stream_key(plan->seed, world->classes[i].path, "user");
        users->up_to = fc_arena_array(world->arena, users->n, sizeof *users->up_to);
        users->held = fc_arena_array(world->arena, users->n, sizeof *users->held);
        if (users->up_to == NULL || users->held == NULL) return FC_E_NOMEM;
        n += users->n;
    }
    world->all_users = fc_arena_array(world->arena, n + 1, sizeof *world->all_users);
    return world->all_users == NULL ? FC_E_NOMEM : FC_OK;
}

int fc_users_begin(fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;

    for (uint32_t c = spec->first_class; c < spec->first_class + spec->n_classes; c++) {
        fc_class_users *users = &world->users[c];
        double skew = fc_param_or(world->params, world->plan->classes[c].skew, 0, 0), sum = 0;

        if (users->n == 0) continue;
        if (!(skew >= 0 && skew <= 10))
            return fc_out_of_domain(world, world->classes[c].path, "a skew of users");
        for (uint32_t u = 0; u < users->n; u++) users->up_to[u] = sum += pow(u + 1.0, -skew);
        memset(users->held, 0, users->n * sizeof *users->held);
    }
    return FC_OK;
}

uint32_t fc_user_of(const fc_world *world, uint32_t class, uint64_t number)
{
    const fc_class_users *users = &world->users[class];
    uint32_t low = 0, high = users->n;
    fc_stream stream;
    double x = 0;

    if (users->n == 0) return 0;
    fc_stream_init(&stream, users->key, world->replication, number);
    x = fc_stream_uniform(&stream) * users->up_to[users->n - 1];
    while (high - low > 1) { /* up_to[low - 1] <= x < up_to[high - 1] */
        uint32_t middle = low + (high - low) / 2;

        if (users->up_to[middle - 1] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void fc_users_add(fc_world *world, uint32_t class, uint32_t user, double gpu_seconds)
{
    if (world->users[class].n > 0) world->users[class].held[user] += gpu_seconds;
}

static size_t gather(const fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    size_t n = 0;

    for (uint32_t c = spec->first_class; c < spec->first_class + spec->n_classes; c++) {
        const fc_class_users *users = &world->users[c];
        for (uint32_t u = 0; u < users->n; u++) world->all_users[n++] = users->held[u];
    }
    return n;
}

double fc_users_gini(const fc_world *world, int32_t fleet)
{
    return fc_gini_coefficient(world->all_users, gather(world, fleet));
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x > y ? -1 : x < y;
}

double fc_users_top10(const fc_world *world, int32_t fleet)
{
    size_t n = gather(world, fleet);
    double top = 0, sum = 0;

    qsort(world->all_users, n, sizeof *world->all_users, descending);
    for (size_t i = 0; i < n; i++) {
        sum += world->all_users[i];
        if (i < 10) top = sum;
    }
    return sum > 0 ? top / sum : NAN;
}
