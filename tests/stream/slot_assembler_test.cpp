// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/assembly/slot_assembler.h"

#include <map>
#include <numeric>
#include <random>

#include "phy/nr/error.h"
#include "tests/catch.h"
#include "tests/stream/packet_maker.h"

using namespace pado;
using namespace pado::stream;
using Datagrams = std::vector<std::vector<std::uint8_t>>;

namespace {

constexpr int kSlotSamples = 1920;   // 30 kHz, FFT of 128 points
constexpr int kPacketSamples = 120;  // 16 packets a slot and antenna

nr::Carrier carrier(int antennas = 2) {
  return {.scs_hz = 30000, .carrier_prb = 10, .fft_size = 128, .phase_compensation_hz = 0, .antennas = antennas};
}

/// What a slot was like when it was given out.
struct Seen {
  std::int64_t slot = 0;
  int run = 0;
  int missing = 0;
  std::vector<std::uint16_t> lost_symbols;
  std::vector<ci16> samples;
  bool operator==(const Seen&) const = default;
};

struct Line {
  explicit Line(int window = 1, int buffers = 16, int antennas = 2)
      : antenna_count(antennas), assembler({.carrier = carrier(antennas), .window = window, .buffers = buffers}) {}

  void send(const std::vector<std::uint8_t>& datagram) {
    IqPacket packet;
    REQUIRE(raw_iq::decode(datagram, antenna_count, packet) == raw_iq::PacketStatus::ok);
    assembler.add(packet, ++clock_ns);
    take();
  }
  void send(const Datagrams& datagrams) {
    for (const auto& datagram : datagrams) send(datagram);
  }
  void take() {
    while (SlotBuffer* slot = assembler.next()) {
      slots.push_back({slot->slot, slot->run, slot->missing_samples, slot->lost_symbols,
                       std::vector(slot->iq().begin(), slot->iq().end())});
      arrivals_ns.push_back(slot->last_arrival_ns);
      assembler.give_back(slot);
    }
  }
  [[nodiscard]] const AssemblyCounters& counters() const { return assembler.counters(); }
  [[nodiscard]] std::vector<std::int64_t> numbers() const {
    std::vector<std::int64_t> result;
    for (const Seen& seen : slots) result.push_back(seen.slot);
    return result;
  }

  int antenna_count;
  SlotAssembler assembler;
  std::int64_t clock_ns = 0;
  std::vector<Seen> slots;
  std::vector<std::int64_t> arrivals_ns;
};

Datagrams slots_of_stream(int slots, std::uint32_t stream_id = 7, std::uint32_t first_sequence = 0) {
  return tests::make_stream(2, slots * kSlotSamples, kPacketSamples, stream_id, first_sequence);
}

/// Sample for sample what was sent, zero where `missing` says.
template <class Missing>
void check_samples(const Seen& seen, Missing&& missing) {
  for (int antenna = 0; antenna < 2; ++antenna) {
    for (int i = 0; i < kSlotSamples; ++i) {
      const auto time = static_cast<std::uint64_t>(seen.slot * kSlotSamples + i);
      const ci16 expected = missing(antenna, i) ? ci16{} : tests::sample_at(antenna, time);
      if (seen.samples[static_cast<std::size_t>(antenna * kSlotSamples + i)] != expected)
        FAIL("slot " << seen.slot << " antenna " << antenna << " sample " << i);
    }
  }
}
void check_whole(const Seen& seen) {
  CHECK(seen.missing == 0);
  CHECK(seen.lost_symbols == std::vector<std::uint16_t>{0, 0});
  check_samples(seen, [](int, int) { return false; });
}

}  // namespace

TEST_CASE("assembler: packets in order become slots in order, each at its last packet", "[assembly]") {
  Line line;
  line.send(slots_of_stream(3));
  REQUIRE(line.numbers() == std::vector<std::int64_t>{0, 1, 2});
  for (const Seen& seen : line.slots) check_whole(seen);
  CHECK(line.arrivals_ns == std::vector<std::int64_t>{32, 64, 96});
  CHECK(line.counters().packets_received == 96);
  CHECK(line.counters().slots_complete == 3);
  CHECK(line.counters().packets_lost == 0);
}

