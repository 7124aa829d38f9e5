/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/demand_windows.h"

#include <math.h>
#include <stdlib.h>

#include "model/world.h"

static const double DEFAULT_NUMBER = 2;
enum { MOST_STRATA = 128 }; /* in a quarter, and one more */

static const fc_demand_spec *spec_of(const fc_world *world, const fc_pool_state *pool)
{
    return &world->plan->fleets[pool->fleet].demand;
}

static fc_class_sample *sample_of(const fc_world *world, const fc_pool_state *pool, uint32_t i)
{
    return world->classes[pool->classes[i]].sample;
}

/* *to += factor (a - b), amount by amount. */
static void add_difference(fc_class_work *to, const fc_class_work *a, const fc_class_work *b,
                           double factor)
{
    to->arrived += factor * (a->arrived - b->arrived);
    to->held += factor * (a->held - b->held);
    to->lost += factor * (a->lost - b->lost);
    to->offshore += factor * (a->offshore - b->offshore);
    to->abandoned += factor * (a->abandoned - b->abandoned);
    to->rent += factor * (a->rent - b->rent);
    to->killed += factor * (a->killed - b->killed);
    for (int k = 0; k < FC_N_OBSTACLES; k++) to->unmet[k] += factor * (a->unmet[k] - b->unmet[k]);
}

/* ---- creation ------------------------------------------------------------------------------ */

int fc_windows_create(fc_world *world, fc_pool_state *pool)
{
    pool->sample = fc_arena_array(world->arena, 1, sizeof *pool->sample);
    if (pool->sample == NULL) return FC_E_NOMEM;
    pool->sample->key =
        fc_stream_key(world->plan->seed, world->plan->fleets[pool->fleet].name, "windows");
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        fc_class_state *class = &world->classes[pool->classes[i]];

        class->sample = fc_arena_array(world->arena, 1, sizeof *class->sample);
        if (class->sample == NULL) return FC_E_NOMEM;
        class->sample->key = fc_stream_key(world->plan->seed, class->path, "first");
        class->of_flow = &class->sample->flow;
        class->of_jobs = &class->sample->jobs;
    }
    return fc_windows_create_services(world, pool);
}

void fc_windows_free(fc_world *world, fc_pool_state *pool)
{
    if (pool->sample == NULL) return;
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        fc_class_sample *class = sample_of(world, pool, i);
        if (class != NULL) fc_job_measures_free(&class->measures);
    }
    fc_windows_free_services(pool);
    free(pool->sample->cohorts);
    free(pool->sample->first);
}

void fc_windows_begin(fc_world *world, fc_pool_state *pool)
{
    fc_pool_sample *s = pool->sample;

    fc_windows_begin_services(pool);
    *s = (fc_pool_sample){.window_from = INFINITY,
                          .warm_from = INFINITY,
                          .cohorts = s->cohorts,
                          .cohort_capacity = s->cohort_capacity,
                          .first = s->first,
                          .first_capacity = s->first_capacity,
                          .key = s->key};
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        fc_class_sample *class = sample_of(world, pool, i);

        fc_job_measures_free(&class->measures);
        *class = (fc_class_sample){.key = class->key,
                                   .measures = {.wait = FC_HISTOGRAM_EMPTY,
                                                .left = FC_HISTOGRAM_EMPTY,
                                                .slowdown = FC_HISTOGRAM_EMPTY,
                                                .turnaround = FC_HISTOGRAM_EMPTY}};
    }
}

/* ---- cohorts ------------------------------------------------------------------------------- */

/* Of a job that arrived then; NULL: it is not measured. */
static const fc_cohort *cohort_of(const fc_pool_sample *s, const fc_job *job)
{
    size_t low = 0, high = s->n_cohorts;

    if (job->id & FC_FIRST_JOB) return NULL;
    while (low < high) { /* the first that ends after the arrival */
        size_t middle = low + (high - low) / 2;

        if (s->cohorts[middle].until > job->arrival)
            high = middle;
        else
            low = middle + 1;
    }
    if (low == s->n_cohorts || job->arrival < s->cohorts[low].from) return NULL;
    return &s->cohorts[low];
}

