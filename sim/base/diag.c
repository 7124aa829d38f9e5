/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleetcast/error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/text.h"

enum { MAX_ENTRIES = 200, MAX_ARGS = 6, MAX_BYTES = 2000 };

typedef struct entry {
    int code;
    fc_place place;
    const char *args[MAX_ARGS];
} entry;

struct fc_diag {
    fc_arena *arena;
    entry *entries; /* MAX_ENTRIES, in the arena */
    size_t size, errors, warnings;
    int first;
};

static const struct {
    int number;
    const char *en, *ko;
} table[] = {
#define FC_X(name, number, en, ko) {number, en, ko},
    FC_ERROR_TABLE(FC_X)
#undef FC_X
};

enum {
#define FC_X(name, number, en, ko) ROW_##name,
    FC_ERROR_TABLE(FC_X)
#undef FC_X
};

/* A switch: two errors of one number do not compile. */
static int find(int code)
{
    switch (code) {
#define FC_X(name, number, en, ko)                                                                 \
    case number:                                                                                   \
        return ROW_##name;
        FC_ERROR_TABLE(FC_X)
#undef FC_X
    default:
        return -1;
    }
}

const char *fc_error_text(int code, fc_lang lang)
{
    int i = find(code);
    if (i < 0) return lang == FC_LANG_KO ? "알 수 없는 오류" : "unknown error";
    return lang == FC_LANG_KO ? table[i].ko : table[i].en;
}

int fc_exit_code(int code)
{
    if (code == FC_OK || code >= 900) return 0;
    if (code >= 700 && code < 800) return 3; /* experiments: 3xx is full */
    return code >= 100 ? code / 100 : 1;
}

fc_diag *fc_diag_create(void)
{
    fc_diag *diag = calloc(1, sizeof *diag);
    if (!diag) return NULL;
    diag->arena = fc_arena_create();
    if (diag->arena) diag->entries = fc_arena_array(diag->arena, MAX_ENTRIES, sizeof(entry));
    if (!diag->entries) {
        fc_diag_free(diag);
        return NULL;
    }
    return diag;
}

void fc_diag_free(fc_diag *diag)
{
    if (!diag) return;
    fc_arena_free(diag->arena);
    free(diag);
}

void fc_diag_clear(fc_diag *diag)
{
    if (!diag) return;
    /* The texts stay in the arena until the list is freed. */
    diag->size = diag->errors = diag->warnings = 0;
    diag->first = FC_OK;
}

/* A copy; of a text too long for a message its beginning, up to a whole UTF-8 character. */
static const char *keep(fc_diag *diag, const char *text)
{
    if (!text) return NULL;
    size_t length = strnlen(text, MAX_BYTES + 1);
    bool whole = length <= MAX_BYTES;
    if (!whole)
        while (((unsigned char)text[--length] & 0xc0) == 0x80) continue;
    return fc_arena_printf(diag->arena, "%.*s%s", (int)length, text, whole ? "" : "…");
}

static void add(fc_diag *diag, int code, const fc_place *place, va_list args)
{
    if (!diag) return;
    if (code >= 900)
        diag->warnings++;
    else {
        diag->errors++;
        if (!diag->first) diag->first = code;
    }
    if (diag->size == MAX_ENTRIES) return;
    entry *e = &diag->entries[diag->size++];
    *e = (entry){.code = code};
    if (place) {
        e->place = *place;
        e->place.file = keep(diag, place->file);
        e->place.path = keep(diag, place->path);
    }
    for (int i = 0; i < MAX_ARGS; i++) {
        const char *arg = va_arg(args, const char *);
        if (!arg) break;
        e->args[i] = keep(diag, arg);
    }
}

int(fc_fail)(fc_diag *diag, int code, const fc_place *place, ...)
{
    va_list args;
    va_start(args, place);
    add(diag, code, place, args);
    va_end(args);
    return code;
}

int fc_warn(fc_diag *diag, int code, const fc_place *place, ...)
{
    va_list args;
    va_start(args, place);
    add(diag, code, place, args);
    va_end(args);
    return FC_OK;
}

size_t fc_diag_errors(const fc_diag *diag)
{
    return diag ? diag->errors : 0;
}

size_t fc_diag_warnings(const fc_diag *diag)
{
    return diag ? diag->warnings : 0;
}

size_t fc_diag_size(const fc_diag *diag)
{
    return diag ? diag->size : 0;
}

int fc_diag_code(const fc_diag *diag, size_t i)
{
    return diag && i < diag->size ? diag->entries[i].code : FC_OK;
}

fc_place fc_diag_place(const fc_diag *diag, size_t i)
{
    return diag && i < diag->size ? diag->entries[i].place : (fc_place){0};
}

int fc_diag_first(const fc_diag *diag)
{
    return diag ? diag->first : FC_OK;
}

static void add_sentence(fc_text *out, const entry *e, fc_lang lang)
{
    for (const char *p = fc_error_text(e->code, lang); *p; p++) {
        int n =
            p[0] == '{' && p[1] >= '1' && p[1] <= '0' + MAX_ARGS && p[2] == '}' ? p[1] - '1' : -1;
        if (n < 0) {
            fc_text_addn(out, p, 1);
            continue;
        }
        if (e->args[n]) fc_text_add_in(out, e->args[n], lang);
        p += 2;
    }
}

char *fc_diag_sentence(const fc_diag *diag, size_t i, fc_lang lang)
{
    if (!diag || i >= diag->size) return NULL;
    fc_text out = FC_TEXT_EMPTY;
    add_sentence(&out, &diag->entries[i], lang);
    return fc_text_take(&out);
}

char *fc_diag_text(const fc_diag *diag, size_t i, fc_lang lang)
{
    if (!diag || i >= diag->size) return NULL;
    const entry *e = &diag->entries[i];
    fc_text out = FC_TEXT_EMPTY;
    if (e->place.file) {
        fc_text_add(&out, e->place.file);
        if (e->place.line > 0) fc_text_printf(&out, ":%d", e->place.line);
        if (e->place.line > 0 && e->place.column > 0) fc_text_printf(&out, ":%d", e->place.column);
        fc_text_add(&out, ": ");
    }
    if (e->place.path && *e->place.path) fc_text_printf(&out, "%s: ", e->place.path);
    add_sentence(&out, e, lang);
    fc_text_printf(&out, " [%c%03d]", e->code >= 900 ? 'W' : 'E', e->code);
    return fc_text_take(&out);
}
