/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/delay_ledger.h"

#include <math.h>

#include "model/world.h"

/* ---- the history of a lot's short slots --------------------------------------------------- */

static int note(fc_shortage_pool *pool, fc_lot_shortage *shortage, int64_t since, int64_t n)
{
    int32_t entry = (int32_t)pool->count;
    int ret = FC_OK;

    shortage->now = n;
    if (shortage->last != FC_NONE && pool->entries[shortage->last].since == since) {
        pool->entries[shortage->last].n = n; /* held for no time */
        return FC_OK;
    }
    if (pool->count == INT32_MAX) return FC_E_NOMEM;
    ret = fc_reserve(&pool->entries, &pool->capacity, pool->count + 1, sizeof *pool->entries);
    if (ret != FC_OK) return ret;
    pool->entries[pool->count++] = (fc_shortage_entry){.since = since, .n = n, .next = FC_NONE};
    if (shortage->last == FC_NONE) {
        shortage->first = entry;
    } else {
        pool->entries[shortage->last].next = entry;
    }
    shortage->last = entry;
    return FC_OK;
}

int fc_delay_split(fc_world *world, fc_lot *lot, fc_lot *rest)
{
    fc_shortage_pool *pool = &world->shortages;
    int32_t entry = lot->shortage.first;

    rest->shortage = (fc_lot_shortage){.first = FC_NONE, .last = FC_NONE};
    for (; entry != FC_NONE; entry = pool->entries[entry].next) {
        fc_shortage_entry was = pool->entries[entry];
        int64_t kept = was.n < lot->gpus ? was.n : lot->gpus;
        int ret = note(pool, &rest->shortage, was.since, was.n - kept);

        if (ret != FC_OK) return ret;
        pool->entries[entry].n = kept;
        lot->shortage.now = kept;
    }
    return FC_OK;
}

/* Slot-seconds short in [from, to), the last entry lasting until `to` at least. */
static fc_int128 short_within(const fc_shortage_pool *pool, const fc_lot *lot, int64_t from,
                              int64_t to)
{
    fc_int128 sum = 0;

    for (int32_t i = lot->shortage.first; i != FC_NONE; i = pool->entries[i].next) {
        const fc_shortage_entry *entry = &pool->entries[i];
        int64_t begin = entry->since > from ? entry->since : from;
        int64_t end = to;

        if (entry->next != FC_NONE && pool->entries[entry->next].since < to)
            end = pool->entries[entry->next].since;
        if (end > begin) sum += (fc_int128)entry->n * (end - begin);
    }
    return sum;
}

/* The step that a lot's path is followed back from. */
static int32_t last_step(const fc_lot *lot)
{
    int32_t last = FC_NONE;

    if (lot->commissioned) return FC_A_STAFF;
    for (int32_t a = 0; a < FC_N_ACTIVITIES; a++) {
        const fc_step *step = &lot->step[a];

        if (step->start == INFINITY || step->end < INFINITY) continue;
        if (last == FC_NONE || step->due > lot->step[last].due) last = a;
    }
    return last;
}

/* What the step waited for, one after the other. */
static size_t parts_of(fc_world *world, const fc_lot *lot, int32_t a, fc_part out[FC_MOST_PARTS])
{
    const fc_activity *activity = &fc_activities[a];
    bool open = lot->step[a].end == INFINITY;

    if (activity->parts != NULL) return activity->parts(world, lot, out);
    out[0].lacked = NULL;
    out[0].cause = open && activity->open_cause != NULL ? activity->open_cause(world, lot)
                                                        : lot->step[a].cause;
    return 1;
}

/* Charges the lot's history up to second `end` along the path, and forgets it. */
static void settle(fc_world *world, fc_delay_ledger *ledger, fc_lot *lot, int64_t end)
{
    const fc_shortage_pool *pool = &world->shortages;
    int64_t until = end;

    if (lot->shortage.first == FC_NONE) return;
    for (int32_t a = last_step(lot); a != FC_NONE; a = lot->step[a].driver) {
        int64_t start = fc_second(lot->step[a].start);
        fc_part parts[FC_MOST_PARTS];

        for (size_t i = parts_of(world, lot, a, parts); i-- > 0;) {
            int64_t from = i == 0 ? start : fc_second(fmax(parts[i].from, lot->step[a].start));
            fc_int128 charge = 0;

            if (from >= end) continue;
            charge = short_within(pool, lot, from, end);
            ledger->settled[parts[i].cause] += charge;
            if (parts[i].cause == FC_CAUSE_funding)
                fc_gap_spread(charge, parts[i].lacked, until, ledger->lacked);
            end = from;
        }
        end = start;
    }
    ledger->settled[FC_CAUSE_unplanned] += short_within(pool, lot, INT64_MIN, end);
    lot->shortage = (fc_lot_shortage){.first = FC_NONE, .last = FC_NONE};
}

