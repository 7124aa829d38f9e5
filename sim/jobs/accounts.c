/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "jobs/accounts.h"

static const double HALF_LIFE = 7 * 86400.0;

/* exp(-FAR) is 1e-261, and so far from both ends of a double that GPUs times it are, too. */
static const double FAR = 600;

int fc_accounts_init(fc_accounts *a, const fc_jobs_spec *spec)
{
    uint32_t count = spec->account_count > 0 ? spec->account_count : 1;

    *a = (fc_accounts){.rate = M_LN2 / (spec->half_life > 0 ? spec->half_life : HALF_LIFE)};
    a->account = calloc(count, sizeof *a->account);
    if (!a->account) return FC_E_NOMEM;
    a->count = count;
    for (uint32_t i = 0; i < count; i++) {
        a->account[i].terms = (fc_job_account){.share = 1};
        if (spec->account_count > 0) a->account[i].terms = spec->accounts[i];
    }
    return FC_OK;
}

void fc_accounts_free(fc_accounts *a)
{
    free(a->account);
    *a = (fc_accounts){0};
}

static void settle(const fc_accounts *a, fc_account_use *use, double now)
{
    double kept = exp(-a->rate * (now - use->since));

    use->average = use->average * kept + (double)use->held * (1 - kept);
    use->since = now;
}

void fc_accounts_hold(fc_accounts *a, uint32_t account, double now, int64_t gpus)
{
    settle(a, &a->account[account], now);
    a->account[account].held += (uint64_t)gpus;
}

bool fc_accounts_set_epoch(fc_accounts *a, double now)
{
    if (a->rate * (now - a->epoch) < FAR) return false;
    a->epoch = now;
    return true;
}

double fc_accounts_x(const fc_accounts *a, double now)
{
    return exp(-a->rate * (now - a->epoch));
}

void fc_accounts_line(const fc_accounts *a, uint32_t account, double *at_0, double *slope)
{
    const fc_account_use *use = &a->account[account];
    double held = (double)use->held, share = use->terms.share;

    *at_0 = held / share;
    *slope = (use->average - held) / 2 / share * exp(a->rate * (use->since - a->epoch));
}

bool fc_accounts_allow(const fc_accounts *a, uint32_t account, uint32_t gpus)
{
    const fc_account_use *use = &a->account[account];

    return use->terms.quota == 0 || use->held + gpus <= use->terms.quota;
}

uint64_t fc_accounts_within_quota(const fc_accounts *a, uint32_t account, uint64_t gpus)
{
    uint64_t quota = a->account[account].terms.quota;

    return quota > 0 && quota < gpus ? quota : gpus;
}
