/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand: what the key table cannot say of inference services. */
#include "scenario/bind_section.h"

/* A speed of a model that it cannot run on. */
static void check_speeds(fc_section_binder *s, const fc_service *service, const fc_entry *entry)
{
    const fc_entry *speeds = fc_entry_child(entry, "relative_speed");
    for (uint32_t i = 0; speeds && service->models.n > 0 && i < service->relative_speed.n; i++) {
        int32_t model = service->relative_speed.model[i];
        bool runs = model == FC_NONE;
        for (uint32_t k = 0; k < service->models.n; k++) runs |= service->models.index[k] == model;
        if (runs) continue;
        fc_place place = fc_entry_place(s->b.arena, speeds);
        fc_fail(s->b.diag, FC_E_CHANGE, &place, s->b.plan->accelerators[model].name,
                FC_BOTH("it cannot run on this model (models): add it there, or delete its speed",
                        "실행할 수 있는 모델(models)이 아닙니다. 거기에 더하거나 지우십시오"),
                NULL);
    }
}

static void check_service(fc_section_binder *s, const fc_demand_spec *spec,
                          const fc_service *service, const fc_entry *entry)
{
    const fc_entry *price = fc_entry_child(entry, "offshore_price");
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    if (spec->n_pools > 0 && !fc_entry_child(entry, "pool"))
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "pool",
                FC_BOTH("which of the pools it has", "어느 배분 몫(pools)을 쓰는지"), NULL);
    check_speeds(s, service, entry);
    if (!price || service->overflow != FC_OVERFLOW_UNSERVED) return;
    place = fc_entry_key_place(s->b.arena, price);
    fc_fail(s->b.diag, FC_E_CHANGE, &place, "offshore_price",
            FC_BOTH("nothing goes abroad: write offshore: overflow, or delete this",
                    "해외로 나가는 것이 없습니다. offshore: overflow를 쓰거나 지우십시오"),
            NULL);
}

/* `demand` of a fleet, NULL if it has none. */
static const fc_entry *demand_of(const fc_section_binder *s, uint32_t fleet)
{
    const fc_entry *entry = s->rosters->of[FC_ENTITY_FLEET].entry[fleet];
    const fc_entry *demand = entry ? fc_entry_child(entry, "demand") : NULL;
    return demand && demand->is_map ? demand : NULL;
}

void fc_bind_check_inference(fc_section_binder *s)
{
    const fc_plan *plan = s->b.plan;
    for (uint32_t f = 0; f < plan->n_fleets; f++) {
        const fc_demand_spec *spec = &plan->fleets[f].demand;
        const fc_entry *demand = demand_of(s, f);
        for (uint32_t i = spec->first_service; i < spec->first_service + spec->n_services; i++) {
            const fc_entry *entry = s->rosters->of[FC_ENTITY_SERVICE].entry[i];
            if (entry->is_map) check_service(s, spec, &plan->services[i], entry);
        }
        if (!demand || fc_entry_child(demand, "classes") || fc_entry_child(demand, "services"))
            continue;
        fc_place place = fc_entry_key_place(s->b.arena, demand);
        fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, "classes",
                FC_BOTH("users, or inference services (services)",
                        "이용자 집단; 추론 서비스(services)만 있어도 된다"),
                NULL);
    }
}
