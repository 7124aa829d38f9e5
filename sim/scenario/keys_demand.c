/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key table, part 7: users, what they ask for, and how the fleet is shared out among them. */
#include "jobs/policy.h"
#include "scenario/key.h"

static const char *const details[] = {"fluid", "jobs", "windows", NULL};          /* fc_detail */
static const char *const overruns[] = {"extend", "kill", NULL};                   /* fc_overrun */
static const char *const placements[] = {"pooled", "servers", NULL};              /* fc_placement */
static const char *const leaves[] = {"never", "at_patience", "at_arrival", NULL}; /* fc_leaves */
static const char *const workloads[] = {"training", "tuning", "inference", "research", NULL};
static const char *const regions[] = {"any", "capital", "non-capital", NULL}; /* fc_users_region */
static const char *const policies[] = {
#define FC_X(name, en, ko) #name,
    FC_POLICY_TABLE(FC_X)
#undef FC_X
        NULL};

/* ---- pools --------------------------------------------------------------------------------- */

static const fc_key pool_keys[] = {
    {.name = "share",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_SHARE},
     .required = true,
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_pool, share),
     .en = "of the running accelerators of each model, in whole servers (or single accelerators "
           "where they are pooled)",
     .ko = "모델별 가동 가속기 중 비율(서버 단위, pooled이면 장 단위)"},
    {0},
};

const fc_section fc_section_pool = {
    .id = "pool",
    .entity = FC_ENTITY_POOL,
    .keys = pool_keys,
    .size = sizeof(fc_pool),
    .en = "a part of the fleet with a queue of its own; what no pool has a share of stays unused",
    .ko = "대기열을 따로 두는 배분 몫; 어느 몫에도 들지 않은 것은 쓰지 않는다",
};

/* ---- classes of users ---------------------------------------------------------------------- */

