/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "trace/field.h"

enum { PACKED = 1 << 16 };

/* The end of what can be had, and why. */
typedef enum ending { READING, ENDED, BROKEN } ending;

struct fc_lines {
    int file; /* -1: in memory */
    const unsigned char *memory;
    size_t memory_left;
    uint64_t read, size, number;
    bool gzip, begun, member, again;
    ending ending;
    int error; /* of a BROKEN one: E_TRACE_GZIP or E_FILE_OPEN */
    z_stream stream;
    unsigned char *packed;
    fc_line last;
    char *at, *end; /* what is unpacked and not given yet, in `buffer` */
    char buffer[FC_LINES_LONGEST + 2 + FC_FIELD_PADDING]; /* a line, its end, a NUL */
};

static int make(fc_lines **out)
{
    *out = malloc(sizeof **out);
    if (!*out) return FC_E_NOMEM;
    memset(*out, 0, sizeof **out);
    (*out)->file = -1;
    (*out)->at = (*out)->end = (*out)->buffer;
    return FC_OK;
}

int fc_lines_open(const char *path, fc_diag *diag, fc_lines **out)
{
    struct stat about;
    int ret = make(out);
    if (ret) return fc_fail(diag, ret, NULL, NULL);
    (*out)->file = open(path, O_RDONLY | O_CLOEXEC);
    bool opened = (*out)->file >= 0 && fstat((*out)->file, &about) == 0;
    if (opened && S_ISDIR(about.st_mode)) {
        opened = false;
        errno = EISDIR;
    }
    if (!opened) {
        ret = fc_fail(diag, FC_E_FILE_OPEN, NULL, path, strerror(errno), NULL);
        fc_lines_close(*out);
        *out = NULL;
        return ret;
    }
    if (S_ISREG(about.st_mode)) (*out)->size = (uint64_t)about.st_size;
    posix_fadvise((*out)->file, 0, 0, POSIX_FADV_SEQUENTIAL);
    return FC_OK;
}

int fc_lines_open_memory(const void *bytes, size_t size, fc_lines **out)
{
    int ret = make(out);
    if (ret) return ret;
    (*out)->memory = bytes;
    (*out)->memory_left = (*out)->size = size;
    return FC_OK;
}

void fc_lines_close(fc_lines *lines)
{
    if (!lines) return;
    if (lines->gzip) inflateEnd(&lines->stream);
    if (lines->file >= 0) close(lines->file);
    free(lines->packed);
    free(lines);
}

uint64_t fc_lines_read(const fc_lines *lines)
{
    return lines->read;
}

uint64_t fc_lines_size(const fc_lines *lines)
{
    return lines->size;
}

/* Up to `size` bytes as they lie in the file; 0 at its end or where it cannot be read. */
static size_t read_bytes(fc_lines *lines, void *to, size_t size)
{
    size_t n = 0;
    if (lines->file < 0) {
        n = size < lines->memory_left ? size : lines->memory_left;
        if (n > 0) memcpy(to, lines->memory, n);
        if (n > 0) lines->memory += n;
        lines->memory_left -= n;
    } else {
        ssize_t got;
        do got = read(lines->file, to, size);
        while (got < 0 && errno == EINTR);
        if (got < 0) {
            lines->ending = BROKEN;
            lines->error = FC_E_FILE_OPEN;
        } else {
            n = (size_t)got;
        }
    }
    lines->read += n;
    return n;
}

static void damaged(fc_lines *lines)
{
    lines->ending = BROKEN;
    lines->error = FC_E_TRACE_GZIP;
}

/* Unpacks into [end, end + room). A file may hold several members, one behind the other
 * (RFC 1952, 2.2); zeros behind the last are padding. */
static size_t unpack(fc_lines *lines, size_t room)
{
    z_stream *z = &lines->stream;
    z->next_out = (unsigned char *)lines->end;
    z->avail_out = (unsigned)room;
    while (z->avail_out == room && lines->ending == READING) {
        if (z->avail_in == 0) {
            z->next_in = lines->packed;
            z->avail_in = (unsigned)read_bytes(lines, lines->packed, PACKED);
        }
        if (lines->ending != READING) break;
        if (z->avail_in == 0) {
            if (lines->member)
                damaged(lines);
            else
                lines->ending = ENDED;
            break;
        }
        if (!lines->member) {
            while (z->avail_in > 0 && *z->next_in == 0) z->next_in++, z->avail_in--;
            if (z->avail_in == 0) continue;
            lines->member = true;
        }
        int code = inflate(z, Z_NO_FLUSH);
        if (code == Z_STREAM_END) {
            lines->member = false;
            if (inflateReset(z) != Z_OK) damaged(lines);
        } else if (code != Z_OK) {
            damaged(lines);
        }
    }
    return room - z->avail_out;
}

