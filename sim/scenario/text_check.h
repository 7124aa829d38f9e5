/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Is this text at all? What must hold of the bytes before YAML is read from them: not too many,
 * UTF-8, no byte order mark, no control characters. Also the small helpers for messages that quote
 * a text.
 */
#ifndef FC_SCENARIO_TEXT_CHECK_H
#define FC_SCENARIO_TEXT_CHECK_H

#include <stddef.h>
#include <stdint.h>
#include "fleetcast/error.h"

/* Checks the bytes of the file `name`. Reports the first problem only (what follows it cannot be
 * trusted): E_DOC_LIMIT, E_TEXT_BOM, E_TEXT_CP949, E_TEXT_UTF8, E_TEXT_CONTROL. */
int fc_text_check(const char *name, const char *bytes, size_t length, fc_diag *diag);

/* Checks UTF-8 made by a parser for characters that only an escape such as "\0" could bring in. */
int fc_text_check_escapes(const char *text, size_t length, const fc_place *where, fc_diag *diag);

/* Reports E_DOC_LIMIT, which names all the limits of document.h. */
int fc_text_limit(const fc_place *where, fc_diag *diag);

/* Reports E_TEXT_CONTROL for a code point. */
int fc_text_control(uint32_t code, const fc_place *where, fc_diag *diag);

/* Decodes the code point at *at (at < end) and steps over it. UINT32_MAX, without a step, where the
 * bytes are not UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
uint32_t fc_text_decode(const char **at, const char *end);

/* Copies a text for quoting in a message, shortened with an ellipsis between characters to fit. */
enum { FC_SHOWN = 72 };
void fc_text_show(char *out, size_t room, const char *text);

#endif
