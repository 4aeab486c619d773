// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/estimate_channel.h"

namespace pado {

inline constexpr int kMaxCombs = 2;
inline constexpr int kMaxEstimateAntennas = 4;

/// The combs that a UE's ports use, ascending.
struct CombUse {
  int count = 0;
  int comb[kMaxCombs] = {};
  int ports[kMaxCombs] = {};
  bool alternating[kMaxCombs] = {};  // its only port's sign alternates: that is taken out with the sequence
};

inline CombUse combs_of(const DmrsShape& shape) {
  CombUse use;
  for (int comb = 0; comb < kMaxCombs; ++comb) {
    int ports = 0;
    bool alternating = false;
    for (int layer = 0; layer < shape.layers; ++layer) {
      if (shape.port[layer].comb != comb) continue;
      ++ports;
      alternating = shape.port[layer].alternating;
    }
    if (ports == 0) continue;
    use.comb[use.count] = comb;
    use.ports[use.count] = ports;
    use.alternating[use.count] = ports == 1 && alternating;
    ++use.count;
  }
  return use;
}

}  // namespace pado
