/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the key table cannot say of grants, of users within classes, and of targets that count what
 * is allocated. */
#include "scenario/bind_section.h"

#include <stdlib.h>

/* A key that does nothing where it stands. */
static void refuse(fc_section_binder *s, const fc_entry *entry, const char *key, const char *why)
{
    const fc_entry *child = fc_entry_child(entry, key);
    if (!child) return;
    fc_place place = fc_entry_key_place(s->b.arena, child);
    fc_fail(s->b.diag, FC_E_CHANGE, &place, key, why, NULL);
}

static void need(fc_section_binder *s, const fc_entry *entry, const char *key, const char *what)
{
    if (fc_entry_child(entry, key)) return;
    fc_place place = fc_entry_key_place(s->b.arena, entry);
    fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, key, what, NULL);
}

/* ---- rounds --------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Each closes at the end of its day, which of a month or quarter is its last. */
static int bind_rounds(fc_section_binder *s, const fc_entry *list, fc_call *call)
{
    const fc_node *const *items = NULL;
    size_t count, errors = fc_diag_errors(s->b.diag);
    int ret = fc_bind_names(s, list, &items, &count);
    if (ret) return ret;
    const char *path = fc_entry_path(s->b.arena, list);
    double *at = fc_arena_array(s->b.arena, count + 1, sizeof *at);
    if (!path || !at) return FC_E_NOMEM;
    uint32_t n = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        fc_place place = fc_node_place(items[i], path);
        fc_quantity q;
        if (!fc_quantity_parse(items[i]->text, &(fc_unit_want){.dim = FC_DIM_DATE}, &place,
                               s->b.diag, &q))
            at[n++] = (q.last + 1 - (double)s->b.plan->epoch.start_day) * FC_DAY;
    }
    qsort(at, n, sizeof *at, by_time);
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || at[i] != at[kept - 1]) at[kept++] = at[i];
    if (n == 0 && fc_diag_errors(s->b.diag) == errors) {
        fc_place place = fc_entry_place(s->b.arena, list);
        fc_fail(s->b.diag, FC_E_LIST_EMPTY, &place, list->name, NULL);
    }
    call->rounds = at;
    call->n_rounds = kept;
    return FC_OK;
}

int fc_bind_rounds(fc_section_binder *s)
{
    const fc_roster *calls = &s->rosters->of[FC_ENTITY_CALL];
    for (uint32_t i = 0; i < calls->n; i++) {
        const fc_entry *list =
            calls->entry[i]->is_map ? fc_entry_child(calls->entry[i], "rounds") : NULL;
        int ret = list ? bind_rounds(s, list, &s->b.plan->calls[i]) : FC_OK;
        if (ret) return ret;
    }
    return FC_OK;
}

/* ---- keys that need one another ------------------------------------------------------------- */

/* Rounds at dates, or at intervals. */
static void check_rounds(fc_section_binder *s, const fc_entry *entry)
{
    static const char both[] = FC_BOTH("the dates of the rounds are listed (rounds): delete this",
                                       "회차 마감일(rounds)을 적었습니다. 지우십시오");
    if (fc_entry_child(entry, "rounds")) {
        refuse(s, entry, "closes", both);
        refuse(s, entry, "every", both);
        return;
    }
    need(s, entry, "closes",
         FC_BOTH("last day for applications to the first round; or list all rounds (rounds)",
                 "첫 회차 접수 마감일. 마감일을 모두 적으려면 rounds를 쓴다"));
    need(s, entry, "every", FC_BOTH("from one closing to the next", "접수 마감 간격"));
}

static void check_call(fc_section_binder *s, const fc_call *call, const fc_entry *entry)
{
    check_rounds(s, entry);
    if (fc_entry_child(entry, "co_payment"))
        need(s, entry, "price",
             FC_BOTH("price of a GPU-hour, of which co_payment is a share",
                     "자부담(co_payment) 비율의 기준이 되는 GPU 시간당 단가"));
    else
        refuse(s, entry, "price",
               FC_BOTH("nobody pays it: write co_payment, too, or delete this",
                       "내는 사람이 없습니다. co_payment를 함께 쓰거나 지우십시오"));
    if (call->order == FC_CALL_FIRST_COME)
        refuse(
            s, entry, "regional_bonus",
            FC_BOTH("who applied first comes first, whatever the score: write order: score, or "
                    "delete this",
                    "신청 순서대로 배정하므로 쓰이지 않습니다. order: score로 쓰거나 지우십시오"));
}

static void check_calls(fc_section_binder *s, const fc_demand_spec *spec)
{
    for (uint32_t i = spec->first_call; i < spec->first_call + spec->n_calls; i++) {
        const fc_entry *entry = s->rosters->of[FC_ENTITY_CALL].entry[i];
        if (!entry->is_map) continue;
        check_call(s, &s->b.plan->calls[i], entry);
        if (spec->n_pools > 0)
            need(s, entry, "pool",
                 FC_BOTH("which of the pools it gives out", "어느 배분 몫(pools)을 나누는지"));
    }
}

