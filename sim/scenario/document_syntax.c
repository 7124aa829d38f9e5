/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/document_hint.h"

#include <stdio.h>
#include <string.h>
#include "scenario/text_check.h"

enum { LINES_BACK = 20 }; /* how far above the place where libyaml stopped the slip is looked for */

typedef enum cause {
    NO_KEY,   /* a line that should be `key: value` */
    NO_ITEM,  /* a line that should be `- value` */
    NO_COLON, /* the same as NO_KEY, found only after the line's end */
    COLON,    /* a second `: ` in a line, or a deeper line under a value */
    NO_COMMA, /* inside brackets */
    WORD,     /* something that cannot stand where it stands */
    SIGN,     /* a sign at the beginning of a text, which then fails */
    OPEN,     /* a quote without its end */
    ESCAPE,   /* "C:\data" */
    TAG,
} cause;

/* libyaml 0.2.5's messages; either part may be NULL for any. Others are quoted as they are. */
static const struct {
    const char *context, *problem;
    cause cause;
} causes[] = {
    {"while scanning an alias", NULL, SIGN},
    {"while scanning an anchor", NULL, SIGN},
    {"while scanning a block scalar", NULL, SIGN},
    {"while scanning a directive", NULL, SIGN},
    {"while scanning a %YAML directive", NULL, SIGN},
    {"while scanning a %TAG directive", NULL, SIGN},
    {"while scanning a tag", NULL, TAG},
    {"while parsing a tag", NULL, TAG},
    {NULL, "found undefined tag handle", TAG},
    {NULL, "could not find expected ':'", NO_COLON},
    {NULL, "did not find expected key", NO_KEY},
    {NULL, "did not find expected <document start>", NO_KEY},
    {NULL, "did not find expected '-' indicator", NO_ITEM},
    {NULL, "mapping values are not allowed in this context", COLON},
    {NULL, "block sequence entries are not allowed in this context", WORD},
    {NULL, "mapping keys are not allowed in this context", WORD},
    {NULL, "found character that cannot start any token", WORD},
    {NULL, "did not find expected node content", WORD},
    {NULL, "did not find expected ',' or ']'", NO_COMMA},
    {NULL, "did not find expected ',' or '}'", NO_COMMA},
    {"while scanning a quoted scalar", "found unexpected end of stream", OPEN},
    {"while scanning a quoted scalar", "found unexpected document indicator", OPEN},
    {"while parsing a quoted scalar", "found unknown escape character", ESCAPE},
};

/* Where libyaml stopped, in bytes. */
typedef struct spot {
    const char *at, *line, *text; /* the place, its line's first byte and first non-space */
    const char *begin, *end;      /* of everything */
    fc_place where;
} spot;

static const char *line_start(const char *begin, const char *at)
{
    while (at > begin && at[-1] != '\n' && at[-1] != '\r') at--;
    return at;
}

static const char *line_end(const char *at, const char *end)
{
    while (at < end && *at != '\n' && *at != '\r') at++;
    return at;
}

/* libyaml ends a text on a line of its own. People see it end after its last word. */
static void find_end(spot *s)
{
    while (s->end > s->begin && strchr(" \t\r\n", s->end[-1])) s->end--;
    s->where.line = s->where.column = 1;
    for (const char *at = s->begin; at < s->end; s->where.column++) {
        bool breaks = *at == '\n' || (*at == '\r' && at[1] != '\n'); /* never the last byte */
        fc_text_decode(&at, s->end);
        if (!breaks) continue;
        s->where.line++;
        s->where.column = 0;
    }
    s->at = s->end;
}

static spot find_spot(fc_source *source, yaml_mark_t mark)
{
    spot s = {.begin = source->bytes, .end = source->bytes + source->length};
    s.at = fc_source_at(source, mark.index);
    s.where = (fc_place){source->name, (int)mark.line + 1, (int)mark.column + 1, NULL};
    if (s.at == s.end) find_end(&s);
    s.line = line_start(s.begin, s.at);
    s.text = s.line;
    while (s.text < s.end && (*s.text == ' ' || *s.text == '\t')) s.text++;
    return s;
}

static int report_tab(const spot *s, fc_diag *diag)
{
    const char *tab = memchr(s->line, '\t', (size_t)(s->text - s->line));
    if (!tab) return FC_OK;
    fc_place where = s->where;
    where.column = (int)(tab - s->line) + 1;
    return fc_fail(diag, FC_E_TEXT_TAB, &where, NULL);
}

