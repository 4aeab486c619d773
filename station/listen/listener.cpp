// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/listen/listener.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <optional>
#include <thread>
#include <vector>

#include "phy/nr/error.h"
#include "station/listen/report_thread.h"
#include "stream/thread_priority.h"
#include "stream/udp_receiver.h"

namespace pado::station {
namespace {

constexpr int kBuffers = 64;  // slots that may wait: 32 ms at 30 kHz, so that a pause of the machine costs time alone
constexpr auto kTick = std::chrono::milliseconds(20);
constexpr std::int64_t kSilenceNs = 100'000'000;  // then no packet is waited for any longer
constexpr std::int64_t kDrainNs = 100'000'000;    // at the end, where a sender does not stop

constexpr int kMostStaleBatches = 1024;  // more than the socket's buffer holds

double slot_us(const nr::Carrier& carrier) { return 1000.0 / (carrier.scs_hz / 15000); }

}  // namespace

/// The receive thread's part, and the threads behind it.
class Listener::Pipeline {
 public:
  explicit Pipeline(const ListenOptions& options);

  [[nodiscard]] const stream::Address& address() const { return receiver_.address(); }
  ListenSummary run();
  void stop() {
    boost::asio::post(io_, [this] { io_.stop(); });
  }
  [[nodiscard]] std::int64_t datagrams_taken() const noexcept { return taken_.load(std::memory_order_relaxed); }

 private:
  void discard_stale() noexcept;
  void wait_for_datagrams();
  void wait_for_tick();
  bool take_batch() noexcept;
  void hand_out() noexcept;
  void tick();

  ListenOptions options_;
  boost::asio::io_context io_{1};
  boost::asio::steady_timer timer_{io_};
  std::optional<boost::asio::signal_set> signals_;
  stream::UdpReceiver receiver_;
  GrantCycle cycle_;
  stream::SlotAssembler assembler_;
  std::vector<std::unique_ptr<DecodeWorker>> workers_;
  std::array<std::int64_t, stream::raw_iq::kPacketStatuses> datagrams_{};
  std::atomic<std::int64_t> taken_{0};
  std::int64_t dropped_before_ = 0;
  std::int64_t start_ns_ = 0, first_packet_ns_ = 0, last_packet_ns_ = 0;
  int stream_run_ = 0;  // of the assembler's
  std::int64_t first_slot_of_run_ = 0, loop_ = 0;
  std::uint64_t round_ = 0;
};

Listener::Pipeline::Pipeline(const ListenOptions& options)
    : options_(options),
      receiver_(io_, options.address),
      cycle_(make_grant_cycle(options.grants)),
      assembler_({.carrier = cycle_.carrier,
                  .first_slot = cycle_.first_slot,
                  .window = options.reorder_slots - 1,
                  .buffers = kBuffers}) {
  if (options.workers > 1 && !runs_side_by_side(options.backend))
    throw Error(fmt::format("workers {}: backend {} decodes on one thread", options.workers, options.backend));
  for (int i = 0; i < options.workers; ++i)
    workers_.push_back(std::make_unique<DecodeWorker>(cycle_, options.backend, kBuffers));
}

ListenSummary Listener::Pipeline::run() {
  for (auto& worker : workers_) worker->start();
  ReportThread reports(workers_, options_.deadline_slots * slot_us(cycle_.carrier), options_.progress);
  if (options_.stop_on_signals) {
    signals_.emplace(io_, SIGINT, SIGTERM);
    signals_->async_wait([this](const boost::system::error_code& error, int) {
      if (!error) io_.stop();
    });
  }
  const stream::ThreadPriority priority(stream::ThreadPriority::kReceive);
  discard_stale();
  start_ns_ = now_ns();
  if (options_.listening) options_.listening();
  wait_for_datagrams();
  wait_for_tick();
  io_.run();
  for (const std::int64_t end = now_ns() + kDrainNs; take_batch() && now_ns() < end;) {
  }
  const std::int64_t end_ns = now_ns();
  assembler_.finish();
  hand_out();
  for (auto& worker : workers_) worker->finish();
  ListenSummary summary = reports.finish();
  summary.seconds = first_packet_ns_ == 0 ? 0 : 1e-9 * static_cast<double>(end_ns - first_packet_ns_);
  summary.assembly = assembler_.counters();
  summary.datagrams = datagrams_;
  const std::int64_t dropped = receiver_.dropped();
  summary.datagrams_dropped = dropped < 0 ? dropped : dropped - dropped_before_;
  summary.receive_buffer_bytes = receiver_.buffer_bytes();
  for (auto& worker : workers_) {
    summary.outcomes_dropped += worker->outcomes_dropped();
    if (summary.backend_failure.empty()) summary.backend_failure = worker->failure();
  }
  return summary;
}

// A sender that runs already has filled the socket while plans and memory were made: nobody could be in time for that.
void Listener::Pipeline::discard_stale() noexcept {
  for (int batch = 0; batch < kMostStaleBatches && !receiver_.take().empty(); ++batch) {
  }
  dropped_before_ = receiver_.dropped();
}

void Listener::Pipeline::wait_for_datagrams() {
  receiver_.socket().async_wait(boost::asio::ip::udp::socket::wait_read,
                                [this](const boost::system::error_code& error) {
                                  if (error) return;
                                  take_batch();
                                  wait_for_datagrams();
                                });
}

// False where there was none.
bool Listener::Pipeline::take_batch() noexcept {
  const auto batch = receiver_.take();
  if (batch.empty()) return false;
  const std::int64_t taken_ns = now_ns();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    stream::IqPacket packet;
    const auto status = stream::raw_iq::decode(batch[i], cycle_.carrier.antennas, packet);
    ++datagrams_[static_cast<std::size_t>(status)];
    if (status != stream::raw_iq::PacketStatus::ok) continue;
    assembler_.add(packet, receiver_.arrivals_ns()[i]);
    last_packet_ns_ = taken_ns;
    hand_out();
  }
  if (first_packet_ns_ == 0) first_packet_ns_ = last_packet_ns_;
  taken_.fetch_add(std::ssize(batch), std::memory_order_relaxed);
  return true;
}

