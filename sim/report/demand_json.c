/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/demand_json.h"

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

json_t *fc_demand_json(const fc_demand_details *details, bool *failed)
{
    if (details->n == 0) return json_null();
    json_t *root = json_object(), *classes = json_object(), *services = json_object();
    put_metrics(root, &details->entity[0], failed);
    for (size_t i = 1; i < details->n; i++) {
        const fc_demand_entity *entity = &details->entity[i];
        json_t *o = json_object();
        put_metrics(o, entity, failed);
        fc_json_put(entity->scope == FC_SCOPE_CLASS ? classes : services, entity->name, o, failed);
    }
    fc_json_put(root, "classes", classes, failed);
    fc_json_put(root, "services", services, failed);
    return root;
}