static const fc_key class_keys[] = {
    {.name = "pool",
     .type = FC_K_REF,
     .target = FC_ENTITY_POOL,
     .offset = offsetof(fc_user_class, pool),
     .en = "which part of the fleet it has; needed where there are pools",
     .ko = "쓰는 배분 몫; pools가 있으면 반드시 쓴다"},
    {.name = "access",
     .type = FC_K_REF,
     .target = FC_ENTITY_CALL,
     .offset = offsetof(fc_user_class, access),
     .en = "call that they apply to: what comes are projects, then, which ask for `gpus` and are "
           "granted them for a term; without it jobs queue in the pool",
     .ko = "신청하는 이용 공모; 쓰면 작업이 아니라 과제가 도착해 gpus만큼 신청하고 일정 기간 "
           "배정받는다. 없으면 작업이 배분 몫에서 대기한다"},
    {.name = "work",
     .type = FC_K_CHOICE,
     .fallback = "training",
     .choices = workloads,
     .offset = offsetof(fc_user_class, work),
     .en = "kind of work: whose work_per_result counts",
     .ko = "작업 종류; 같은 종류의 work_per_result를 따른다"},
    {.name = "arrivals",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_RATE, .item = FC_ITEM_JOB},
     .required = true,
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_LINEAR | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e4,
     .in_progress = FC_KEEP,
     .none_before = true,
     .offset = offsetof(fc_user_class, arrivals),
     .en = "jobs (with `access` projects) that come, a Poisson process; none before the first date "
           "of a path; a straight line is read at each midnight",
     .ko = "도착하는 작업(access를 쓰면 과제) 수(포아송 과정); 날짜별로 쓰면 첫 날짜 전에는 없고, "
           "직선 "
           "경로는 날마다 0시 값을 쓴다"},
    {.name = "hours",
     .type = FC_K_PROFILE,
     .min = FC_HOURS,
     .max = FC_HOURS,
     .offset = offsetof(fc_user_class, hours),
     .en = "shares of a day's arrivals by hour, from 00:00 local time; even without it",
     .ko = "0시부터 시간대별 도착 비율; 없으면 고르게"},
    {.name = "weekdays",
     .type = FC_K_PROFILE,
     .min = FC_WEEKDAYS,
     .max = FC_WEEKDAYS,
     .offset = offsetof(fc_user_class, days),
     .en = "shares of a week's arrivals by day, from Monday; even without it",
     .ko = "월요일부터 요일별 도착 비율; 없으면 고르게"},
    {.name = "gpus",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT, .item = FC_ITEM_GPU},
     .required = true,
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = 1,
     .max = 1e6,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_user_class, gpus),
     .en = "GPUs of a job (project), all of one model and all at once; varies by job, rounded to "
           "whole ones. A project's are multiplied by its work_per_result",
     .ko = "작업(과제)당 GPU 수(한 모델로 동시에 사용); 작업마다 다름, 정수로 반올림. 과제에는 "
           "work_per_result를 곱한다"},
    {.name = "duration",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = 0,
     .max = 10 * FC_YEAR,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_user_class, duration),
     .en =
         "how long a job runs, where work_per_result is 1; varies by job. Needed without `access`",
     .ko = "작업 실행 시간(work_per_result가 1일 때); 작업마다 다름. access를 쓰지 않으면 반드시 "
           "쓴다"},
    {.name = "estimate",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_NUMBER},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = 0.01,
     .max = 1000,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_user_class, estimate),
     .en =
         "duration that the scheduler is told, over the true one; exact without it; varies by job",
     .ko = "스케줄러에 알리는 실행 시간(실제의 배수); 없으면 정확; 작업마다 다름"},
    {.name = "patience",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = 0,
     .max = 100 * FC_YEAR,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_user_class, patience),
     .en = "a job that has not started (a project that has no grant) after this leaves; without it "
           "it waits for ever; varies by job",
     .ko = "이만큼 기다려도 시작(배정)하지 못하면 떠난다; 없으면 계속 기다림; 작업마다 다름"},
    {.name = "offshore",
     .type = FC_K_CHOICE,
     .fallback = "never",
     .choices = leaves,
     .offset = offsetof(fc_user_class, leaves),
     .en = "never: a job that leaves is not run at all; at_patience: it is run abroad; at_arrival: "
           "and goes there at once if the wait predicted exceeds its patience",
     .ko = "never: 떠난 작업은 수행되지 않음; at_patience: 해외에서 수행; at_arrival: 예상 대기가 "
           "인내 시간을 넘으면 바로 해외로"},
    {.name = "offshore_price",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_GPU_PRICE},
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_LINEAR | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e9,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_user_class, offshore_price),
     .currency_offset = offsetof(fc_user_class, offshore_currency),
     .en = "rent of a GPU abroad",
     .ko = "해외 GPU 임차 단가"},
    {.name = "priority",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e6,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_user_class, priority),
     .en = "the higher first, under the policies priority and preemptive, and in calls; 0 without "
           "it; varies by job",
     .ko = "우선순위(priority·preemptive와 공모에서 높은 것부터); 없으면 0; 작업마다 다름"},
    {.name = "checkpoint",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 10 * FC_YEAR,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_user_class, checkpoint),
     .en = "work after which a job saves its state: a failure loses what came after; never without "
           "it",
     .ko = "체크포인트 간격; 장애가 나면 그 뒤의 작업을 잃는다; 없으면 저장하지 않음"},
    {.name = "models",
     .type = FC_K_REFS,
     .target = FC_ENTITY_ACCELERATOR,
     .offset = offsetof(fc_user_class, models),
     .en = "models that its jobs can run on; all without it",
     .ko = "실행할 수 있는 모델; 없으면 전부"},
    {.name = "prefers",
     .type = FC_K_REFS,
     .target = FC_ENTITY_ACCELERATOR,
     .offset = offsetof(fc_user_class, prefers),
     .en = "of these a job takes one, where it can start there now",
     .ko = "바로 시작할 수 있으면 먼저 택하는 모델"},
    {.name = "load",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_SHARE},
     .may = FC_MAY_UNKNOWN,
     .min = 0,
     .max = 1,
     .offset = offsetof(fc_user_class, load),
     .en = "of the GPUs it holds, share that is in use; all without it",
     .ko = "점유한 GPU의 실사용 비율; 없으면 전부"},
    {.name = "share",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_NUMBER},
     .may = FC_MAY_UNKNOWN,
     .min = 1e-6,
     .max = 1e6,
     .offset = offsetof(fc_user_class, share),
     .en = "its weight in its pool, under the policy fair; 1 without it",
     .ko = "배분 몫 안의 가중치(fair에서); 없으면 1"},
    {.name = "quota",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT, .item = FC_ITEM_GPU},
     .may = FC_MAY_UNKNOWN,
     .min = 1,
     .max = 1e9,
     .offset = offsetof(fc_user_class, quota),
     .en = "most GPUs that all its jobs may hold at once, under the policy fair; no limit without "
           "it",
     .ko = "동시에 점유할 수 있는 GPU 한도(fair에서); 없으면 제한 없음"},
    {.name = "use",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_SHARE},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_user_class, use),
     .en = "of a grant's GPU-hours, share in which jobs run; all without it; varies by project",
     .ko = "배정 시간 중 작업을 돌리는 비율; 없으면 전부; 과제마다 다름"},
    {.name = "jobs",
     .type = FC_K_SECTION,
     .section = &fc_section_grant_jobs,
     .en = "jobs of a project, in place of `use`",
     .ko = "과제가 돌리는 작업(use 대신)"},
    {.name = "region",
     .type = FC_K_CHOICE,
     .fallback = "any",
     .choices = regions,
     .offset = offsetof(fc_user_class, region),
     .en =
         "where they are; any: not said. Counts for regional_bonus and the share held outside the "
         "capital region",
     .ko = "이용자 소재지; any는 구분하지 않음. regional_bonus와 비수도권 비중에 쓰인다"},
    {.name = "users",
     .type = FC_K_WHOLE,
     .min = 1,
     .max = 1e6,
     .offset = offsetof(fc_user_class, users),
     .en = "how many users there are: whose GPU-hours are compared; not told apart without it, nor "
           "where jobs are a flow",
     .ko = "이용자 수(이용자별 점유 시간을 비교); 없거나 fluid 작업이면 구분하지 않음"},
    {.name = "skew",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_NUMBER},
     .may = FC_MAY_UNKNOWN,
     .min = 0,
     .max = 10,
     .offset = offsetof(fc_user_class, skew),
     .en = "a job is that of the u-th user with a chance that goes as u to the power of minus this "
           "(Zipf's law); 0, evenly, without it",
     .ko = "작업이 u번째 이용자 것일 확률은 u의 -(이 값)제곱에 비례(지프 법칙); 없으면 0(고르게)"},
    {0},
};

