/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/document_hint.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "scenario/text_check.h"

/* --- single characters -------------------------------------------------------------------- */

typedef enum role {
    ANYWHERE, /* no business in a plain text: full-width signs of an input method, odd spaces */
    AT_START, /* harmless inside a text, a slip where one begins: smart quotes, brackets */
    IF_BROKEN /* a likely cause only where YAML has already failed */
} role;

static const struct {
    uint32_t first, last;
    const char *ascii; /* what to type; NULL: nothing, it cannot be seen */
    role role;
} lookalikes[] = {
    {0xff1a, 0xff1a, ": ", ANYWHERE}, /* full-width colon */
    {0xfe55, 0xfe55, ": ", ANYWHERE}, /* small colon */
    {0xff0c, 0xff0c, ", ", ANYWHERE}, /* full-width comma */
    {0x3000, 0x3000, " ", ANYWHERE},  /* ideographic space */
    {0x00a0, 0x00a0, " ", ANYWHERE},  /* no-break space, from word processors and web pages */
    {0x2000, 0x200a, " ", ANYWHERE},  /* typographic spaces */
    {0x202f, 0x202f, " ", ANYWHERE},
    {0x205f, 0x205f, " ", ANYWHERE},
    {0x00ad, 0x00ad, NULL, ANYWHERE}, /* soft hyphen */
    {0x200b, 0x200f, NULL, ANYWHERE}, /* zero width, direction marks */
    {0x202a, 0x202e, NULL, ANYWHERE},
    {0x2060, 0x2069, NULL, ANYWHERE},
    {0x201c, 0x201f, "\"", AT_START}, /* double quotation marks */
    {0xff02, 0xff02, "\"", AT_START},
    {0x2018, 0x2018, "'", AT_START}, /* not U+2019, as in ’30년 */
    {0xff07, 0xff07, "'", AT_START},
    {0xff5b, 0xff5b, "{", AT_START},
    {0xff3b, 0xff3b, "[", AT_START},
    {0xff03, 0xff03, "#", AT_START},
    {0xff0d, 0xff0d, "-", AT_START},
    {0x2013, 0x2014, "-", AT_START}, /* dashes that autocorrection makes of list marks */
    {0xff5d, 0xff5d, "}", IF_BROKEN},
    {0xff3d, 0xff3d, "]", IF_BROKEN},
};

/* Reports the character of `length` bytes at `at` if it is a lookalike in a role up to `most`. */
static int check_character(uint32_t code, const char *at, size_t length, role most, bool starts,
                           const fc_place *where, fc_diag *diag)
{
    for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++) {
        if (code < lookalikes[i].first || code > lookalikes[i].last) continue;
        role found = lookalikes[i].role;
        if (found > most || (found == AT_START && !starts)) return FC_OK;
        if (!lookalikes[i].ascii) return fc_text_control(code, where, diag);
        char shown[24];
        if (lookalikes[i].ascii[0] == ' ')
            snprintf(shown, sizeof shown, "U+%04X", (unsigned)code);
        else
            snprintf(shown, sizeof shown, "'%.*s' (U+%04X)", (int)length, at, (unsigned)code);
        return fc_fail(diag, FC_E_TEXT_CHARACTER, where, shown, lookalikes[i].ascii, NULL);
    }
    return FC_OK;
}

/* --- key:value without the space ---------------------------------------------------------- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || (c & 0x80);
}

/* Is `gpus:18000` what [at, end) begins with? Not `12:30`, not `https://`. Returns the colon. */
static const char *missing_space(const char *at, const char *end)
{
    if (at == end || !is_word(*at) || isdigit((unsigned char)*at) || *at == '-') return NULL;
    while (at < end && is_word(*at)) at++;
    if (end - at < 2 || *at != ':' || strchr(" \t\r\n/:", at[1])) return NULL;
    return at;
}

