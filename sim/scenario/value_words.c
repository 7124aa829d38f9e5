/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/value_words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/josa.h"
#include "scenario/key_text.h"
#include "scenario/quantity.h"

/* ---- putting words together ------------------------------------------------------------------ */

const char *fc_words_take(fc_words *w, fc_text *text)
{
    const char *out = fc_text_failed(text)
                          ? NULL
                          : fc_arena_strndup(w->arena, text->data ? text->data : "", text->length);
    fc_text_free(text);
    if (!out) w->failed = true;
    return out ? out : "";
}

const char *fc_words_format(fc_words *w, const char *format, ...)
{
    char buffer[512];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(buffer, sizeof buffer, format, list);
    va_end(list);
    if (length >= 0 && (size_t)length < sizeof buffer) {
        const char *out = fc_arena_strdup(w->arena, buffer);
        if (!out) w->failed = true;
        return out ? out : "";
    }
    char *out = length < 0 ? NULL : fc_arena_alloc(w->arena, (size_t)length + 1);
    if (!out) {
        w->failed = true;
        return "";
    }
    va_start(list, format);
    vsnprintf(out, (size_t)length + 1, format, list);
    va_end(list);
    return out;
}

const char *fc_words_list(fc_words *w, const char *const *items, size_t count)
{
    fc_text text = FC_TEXT_EMPTY;
    for (size_t i = 0; i < count; i++) {
        bool last = i > 0 && i + 1 == count && w->lang == FC_LANG_EN;
        fc_text_printf(&text, "%s%s", i == 0 ? "" : last ? " and " : ", ", items[i]);
    }
    return fc_words_take(w, &text);
}

/* ---- what a value measures ------------------------------------------------------------------- */

typedef struct measure {
    fc_unit_want want;
    double least;               /* the key's own lower limit */
    const char *const *choices; /* names that stand for 0, 1, ...; NULL: none */
    bool flat;                  /* before its first date what it is then, not 0 */
    const char *currency;       /* of money */
    const char *occasion[2];    /* what draws anew where it varies: en, ko */
} measure;

/* The row of a parameter's path; a path has no quoted names (names are checked). */
static const fc_key *row_of(const char *path, const fc_section **section)
{
    char copy[1024];
    const char *names[FC_TREE_DEPTH];
    size_t depth = 0;
    if (strlen(path) >= sizeof copy) return NULL;
    strcpy(copy, path);
    char *rest;
    for (char *at = strtok_r(copy, ".", &rest); at && depth < FC_TREE_DEPTH;
         at = strtok_r(NULL, ".", &rest))
        names[depth++] = at;
    return fc_key_at(names, depth, section);
}

/* The price of a tariff, of terms or of running cost that the parameter is; NULL: of none. */
static const fc_price *among(const fc_price *const *prices, size_t n, fc_param param)
{
    for (size_t i = 0; i < n; i++)
        if (prices[i]->value == param) return prices[i];
    return NULL;
}

static const fc_price *price_of_terms(const fc_terms *t, fc_param param)
{
    const fc_price *const prices[] = {&t->adder, &t->ppa_price, &t->colocation};
    return among(prices, sizeof prices / sizeof *prices, param);
}

static const fc_price *price_of(const fc_plan *plan, fc_param param)
{
    const fc_price *found = NULL;
    for (uint32_t i = 0; i < plan->n_tariffs && !found; i++) {
        const fc_tariff *t = &plan->tariffs[i];
        const fc_price *const prices[] = {&t->energy, &t->demand, &t->climate, &t->fuel};
        found = among(prices, sizeof prices / sizeof *prices, param);
        for (int s = 0; s < FC_N_SEASONS; s++)
            for (int p = 0; p < FC_N_PERIODS && !found; p++)
                if (t->season[s].price[p].value == param) found = &t->season[s].price[p];
    }
    for (uint32_t i = 0; i < plan->n_fleets && !found; i++) {
        const fc_running_cost *r = &plan->fleets[i].running;
        const fc_price *const prices[] = {&r->licences, &r->network, &r->staff, &r->arrears_limit};
        found = among(prices, sizeof prices / sizeof *prices, param);
        if (!found) found = price_of_terms(&plan->fleets[i].terms, param);
    }
    for (uint32_t i = 0; i < plan->n_sites && !found; i++)
        found = price_of_terms(&plan->sites[i].terms, param);
    return found;
}

