/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Exchange rates: a calendar path, and about it a random walk by calendar months.
 *
 *     rate(t) = path(t) exp(X_n - var(X_n) / 2)     n: months since the walk began
 *     X_n = X_{n-1} exp(-k/12) + s sqrt((1 - exp(-k/6)) / (2 k)) Z_n,     X_0 = 0
 *     var(X_n) = s^2 (1 - exp(-k n/6)) / (2 k)
 *
 * s: the volatility a year, k: the reversion a year, Z_n independent standard normals. This is the
 * exact discretisation of d(ln rate) = -k (ln rate - ln path) dt + s dW (Schwartz 1997, "The
 * stochastic behavior of commodity prices", Journal of Finance 52:923, model 1); for k -> 0 the
 * step is s / sqrt(12) and the walk a geometric Brownian motion. The mean at any date is the path:
 * the walk forecasts nothing (Meese and Rogoff 1983, Journal of International Economics 14:3).
 *
 * The step into a calendar month is drawn as the occurrence of that month, whenever the walk began.
 */
#include <math.h>
#include <gsl/gsl_cdf.h>

#include "model/world.h"

static int64_t month_of(const fc_plan *plan, double t)
{
    fc_date day = fc_epoch_date(plan->epoch, t);

    return (int64_t)day.year * 12 + day.month - 1;
}

double fc_per_usd(fc_world *world, int32_t currency, double t)
{
    const fc_currency *plan = &world->plan->currencies[currency];
    double rate = fc_param_or(world->params, plan->per_usd, t, 1.0);

    if (!fc_param_given(plan->walk.volatility)) return rate + plan->weaker;
    return plan->weaker +
           rate *
               world->walks[currency].factor[month_of(world->plan, t) - month_of(world->plan, 0)];
}

double fc_exchange(fc_world *world, int32_t from, int32_t to, double t)
{
    if (from == to || from == FC_NONE || to == FC_NONE) return 1.0;
    return fc_per_usd(world, to, t) / fc_per_usd(world, from, t);
}

static double normal(const fc_world *world, uint64_t key, int64_t month)
{
    fc_stream stream;

    fc_stream_init(&stream, key, world->replication, (uint64_t)month);
    return gsl_cdf_ugaussian_Pinv(fc_stream_uniform(&stream));
}

/* Variance of the walk after so many years. */
static double variance(double volatility, double reversion, double years)
{
    double square = volatility * volatility;

    if (reversion * years < 1e-9) return square * years;
    return square * -expm1(-2.0 * reversion * years) / (2.0 * reversion);
}

static void walk(fc_world *world, const fc_walk *plan, fc_walk_state *state)
{
    double volatility = fc_param_at(world->params, plan->volatility, 0);
    double reversion = fc_param_or(world->params, plan->reversion, 0, 0.0) * FC_YEAR;
    double from = fmax(0.0, fc_param_or(world->params, plan->from, 0, 0.0));
    double step = sqrt(variance(volatility, reversion, 1.0 / 12.0)), x = 0;
    int64_t start = month_of(world->plan, 0), began = month_of(world->plan, from);

    for (uint32_t i = 0; i < state->n; i++) {
        int64_t month = start + i;

        state->factor[i] = 1.0;
        if (month <= began) continue;
        x = x * exp(-reversion / 12.0) + step * normal(world, state->key, month);
        state->factor[i] =
            exp(x - variance(volatility, reversion, (double)(month - began) / 12.0) / 2.0);
    }
}

int fc_exchange_create(fc_world *world)
{
    const fc_plan *plan = world->plan;

    world->walks = fc_arena_array(world->arena, plan->n_currencies, sizeof *world->walks);
    if (world->walks == NULL) return FC_E_NOMEM;
    for (uint32_t i = 0; i < plan->n_currencies; i++) {
        fc_walk_state *state = &world->walks[i];

        if (!fc_param_given(plan->currencies[i].walk.volatility)) continue;
        state->n = (uint32_t)(month_of(plan, plan->horizon) - month_of(plan, 0)) + 1;
        state->key = fc_stream_key(plan->seed, plan->currencies[i].code, "exchange rate walk");
        state->factor = fc_arena_array(world->arena, state->n, sizeof *state->factor);
        if (state->factor == NULL) return FC_E_NOMEM;
    }
    return FC_OK;
}

void fc_exchange_begin(fc_world *world)
{
    for (uint32_t i = 0; i < world->plan->n_currencies; i++) {
        if (world->walks[i].factor != NULL)
            walk(world, &world->plan->currencies[i].walk, &world->walks[i]);
    }
}