/* ---- bringing it up to date ---------------------------------------------------------------- */

static void set(fc_level_int *level, int64_t t, int64_t value)
{
    if (level->value != value) fc_level_int_set(level, t, value);
}

void fc_delay_cancelled(fc_world *world, fc_lot *lot)
{
    settle(world, &world->holdings[lot->holding].delay, lot, fc_second(fc_now(world)));
    lot->shortage.now = 0;
}

/* What is charged as it passes; all other causes are found later. */
static const int at_once[] = {FC_CAUSE_funding, FC_CAUSE_tender,    FC_CAUSE_licence,
                              FC_CAUSE_repair,  FC_CAUSE_curtailed, FC_CAUSE_opex,
                              FC_CAUSE_retired, FC_CAUSE_unplanned};

static int check_sum(fc_world *world, const fc_holding *holding)
{
    const fc_delay_ledger *ledger = &holding->delay;
    int64_t sum = ledger->pending.value;

    for (size_t i = 0; i < sizeof at_once / sizeof *at_once; i++)
        sum += ledger->passing[at_once[i]].value;
    if (sum != ledger->shortfall ||
        sum + ledger->passing[FC_CAUSE_allocation].value != ledger->total.value)
        return fc_ledger_broken(world, "delay", holding->path, "slots short and charged");
    sum = 0;
    for (int i = 0; i < FC_N_GAPS; i++) sum += ledger->lacking[i].value;
    if (sum == ledger->passing[FC_CAUSE_funding].value) return FC_OK;
    return fc_ledger_broken(world, "delay", holding->path, "slots that wait for money");
}

/* Why so many slots wait for money. */
static void note_gaps(fc_world *world, fc_holding *holding, int64_t t, int64_t waiting)
{
    int64_t gaps[FC_N_GAPS] = {0};

    if (waiting > 0) fc_gap_of_programme(world, holding, waiting, gaps);
    for (int i = 0; i < FC_N_GAPS; i++) set(&holding->delay.lacking[i], t, gaps[i]);
}

int fc_delay_gaps(fc_world *world)
{
    int64_t t = fc_second(fc_now(world));
    int ret = FC_OK;

    for (uint32_t i = 0; i < world->plan->n_phases; i++) {
        if (world->phases[i].unfunded) fc_phase_lacks(world, i);
    }
    for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_programmes; i++) {
        fc_holding *holding = &world->holdings[i];
        int64_t waiting = holding->delay.passing[FC_CAUSE_funding].value;

        if (!holding->delay.kept || waiting == 0) continue;
        note_gaps(world, holding, t, waiting);
        ret = check_sum(world, holding);
    }
    return ret;
}

/* A commissioned lot's short slots: those in repair come before those that are off. */
static void charge_passing(const fc_lot *lot, int64_t n, int64_t passing[FC_N_CAUSES])
{
    int64_t failed = n < lot->count[FC_ST_REPAIR] ? n : lot->count[FC_ST_REPAIR];

    if (fc_lot_has_left(lot)) {
        passing[FC_CAUSE_retired] += n;
        return;
    }
    passing[FC_CAUSE_repair] += failed;
    passing[fc_off_state(lot) == FC_ST_UNPAID ? FC_CAUSE_opex : FC_CAUSE_curtailed] += n - failed;
}

/* Which slots are short now. */
static int distribute(fc_world *world, fc_holding *holding, int64_t t)
{
    fc_delay_ledger *ledger = &holding->delay;
    int64_t left = ledger->shortfall, pending = 0, passing[FC_N_CAUSES] = {0};

    for (int32_t i = holding->first_lot; i != FC_NONE; i = world->lots[i]->next) {
        fc_lot *lot = world->lots[i];
        int64_t down = lot->gpus - lot->count[FC_ST_RUNNING] - lot->count[FC_ST_CANCELLED];
        int64_t n = left < down ? left : down;

        left -= n;
        if (lot->commissioned) {
            settle(world, ledger, lot, t);
            lot->shortage.now = n;
            charge_passing(lot, n, passing);
        } else {
            pending += n;
            if (n != lot->shortage.now) {
                int ret = note(&world->shortages, &lot->shortage, t, n);
                if (ret != FC_OK) return ret;
            }
        }
    }
    if (left > 0) fc_order_blockers(world, holding, left, passing);
    set(&ledger->total, t, ledger->shortfall + ledger->passing[FC_CAUSE_allocation].value);
    set(&ledger->pending, t, pending);
    for (size_t i = 0; i < sizeof at_once / sizeof *at_once; i++)
        set(&ledger->passing[at_once[i]], t, passing[at_once[i]]);
    note_gaps(world, holding, t, passing[FC_CAUSE_funding]);
    return check_sum(world, holding);
}