int fc_windows_see(fc_world *world, fc_pool_state *pool, const fc_job_result *result)
{
    const fc_job *job = result->job;
    fc_job_measures *m = &world->classes[pool->classes[job->class]].sample->measures;
    const fc_cohort *cohort = cohort_of(pool->sample, job);
    uint64_t times = cohort ? (uint64_t)llrint(cohort->weight * FC_WINDOW_COUNTS) : 0;
    int ret = FC_OK;

    if (times == 0) return FC_OK;
    if (isfinite(result->start)) {
        double wait = result->start - job->arrival;

        ret = fc_histogram_add_times(&m->wait, wait, times);
        if (ret != FC_OK || result->status != FC_JOB_DONE) return ret;
        double run = job->duration, all = result->end - job->arrival;
        return fc_histogram_add_times(
            &m->slowdown, fc_bounded_slowdown(all - run, run, FC_SLOWDOWN_BOUND), times);
    }
    if (result->status == FC_JOB_WAITING)
        world->classes[pool->classes[job->class]].rest.never_started += times;
    if (result->status != FC_JOB_OFFSHORE && result->status != FC_JOB_ABANDONED) return FC_OK;
    return fc_histogram_add_times(&m->left, result->end - job->arrival, times);
}

/* ---- stretches that are measured ----------------------------------------------------------- */

/* fc_job_sink.take: of a job that is there. */
static int add_rest(void *self, const fc_job_result *result)
{
    fc_pool_state *pool = self;
    const fc_job *job = result->job;
    fc_class_work *rest = &pool->world->classes[pool->classes[job->class]].sample->rest;

    rest->held += job->gpus * result->held;
    rest->lost += job->gpus * result->lost;
    if (isnan(result->start) && cohort_of(pool->sample, job) != NULL) pool->sample->pending++;
    return FC_OK;
}

static int look_at_rest(fc_world *world, fc_pool_state *pool)
{
    pool->sample->pending = 0;
    for (uint32_t i = 0; i < pool->n_classes; i++)
        sample_of(world, pool, i)->rest = (fc_class_work){0};
    if (pool->engine == NULL) return FC_OK;
    return fc_jobs_tell_rest(pool->engine, &(fc_job_sink){add_rest, pool});
}

/* What jobs did so far, those that are there included. */
static fc_class_work jobs_so_far(const fc_class_sample *class)
{
    fc_class_work sum = class->jobs;

    sum.held += class->rest.held;
    sum.lost += class->rest.lost;
    return sum;
}

/* What the stretch under way adds to the flow, if it counts `weight` times. */
static void add_stretch(const fc_class_sample *class, double weight, fc_class_work *to)
{
    fc_class_work jobs = jobs_so_far(class);

    add_difference(to, &jobs, &class->jobs_before, weight);
    add_difference(to, &class->flow, &class->flow_before, -weight);
}

static double fragmented_area(const fc_pool_state *pool)
{
    fc_jobs_summary summary;

    fc_jobs_summary_of(pool->engine, &summary);
    if (!(summary.until > summary.from)) return 0;
    return summary.levels.fragmented * (summary.until - summary.from);
}

static int begin_stretch(fc_world *world, fc_pool_state *pool, double t, double until,
                         double weight)
{
    fc_pool_sample *s = pool->sample;
    int ret = fc_reserve(&s->cohorts, &s->cohort_capacity, s->n_cohorts + 1, sizeof *s->cohorts);

    if (ret == FC_OK) ret = look_at_rest(world, pool);
    if (ret != FC_OK) return ret;
    s->cohorts[s->n_cohorts++] = (fc_cohort){t, until, weight};
    s->mode = FC_WINDOW_MEASURED;
    s->weight = weight;
    s->measured_until = until;
    s->fragmented_before = fragmented_area(pool);
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        fc_class_sample *class = sample_of(world, pool, i);

        class->flow_before = class->flow;
        class->jobs_before = jobs_so_far(class);
    }
    fc_windows_begin_stretch(pool);
    return FC_OK;
}

static int end_stretch(fc_world *world, fc_pool_state *pool, double t, double tail)
{
    fc_pool_sample *s = pool->sample;
    int ret = look_at_rest(world, pool);

    if (ret != FC_OK) return ret;
    for (uint32_t i = 0; i < pool->n_classes; i++) {
        fc_class_sample *class = sample_of(world, pool, i);
        fc_class_work alone = {0};

        add_stretch(class, s->weight, &class->more);
        add_stretch(class, 1, &alone);
        class->held_more += alone.held;
    }
    fc_windows_end_stretch(pool);
    s->fragmented += s->weight * (fragmented_area(pool) - s->fragmented_before);
    s->mode = FC_WINDOW_TAIL;
    s->look = t;
    s->tail_until = t + tail;
    return FC_OK;
}

/* ---- strata -------------------------------------------------------------------------------- */

