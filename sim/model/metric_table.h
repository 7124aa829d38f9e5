/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The metric table: X(id, scope, kind, unit, English, Korean, IAMC variable).
 *   scope  FLEET one a fleet; TARGET one a target; CAUSE one a fleet and cause of delay;
 *          GAP one a fleet and part of the cause `funding` (korea.delay.funding.price);
 *          FISCAL one a fleet and fiscal year of the horizon (korea.2027); YEAR one a fleet and
 *          calendar year (korea.2027); COST one a fleet, calendar year and line of its running cost
 *          (korea.2027.cost.staff); CLASS one a class of users (korea.demand.academia);
 *          SERVICE one an inference service (korea.services.chat)
 *   kind   SERIES  the value at each month end (and of its own accord an outcome: at the end)
 *          OUTCOME one value a replication
 * Unit "money" is the fleet's (a budget's) currency, "date" days since 1970-01-01 (NULL: not
 * reached within the horizon). Database rows, report labels, docs and IAMC names come from here.
 */
#ifndef FC_MODEL_METRIC_TABLE_H
#define FC_MODEL_METRIC_TABLE_H

#include <stdbool.h>

/* clang-format off */
#define FC_METRIC_TABLE(X) \
    X(gpus_contracted, FLEET, SERIES, "GPU", "accelerators ordered or held, not retired", "계약(보유 포함), 이탈 제외", "GPU|Contracted") \
    X(gpus_delivered,  FLEET, SERIES, "GPU", "accelerators delivered, not retired", "납품", "GPU|Delivered") \
    X(gpus_energised,  FLEET, SERIES, "GPU", "accelerators with power: installing or commissioned", "통전", "GPU|Energised") \
    X(gpus_in_service, FLEET, SERIES, "GPU", "accelerators commissioned and not retired", "가동", "GPU|In Service") \
    X(gpus_in_repair,  FLEET, SERIES, "GPU", "commissioned accelerators in repair or waiting for it", "수리 중", "GPU|In Repair") \
    X(gpus_waiting,    FLEET, SERIES, "GPU", "accelerators delivered and waiting for power or room", "납품 후 대기", "GPU|Waiting") \
    X(gpus_curtailed,  FLEET, SERIES, "GPU", "commissioned accelerators that are off for want of power", "전력 제한으로 정지", "GPU|Curtailed") \
    X(gpus_retired,    FLEET, SERIES, "GPU", "accelerators retired so far", "용도폐기 누계", "GPU|Retired") \
    X(gpus_transferred, FLEET, SERIES, "GPU", "accelerators transferred to their operators at the end of their terms so far", "협약 종료 후 이관 누계", "GPU|Transferred") \
    X(gpus_left,       FLEET, SERIES, "GPU", "accelerators that left by term end or age so far", "협약종료·노후 이탈 누계", "GPU|Left") \
    X(gpus_operator_use, FLEET, SERIES, "GPU", "in service, kept by the operators for their own use", "가동 중 운영사 자체 사용분", "GPU|In Service|Operator Use") \
    X(gpus_operator_owned, FLEET, SERIES, "GPU", "in service, owned by the operators", "가동 중 운영사 소유분", "GPU|In Service|Operator Owned") \
    X(gpus_announced,  FLEET, SERIES, "GPU", "accelerators announced to be in service by now", "발표 목표", "GPU|Announced") \
    X(gpus_shortfall,  FLEET, SERIES, "GPU", "announced less running (in repair is not), programme by programme, never negative", "목표 미달분", "GPU|Shortfall") \
    X(h100e_in_service, FLEET, SERIES, "H100e", "in service, in H100-equivalents (dense BF16 peak)", "가동(H100 환산)", "GPU|In Service|H100-equivalent") \
    X(it_power,        FLEET, SERIES, "W", "rated IT power of commissioned accelerators", "가동 장비 정격 IT 전력", "Power|IT Rated") \
    X(site_power,      FLEET, SERIES, "W", "energised supply power of the sites", "통전된 수전용량", "Power|Energised") \
    X(money_released,  FLEET, SERIES, "money", "budget released so far, all lines", "배정 예산 누계(전 비목)", "Budget|Released") \
    X(money_committed, FLEET, SERIES, "money", "ordered and not yet paid", "계약 미지급액", "Budget|Committed") \
    X(money_paid,      FLEET, SERIES, "money", "paid so far", "지급 누계", "Budget|Paid") \
    X(money_lapsed,    FLEET, SERIES, "money", "lapsed so far", "불용 누계", "Budget|Lapsed") \
    X(money_received,  FLEET, SERIES, "money", "private money that came with the budget so far", "민간부담금 누계", "Budget|Private") \
    X(money_ahead,     FLEET, SERIES, "money", "ordered on budgets not released yet", "국고채무부담행위 등 배정 전 계약액", "Budget|Ahead") \
    X(exchange_rate,   FLEET, SERIES, "1/USD", "units of the fleet's currency a US dollar", "대미 달러 환율", "Price|Exchange Rate") \
    X(gpus_unpaid,     FLEET, SERIES, "GPU", "commissioned accelerators that are off for want of running money", "운영비 부족으로 정지", "GPU|Unpaid") \
    X(facility_power,  FLEET, SERIES, "W", "electric power drawn, cooling and losses included", "수전 기준 사용 전력", "Power|Drawn") \
    X(contract_power,  FLEET, SERIES, "W", "contract power of the sites", "계약전력", "Power|Contract") \
    X(arrears,         FLEET, SERIES, "money", "running cost owed", "운영비 체납액", "Running Cost|Arrears") \
    X(gpus_allocated,  FLEET, SERIES, "GPU", "accelerators held by users, mean of the month", "배정(월평균)", "GPU|Allocated") \
    X(failures,        FLEET, OUTCOME, "1", "server failures", "서버 고장 수", "Reliability|Failures") \
    X(servers_scrapped, FLEET, OUTCOME, "1", "failed servers that were scrapped", "폐기된 고장 서버 수", "Reliability|Scrapped") \
    X(awaiting_spare,  FLEET, OUTCOME, "GPU", "commissioned accelerators whose server waits for a spare, time average", "예비 서버 대기(시간 평균)", "Reliability|Awaiting Spare") \
    X(repair_share,    FLEET, OUTCOME, "share", "time-average share of commissioned accelerators in repair", "수리 중 비율(시간 평균)", "Reliability|In Repair") \
    X(curtailed_share, FLEET, OUTCOME, "share", "time-average share of commissioned accelerators that are off for want of power", "전력 제한 정지 비율(시간 평균)", "Reliability|Curtailed") \
    X(unstaffed_power, FLEET, OUTCOME, "W", "rated IT power installed and waiting for operations staff, time average", "운영 인력 대기 전력(시간 평균)", "Staff|Unstaffed Power") \
    X(crew_utilisation, FLEET, OUTCOME, "share", "share of the installation crews' time in which they install", "설치팀 가동률", "Staff|Crew Utilisation") \
    X(assessments_failed, FLEET, OUTCOME, "1", "grid impact assessments not passed", "전력계통영향평가 미통과 횟수", "Site|Assessments Failed") \
    X(phases_cancelled, FLEET, OUTCOME, "1", "site phases cancelled", "취소된 부지 단계 수", "Site|Phases Cancelled") \
    X(idle_contracted, FLEET, OUTCOME, "GPU", "contracted accelerators not in service, time average", "계약 후 미가동(시간 평균)", "GPU|Idle") \
    X(gpus_cancelled,  FLEET, OUTCOME, "GPU", "accelerators whose order was cancelled for want of an export licence", "수출허가 불허로 취소된 발주", "GPU|Cancelled") \
    X(gpus_renewed,    FLEET, OUTCOME, "GPU", "accelerators whose term was renewed, counted each time", "협약 연장 수량(연장할 때마다 더함)", "GPU|Renewed") \
    X(failed_calls,    FLEET, OUTCOME, "1", "calls for bids that failed", "유찰 횟수", "Tender|Failed Calls") \
    X(any_failed_call, FLEET, OUTCOME, "0/1", "at least one call for bids failed", "유찰 발생", "Tender|Any Failed Call") \
    X(first_contract,  FLEET, OUTCOME, "date", "first contract of a programme", "첫 계약일", "Tender|First Contract") \
    X(money_requested, FLEET, OUTCOME, "money", "asked for in the budgets decided on", "예산 요구액", "Budget|Requested") \
    X(money_bill,      FLEET, OUTCOME, "money", "in the bills of the budgets decided on", "정부안", "Budget|Bill") \
    X(money_granted,   FLEET, OUTCOME, "money", "granted of that, as it stood at the last release", "예산 확정액", "Budget|Granted") \
    X(exchange_loss,   FLEET, OUTCOME, "money", "paid above the exchange rates of the contracts; below 0: a gain", "환차손(음수는 환차익)", "Budget|Exchange Loss") \
    X(exchange_top_up, FLEET, OUTCOME, "money", "exchange losses that free money did not cover", "환차손 추가 소요", "Budget|Exchange Top-up") \
    X(state_share,     FLEET, OUTCOME, "share", "public money, of public and private money together", "국비 비율", "Budget|State Share") \
    X(recoverable_share, FLEET, OUTCOME, "share", "equity and loans, of public money", "출자·융자 비율", "Budget|Recoverable Share") \
    X(unit_price_gpu,  FLEET, OUTCOME, "money", "paid and owed on GPU lines, an accelerator ordered", "장당 GPU 구매 단가", "Price|GPU Line") \
    X(unit_price_building, FLEET, OUTCOME, "money", "paid and owed on building lines, an accelerator ordered", "장당 구축비", "Price|Building Line") \
    X(unit_price_running, FLEET, OUTCOME, "money", "paid on running lines, an accelerator ordered", "장당 운영비", "Price|Running Line") \
    X(paid_present_value, FLEET, OUTCOME, "money", "what was paid, as a present value on the base date", "지급액의 현재가치", "Budget|Paid|Present Value") \
    X(paid_real,       FLEET, OUTCOME, "money", "what was paid, in prices of the base date", "지급액(기준일 불변가격)", "Budget|Paid|Real") \
    X(year_available,  FISCAL, OUTCOME, "money", "carried over into the fiscal year and released in it", "예산현액", "Budget|Year|Available") \
    X(year_spent,      FISCAL, OUTCOME, "money", "spent by the ministry, or handed on to who buys", "집행액", "Budget|Year|Spent") \
    X(year_really_spent, FISCAL, OUTCOME, "money", "paid to who sells", "실집행액", "Budget|Year|Really Spent") \
    X(year_carried_over, FISCAL, OUTCOME, "money", "free or committed as the fiscal year ends", "이월액", "Budget|Year|Carried Over") \
    X(year_lapsed,     FISCAL, OUTCOME, "money", "lapsed in the fiscal year", "불용액", "Budget|Year|Lapsed") \
    X(year_ahead,      FISCAL, OUTCOME, "money", "ordered on money of later years, as the fiscal year ends", "차년도 이후 부담액", "Budget|Year|Ahead") \
    X(year_spending_rate, FISCAL, OUTCOME, "share", "spent over available", "집행률", "Budget|Year|Spending Rate") \
    X(year_actual_rate, FISCAL, OUTCOME, "share", "really spent over available", "실집행률", "Budget|Year|Actual Spending Rate") \
    X(unpaid_mean,     FLEET, OUTCOME, "GPU", "accelerators off for want of running money, time average", "운영비 부족 정지(시간 평균)", "GPU|Unpaid Mean") \
    X(running_5y,      FLEET, OUTCOME, "money", "running cost of the 60 months from the first purchase's entry into service on, as far as within the horizon", "첫 구매분 가동 후 5년 운영비(기간 내)", "Running Cost|Five Years") \
    X(electricity_5y,  FLEET, OUTCOME, "money", "electricity bills of these months", "같은 기간 전기요금", "Running Cost|Five Years|Electricity") \
    X(unfunded_5y,     FLEET, OUTCOME, "money", "what running all would have cost in these months, less what was paid", "같은 기간 예산 미반영액", "Running Cost|Five Years|Unfunded") \
    X(cost_per_gpu_hour, FLEET, OUTCOME, "money", "present value of annuities and running cost over that of the hours run, an accelerator-hour", "GPU 시간당 비용(현재가치)", "Cost per GPU-hour") \
    X(energy,          YEAR, OUTCOME, "kWh", "electricity metered", "전력 사용량", "Energy") \
    X(energy_load,     YEAR, OUTCOME, "kWh", "of it: IT load above idle", "IT 부하 전력량(대기분 제외)", "Energy|Load") \
    X(energy_idle,     YEAR, OUTCOME, "kWh", "of it: idle power of servers that are on", "IT 대기 전력량", "Energy|Idle") \
    X(energy_overhead, YEAR, OUTCOME, "kWh", "of it: cooling and losses", "냉각·손실 전력량", "Energy|Overhead") \
    X(peak_power,      YEAR, OUTCOME, "W", "highest monthly sum of the sites' peaks", "최대수요전력", "Power|Peak") \
    X(electricity_bill, YEAR, OUTCOME, "money", "electricity bills", "전기요금", "Running Cost|Electricity") \
    X(demand_share,    YEAR, OUTCOME, "share", "demand charge's share of the electricity bills, fund and VAT aside", "기본요금 비중(기금·부가세 제외)", "Running Cost|Demand Share") \
    X(running_cost,    YEAR, OUTCOME, "money", "running cost, electricity included", "운영비(전기요금 포함)", "Running Cost") \
    X(running_full,    YEAR, OUTCOME, "money", "the same if nothing were off for want of money", "전량 가동 시 운영비", "Running Cost|Full") \
    X(running_paid,    YEAR, OUTCOME, "money", "running cost paid, arrears included", "운영비 지급액", "Running Cost|Paid") \
    X(carbon,          YEAR, OUTCOME, "t", "emissions on the scenario's headline basis", "온실가스 배출량(대표 기준)", "Emissions|CO2eq") \
    X(carbon_consumption, YEAR, OUTCOME, "t", "emissions by the official consumption factor", "온실가스 배출량(소비단 계수)", "Emissions|CO2eq|Consumption") \
    X(carbon_location, YEAR, OUTCOME, "t", "emissions by the location's generation factor", "온실가스 배출량(발전단 계수)", "Emissions|CO2eq|Location") \
    X(carbon_life_cycle, YEAR, OUTCOME, "t", "life-cycle emissions", "온실가스 배출량(전과정)", "Emissions|CO2eq|Life Cycle") \
    X(carbon_market,   YEAR, OUTCOME, "t", "emissions of what no power purchase agreement covers", "온실가스 배출량(PPA 제외분)", "Emissions|CO2eq|Market") \
    X(water,           YEAR, OUTCOME, "m3", "water used", "물 사용량", "Water") \
    X(water_over,      YEAR, OUTCOME, "day", "time in which a site used more water than permitted, sites added up", "취수 허가량 초과 기간(부지 합)", "Water|Over Permit") \
    X(cost,            COST, OUTCOME, "money", "running cost by line", "항목별 운영비", "Running Cost|By Line") \
    X(allocation,      FLEET, OUTCOME, "share", "GPU-hours held by users, of those that run", "배정률(가동 GPU 시간 대비 점유)", "Use|Allocation") \
    X(utilisation,     FLEET, OUTCOME, "share", "GPU-hours held times the load of who holds them, of those that run", "실사용률(점유 시간 × 부하)", "Use|Utilisation") \
    X(fragmented_share, FLEET, OUTCOME, "share", "GPU-hours free beside a job that needs no more and fits nowhere, of those that run", "파편화로 쓰지 못한 비율", "Use|Fragmented") \
    X(home_share,      FLEET, OUTCOME, "share", "GPU-hours served at home, of those served at home or abroad", "국내 처리 비율", "Use|Served at Home") \
    X(unmet_share,     FLEET, OUTCOME, "share", "GPU-hours that left unserved (run abroad or never), of those that were served or left", "미충족 비율(해외 이용·포기)", "Use|Unmet") \
    X(offshore_rent,   FLEET, OUTCOME, "money", "rent paid abroad", "해외 임차료", "Use|Offshore Rent") \
    X(unmet_too_few,   FLEET, OUTCOME, "GPU h", "left unserved for want of GPUs", "미충족: 수량 부족", "Use|Unmet|Too Few") \
    X(unmet_wrong_model, FLEET, OUTCOME, "GPU h", "left unserved beside free GPUs of models they cannot run on", "미충족: 모델 불일치", "Use|Unmet|Wrong Model") \
    X(unmet_fragmented, FLEET, OUTCOME, "GPU h", "left unserved beside free GPUs that did not lie side by side", "미충족: 파편화", "Use|Unmet|Fragmented") \
    X(unmet_starting,  FLEET, OUTCOME, "GPU h", "left unserved while replicas of inference services started", "미충족: 추론 복제본 기동 지연", "Use|Unmet|Starting") \
    X(unmet_quota,     FLEET, OUTCOME, "GPU h", "left unserved as their quota was used up", "미충족: 할당량", "Use|Unmet|Quota") \
    X(unmet_no_grant,  FLEET, OUTCOME, "GPU h", "left unserved for want of a grant, or as its term ended", "미충족: 배정 탈락·협약 종료", "Use|Unmet|No Grant") \
    X(granted_share,   FLEET, OUTCOME, "share", "accelerators granted, of those that projects asked for", "신청 대비 배정 비율", "Use|Granted") \
    X(gini_users,      FLEET, OUTCOME, "1", "Gini coefficient of accelerator-hours held, among users", "이용자 간 지니계수(점유 시간)", "Use|Gini") \
    X(top10_share,     FLEET, OUTCOME, "share", "accelerator-hours held by the ten users who held most", "상위 10개 이용자 점유 비중", "Use|Top 10") \
    X(non_capital_share, FLEET, OUTCOME, "share", "accelerator-hours held by users outside the capital region, of users whose region is said", "비수도권 이용자 점유 비중", "Use|Non-capital") \
    X(co_payments,     FLEET, OUTCOME, "money", "paid by projects for what their grants had in service", "이용자 자부담액", "Use|Co-payments") \
    X(lost_share,      FLEET, OUTCOME, "share", "accelerator-hours held in vain by jobs, of those held: done again after a failure or preemption, or killed", "점유 시간 중 유실 비율", "Use|Lost") \
    X(backlog,         FLEET, OUTCOME, "GPU h", "work that waits as the horizon ends", "기간 말 대기 물량", "Use|Backlog") \
    X(backlog_share,   FLEET, OUTCOME, "share", "of work that was served, left or waits as the horizon ends, what waits", "기간 말 대기 비율", "Use|Backlog Share") \
    X(killed_share,    FLEET, OUTCOME, "share", "jobs stopped for good at the end of their estimate, of those that came", "예상 시간 초과로 강제 종료된 작업 비율", "Use|Killed") \
    X(largest_run,     FLEET, OUTCOME, "GPU", "running at the end at one site and of one model, where these do most FLOP/s", "단일 최대 학습 규모(한 부지·한 모델)", "Use|Largest Run") \
    X(run_days,        FLEET, OUTCOME, "day", "days that the stated frontier run would take on these", "프런티어 학습 소요일", "Use|Run Days") \
    X(class_arrivals,  CLASS, OUTCOME, "1", "jobs that came", "도착 작업 수", "Use|Class|Arrivals") \
    X(class_served,    CLASS, OUTCOME, "GPU h", "held to some use", "처리량", "Use|Class|Served") \
    X(class_lost,      CLASS, OUTCOME, "GPU h", "held in vain: done again after a failure or preemption, or killed", "유실", "Use|Class|Lost") \
    X(class_offshore,  CLASS, OUTCOME, "GPU h", "run abroad", "해외 이용", "Use|Class|Offshore") \
    X(class_abandoned, CLASS, OUTCOME, "GPU h", "never run", "포기", "Use|Class|Abandoned") \
    X(class_left_share, CLASS, OUTCOME, "share", "jobs that left before they started, of those that started or left", "대기 중 이탈 비율", "Use|Class|Left") \
    X(class_killed,    CLASS, OUTCOME, "1", "jobs stopped for good: at the end of their estimate, or as their grant ended", "강제 종료 작업 수", "Use|Class|Killed") \
    X(class_waiting,   CLASS, OUTCOME, "1", "jobs (of grants: projects) that wait as the horizon ends", "기간 말 대기 작업(과제) 수", "Use|Class|Waiting") \
    X(class_backlog,   CLASS, OUTCOME, "GPU h", "work of jobs and projects that wait as the horizon ends", "기간 말 대기 물량", "Use|Class|Backlog") \
    X(projects_granted, CLASS, OUTCOME, "1", "projects that were granted accelerators", "배정받은 과제 수", "Use|Class|Projects Granted") \
    X(projects_left,   CLASS, OUTCOME, "1", "projects that left without a grant", "배정받지 못하고 떠난 과제 수", "Use|Class|Projects Left") \
    X(projects_reclaimed, CLASS, OUTCOME, "1", "grants taken back for want of use", "회수된 배정 건수", "Use|Class|Projects Reclaimed") \
    X(grant_wanted,    CLASS, OUTCOME, "GPU", "accelerators that projects asked for", "신청 수량", "Use|Class|Asked For") \
    X(grant_given,     CLASS, OUTCOME, "GPU", "accelerators granted", "배정 수량", "Use|Class|Granted") \
    X(grant_reclaimed, CLASS, OUTCOME, "GPU", "accelerators taken back for want of use", "회수 수량", "Use|Class|Reclaimed") \
    X(grant_hours,     CLASS, OUTCOME, "GPU h", "held by grants", "배정 점유 시간", "Use|Class|Held by Grants") \
    X(grant_wait_p50,  CLASS, OUTCOME, "day", "application to grant, of who was granted, median", "신청부터 배정까지(중앙값)", "Use|Class|Grant Wait|p50") \
    X(grant_wait_p95,  CLASS, OUTCOME, "day", "application to grant, of who was granted, 95th percentile", "신청부터 배정까지(95%)", "Use|Class|Grant Wait|p95") \
    X(grant_wait_p99,  CLASS, OUTCOME, "day", "application to grant, of who was granted, 99th percentile", "신청부터 배정까지(99%)", "Use|Class|Grant Wait|p99") \
    X(grant_wait_mean, CLASS, OUTCOME, "day", "application to grant, of who was granted, mean", "신청부터 배정까지(평균)", "Use|Class|Grant Wait|Mean") \
    X(wait_p50,        CLASS, OUTCOME, "h", "wait of jobs that started, median", "시작한 작업의 대기(중앙값)", "Use|Class|Wait|p50") \
    X(wait_p95,        CLASS, OUTCOME, "h", "wait of jobs that started, 95th percentile", "시작한 작업의 대기(95%)", "Use|Class|Wait|p95") \
    X(wait_p99,        CLASS, OUTCOME, "h", "wait of jobs that started, 99th percentile", "시작한 작업의 대기(99%)", "Use|Class|Wait|p99") \
    X(wait_mean,       CLASS, OUTCOME, "h", "wait of jobs that started, mean", "시작한 작업의 대기(평균)", "Use|Class|Wait|Mean") \
    X(wait_all_p50,    CLASS, OUTCOME, "h", "wait of all that came, median; NULL: longer than the horizon tells, as too many wait at its end", "전체 대기(이탈·미시작 포함, 중앙값; 기간 내에 알 수 없으면 NULL)", "Use|Class|Wait of All|p50") \
    X(wait_all_p95,    CLASS, OUTCOME, "h", "wait of all that came, 95th percentile (NULL as above)", "전체 대기(이탈·미시작 포함, 95%)", "Use|Class|Wait of All|p95") \
    X(wait_all_p99,    CLASS, OUTCOME, "h", "wait of all that came, 99th percentile (NULL as above)", "전체 대기(이탈·미시작 포함, 99%)", "Use|Class|Wait of All|p99") \
    X(slowdown_p50,    CLASS, OUTCOME, "1", "bounded slowdown of jobs that are done, median", "지연 배율(중앙값)", "Use|Class|Slowdown|p50") \
    X(slowdown_p95,    CLASS, OUTCOME, "1", "bounded slowdown of jobs that are done, 95th percentile", "지연 배율(95%)", "Use|Class|Slowdown|p95") \
    X(slowdown_p99,    CLASS, OUTCOME, "1", "bounded slowdown of jobs that are done, 99th percentile", "지연 배율(99%)", "Use|Class|Slowdown|p99") \
    X(service_wanted,  SERVICE, OUTCOME, "GPU", "whole replicas wanted at the target load, time average", "필요 GPU(기준 사용률, 시간 평균)", "Use|Service|Wanted") \
    X(service_peak,    SERVICE, OUTCOME, "GPU", "whole replicas wanted at the target load, the most", "필요 GPU(최대)", "Use|Service|Peak") \
    X(service_given,   SERVICE, OUTCOME, "GPU", "in replicas that have their GPUs, of relative speed 1, time average", "확보 GPU(relative_speed 1 기준, 시간 평균)", "Use|Service|Given") \
    X(service_held,    SERVICE, OUTCOME, "GPU", "held, time average", "점유 GPU(시간 평균)", "Use|Service|Held") \
    X(service_load,    SERVICE, OUTCOME, "share", "in use, of the GPU-hours held", "점유 GPU의 실사용 비율", "Use|Service|Load") \
    X(service_tokens,  SERVICE, OUTCOME, "1", "tokens served at home", "국내 처리 토큰 수", "Use|Service|Tokens") \
    X(service_home_share, SERVICE, OUTCOME, "share", "tokens served at home, of those asked for", "국내 처리 비율(토큰)", "Use|Service|Served at Home") \
    X(service_served,  SERVICE, OUTCOME, "GPU h", "served at home, in hours of GPUs in full use", "국내 처리량(완전 사용 GPU 시간)", "Use|Service|Served") \
    X(service_offshore, SERVICE, OUTCOME, "GPU h", "served abroad", "해외 처리량", "Use|Service|Offshore") \
    X(service_unserved, SERVICE, OUTCOME, "GPU h", "never served", "미처리량", "Use|Service|Unserved") \
    X(service_too_few, SERVICE, OUTCOME, "GPU h", "not served at home for want of GPUs, or while jobs had still to end on them", "국내 미처리: 수량 부족", "Use|Service|Unmet|Too Few") \
    X(service_wrong_model, SERVICE, OUTCOME, "GPU h", "not served at home beside GPUs of models it cannot run on", "국내 미처리: 모델 불일치", "Use|Service|Unmet|Wrong Model") \
    X(service_starting, SERVICE, OUTCOME, "GPU h", "not served at home while replicas started", "국내 미처리: 복제본 기동 지연", "Use|Service|Unmet|Starting") \
    X(delay,           CAUSE, OUTCOME, "GPU day", "shortfall charged to the cause (delay ledger)", "목표 미달 원인(장·일)", "Delay") \
    X(delay_funding,   GAP, OUTCOME, "GPU day", "of what is charged to funding: what was lacking", "예산 지연의 내역(장·일)", "Delay|Funding") \
    X(reached_contracted, TARGET, OUTCOME, "date", "the target's number first contracted", "목표 수량 계약 시점", "Target|Contracted") \
    X(reached_delivered,  TARGET, OUTCOME, "date", "the target's number first delivered", "목표 수량 납품 시점", "Target|Delivered") \
    X(reached_energised,  TARGET, OUTCOME, "date", "the target's number first energised", "목표 수량 통전 시점", "Target|Energised") \
    X(reached_in_service, TARGET, OUTCOME, "date", "the target's number first in service", "목표 수량 가동 시점", "Target|In Service") \
    X(reached_allocated, TARGET, OUTCOME, "date", "the target's number first allocated to users", "목표 수량 배정 시점", "Target|Allocated") \
    X(met,             TARGET, OUTCOME, "0/1", "reached by the target's date at its own milestone", "기한 내 달성", "Target|Met") \
    X(held,            TARGET, OUTCOME, "0/1", "the number stands on the target's date at its own milestone", "기한일 유지", "Target|Held") \
    X(count_by,        TARGET, OUTCOME, "GPU", "accelerators counted for the target on its date", "기한일 수량", "Target|Count")

