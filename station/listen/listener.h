// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "station/listen/summary.h"
#include "stream/address.h"
#include "stream/recording/recording.h"

namespace pado::station {

struct ListenOptions {
  stream::Address address;
  stream::Recording grants;  // who transmits: its slots repeat
  std::string backend = "cpu";
  int workers = 1;  // threads that decode
  int deadline_slots = 3;
  int reorder_slots = 2;                 // a slot waits for its last packets until so many slots have begun after it
  double seconds = 0;                    // from the first packet on, or without any from the start; 0: until stop
  bool stop_on_signals = false;          // SIGINT and SIGTERM
  std::function<void()> listening = {};  // called in run, when from now on what comes counts
  std::function<void(const ListenSummary&)> progress =
      {};  // called each second on the report thread; without the counters
};

/// Samples from a socket to decoded blocks: a receive thread (that which calls run) puts slots together, workers decode
/// them, a report thread counts. docs/streaming.md has the picture.
class Listener {
 public:
  /// Opens the socket, makes the plans and lays out all memory. Throws Error where one of them cannot be.
  explicit Listener(const ListenOptions& options);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Where it listens, with the port that the system picked for 0.
  [[nodiscard]] const stream::Address& address() const;

  /// Throws away what has come so far, then listens until the time is up or stop is called, then decodes what has come
  /// and returns what was seen. Once.
  ListenSummary run();

  /// From any thread.
  void stop();

  /// From any thread: datagrams taken from the socket so far.
  [[nodiscard]] std::int64_t datagrams_taken() const noexcept;

 private:
  class Pipeline;
  std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace pado::station
