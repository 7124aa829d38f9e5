/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/precision.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "model/metric_table.h"
#include "scenario/quantity.h"

static const double ALPHA = 0.05;

/* ---- reading --------------------------------------------------------------------------------- */

static const char *skip(const char *at)
{
    return at + strspn(at, " ");
}

static bool copy_name(const char *from, size_t length, char *out, size_t room)
{
    while (length > 0 && from[length - 1] == ' ') length--;
    if (length == 0 || length >= room) return false;
    memcpy(out, from, length);
    out[length] = '\0';
    return true;
}

/* "2 points", "2 %p", "1 %": as a share. */
static bool read_wanted(const char *text, bool share, double *out)
{
    char *end;
    *out = strtod(text, &end) / 100;
    if (end == text || !(*out > 0) || *out > 1) return false;
    const char *unit = skip(end);
    static const char *const points[] = {"points", "point", "%p", "%P", "pp"};
    if (!share) return strcmp(unit, "%") == 0;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++)
        if (strcmp(unit, points[i]) == 0) return true;
    return false;
}

static bool read_share(const char *text, size_t length, fc_precision *out)
{
    const char *close = memchr(text, ')', length);
    if (!close || skip(close + 1) != text + length) return false;
    out->share = true;
    strcpy(out->metric, "met");
    const char *name = skip(text + 2);
    return copy_name(name, (size_t)(close - name), out->entity, sizeof out->entity);
}

/* [FLEET.]METRIC[@DATE] */
static bool read_mean(const char *text, size_t length, fc_precision *out)
{
    const char *at = memchr(text, '@', length);
    size_t name = at ? (size_t)(at - text) : length;
    const char *dot = memrchr(text, '.', name);
    if (dot && !copy_name(text, (size_t)(dot - text), out->entity, sizeof out->entity))
        return false;
    const char *metric = dot ? dot + 1 : text;
    if (!copy_name(metric, (size_t)(text + name - metric), out->metric, sizeof out->metric))
        return false;
    out->dated = at != NULL;
    if (!at) return true;
    char date[40];
    fc_quantity q;
    const char *from = skip(at + 1);
    if (!copy_name(from, (size_t)(text + length - from), date, sizeof date)) return false;
    if (fc_quantity_parse(date, &(fc_unit_want){.dim = FC_DIM_DATE}, NULL, NULL, &q)) return false;
    out->day = (int64_t)q.last;
    return true;
}

int fc_precision_parse(const char *text, fc_diag *diag, fc_precision *out)
{
    *out = (fc_precision){.text = text};
    const char *from = skip(text), *colon = strrchr(from, ':');
    size_t length = colon ? (size_t)(colon - from) : 0;
    while (length > 0 && from[length - 1] == ' ') length--;
    bool share = strncmp(from, "P(", 2) == 0;
    bool good =
        length > 0 && (share ? read_share(from, length, out) : read_mean(from, length, out));
    if (!good || !read_wanted(skip(colon + 1), share, &out->wanted))
        return fc_fail(diag, FC_E_PRECISION, NULL, text, NULL);
    return FC_OK;
}

/* ---- looking --------------------------------------------------------------------------------- */

fc_precision_result fc_precision_look(const fc_precision *precision, const double *value,
                                      uint32_t n, unsigned look)
{
    double rank = look + 1.0, level = 1 - 6 * ALPHA / (M_PI * M_PI * rank * rank);
    fc_precision_result out = {.n = n, .level = level};
    fc_tally tally = FC_TALLY_EMPTY;
    uint64_t hits = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (isnan(value[i])) continue;
        fc_tally_add(&tally, value[i]);
        hits += value[i] > 0.5;
    }
    out.without = n - (uint32_t)tally.n;
    out.estimate = fc_tally_mean(&tally);
    if (precision->share) {
        out.interval = fc_wilson_interval(hits, tally.n, level);
        out.half_width = (out.interval.high - out.interval.low) / 2;
    } else {
        double half = fc_student_half_width(&tally, level);
        out.interval = (fc_interval){out.estimate - half, out.estimate + half};
        /* Nothing varies, not even from 0: as precise as can be. */
        out.half_width = half > 0 ? half / fabs(out.estimate) : half;
    }
    out.reached = out.half_width <= precision->wanted;
    return out;
}

/* What stands at the end of the names in the database of what is meant; "" if nothing is named. */
static void name_tail(const fc_precision *p, char *room, size_t size)
{
    const char *dot = p->share ? strchr(p->entity, '.') : NULL;
    if (dot)
        snprintf(room, size, "%.*s.targets%s", (int)(dot - p->entity), p->entity, dot);
    else if (p->share)
        snprintf(room, size, ".targets.%s", p->entity);
    else
        snprintf(room, size, "%s", p->entity);
}

static bool is_meant(const fc_precision *p, const char *tail, const fc_observable *o)
{
    if (strcmp(fc_metrics[o->metric].id, p->metric) != 0) return false;
    size_t length = strlen(o->name), end = strlen(tail);
    bool ends = length >= end && strcmp(o->name + length - end, tail) == 0;
    return !*tail || strcmp(o->name, tail) == 0 || (*tail == '.' && ends);
}

/* As one would write it: without the ".targets" of a target's name. */
static void add_choice(const fc_precision *p, const char *name, fc_text *out)
{
    const char *middle = p->share ? strstr(name, ".targets.") : NULL;
    fc_text_add(out, out->length ? ", " : "");
    if (middle) fc_text_addn(out, name, (size_t)(middle - name));
    fc_text_add(out, middle ? middle + strlen(".targets") : name);
}

