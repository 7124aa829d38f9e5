/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The keys of experiment files. */
#include "scenario/experiment_file.h"

#define AT(type, field) offsetof(type, field)

static const char *const kinds[] = {"grid",  "one_at_a_time", "list", "latin_hypercube",
                                    "sobol", "monte_carlo",   NULL};

static const fc_key design_keys[] = {
    {.name = "kind",
     .type = FC_K_CHOICE,
     .required = true,
     .choices = kinds,
     .offset = AT(fc_experiment_design, kind),
     .en = "how the points are chosen",
     .ko = "설계점을 고르는 방법"},
    {.name = "points",
     .type = FC_K_WHOLE,
     .min = 1,
     .max = 1e6,
     .offset = AT(fc_experiment_design, points),
     .en = "how many, of sampled designs (latin_hypercube, sobol, monte_carlo)",
     .ko = "표본 설계(latin_hypercube, sobol, monte_carlo)의 설계점 수"},
    {.name = "shifts",
     .type = FC_K_WHOLE,
     .fallback = "16",
     .min = 16,
     .max = 1000,
     .offset = AT(fc_experiment_design, shifts),
     .en = "sobol: independent random shifts of the sequence, from whose spread the error is told; "
           "points is a multiple of them, best a power of 2 (2, 4, 8, ...) of each",
     .ko = "sobol: 수열의 독립 무작위 이동 횟수(그 차이로 오차를 추정); points는 이 수의 배수이며, "
           "이동마다 2의 거듭제곱(2, 4, 8, ...) 개가 가장 좋음"},
    {.name = "file",
     .type = FC_K_TEXT,
     .offset = AT(fc_experiment_design, file),
     .en = "list: a CSV file, one column a factor and one line a point, from this file's folder",
     .ko = "list: 요인마다 한 열, 설계점마다 한 줄인 CSV 파일; 이 파일의 폴더 기준"},
    {0},
};

static const fc_section design_section = {
    .id = "experiment.design",
    .keys = design_keys,
    .size = sizeof(fc_experiment_design),
    .en = "the points at which the experiment looks",
    .ko = "실험의 설계점",
};

static const fc_key factor_keys[] = {
    {.name = "key",
     .type = FC_K_TEXT,
     .required = true,
     .offset = AT(fc_factor, key),
     .en = "path or selector of what is changed, as in --set",
     .ko = "바꿀 키의 경로나 선택자; --set과 같음"},
    {.name = "values",
     .type = FC_K_ANYS,
     .en = "grid, one_at_a_time: what it is set to, one after the other",
     .ko = "grid, one_at_a_time: 차례로 넣을 값"},
    {.name = "range",
     .type = FC_K_ANY,
     .en = "sampled designs: a distribution in place of the scenario's, such as {low: , high: }; "
           "left out: the scenario's own unknowns there",
     .ko = "표본 설계: 시나리오의 분포 대신 쓸 분포, 예: {low: , high: }; 없으면 시나리오의 미지수 "
           "그대로"},
    {0},
};

static const fc_section factor_section = {
    .id = "experiment.factor",
    .entity = FC_ENTITY_DRIVER, /* checks the name */
    .keys = factor_keys,
    .size = sizeof(fc_factor),
    .en = "something that differs from point to point",
    .ko = "설계점마다 다른 것",
};

static const fc_key experiment_keys[] = {
    {.name = "fleetcast_experiment",
     .type = FC_K_WHOLE,
     .required = true,
     .min = 1,
     .max = 1,
     .offset = AT(fc_experiment_file, version),
     .en = "version of the experiment language: 1",
     .ko = "실험 언어 판: 1"},
    {.name = "title",
     .type = FC_K_TEXTS,
     .offset = AT(fc_experiment_file, title),
     .en = "one line that names the experiment",
     .ko = "실험 제목 한 줄"},
    {.name = "description",
     .type = FC_K_TEXTS,
     .offset = AT(fc_experiment_file, description),
     .en = "what it is to find out",
     .ko = "무엇을 알아보려는지"},
    {.name = "scenarios",
     .type = FC_K_NAMES,
     .required = true,
     .en = "scenario files, from this file's folder",
     .ko = "시나리오 파일; 이 파일의 폴더 기준"},
    {.name = "policies",
     .type = FC_K_NAMES,
     .en =
         "policies to put in force, each with each scenario: a name, several joined by +, or none",
     .ko = "시나리오마다 시행할 정책: 이름, +로 이은 이름들, 또는 none"},
    {.name = "design",
     .type = FC_K_SECTION,
     .required = true,
     .section = &design_section,
     .offset = AT(fc_experiment_file, design),
     .en = "the points at which the experiment looks",
     .ko = "실험의 설계점"},
    {.name = "factors",
     .type = FC_K_NAMED,
     .section = &factor_section,
     .en = "what differs from point to point; left out in a sampled design: all unknowns",
     .ko = "설계점마다 다른 것; 표본 설계에서 생략하면 모든 미지수"},
    {.name = "replications",
     .type = FC_K_WHOLE,
     .min = 1,
     .max = 1e7,
     .offset = AT(fc_experiment_file, replications),
     .en = "how many futures a point; left out: as the scenario says, in a sampled design 1",
     .ko = "설계점마다 모의 반복 횟수; 생략하면 시나리오대로, 표본 설계에서는 1"},
    {.name = "seed",
     .type = FC_K_WHOLE,
     .min = 0,
     .max = 9007199254740991.0,
     .offset = AT(fc_experiment_file, seed),
     .en = "seed of the design and of all random streams; left out: as the scenario says, of the "
           "design 1",
     .ko = "설계와 모든 난수의 시드; 생략하면 시나리오대로, 설계는 1"},
    {.name = "precision",
     .type = FC_K_TEXT,
     .offset = AT(fc_experiment_file, precision),
     .en =
         "how precise each point's result is to be, as --precision; replications is then the most",
     .ko = "설계점마다 도달할 정밀도; --precision과 같으며 이때 replications는 상한"},
    {0},
};

const fc_section fc_section_experiment = {
    .id = "experiment",
    .keys = experiment_keys,
    .size = sizeof(fc_experiment_file),
    .en = "the experiment file",
    .ko = "실험 파일",
};
