// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// The live line in one process: datagrams into a listener's socket, its summary out.
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <future>
#include <thread>

#include "phy/nr/error.h"
#include "station/listen/listener.h"
#include "stream/raw_iq/packet.h"
#include "stream/recording/open.h"
#include "stream/recording/played_samples.h"
#include "tests/catch.h"
#include "tests/stream/time_stamps.h"

using namespace pado;
using Datagram = std::vector<std::uint8_t>;
using Datagrams = std::vector<Datagram>;

namespace {

stream::Recording shipped(const std::string& name) {
  return stream::open_recording((std::filesystem::path(PADO_SOURCE_DIR) / "testvectors" / name).string());
}

/// A recording as it is sent, `loops` times; each slot in `packets` pieces of each antenna.
Datagrams datagrams_of(const stream::Recording& recording, int loops = 1, std::uint32_t stream_id = 7,
                       int packets = 4) {
  const stream::PlayedSamples played = stream::read_played_samples(recording);
  const std::int64_t length = (played.piece + packets - 1) / packets;
  Datagrams result;
  std::uint32_t sequence = 0;
  for (std::int64_t at = 0; at < loops * played.count; ++sequence) {
    const std::int64_t count = std::min(length, played.piece - at % played.piece);
    for (int antenna = 0; antenna < played.antennas; ++antenna) {
      Datagram& datagram =
          result.emplace_back(stream::raw_iq::kHeaderBytes + static_cast<std::size_t>(count) * sizeof(ci16));
      stream::raw_iq::encode({.stream_id = stream_id,
                              .sequence = sequence,
                              .antenna = antenna,
                              .sample_time = static_cast<std::uint64_t>(at),
                              .samples = static_cast<int>(count)},
                             std::span<std::uint8_t, stream::raw_iq::kHeaderBytes>(datagram.data(), 24));
      std::memcpy(datagram.data() + 24,
                  &played.samples[static_cast<std::size_t>(antenna * played.count + at % played.count)],
                  static_cast<std::size_t>(count) * sizeof(ci16));
    }
    at += count;
  }
  return result;
}

station::ListenOptions options_for(const stream::Recording& recording) {
  station::ListenOptions options;
  options.address = stream::parse_address("udp://127.0.0.1:0", stream::Transport::udp);
  options.grants = recording;
  options.deadline_slots = 1'000'000;  // no verdict of these tests depends on time
  return options;
}

/// A listener on a thread of its own, and a socket that sends to it no faster than it fetches.
class Line {
 public:
  explicit Line(const station::ListenOptions& options)
      : listener_(with_sign(options)),
        summary_(std::async(std::launch::async, [this] { return listener_.run(); })),
        socket_(io_, boost::asio::ip::udp::v4()) {
    listening_.get_future().wait();
  }