/* The name in the database of the one that is meant. */
static int find_entity(const fc_precision *p, const fc_scenario *scenario, fc_diag *diag,
                       const char **entity)
{
    const fc_plan *plan = scenario->plan;
    const fc_observable *list = p->dated ? plan->series : plan->outcomes, *found = NULL;
    uint32_t n = p->dated ? plan->n_series : plan->n_outcomes, several = 0;
    char tail[200];
    fc_text choices = FC_TEXT_EMPTY;
    name_tail(p, tail, sizeof tail);
    for (uint32_t i = 0; i < n; i++) {
        if (!is_meant(p, tail, &list[i])) continue;
        found = &list[i];
        several++;
        add_choice(p, list[i].name, &choices);
    }
    int ret = FC_OK;
    if (!found)
        ret = fc_fail(diag, FC_E_PRECISION_NAME, NULL, p->text, scenario->name, NULL);
    else if (!p->share && strcmp(fc_metrics[found->metric].unit, "date") == 0)
        ret = fc_fail(diag, FC_E_PRECISION_DATE, NULL, p->text, NULL);
    else if (several > 1)
        ret = fc_fail(diag, FC_E_PRECISION_SEVERAL, NULL, p->text,
                      choices.data ? choices.data : "-", NULL);
    fc_text_free(&choices);
    *entity = found ? found->name : NULL;
    return ret;
}

static bool is_month_end(const fc_plan *plan, int64_t day)
{
    for (uint32_t m = 0; m < plan->n_months; m++)
        if (fc_date_days(fc_epoch_date_by(plan->epoch, plan->month_ends[m])) == day) return true;
    return false;
}

/* The values of replications below n, by number; NaN where there is none. */
static int read_values(fc_store *store, const fc_precision *p, int64_t run, const char *entity,
                       uint32_t n, fc_diag *diag, double *value)
{
    fc_sample sample;
    fc_arena *arena = fc_arena_create();
    if (!arena) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int ret = p->dated
                  ? fc_store_series(store, arena, run, p->metric, entity, p->day, diag, &sample)
                  : fc_store_outcome(store, arena, run, p->metric, entity, diag, &sample);
    for (uint32_t i = 0; i < n && !ret; i++) value[i] = NAN;
    for (size_t i = 0; i < sample.n && !ret; i++)
        if (sample.replication[i] < n) value[sample.replication[i]] = sample.value[i];
    fc_arena_free(arena);
    return ret;
}

/* The looks so far and one more. It finds what these have stored, and tries again what failed in
 * them. */
static void add_look(fc_experiment_result *out, const fc_experiment_result *look)
{
    fc_experiment_result before = *out;
    uint32_t stored = before.done - before.failed;
    *out = *look;
    out->failed = look->failed > before.failed ? look->failed : before.failed;
    out->done = stored + look->done - look->failed + out->failed;
    out->found = look->found - stored;
    out->events += before.events;
}

static int note_look(fc_store *store, int64_t run, const fc_precision *precision, unsigned number,
                     const fc_precision_result *reached, fc_diag *diag)
{
    fc_look look = {.precision = precision->text,
                    .number = number,
                    .n = reached->n,
                    .level = reached->level,
                    .reached = reached->reached};
    return fc_store_note_look(store, run, &look, diag);
}

static int take_looks(fc_store *store, fc_scenario *scenario, const fc_precision *precision,
                      const fc_experiment_options *options, const char *entity, double *value,
                      fc_diag *diag, fc_experiment_result *out, fc_precision_result *reached)
{
    fc_experiment_options look = *options;
    uint32_t most = options->replications ? options->replications : FC_PRECISION_MOST;
    for (unsigned j = 0;; j++) {
        uint64_t n = (uint64_t)FC_PRECISION_FIRST << j;
        look.replications = n < most ? (uint32_t)n : most;
        fc_experiment_result now;
        int ret = fc_experiment_run(store, scenario, &look, diag, &now);
        if (ret) return ret;
        add_look(out, &now);
        if (out->stopped) return FC_OK;
        ret = read_values(store, precision, out->run, entity, look.replications, diag, value);
        if (ret) return ret;
        *reached = fc_precision_look(precision, value, look.replications, j);
        snprintf(reached->entity, sizeof reached->entity, "%s", entity);
        if ((ret = note_look(store, out->run, precision, j, reached, diag))) return ret;
        if (reached->reached || look.replications == most) return FC_OK;
    }
}

int fc_experiment_run_until(fc_store *store, fc_scenario *scenario, const fc_precision *precision,
                            const fc_experiment_options *options, fc_diag *diag,
                            fc_experiment_result *out, fc_precision_result *reached)
{
    *out = (fc_experiment_result){0};
    *reached = (fc_precision_result){0};
    if (options->shards > 1)
        return fc_fail(
            diag, FC_E_USAGE, NULL,
            FC_BOTH("--precision needs all replications in one place: leave out --shard",
                    "--precision에는 모든 모의가 한곳에 있어야 합니다: --shard를 빼십시오"),
            NULL);
    const char *entity;
    int ret = find_entity(precision, scenario, diag, &entity);
    if (ret) return ret;
    if (precision->dated && !is_month_end(scenario->plan, precision->day))
        return fc_fail(diag, FC_E_PRECISION_NAME, NULL, precision->text, scenario->name, NULL);
    uint32_t most = options->replications ? options->replications : FC_PRECISION_MOST;
    double *value = calloc((size_t)most + 1, sizeof *value);
    if (!value) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    ret = take_looks(store, scenario, precision, options, entity, value, diag, out, reached);
    free(value);
    return ret;
}