static const char *currency_of(const fc_plan *plan, fc_param param)
{
    const fc_price *price = price_of(plan, param);
    if (price) return plan->currencies[price->currency].code;
    for (uint32_t i = 0; i < plan->n_budgets; i++) {
        const fc_budget *b = &plan->budgets[i];
        if (param == b->amount || param == b->bill || param == b->requested ||
            param == b->ahead.ceiling)
            return plan->currencies[b->currency].code;
    }
    for (uint32_t i = 0; i < plan->n_sites; i++)
        if (plan->sites[i].cost == param)
            return plan->currencies[plan->sites[i].cost_currency].code;
    for (uint32_t i = 0; i < plan->n_programmes; i++) {
        const fc_programme *p = &plan->programmes[i];
        if (p->price == param) return plan->currencies[p->price_currency].code;
        if (p->term.cost == param) return plan->currencies[p->term.cost_currency].code;
    }
    for (uint32_t i = 0; i < plan->n_classes; i++)
        if (plan->classes[i].offshore_price == param)
            return plan->currencies[plan->classes[i].offshore_currency].code;
    for (uint32_t i = 0; i < plan->n_services; i++)
        if (plan->services[i].offshore_price == param)
            return plan->currencies[plan->services[i].offshore_currency].code;
    for (uint32_t i = 0; i < plan->n_calls; i++)
        if (plan->calls[i].price == param)
            return plan->currencies[plan->calls[i].price_currency].code;
    for (uint32_t i = 0; i < plan->n_accelerators; i++)
        if (plan->accelerators[i].price == param)
            return plan->currencies[plan->accelerators[i].price_currency].code;
    for (uint32_t i = 0; i < plan->n_currencies; i++)
        if (plan->currencies[i].per_usd == param) return plan->currencies[i].code;
    return "";
}