TEST_CASE("assembler: a lost packet is zeros and marks the symbols that it touches", "[assembly]") {
  Line line;
  auto packets = slots_of_stream(4);
  packets.erase(packets.begin() + 32 + 3);  // slot 1, antenna 1, samples 120 to 239: symbol 0 and 1
  line.send(packets);
  REQUIRE(line.numbers() == std::vector<std::int64_t>{0, 1, 2, 3});
  CHECK(line.slots[1].missing == kPacketSamples);
  CHECK(line.slots[1].lost_symbols == std::vector<std::uint16_t>{0, 0b11});
  check_samples(line.slots[1], [](int antenna, int i) { return antenna == 1 && i >= 120 && i < 240; });
  check_whole(line.slots[0]);
  check_whole(line.slots[2]);
  CHECK(line.counters().packets_lost == 1);
  CHECK(line.counters().slots_incomplete == 1);
  CHECK(line.counters().slots_complete == 3);
}

TEST_CASE("assembler: a symbol counts as lost where its prefix or its last sample is missing", "[assembly]") {
  const nr::SlotTiming timing = nr::slot_timing(30000, 128, 0);
  const int boundary = timing.symbol_start[5] - timing.prefix_samples[5];
  for (const auto& [missing, mask] : std::map<int, int>{{boundary - 1, 1 << 4}, {boundary, 1 << 5}}) {
    Line line;
    for (int antenna = 0; antenna < 2; ++antenna) {
      line.send(tests::make_datagram({.sequence = 0, .antenna = antenna, .sample_time = 0, .samples = missing}));
      line.send(tests::make_datagram({.sequence = 1,
                                      .antenna = antenna,
                                      .sample_time = static_cast<std::uint64_t>(missing) + 1,
                                      .samples = kSlotSamples - missing - 1}));
    }
    line.assembler.flush(kSlotSamples);
    line.take();
    REQUIRE(line.slots.size() == 1);
    CHECK(line.slots[0].lost_symbols == std::vector<std::uint16_t>(2, static_cast<std::uint16_t>(mask)));
  }
}

TEST_CASE("assembler: any order within the window, with any packet repeated, gives the same slots", "[assembly]") {
  const Datagrams packets = slots_of_stream(6);
  Line expected;
  expected.send(packets);
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::vector<std::pair<std::uint32_t, std::size_t>> order;  // place in time, packet
    for (std::size_t i = 0; i < packets.size(); ++i) {
      for (std::uint32_t copies = 1 + random() % 2; copies > 0; --copies)
        order.emplace_back(static_cast<std::uint32_t>(i) + random() % 31, i);  // less than a slot of 32 packets
    }
    std::ranges::sort(order);
    Line line;
    for (const auto& [time, packet] : order) line.send(packets[packet]);
    line.assembler.flush_open();
    line.take();
    REQUIRE(line.slots.size() == expected.slots.size());
    for (std::size_t i = 0; i < line.slots.size(); ++i) {
      CHECK(line.slots[i] == expected.slots[i]);
    }
    CHECK(line.counters().packets_lost == 0);
    CHECK(line.counters().packets_duplicate == static_cast<std::int64_t>(order.size() - packets.size()));
    CHECK(line.counters().slots_incomplete == 0);
  }
}

TEST_CASE("assembler: reordered, duplicate and late packets are told apart", "[assembly]") {
  Line line;
  auto packets = slots_of_stream(5);
  std::swap(packets[0], packets[2]);                  // antenna 0's first two
  packets.insert(packets.begin() + 40, packets[38]);  // twice
  const auto late = packets[70];                      // slot 2
  packets.erase(packets.begin() + 70);
  packets.push_back(late);
  line.send(packets);
  CHECK(line.counters().packets_reordered == 1);
  CHECK(line.counters().packets_duplicate == 1);
  CHECK(line.counters().packets_late == 1);
  CHECK(line.counters().packets_lost == 0);  // it came after all
  CHECK(line.counters().slots_incomplete == 1);
}