const fc_section fc_section_class = {
    .id = "class",
    .entity = FC_ENTITY_CLASS,
    .keys = class_keys,
    .size = sizeof(fc_user_class),
    .en = "users whose jobs are like one another",
    .ko = "비슷한 작업을 하는 이용자 집단",
};

/* ---- demand as a whole --------------------------------------------------------------------- */

#define WORK(name_, kind, en_, ko_)                                                                \
    {                                                                                              \
        .name = name_, .type = FC_K_VALUE, .want = {.dim = FC_DIM_NUMBER},                         \
        .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_LINEAR | FC_MAY_CHANGE, .min = 1e-9,          \
        .max = 1e9, .in_progress = FC_KEEP,                                                        \
        .offset = offsetof(fc_fleet, demand.work_per_result[kind]), .en = en_, .ko = ko_           \
    }

static const fc_key work_keys[] = {
    WORK("training", FC_WORKLOAD_TRAINING, "pre-training of models; 1 without it",
         "모델 사전학습; 없으면 1"),
    WORK("tuning", FC_WORKLOAD_TUNING, "post-training and fine-tuning; 1 without it",
         "후속학습·미세조정; 없으면 1"),
    WORK("inference", FC_WORKLOAD_INFERENCE, "inference; 1 without it", "추론; 없으면 1"),
    WORK("research", FC_WORKLOAD_RESEARCH, "other research; 1 without it",
         "그 밖의 연구; 없으면 1"),
    {0},
};