/* Looks at the first bytes: gzip or plain? Returns an error number. */
static int begin(fc_lines *lines)
{
    size_t n = 0, got;
    lines->begun = true;
    while (n < 2 && (got = read_bytes(lines, lines->buffer + n, FC_LINES_LONGEST - n)) > 0)
        n += got;
    const unsigned char *head = (const unsigned char *)lines->buffer;
    if (n < 2 || head[0] != 0x1f || head[1] != 0x8b) {
        lines->end += n;
        return FC_OK;
    }
    lines->packed = malloc(n > PACKED ? n : PACKED);
    if (!lines->packed) return FC_E_NOMEM;
    enum { GZIP = 16 };
    if (inflateInit2(&lines->stream, MAX_WBITS + GZIP) != Z_OK) return FC_E_NOMEM;
    lines->gzip = true;
    memcpy(lines->packed, lines->buffer, n);
    lines->stream.next_in = lines->packed;
    lines->stream.avail_in = (unsigned)n;
    return FC_OK;
}

/* Brings in more behind what is there; false: there is no more, or no room. */
static bool fill(fc_lines *lines)
{
    size_t left = (size_t)(lines->end - lines->at);
    if (lines->ending != READING) return false;
    memmove(lines->buffer, lines->at, left);
    lines->at = lines->buffer;
    lines->end = lines->buffer + left;
    size_t room = FC_LINES_LONGEST + 1 - left;
    if (room == 0) return false;
    size_t n = lines->gzip ? unpack(lines, room) : read_bytes(lines, lines->end, room);
    if (n == 0 && lines->ending == READING) lines->ending = ENDED;
    lines->end += n;
    return n > 0;
}

/* A line that does not fit: everything up to its end is dropped. */
static int pass_over(fc_lines *lines)
{
    for (;;) {
        char *newline = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
        lines->at = newline ? newline + 1 : lines->end;
        if (newline || !fill(lines)) return FC_E_TRACE_LONG;
    }
}

/* What went wrong comes behind the last whole line, once; half a line before it is dropped. */
static int end(fc_lines *lines)
{
    int ret = lines->ending == BROKEN ? lines->error : FC_OK;
    lines->ending = ENDED;
    lines->at = lines->end;
    return ret;
}

/* Bytes of the mark that some editors put before a text in UTF-8. */
static size_t byte_order_mark(const char *at, const char *end)
{
    return end - at >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

int fc_lines_next(fc_lines *lines, fc_line *line)
{
    *line = (fc_line){.number = lines->number + 1};
    if (lines->again) {
        lines->again = false;
        *line = lines->last;
        return FC_OK;
    }
    int ret = lines->begun ? FC_OK : begin(lines);
    if (ret) return ret;
    char *newline;
    size_t seen = 0;
    while (!(newline = memchr(lines->at + seen, '\n', (size_t)(lines->end - lines->at) - seen))) {
        seen = (size_t)(lines->end - lines->at);
        if (fill(lines)) continue;
        if (lines->ending == BROKEN) return end(lines);
        if (seen > FC_LINES_LONGEST) {
            lines->number++;
            return pass_over(lines);
        }
        if (seen == 0) return end(lines);
        newline = lines->end; /* the last line may lack its end */
        break;
    }
    if (lines->number == 0) lines->at += byte_order_mark(lines->at, newline);
    line->text = lines->at;
    line->length = (size_t)(newline - lines->at);
    line->number = ++lines->number;
    line->crlf = line->length > 0 && newline[-1] == '\r';
    line->length -= line->crlf;
    line->text[line->length] = '\0';
    lines->at = newline < lines->end ? newline + 1 : newline;
    lines->last = *line;
    return FC_OK;
}

void fc_lines_again(fc_lines *lines)
{
    lines->again = true;
}
