/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The answer as JSON; its shape is described in answer.h. */
#include <math.h>
#include <string.h>
#include "report/answer.h"
#include "report/answer_gains.h"
#include "report/answer_money.h"
#include "report/answer_running.h"
#include "report/answer_use.h"
#include "report/demand_json.h"
#include "report/json.h"
#include "report/words.h"

/* Every part is put into its object at once; `failed` is looked at once, at the end. */
static bool number(json_t *object, const char *key, double value)
{
    bool failed = false;
    fc_json_put(object, key, fc_json_number(value), &failed);
    return failed;
}

static json_t *chance(const fc_chance *c, bool *failed)
{
    json_t *o = json_object();
    fc_json_put(o, "hits", json_integer((json_int_t)c->hits), failed);
    fc_json_put(o, "n", json_integer((json_int_t)c->n), failed);
    *failed |= number(o, "p", c->p);
    *failed |= number(o, "low", c->n ? c->interval.low : NAN);
    *failed |= number(o, "high", c->n ? c->interval.high : NAN);
    return o;
}

static json_t *spread(const fc_spread *s, bool *failed)
{
    json_t *o = json_object();
    *failed |= number(o, "p05", s->low);
    *failed |= number(o, "p50", s->median);
    *failed |= number(o, "p95", s->high);
    return o;
}

static json_t *date_spread(const fc_spread *s, bool *failed)
{
    json_t *o = json_object();
    fc_json_put(o, "p05", fc_json_date(s->low), failed);
    fc_json_put(o, "p50", fc_json_date(s->median), failed);
    fc_json_put(o, "p95", fc_json_date(s->high), failed);
    return o;
}

static json_t *run(const fc_summary *s, bool *failed)
{
    const fc_run_info *r = &s->run;
    json_t *o = json_object();
    fc_json_put(o, "name", fc_json_text(r->name), failed);
    fc_json_put(o, "title", fc_json_title(r->title_en, r->title_ko), failed);
    fc_json_put(o, "file", fc_json_text(r->file), failed);
    fc_json_put(o, "hash", fc_json_text(r->hash), failed);
    fc_json_put(o, "seed", fc_json_text(r->seed), failed);
    fc_json_put(o, "version", fc_json_text(r->version), failed);
    fc_json_put(o, "start", fc_json_date((double)r->start_day), failed);
    fc_json_put(o, "end", fc_json_date((double)r->end_day), failed);
    fc_json_put(o, "replications", json_integer(r->replications), failed);
    fc_json_put(o, "independent", json_integer((json_int_t)s->independent), failed);
    fc_json_put(o, "level", fc_json_number(s->level), failed);
    fc_json_put(o, "failures", json_integer(r->failures), failed);
    return o;
}

static json_t *target(const fc_target_facts *t, bool *failed)
{
    if (!t->path) return json_null();
    json_t *o = json_object(), *by = json_object(), *at = json_object();
    fc_json_put(o, "path", fc_json_text(t->path), failed);
    fc_json_put(o, "by", fc_json_date((double)t->by), failed);
    *failed |= number(o, "gpus", t->gpus);
    fc_json_put(o, "counted_at", fc_json_text(fc_milestone_id(t->counted_at)), failed);
    fc_json_put(o, "met", chance(&t->met, failed), failed);
    fc_json_put(o, "held", chance(&t->held, failed), failed);
    fc_json_put(o, "not_reached", chance(&t->not_reached, failed), failed);
    for (fc_milestone m = FC_CONTRACTED; m < FC_N_MILESTONES; m++) {
        if (m == FC_ALLOCATED && t->reached[m].n == 0) continue; /* not observed */
        fc_json_put(by, fc_milestone_id(m), chance(&t->reached_by[m], failed), failed);
        fc_json_put(at, fc_milestone_id(m), date_spread(&t->reached[m], failed), failed);
    }
    fc_json_put(o, "reached_by", by, failed);
    fc_json_put(o, "reached", at, failed);
    fc_json_put(o, "count", spread(&t->count, failed), failed);
    return o;
}

static json_t *standing(const fc_standing *at, bool *failed)
{
    json_t *o = json_object();
    fc_json_put(o, "date", fc_json_date((double)at->day), failed);
    for (int m = 0; m < FC_N_METRICS; m++)
        if (fc_metrics[m].kind == FC_KIND_SERIES)
            *failed |= number(o, fc_metrics[m].id, at->value[m]);
    return o;
}

static json_t *gaps(const fc_money_facts *m, bool *failed)
{
    json_t *o = json_object();
    for (int g = 0; g < FC_N_GAPS; g++) *failed |= number(o, fc_gaps[g].id, m->gaps[g]);
    return o;
}

