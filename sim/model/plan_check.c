/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/plan_check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "model/metric_table.h"

int fc_plan_wrong(fc_diag *diag, const char *path, const char *format, ...)
{
    fc_place place = {.path = path};
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return fc_fail(diag, FC_E_PLAN, path ? &place : NULL, text, NULL);
}

/* ---- values ------------------------------------------------------------------------------ */

static bool ordered(const double *times, uint32_t n, bool strictly)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!isfinite(times[i])) return false;
        if (i > 0 && (strictly ? times[i] <= times[i - 1] : times[i] < times[i - 1])) return false;
    }
    return true;
}

static int check_calendar_path(const fc_plan *plan, const fc_value *value, fc_diag *diag)
{
    const fc_value *varies = NULL;

    if (value->n_args == 0) return fc_plan_wrong(diag, value->path, "a path without points");
    if (!value->times || !ordered(value->times, value->n_args, true))
        return fc_plan_wrong(diag, value->path, "times of a path that do not increase");
    for (uint32_t i = 0; i < value->n_args; i++) {
        const fc_value *point = &plan->values[value->args[i]];
        if (point->form == FC_FORM_STEP || point->form == FC_FORM_LINEAR)
            return fc_plan_wrong(diag, value->path, "a path as a point of a path");
        if (point->form != FC_FORM_VARIES) continue;
        if (varies && point->key != varies->key)
            return fc_plan_wrong(diag, value->path, "points that vary with different keys");
        varies = point;
    }
    return FC_OK;
}

/* A distribution of plain numbers must exist; others are seen when their unknowns are drawn. */
static int check_distribution(const fc_plan *plan, const fc_value *value, fc_diag *diag)
{
    const fc_distribution_form *form = fc_distribution_form_of(value->kind);
    fc_place place = {.path = value->path};
    double p[FC_DIST_MAX_PARAMETERS] = {0};
    bool numbers = true;
    fc_distribution d;

    if (!value->path) return fc_plan_wrong(diag, NULL, "a drawn value without a path");
    if (value->key == 0) return fc_plan_wrong(diag, value->path, "a drawn value without a key");
    if (value->table) {
        if (value->n_args) return fc_plan_wrong(diag, value->path, "a table with arguments");
        return FC_OK;
    }
    if (!form || form->count == 0 || form->count != value->n_args)
        return fc_plan_wrong(diag, value->path, "%u parameters of distribution %d", value->n_args,
                             (int)value->kind);
    for (uint32_t i = 0; i < value->n_args; i++) {
        const fc_value *arg = &plan->values[value->args[i]];
        if (arg->form != FC_FORM_NUMBER && arg->form != FC_FORM_UNKNOWN)
            return fc_plan_wrong(diag, value->path, "a %s that is no number and no unknown",
                                 form->parameter[i].name);
        numbers &= arg->form == FC_FORM_NUMBER;
        p[i] = arg->number;
    }
    return numbers ? fc_distribution_make(value->kind, p, &place, diag, &d) : FC_OK;
}

static int check_value(const fc_plan *plan, uint32_t index, fc_diag *diag)
{
    const fc_value *value = &plan->values[index];

    if (value->n_args && !value->args)
        return fc_plan_wrong(diag, value->path, "value %u: no arguments", index);
    for (uint32_t i = 0; i < value->n_args; i++)
        if (value->args[i] >= index)
            return fc_plan_wrong(diag, value->path,
                                 "value %u uses value %u, which is not before it", index,
                                 value->args[i]);
    switch (value->form) {
    case FC_FORM_NUMBER:
        if (value->n_args) return fc_plan_wrong(diag, value->path, "a number with arguments");
        return FC_OK;
    case FC_FORM_STEP:
    case FC_FORM_LINEAR:
        return check_calendar_path(plan, value, diag);
    case FC_FORM_UNKNOWN:
    case FC_FORM_VARIES:
        return check_distribution(plan, value, diag);
    }
    return fc_plan_wrong(diag, value->path, "value %u of form %d", index, (int)value->form);
}

/* ---- parameters and changes -------------------------------------------------------------- */

static int check_params(const fc_plan *plan, fc_diag *diag)
{
    uint64_t next = 0;

    if (plan->n_params == 0) return fc_plan_wrong(diag, NULL, "parameter 0 is missing");
    if (plan->params[0].n_changes) return fc_plan_wrong(diag, NULL, "a change of parameter 0");
    for (uint32_t p = 1; p < plan->n_params; p++) {
        const fc_param_info *info = &plan->params[p];
        if (info->value >= plan->n_values)
            return fc_plan_wrong(diag, info->path, "there is no value %u", info->value);
        if (!info->n_changes) continue;
        if (info->first_change != next || info->n_changes > plan->n_changes - next)
            return fc_plan_wrong(diag, info->path, "changes that are not grouped by parameter");
        next += info->n_changes;
        for (uint32_t i = 0; i < info->n_changes; i++)
            if (plan->changes[info->first_change + i].param != p)
                return fc_plan_wrong(diag, info->path, "a change of another parameter");
    }
    if (next != plan->n_changes) return fc_plan_wrong(diag, NULL, "changes of no parameter");
    return FC_OK;
}

