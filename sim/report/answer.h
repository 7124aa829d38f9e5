/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one-page answer to a run.
 *
 * Page one speaks in rounded figures: probabilities to 5 points with a word, as far as numbers
 * whose drivers are partly guesses carry. Lines whose part of the model a scenario does not use are
 * left out. Exact values and intervals are in the annex and in the JSON.
 */
#ifndef FC_REPORT_ANSWER_H
#define FC_REPORT_ANSWER_H

#include "analysis/demand_details.h"
#include "analysis/explain.h"
#include "analysis/summary.h"
#include "base/text.h"

typedef struct fc_answer {
    fc_summary summary;
    fc_explanation explanation; /* nothing unless its counterfactuals are in the database */
    fc_demand_details demand;
    fc_fan in_service; /* of the fleet over time */
    fc_fan announced;
} fc_answer;

/* Errors: E_DOMAIN (no such run), of the store (4xx), E_NOMEM. */
int fc_answer_make(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_answer **out);

/* Appends the page for a terminal of 80 columns; `full` adds the annex, `color` ANSI colours in
 * the chart. Both return E_NOMEM if the text failed. */
int fc_answer_text(const fc_answer *answer, fc_lang lang, bool full, bool color, fc_text *out);

/* Appends one JSON object and a newline. Numbers have full precision; null stands for what was not
 * reached within the horizon and for what the run does not have. Dates are "YYYY-MM-DD", money is
 * in whole units of `currency`, power in W, shares are fractions. Keys:
 *   run        name, title {en, ko}, file, hash, seed, version, start, end (exclusive),
 *              replications, independent (points or shifts of a sampled design, else the same),
 *              level (confidence of the intervals: 0.95, or that of the last look of a run
 *              stopped by precision), failures
 *   fleet      name, title {en, ko}, currency
 *   target     null, or path, by, gpus, counted_at,
 *              met, held, not_reached   {hits, n, p, low, high}: low, high at run.level
 *              reached_by               the same for each milestone: contracted, delivered, ...
 *              reached                  {p05, p50, p95} for each milestone, dates
 *              count                    {p05, p50, p95} on the date
 *   years      list of {date, METRIC...}: medians at year ends of each monthly metric
 *   at_target  the same on the target's date
 *   idle       {mean, p05, p50, p95}
 *   repair     {failures {p05, p50, p95}, share {p05, p50, p95}}
 *   delay      null where nothing was announced, or {gpu_days, causes [{cause, gpu_days,
 *              share}]}; that of funding has lacking {unbudgeted, unreleased, lapsed, price,
 *              exchange}: GPU-days
 *   explain    null where the run was not explained, or
 *              causes           [{cause, removed {en, ko}, GAIN}]: the cause removed
 *              weaker_currency  null or {currency, per_usd_more, GAIN}
 *              options          [{policy, title {en, ko}, GAIN}]: put in force, best first
 *              GAIN is n, months_sooner {median, low, high, mean}: paired, min(date, end of the
 *              horizon), 95 % interval of the median; p_met_before, p_met; gpus_more, money_more
 *              (paid or committed by the end), money_half_width (95 %): means
 *   money      medians: requested, bill, granted, state_share, exchange_loss, paid_present_value,
 *              fiscal_years [{year, available, spent, really_spent, carried_over, lapsed, ahead,
 *              actual_rate}]
 *   running    null where neither energy nor running cost is asked for, or medians of the year of
 *              the target's date: {year, energy (kWh), peak_power, contract_power,
 *              electricity_bill, demand_share, running_cost, running_paid, running_5y,
 *              electricity_5y, unfunded_5y, cost_per_gpu_hour, unpaid_mean, water (m3),
 *              water_over (days), carbon {basis: t}, carbon_headline}
 *   demand     null where the fleet has no users, or {METRIC, classes {NAME: {METRIC, POOLED}},
 *              services {NAME: {METRIC}}}: METRIC is "id": {p05, p50, p95} of each metric of demand
 *              that the run has, of the fleet, of a class and of an inference service; units are
 *              those of the table `metric`. POOLED is of the jobs of all replications, null in a
 *              fluid: pooled_wait and pooled_wait_all {p50, p95, p99}: hours, of jobs that started
 *              and of all that came (null where it is of those who still wait at the end);
 *              pooled_left_share
 *   drivers    [{path, rho}]: rank correlation with the headline
 *   inputs     {figures, assumptions, unverified, unsourced}
 *   series     {date [...], in_service {p05, p25, p50, p75, p95}, announced [...]}: month ends */
int fc_answer_json(const fc_answer *answer, fc_text *out);

#endif