static int report_missing_space(const char *at, const char *colon, const char *end,
                                const fc_place *where, fc_diag *diag)
{
    char shown[FC_SHOWN], better[FC_SHOWN];
    fc_text read = FC_TEXT_EMPTY, write = FC_TEXT_EMPTY;
    const char *stop = colon;
    while (stop < end && !strchr(" \t\r\n,]}", *stop)) stop++;
    fc_text_addn(&read, at, (size_t)(stop - at));
    fc_text_addn(&write, at, (size_t)(colon + 1 - at));
    fc_text_add(&write, " ");
    fc_text_addn(&write, colon + 1, (size_t)(stop - colon - 1));
    int ret = FC_E_NOMEM;
    if (!fc_text_failed(&read) && !fc_text_failed(&write)) {
        fc_text_show(shown, sizeof shown, read.data);
        fc_text_show(better, sizeof better, write.data);
        ret = fc_fail(diag, FC_E_TEXT_COLON, where, shown, better, NULL);
    }
    fc_text_free(&read);
    fc_text_free(&write);
    return ret;
}

/* --- one line ------------------------------------------------------------------------------ */

int fc_hint_line(const char *line, const char *end, fc_place where, fc_diag *diag)
{
    bool starts = true; /* a text may begin here */
    bool indent = true; /* ... and it would be the line's first, so a key */
    char quote = 0;
    for (const char *at = line; at < end; where.column++) {
        const char *from = at;
        uint32_t code = fc_text_decode(&at, end);
        if (quote) {
            if (code == (unsigned char)quote) quote = 0;
            continue;
        }
        if (starts && (code == '"' || code == '\'')) {
            quote = (char)code;
            starts = indent = false;
            continue;
        }
        if (code == '#' && (from == line || from[-1] == ' ')) return FC_OK;
        const char *colon = indent ? missing_space(from, end) : NULL;
        if (colon) return report_missing_space(from, colon, end, &where, diag);
        int ret = code < 0x80 ? FC_OK
                              : check_character(code, from, (size_t)(at - from), IF_BROKEN, starts,
                                                &where, diag);
        if (ret) return ret;
        bool mark = code < 0x80 && strchr("-:,[{?", (int)code);
        if (code != ' ') indent = indent && code == '-';
        if (code != ' ') starts = mark;
    }
    return FC_OK;
}

/* --- what libyaml accepted ---------------------------------------------------------------- */

const char *fc_source_at(fc_source *source, size_t index)
{
    if (index < source->index) source->index = source->byte = 0;
    const char *at = source->bytes + source->byte, *end = source->bytes + source->length;
    for (; source->index < index && at < end; source->index++) fc_text_decode(&at, end);
    source->byte = (size_t)(at - source->bytes);
    return at;
}

static bool ends_line(const char *at, const char *end)
{
    return *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] != '\n'));
}

int fc_hint_plain(fc_source *source, size_t start, size_t end_index, fc_place where, bool as_key,
                  fc_diag *diag)
{
    if (start == end_index) return FC_OK;
    const char *begin = fc_source_at(source, start), *end = fc_source_at(source, end_index);
    bool indent = as_key; /* nothing but spaces since the line began */
    for (const char *at = begin; at < end;) {
        const char *colon = indent && *at != ' ' ? missing_space(at, end) : NULL;
        if (colon) return report_missing_space(at, colon, end, &where, diag);
        if (*at != ' ') indent = false;
        if (ends_line(at, end)) {
            where.line++;
            where.column = 0;
            indent = true;
        }
        const char *from = at;
        uint32_t code = fc_text_decode(&at, end);
        size_t length = (size_t)(at - from);
        int ret = code < 0x80
                      ? FC_OK
                      : check_character(code, from, length, AT_START, from == begin, &where, diag);
        if (ret) return ret;
        where.column++;
    }
    return FC_OK;
}

static size_t digits(const char *text)
{
    size_t n = 0;
    while (isdigit((unsigned char)text[n])) n++;
    return n;
}

static size_t characters(const char *utf8)
{
    size_t n = 0;
    for (; *utf8; utf8++) n += ((unsigned char)*utf8 & 0xc0) != 0x80;
    return n;
}

