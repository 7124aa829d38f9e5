/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs/clearing.h"

typedef struct fc_clearing_run {
    const fc_job_sample *sample;
    fc_overrun overrun;
    double gpus;    /* of the cluster */
    double second;  /* a unit of the sample's time */
    uint32_t next;  /* of its jobs */
    double warm;    /* the time that counts begins */
    double started; /* GPU-seconds of jobs that have started since */
} fc_clearing_run;

/* fc_job_source.next. Jobs larger than the cluster never start, are in nobody's way, and would have
 * to be passed over again and again: they are left out. */
static int next_job(void *self, fc_job *job, bool *more)
{
    fc_clearing_run *run = self;
    const fc_job_sample *sample = run->sample;

    while (run->next < sample->count && sample->jobs[run->next].gpus > run->gpus) run->next++;
    *more = run->next < sample->count;
    if (!*more) return FC_OK;
    *job = sample->jobs[run->next++];
    job->arrival *= run->second;
    return FC_OK;
}

/* fc_job_sink.take */
static int take(void *self, const fc_job_result *result)
{
    fc_clearing_run *run = self;

    if (result->start > run->warm)
        run->started += result->job->gpus * fc_job_holds(result->job, run->overrun);
    return FC_OK;
}

int fc_jobs_clear(const fc_jobs_spec *spec, const fc_job_sample *sample, double load,
                  double *served, double *lasts)
{
    const fc_gpu_group *group = &spec->groups[0];
    const fc_job *jobs = sample->jobs;
    double wanted = 0;
    double from = jobs[sample->warm - 1].arrival, until = jobs[sample->count - 1].arrival;
    fc_clearing_run run = {.sample = sample, .overrun = spec->overrun, .gpus = group->units};
    fc_jobs_input input = {.jobs = {next_job, &run}, .sink = {take, &run}};
    fc_jobs *engine = NULL;
    int ret = FC_OK;

    if (group->server_gpus > 0) run.gpus *= group->server_gpus;
    for (uint32_t i = sample->warm; i < sample->count; i++) {
        if (jobs[i].gpus <= run.gpus) wanted += jobs[i].gpus * fc_job_holds(&jobs[i], run.overrun);
    }
    if (spec->group_count != 1 || !(wanted > 0) || !(until > from) || !(load > 0))
        return FC_E_DOMAIN;
    run.second = wanted / (load * run.gpus * (until - from));
    run.warm = from * run.second;
    *lasts = (until - from) * run.second;
    ret = fc_jobs_create(spec, &engine);
    if (ret == FC_OK) ret = fc_jobs_run(engine, &input, nextafter(until * run.second, INFINITY));
    if (ret == FC_OK) ret = fc_jobs_tell_rest(engine, &input.sink);
    if (ret == FC_OK) *served = fmin(run.started / wanted, 1) * load;
    fc_jobs_free(engine);
    return ret;
}