TEST_CASE("assembler: a replayed stream changes nothing", "[assembly]") {
  Line line;
  const auto packets = slots_of_stream(4);
  line.send(packets);
  const auto before = line.slots;
  line.send(packets);
  line.assembler.flush_open();
  line.take();
  CHECK(line.slots == before);
  CHECK(line.counters().packets_duplicate == 128);
  CHECK(line.counters().packets_lost == 0);
}

TEST_CASE("assembler: samples that are there already are not taken again under a new number", "[assembly]") {
  Line line;
  line.send(tests::make_datagram({.sequence = 0, .antenna = 0, .sample_time = 0, .samples = 100}));
  line.send(tests::make_datagram({.sequence = 1, .antenna = 0, .sample_time = 10, .samples = 50}));
  CHECK(line.counters().packets_duplicate == 1);
  CHECK(line.counters().packets_lost == 0);
}

TEST_CASE("assembler: the sequence may wrap", "[assembly]") {
  Line line;
  auto packets = slots_of_stream(4, 7, 0xfffffff0);
  std::swap(packets[30], packets[34]);
  line.send(packets);
  CHECK(line.counters().slots_complete == 4);
  CHECK(line.counters().packets_lost == 0);
  CHECK(line.counters().packets_far_away == 0);
}

TEST_CASE("assembler: who joins in the middle of a slot begins with the next", "[assembly]") {
  for (const int first : {1, 2, 31}) {
    INFO("first packet " << first);
    Line line;
    const auto packets = slots_of_stream(6);
    line.send(Datagrams(packets.begin() + 64 + first, packets.end()));
    REQUIRE(line.numbers() == std::vector<std::int64_t>{3, 4, 5});
    for (const Seen& seen : line.slots) check_whole(seen);
    CHECK(line.counters().slots_cut == 1);
    CHECK(line.counters().slots_incomplete + line.counters().slots_lost == 0);
    CHECK(line.counters().packets_lost == 0);
  }
}

TEST_CASE("assembler: who joins at a slot's beginning has that slot", "[assembly]") {
  Line line;
  const auto packets = slots_of_stream(6);
  line.send(Datagrams(packets.begin() + 64, packets.end()));
  CHECK(line.numbers() == std::vector<std::int64_t>{2, 3, 4, 5});
}

