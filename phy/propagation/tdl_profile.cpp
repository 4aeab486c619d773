// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/tdl_profile.h"

#include <fmt/format.h>

#include <array>

#include "phy/nr/error.h"

namespace pado::propagation {
namespace {

// TR 38.901 V17.0.0, table 7.7.2-1: normalised delay, power in dB.
constexpr std::array<TdlTap, 23> kTdlA{{
    {0, -13.4},      {0.3819, 0},     {0.4025, -2.2},  {0.5868, -4},    {0.461, -6},     {0.5375, -8.2},
    {0.6708, -9.9},  {0.575, -10.5},  {0.7618, -7.5},  {1.5375, -15.9}, {1.8978, -6.6},  {2.2242, -16.7},
    {2.1718, -12.4}, {2.4942, -15.2}, {2.5119, -10.8}, {3.0582, -11.3}, {4.081, -12.7},  {4.4579, -16.2},
    {4.5695, -18.3}, {4.7966, -18.9}, {5.0066, -16.6}, {5.3043, -19.9}, {9.6586, -29.7},
}};

// TR 38.901 V17.0.0, table 7.7.2-2: normalised delay, power in dB.
constexpr std::array<TdlTap, 23> kTdlB{{
    {0, 0},         {0.1072, -2.2},  {0.2155, -4},    {0.2095, -3.2}, {0.287, -9.8},   {0.2986, -1.2},
    {0.3752, -3.4}, {0.5055, -5.2},  {0.3681, -7.6},  {0.3697, -3},   {0.57, -8.9},    {0.5283, -9},
    {1.1021, -4.8}, {1.2756, -5.7},  {1.5474, -7.5},  {1.7842, -1.9}, {2.0169, -7.6},  {2.8294, -12.2},
    {3.0219, -9.8}, {3.6187, -11.4}, {4.1067, -14.9}, {4.279, -9.2},  {4.7834, -11.3},
}};

// TR 38.901 V17.0.0, table 7.7.2-3: normalised delay, power in dB.
constexpr std::array<TdlTap, 24> kTdlC{{
    {0, -4.4},       {0.2099, -1.2},  {0.2219, -3.5}, {0.2329, -5.2},  {0.2176, -2.5},  {0.6366, 0},
    {0.6448, -2.2},  {0.656, -3.9},   {0.6584, -7.4}, {0.7935, -7.1},  {0.8213, -10.7}, {0.9336, -11.1},
    {1.2285, -5.1},  {1.3083, -6.8},  {2.1704, -8.7}, {2.7105, -13.2}, {4.2589, -13.9}, {4.6003, -13.9},
    {5.4902, -15.8}, {5.6077, -17.1}, {6.3065, -16},  {6.6374, -15.7}, {7.0427, -21.6}, {8.6523, -22.8},
}};

// TS 38.104 V17.5.0, tables G.2.1.1-2 to -4: delay in ns, power in dB.
constexpr std::array<TdlTap, 12> kTdlA30{{
    {0, -15.5},
    {10, 0},
    {15, -5.1},
    {20, -5.1},
    {25, -9.6},
    {50, -8.2},
    {65, -13.1},
    {75, -11.5},
    {105, -11},
    {135, -16.2},
    {150, -16.6},
    {290, -26.2},
}};
constexpr std::array<TdlTap, 12> kTdlB100{{
    {0, 0},
    {10, -2.2},
    {20, -0.6},
    {30, -0.6},
    {35, -0.3},
    {45, -1.2},
    {55, -5.9},
    {120, -2.2},
    {170, -0.8},
    {245, -6.3},
    {330, -7.5},
    {480, -7.1},
}};
constexpr std::array<TdlTap, 12> kTdlC300{{
    {0, -6.9},
    {65, 0},
    {70, -7.7},
    {190, -2.5},
    {195, -2.4},
    {200, -9.9},
    {240, -8},
    {325, -6.6},
    {520, -7.1},
    {1045, -13},
    {1510, -14.2},
    {2595, -16},
}};

constexpr std::array<TdlProfile, 6> kProfiles{{{"tdl-a", kTdlA},
                                               {"tdl-b", kTdlB},
                                               {"tdl-c", kTdlC},
                                               {"tdla30", kTdlA30, 1e-9},
                                               {"tdlb100", kTdlB100, 1e-9},
                                               {"tdlc300", kTdlC300, 1e-9}}};

}  // namespace

const TdlProfile& tdl_profile(std::string_view name) {
  for (const TdlProfile& profile : kProfiles) {
    if (profile.name == name) return profile;
  }
  throw Error(fmt::format("profile {}: not known; there are tdl-a, tdl-b, tdl-c, tdla30, tdlb100, tdlc300", name));
}

}  // namespace pado::propagation