static json_t *delay(const fc_summary *s, bool *failed)
{
    if (isnan(s->charged)) return json_null();
    json_t *o = json_object(), *list = json_array();
    for (size_t i = 0; i < FC_N_CAUSES; i++) {
        json_t *cause = json_object();
        fc_json_put(cause, "cause", fc_json_text(fc_causes[s->causes[i].cause].id), failed);
        *failed |= number(cause, "gpu_days", s->causes[i].gpu_days);
        *failed |= number(cause, "share", s->causes[i].share);
        if (s->causes[i].cause == FC_CAUSE_funding)
            fc_json_put(cause, "lacking", gaps(&s->money, failed), failed);
        if (json_array_append_new(list, cause)) *failed = true;
    }
    *failed |= number(o, "gpu_days", s->charged);
    fc_json_put(o, "causes", list, failed);
    return o;
}

static json_t *drivers(const fc_summary *s, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->n_drivers; i++) {
        json_t *o = json_object();
        fc_json_put(o, "path", fc_json_text(s->drivers[i].path), failed);
        *failed |= number(o, "rho", s->drivers[i].rho);
        if (json_array_append_new(list, o)) *failed = true;
    }
    return list;
}

static json_t *inputs(const fc_input_facts *in, bool *failed)
{
    json_t *o = json_object();
    fc_json_put(o, "figures", json_integer((json_int_t)in->figures), failed);
    fc_json_put(o, "assumptions", json_integer((json_int_t)in->assumptions), failed);
    fc_json_put(o, "unverified", json_integer((json_int_t)in->unverified), failed);
    fc_json_put(o, "unsourced", json_integer((json_int_t)in->unsourced), failed);
    return o;
}

static json_t *column(const fc_fan *fan, int which, bool *failed)
{
    json_t *list = json_array();
    for (size_t d = 0; d < fan->n_days; d++)
        if (json_array_append_new(list, fc_json_number(fan->value[which][d]))) *failed = true;
    return list;
}

static json_t *series(const fc_answer *a, bool *failed)
{
    static const char *const names[FC_N_FAN] = {"p05", "p25", "p50", "p75", "p95"};
    json_t *o = json_object(), *dates = json_array(), *fan = json_object();
    for (size_t d = 0; d < a->in_service.n_days; d++)
        if (json_array_append_new(dates, fc_json_date((double)a->in_service.day[d])))
            *failed = true;
    for (int q = 0; q < FC_N_FAN; q++)
        fc_json_put(fan, names[q], column(&a->in_service, q, failed), failed);
    fc_json_put(o, "date", dates, failed);
    fc_json_put(o, "in_service", fan, failed);
    fc_json_put(o, "announced", column(&a->announced, FC_FAN_P50, failed), failed);
    return o;
}

int fc_answer_json(const fc_answer *answer, fc_text *out)
{
    const fc_summary *s = &answer->summary;
    bool failed = false;
    json_t *root = json_object(), *fleet = json_object(), *years = json_array();
    json_t *idle = spread(&s->idle, &failed), *repair = json_object();
    fc_json_put(root, "run", run(s, &failed), &failed);
    fc_json_put(fleet, "name", fc_json_text(s->fleet.name), &failed);
    fc_json_put(fleet, "title", fc_json_title(s->fleet.title_en, s->fleet.title_ko), &failed);
    fc_json_put(fleet, "currency", fc_json_text(s->fleet.currency), &failed);
    fc_json_put(root, "fleet", fleet, &failed);
    fc_json_put(root, "target", target(&s->target, &failed), &failed);
    for (size_t y = 0; y < s->n_years; y++)
        if (json_array_append_new(years, standing(&s->years[y], &failed))) failed = true;
    fc_json_put(root, "years", years, &failed);
    fc_json_put(root, "at_target", standing(&s->at_focus, &failed), &failed);
    failed |= number(idle, "mean", s->idle_mean);
    fc_json_put(root, "idle", idle, &failed);
    fc_json_put(repair, "failures", spread(&s->failures, &failed), &failed);
    fc_json_put(repair, "share", spread(&s->repair_share, &failed), &failed);
    fc_json_put(root, "repair", repair, &failed);
    fc_json_put(root, "delay", delay(s, &failed), &failed);
    fc_json_put(root, "explain", fc_json_gains(&answer->explanation, &failed), &failed);
    fc_json_put(root, "money", fc_money_json(s, &failed), &failed);
    fc_json_put(root, "running", fc_running_json(s, &failed), &failed);
    fc_json_put(root, "demand", fc_demand_json(&answer->demand, &s->demand, &failed), &failed);
    fc_json_put(root, "drivers", drivers(s, &failed), &failed);
    fc_json_put(root, "inputs", inputs(&s->inputs, &failed), &failed);
    fc_json_put(root, "series", series(answer, &failed), &failed);
    return fc_json_write(root, failed, out);
}