int fc_delay_touch(fc_world *world, int32_t index)
{
    fc_holding *holding = &world->holdings[index];
    fc_delay_ledger *ledger = &holding->delay;
    int64_t before = ledger->shortfall;

    if (!ledger->kept) return FC_OK;
    ledger->shortfall = ledger->announced - holding->count[FC_ST_RUNNING];
    if (ledger->shortfall < 0) ledger->shortfall = 0;
    if (ledger->shortfall == 0 && before == 0) return FC_OK;
    return distribute(world, holding, fc_second(fc_now(world)));
}

/* The shortfall and the lot's accelerators that do not run change by as much. So if all earlier
 * lots have as many short slots as they can have, which is so if this lot has any or if there are
 * unbound ones, every other lot keeps its slots. */
int fc_delay_failed(fc_world *world, fc_lot *lot, int64_t gpus)
{
    fc_holding *holding = &world->holdings[lot->holding];
    fc_delay_ledger *ledger = &holding->delay;
    int64_t gap = ledger->announced - holding->count[FC_ST_RUNNING], t = 0;
    int64_t unbound =
        ledger->passing[FC_CAUSE_funding].value + ledger->passing[FC_CAUSE_tender].value +
        ledger->passing[FC_CAUSE_licence].value + ledger->passing[FC_CAUSE_unplanned].value;

    if (!ledger->kept) return FC_OK;
    if (gap < 0 || gap - gpus < 0 || lot->shortage.now + gpus < 0 ||
        (lot->shortage.now == 0 && unbound == 0))
        return fc_delay_touch(world, lot->holding);
    t = fc_second(fc_now(world));
    ledger->shortfall = gap;
    lot->shortage.now += gpus;
    fc_level_int_set(&ledger->total, t, gap + ledger->passing[FC_CAUSE_allocation].value);
    fc_level_int_set(&ledger->passing[FC_CAUSE_repair], t,
                     ledger->passing[FC_CAUSE_repair].value + gpus);
    return check_sum(world, holding);
}

/* ---- what runs and is not allocated --------------------------------------------------------- */

/* What users hold is not told apart by programme: of what a programme has running as great a part
 * is allocated as of the fleet's, rounded down. */
static int64_t unallocated(fc_world *world, const fc_holding *holding)
{
    const fc_delay_ledger *ledger = &holding->delay;
    int64_t running = holding->count[FC_ST_RUNNING], given = 0;
    int64_t all = world->fleets[holding->fleet].count[FC_ST_RUNNING];
    int64_t due = ledger->announced < running ? ledger->announced : running;
    double allocated = 0;

    if (!ledger->kept || due <= 0 || !fc_plan_charges_allocation(world->plan, holding->fleet))
        return 0;
    allocated = fmin(fc_demand_allocated(world, holding->fleet), (double)all);
    given = (int64_t)floor(allocated * ((double)running / (double)all) + 1e-6);
    return given < due ? due - given : 0;
}

int fc_delay_allocations(fc_world *world, double now)
{
    int64_t t = fc_second(now);
    int ret = FC_OK;

    for (uint32_t f = 0; f < world->plan->n_fleets; f++) {
        if (!world->fleets[f].allocation_changed) continue;
        world->fleets[f].allocation_changed = false;
        if (!fc_plan_charges_allocation(world->plan, (int32_t)f)) continue;
        for (uint32_t i = 0; ret == FC_OK && i < world->plan->n_programmes; i++) {
            fc_holding *holding = &world->holdings[i];
            fc_delay_ledger *ledger = &holding->delay;

            if (holding->fleet != (int32_t)f || !ledger->kept) continue;
            set(&ledger->passing[FC_CAUSE_allocation], t, unallocated(world, holding));
            set(&ledger->total, t, ledger->shortfall + ledger->passing[FC_CAUSE_allocation].value);
            ret = check_sum(world, holding);
        }
    }
    return ret;
}