/* Looks at the lines from the last event to the failure for a slip that explains it. */
static int report_slip(const spot *s, const char *from, fc_diag *diag)
{
    const char *line = s->line;
    int number = s->where.line;
    for (int i = 0; i < LINES_BACK && line > from && line > s->begin; i++, number--) {
        const char *before = line - 1; /* the line end before this line, one byte or \r\n */
        if (before > s->begin && *before == '\n' && before[-1] == '\r') before--;
        line = line_start(s->begin, before);
    }
    for (; number <= s->where.line; number++) {
        const char *end = line_end(line, s->end);
        int ret = fc_hint_line(line, end, (fc_place){s->where.file, number, 1, NULL}, diag);
        if (ret) return ret;
        line = end;
        if (line < s->end) line += *line == '\r' && line + 1 < s->end && line[1] == '\n' ? 2 : 1;
    }
    return FC_OK;
}

static int report_unclosed(const spot *s, char sign, int line, int column, fc_diag *diag)
{
    const char shown[] = {sign, '\0'};
    char line_text[16], column_text[16];
    snprintf(line_text, sizeof line_text, "%d", line);
    snprintf(column_text, sizeof column_text, "%d", column);
    return fc_fail(diag, FC_E_TEXT_UNCLOSED, &s->where, shown, line_text, column_text, NULL);
}

/* Quotes what stands there: a sign, or a word up to where it visibly ends. */
static int report_word(const spot *s, fc_diag *diag)
{
    const char *stop = s->at;
    while (stop < s->end && !strchr(" \t\r\n,:[]{}\"'", *stop)) stop++;
    if (stop == s->at && stop < s->end) stop++;
    char word[256], shown[FC_SHOWN];
    snprintf(word, sizeof word, "%.*s", (int)(stop - s->at < 255 ? stop - s->at : 255), s->at);
    fc_text_show(shown, sizeof shown, word);
    return fc_fail(diag, FC_E_TEXT_QUOTE, &s->where, shown, NULL);
}

static int report_line(const spot *s, const char *expected, fc_diag *diag)
{
    if (s->at != s->text) return report_word(s, diag);
    return fc_fail(diag, FC_E_TEXT_INDENT, &s->where, expected, NULL);
}

static int report_colon(const spot *s, fc_diag *diag)
{
    spot first = *s;
    first.at = s->text;
    first.where.column = (int)(s->text - s->line) + 1;
    for (const char *at = s->line; at + 1 < s->at; at++)
        if (at[0] == ':' && at[1] == ' ') return report_word(s, diag);
    return report_line(&first, "key: value", diag);
}

static cause find_cause(const yaml_parser_t *parser, bool *known)
{
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        const char *context = causes[i].context, *problem = causes[i].problem;
        if (context && (!parser->context || strcmp(parser->context, context) != 0)) continue;
        if (problem && (!parser->problem || strcmp(parser->problem, problem) != 0)) continue;
        *known = true;
        return causes[i].cause;
    }
    *known = false;
    return WORD;
}

static int report_cause(cause why, const spot *problem, const spot *context, const fc_node *open,
                        fc_diag *diag)
{
    switch (why) {
    case NO_KEY:
        return report_line(problem, "key: value", diag);
    case NO_ITEM:
        return report_line(problem, "- value", diag);
    case NO_COLON:
        return report_line(context, "key: value", diag);
    case COLON:
        return report_colon(problem, diag);
    case SIGN:
        return report_word(context, diag);
    case OPEN:
        return report_unclosed(problem, *context->at, context->where.line, context->where.column,
                               diag);
    case ESCAPE:
        return fc_fail(diag, FC_E_TEXT_CHARACTER, &problem->where, "'\\'", "\\\\", NULL);
    case TAG:
        return fc_fail(diag, FC_E_DOC_FEATURE, &context->where, "!", NULL);
    case NO_COMMA:
    case WORD:
        break;
    }
    /* `{a: b: c}` holds a word too many; a bracket left open swallows the lines below it. */
    bool breaks = problem->at == problem->text || problem->at == problem->end;
    if (open && (why == NO_COMMA || breaks) &&
        (problem->where.line > open->line || problem->at == problem->end || *problem->at != ':'))
        return report_unclosed(problem, open->kind == FC_NODE_MAP ? '{' : '[', open->line,
                               open->column, diag);
    return report_word(problem, diag);
}

int fc_hint_syntax(const yaml_parser_t *parser, fc_source *source, yaml_mark_t last,
                   const fc_node *open, fc_diag *diag)
{
    if (parser->error == YAML_MEMORY_ERROR) return FC_E_NOMEM;
    spot problem = find_spot(source, parser->problem_mark);
    spot context = find_spot(source, parser->context ? parser->context_mark : parser->problem_mark);
    const char *from = fc_source_at(source, last.index);
    int ret = report_tab(&problem, diag);
    if (!ret) ret = report_slip(&problem, from < context.at ? from : context.at, diag);
    if (ret) return ret;
    bool known;
    cause why = find_cause(parser, &known);
    if (!known) return fc_fail(diag, FC_E_TEXT_SYNTAX, &problem.where, parser->problem, NULL);
    return report_cause(why, &problem, &context, open, diag);
}
