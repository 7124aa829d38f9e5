/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "report/replay_report.h"
#include "report/words.h"

enum { LABEL = 34, COLUMN = 14, WIDTH = 80 };

void fc_add_duration(fc_text *out, double seconds, fc_lang lang)
{
    static const struct {
        double most, unit;
        const char *en, *ko;
    } units[] = {{120, 1, " s", "초"},
                 {7200, 60, " min", "분"},
                 {172800, 3600, " h", "시간"},
                 {INFINITY, 86400, " days", "일"}};
    size_t i = 0;
    while (seconds >= units[i].most) i++;
    double value = seconds / units[i].unit;
    if (value >= 1000)
        fc_add_whole(out, (int64_t)round(value));
    else
        fc_text_printf(out, "%.*f",
                       value == trunc(value) || value >= 99.95 ? 0
                       : value < 9.995                         ? 2
                                                               : 1,
                       value);
    fc_text_add(out, FC_PICK(lang, units[i].en, units[i].ko));
}

void fc_add_cluster(fc_text *out, const fc_gpu_group *groups, uint32_t n, fc_lang lang)
{
    for (uint32_t i = 0; i < n; i++) {
        const fc_gpu_group *g = &groups[i];
        fc_text_add(out, i ? ", " : "");
        if (g->server_gpus == 0 && lang == FC_LANG_KO) fc_text_add(out, "GPU ");
        if (g->server_gpus && lang == FC_LANG_KO)
            fc_text_printf(out, "GPU %" PRIu32 "장 서버 ", g->server_gpus);
        fc_add_whole(out, g->units);
        if (lang == FC_LANG_KO)
            fc_text_add(out, g->server_gpus ? "대" : "장");
        else if (g->server_gpus)
            fc_text_printf(out, " servers of %" PRIu32 " GPU%s", g->server_gpus,
                           g->server_gpus == 1 ? "" : "s");
        else
            fc_text_add(out, " GPUs");
    }
}

static void add_value(fc_text *out, fc_replay_metric metric, double value, fc_lang lang)
{
    const char *unit = fc_replay_metric_words[metric][1];
    if (isnan(value))
        fc_text_add(out, "-");
    else if (strcmp(unit, "s") == 0)
        fc_add_duration(out, value, lang);
    else if (strcmp(unit, "%") == 0)
        fc_text_printf(out, FC_PICK(lang, "%.1f %%", "%.1f%%"), value);
    else if (value >= 1000 || value == trunc(value))
        fc_add_whole(out, (int64_t)round(value));
    else
        fc_text_printf(out, "%.2f", value);
}

/* A line that says only that nothing of the kind happened is left out. */
static bool is_told(const fc_replay_report *report, fc_replay_metric metric)
{
    bool quiet = metric == FC_REPLAY_jobs_killed || metric == FC_REPLAY_jobs_rejected ||
                 metric == FC_REPLAY_jobs_unfinished || metric == FC_REPLAY_restarts ||
                 metric == FC_REPLAY_gpu_hours_lost || metric == FC_REPLAY_fragmented;
    for (size_t i = 0; i < report->n; i++) {
        double value = report->results[i].metric[metric];
        if (!isnan(value) && !(quiet && value == 0)) return true;
    }
    return false;
}

static void add_table(const fc_replay_report *report, fc_lang lang, fc_text *out)
{
    fc_text cell = FC_TEXT_EMPTY;
    fc_add_cell(out, "", LABEL, false);
    for (size_t i = 0; i < report->n; i++) fc_add_cell(out, report->policies[i], COLUMN, true);
    fc_text_add(out, "\n");
    for (fc_replay_metric m = 0; m < FC_REPLAY_METRICS; m++) {
        if (!is_told(report, m)) continue;
        fc_add_cell(out, fc_replay_metric_words[m][FC_PICK(lang, 2, 3)], LABEL, false);
        for (size_t i = 0; i < report->n; i++) {
            fc_text_clear(&cell);
            add_value(&cell, m, report->results[i].metric[m], lang);
            fc_add_cell(out, cell.data ? cell.data : "", COLUMN, true);
        }
        fc_text_add(out, "\n");
    }
    out->failed |= cell.failed;
    fc_text_free(&cell);
}

static void add_line(fc_text *out, const fc_text *line)
{
    if (line->data) fc_add_wrapped(out, line->data, 2, WIDTH);
    fc_text_add(out, "\n");
    out->failed |= line->failed;
}

/* "Skipped: 5 lines: 3 missing fields (first: line 12), ..." */
static void add_skipped(const fc_trace_counts *counts, fc_lang lang, fc_text *out)
{
    uint64_t all = 0;
    fc_text line = FC_TEXT_EMPTY;
    for (int i = 0; i < FC_TRACE_PROBLEMS; i++)
        if (i != FC_TRACE_LARGE) all += counts->problem[i];
    fc_text_add(&line, FC_PICK(lang, "Skipped: ", "건너뜀: "));
    fc_add_whole(&line, (int64_t)all);
    fc_text_add(&line, FC_PICK(lang, all == 1 ? " line" : " lines", "줄"));
    for (int i = 0, n = 0; i < FC_TRACE_PROBLEMS; i++) {
        if (!counts->problem[i] || i == FC_TRACE_LARGE) continue;
        fc_text_add(&line, n++ ? "; " : ": ");
        if (lang != FC_LANG_KO) fc_add_whole(&line, (int64_t)counts->problem[i]);
        fc_text_printf(&line, FC_PICK(lang, " %s", "%s "), fc_trace_problem_words[i][lang]);
        if (lang == FC_LANG_KO) fc_add_whole(&line, (int64_t)counts->problem[i]);
        fc_text_printf(&line,
                       FC_PICK(lang, " (first: line %" PRIu64 ")", "줄(처음: %" PRIu64 "행)"),
                       counts->first_line[i]);
    }
    if (all) add_line(out, &line);
    fc_text_free(&line);
}

