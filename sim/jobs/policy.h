/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scheduling policies: one file and one row of this table each.
 */
#ifndef FC_JOBS_POLICY_H
#define FC_JOBS_POLICY_H

#include "fleetcast/error.h"

/* clang-format off */
#define FC_POLICY_TABLE(X) \
    X(fifo,         "first come, first served: nothing overtakes", \
                    "도착 순서대로, 앞지르기 없음") \
    X(priority,     "highest priority first, then first come, first served", \
                    "우선순위가 높은 작업부터, 같으면 도착 순서대로") \
    X(preemptive,   "as priority, and running jobs of lower priority make room", \
                    "priority와 같되, 실행 중인 낮은 순위 작업이 자리를 내줌") \
    X(sjf,          "shortest estimate first", \
                    "예상 실행 시간이 짧은 작업부터") \
    X(easy,         "EASY backfill: a job may overtake unless it delays the first one waiting", \
                    "EASY 백필: 맨 앞 작업을 늦추지 않으면 앞지를 수 있음") \
    X(conservative, "conservative backfill: a job may overtake unless it delays any before it", \
                    "보수적 백필: 앞선 어느 작업도 늦추지 않으면 앞지를 수 있음") \
    X(fair,         "fair share: the account that used least for its share first, within its quota", \
                    "공정 배분: 몫에 견주어 가장 적게 쓴 계정부터, 할당량 안에서")
/* clang-format on */

typedef struct fc_policy fc_policy;

#define FC_X(name, en, ko) extern const fc_policy fc_policy_##name;
FC_POLICY_TABLE(FC_X)
#undef FC_X

/* By name ("easy"); NULL if there is none. */
const fc_policy *fc_policy_find(const char *name);
/* The i-th of the table; NULL beyond its end. */
const fc_policy *fc_policy_at(unsigned i);
const char *fc_policy_name(const fc_policy *policy);
/* One line, in English or Korean. */
const char *fc_policy_text(const fc_policy *policy, fc_lang lang);

#endif
