// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

// Realistic sizes of each kernel, smallest, odd and largest among them: for its tests and its measurements.
namespace pado::tests {

struct OfdmCase {
  int scs_hz, fft_size, prbs, antennas;
};
inline constexpr std::array kOfdmCases{OfdmCase{15000, 128, 1, 1},    OfdmCase{15000, 128, 10, 4},
                                       OfdmCase{15000, 256, 11, 2},   OfdmCase{15000, 512, 25, 1},
                                       OfdmCase{15000, 768, 52, 3},   OfdmCase{30000, 1024, 51, 2},
                                       OfdmCase{15000, 1536, 79, 1},  OfdmCase{30000, 1536, 106, 1},
                                       OfdmCase{30000, 2048, 170, 1}, OfdmCase{30000, 4096, 273, 2}};

struct WeightsCase {
  int prbs, antennas, layers, branches;
};
inline constexpr std::array kWeightsCases{
    WeightsCase{1, 1, 1, 1},   WeightsCase{2, 2, 1, 2},   WeightsCase{3, 2, 2, 1},  WeightsCase{5, 3, 1, 2},
    WeightsCase{5, 3, 2, 2},   WeightsCase{11, 4, 1, 1},  WeightsCase{51, 4, 2, 2}, WeightsCase{106, 2, 2, 2},
    WeightsCase{273, 1, 1, 2}, WeightsCase{273, 4, 2, 1}, WeightsCase{3, 4, 3, 2},  WeightsCase{11, 4, 4, 1},
    WeightsCase{5, 5, 1, 2},   WeightsCase{11, 8, 1, 1},  WeightsCase{51, 8, 2, 2}, WeightsCase{25, 8, 4, 2},
    WeightsCase{2, 12, 4, 1},  WeightsCase{4, 16, 3, 2},  WeightsCase{1, 64, 4, 2}, WeightsCase{273, 8, 2, 1}};

/// Users on the same PRBs: layers of all of them, and those of the user whose weights are made.
struct JointCase {
  int prbs, antennas, all_layers, first_own, layers;
};
inline constexpr std::array kJointCases{
    JointCase{3, 2, 2, 0, 1},   JointCase{5, 4, 2, 1, 1},   JointCase{11, 4, 4, 2, 2}, JointCase{2, 8, 6, 1, 2},
    JointCase{6, 12, 12, 8, 4}, JointCase{1, 64, 12, 0, 1}, JointCase{25, 4, 3, 0, 2}};

struct DemapCase {
  int prbs, antennas, layers, bits_per_symbol, first_symbol, symbols;
};
inline constexpr std::array kDemapCases{
    DemapCase{1, 1, 1, 2, 0, 14},   DemapCase{1, 2, 2, 8, 0, 14},   DemapCase{2, 2, 1, 4, 4, 2},
    DemapCase{3, 3, 2, 6, 0, 13},   DemapCase{5, 4, 1, 8, 1, 9},    DemapCase{11, 4, 2, 2, 0, 14},
    DemapCase{25, 2, 2, 4, 0, 14},  DemapCase{51, 3, 1, 6, 2, 12},  DemapCase{106, 2, 1, 8, 0, 14},
    DemapCase{273, 4, 2, 4, 0, 14}, DemapCase{273, 1, 1, 6, 0, 14}, DemapCase{3, 4, 3, 6, 0, 14},
    DemapCase{11, 4, 4, 8, 0, 14},  DemapCase{5, 8, 1, 6, 0, 14},   DemapCase{6, 8, 2, 2, 1, 12},
    DemapCase{25, 8, 4, 4, 0, 14},  DemapCase{1, 64, 3, 2, 0, 14},  DemapCase{51, 8, 2, 8, 0, 14}};

}  // namespace pado::tests