static void add_left_out(const fc_trace_counts *counts, fc_lang lang, fc_text *out)
{
    fc_text line = FC_TEXT_EMPTY;
    int n = 0;
    fc_text_add(&line, FC_PICK(lang, "Left out: ", "제외: "));
    for (int i = 0; i < FC_TRACE_LEFT_OUTS; i++) {
        if (!counts->left_out[i]) continue;
        fc_text_add(&line, n++ ? "; " : "");
        if (lang == FC_LANG_KO) fc_text_printf(&line, "%s ", fc_trace_left_out_words[i][lang]);
        fc_add_whole(&line, (int64_t)counts->left_out[i]);
        if (lang == FC_LANG_KO)
            fc_text_add(&line, "건");
        else
            fc_text_printf(&line, " %s", fc_trace_left_out_words[i][lang]);
    }
    if (n) add_line(out, &line);
    fc_text_free(&line);
}

/* What a reader has to know of how the trace was read: each where it applies. */
static void add_notes(const fc_replay_report *report, fc_lang lang, fc_text *out)
{
    const fc_replay_result *r = &report->results[0];
    const fc_trace_counts *c = &r->counts;
    const struct {
        bool applies;
        uint64_t n;
        const char *en, *ko;
    } notes[] = {
        {strcmp(r->format, "swf") == 0, 0, "a processor of the trace is read as one GPU",
         "트레이스의 프로세서 하나를 GPU 한 장으로 읽음"},
        {!report->exact && r->without_estimate, r->without_estimate,
         "without a requested time: the scheduler is told the run time",
         "건은 요청 시간이 없어 스케줄러에 실제 실행 시간을 알림"},
        {!report->exact && r->too_short, r->too_short, "ran longer than requested",
         "건은 요청 시간보다 오래 실행됨"},
        {c->parts_of_gpu, c->parts_of_gpu, "asked for part of a GPU, given a whole one",
         "건은 GPU 일부만 요청했으나 한 장을 통째로 줌"},
        {c->after_another, c->after_another,
         "waited for another in the trace: here each comes when it was submitted",
         "건은 트레이스에서 다른 작업을 기다렸으나 여기서는 제출 시각에 들어옴"},
        {c->early, c->early, "started before being submitted: the wait in the trace is unknown",
         "건은 제출보다 먼저 시작되어 트레이스의 대기 시간을 모름"},
        {c->same_id, c->same_id, "with an id that came before: the line tells them apart",
         "건은 앞에 나온 작업 번호와 같음(줄 번호로 구별)"},
        {c->sorted, c->sorted, "put in order of submission", "건을 제출 순서로 옮김"},
        {c->crlf, 0, "lines end in CR LF", "줄 끝이 CR LF임"},
    };
    fc_text line = FC_TEXT_EMPTY;
    for (size_t i = 0, n = 0; i < sizeof notes / sizeof *notes; i++) {
        if (!notes[i].applies) continue;
        fc_text_add(&line, n++ ? "; " : FC_PICK(lang, "Note: ", "참고: "));
        if (notes[i].n) fc_add_whole(&line, (int64_t)notes[i].n);
        if (notes[i].n && lang != FC_LANG_KO)
            fc_text_add(&line, notes[i].n == 1 ? " job " : " jobs ");
        fc_text_add(&line, FC_PICK(lang, notes[i].en, notes[i].ko));
    }
    if (line.length) add_line(out, &line);
    fc_text_free(&line);
}

static void add_fleet(fc_text *out, const fc_replay_fleet_told *f, fc_lang lang)
{
    fc_text_printf(out,
                   FC_PICK(lang, "%s of %s from %s on, replication %" PRIu32 ": ",
                           "%s(%s), %s부터, 모의 %" PRIu32 "번: "),
                   f->title[lang], f->scenario, f->from, f->replication);
    if (lang == FC_LANG_KO) fc_text_add(out, "GPU ");
    fc_add_whole(out, f->least);
    if (f->most > f->least) {
        fc_text_add(out, FC_PICK(lang, " to ", "~"));
        fc_add_whole(out, f->most);
    }
    fc_text_add(out, FC_PICK(lang, " GPUs", "장"));
}

void fc_replay_text(const fc_replay_report *report, fc_lang lang, fc_text *out)
{
    const fc_replay_result *r = &report->results[0];
    fc_text line = FC_TEXT_EMPTY;
    fc_gpu_group pool = {.units = (uint32_t)r->gpus};
    fc_text_printf(&line, FC_PICK(lang, "REPLAY %s (%s) on ", "【재현】 %s(%s) | "), report->trace,
                   r->format);
    if (report->fleet)
        add_fleet(&line, report->fleet, lang);
    else if (report->group_count)
        fc_add_cluster(&line, report->groups, report->group_count, lang);
    else
        fc_add_cluster(&line, &pool, 1, lang);
    add_line(out, &line);
    fc_text_free(&line);
    add_table(report, lang, out);
    fc_text_add(out, "\n");
    fc_text_add(&line, FC_PICK(lang, "Read: ", "읽음: "));
    fc_add_whole(&line, (int64_t)r->counts.lines);
    fc_text_add(&line, FC_PICK(lang, " lines, ", "줄, 작업 "));
    fc_add_whole(&line, (int64_t)r->counts.jobs);
    fc_text_add(&line, FC_PICK(lang, " jobs", "건"));
    add_line(out, &line);
    fc_text_free(&line);
    add_skipped(&r->counts, lang, out);
    add_left_out(&r->counts, lang, out);
    add_notes(report, lang, out);
}