  void send(const Datagram& datagram) {
    socket_.send_to(boost::asio::buffer(datagram),
                    {boost::asio::ip::make_address(listener_.address().host), listener_.address().port});
    ++sent_;
    for (int i = 0; i < 30'000 && listener_.datagrams_taken() < sent_; ++i)
      std::this_thread::sleep_for(std::chrono::microseconds(i < 100 ? 10 : 1000));
    REQUIRE(listener_.datagrams_taken() == sent_);
  }
  void send(const Datagrams& datagrams) {
    for (const Datagram& datagram : datagrams) send(datagram);
  }
  station::ListenSummary end() {
    listener_.stop();
    return summary_.get();
  }

 private:
  station::ListenOptions with_sign(station::ListenOptions options) {
    options.listening = [this] { listening_.set_value(); };
    return options;
  }

  std::promise<void> listening_;
  station::Listener listener_;
  std::future<station::ListenSummary> summary_;
  boost::asio::io_context io_;
  boost::asio::ip::udp::socket socket_;
  std::int64_t sent_ = 0;
};

station::ListenSummary listen_to(const Datagrams& datagrams, const station::ListenOptions& options) {
  Line line(options);
  line.send(datagrams);
  return line.end();
}

/// Listens to what is in the socket before it runs, and what is left there for a while when it does.
station::ListenSummary run_with(station::ListenOptions options, const Datagrams& before, const Datagrams& after,
                                std::chrono::milliseconds wait) {
  boost::asio::io_context io;
  boost::asio::ip::udp::socket socket(io, boost::asio::ip::udp::v4());
  boost::asio::ip::udp::endpoint to;
  const auto send = [&](const Datagrams& datagrams) {
    for (const Datagram& datagram : datagrams) socket.send_to(boost::asio::buffer(datagram), to);
  };
  options.listening = [&] {
    send(after);
    std::this_thread::sleep_for(wait);
  };
  station::Listener listener(options);
  to = {boost::asio::ip::make_address("127.0.0.1"), listener.address().port};
  send(before);
  auto listening = std::async(std::launch::async, [&] { return listener.run(); });
  while (listener.datagrams_taken() < std::ssize(after)) std::this_thread::yield();
  listener.stop();
  return listening.get();
}

}  // namespace

TEST_CASE("listen: recordings that are looped decode with their payloads, HARQ and cf32 as well", "[listen]") {
  struct Case {
    const char* name;
    int loops, slots, blocks;
  };
  for (const Case& c : {Case{"dev12_two_ues_fdm", 3, 3, 6}, Case{"dev05_harq_0231_partial", 3, 12, 3},
                        Case{"sionna03_harq_2310", 5, 20, 10}, Case{"sionna05_doppler_400_cfo", 1, 3, 3}}) {
    for (const int workers : {1, 3}) {
      INFO(c.name << " with " << workers << " workers");
      const stream::Recording recording = shipped(c.name);
      station::ListenOptions options = options_for(recording);
      options.workers = workers;
      const station::ListenSummary s = listen_to(datagrams_of(recording, c.loops), options);
      CHECK(s.all_right());
      CHECK(s.slots_on_time == c.slots);
      CHECK(s.blocks == c.blocks);
      CHECK(s.blocks_right == c.blocks);
      CHECK(s.payloads_known == c.blocks);
      CHECK(s.latency.count() == c.slots);
      CHECK(s.diagnosis().empty());
    }
  }
}

TEST_CASE("listen: lost, reordered, repeated and garbage packets are counted, and what came is decoded", "[listen]") {
  const stream::Recording recording = shipped("dev12_two_ues_fdm");
  Datagrams packets = datagrams_of(recording, 4);  // 8 packets a slot
  Datagrams sent(packets.begin(), packets.begin() + 8);
  sent.emplace_back(Datagram{'P', 'A'});
  sent.emplace_back(Datagram(100, 0));
  std::swap(packets[10], packets[12]);
  sent.insert(sent.end(), packets.begin() + 8, packets.begin() + 16);
  sent.push_back(packets[15]);
  sent.insert(sent.end(), packets.begin() + 16, packets.begin() + 22);  // slot 2 loses its last two packets
  sent.insert(sent.end(), packets.begin() + 24, packets.end());
  Datagram foreign = packets[31];
  foreign[4] = 2;
  sent.push_back(foreign);
  const station::ListenSummary s = listen_to(sent, options_for(recording));
  CHECK(s.assembly.packets_received == 31);
  CHECK(s.assembly.packets_lost == 2);
  CHECK(s.assembly.packets_reordered == 1);
  CHECK(s.assembly.packets_duplicate == 1);
  CHECK(s.datagrams_broken() == 3);
  CHECK(s.datagrams[static_cast<std::size_t>(stream::raw_iq::PacketStatus::too_short)] == 1);
  CHECK(s.datagrams[static_cast<std::size_t>(stream::raw_iq::PacketStatus::foreign)] == 1);
  CHECK(s.datagrams[static_cast<std::size_t>(stream::raw_iq::PacketStatus::foreign_version)] == 1);
  CHECK(s.slots_incomplete == 1);
  CHECK(s.slots_on_time == 4);
  CHECK(s.slots_lost() == 0);
  CHECK(s.blocks == 8);
  CHECK(s.blocks_right >= 6);
}

TEST_CASE("listen: a slot that misses one packet of one antenna decodes all the same", "[listen]") {
  const stream::Recording recording = shipped("dev12_two_ues_fdm");
  Datagrams packets = datagrams_of(recording, 3, 7, 14);
  packets.erase(packets.begin() + 28 + 9);
  const station::ListenSummary s = listen_to(packets, options_for(recording));
  CHECK(s.slots_incomplete == 1);
  CHECK(s.blocks == 6);
  CHECK(s.all_right());
}

TEST_CASE("listen: a slot of which nothing came is lost and its blocks failed", "[listen]") {
  const stream::Recording recording = shipped("dev12_two_ues_fdm");
  Datagrams packets = datagrams_of(recording, 6);
  packets.erase(packets.begin() + 16, packets.begin() + 24);
  const station::ListenSummary s = listen_to(packets, options_for(recording));
  CHECK(s.slots_lost() == 1);
  CHECK(s.slots_on_time == 5);
  CHECK(s.blocks == 12);
  CHECK(s.blocks_right == 10);
  CHECK_FALSE(s.all_right());
}

TEST_CASE("listen: a replayed stream is duplicates and nothing else", "[listen]") {
  const stream::Recording recording = shipped("dev12_two_ues_fdm");
  Datagrams packets = datagrams_of(recording, 2);
  const Datagrams once = packets;
  packets.insert(packets.end(), once.begin(), once.end());
  const station::ListenSummary s = listen_to(packets, options_for(recording));
  CHECK(s.assembly.packets_duplicate == 16);
  CHECK(s.blocks == 4);
  CHECK(s.all_right());
}

TEST_CASE("listen: a sender that dies in a slot and starts again is followed", "[listen]") {
  const stream::Recording recording = shipped("sionna03_harq_2310");
  const Datagrams old = datagrams_of(recording, 2, 7), fresh = datagrams_of(recording, 2, 8);
  Line line(options_for(recording));
  line.send(Datagrams(old.begin(), old.begin() + 18));  // slots 0 to 3, and half of slot 4
  line.send(fresh);
  line.send(old[20]);
  const station::ListenSummary s = line.end();
  CHECK(s.assembly.restarts == 1);
  CHECK(s.assembly.packets_other_stream == 7 + 1);
  CHECK_FALSE(s.all_right());  // one of the old stream's came after all
  CHECK(s.slots_incomplete == 2);
  CHECK(s.slots_on_time == 4 + 1 + 7);  // packets 0 to 6 of the new stream are rejected: its slot 0, and most of slot 1
  CHECK(s.slots_lost() == 1);
  CHECK(s.blocks_right >= 4);
  CHECK(s.blocks - s.blocks_right == s.blocks_failed_of_incomplete);
}

TEST_CASE("listen: who joins later does not count blocks that began before", "[listen]") {
  const stream::Recording recording = shipped("dev05_harq_0231_partial");  // one block in four slots
  const Datagrams packets = datagrams_of(recording, 3);
  const station::ListenSummary s = listen_to(Datagrams(packets.begin() + 6, packets.end()), options_for(recording));
  CHECK(s.assembly.slots_cut == 1);
  CHECK(s.slots_on_time == 10);
  CHECK(s.blocks == 2);
  CHECK(s.all_right());
}

TEST_CASE("listen: the slot that the end cuts off is not counted", "[listen]") {
  const stream::Recording recording = shipped("dev12_two_ues_fdm");
  const Datagrams packets = datagrams_of(recording, 3);
  const station::ListenSummary s = listen_to(Datagrams(packets.begin(), packets.end() - 3), options_for(recording));
  CHECK(s.slots_on_time == 2);
  CHECK(s.slots_incomplete == 0);
  CHECK(s.all_right());
}

TEST_CASE("listen: the time that samples wait in the socket counts, and makes slots late", "[listen]") {
  const stream::Recording recording = shipped("dev12_two_ues_fdm");
  station::ListenOptions options = options_for(recording);
  options.deadline_slots = 40;  // 20 ms
  boost::asio::io_context io;
  stream::UdpReceiver other(io, options.address);
  REQUIRE(tests::stamps_datagrams(io, other));
  const Datagrams packets = datagrams_of(recording, 2);
  const station::ListenSummary s = run_with(options, {}, packets, std::chrono::milliseconds(25));
  CHECK(s.latency.quantile_us(0.01) >= 25'000);
  CHECK(s.slots_late == 2);
  CHECK(s.slots_on_time == 0);
  CHECK(s.blocks_right == 4);
  CHECK_FALSE(s.all_right());
}

TEST_CASE("listen: what came before it listened is thrown away, and the stream is joined where it is", "[listen]") {
  const stream::Recording recording = shipped("dev12_two_ues_fdm");
  const Datagrams packets = datagrams_of(recording, 4);  // 8 packets a slot
  const station::ListenSummary s =
      run_with(options_for(recording), Datagrams(packets.begin(), packets.begin() + 12),
               Datagrams(packets.begin() + 16, packets.end()), std::chrono::milliseconds(0));
  CHECK(s.assembly.packets_received == 16);
  CHECK(s.assembly.packets_lost == 0);
  CHECK(s.slots_on_time == 2);
  CHECK(s.datagrams_dropped == 0);
  CHECK(s.all_right());
}

TEST_CASE("listen: without a packet it ends after its seconds and says so", "[listen]") {
  station::ListenOptions options = options_for(shipped("dev12_two_ues_fdm"));
  options.seconds = 0.05;
  const station::ListenSummary s = station::Listener(options).run();
  CHECK(s.slots() == 0);
  CHECK_FALSE(s.all_right());
  CHECK_THAT(s.diagnosis(), ContainsSubstring("no packet came"));
}

TEST_CASE("listen: where every packet is rejected it says why", "[listen]") {
  const stream::Recording recording = shipped("dev12_two_ues_fdm");
  Datagrams packets = datagrams_of(recording);
  for (Datagram& packet : packets) packet[4] = 9;
  const station::ListenSummary s = listen_to(packets, options_for(recording));
  CHECK_THAT(s.diagnosis(), ContainsSubstring("none was good") && ContainsSubstring("another version"));
  CHECK_FALSE(s.all_right());
}

TEST_CASE("listen: samples of another recording are told from a weak signal", "[listen]") {
  const station::ListenSummary other =
      listen_to(datagrams_of(shipped("dev04_256qam_51prb_30k_2rx"), 2), options_for(shipped("dev12_two_ues_fdm")));
  CHECK_THAT(other.diagnosis(), ContainsSubstring("another recording"));
  CHECK(other.payloads_wrong == 0);
  Datagrams silence = datagrams_of(shipped("dev12_two_ues_fdm"), 2);
  for (Datagram& packet : silence) std::fill(packet.begin() + 24, packet.end(), std::uint8_t{0});
  CHECK_THAT(listen_to(silence, options_for(shipped("dev12_two_ues_fdm"))).diagnosis(),
             ContainsSubstring("4 of 4 transmissions have no signal"));
}

TEST_CASE("listen: a wrong payload is found where the CRC holds", "[listen]") {
  const stream::Recording recording = shipped("dev12_two_ues_fdm");
  station::ListenOptions options = options_for(recording);
  options.grants.slots[0].grants[1].expected_payload[0] ^= 1;
  const station::ListenSummary s = listen_to(datagrams_of(recording, 2), options);
  CHECK(s.payloads_wrong == 2);
  CHECK(s.blocks_right == 2);
  CHECK_FALSE(s.all_right());
}

TEST_CASE("listen: a busy port and a foreign address are refused in one line", "[listen]") {
  station::ListenOptions options = options_for(shipped("dev12_two_ues_fdm"));
  const station::Listener first(options);
  options.address = first.address();
  CHECK_THROWS_WITH(station::Listener(options),
                    ContainsSubstring("busy") && ContainsSubstring(to_string(first.address())));
  options.address = stream::parse_address("udp://192.0.2.1:0", stream::Transport::udp);
  CHECK_THROWS_WITH(station::Listener(options), ContainsSubstring("192.0.2.1 is not an address of this machine"));
}

TEST_CASE("listen: what cannot run is refused", "[listen]") {
  station::ListenOptions options = options_for(shipped("dev12_two_ues_fdm"));
  options.workers = 2;
  options.backend = "cuda-emulated";
  CHECK_THROWS_WITH(station::Listener(options), ContainsSubstring("one thread"));
  options.backend = "abacus";
  CHECK_THROWS_AS(station::Listener(options), Error);
  options = options_for({});
  CHECK_THROWS_WITH(station::Listener(options), ContainsSubstring("nobody transmits"));
}
