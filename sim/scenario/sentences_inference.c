/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences about inference services. */
#include "scenario/speaker.h"

static void say_scaling(fc_speaker *s, const fc_service *v)
{
    SAY_IF(s, v->replica, "    GPUs of a replica: %s.\n", "    복제본 하나에 %s.\n");
    SAY_IF(s, v->target_load, "    Replicas are added above a load of %s.\n",
           "    복제본을 늘리는 기준 사용률은 %s.\n");
    SAY_IF(s, v->at_least, "    GPUs that it always keeps: %s.\n", "    최소 유지량은 %s.\n");
    if (v->scaling == FC_SCALING_FIXED)
        SAY_PLAIN(s, "    What the day's peak needs is kept all day.\n",
                  "    하루 최대 필요량을 종일 유지한다.\n");
    else
        SAY_PLAIN(s, "    Replicas follow the need; what it leaves is for the pool's jobs.\n",
                  "    필요량에 따라 복제본을 늘리고 줄이며, 남는 GPU는 작업에 내준다.\n");
    SAY_IF(s, v->scale_up_delay, "    A new replica serves after %s.\n",
           "    새 복제본은 %s 뒤에 응답을 시작한다.\n");
    SAY_IF(s, v->scale_down_delay, "    GPUs are given back once fewer have been enough for %s.\n",
           "    필요량이 줄고 %s 지나면 GPU를 내준다.\n");
}

void fc_say_service(fc_speaker *s, const fc_service *v)
{
    const char *pool = v->pool == FC_NONE ? NULL : s->plan->pools[v->pool].name;
    SAY(s, "  - Inference service %1$s%2$s%3$s%4$s: users %5$s.\n",
        "  - 추론 서비스 %1$s%2$s%3$s%4$s: 이용자 %5$s.\n", v->name,
        pool ? (s->ko ? "(배분 몫 " : " (pool ") : "", pool ? pool : "", pool ? ")" : "",
        fc_words_param(&s->w, v->users));
    SAY(s, "    Tokens for each of them: %1$s%3$s; tokens that a GPU generates: %2$s.\n",
        "    이용자당 토큰은 %1$s%3$s, GPU 한 장이 생성하는 토큰은 %2$s.\n",
        fc_words_param(&s->w, v->tokens_per_user), fc_words_param(&s->w, v->tokens_per_gpu),
        fc_profile_words(s, v->hours, v->days));
    for (uint32_t i = 0; i < v->relative_speed.n; i++)
        SAY(s, "    Against that, a GPU of %1$s generates: times %2$s.\n",
            "    %1$s 한 장의 생성량(그 배수)은 %2$s.\n",
            s->plan->accelerators[v->relative_speed.model[i]].name,
            fc_words_param(&s->w, v->relative_speed.factor[i]));
    say_scaling(s, v);
    if (v->models.n)
        SAY(s, "    It can run on %s only.\n", "    실행할 수 있는 모델은 %s.\n",
            fc_speaker_refs(s, &v->models, FC_ENTITY_ACCELERATOR));
    if (v->overflow == FC_OVERFLOW_OFFSHORE)
        SAY_PLAIN(s, "    What is not served at home is served abroad.\n",
                  "    국내에서 처리하지 못한 것은 해외에서 처리한다.\n");
    else
        SAY_PLAIN(s, "    What is not served at home is not served.\n",
                  "    국내에서 처리하지 못한 것은 처리되지 않는다.\n");
    SAY_IF(s, v->offshore_price, "    Rent abroad: %s.\n", "    해외 임차 단가는 %s.\n");
}
