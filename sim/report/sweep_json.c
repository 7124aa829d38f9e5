/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a sweep found as JSON; its shape is described in sweep_text.h. */
#include "report/json.h"
#include "report/sweep_text.h"

static json_t *figure(const fc_sweep_figure *f, bool *failed)
{
    if (!f->n) return json_null();
    json_t *o = json_object();
    fc_json_put(o, "n", json_integer((json_int_t)f->n), failed);
    fc_json_put(o, "mean", fc_json_number(f->mean), failed);
    fc_json_put(o, "low", fc_json_number(f->interval.low), failed);
    fc_json_put(o, "high", fc_json_number(f->interval.high), failed);
    return o;
}

static json_t *row(const fc_sweep_row *r, bool *failed)
{
    json_t *o = json_object();
    fc_json_put(o, "name", fc_json_text(r->run.name), failed);
    fc_json_put(o, "hash", fc_json_text(r->run.hash), failed);
    fc_json_put(o, "seed", fc_json_text(r->run.seed), failed);
    fc_json_put(o, "replications", json_integer(r->run.replications), failed);
    fc_json_put(o, "failures", json_integer(r->run.failures), failed);
    fc_json_put(o, "target", fc_json_text(r->run.headline), failed);
    fc_json_put(o, "level", fc_json_number(r->level), failed);
    fc_json_put(o, "met", figure(&r->met, failed), failed);
    fc_json_put(o, "count_by", figure(&r->count, failed), failed);
    return o;
}

int fc_sweep_json(const char *experiment, const fc_sweep_row *rows, size_t n, fc_text *out)
{
    bool failed = false;
    json_t *root = json_object(), *runs = json_array();
    fc_json_put(root, "experiment", fc_json_text(experiment), &failed);
    for (size_t i = 0; i < n; i++)
        if (json_array_append_new(runs, row(&rows[i], &failed))) failed = true;
    fc_json_put(root, "runs", runs, &failed);
    return fc_json_write(root, failed, out);
}