static const fc_section work_section = {
    .id = "work_per_result",
    .entity = FC_ENTITY_NONE,
    .keys = work_keys,
    .size = sizeof(fc_fleet),
    .en = "GPU time that a result takes, by kind of work, against the durations as written: falls "
          "as algorithms improve. Jobs are as long as on the day they arrive",
    .ko = "결과 하나에 드는 GPU 시간(작업 종류별, 적힌 실행 시간 대비); 알고리즘이 나아지면 "
          "줄어든다. 도착한 날의 값을 쓴다",
};

static const fc_key run_keys[] = {
    {.name = "work",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_WORK},
     .required = true,
     .may = FC_MAY_UNKNOWN,
     .min = 1,
     .max = 1e40,
     .offset = offsetof(fc_fleet, demand.run_work),
     .en = "computing of one training run",
     .ko = "학습 한 번의 연산량"},
    {.name = "mfu",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_SHARE},
     .required = true,
     .may = FC_MAY_UNKNOWN,
     .min = 1e-6,
     .max = 1,
     .offset = offsetof(fc_fleet, demand.run_mfu),
     .en = "share of the dense BF16 peak that it reaches",
     .ko = "BF16 밀집 최대 성능 대비 달성률(MFU)"},
    {0},
};

static const fc_section run_section = {
    .id = "frontier_run",
    .entity = FC_ENTITY_NONE,
    .keys = run_keys,
    .size = sizeof(fc_fleet),
    .en = "a training run asked about: how many days it would take on the strongest set of "
          "accelerators of one model at one site",
    .ko = "한 부지·한 모델로 할 때의 소요일을 묻는 프런티어 학습",
};

static const fc_key window_keys[] = {
    {.name = "length",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .min = FC_DAY,
     .max = 90 * FC_DAY,
     .offset = offsetof(fc_fleet, demand.window_length),
     .en = "how long a window is, in whole days; 14 days without it. Classes with longer jobs (1 "
           "in 100 as the run begins) are simulated job by job all the time",
     .ko =
         "표본 기간의 길이(일 단위); 없으면 14일. 이보다 오래 걸리는 작업이 (시작 시점에) 100건 중 "
         "1건 이상인 이용자 집단은 전 기간을 작업별로 계산"},
    {.name = "a_quarter",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT},
     .min = 1,
     .max = 90,
     .offset = offsetof(fc_fleet, demand.windows_a_quarter),
     .en = "windows in a quarter; 2 without it. Each has an equal part of the quarter, and where "
           "that has no room for it and a warm-up before it (2 days; more where jobs vary much in "
           "length), all of the part is simulated",
     .ko = "분기당 표본 기간의 수; 없으면 2. 분기를 같은 길이로 나눠 하나씩 두며, 앞의 준비 "
           "기간(이틀; 작업 길이가 고르지 않으면 더 길다)까지 들어갈 자리가 없으면 그 부분은 모두 "
           "계산"},
    {0},
};

static const fc_section window_section = {
    .id = "windows",
    .entity = FC_ENTITY_NONE,
    .keys = window_keys,
    .size = sizeof(fc_fleet),
    .en = "windows: stretches of each quarter, drawn at random, whose jobs are simulated",
    .ko = "windows: 분기마다 무작위로 골라 작업별로 계산하는 표본 기간",
};