static bool is_plain(const fc_node *node)
{
    return node->kind == FC_NODE_SCALAR && !node->quoted;
}

/* Were `18` and `000` written as 18,000? One to three digits, a comma at once, three digits. */
static bool is_cut(const fc_node *left, const fc_node *right)
{
    if (!is_plain(left) || !is_plain(right) || left->line != right->line) return false;
    if ((size_t)right->column != (size_t)left->column + characters(left->text) + 1) return false;
    size_t tail = 0;
    while (tail < left->length && isdigit((unsigned char)left->text[left->length - 1 - tail]))
        tail++;
    return tail >= 1 && tail <= 3 && digits(right->text) == 3;
}

static int report_cut(const fc_node *const *parts, size_t count, fc_diag *diag)
{
    fc_text read = FC_TEXT_EMPTY, write = FC_TEXT_EMPTY;
    char shown[FC_SHOWN], better[FC_SHOWN];
    for (size_t i = 0; i < count; i++) {
        if (i) fc_text_add(&read, ",");
        fc_text_add(&read, parts[i]->text);
        fc_text_add(&write, parts[i]->text);
    }
    int ret = FC_E_NOMEM;
    if (!fc_text_failed(&read) && !fc_text_failed(&write)) {
        fc_place where = fc_node_place(parts[0], NULL);
        fc_text_show(shown, sizeof shown, read.data);
        fc_text_show(better, sizeof better, write.data);
        ret = fc_fail(diag, FC_E_TEXT_COMMA, &where, shown, better, NULL);
    }
    fc_text_free(&read);
    fc_text_free(&write);
    return ret;
}

static bool is_nothing(const fc_node *node)
{
    return is_plain(node) && !node->length;
}

/* {gpus: 1,460,000} reaches us as gpus: 1, 460: nothing, 000: nothing. */
static int hint_flow_map(const fc_node *const *children, size_t count, fc_diag *diag)
{
    int first = FC_OK;
    for (size_t key = 0, parts; key < count; key += 2 * parts) {
        parts = 1;
        if (!is_nothing(children[key + 1])) {
            /* children[key + 1], then the keys after it as long as they continue the number. */
            const fc_node *left = children[key + 1];
            for (size_t next = key + 2; next < count; next += 2, parts++) {
                if (!is_nothing(children[next + 1]) || !is_cut(left, children[next])) break;
                left = children[next];
            }
            if (parts == 1) continue;
            const fc_node *number[8] = {children[key + 1]}; /* more is no number */
            size_t shown = parts < 8 ? parts : 8;
            for (size_t i = 1; i < shown; i++) number[i] = children[key + 2 * i];
            int ret = report_cut(number, shown, diag);
            if (!first) first = ret;
        } else if (is_plain(children[key])) {
            const char *text = children[key]->text, *end = text + children[key]->length;
            const char *colon = missing_space(text, end);
            fc_place where = fc_node_place(children[key], NULL);
            int ret = colon ? report_missing_space(text, colon, end, &where, diag) : FC_OK;
            if (!first) first = ret;
        }
    }
    return first;
}

/* In a list 100,200 may well be two numbers; 18,000 is not 18 and 000. */
static int hint_flow_sequence(const fc_node *const *items, size_t count, fc_diag *diag)
{
    int first = FC_OK;
    for (size_t i = 1; i < count; i++) {
        if (!is_cut(items[i - 1], items[i]) || items[i]->text[0] != '0') continue;
        size_t start = i - 1;
        while (start > 0 && i - start < 8 && is_cut(items[start - 1], items[start])) start--;
        while (i + 1 < count && is_cut(items[i], items[i + 1])) i++;
        int ret = report_cut(items + start, i - start + 1, diag);
        if (!first) first = ret;
    }
    return first;
}

int fc_hint_flow(const fc_node *const *children, size_t count, bool map, fc_diag *diag)
{
    return map ? hint_flow_map(children, count, diag) : hint_flow_sequence(children, count, diag);
}
