// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "stream/assembly/slot_assembler.h"

namespace {

using pado::stream::AssemblyCounters;
using pado::stream::IqPacket;
using pado::stream::SlotAssembler;
using pado::stream::SlotBuffer;

constexpr int kAntennas = 2, kSlotSamples = 1920, kBuffers = 4;
constexpr pado::ci16 kSample{1, -1};

void require(bool condition) {
  if (!condition) std::abort();
}

/// Takes what is finished: in order, and every sample is the sender's or, where it is missing, zero.
class Taker {
 public:
  explicit Taker(SlotAssembler& assembler) : assembler_(assembler) {}

  void take(bool keep) {
    while (SlotBuffer* slot = assembler_.next()) {
      check(*slot);
      ++given_out_;
      keep ? held_.push_back(slot) : assembler_.give_back(slot);
    }
    require(held_.size() <= kBuffers);
    if (keep) return;
    for (SlotBuffer* slot : held_) assembler_.give_back(slot);
    held_.clear();
  }
  [[nodiscard]] std::int64_t given_out() const { return given_out_; }

 private:
  void check(const SlotBuffer& slot) {
    require(slot.run > run_ || (slot.run == run_ && slot.slot > slot_));
    run_ = slot.run;
    slot_ = slot.slot;
    const auto iq = slot.iq();
    require(static_cast<int>(iq.size()) == kAntennas * kSlotSamples);
    const auto missing = std::ranges::count(iq, pado::ci16{});
    require(missing == slot.missing_samples);
    require(missing + std::ranges::count(iq, kSample) == std::ssize(iq));
    const bool all_there = std::ranges::all_of(slot.lost_symbols, [](std::uint16_t mask) { return mask == 0; });
    require(all_there == slot.complete());
  }

  SlotAssembler& assembler_;
  std::vector<SlotBuffer*> held_;
  std::int64_t slot_ = -1, given_out_ = 0;
  int run_ = 0;
};

void check(const AssemblyCounters& c, std::int64_t packets, std::int64_t given_out) {
  require(c.packets_received == packets && c.packets_lost >= 0);
  require(c.packets_duplicate + c.packets_late + c.packets_other_stream + c.packets_far_away + c.packets_no_room <=
          packets);
  require(given_out >= c.slots_complete + c.slots_incomplete);
  require(given_out <= c.slots_complete + c.slots_incomplete + c.slots_lost);
}

}  // namespace

/// Steps of 16 bytes: a packet with any fields, or one of the calls that end a wait.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kStep = 16, kMostSteps = 512;
  static const std::vector<pado::ci16> payload(0x8000, kSample);
  SlotAssembler assembler({.carrier = {.scs_hz = 30000, .carrier_prb = 10, .fft_size = 128, .antennas = kAntennas},
                           .window = 1,
                           .buffers = kBuffers});
  Taker taker(assembler);
  std::int64_t packets = 0;
  for (std::size_t at = 0; at + kStep <= size && at < kStep * kMostSteps; at += kStep) {
    const std::uint8_t* step = data + at;
    IqPacket packet;
    std::uint16_t samples = 0;
    std::memcpy(&packet.sample_time, step, 8);
    std::memcpy(&packet.sequence, step + 8, 4);
    std::memcpy(&samples, step + 12, 2);
    packet.sample_time >>= 1 + (step[14] & 0x38);  // of every order of magnitude
    packet.antenna = step[14] & 1;
    packet.stream_id = (step[14] >> 1) & 3;
    packet.samples = 1 + samples % 0x4000;
    if (packet.sample_time >= (std::uint64_t{1} << 63) - static_cast<std::uint64_t>(packet.samples)) continue;
    packet.payload = {reinterpret_cast<const std::uint8_t*>(payload.data()),
                      4 * static_cast<std::size_t>(packet.samples)};
    switch (step[15] & 31) {
      case 0:
        assembler.flush(packet.sample_time);
        break;
      case 1:
        assembler.flush_open();
        break;
      case 2:
        assembler.expect(static_cast<std::int64_t>(packet.sample_time / kSlotSamples));
        break;
      case 3:
        assembler.finish();
        break;
      default:
        assembler.add(packet, ++packets);
        break;
    }
    taker.take((step[15] & 32) != 0);
  }
  assembler.flush_open();
  taker.take(false);
  check(assembler.counters(), packets, taker.given_out());
  return 0;
}
