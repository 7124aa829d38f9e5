/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who has used how much of the cluster, for fair share. An account's use is the GPUs it holds now
 * and the GPUs it held on average of late, each counted half; the average forgets with a
 * half-life, as Slurm's multifactor plugin does (PriorityDecayHalfLife, 7 days by default). The
 * account with the least use for its share comes first.
 *
 * While an account holds H GPUs, its average is H + (A - H) exp(-rate (t - since)), A being the
 * average at `since`. With x = exp(-rate (t - epoch)), the same for all accounts, the use for its
 * share s is then a + b x, where a = H / s and b = (A - H) / (2 s) exp(rate (since - epoch)).
 */
#ifndef FC_JOBS_ACCOUNTS_H
#define FC_JOBS_ACCOUNTS_H

#include "jobs/jobs.h"

typedef struct fc_account_use {
    fc_job_account terms;
    uint64_t held;  /* GPUs */
    double average; /* GPUs, as of `since` */
    double since;
} fc_account_use;

typedef struct fc_accounts {
    fc_account_use *account;
    uint32_t count;
    double rate;  /* ln 2 / half-life */
    double epoch; /* s */
} fc_accounts;

int fc_accounts_init(fc_accounts *a, const fc_jobs_spec *spec); /* FC_E_NOMEM */
void fc_accounts_free(fc_accounts *a);

void fc_accounts_hold(fc_accounts *a, uint32_t account, double now, int64_t gpus);
/* Sets the epoch to now if it lies so far back that x would vanish; whether it did, which makes
 * another line of every account's use. */
bool fc_accounts_set_epoch(fc_accounts *a, double now);
double fc_accounts_x(const fc_accounts *a, double now);
/* The line of the account's use for its share, until it next holds more or less. */
void fc_accounts_line(const fc_accounts *a, uint32_t account, double *at_0, double *slope);
/* Whether the account's quota has room for so many beside what it holds. */
bool fc_accounts_allow(const fc_accounts *a, uint32_t account, uint32_t gpus);
/* `gpus`, or the account's quota if that is less. */
uint64_t fc_accounts_within_quota(const fc_accounts *a, uint32_t account, uint64_t gpus);

#endif