/* Causes of delay, in the order that breaks ties: X(id, English, Korean, who can act (en, ko)) -
 * in any nation; a fleet may name its own bodies (fc_fleet). */
#define FC_CAUSE_TABLE(X) \
    X(funding,   "funding",   "예산",   "budget ministry",         "예산당국") \
    X(tender,    "tender",    "공모",   "ministry in charge",      "주관 부처") \
    X(supply,    "supply",    "공급",   "vendors",                 "공급사") \
    X(licence,   "export licence", "수출허가", "exporting government", "수출국 정부") \
    X(permit,    "permits",   "인허가", "local government",        "지방자치단체") \
    X(density,   "rack density", "랙 밀도·냉각", "cloud providers", "클라우드 사업자") \
    X(hosting,   "hosting space", "상면", "cloud providers",     "클라우드 사업자") \
    X(building,  "building",  "구축",   "site developer",          "데이터센터 사업자") \
    X(assessment, "impact assessment", "계통영향평가", "energy ministry", "에너지 당국") \
    X(grid,      "grid",      "전력",   "grid operator and energy ministry", "전력망 운영자·에너지 당국") \
    X(staff,     "installation", "설치", "operator",               "운영사") \
    X(talent,    "operations staff", "운영 인력", "science and education ministries", "과학·교육 당국") \
    X(repair,    "repair",    "수리",   "operator",                "운영사") \
    X(curtailed, "curtailment", "전력 제한", "grid operator and energy ministry", "전력망 운영자·에너지 당국") \
    X(opex,      "running cost", "운영비", "budget ministry",        "예산당국") \
    X(allocation, "allocation", "배정", "science ministry",       "과학기술 당국") \
    X(retired,   "retirement", "이탈",  "programme owner",         "사업 주관기관") \
    X(unplanned, "not planned", "계획 없음", "programme owner",    "사업 주관기관")

