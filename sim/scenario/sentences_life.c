/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences about who operates accelerators, how long they serve, and what follows. */
#include "scenario/speaker.h"

static const char *end_words(const fc_speaker *s, int end)
{
    static const char *const words[][2] = {
        [FC_TERM_DISPOSE] = {"they are disposed of", "폐기한다"},
        [FC_TERM_TRANSFER] = {"they go to their operator", "운영사에 이관한다"},
        [FC_TERM_RENEW] = {"the term is renewed", "협약을 연장한다"},
    };
    return words[end][s->ko];
}

static void say_term(fc_speaker *s, const fc_term *t)
{
    if (!t->lasts && !t->ends) return;
    if (t->lasts)
        SAY(s, "  Their term lasts %1$s from commissioning; then %2$s.\n",
            "  협약 기간은 가동부터 %1$s. 종료되면 %2$s.\n", fc_words_param(&s->w, t->lasts),
            end_words(s, t->then));
    else
        SAY(s, "  Their term ends %1$s; then %2$s.\n", "  협약 종료일은 %1$s. 종료되면 %2$s.\n",
            fc_words_day(&s->w, t->ends), end_words(s, t->then));
    if (t->then != FC_TERM_RENEW) return;
    SAY_IF(s, t->renewed, "  Renewed are %s of them.\n", "  연장하는 비율은 %s.\n");
    SAY_IF(s, t->renewal, "  A renewed term lasts %s.\n", "  연장된 기간은 %s.\n");
    SAY_IF(s, t->cost, "  A renewal costs %s each.\n", "  연장 비용은 장당 %s.\n");
    if (t->renewed || t->cost)
        SAY(s, "  Of those that are not renewed: %s.\n", "  연장하지 못한 것은 %s.\n",
            end_words(s, t->otherwise));
}

void fc_say_life(fc_speaker *s, const fc_programme *p)
{
    if (p->owner == FC_OWNER_OPERATOR)
        SAY_PLAIN(s, "  They belong to their operator.\n", "  소유자는 운영사이다.\n");
    SAY_IF(s, p->operator_share, "  The operator keeps %s of them for its own use.\n",
           "  운영사 자체 사용 비율은 %s.\n");
    SAY_IF(s, p->service_life, "  They are retired after a service life of %s.\n",
           "  내용연수는 %s.\n");
    say_term(s, &p->term);
}

void fc_say_refresh(fc_speaker *s, const fc_programme *p)
{
    SAY(s,
        "  It orders as many as leave %s by age or term end, ahead of it, as far as the money "
        "reaches.\n",
        "  노후·협약 종료로 빠지는 수량만큼 예산이 닿는 대로 미리 발주한다(대상 사업은 %s).\n",
        fc_speaker_refs(s, &p->replaces, FC_ENTITY_PROGRAMME));
    SAY_IF(s, p->margin, "  Time kept in hand: %s.\n", "  남겨 두는 여유 기간은 %s.\n");
}
