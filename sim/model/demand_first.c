/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Jobs under way where a window begins. As if there had always been enough GPUs, they are those of
 * the M(t)/G/infinity queue: a Poisson process over arrival times u and durations D, of which those
 * are there with u + D > t (Eick, Massey and Whitt 1993, "The physics of the M(t)/G/infinity
 * queue", Operations Research 41:731). Drawn by thinning: candidates come as if the rate had always
 * been its maximum; then durations are length-biased, with density x f(x) / E[D], and the age is an
 * even share of them; one is kept with the chance rate(u) / maximum. Where the fluid has more than
 * that in the system, the rest of what waits in it is added as jobs that wait.
 */
#include <math.h>

#include "model/demand_windows.h"
#include "model/world.h"

/* The quantiles of a duration on cells of probability that become finer to the upper end: as many
 * for each tenth of what is left. The last cell has 1e-7. */
enum { DECADES = 7, A_DECADE = 64, CELLS = DECADES * A_DECADE + 1 };

typedef struct lengths {
    double value[CELLS], upto[CELLS]; /* sums of value x probability */
} lengths;

static void read_lengths(fc_world *world, uint32_t index, double t, lengths *out)
{
    const fc_user_class *class = &world->plan->classes[index];
    double factor = fc_work_factor(world, index, t), left = 1, sum = 0;

    for (int c = 0; c < CELLS; c++) {
        int decade = c / A_DECADE;
        double part = c == CELLS - 1 ? left : 0.9 * pow(0.1, decade) / A_DECADE;
        double u = 1 - (left - part / 2);

        out->value[c] = fmax(factor * fc_param_quantile(world->params, class->duration, t, u), 0);
        sum += part * out->value[c];
        out->upto[c] = sum;
        left -= part;
    }
}

/* The length-biased duration of a uniform. */
static double biased(const lengths *l, double u)
{
    double wanted = u * l->upto[CELLS - 1];
    int low = 0, high = CELLS - 1;

    while (low < high) {
        int middle = (low + high) / 2;
        if (l->upto[middle] >= wanted)
            high = middle;
        else
            low = middle + 1;
    }
    return l->value[low];
}

/* The greatest rate between two times. */
static double greatest_rate(fc_world *world, uint32_t index, double from, double to)
{
    double most = 0, t = from;

    while (t < to) {
        double until = to;
        most = fmax(most, fc_arrival_rate(world, index, t, &until));
        t = until;
    }
    return most;
}

static int add_first(fc_pool_state *pool, const fc_job *job)
{
    fc_pool_sample *s = pool->sample;
    int ret = fc_reserve(&s->first, &s->first_capacity, s->n_first + 1, sizeof *s->first);

    if (ret == FC_OK) s->first[s->n_first++] = *job;
    return ret;
}

/* Draws one more of the class's jobs. If it has to wait, its patience begins here. */
static int draw_first(fc_world *world, const fc_pool_state *pool, uint32_t index, double t,
                      fc_job *job)
{
    fc_class_sample *class = world->classes[index].sample;
    uint64_t id = FC_FIRST_JOB | pool->sample->feed << 32 | class->first_here++;
    int ret = fc_job_draw(world, index, id, t, job);

    class->first++;
    return ret;
}

static int gather_running(fc_world *world, fc_pool_state *pool, uint32_t index, double t,
                          fc_stream *stream)
{
    fc_pool_sample *s = pool->sample;
    double most = greatest_rate(world, index, s->stopped, t), until = 0;
    lengths l;
    int ret = FC_OK;

    read_lengths(world, index, t, &l);
    double candidates = most * l.upto[CELLS - 1];
    for (double at = fc_exponential(stream); ret == FC_OK && at < candidates;
         at += fc_exponential(stream)) {
        double duration = biased(&l, fc_stream_uniform(stream));
        double age = duration * fc_stream_uniform(stream);
        double kept = fc_stream_uniform(stream);
        fc_job job;

        if (t - age < s->stopped) continue;
        if (!(kept * most < fc_arrival_rate(world, index, t - age, &until))) continue;
        if ((ret = draw_first(world, pool, index, t, &job)) != FC_OK) break;
        if (job.estimate > 0) /* as good as its own job's was */
            job.estimate = fmax(job.estimate / fmax(job.duration, 1) * duration - age, 60);
        job.duration = duration - age;
        world->classes[index].sample->first_gpus += job.gpus;
        ret = add_first(pool, &job);
    }
    return ret;
}

static int gather_waiting(fc_world *world, fc_pool_state *pool, uint32_t index, double t,
                          fc_stream *stream)
{
    const fc_flow *flow = &world->classes[index].flow;
    double wait =
        fmin(flow->waiting, flow->run + flow->waiting - world->classes[index].sample->first_gpus);
    int ret = FC_OK;

    if (!(wait > 0)) return FC_OK;
    double jobs = floor(wait / flow->gpus + fc_stream_uniform(stream));
    for (; ret == FC_OK && jobs >= 1; jobs--) {
        fc_job job;

        ret = draw_first(world, pool, index, t, &job);
        job.arrival = nextafter(t, INFINITY);
        if (ret == FC_OK) ret = add_first(pool, &job);
    }
    return ret;
}

static void begin_class(fc_class_sample *class)
{
    class->first_gpus = 0;
    class->first_here = 0;
}

int fc_windows_gather_first(fc_world *world, fc_pool_state *pool, double t)
{
    fc_pool_sample *s = pool->sample;
    int ret = FC_OK;

    s->n_first = s->next_first = 0;
    /* Those that wait come after all that run. */
    for (int waits = 0; waits < 2; waits++) {
        for (uint32_t i = 0; ret == FC_OK && i < pool->n_classes; i++) {
            uint32_t index = pool->classes[i];
            fc_stream stream;

            if (world->classes[index].sample->through) continue; /* they are there */

            fc_stream_init(&stream, world->classes[index].sample->key, world->replication,
                           2 * s->feed + (uint64_t)waits);
            if (!waits) begin_class(world->classes[index].sample);
            ret = waits ? gather_waiting(world, pool, index, t, &stream)
                        : gather_running(world, pool, index, t, &stream);
        }
    }
    return ret;
}

bool fc_windows_take_first(fc_pool_state *pool, fc_job *job)
{
    fc_pool_sample *s = pool->sample;

    if (s->next_first == s->n_first) return false;
    *job = s->first[s->next_first++];
    return true;
}
