// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// When the assembler leaves a stream for another one, and what that costs.
#include "stream/assembly/slot_assembler.h"
#include "tests/catch.h"
#include "tests/stream/packet_maker.h"

using namespace pado;
using namespace pado::stream;
using Datagrams = std::vector<std::vector<std::uint8_t>>;

namespace {

constexpr int kSlotSamples = 1920;   // 30 kHz, FFT of 128 points
constexpr int kPacketSamples = 120;  // with two antennas 32 packets a slot

struct Line {
  SlotAssembler assembler{{.carrier = {.scs_hz = 30000, .carrier_prb = 10, .fft_size = 128, .antennas = 2}}};
  int whole = 0, given_out = 0;

  void send(const Datagrams& datagrams) {
    for (const auto& datagram : datagrams) {
      IqPacket packet;
      REQUIRE(raw_iq::decode(datagram, 2, packet) == raw_iq::PacketStatus::ok);
      assembler.add(packet, 1);
      take();
    }
  }
  void take() {
    while (SlotBuffer* slot = assembler.next()) {
      ++given_out;
      whole += slot->complete() ? 1 : 0;
      assembler.give_back(slot);
    }
  }
  [[nodiscard]] const AssemblyCounters& counters() const { return assembler.counters(); }
};

Datagrams part(const Datagrams& all, int from, int to) { return {all.begin() + from, all.begin() + to}; }
Datagrams slots_of_stream(int slots, std::uint32_t id, std::uint64_t first_slot = 0) {
  return tests::make_stream(2, slots * kSlotSamples, kPacketSamples, id, 0, first_slot * kSlotSamples);
}

}  // namespace

TEST_CASE("takeover: one first packet of another stream takes nothing from one that goes on", "[assembly]") {
  Line line;
  const Datagrams old = slots_of_stream(4, 7), other = slots_of_stream(1, 8);
  line.send(part(old, 0, 40));
  line.send(part(other, 0, 1));
  line.send(part(old, 40, 128));
  CHECK(line.whole == 4);
  CHECK(line.counters().restarts == 0);
  CHECK(line.counters().packets_other_stream == 1);
  CHECK(line.counters().packets_beside == 1);
}

TEST_CASE("takeover: after silence a sender's first packet is enough, and nothing of it is missing", "[assembly]") {
  Line line;
  line.send(slots_of_stream(2, 7));
  line.assembler.flush_open();
  line.send(slots_of_stream(3, 8));
  CHECK(line.whole == 5);
  CHECK(line.given_out == 5);
  CHECK(line.counters().restarts == 1);
  CHECK(line.counters().packets_other_stream == 0);
}

TEST_CASE("takeover: a stream that comes back has lost the slots in between", "[assembly]") {
  Line line;
  const Datagrams old = slots_of_stream(20, 7);
  line.send(part(old, 0, 64));
  line.send(slots_of_stream(4, 8));
  line.send(part(old, 10 * 32, 20 * 32));  // 63 packets are rejected, so that slot 11 misses all but one
  CHECK(line.counters().restarts == 2);
  CHECK(line.counters().slots_lost == 9);        // 2 to 10
  CHECK(line.counters().slots_incomplete == 2);  // of the other stream the first, of the old one slot 11
  CHECK(line.counters().packets_beside == 0);
}

TEST_CASE("takeover: a stream whose time jumps back has lost slots", "[assembly]") {
  Line line;
  line.send(slots_of_stream(2, 7, 1000));
  line.send(tests::make_stream(2, 6 * kSlotSamples, kPacketSamples, 7, 32, 0));
  CHECK(line.counters().jumps == 1);
  CHECK(line.counters().slots_lost == 1);
  CHECK(line.counters().slots_incomplete == 1);
}

TEST_CASE("takeover: the slot in which a sender fell silent and ended is cut, not incomplete", "[assembly]") {
  for (const bool another : {false, true}) {
    Line line;
    line.send(part(slots_of_stream(3, 7), 0, 75));
    line.assembler.flush_open();
    line.take();
    CHECK(line.given_out == 2);
    if (another) line.send(slots_of_stream(2, 8));
    line.assembler.finish();
    line.take();
    CHECK(line.counters().slots_cut == 1);
    CHECK(line.counters().slots_incomplete == 0);
    CHECK(line.given_out == (another ? 4 : 2));
  }
}

TEST_CASE("takeover: a stream that goes on after its silence has the slot in which it paused", "[assembly]") {
  for (const int lost : {0, 2}) {
    Line line;
    const Datagrams packets = slots_of_stream(5, 7);
    line.send(part(packets, 0, 75));
    line.assembler.flush_open();
    line.send(part(packets, 75 + lost, 160));
    CHECK(line.given_out == 5);
    CHECK(line.counters().slots_incomplete == (lost > 0 ? 1 : 0));
    CHECK(line.counters().slots_cut == 0);
  }
}