/* Why there was no money, parts of the cause `funding` (funding_gap.h): X(id, English, Korean). */
#define FC_GAP_TABLE(X) \
    X(unbudgeted, "not budgeted", "미편성") \
    X(unreleased, "budgeted, not released", "편성 후 미배정") \
    X(lapsed,     "lapsed",       "불용") \
    X(price,      "dearer than reckoned", "단가 상승") \
    X(exchange,   "exchange rate", "환율 상승")

/* Lines of the running cost: X(id, English, Korean). The first eight are the electricity bill. */
#define FC_COST_TABLE(X) \
    X(demand,      "demand charge",        "기본요금") \
    X(energy,      "energy charge",        "전력량요금") \
    X(climate,     "climate surcharge",    "기후환경요금") \
    X(fuel,        "fuel adjustment",      "연료비조정요금") \
    X(adder,       "regional adder",       "지역 가산요금") \
    X(ppa,         "power purchase agreement", "PPA 전력대금") \
    X(fund,        "power industry fund",  "전력산업기반기금") \
    X(vat,         "value-added tax",      "부가가치세") \
    X(colocation,  "colocation",           "상면 임차료") \
    X(maintenance, "maintenance",          "유지보수비") \
    X(licences,    "licences",             "소프트웨어 사용료") \
    X(network,     "network",              "통신비") \
    X(staff,       "staff",                "운영 인건비")
