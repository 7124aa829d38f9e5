/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include "report/json.h"
#include "report/replay_report.h"

static json_t *cluster(const fc_replay_report *report, bool *failed)
{
    json_t *out = json_array();
    for (uint32_t i = 0; i < report->group_count; i++) {
        json_t *group = json_object();
        const fc_gpu_group *g = &report->groups[i];
        fc_json_put(group, g->server_gpus ? "servers" : "gpus", json_integer(g->units), failed);
        if (g->server_gpus)
            fc_json_put(group, "gpus_per_server", json_integer(g->server_gpus), failed);
        *failed |= json_array_append_new(out, group) != 0;
    }
    return out;
}

static json_t *fleet(const fc_replay_fleet_told *told, bool *failed)
{
    json_t *out = json_object();
    fc_json_put(out, "scenario", fc_json_text(told->scenario), failed);
    fc_json_put(out, "title", fc_json_text(told->title[FC_LANG_EN]), failed);
    fc_json_put(out, "from", fc_json_text(told->from), failed);
    fc_json_put(out, "replication", json_integer(told->replication), failed);
    fc_json_put(out, "least_gpus", json_integer(told->least), failed);
    fc_json_put(out, "most_gpus", json_integer(told->most), failed);
    return out;
}

/* The tables' names are capitals; keys are not. */
static void put_lower(json_t *object, const char *name, json_t *value, bool *failed)
{
    char key[32];
    size_t n = 0;
    for (; name[n] && n < sizeof key - 1; n++) key[n] = (char)tolower((unsigned char)name[n]);
    key[n] = '\0';
    fc_json_put(object, key, value, failed);
}

static json_t *skipped(const fc_trace_counts *counts, bool *failed)
{
    static const char *const ids[] = {
#define FC_X(name, number, en, ko) #name,
        FC_TRACE_PROBLEM_TABLE(FC_X)
#undef FC_X
    };
    json_t *out = json_object();
    for (int i = 0; i < FC_TRACE_PROBLEMS; i++) {
        if (!counts->problem[i]) continue;
        json_t *one = json_object();
        fc_json_put(one, "lines", json_integer((json_int_t)counts->problem[i]), failed);
        fc_json_put(one, "first_line", json_integer((json_int_t)counts->first_line[i]), failed);
        fc_json_put(one, "reason", fc_json_text(fc_trace_problem_words[i][FC_LANG_EN]), failed);
        put_lower(out, ids[i], one, failed);
    }
    return out;
}

static json_t *left_out(const fc_trace_counts *counts, bool *failed)
{
    static const char *const ids[] = {
#define FC_X(name, en, ko) #name,
        FC_TRACE_LEFT_OUT_TABLE(FC_X)
#undef FC_X
    };
    json_t *out = json_object();
    for (int i = 0; i < FC_TRACE_LEFT_OUTS; i++)
        if (counts->left_out[i])
            put_lower(out, ids[i], json_integer((json_int_t)counts->left_out[i]), failed);
    return out;
}

static json_t *replay(const char *policy, const fc_replay_result *result, bool *failed)
{
    json_t *out = json_object(), *metrics = json_object();
    for (int m = 0; m < FC_REPLAY_METRICS; m++) {
        json_t *one = json_object();
        fc_json_put(one, "value", fc_json_number(result->metric[m]), failed);
        fc_json_put(one, "unit", fc_json_text(fc_replay_metric_words[m][1]), failed);
        fc_json_put(metrics, fc_replay_metric_words[m][0], one, failed);
    }
    fc_json_put(out, "policy", fc_json_text(policy), failed);
    fc_json_put(out, "metrics", metrics, failed);
    return out;
}

int fc_replay_json(const fc_replay_report *report, fc_text *out)
{
    bool failed = false;
    const fc_replay_result *r = &report->results[0];
    const fc_trace_counts *c = &r->counts;
    json_t *root = json_object(), *replays = json_array();
    const struct {
        const char *key;
        uint64_t value;
    } counts[] = {
        {"lines", c->lines},
        {"jobs", c->jobs},
        {"gpus", r->gpus},
        {"lines_with_crlf", c->crlf},
        {"jobs_without_requested_time", r->without_estimate},
        {"jobs_longer_than_requested", r->too_short},
        {"jobs_for_part_of_a_gpu", c->parts_of_gpu},
        {"jobs_after_another", c->after_another},
        {"jobs_started_before_submission", c->early},
        {"jobs_with_an_id_that_came_before", c->same_id},
        {"lines_sorted", c->sorted},
    };
    fc_json_put(root, "trace", fc_json_text(report->trace), &failed);
    fc_json_put(root, "format", fc_json_text(r->format), &failed);
    fc_json_put(root, "unix_origin", fc_json_number(r->origin), &failed);
    fc_json_put(root, "cluster", cluster(report, &failed), &failed);
    fc_json_put(root, "fleet", report->fleet ? fleet(report->fleet, &failed) : json_null(),
                &failed);
    fc_json_put(root, "overrun",
                fc_json_text(report->overrun == FC_OVERRUN_KILL ? "kill" : "extend"), &failed);
    fc_json_put(root, "exact_estimates", json_boolean(report->exact), &failed);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        fc_json_put(root, counts[i].key, json_integer((json_int_t)counts[i].value), &failed);
    fc_json_put(root, "skipped", skipped(c, &failed), &failed);
    fc_json_put(root, "left_out", left_out(c, &failed), &failed);
    for (size_t i = 0; i < report->n; i++)
        failed |= json_array_append_new(
                      replays, replay(report->policies[i], &report->results[i], &failed)) != 0;
    fc_json_put(root, "replays", replays, &failed);
    return fc_json_write(root, failed, out);
}