TEST_CASE("assembler: slots of which nothing came are given out as zeros", "[assembly]") {
  Line line;
  auto packets = slots_of_stream(8);
  packets.erase(packets.begin() + 64, packets.begin() + 160);  // slots 2, 3, 4
  line.send(packets);
  CHECK(line.numbers() == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(line.counters().slots_lost == 3);
  CHECK(line.counters().slots_complete == 5);
  CHECK(line.counters().slots_incomplete == 0);
  CHECK(line.counters().packets_lost == 96);
  CHECK(line.slots[3].lost_symbols == std::vector<std::uint16_t>{0x3fff, 0x3fff});
  check_samples(line.slots[3], [](int, int) { return true; });
  CHECK(line.arrivals_ns[3] == 0);
}

TEST_CASE("assembler: a window of two slots waits longer than one of none", "[assembly]") {
  for (const int window : {0, 1, 2}) {
    Line line(window);
    auto packets = slots_of_stream(6);
    packets.erase(packets.begin() + 10);
    line.send(Datagrams(packets.begin(), packets.begin() + 32 * (1 + window)));
    CHECK(line.slots.size() == (window == 0 ? 1 : static_cast<std::size_t>(1 + window)));
  }
}

TEST_CASE("assembler: flush gives out what ended by then, complete or not", "[assembly]") {
  Line line;
  const auto packets = slots_of_stream(3);
  line.send(Datagrams(packets.begin(), packets.begin() + 20));
  line.assembler.flush(kSlotSamples - 1);
  line.take();
  CHECK(line.slots.empty());
  line.assembler.flush(2 * kSlotSamples);  // slot 1 with it, of which nothing came
  line.take();
  CHECK(line.numbers() == std::vector<std::int64_t>{0, 1});
  CHECK(line.counters().slots_incomplete == 1);
  CHECK(line.counters().slots_lost == 1);
  line.send(Datagrams(packets.begin() + 20, packets.end()));
  CHECK(line.counters().packets_late == 44);
  CHECK(line.numbers() == std::vector<std::int64_t>{0, 1, 2});
}

TEST_CASE("assembler: from an expected slot on every slot is given out, whatever comes", "[assembly]") {
  Line line;
  line.assembler.expect(0);
  line.assembler.flush(kSlotSamples);
  line.take();
  CHECK(line.numbers() == std::vector<std::int64_t>{0});
  const auto packets = slots_of_stream(3);
  line.send(Datagrams(packets.begin() + 33, packets.end()));  // the first packet of slot 1 is lost
  line.assembler.flush_open();
  line.take();
  CHECK(line.numbers() == std::vector<std::int64_t>{0, 1, 2});
  CHECK(line.counters().slots_incomplete == 1);
}

TEST_CASE("assembler: a first packet far from the expected slot is rejected", "[assembly]") {
  Line line;
  line.assembler.expect(0);
  line.send(tests::make_datagram({.stream_id = 1, .sample_time = std::uint64_t{1} << 62, .samples = 10}));
  line.send(slots_of_stream(2));
  CHECK(line.counters().packets_far_away == 1);
  CHECK(line.numbers() == std::vector<std::int64_t>{0, 1});
}

TEST_CASE("assembler: a flush to the end of time ends", "[assembly]") {
  Line line;
  line.send(slots_of_stream(1));
  line.assembler.flush(~std::uint64_t{0});
  line.take();
  CHECK(line.counters().slots_lost > 1'000'000);
  CHECK(line.slots.size() < 100);
}

TEST_CASE("assembler: at the end the slot that it cut is not given out", "[assembly]") {
  Line line;
  auto packets = slots_of_stream(3);
  packets.erase(packets.begin() + 40);
  line.send(Datagrams(packets.begin(), packets.begin() + 80));
  line.assembler.finish();
  line.take();
  CHECK(line.numbers() == std::vector<std::int64_t>{0, 1});
  CHECK(line.counters().slots_incomplete == 1);
  CHECK(line.counters().slots_cut == 1);
}

TEST_CASE("assembler: at the end a whole last slot is given out behind one with gaps", "[assembly]") {
  Line line;
  auto packets = slots_of_stream(2);
  packets.erase(packets.begin() + 10);
  line.send(packets);
  line.assembler.finish();
  line.take();
  CHECK(line.numbers() == std::vector<std::int64_t>{0, 1});
  CHECK(line.counters().slots_cut == 0);
}

TEST_CASE("assembler: a sender that dies in a slot and starts again is followed after eight packets", "[assembly]") {
  Line line;
  const auto old = slots_of_stream(4, 7), fresh = slots_of_stream(3, 8);
  line.send(Datagrams(old.begin(), old.begin() + 75));
  line.send(fresh);
  CHECK(line.numbers() == std::vector<std::int64_t>{0, 1, 2, 0, 1, 2});
  CHECK(line.slots[2].missing > 0);
  CHECK(line.slots[3].run > line.slots[2].run);
  CHECK(line.slots[3].missing == 7 * kPacketSamples);
  CHECK(line.counters().packets_beside == 0);
  for (int i = 4; i < 6; ++i) check_whole(line.slots[static_cast<std::size_t>(i)]);
  CHECK(line.counters().restarts == 1);
  CHECK(line.counters().slots_incomplete == 2);
  line.send(Datagrams(old.begin() + 75, old.begin() + 100));  // they were still on the way
  line.send(Datagrams(old.begin(), old.begin() + 20));
  CHECK(line.counters().packets_other_stream == 7 + 45);
  CHECK(line.counters().packets_beside == 45);
  CHECK(line.slots.size() == 6);
}

TEST_CASE("assembler: another sender takes over when it alone is heard", "[assembly]") {
  Line line;
  line.send(slots_of_stream(1, 7));
  const auto other = slots_of_stream(8, 9, 1000);  // not from its first packet on
  line.send(other);
  CHECK(line.counters().restarts == 1);
  CHECK(line.counters().packets_other_stream == 63);
  CHECK(line.slots.size() == 1 + 6);
}

TEST_CASE("assembler: a packet from far away, whatever it says, is rejected and the stream goes on", "[assembly]") {
  Line line;
  const auto packets = slots_of_stream(4);
  line.send(Datagrams(packets.begin(), packets.begin() + 40));
  for (const std::uint64_t time : {std::uint64_t{kSlotSamples} * 1000, (std::uint64_t{1} << 62)}) {
    line.send(tests::make_datagram({.stream_id = 7, .sequence = 21, .sample_time = time, .samples = 10}));
    line.send(tests::make_datagram({.stream_id = 7, .sequence = 0x80000000, .sample_time = time, .samples = 10}));
  }
  line.send(tests::make_datagram({.stream_id = 7, .sequence = 1u << 31, .sample_time = 3000, .samples = 10}));
  line.send(tests::make_datagram({.stream_id = 99, .sequence = 5, .sample_time = 3000, .samples = 10}));
  line.send(Datagrams(packets.begin() + 40, packets.end()));
  CHECK(line.counters().packets_far_away == 5);
  CHECK(line.counters().packets_other_stream == 1);
  CHECK(line.counters().packets_lost == 0);
  CHECK(line.counters().slots_complete == 4);
}

TEST_CASE("assembler: a stream that jumps far ahead is followed, and what it jumps over is lost", "[assembly]") {
  Line line;
  line.send(slots_of_stream(2));
  line.send(
      tests::make_stream(2, 6 * kSlotSamples, kPacketSamples, 7, 32, std::uint64_t{kSlotSamples} * 1'000'000'000));
  CHECK(line.counters().jumps == 1);
  CHECK(line.counters().packets_far_away == 63);
  CHECK(line.counters().slots_lost == 1'000'000'000 - 1);  // from slot 2 to the one in which it was followed
  CHECK(line.counters().slots_incomplete == 1);
  CHECK(line.numbers().back() == 1'000'000'005);
  check_whole(line.slots.back());
}

TEST_CASE("assembler: without a free buffer slots are counted, not waited for", "[assembly]") {
  Line line(1, 2);
  std::vector<SlotBuffer*> held;
  IqPacket packet;
  const auto packets = slots_of_stream(6);
  for (std::size_t i = 0; i < 4 * 32; ++i) {
    REQUIRE(raw_iq::decode(packets[i], 2, packet) == raw_iq::PacketStatus::ok);
    line.assembler.add(packet, 0);
    while (SlotBuffer* slot = line.assembler.next()) held.push_back(slot);
  }
  CHECK(held.size() == 2);
  line.assembler.flush_open();
  CHECK(line.counters().slots_no_room == 2);
  CHECK(line.counters().packets_no_room == 64);
  CHECK(line.counters().slots_lost == 0);
  for (SlotBuffer* slot : held) line.assembler.give_back(slot);
  line.send(Datagrams(packets.begin() + 4 * 32, packets.end()));
  CHECK(line.numbers() == std::vector<std::int64_t>{4, 5});
  for (const Seen& seen : line.slots) check_whole(seen);
}

TEST_CASE("assembler: a packet over several slots gives each its piece", "[assembly]") {
  Line line;
  line.send(tests::make_stream(2, 9 * kSlotSamples, 3 * kSlotSamples / 2));
  CHECK(line.counters().slots_complete == 9);
  for (const Seen& seen : line.slots) check_whole(seen);
}

TEST_CASE("assembler: a carrier that cannot be is refused", "[assembly]") {
  AssemblyOptions options{.carrier = carrier()};
  options.carrier.antennas = 0;
  CHECK_THROWS_AS(SlotAssembler(options), Error);
}