static void check_applicants(fc_section_binder *s, const fc_user_class *c, const fc_entry *entry)
{
    static const char *const of_jobs[] = {"duration", "estimate", "checkpoint", "share", "quota"};
    static const char queue[] =
        FC_BOTH("only jobs that queue in a pool have it; with access the call says when and how "
                "long (a project's own jobs have theirs under jobs). Delete this",
                "배분 몫에서 대기하는 작업에만 쓰입니다. access를 쓰면 시기와 기간은 공모가 "
                "정하고, 과제의 작업은 jobs에 씁니다. 지우십시오");
    for (size_t i = 0; i < sizeof of_jobs / sizeof *of_jobs; i++)
        refuse(s, entry, of_jobs[i], queue);
    refuse(s, entry, "pool",
           FC_BOTH("the call says which pool: delete this",
                   "배분 몫은 공모에 적혀 있습니다. 지우십시오"));
    if (fc_entry_child(entry, "jobs"))
        refuse(s, entry, "use",
               FC_BOTH("its jobs say how much is used: write one of use and jobs",
                       "사용률은 작업에서 정해집니다. use와 jobs 중 하나만 쓰십시오"));
    if (c->leaves == FC_LEAVES_AT_ARRIVAL)
        refuse(s, entry, "offshore",
               FC_BOTH("nobody predicts the wait for a grant: write at_patience or never",
                       "배정까지의 대기는 예상하지 않습니다. at_patience나 never로 쓰십시오"));
}

/* Where calls give a pool out, nobody else has it. */
static void check_pool(fc_section_binder *s, const fc_demand_spec *spec, int32_t of,
                       const char *name, const fc_entry *entry)
{
    const fc_entry *pool = fc_entry_child(entry, "pool");
    for (uint32_t i = spec->first_call; i < spec->first_call + spec->n_calls; i++) {
        if (s->b.plan->calls[i].pool != of || (spec->n_pools > 0 && !pool)) continue;
        fc_place place = fc_entry_key_place(s->b.arena, pool ? pool : entry);
        fc_fail(
            s->b.diag, FC_E_CHANGE, &place, pool ? "pool" : name,
            FC_BOTH("a call gives this pool out, and nobody else can have it: write another "
                    "pool (users may also write access: and the name of the call)",
                    "이용 공모로 나누는 몫이라 대기열이나 서비스를 둘 수 없습니다. 다른 배분 몫을 "
                    "쓰십시오(이용자라면 access에 공모 이름을 써도 됩니다)"),
            NULL);
        return;
    }
}

static void check_queue(fc_section_binder *s, const fc_demand_spec *spec, const fc_user_class *c,
                        const fc_entry *entry)
{
    static const char grants[] =
        FC_BOTH("only projects with a grant have it: write access, too, or "
                "delete this",
                "배정받는 과제에만 쓰입니다. access를 함께 쓰거나 "
                "지우십시오");
    refuse(s, entry, "use", grants);
    refuse(s, entry, "jobs", grants);
    need(s, entry, "duration", FC_BOTH("how long a job runs", "작업 실행 시간"));
    check_pool(s, spec, c->pool, c->name, entry);
}

static void check_class(fc_section_binder *s, const fc_demand_spec *spec, uint32_t index)
{
    const fc_user_class *c = &s->b.plan->classes[index];
    const fc_entry *entry = s->rosters->of[FC_ENTITY_CLASS].entry[index];
    if (!entry->is_map) return;
    if (fc_entry_child(entry, "access"))
        check_applicants(s, c, entry);
    else
        check_queue(s, spec, c, entry);
    if (!fc_entry_child(entry, "users"))
        refuse(s, entry, "skew",
               FC_BOTH("there are no users to tell apart: write users, too, or delete this",
                       "구분할 이용자가 없습니다. users를 함께 쓰거나 지우십시오"));
}

/* Without users nothing is ever allocated. */
static void check_targets(fc_section_binder *s, const fc_fleet *fleet)
{
    for (uint32_t i = fleet->first_target; i < fleet->first_target + fleet->n_targets; i++) {
        const fc_entry *entry = s->rosters->of[FC_ENTITY_TARGET].entry[i];
        if (s->b.plan->targets[i].counted_at != FC_ALLOCATED || fleet->demand.n_classes > 0 ||
            fleet->demand.n_services > 0 || !entry->is_map)
            continue;
        refuse(
            s, entry, "counted_at",
            FC_BOTH("nothing is allocated, for the fleet has no users: write demand, or count at "
                    "another milestone",
                    "이 자원에는 이용 수요가 없어 배정되는 수량이 없습니다. demand를 쓰거나 다른 "
                    "기준으로 세십시오"));
    }
}

void fc_bind_check_grants(fc_section_binder *s)
{
    const fc_plan *plan = s->b.plan;
    for (uint32_t f = 0; f < plan->n_fleets; f++) {
        const fc_demand_spec *spec = &plan->fleets[f].demand;
        check_calls(s, spec);
        for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++)
            check_class(s, spec, i);
        for (uint32_t i = spec->first_service; i < spec->first_service + spec->n_services; i++) {
            const fc_entry *entry = s->rosters->of[FC_ENTITY_SERVICE].entry[i];
            if (entry->is_map)
                check_pool(s, spec, plan->services[i].pool, plan->services[i].name, entry);
        }
        check_targets(s, &plan->fleets[f]);
    }
}
