/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/demand_json.h"

#include <math.h>
#include <string.h>
#include "report/json.h"

/* The metrics of an entity that the run has. */
static void put_metrics(json_t *object, const fc_demand_entity *entity, bool *failed)
{
    for (int m = 0; m < FC_N_METRICS; m++) {
        const fc_spread *s = &entity->value[m];
        if (s->n == 0) continue;
        json_t *o = json_object();
        fc_json_put(o, "p05", fc_json_number(s->low), failed);
        fc_json_put(o, "p50", fc_json_number(s->median), failed);
        fc_json_put(o, "p95", fc_json_number(s->high), failed);
        fc_json_put(object, fc_metrics[m].id, o, failed);
    }
}

static json_t *quantiles(const double *value, bool *failed)
{
    static const char *const keys[FC_N_WAITS] = {"p50", "p95", "p99"};
    json_t *o = json_object();
    for (int i = 0; i < FC_N_WAITS; i++) fc_json_put(o, keys[i], fc_json_number(value[i]), failed);
    return o;
}

/* What is of the jobs of all replications together. */
static void put_pooled(json_t *object, const fc_demand_facts *facts, const char *name, bool *failed)
{
    static const char *const keys[FC_N_POOLED] = {
        [FC_POOLED_STARTED] = "pooled_wait",
        [FC_POOLED_ALL] = "pooled_wait_all",
        [FC_POOLED_DONE] = "pooled_slowdown",
        [FC_POOLED_GRANTED] = "pooled_grant_wait",
    };
    for (size_t i = 0; i < facts->n_classes; i++) {
        const fc_class_facts *class = &facts->classes[i];
        if (strcmp(class->name, name) != 0) continue;
        for (int of = 0; of < FC_N_POOLED; of++)
            if (of <= FC_POOLED_ALL || !isnan(class->pooled[of][0]))
                fc_json_put(object, keys[of], quantiles(class->pooled[of], failed), failed);
        fc_json_put(object, "pooled_left_share", fc_json_number(class->left_share), failed);
    }
}

json_t *fc_demand_json(const fc_demand_details *details, const fc_demand_facts *facts, bool *failed)
{
    if (details->n == 0) return json_null();
    json_t *root = json_object(), *classes = json_object(), *services = json_object();
    put_metrics(root, &details->entity[0], failed);
    for (size_t i = 1; i < details->n; i++) {
        const fc_demand_entity *entity = &details->entity[i];
        json_t *o = json_object();
        put_metrics(o, entity, failed);
        if (entity->scope == FC_SCOPE_CLASS) put_pooled(o, facts, entity->name, failed);
        fc_json_put(entity->scope == FC_SCOPE_CLASS ? classes : services, entity->name, o, failed);
    }
    fc_json_put(root, "classes", classes, failed);
    fc_json_put(root, "services", services, failed);
    return root;
}
