/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "jobs/scheduler.h"

static const struct {
    const fc_policy *policy;
    const char *text[2];
} table[] = {
#define FC_X(name, en, ko) {&fc_policy_##name, {en, ko}},
    FC_POLICY_TABLE(FC_X)
#undef FC_X
};

enum { POLICIES = sizeof table / sizeof *table };

const fc_policy *fc_policy_at(unsigned i)
{
    return i < POLICIES ? table[i].policy : NULL;
}

const fc_policy *fc_policy_find(const char *name)
{
    for (unsigned i = 0; i < POLICIES; i++) {
        if (strcmp(table[i].policy->name, name) == 0) return table[i].policy;
    }
    return NULL;
}

const char *fc_policy_name(const fc_policy *policy)
{
    return policy->name;
}

const char *fc_policy_text(const fc_policy *policy, fc_lang lang)
{
    for (unsigned i = 0; i < POLICIES; i++) {
        if (table[i].policy == policy) return table[i].text[lang == FC_LANG_KO];
    }
    return "";
}

const char *fc_job_status_name(fc_job_status status)
{
    static const char *const names[FC_JOB_STATUSES] = {
        [FC_JOB_WAITING] = "waiting",     [FC_JOB_RUNNING] = "running",
        [FC_JOB_SUSPENDED] = "suspended", [FC_JOB_DONE] = "done",
        [FC_JOB_FAILED] = "failed",       [FC_JOB_OFFSHORE] = "offshore",
        [FC_JOB_ABANDONED] = "abandoned", [FC_JOB_REJECTED] = "rejected",
    };

    return (unsigned)status < FC_JOB_STATUSES ? names[status] : "";
}
