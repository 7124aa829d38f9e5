/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences about users and what they ask for. */
#include "jobs/policy.h"
#include "scenario/speaker.h"

static const char *kind_words(const fc_speaker *s, int work)
{
    static const char *const words[][2] = {
        [FC_WORKLOAD_TRAINING] = {"training", "학습"},
        [FC_WORKLOAD_TUNING] = {"fine-tuning", "미세조정"},
        [FC_WORKLOAD_INFERENCE] = {"inference", "추론"},
        [FC_WORKLOAD_RESEARCH] = {"research", "연구"},
    };
    return words[work][s->ko];
}

const char *fc_profile_words(const fc_speaker *s, fc_profile_shares hours, fc_profile_shares days)
{
    if (hours.share && days.share)
        return s->ko ? "(시간대·요일별로 다름)" : ", by hour and weekday";
    if (hours.share) return s->ko ? "(시간대별로 다름)" : ", by hour";
    if (days.share) return s->ko ? "(요일별로 다름)" : ", by weekday";
    return "";
}

static void say_leaving(fc_speaker *s, const fc_user_class *c)
{
    static const char *const words[][2] = {
        [FC_LEAVES_NEVER_RUN] = {"and is never run", "수행되지 않는다"},
        [FC_LEAVES_OFFSHORE] = {"and is run abroad", "해외에서 수행한다"},
        [FC_LEAVES_AT_ARRIVAL] = {"and is run abroad, at once if such a wait is to be expected",
                                  "해외에서 수행한다(예상 대기가 길면 도착 즉시)"},
    };
    if (!c->patience) {
        SAY_PLAIN(s, "    It waits as long as it must.\n", "    시작할 때까지 기다린다.\n");
        return;
    }
    SAY(s,
        c->access == FC_NONE ? "    It leaves if it has not started after %1$s, %2$s.\n"
                             : "    It leaves if it has no grant after %1$s, %2$s.\n",
        "    기다리는 한도는 %1$s. 넘으면 %2$s.\n", fc_words_param(&s->w, c->patience),
        words[c->leaves][s->ko]);
    SAY_IF(s, c->offshore_price, "    Rent abroad: %s.\n", "    해외 임차 단가는 %s.\n");
}

static void say_class(fc_speaker *s, const fc_user_class *c)
{
    const char *pool = c->pool == FC_NONE ? NULL : s->plan->pools[c->pool].name;
    SAY(s, "  - Users %1$s (%2$s%3$s%4$s): %7$s come at a rate of %5$s%6$s.\n",
        "  - 이용자 %1$s(%2$s%3$s%4$s): 도착 %7$s %5$s%6$s.\n", c->name, kind_words(s, c->work),
        pool ? (s->ko ? ", 배분 몫 " : ", pool ") : "", pool ? pool : "",
        fc_words_param(&s->w, c->arrivals), fc_profile_words(s, c->hours, c->days),
        c->access == FC_NONE ? (s->ko ? "작업은" : "jobs") : (s->ko ? "과제는" : "projects"));
    if (c->access != FC_NONE)
        SAY(s, "    They apply to the call %1$s, for %2$s.\n",
            "    신청하는 이용 공모는 %1$s, 신청 수량은 %2$s.\n", s->plan->calls[c->access].name,
            fc_words_param(&s->w, c->gpus));
    else
        SAY(s, "    GPUs of a job: %1$s; it runs for %2$s.\n",
            "    작업당 GPU는 %1$s, 실행 시간은 %2$s.\n", fc_words_param(&s->w, c->gpus),
            fc_words_param(&s->w, c->duration));
    if (c->access != FC_NONE) fc_say_projects(s, c);
    SAY_IF(s, c->estimate, "    The scheduler is told that time multiplied by %s.\n",
           "    스케줄러에 알리는 시간은 실제의 %s배.\n");
    say_leaving(s, c);
    SAY_IF(s, c->checkpoint, "    Its state is saved after each %s of work.\n",
           "    체크포인트 간격은 %s.\n");
    SAY_IF(s, c->priority, "    Its priority is %s.\n", "    우선순위는 %s.\n");
    if (c->models.n)
        SAY(s, "    It can run on %s only.\n", "    실행할 수 있는 모델은 %s.\n",
            fc_speaker_refs(s, &c->models, FC_ENTITY_ACCELERATOR));
    if (c->prefers.n)
        SAY(s, "    It prefers %s.\n", "    먼저 택하는 모델은 %s.\n",
            fc_speaker_refs(s, &c->prefers, FC_ENTITY_ACCELERATOR));
    SAY_IF(s, c->load, "    Of the GPUs it holds, %s are in use.\n",
           "    점유한 GPU의 실사용 비율은 %s.\n");
    SAY_IF(s, c->share, "    Its weight under fair share is %s.\n", "    공정 배분 가중치는 %s.\n");
    SAY_IF(s, c->quota, "    GPUs that it may hold at once under fair share: %s.\n",
           "    공정 배분에서 점유 한도는 %s.\n");
    fc_say_users(s, c);
}