/* clang-format on */

typedef enum fc_cost {
#define FC_X(id, en, ko) FC_COST_##id,
    FC_COST_TABLE(FC_X)
#undef FC_X
        FC_N_COSTS
} fc_cost;
enum { FC_N_ELECTRICITY_COSTS = FC_COST_vat + 1 };

typedef enum fc_metric {
#define FC_X(id, scope, kind, unit, en, ko, iamc) FC_M_##id,
    FC_METRIC_TABLE(FC_X)
#undef FC_X
        FC_N_METRICS
} fc_metric;

typedef enum fc_cause {
#define FC_X(id, en, ko, who_en, who_ko) FC_CAUSE_##id,
    FC_CAUSE_TABLE(FC_X)
#undef FC_X
        FC_N_CAUSES
} fc_cause;

typedef enum fc_gap {
#define FC_X(id, en, ko) FC_GAP_##id,
    FC_GAP_TABLE(FC_X)
#undef FC_X
        FC_N_GAPS
} fc_gap;

typedef enum fc_scope {
    FC_SCOPE_FLEET,
    FC_SCOPE_TARGET,
    FC_SCOPE_CAUSE,
    FC_SCOPE_GAP,
    FC_SCOPE_FISCAL,
    FC_SCOPE_YEAR,
    FC_SCOPE_COST,
    FC_SCOPE_CLASS,
    FC_SCOPE_SERVICE,
} fc_scope;
typedef enum fc_metric_kind { FC_KIND_SERIES, FC_KIND_OUTCOME } fc_metric_kind;

typedef struct fc_metric_info {
    const char *id;
    fc_scope scope;
    fc_metric_kind kind;
    const char *unit, *en, *ko, *iamc;
} fc_metric_info;

typedef struct fc_cost_info {
    const char *id, *en, *ko;
} fc_cost_info;

typedef struct fc_gap_info {
    const char *id, *en, *ko;
} fc_gap_info;

typedef struct fc_cause_info {
    const char *id, *en, *ko, *who_en, *who_ko;
} fc_cause_info;

/* Who can act on a cause. */
typedef struct fc_body {
    const char *en, *ko;
} fc_body;

/* Whether it is one of demand: of a fleet's users, of a class of them, or of an inference
 * service. */
static inline bool fc_is_demand_metric(int metric)
{
    return metric == FC_M_gpus_allocated ||
           (metric >= FC_M_allocation && metric <= FC_M_service_starting);
}

extern const fc_metric_info fc_metrics[FC_N_METRICS];
extern const fc_cause_info fc_causes[FC_N_CAUSES];
extern const fc_gap_info fc_gaps[FC_N_GAPS];
extern const fc_cost_info fc_costs[FC_N_COSTS];

#endif
