/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lines of a text file, plain or gzip (told apart by its first bytes), read in blocks. A line
 * lies in the reader's own buffer: it may be changed, and lives until the next one is asked for.
 */
#ifndef FC_TRACE_LINES_H
#define FC_TRACE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "fleetcast/error.h"

enum { FC_LINES_LONGEST = 1 << 18 }; /* bytes of a line, its end not counted */

typedef struct fc_lines fc_lines;

typedef struct fc_line {
    char *text; /* a NUL stands in place of the line's end, and FC_FIELD_PADDING bytes may be read
                 * behind it; NULL: there are no more lines */
    size_t length;
    uint64_t number; /* from 1 */
    bool crlf;       /* it ended in CR LF, which is cut off */
} fc_line;

/* E_FILE_OPEN (a message is added), E_NOMEM. */
int fc_lines_open(const char *path, fc_diag *diag, fc_lines **out);
/* Over bytes in memory, which must live as long; they are not changed. */
int fc_lines_open_memory(const void *bytes, size_t size, fc_lines **out);
void fc_lines_close(fc_lines *lines);

/* The next line. Nothing is added to a diag; line->number says where. Errors:
 *   E_TRACE_LONG  this line is longer than FC_LINES_LONGEST and is passed over: reading goes on;
 *   E_TRACE_GZIP  the compressed data end early or are damaged: what was whole came before, and
 *                 the next call finds the end;
 *   E_FILE_OPEN   the system cannot read on (errno). */
int fc_lines_next(fc_lines *lines, fc_line *line);
/* Gives the last line once more. Only once, and only behind a line. */
void fc_lines_again(fc_lines *lines);

/* Bytes of the file read so far, and in all; 0 in all where nobody knows (a pipe). */
uint64_t fc_lines_read(const fc_lines *lines);
uint64_t fc_lines_size(const fc_lines *lines);

#endif
