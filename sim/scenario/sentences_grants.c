/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences about calls, and about what users do with what they are granted. */
#include "scenario/speaker.h"

void fc_say_call(fc_speaker *s, const fc_call *c)
{
    const char *pool = c->pool == FC_NONE ? NULL : s->plan->pools[c->pool].name;
    const char *before = pool ? (s->ko ? "(배분 몫 " : " (pool ") : "";
    const char *after = pool ? fc_words_format(&s->w, "%s)", pool) : "";
    if (c->n_rounds > 0)
        SAY(s, "  - Call %1$s%2$s%3$s: rounds with a date, %4$u in all, from %5$s to %6$s.\n",
            "  - 이용 공모 %1$s%2$s%3$s: 날짜를 정한 회차 %4$u개, 접수 마감 %5$s~%6$s.\n", c->name,
            before, after, (unsigned)c->n_rounds, fc_words_date(&s->w, c->rounds[0] - FC_DAY),
            fc_words_date(&s->w, c->rounds[c->n_rounds - 1] - FC_DAY));
    else
        SAY(s, "  - Call %1$s%2$s%3$s: rounds close on %4$s and every %5$s from then on.\n",
            "  - 이용 공모 %1$s%2$s%3$s: 첫 접수 마감은 %4$s, 이후 간격은 %5$s.\n", c->name, before,
            after, fc_words_param(&s->w, c->closes), fc_words_param(&s->w, c->every));
    if (c->models.n)
        SAY(s, "    It gives out %s.\n", "    나누는 모델은 %s.\n",
            fc_speaker_refs(s, &c->models, FC_ENTITY_ACCELERATOR));
    SAY_IF(s, c->review, "    The decision follows after a review of %s.\n",
           "    심사 기간은 %s.\n");
    SAY(s, "    A grant lasts %s; who gets none applies again in the next round.\n",
        "    배정 기간은 %s. 배정받지 못한 과제는 다음 회차에 다시 신청한다.\n",
        fc_words_param(&s->w, c->term));
    SAY_IF(s, c->quota, "    GPUs of a round: %s at most.\n", "    회차당 배정 한도는 %s.\n");
    SAY_IF(s, c->share, "    GPUs of a round: %s of the pool's at most.\n",
           "    회차당 배정 한도는 배분 몫의 %s.\n");
    SAY_IF(s, c->cap, "    GPUs of a project: %s at most.\n", "    과제당 상한은 %s.\n");
    if (c->order == FC_CALL_SCORE)
        SAY_PLAIN(s, "    The highest priority comes first, equal ones by lot.\n",
                  "    우선순위가 높은 과제부터, 같으면 추첨으로 배정한다.\n");
    else
        SAY_PLAIN(s, "    Who applied first comes first.\n", "    신청 순서대로 배정한다.\n");
    SAY_IF(s, c->regional_bonus,
           "    Projects outside the capital region have %s added to their priority.\n",
           "    비수도권 과제의 가점은 %s.\n");
    if (c->co_payment)
        SAY(s, "    A project pays %1$s of %2$s.\n", "    자부담은 %2$s의 %1$s.\n",
            fc_words_param(&s->w, c->co_payment), fc_words_param(&s->w, c->price));
    if (c->reclaim_every)
        SAY(s, "    Every %1$s a grant used below %2$s is taken back.\n",
            "    점검 주기는 %1$s, 사용률이 %2$s 미만인 배정은 회수한다.\n",
            fc_words_param(&s->w, c->reclaim_every), fc_words_param(&s->w, c->reclaim_below));
}

void fc_say_projects(fc_speaker *s, const fc_user_class *c)
{
    if (c->jobs.arrivals) {
        SAY(s, "    On its grant jobs come at a rate of %s, first come, first served.\n",
            "    배정받은 GPU에서 도착 순서대로 돌리는 작업은 과제당 %s.\n",
            fc_words_param(&s->w, c->jobs.arrivals));
        SAY(s, "    GPUs of such a job: %1$s; it runs for %2$s.\n",
            "    그 작업의 GPU는 %1$s, 실행 시간은 %2$s.\n", fc_words_param(&s->w, c->jobs.gpus),
            fc_words_param(&s->w, c->jobs.duration));
        SAY_IF(s, c->jobs.checkpoint, "    Its state is saved after each %s of work.\n",
               "    체크포인트 간격은 %s.\n");
    } else if (c->use) {
        SAY(s, "    It uses %s of the time it is granted.\n",
            "    배정 시간 중 실제로 쓰는 비율은 %s.\n", fc_words_param(&s->w, c->use));
    } else {
        SAY_PLAIN(s, "    It uses all that it is granted.\n", "    배정받은 만큼 모두 쓴다.\n");
    }
}

void fc_say_users(fc_speaker *s, const fc_user_class *c)
{
    if (c->region == FC_REGION_CAPITAL)
        SAY_PLAIN(s, "    They are in the capital region.\n", "    수도권 이용자이다.\n");
    if (c->region == FC_REGION_NON_CAPITAL)
        SAY_PLAIN(s, "    They are outside the capital region.\n", "    비수도권 이용자이다.\n");
    if (c->users == 0) return;
    SAY(s, "    Users: %lld", "    이용자는 %lld곳", (long long)c->users);
    if (c->skew)
        SAY(s, ", the u-th of whom has a share that goes as u to the power of -%s",
            ", 몫은 순위의 -%s제곱에 비례", fc_words_param(&s->w, c->skew));
    fc_text_add(s->out, ".\n");
}
