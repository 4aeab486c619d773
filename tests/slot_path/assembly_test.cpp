// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "stream/assembly/slot_assembler.h"
#include "stream/raw_iq/packet.h"
#include "tests/catch.h"
#include "tests/slot_path/counted_allocations.h"
#include "tests/stream/packet_maker.h"

using namespace pado;
using namespace pado::stream;

TEST_CASE("assembly: no allocation from datagrams to slots, whatever comes", "[slot_path]") {
#if defined(PADO_COUNTS_ALLOCATIONS)
  constexpr int kSlotSamples = 1920;
  auto datagrams = tests::make_stream(2, 10 * kSlotSamples, 120);
  datagrams.erase(datagrams.begin() + 70);                            // a gap
  datagrams.erase(datagrams.begin() + 130, datagrams.begin() + 200);  // slots of which nothing came
  std::swap(datagrams[20], datagrams[30]);
  datagrams.push_back(datagrams[90]);
  for (auto& other : tests::make_stream(2, 4 * kSlotSamples, 120, 8)) datagrams.push_back(std::move(other));
  SlotAssembler assembler({.carrier = {.scs_hz = 30000, .carrier_prb = 10, .fft_size = 128, .antennas = 2}});
  int slots = 0;
  CHECK(pado::tests::allocations_of([&] {
          for (const auto& datagram : datagrams) {
            IqPacket packet;
            if (raw_iq::decode(datagram, 2, packet) != raw_iq::PacketStatus::ok) continue;
            assembler.add(packet, 1);
            while (SlotBuffer* slot = assembler.next()) {
              ++slots;
              assembler.give_back(slot);
            }
          }
          assembler.flush(14 * kSlotSamples);
          assembler.finish();
        }) == 0);
  CHECK(slots == 14);
  CHECK(assembler.counters().restarts == 1);
#else
  std::cout << "skipped: allocations cannot be counted beside a sanitizer or without glibc\n";
#endif
}