static int check_changes(const fc_plan *plan, fc_diag *diag)
{
    for (uint32_t i = 0; i < plan->n_changes; i++) {
        const fc_change *change = &plan->changes[i];
        const char *path = plan->params[change->param].path;
        if (change->driver >= plan->n_drivers)
            return fc_plan_wrong(diag, path, "there is no driver %u", change->driver);
        if (change->value >= plan->n_values)
            return fc_plan_wrong(diag, path, "there is no value %u", change->value);
        if (change->op != FC_SET && change->op != FC_SCALE && change->op != FC_ADD)
            return fc_plan_wrong(diag, path, "a change of kind %d", (int)change->op);
        if (change->in_progress != FC_KEEP && change->in_progress != FC_RESCALE &&
            change->in_progress != FC_REDRAW)
            return fc_plan_wrong(diag, path, "work in progress treated as %d",
                                 (int)change->in_progress);
    }
    return FC_OK;
}

/* ---- drivers ----------------------------------------------------------------------------- */

/* Drivers are dated before any of them is in force. */
static int check_unchanged(const fc_plan *plan, const fc_driver *driver, fc_param p, fc_diag *diag)
{
    if (p >= plan->n_params)
        return fc_plan_wrong(diag, driver->name, "there is no parameter %u", p);
    if (plan->params[p].n_changes)
        return fc_plan_wrong(diag, plan->params[p].path,
                             "a shock or policy cannot change another's date or probability");
    return FC_OK;
}

static int check_condition(const fc_plan *plan, const fc_driver *driver, fc_diag *diag)
{
    int metric = driver->when_metric;

    if (metric == FC_NONE) return FC_OK;
    if (metric < 0 || metric >= FC_N_METRICS || fc_metrics[metric].scope != FC_SCOPE_FLEET ||
        fc_metrics[metric].kind != FC_KIND_SERIES)
        return fc_plan_wrong(diag, driver->name, "metric %d is no month-end metric", metric);
    if (driver->when_fleet < 0 || (uint32_t)driver->when_fleet >= plan->n_fleets)
        return fc_plan_wrong(diag, driver->name, "there is no fleet %d", driver->when_fleet);
    if (driver->when_compare != 0 && driver->when_compare != 1)
        return fc_plan_wrong(diag, driver->name, "comparison %d", driver->when_compare);
    if (driver->when_threshold == 0 || driver->when_threshold >= plan->n_params)
        return fc_plan_wrong(diag, driver->name, "a condition without a threshold");
    if (driver->n_reviews == 0 || !driver->reviews ||
        !ordered(driver->reviews, driver->n_reviews, false))
        return fc_plan_wrong(diag, driver->name, "review dates out of order");
    if (driver->at) return fc_plan_wrong(diag, driver->name, "both a date and a condition");
    return FC_OK;
}

static int check_driver(const fc_plan *plan, const fc_driver *driver, fc_diag *diag)
{
    int ret = FC_OK;

    if (!driver->name) return fc_plan_wrong(diag, NULL, "a shock or policy without a name");
    if (driver->key == 0) return fc_plan_wrong(diag, driver->name, "no stream key");
    ret = fc_first(ret, check_unchanged(plan, driver, driver->at, diag));
    ret = fc_first(ret, check_unchanged(plan, driver, driver->until, diag));
    ret = fc_first(ret, check_unchanged(plan, driver, driver->probability, diag));
    return fc_first(ret, check_condition(plan, driver, diag));
}

int fc_plan_check_values(const fc_plan *plan, fc_diag *diag)
{
    int ret = FC_OK;

    /* A value is looked at through its user: one bad index, and the rest means nothing. */
    for (uint32_t v = 0; v < plan->n_values; v++)
        for (uint32_t i = 0; i < plan->values[v].n_args && plan->values[v].args; i++)
            if (plan->values[v].args[i] >= plan->n_values) return check_value(plan, v, diag);
    for (uint32_t v = 0; v < plan->n_values; v++) ret = fc_first(ret, check_value(plan, v, diag));

    int params = check_params(plan, diag);
    if (params != FC_OK) return fc_first(ret, params);
    ret = fc_first(ret, check_changes(plan, diag));
    for (uint32_t i = 0; i < plan->n_drivers; i++)
        ret = fc_first(ret, check_driver(plan, &plan->drivers[i], diag));
    return ret;
}
