/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A comparison as JSON; its shape is described in compare_text.h. */
#include "report/compare_text.h"
#include "report/json.h"
#include "report/words.h"

static json_t *target(const fc_target_facts *t, bool *failed)
{
    if (!t->path) return json_null();
    json_t *o = json_object();
    fc_json_put(o, "path", fc_json_text(t->path), failed);
    fc_json_put(o, "by", fc_json_date((double)t->by), failed);
    fc_json_put(o, "gpus", fc_json_number(t->gpus), failed);
    fc_json_put(o, "counted_at", fc_json_text(fc_milestone_id(t->counted_at)), failed);
    return o;
}

static json_t *run(const fc_run_info *r, const fc_target_facts *t, bool *failed)
{
    json_t *o = json_object();
    fc_json_put(o, "name", fc_json_text(r->name), failed);
    fc_json_put(o, "title", fc_json_title(r->title_en, r->title_ko), failed);
    fc_json_put(o, "hash", fc_json_text(r->hash), failed);
    fc_json_put(o, "seed", fc_json_text(r->seed), failed);
    fc_json_put(o, "version", fc_json_text(r->version), failed);
    fc_json_put(o, "replications", json_integer(r->replications), failed);
    fc_json_put(o, "target", target(t, failed), failed);
    return o;
}

static json_t *futures(const fc_comparison *c, const fc_compare_row *row, uint64_t n)
{
    return c->paired && row->better != 0 ? json_integer((json_int_t)n) : json_null();
}

static json_t *row_object(const fc_comparison *c, const fc_compare_row *row, bool *failed)
{
    static const char *const better[] = {"less", NULL, "more"};
    json_t *o = json_object();
    fc_json_put(o, "metric", fc_json_text(fc_metrics[row->metric].id), failed);
    fc_json_put(o, "cause", fc_json_text(row->cause == FC_NONE ? NULL : fc_causes[row->cause].id),
                failed);
    fc_json_put(o, "unit", fc_json_text(row->unit), failed);
    fc_json_put(o, "better", fc_json_text(better[row->better + 1]), failed);
    fc_json_put(o, "n_a", json_integer((json_int_t)row->n_a), failed);
    fc_json_put(o, "n_b", json_integer((json_int_t)row->n_b), failed);
    fc_json_put(o, "mean_a", fc_json_number(row->mean_a), failed);
    fc_json_put(o, "mean_b", fc_json_number(row->mean_b), failed);
    fc_json_put(o, "difference", fc_json_number(row->difference), failed);
    fc_json_put(o, "low", fc_json_number(row->interval.low), failed);
    fc_json_put(o, "high", fc_json_number(row->interval.high), failed);
    fc_json_put(o, "median_difference", fc_json_number(row->median_difference), failed);
    fc_json_put(o, "ahead_a", futures(c, row, row->ahead_a), failed);
    fc_json_put(o, "tie", futures(c, row, row->tie), failed);
    fc_json_put(o, "ahead_b", futures(c, row, row->ahead_b), failed);
    return o;
}

int fc_comparison_json(const fc_comparison *c, fc_text *out)
{
    bool failed = false;
    json_t *root = json_object(), *rows = json_array();
    fc_json_put(root, "a", run(&c->a, &c->target_a, &failed), &failed);
    fc_json_put(root, "b", run(&c->b, &c->target_b, &failed), &failed);
    fc_json_put(root, "paired", json_boolean(c->paired), &failed);
    fc_json_put(root, "same_target", json_boolean(c->same_target), &failed);
    fc_json_put(root, "n", json_integer((json_int_t)c->n), &failed);
    fc_json_put(root, "independent", json_integer((json_int_t)c->independent), &failed);
    fc_json_put(root, "level", fc_json_number(c->level), &failed);
    fc_json_put(root, "not_reached_counts_as", fc_json_date((double)c->end_day), &failed);
    for (size_t i = 0; i < c->n_rows; i++)
        if (json_array_append_new(rows, row_object(c, &c->rows[i], &failed))) failed = true;
    fc_json_put(root, "rows", rows, &failed);
    return fc_json_write(root, failed, out);
}