static void begin_quarter(fc_world *world, fc_pool_state *pool, double t)
{
    fc_pool_sample *s = pool->sample;
    double number =
        fc_param_or(world->params, spec_of(world, pool)->windows_a_quarter, t, DEFAULT_NUMBER);

    s->quarter += t > 0;
    s->quarter_from = t;
    s->quarter_until =
        fmin(fc_period_end_after(world->plan->epoch, FC_PERIOD_QUARTER, t), world->plan->horizon);
    s->stratum = 0;
    s->n_strata = (uint32_t)fmin(fmax(rint(number), 1), MOST_STRATA - 1);
}

/* Of the quarter's strata the i-th begins here, at a midnight. */
static double stratum_begin(const fc_pool_sample *s, uint32_t i)
{
    double days = (s->quarter_until - s->quarter_from) / FC_DAY;

    if (i == s->n_strata) return s->quarter_until;
    return s->quarter_from + floor(days * i / s->n_strata) * FC_DAY;
}

/* Arrivals go to the engine, numbered by the stratum: whether others still did so does not matter
 * to them. At the start they are those of `detail: jobs`, job by job. */
static int begin_feed(fc_world *world, fc_pool_state *pool, double t)
{
    fc_pool_sample *s = pool->sample;
    double now = t;
    int ret = FC_OK;

    if (t > 0) {
        s->feed = s->quarter * MOST_STRATA + s->stratum;
        if (s->mode == FC_WINDOW_GAP && pool->services != NULL) {
            ret = fc_services_join(world, pool->services_of_jobs, pool->services, t);
            s->joined = now = nextafter(t, INFINITY);
        }
        if (ret == FC_OK && s->mode == FC_WINDOW_GAP)
            ret = fc_windows_gather_first(world, pool, now);
        for (uint32_t i = 0; i < pool->n_classes; i++) {
            if (!sample_of(world, pool, i)->through)
                fc_arrivals_begin_at(world, pool->classes[i], t, s->feed << 32);
        }
    }
    s->mode = FC_WINDOW_WARM;
    return ret;
}

/* Where the window of the stratum lies, or that there is none: then all of it is measured. */
static int begin_stratum(fc_world *world, fc_pool_state *pool, double t)
{
    fc_pool_sample *s = pool->sample;
    bool goes_on = s->n_cohorts > 0 && s->cohorts[s->n_cohorts - 1].until == t;
    double length = fc_window_length(world, pool, t);
    fc_stream stream;

    if (t == 0) fc_windows_choose_through(world, pool);
    if (t >= s->quarter_until) begin_quarter(world, pool, t);
    fc_stream_init(&stream, s->key, world->replication, s->quarter * MOST_STRATA + s->stratum);
    s->stratum_until = stratum_begin(s, ++s->stratum);
    double warm_up = fc_window_warm_up(world, pool, t);
    double free_days = floor((s->stratum_until - t - length - warm_up) / FC_DAY);
    double at = floor(fc_stream_uniform(&stream) * (free_days + 1)) * FC_DAY;
    bool in_full = free_days < 0;
    int ret = in_full ? FC_OK : fc_window_in_full(world, pool, t, s->stratum_until, &in_full);
    s->window_from = s->warm_from = INFINITY;
    if (ret != FC_OK) return ret;
    if (!in_full) {
        s->warm_from = t + at;
        s->window_from = s->warm_from + warm_up;
        s->window_until = s->window_from + length;
        s->weight = (s->stratum_until - t) / length;
        return FC_OK;
    }
    if (!goes_on) ret = begin_feed(world, pool, t);
    return ret == FC_OK ? begin_stretch(world, pool, t, s->stratum_until, 1) : ret;
}

/* ---- running ------------------------------------------------------------------------------- */

static int look_at_tail(fc_world *world, fc_pool_state *pool, double t)
{
    fc_pool_sample *s = pool->sample;
    int ret = look_at_rest(world, pool);

    s->look = t + FC_DAY;
    if (s->pending > 0 && t < s->tail_until) return ret;
    s->mode = FC_WINDOW_GAP;
    s->stopped = t;
    return ret;
}

/* What is due at t. */
static int pass(fc_world *world, fc_pool_state *pool, double t)
{
    fc_pool_sample *s = pool->sample;
    int ret = FC_OK;

    if (s->mode == FC_WINDOW_MEASURED && t >= s->measured_until)
        ret = end_stretch(world, pool, t, fc_window_length(world, pool, t));
    if (ret == FC_OK && t >= s->stratum_until) ret = begin_stratum(world, pool, t);
    if (ret == FC_OK && s->mode == FC_WINDOW_TAIL && t >= s->look)
        ret = look_at_tail(world, pool, t);
    if (ret == FC_OK && s->mode != FC_WINDOW_WARM && t >= s->warm_from)
        ret = begin_feed(world, pool, t);
    if (ret == FC_OK && t >= s->window_from) {
        s->window_from = s->warm_from = INFINITY;
        ret = begin_stretch(world, pool, t, s->window_until, s->weight);
    }
    return ret;
}