static const fc_key demand_keys[] = {
    {.name = "detail",
     .type = FC_K_CHOICE,
     .fallback = "fluid",
     .choices = details,
     .offset = offsetof(fc_fleet, demand.detail),
     .en = "fluid: GPUs wanted and held as continuous amounts, hour by hour; it knows no waits. "
           "jobs: every job is queued, placed and run. windows: the jobs of some stretches of each "
           "quarter, and of every quarter in which 95 % or more of the GPUs are wanted; fluid in "
           "between: for long horizons",
     .ko = "fluid: 수요와 점유를 연속량으로 계산(대기 시간은 알 수 없음); jobs: 작업을 하나씩 "
           "대기·배치·실행; windows: 분기마다 표본 기간만(수요가 GPU의 95% 이상이면 전 기간) "
           "작업별로, 나머지는 fluid로 계산(장기 모의용)"},
    {.name = "windows",
     .type = FC_K_SECTION,
     .section = &window_section,
     .en = "windows: how long, how many",
     .ko = "windows: 표본 기간의 길이와 수"},
    {.name = "policy",
     .type = FC_K_CHOICE,
     .fallback = "easy",
     .choices = policies,
     .offset = offsetof(fc_fleet, demand.policy),
     .en = "jobs: who goes first",
     .ko = "jobs: 스케줄링 방식"},
    {.name = "overrun",
     .type = FC_K_CHOICE,
     .fallback = "extend",
     .choices = overruns,
     .offset = offsetof(fc_fleet, demand.overrun),
     .en = "jobs: what becomes of a job that is not done at the end of its estimate",
     .ko = "jobs: 예상 시간을 넘긴 작업의 처리"},
    {.name = "placement",
     .type = FC_K_CHOICE,
     .fallback = "pooled",
     .choices = placements,
     .offset = offsetof(fc_fleet, demand.placement),
     .en = "jobs: pooled: any free GPUs of a model; servers: in servers of the catalogue's size, "
           "best fit",
     .ko = "jobs: pooled: 같은 모델의 빈 GPU 아무 데나; servers: 서버 단위로 최적 적합 배치"},
    {.name = "packing",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_SHARE},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_fleet, demand.packing),
     .en =
         "fluid: share of the GPUs that can be held at once, for what fragmentation takes; without "
         "it learned from jobs where gangs are large against the pool, else all (windows: all)",
     .ko = "fluid: 파편화를 뺀 점유 가능 비율; 없으면, 배분 몫에 견주어 큰 작업이 있을 때는 작업 "
           "모의에서 추정하고 그 밖에는 전부(windows는 전부)"},
    {.name = "rebound",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_NUMBER},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 5,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_fleet, demand.rebound),
     .en = "elasticity of arrivals: they grow as work_per_result to the power of minus this; 0 "
           "without it, above 1 a gain in efficiency raises demand",
     .ko = "반등 탄력성: 도착은 work_per_result의 -(이 값)제곱에 비례; 없으면 0, 1을 넘으면 효율이 "
           "오를수록 수요가 늘어난다"},
    {.name = "work_per_result",
     .type = FC_K_SECTION,
     .section = &work_section,
     .en = "algorithmic efficiency",
     .ko = "알고리즘 효율"},
    {.name = "frontier_run",
     .type = FC_K_SECTION,
     .section = &run_section,
     .en = "a training run asked about",
     .ko = "소요일을 물을 학습"},
    {.name = "pools",
     .type = FC_K_NAMED,
     .section = &fc_section_pool,
     .en = "parts of the fleet; without them all users share one queue",
     .ko = "배분 몫; 없으면 모두 한 대기열을 쓴다"},
    {.name = "calls",
     .type = FC_K_NAMED,
     .section = &fc_section_call,
     .en = "calls for applications, for classes with `access`",
     .ko = "이용 공모(access를 쓰는 집단이 신청)"},
    {.name = "classes",
     .type = FC_K_NAMED,
     .section = &fc_section_class,
     .en = "users, and the jobs they bring",
     .ko = "작업을 돌리는 이용자 집단"},
    {.name = "services",
     .type = FC_K_NAMED,
     .section = &fc_section_service,
     .en = "inference services, a standing need",
     .ko = "늘 켜 두는 추론 서비스"},
    {0},
};

const fc_section fc_section_demand = {
    .id = "demand",
    .entity = FC_ENTITY_NONE,
    .keys = demand_keys,
    .size = sizeof(fc_fleet),
    .en = "users' jobs, and inference services, on the accelerators that run; one of `classes` and "
          "`services` at least",
    .ko = "가동 중인 가속기에서 돌리는 이용자 작업과 추론 서비스; `classes`와 `services` 중 하나 "
          "이상",
};