/* Whether jobs of a class wait for its pool, not within grants. */
static bool has_queue(const fc_plan *plan, const fc_demand_spec *d)
{
    for (uint32_t i = 0; i < d->n_classes; i++) {
        if (plan->classes[d->first_class + i].access == FC_NONE) return true;
    }
    return false;
}

void fc_say_demand(fc_speaker *s, const fc_demand_spec *d)
{
    if (d->n_classes + d->n_services == 0) return;
    if (d->detail == FC_DETAIL_FLUID)
        SAY_PLAIN(s, "- Demand is a flow of GPU-hours; what users wait for it is not known.\n",
                  "- 수요는 GPU 시간의 흐름으로 계산하며, 대기 시간은 알 수 없다.\n");
    else if (d->detail == FC_DETAIL_WINDOWS)
        SAY(s,
            "- Demand job by job in windows drawn at random (%1$s in a quarter, each of %2$s), as "
            "a "
            "flow in between; %3$s%4$s.\n",
            "- 수요는 분기마다 무작위로 고른 표본 기간(%1$s개, 각 %2$s)만 작업별로, 나머지는 "
            "흐름으로 계산한다(%3$s%4$s).\n",
            d->windows_a_quarter ? fc_words_param(&s->w, d->windows_a_quarter) : "2",
            d->window_length ? fc_words_param(&s->w, d->window_length)
            : s->ko          ? "14일"
                             : "14 days",
            fc_policy_text(fc_policy_at((unsigned)d->policy), s->w.lang),
            d->placement == FC_PLACEMENT_POOLED ? ""
            : s->ko                             ? "; 서버 단위 배치"
                                                : "; jobs lie in servers");
    else
        SAY(s, "- Demand job by job; %1$s%2$s.\n", "- 수요는 작업별로 계산한다(%1$s%2$s).\n",
            fc_policy_text(fc_policy_at((unsigned)d->policy), s->w.lang),
            d->placement == FC_PLACEMENT_POOLED ? ""
            : s->ko                             ? "; 서버 단위 배치"
                                                : "; jobs lie in servers");
    if (d->detail != FC_DETAIL_JOBS)
        SAY_IF(s, d->packing, "  At most %s of the GPUs can be held at once.\n",
               "  동시에 점유할 수 있는 비율은 %s.\n");
    if (d->detail == FC_DETAIL_FLUID && !d->packing && has_queue(s->plan, d))
        SAY_PLAIN(
            s,
            "  If gangs are large against their pool, what they leave free is learned from jobs.\n",
            "  배분 몫에 견주어 큰 작업이 있으면 그 때문에 남는 GPU를 작업 모의에서 추정한다.\n");
    for (uint32_t i = 0; i < d->n_pools; i++)
        SAY(s, "  - Pool %1$s: %2$s of the running accelerators.\n",
            "  - 배분 몫 %1$s: 가동 가속기 중 %2$s.\n", s->plan->pools[d->first_pool + i].name,
            fc_words_param(&s->w, s->plan->pools[d->first_pool + i].share));
    for (uint32_t i = 0; i < d->n_calls; i++) fc_say_call(s, &s->plan->calls[d->first_call + i]);
    for (uint32_t i = 0; i < d->n_classes; i++) say_class(s, &s->plan->classes[d->first_class + i]);
    for (uint32_t i = 0; i < d->n_services; i++)
        fc_say_service(s, &s->plan->services[d->first_service + i]);
    for (int k = 0; k < FC_N_WORKLOADS; k++)
        if (d->work_per_result[k])
            SAY(s, "  Work of a result, %1$s: times %2$s.\n",
                "  결과당 작업량(%1$s, 배수)은 %2$s.\n", kind_words(s, k),
                fc_words_param(&s->w, d->work_per_result[k]));
    SAY_IF(s, d->rebound, "  Elasticity of arrivals to efficiency (rebound): %s.\n",
           "  효율에 대한 도착 탄력성(반등효과)은 %s.\n");
    if (d->run_work)
        SAY(s, "  Asked about: a training run of %1$s at %2$s of the peak.\n",
            "  소요일을 묻는 학습: %1$s(달성률 %2$s).\n", fc_words_param(&s->w, d->run_work),
            fc_words_param(&s->w, d->run_mfu));
}