static measure measure_of(const fc_plan *plan, fc_param param)
{
    static const struct {
        const char *section, *key, *en, *ko; /* key NULL: every other of the section */
    } occasions[] = {{"accelerator", NULL, "each lot", "발주분마다"},
                     {"programme", NULL, "each lot", "발주분마다"},
                     {"programme.term", NULL, "each lot", "발주분마다"},
                     {"phase", NULL, "each phase", "단계마다"},
                     {"upkeep", NULL, "each failure", "고장마다"},
                     {"programme.tender", NULL, "each review or call", "공모마다"},
                     {"export_rule", NULL, "each lot", "발주분마다"},
                     {"site.grid", NULL, "each phase", "단계마다"},
                     {"site.grid.assessment", NULL, "each attempt", "신청마다"},
                     {"grid_rule", NULL, "each attempt", "신청마다"},
                     {"class", "duration", "each job", "작업마다"},
                     {"class", "estimate", "each job", "작업마다"},
                     {"class", "use", "each project", "과제마다"},
                     {"class", NULL, "each one", "건마다"},
                     {"call", "review", "each round", "회차마다"},
                     {"call", NULL, "each grant", "과제마다"},
                     {"grant_jobs", "arrivals", "each project", "과제마다"},
                     {"grant_jobs", NULL, "each job", "작업마다"}};
    const fc_section *section = NULL;
    const fc_key *key = row_of(plan->params[param].path, &section);
    measure m = {.want = {.dim = FC_DIM_NUMBER}, .currency = "", .occasion = {"each time", "매번"}};
    if (!key) return m;
    m.want = key->want;
    m.least = key->min;
    m.choices = key->choices;
    m.flat = fc_key_flat_before(key);
    m.currency = currency_of(plan, param);
    for (size_t i = 0; i < sizeof occasions / sizeof *occasions; i++)
        if (strcmp(section->id, occasions[i].section) == 0 &&
            (!occasions[i].key || strcmp(key->name, occasions[i].key) == 0)) {
            m.occasion[0] = occasions[i].en;
            m.occasion[1] = occasions[i].ko;
            break;
        }
    return m;
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* Rates and exchange rates are averages of long decimals: three figures say more. */
static fc_figures figures_of(fc_dim dim)
{
    return dim == FC_DIM_RATE || dim == FC_DIM_EXCHANGE ? FC_FIGURES_SHORT : FC_FIGURES_EXACT;
}

static const char *number(fc_words *w, const measure *m, double x, fc_figures figures)
{
    if (!isfinite(x)) return ""; /* a bound that is not there */
    if (m->choices) return m->choices[(size_t)x];
    fc_quantity q = {.value = x, .dim = m->want.dim, .item = m->want.item};
    if (m->want.dim == FC_DIM_DATE) q.value = floor(x / FC_DAY) + (double)w->plan->epoch.start_day;
    snprintf(q.currency, sizeof q.currency, "%s", m->currency);
    if (m->want.per_currency)
        snprintf(q.per_currency, sizeof q.per_currency, "%s", m->want.per_currency);
    q.last = q.value;
    fc_text text = FC_TEXT_EMPTY;
    fc_quantity_format(&q, figures, w->lang, &text);
    return fc_words_take(w, &text);
}

const char *fc_words_date(fc_words *w, double time)
{
    return number(w, &(measure){.want = {.dim = FC_DIM_DATE}, .currency = ""}, time,
                  FC_FIGURES_EXACT);
}

const char *fc_words_count(fc_words *w, double count)
{
    return number(w, &(measure){.want = {.dim = FC_DIM_NUMBER}, .currency = ""}, count,
                  FC_FIGURES_EXACT);
}

static const char *share(fc_words *w, double x)
{
    return number(w, &(measure){.want = {.dim = FC_DIM_SHARE}, .currency = ""}, x,
                  FC_FIGURES_SHORT);
}

/* ---- distributions --------------------------------------------------------------------------- */

static const char *value(fc_words *w, const measure *m, uint32_t index, bool inner);

/* "6 months (40 %) or 12 months (60 %)" */
static const char *discrete(fc_words *w, const measure *m, const fc_distribution *d)
{
    fc_text text = FC_TEXT_EMPTY;
    for (size_t i = 0; i < d->count; i++) {
        double p = d->tail[i] - (i + 1 < d->count ? d->tail[i + 1] : 0);
        const char *between = i == 0                  ? ""
                              : i + 1 < d->count      ? ", "
                              : w->lang == FC_LANG_KO ? " 또는 "
                                                      : " or ";
        fc_text_printf(&text, w->lang == FC_LANG_KO ? "%s%s(%s)" : "%s%s (%s)", between,
                       number(w, m, d->value[i], figures_of(m->want.dim)), share(w, p));
    }
    return fc_words_take(w, &text);
}

static const char *empirical(fc_words *w, const measure *m, const fc_distribution *d)
{
    bool ko = w->lang == FC_LANG_KO;
    const char *low = number(w, m, d->value[0], figures_of(m->want.dim));
    const char *high = number(w, m, d->value[d->count - 1], figures_of(m->want.dim));
    return fc_words_format(w, ko ? "%s~%s(사례 %zu건의 분포" : "%s to %s, as in %zu cases", low,
                           high, d->count);
}

/* A distribution that has no plain words: "gamma (shape 2, scale 5 months)". */
static const char *by_name(fc_words *w, const measure *m, const fc_value *v)
{
    const fc_distribution_form *form = fc_distribution_form_of(v->kind);
    const measure plain = {.want = {.dim = FC_DIM_NUMBER}, .currency = ""};
    fc_text text = FC_TEXT_EMPTY;
    bool ko = w->lang == FC_LANG_KO;
    fc_text_printf(&text, ko ? "%s 분포(" : "%s-distributed: ", form->name);
    for (unsigned i = 0; i < v->n_args; i++) {
        const measure *of = form->parameter[i].has_unit ? m : &plain;
        fc_text_printf(&text, "%s%s %s", i ? ", " : "", form->parameter[i].name,
                       value(w, of, v->args[i], true));
    }
    return fc_words_take(w, &text);
}

/* The words without what tells how it is drawn; in Korean up to the open parenthesis, or without
 * one (*open false). */
static const char *distribution(fc_words *w, const measure *m, const fc_value *v, bool *open)
{
    bool ko = w->lang == FC_LANG_KO;
    const char *a[FC_DIST_MAX_PARAMETERS] = {"", "", "", ""};
    const fc_distribution_form *form = fc_distribution_form_of(v->kind);
    const measure plain = {.want = {.dim = FC_DIM_NUMBER}, .currency = ""};
    for (unsigned i = 0; i < v->n_args; i++) {
        measure of = form->parameter[i].has_unit ? *m : plain;
        of.want.dim = fc_form_parameter_dim(form->parameter[i].name, of.want.dim);
        a[i] = value(w, &of, v->args[i], true);
    }
    *open = true;
    switch (v->kind) {
    case FC_DIST_PERT:
    case FC_DIST_TRIANGULAR:
        return fc_words_format(
            w, ko ? "%1$s~%3$s(가장 유력한 값 %2$s" : "between %1$s and %3$s, most likely %2$s",
            a[0], a[1], a[2]);
    case FC_DIST_NORMAL: {
        /* Below, the key's own limit goes without saying. */
        bool bound = *a[2] && w->plan->values[v->args[2]].number > m->least;
        const char *low = bound ? fc_words_format(w, ko ? ", %s 이상" : ", at least %s", a[2]) : "";
        const char *high = *a[3] ? fc_words_format(w, ko ? ", %s 이하" : ", at most %s", a[3]) : "";
        return fc_words_format(w, ko ? "%s 안팎(표준편차 %s%s%s" : "around %s, give or take %s%s%s",
                               a[0], a[1], low, high);
    }
    case FC_DIST_UNIFORM:
        return fc_words_format(w, ko ? "%s~%s(고른 분포" : "between %s and %s, all as likely", a[0],
                               a[1]);
    case FC_DIST_EXPONENTIAL:
        return fc_words_format(w, ko ? "평균 %s(지수분포" : "%s on average, exponential", a[0]);
    case FC_DIST_USUAL_BAD:
        return fc_words_format(
            w, ko ? "보통 %s(20번에 한 번은 %s 초과" : "usually %s, once in 20 over %s", a[0],
            a[1]);
    case FC_DIST_PASSED_OF:
        return fc_words_format(w,
                               ko ? "%2$s건 중 %1$s건 통과에서 추정한 비율("
                                  : "a share estimated from %s of %s passed",
                               a[0], a[1]);
    case FC_DIST_DISCRETE:
        *open = false;
        return discrete(w, m, v->table);
    case FC_DIST_EMPIRICAL:
        return empirical(w, m, v->table);
    default:
        return by_name(w, m, v);
    }
}

static const char *drawn(fc_words *w, const measure *m, const fc_value *v, bool inner)
{
    bool ko = w->lang == FC_LANG_KO, open, unknown = v->form == FC_FORM_UNKNOWN;
    const char *words = distribution(w, m, v, &open);
    size_t length = strlen(words);
    if (inner) /* an argument of another distribution */
        return fc_words_format(
            w, ko ? (open ? "[%s; 미지수)]" : "[%s(미지수)]") : "[%s, not known]", words);
    const char *how =
        unknown ? (ko ? "미지수, 모의마다 한 번 추첨" : "not known; drawn once a replication")
                : fc_words_format(w, ko ? "%s 다름" : "varies; drawn for %s", m->occasion[ko]);
    if (!ko) return fc_words_format(w, "%s (%s)", words, how);
    const char *mark = !open ? "(" : length && words[length - 1] == '(' ? "" : "; ";
    return fc_words_format(w, "%s%s%s)", words, mark, how);
}

/* ---- calendar paths ---------------------------------------------------------------------------
 */

/* "USD 36,000; USD 31,000 from 2027-07-01 on"; what is 0 before its first date: "4,000 from ...".
 */
static const char *steps(fc_words *w, const measure *m, const fc_value *v)
{
    bool ko = w->lang == FC_LANG_KO;
    fc_text text = FC_TEXT_EMPTY;
    for (uint32_t i = 0; i < v->n_args; i++) {
        const char *x = value(w, m, v->args[i], false);
        bool always = i == 0 && m->flat;
        const char *comma = i ? (ko ? ", " : "; ") : "";
        if (always)
            fc_text_add(&text, x);
        else if (ko)
            fc_text_printf(&text, "%s%s부터 %s", comma, fc_words_date(w, v->times[i]), x);
        else
            fc_text_printf(&text, "%s%s from %s on", comma, x, fc_words_date(w, v->times[i]));
    }
    return fc_words_take(w, &text);
}

static const char *lines(fc_words *w, const measure *m, const fc_value *v)
{
    bool ko = w->lang == FC_LANG_KO;
    fc_text text = FC_TEXT_EMPTY;
    /* The first point of what is flat before its first date only says that. */
    for (uint32_t first = m->flat, i = first; i < v->n_args; i++)
        fc_text_printf(&text, ko ? "%1$s%3$s %2$s" : "%1$s%2$s on %3$s", i > first ? ", " : "",
                       value(w, m, v->args[i], false), fc_words_date(w, v->times[i]));
    fc_text_add(&text, ko ? "(그 사이는 직선)" : ", straight lines between them");
    return fc_words_take(w, &text);
}

static const char *value(fc_words *w, const measure *m, uint32_t index, bool inner)
{
    const fc_value *v = &w->plan->values[index];
    switch (v->form) {
    case FC_FORM_STEP:
        return steps(w, m, v);
    case FC_FORM_LINEAR:
        return lines(w, m, v);
    case FC_FORM_UNKNOWN:
    case FC_FORM_VARIES:
        return drawn(w, m, v, inner);
    default:
        return number(w, m, v->number, figures_of(m->want.dim));
    }
}

/* ---- parameters and changes ------------------------------------------------------------------ */

const char *fc_words_param(fc_words *w, fc_param param)
{
    if (!param) return "";
    measure m = measure_of(w->plan, param);
    return value(w, &m, w->plan->params[param].value, false);
}

bool fc_words_is(const fc_words *w, fc_param param, double x)
{
    if (!param) return false;
    const fc_value *v = &w->plan->values[w->plan->params[param].value];
    return v->form == FC_FORM_NUMBER && v->number == x;
}

const char *fc_words_day(fc_words *w, fc_param param)
{
    const char *words = fc_words_param(w, param);
    if (w->lang == FC_LANG_KO) return words;
    bool plain = w->plan->values[w->plan->params[param].value].form == FC_FORM_NUMBER;
    return fc_words_format(w, plain ? "on %s" : "on a day %s", words);
}

const char *fc_words_change(fc_words *w, const fc_change *change, const char *paths)
{
    bool ko = w->lang == FC_LANG_KO;
    measure m = measure_of(w->plan, change->param);
    if (change->op == FC_SCALE) m = (measure){.want = {.dim = FC_DIM_NUMBER}, .currency = ""};
    if (change->op == FC_ADD && m.want.dim == FC_DIM_DATE)
        m.want = (fc_unit_want){.dim = FC_DIM_DURATION};
    const char *x = value(w, &m, change->value, false);
    switch (change->op) {
    case FC_SET:
        return ko ? fc_words_format(w, "%s 값을 %s%s 바꾼다", paths, x, fc_josa_of(x, FC_JOSA_EURO))
                  : fc_words_format(w, "changes %s to %s", paths, x);
    case FC_SCALE:
        return ko ? fc_words_format(w, "%s 값에 %s%s 곱한다", paths, x, fc_josa_of(x, FC_JOSA_EUL))
                  : fc_words_format(w, "multiplies %s by %s", paths, x);
    default:
        return ko ? fc_words_format(w, "%s 값에 %s%s 더한다", paths, x, fc_josa_of(x, FC_JOSA_EUL))
                  : fc_words_format(w, "adds %2$s to %1$s", paths, x);
    }
}
