/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/text_check.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "scenario/document.h"

int fc_text_limit(const fc_place *where, fc_diag *diag)
{
    char bytes[32], depth[16], nodes[16];
    snprintf(bytes, sizeof bytes, "%d MiB", FC_DOCUMENT_BYTES / (1024 * 1024));
    snprintf(depth, sizeof depth, "%d", FC_DOCUMENT_DEPTH);
    snprintf(nodes, sizeof nodes, "%d,%03d", FC_DOCUMENT_NODES / 1000, FC_DOCUMENT_NODES % 1000);
    return fc_fail(diag, FC_E_DOC_LIMIT, where, bytes, depth, nodes, NULL);
}

int fc_text_control(uint32_t code, const fc_place *where, fc_diag *diag)
{
    char shown[16];
    snprintf(shown, sizeof shown, "U+%04X", (unsigned)code);
    return fc_fail(diag, FC_E_TEXT_CONTROL, where, shown, NULL);
}

uint32_t fc_text_decode(const char **at, const char *end)
{
    const unsigned char *p = (const unsigned char *)*at;
    if (*p < 0x80) {
        (*at)++;
        return *p;
    }
    int more = *p >= 0xf5 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc2 ? 1 : 0;
    if (!more || end - *at <= more) return UINT32_MAX;
    uint32_t code = *p & (0x3fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80) return UINT32_MAX;
        code = code << 6 | (p[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return UINT32_MAX;
    *at += more + 1;
    return code;
}

void fc_text_show(char *out, size_t room, const char *text)
{
    static const char ellipsis[] = "…";
    size_t length = strlen(text);
    if (length < room) {
        memcpy(out, text, length + 1);
        return;
    }
    length = room - sizeof ellipsis;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) length--;
    snprintf(out, room, "%.*s%s", (int)length, text, ellipsis);
}

/* Neither YAML nor a terminal should meet these. NEL, LS and PS are line ends to YAML 1.1 and to
 * nobody else, which would make the line numbers lie. */
static bool is_control(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c <= 0x9f) ||
           c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff;
}

int fc_text_check_escapes(const char *text, size_t length, const fc_place *where, fc_diag *diag)
{
    for (const char *at = text, *end = text + length; at < end;) {
        uint32_t code = fc_text_decode(&at, end);
        if (code == UINT32_MAX) return fc_fail(diag, FC_E_TEXT_UTF8, where, "\\x", NULL);
        if (is_control(code)) return fc_text_control(code, where, diag);
    }
    return FC_OK;
}

static const char *byte_order_mark(const char *bytes, size_t length)
{
    static const struct {
        const char *name, *bytes;
        size_t length;
    } marks[] = {{"UTF-8", "\xef\xbb\xbf", 3},
                 {"UTF-32", "\xff\xfe\0\0", 4}, /* before UTF-16, which begins alike */
                 {"UTF-32", "\0\0\xfe\xff", 4},
                 {"UTF-16", "\xff\xfe", 2},
                 {"UTF-16", "\xfe\xff", 2}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (length >= marks[i].length && !memcmp(bytes, marks[i].bytes, marks[i].length))
            return marks[i].name;
    return NULL;
}

/* Are all the bytes CP949? `out` is filled with the beginning of the text, decoded. */
static bool from_cp949(const char *bytes, size_t length, char *out, size_t room)
{
    char scratch[4096], *to = out;
    size_t from_left = length, to_left = room - 1, got = 0;
    char *from = (char *)bytes; /* iconv does not write through it */
    iconv_t converter = iconv_open("UTF-8", "CP949");
    if ((intptr_t)converter == -1) return false;
    got = iconv(converter, &from, &from_left, &to, &to_left);
    *to = '\0';
    while (got == (size_t)-1 && errno == E2BIG) {
        to = scratch;
        to_left = sizeof scratch;
        got = iconv(converter, &from, &from_left, &to, &to_left);
    }
    iconv_close(converter);
    return got != (size_t)-1;
}

/* The first words that are not ASCII, decoded, without what YAML puts around them. */
static void first_words(const char *bytes, size_t length, char *out, size_t room)
{
    const char *from = bytes, *end = bytes + length;
    while (from < end && !((unsigned char)*from & 0x80)) from++;
    from_cp949(from, (size_t)(end - from), out, room);
    out[strcspn(out, "\r\n\t:#,\"'[]{}")] = '\0';
    for (size_t n = strlen(out); n > 0 && out[n - 1] == ' '; n--) out[n - 1] = '\0';
}

static int refuse_encoding(const char *bytes, size_t length, const char *at, const fc_place *where,
                           fc_diag *diag)
{
    char words[FC_SHOWN], byte[8];
    if (from_cp949(bytes, length, words, sizeof words)) {
        first_words(bytes, length, words, sizeof words);
        return fc_fail(diag, FC_E_TEXT_CP949, where, words, NULL);
    }
    snprintf(byte, sizeof byte, "0x%02X", (unsigned char)*at);
    return fc_fail(diag, FC_E_TEXT_UTF8, where, byte, NULL);
}

int fc_text_check(const char *name, const char *bytes, size_t length, fc_diag *diag)
{
    fc_place where = {.file = name};
    if (length > FC_DOCUMENT_BYTES) return fc_text_limit(&where, diag);
    const char *mark = byte_order_mark(bytes, length);
    where.line = where.column = 1;
    if (mark) return fc_fail(diag, FC_E_TEXT_BOM, &where, mark, NULL);
    for (const char *at = bytes, *end = bytes + length; at < end;) {
        uint32_t code = fc_text_decode(&at, end);
        if (code == UINT32_MAX) return refuse_encoding(bytes, length, at, &where, diag);
        if (is_control(code)) return fc_text_control(code, &where, diag);
        if (code == '\n' || (code == '\r' && (at == end || *at != '\n'))) {
            where.line++;
            where.column = 1;
        } else if (code != '\r') {
            where.column++;
        }
    }
    return FC_OK;
}
