// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/mcs.h"

#include <array>
#include <span>

namespace pado::nr {
namespace {

constexpr auto kQpsk = Modulation::qpsk;
constexpr auto k16 = Modulation::qam16;
constexpr auto k64 = Modulation::qam64;
constexpr auto k256 = Modulation::qam256;

// TS 38.214 V17.1.0, tables 5.1.3.1-1, -2 and -3: index is the place in the row list; rate 0 is reserved.
constexpr std::array<Mcs, 32> kQam64Table{{
    {kQpsk, 120}, {kQpsk, 157}, {kQpsk, 193}, {kQpsk, 251},
    {kQpsk, 308}, {kQpsk, 379}, {kQpsk, 449}, {kQpsk, 526},  // 0
    {kQpsk, 602}, {kQpsk, 679}, {k16, 340},   {k16, 378},
    {k16, 434},   {k16, 490},   {k16, 553},   {k16, 616},  // 8
    {k16, 658},   {k64, 438},   {k64, 466},   {k64, 517},
    {k64, 567},   {k64, 616},   {k64, 666},   {k64, 719},  // 16
    {k64, 772},   {k64, 822},   {k64, 873},   {k64, 910},
    {k64, 948},   {kQpsk, 0},   {k16, 0},     {k64, 0},  // 24
}};

constexpr std::array<Mcs, 32> kQam256Table{{
    {kQpsk, 120},  {kQpsk, 193}, {kQpsk, 308},  {kQpsk, 449},
    {kQpsk, 602},  {k16, 378},   {k16, 434},    {k16, 490},  // 0
    {k16, 553},    {k16, 616},   {k16, 658},    {k64, 466},
    {k64, 517},    {k64, 567},   {k64, 616},    {k64, 666},  // 8
    {k64, 719},    {k64, 772},   {k64, 822},    {k64, 873},
    {k256, 682.5}, {k256, 711},  {k256, 754},   {k256, 797},  // 16
    {k256, 841},   {k256, 885},  {k256, 916.5}, {k256, 948},
    {kQpsk, 0},    {k16, 0},     {k64, 0},      {k256, 0},  // 24
}};

constexpr std::array<Mcs, 32> kQam64LowSeTable{{
    {kQpsk, 30},  {kQpsk, 40},  {kQpsk, 50},  {kQpsk, 64},
    {kQpsk, 78},  {kQpsk, 99},  {kQpsk, 120}, {kQpsk, 157},  // 0
    {kQpsk, 193}, {kQpsk, 251}, {kQpsk, 308}, {kQpsk, 379},
    {kQpsk, 449}, {kQpsk, 526}, {kQpsk, 602}, {k16, 340},  // 8
    {k16, 378},   {k16, 434},   {k16, 490},   {k16, 553},
    {k16, 616},   {k64, 438},   {k64, 466},   {k64, 517},  // 16
    {k64, 567},   {k64, 616},   {k64, 666},   {k64, 719},
    {k64, 772},   {kQpsk, 0},   {k16, 0},     {k64, 0},  // 24
}};

const Mcs* row(McsTable table, int index) {
  if (index < 0 || index > 31) return nullptr;
  switch (table) {
    case McsTable::qam64:
      return &kQam64Table[index];
    case McsTable::qam256:
      return &kQam256Table[index];
    case McsTable::qam64_low_se:
      return &kQam64LowSeTable[index];
  }
  return nullptr;
}

}  // namespace

std::optional<Mcs> mcs(McsTable table, int index) {
  const Mcs* found = row(table, index);
  if (found == nullptr || found->code_rate_x1024 == 0) return std::nullopt;
  return *found;
}

std::optional<Modulation> mcs_modulation(McsTable table, int index) {
  const Mcs* found = row(table, index);
  if (found == nullptr) return std::nullopt;
  return found->modulation;
}

std::string_view name(Modulation modulation) {
  switch (modulation) {
    case Modulation::qpsk:
      return "QPSK";
    case Modulation::qam16:
      return "16QAM";
    case Modulation::qam64:
      return "64QAM";
    case Modulation::qam256:
      return "256QAM";
  }
  return "?";
}

std::optional<Modulation> modulation_from_name(std::string_view text) {
  for (const Modulation m : {kQpsk, k16, k64, k256}) {
    if (name(m) == text) return m;
  }
  return std::nullopt;
}

}  // namespace pado::nr
