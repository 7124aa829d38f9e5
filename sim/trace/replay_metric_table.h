/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a replay measures, X(id, unit, English, Korean): names of database rows and JSON keys, and
 * the lines of the answer in this order. Times are of jobs that started (waits) or are done
 * (turnaround, slowdown); averages over time go from the first submission to the last end.
 */
#ifndef FC_TRACE_REPLAY_METRIC_TABLE_H
#define FC_TRACE_REPLAY_METRIC_TABLE_H

/* clang-format off */
#define FC_REPLAY_METRIC_TABLE(X) \
    X(jobs,             "1",     "jobs submitted",                   "제출된 작업") \
    X(jobs_done,        "1",     "  done",                           "  완료") \
    X(jobs_killed,      "1",     "  killed at their requested time", "  요청 시간을 넘겨 중단") \
    X(jobs_rejected,    "1",     "  larger than the cluster",        "  클러스터보다 큼") \
    X(jobs_unfinished,  "1",     "  not finished",                   "  끝나지 않음") \
    X(restarts,         "1",     "restarts after failures",          "장애·선점 뒤 재시작") \
    X(wait_mean,        "s",     "wait, mean",                       "대기 시간: 평균") \
    X(wait_p50,         "s",     "wait, median",                     "대기 시간: 중앙값") \
    X(wait_p95,         "s",     "wait, 95 %",                       "대기 시간: 95 %") \
    X(wait_p99,         "s",     "wait, 99 %",                       "대기 시간: 99 %") \
    X(wait_max,         "s",     "wait, longest",                    "대기 시간: 최장") \
    X(wait_trace_mean,  "s",     "wait in the trace, mean",          "트레이스의 대기 시간: 평균") \
    X(slowdown_mean,    "1",     "bounded slowdown, mean",           "한정 지연비: 평균") \
    X(slowdown_p50,     "1",     "bounded slowdown, median",         "한정 지연비: 중앙값") \
    X(slowdown_p95,     "1",     "bounded slowdown, 95 %",           "한정 지연비: 95 %") \
    X(turnaround_mean,  "s",     "turnaround, mean",                 "총소요 시간: 평균") \
    X(turnaround_p50,   "s",     "turnaround, median",               "총소요 시간: 중앙값") \
    X(makespan,         "s",     "first submission to last end",     "첫 제출~마지막 종료") \
    X(gpus_in_service,  "GPU",   "GPUs in service, mean",            "가동 GPU: 평균") \
    X(allocation,       "%",     "allocation",                       "배정률") \
    X(fragmented,       "GPU",   "free but fragmented, mean",        "조각나 못 쓴 GPU: 평균") \
    X(waiting_jobs,     "1",     "jobs waiting, mean",               "대기 작업: 평균") \
    X(waiting_jobs_max, "1",     "jobs waiting, most",               "대기 작업: 최대") \
    X(gpu_hours_served, "GPU-h", "GPU-hours served",                 "처리한 GPU-시간") \
    X(gpu_hours_lost,   "GPU-h", "GPU-hours lost",                   "잃은 GPU-시간")
/* clang-format on */

#endif
