/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/removal.h"

const fc_removal fc_removals[FC_N_CAUSES] = {
    [FC_CAUSE_funding] = {"the same money is there from the start, and none lapses",
                          "같은 예산이 처음부터 배정되고 불용되지 않음"},
    [FC_CAUSE_tender] = {"orders need no tender", "공모 없이 발주"},
    [FC_CAUSE_supply] = {"every model is on sale and delivered on the day of its order, without "
                         "allotments",
                         "모든 모델이 발주 당일 납품되고 공급사 할당이 없음"},
    [FC_CAUSE_licence] = {"no export rule applies", "수출 규제가 없음"},
    [FC_CAUSE_permit] = {"permits take no time", "인허가에 걸리는 시간이 없음"},
    [FC_CAUSE_density] = {"every hall takes every model",
                          "모든 전산실에 모든 모델을 설치할 수 있음"},
    [FC_CAUSE_hosting] = {"racks are no limit", "랙 수에 제한이 없음"},
    [FC_CAUSE_building] = {"construction takes no time", "건축에 걸리는 시간이 없음"},
    [FC_CAUSE_assessment] = {"no site has to be assessed", "전력계통영향평가를 받지 않음"},
    [FC_CAUSE_grid] = {"notice and connection take no time",
                       "사용예정통지와 접속에 걸리는 시간이 없음"},
    [FC_CAUSE_staff] = {"installation takes no time and no crew",
                        "설치에 걸리는 시간이 없고 설치팀이 필요 없음"},
    [FC_CAUSE_talent] = {"there are enough people", "인력이 충분함"},
    [FC_CAUSE_repair] = {"repairs take no time", "수리에 걸리는 시간이 없음"},
    [FC_CAUSE_curtailed] = {"sites may draw all of their power", "수전용량을 모두 쓸 수 있음"},
    [FC_CAUSE_opex] = {"running cost is paid in full", "운영비를 전액 지급"},
    [FC_CAUSE_allocation] = {"whatever runs is allocated at once", "가동하는 즉시 모두 배정"},
    [FC_CAUSE_retired] = {"nothing that was bought retires", "구매분이 이탈하지 않음"},
};