int fc_delay_verify(fc_world *world, int32_t index)
{
    const fc_holding *holding = &world->holdings[index];
    const fc_delay_ledger *ledger = &holding->delay;
    int64_t left = ledger->announced - holding->count[FC_ST_RUNNING], pending = 0;
    int64_t passing[FC_N_CAUSES] = {0};

    if (!ledger->kept) return FC_OK;
    if (left < 0) left = 0;
    if (left != ledger->shortfall)
        return fc_ledger_broken(world, "delay", holding->path, "shortfall");
    for (int32_t i = holding->first_lot; i != FC_NONE; i = world->lots[i]->next) {
        const fc_lot *lot = world->lots[i];
        int64_t down = lot->gpus - lot->count[FC_ST_RUNNING] - lot->count[FC_ST_CANCELLED];
        int64_t n = left < down ? left : down;

        left -= n;
        if (n != lot->shortage.now)
            return fc_ledger_broken(world, "delay", holding->path, "slots of a lot");
        if (!lot->commissioned)
            pending += n;
        else
            charge_passing(lot, n, passing);
    }
    if (pending != ledger->pending.value)
        return fc_ledger_broken(world, "delay", holding->path, "slots that wait");
    if (passing[FC_CAUSE_repair] != ledger->passing[FC_CAUSE_repair].value ||
        passing[FC_CAUSE_curtailed] != ledger->passing[FC_CAUSE_curtailed].value ||
        passing[FC_CAUSE_opex] != ledger->passing[FC_CAUSE_opex].value)
        return fc_ledger_broken(world, "delay", holding->path, "slots in repair or off");
    if (unallocated(world, holding) != ledger->passing[FC_CAUSE_allocation].value)
        return fc_ledger_broken(world, "delay", holding->path, "slots that run unallocated");
    return check_sum(world, holding);
}

int fc_announced_changed(fc_world *world, int32_t index)
{
    fc_holding *holding = &world->holdings[index];
    fc_param p =
        holding->programme == FC_NONE ? 0 : world->plan->programmes[holding->programme].announced;
    double announced = fc_param_or(world->params, p, fc_now(world), 0.0);

    if (!(announced >= 0.0)) return fc_out_of_domain(world, holding->path, "announced");
    holding->delay.kept = fc_param_given(p);
    holding->delay.announced = (int64_t)rint(fmin(announced, 1e15));
    world->fleets[holding->fleet].allocation_changed = true;
    return fc_delay_touch(world, index);
}

int fc_on_announced(fc_world *world, const fc_event *event)
{
    return fc_announced_changed(world, (int32_t)event->subject);
}

/* ---- the end ------------------------------------------------------------------------------ */

fc_int128 fc_delay_charged(const fc_delay_ledger *ledger, int cause, int64_t t)
{
    return ledger->settled[cause] + fc_level_int_integral(&ledger->passing[cause], t);
}

fc_int128 fc_delay_lacked(const fc_delay_ledger *ledger, int gap, int64_t t)
{
    return ledger->lacked[gap] + fc_level_int_integral(&ledger->lacking[gap], t);
}

static int close_holding(fc_world *world, fc_holding *holding, int64_t t)
{
    fc_delay_ledger *ledger = &holding->delay;
    fc_int128 sum = 0, settled = 0, lacked = 0;

    for (int32_t i = holding->first_lot; i != FC_NONE; i = world->lots[i]->next)
        settle(world, ledger, world->lots[i], t);
    for (int c = 0; c < FC_N_CAUSES; c++) {
        sum += fc_delay_charged(ledger, c, t);
        settled += ledger->settled[c];
    }
    if (settled != fc_level_int_integral(&ledger->pending, t))
        return fc_ledger_broken(world, "delay", holding->path, "charges of lots");
    if (sum != fc_level_int_integral(&ledger->total, t))
        return fc_ledger_broken(world, "delay", holding->path, "sum over causes");
    for (int i = 0; i < FC_N_GAPS; i++) lacked += fc_delay_lacked(ledger, i, t);
    if (lacked != fc_delay_charged(ledger, FC_CAUSE_funding, t))
        return fc_ledger_broken(world, "delay", holding->path, "parts of funding");
    return FC_OK;
}

int fc_delay_close(fc_world *world)
{
    int64_t end = fc_second(world->plan->horizon);
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < world->n_holdings; i++) {
        if (world->holdings[i].delay.kept) ret = close_holding(world, &world->holdings[i], end);
    }
    return ret;
}
