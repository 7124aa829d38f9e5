/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Korean particles (josa), which take their form from the sound before them: 예산은, 정책이,
 * 서울로, 30,000장을. Hangul is read by its final consonant; digits as they are said (6 육, 10 십,
 * 100 백, 1만 만); capital letters by their names (GPU 지피유); other Latin words by their last
 * letters, which is a guess (l, m, n, ng end in a consonant). What stands in parentheses at the end
 * is passed over, as in speech: 한국(KR)은.
 */
#ifndef FC_BASE_JOSA_H
#define FC_BASE_JOSA_H

#include "base/text.h"

typedef enum fc_josa {
    FC_JOSA_EUN,  /* 은, 는 */
    FC_JOSA_I,    /* 이, 가 */
    FC_JOSA_EUL,  /* 을, 를 */
    FC_JOSA_GWA,  /* 과, 와 */
    FC_JOSA_EURO, /* 으로, 로 (로 after a final ㄹ too) */
    FC_JOSA_IRA,  /* 이라, 라 */
} fc_josa;

/* The form that fits after `word`: a constant. The form after a vowel where nothing is to be
 * heard. */
const char *fc_josa_of(const char *word, fc_josa josa);
/* Appends the form that fits what was written last. */
void fc_text_add_josa(fc_text *out, fc_josa josa);

#endif
