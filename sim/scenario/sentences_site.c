/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences about sites, their way to the grid, and the people who install and operate. */
#include <string.h>
#include "scenario/speaker.h"

static void say_assessment(fc_speaker *s, const fc_assessment *a)
{
    SAY_IF(s, a->passed, "  Share of assessments that are passed: %s.\n",
           "  영향평가 통과 비율은 %s.\n");
    SAY_IF(s, a->review, "  An assessment takes %s.\n", "  영향평가 심의 기간은 %s.\n");
    SAY_IF(s, a->retry, "  From a failed assessment to the next: %s.\n",
           "  미통과에서 재신청까지 %s.\n");
}

void fc_say_grid_rule(fc_speaker *s, const fc_grid_rule *r)
{
    static const char *const kinds[][2] = {{"all", "모든 부지"},
                                           {"new", "신축 부지"},
                                           {"existing", "기존 부지"},
                                           {"colocation", "임차 상면"}};
    SAY(s, "- Grid rule %s on %s sites", "- 계통 규칙 %s: 대상은 %s", r->name,
        kinds[r->kind][s->ko]);
    if (r->region) SAY(s, " in the region %s", "(지역 %s)", r->region);
    SAY_IF(s, r->assessment.at_least, " that apply for at least %s", " 가운데 신청 전력 %s 이상");
    if (r->from) SAY(s, ", beginning %s", ", 시행일은 %s", fc_words_day(&s->w, r->from));
    if (r->until) SAY(s, ", ending %s", ", 끝나는 날은 %s", fc_words_day(&s->w, r->until));
    if (r->waived)
        SAY_PLAIN(s, ": no impact assessment is needed.\n", ", 전력계통영향평가는 면제.\n");
    else
        SAY_PLAIN(s, ": an impact assessment must be passed.\n",
                  ", 전력계통영향평가 통과는 의무.\n");
    if (!r->waived) say_assessment(s, &r->assessment);
}

/* Whether a rule may require an assessment of the site. */
static bool is_ruled(const fc_plan *plan, const fc_site *site)
{
    for (uint32_t i = 0; i < plan->n_grid_rules; i++) {
        const fc_grid_rule *r = &plan->grid_rules[i];
        bool here = !r->region || (site->region && strcmp(r->region, site->region) == 0);
        if (!r->waived && here && (r->kind == 0 || r->kind == 1 + site->kind)) return true;
    }
    return false;
}

static void say_phase(fc_speaker *s, const fc_site *site, const fc_phase *p)
{
    bool built = fc_words_is(&s->w, p->build, 0), connected = fc_words_is(&s->w, p->connect, 0);
    bool ready = connected && !site->notice && !site->assessment.review &&
                 !site->assessment.passed && !is_ruled(s->plan, site);
    const char *power = fc_words_param(&s->w, p->power), *start = fc_words_day(&s->w, p->start);
    bool at_once = built && ready && !p->permit;
    if (at_once)
        SAY(s, "  Phase %1$s: %2$s is energised %3$s.\n",
            "  %1$s 단계: 수전용량 %2$s, 통전일은 %3$s.\n", p->name, power, start);
    else
        SAY(s, "  Phase %1$s adds %2$s; works and grid application begin %3$s.\n",
            "  %1$s 단계: 수전용량 %2$s, 공사·전력 신청 시작은 %3$s.\n", p->name, power, start);
    SAY_IF(s, p->cancelled, "    Chance that it never begins: %s.\n",
           "    착수하지 못하고 취소될 확률은 %s.\n");
    if (at_once) return;
    SAY_IF(s, p->permit, "    The permits before the works take %s.\n",
           "    공사 전 인허가 기간은 %s.\n");
    if (!built)
        SAY(s, "    The works take %s.\n", "    공사 기간은 %s.\n",
            fc_words_param(&s->w, p->build));
    if (!connected)
        SAY(s, "    The grid connection takes %s.\n", "    계통 접속 기간은 %s.\n",
            fc_words_param(&s->w, p->connect));
    if (!built && !connected)
        SAY_PLAIN(s, "    It is energised when both are done.\n", "    둘 다 끝나야 통전된다.\n");
}

void fc_say_site(fc_speaker *s, const fc_site *site, const char *title)
{
    SAY(s, "- Site %s: design PUE (supply power for 1 W of IT power) %s.\n",
        "- 부지 %s: 설계 PUE(IT 전력 1W당 수전용량)는 %s.\n", title,
        fc_words_param(&s->w, site->design_pue));
    if (site->kind == FC_SITE_EXISTING)
        SAY_PLAIN(s, "  It is there already.\n", "  기존 시설이다.\n");
    if (site->kind == FC_SITE_COLOCATION)
        SAY_PLAIN(s, "  It is space leased from others.\n", "  임차 상면이다.\n");
    if (site->cooling == FC_HALL_AIR)
        SAY_PLAIN(s, "  It is air-cooled and takes nothing that needs liquid cooling.\n",
                  "  공랭 시설이어서 수랭 장비는 두지 못한다.\n");
    SAY_IF(s, site->racks, "  Racks of its hosting space: %s.\n", "  상면은 %s.\n");
    SAY_IF(s, site->rack_limit, "  One rack takes at most %s.\n", "  랙당 전력 한도는 %s.\n");
    SAY_IF(s, site->available, "  Share of its energised power that may be drawn: %s.\n",
           "  통전된 전력 중 쓸 수 있는 비율은 %s.\n");
    fc_say_terms(s, &site->terms, "  ");
    SAY_IF(s, site->notice, "  The review of a phase's advance notice takes %s.\n",
           "  전기사용예정통지 검토 기간은 %s.\n");
    const fc_assessment *a = &site->assessment;
    if (a->review || a->passed)
        SAY_PLAIN(s, "  Unless a rule waives it, it must pass an impact assessment",
                  "  규칙이 면제하지 않으면 전력계통영향평가를 통과해야 한다");
    else if (a->at_least)
        SAY_PLAIN(s, "  A rule's impact assessment concerns it",
                  "  규칙에 따른 전력계통영향평가를 받는다");
    SAY_IF(s, a->at_least, " if it applies for at least %s", "(신청 전력 %s 이상일 때)");
    if (a->review || a->passed || a->at_least) fc_text_add(s->out, ".\n");
    say_assessment(s, a);
    for (uint32_t i = 0; i < site->n_phases; i++)
        say_phase(s, site, &s->plan->phases[site->first_phase + i]);
}

void fc_say_staff(fc_speaker *s, const fc_staff *f)
{
    SAY_IF(s, f->stock, "- Persons who install and operate, at the start: %s.\n",
           "- 시작 시점의 설치·운영 인력은 %s.\n");
    SAY_IF(s, f->graduates, "- Persons who join from school: %s.\n", "- 졸업 유입 인력은 %s.\n");
    SAY_IF(s, f->training, "- Persons who join by training: %s.\n",
           "- 교육·전환 유입 인력은 %s.\n");
    SAY_IF(s, f->outflow, "- Share of them that leaves: %s.\n", "- 인력 유출 비율은 %s.\n");
    SAY_IF(s, f->needed_per_mw, "- Persons to operate a MW of rated IT power: %s.\n",
           "- 정격 IT 전력 1MW를 운영하는 데 필요한 인원(명)은 %s.\n");
    SAY_IF(s, f->crews, "- Lots that can be installed at once: %s.\n",
           "- 동시에 설치할 수 있는 발주분은 %s건.\n");
    SAY_IF(s, f->crew_size, "- Persons in an installation crew: %s.\n",
           "- 설치팀 한 팀의 인원은 %s.\n");
}