// Finished slots to the workers, and buffers that they are done with back.
void Listener::Pipeline::hand_out() noexcept {
  for (auto& worker : workers_)
    while (stream::SlotBuffer* done = worker->take_back()) assembler_.give_back(done);
  while (stream::SlotBuffer* buffer = assembler_.next()) {
    const auto slots = std::ssize(cycle_.slots);
    const std::int64_t loop = buffer->slot / slots;
    if (buffer->run != stream_run_) {
      stream_run_ = buffer->run;
      first_slot_of_run_ = buffer->slot;
      ++round_;
    } else if (loop != loop_) {
      ++round_;
    }
    loop_ = loop;
    const auto cycle_slot = static_cast<int>(buffer->slot % slots);
    const int chain = cycle_.slots[static_cast<std::size_t>(cycle_slot)].chain;
    const std::int64_t share = chain >= 0 ? chain : buffer->slot;
    workers_[static_cast<std::size_t>(share) % workers_.size()]->give(
        {.buffer = buffer,
         .cycle_slot = cycle_slot,
         .round = round_,
         .slots_before = buffer->slot - first_slot_of_run_});
  }
}

void Listener::Pipeline::wait_for_tick() {
  timer_.expires_after(kTick);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    tick();
    wait_for_tick();
  });
}

void Listener::Pipeline::tick() {
  const std::int64_t now = now_ns(), from = first_packet_ns_ != 0 ? first_packet_ns_ : start_ns_;
  const bool silent = last_packet_ns_ != 0 && now - last_packet_ns_ > kSilenceNs;
  if (silent && !take_batch()) assembler_.flush_open();  // what waits in the socket was not silence
  hand_out();
  if (options_.seconds > 0 && static_cast<double>(now - from) > 1e9 * options_.seconds) io_.stop();
}

Listener::Listener(const ListenOptions& options) : pipeline_(std::make_unique<Pipeline>(options)) {}
Listener::~Listener() = default;
const stream::Address& Listener::address() const { return pipeline_->address(); }
ListenSummary Listener::run() { return pipeline_->run(); }
void Listener::stop() { pipeline_->stop(); }
std::int64_t Listener::datagrams_taken() const noexcept { return pipeline_->datagrams_taken(); }

}  // namespace pado::station