static double next_due(const fc_pool_sample *s)
{
    double next = s->stratum_until;

    if (s->mode == FC_WINDOW_MEASURED) next = fmin(next, s->measured_until);
    if (s->mode == FC_WINDOW_TAIL) next = fmin(next, s->look);
    return fmin(next, s->mode == FC_WINDOW_WARM ? s->window_from : s->warm_from);
}

/* Where no job arrives, services are not among them. */
static int run_jobs(fc_world *world, fc_pool_state *pool, double from, double to)
{
    if (pool->sample->mode == FC_WINDOW_GAP) return fc_demand_jobs_run(world, pool, to);
    return fc_demand_jobs_pass(world, pool, fmax(from, pool->sample->joined), to);
}

int fc_windows_run(fc_world *world, fc_pool_state *pool, double from, double to)
{
    int ret = FC_OK;

    if (pool->engine == NULL) return fc_demand_fluid_run(world, pool, from, to);
    while (ret == FC_OK && from < to) {
        while (ret == FC_OK && next_due(pool->sample) <= from) ret = pass(world, pool, from);
        double end = fmin(to, next_due(pool->sample));
        if (ret == FC_OK) ret = fc_demand_fluid_run(world, pool, from, end);
        if (ret == FC_OK) ret = run_jobs(world, pool, from, end);
        from = end;
    }
    return ret;
}

/* ---- estimates ----------------------------------------------------------------------------- */

/* An estimate may come out where no total can be. */
static void within_bounds(fc_class_work *w)
{
    w->arrived = fmax(w->arrived, 0);
    w->held = fmax(w->held, 0);
    w->lost = fmin(fmax(w->lost, 0), w->held);
    w->offshore = fmax(w->offshore, 0);
    w->abandoned = fmax(w->abandoned, 0);
    w->rent = fmax(w->rent, 0);
    w->killed = fmax(w->killed, 0);
    for (int k = 0; k < FC_N_OBSTACLES; k++) w->unmet[k] = fmax(w->unmet[k], 0);
}

int fc_windows_publish(fc_world *world, fc_pool_state *pool)
{
    static const fc_class_work nothing = {0};
    const fc_pool_sample *s = pool->sample;
    bool measured = s->mode == FC_WINDOW_MEASURED;
    int ret = look_at_rest(world, pool);

    for (uint32_t i = 0; ret == FC_OK && i < pool->n_classes; i++) {
        const fc_class_sample *class = sample_of(world, pool, i);
        fc_class_work *work = &world->classes[pool->classes[i]].work;

        *work = class->through ? jobs_so_far(class) : class->flow;
        if (!class->through) add_difference(work, &class->more, &nothing, 1);
        if (measured && !class->through) add_stretch(class, s->weight, work);
        within_bounds(work);
    }
    if (ret == FC_OK) fc_windows_publish_services(world, pool);
    return ret;
}

double fc_windows_held(const fc_world *world, const fc_pool_state *pool)
{
    double held = 0;

    for (uint32_t i = 0; i < pool->n_classes; i++) {
        const fc_class_sample *class = sample_of(world, pool, i);
        fc_class_work alone = {0};

        if (class->through) {
            held += jobs_so_far(class).held;
            continue;
        }
        held += class->flow.held + class->held_more;
        if (pool->sample->mode == FC_WINDOW_MEASURED) add_stretch(class, 1, &alone);
        held += alone.held;
    }
    return held;
}

double fc_windows_class_held(const fc_pool_state *pool, const fc_class_state *class, double now)
{
    const fc_class_sample *sample = class->sample;
    double held = sample->flow.held + sample->held_more;

    if (sample->through) return fc_jobs_class_held(pool->engine, class->index, now);
    if (pool->sample->mode != FC_WINDOW_MEASURED) return held;
    held += fc_jobs_class_held(pool->engine, class->index, now) - sample->jobs_before.held;
    return held - (sample->flow.held - sample->flow_before.held);
}

double fc_windows_fragmented(const fc_pool_state *pool)
{
    const fc_pool_sample *s = pool->sample;

    if (pool->engine == NULL) return 0;
    if (s->mode != FC_WINDOW_MEASURED) return s->fragmented;
    return s->fragmented + s->weight * (fragmented_area(pool) - s->fragmented_before);
}
