// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <memory>
#include <random>
#include <string>

#include "phy/nr/error.h"
#include "stream/address.h"
#include "stream/raw_iq/sender.h"
#include "stream/recording/open.h"
#include "stream/recording/played_samples.h"
#include "tools/pado/recording_files.h"
#include "tools/pado/subcommands.h"

namespace pado::tools {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  pado send testvectors/dev04_256qam_51prb_30k_2rx --to udp://127.0.0.1:5555 --loop 1000\n"
    "  pado send capture --to udp://192.0.2.7:5555 --loop 0 --speed 0.5\n"
    "docs/raw_iq.md has the format of the packets, docs/streaming.md how a recording becomes a stream.";

constexpr double kSlow = 0.9;               // of the speed that was asked for
constexpr double kFarBehindSeconds = 0.01;  // less is a pause of the machine

struct Input {
  RecordingFiles recording;
  std::string to;
  stream::raw_iq::SendOptions options;
};

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");

void show_progress(const stream::raw_iq::SendCounters& c) {
  fmt::print(stderr, "\rpado send: {:.1f} s, {} packets, loop {}", c.seconds, c.packets, c.loops + 1);
  std::fflush(stderr);
}

void print(const stream::raw_iq::SendCounters& c, const stream::PlayedSamples& played, const stream::Address& to,
           double speed) {
  const double rate = static_cast<double>(c.samples) / std::max(c.seconds, 1e-9);
  fmt::print("sent to {}: {} packets, {} samples of each of {} antenna{}, {} loop{} in {:.3f} s\n", to_string(to),
             c.packets, c.samples, played.antennas, played.antennas == 1 ? "" : "s", c.loops, c.loops == 1 ? "" : "s",
             c.seconds);
  fmt::print("  {:.3f} Msample/s, {:.4f} of real time, {:.1f} Mb/s; at most {:.2f} ms behind\n", rate / 1e6,
             rate / played.sample_rate_hz, 8e-6 * static_cast<double>(c.bytes) / std::max(c.seconds, 1e-9),
             1e3 * c.most_behind_s);
  if (const double kept = rate / (played.sample_rate_hz * speed); kept < kSlow && c.most_behind_s > kFarBehindSeconds)
    fmt::print("  too slow: {:.2f} of the speed asked for; who listens may have seen slots late or silence\n", kept);
  if (c.packets_refused > 0) fmt::print("  {} packets were refused: nobody listens there\n", c.packets_refused);
  if (c.packets_failed > 0) fmt::print("  {} packets were not taken by the system\n", c.packets_failed);
}

void run(Input& input, int& status) {
  if (input.recording.files.size() != 1) throw Error("send: one recording at a time");
  if (!std::isfinite(input.options.speed)) throw Error("--speed is not a number from 0.1 to 2");
  input.options.to = stream::parse_address(input.to, stream::Transport::udp);
  const stream::Recording recording = stream::open_recording(input.recording.files.front(), input.recording.options);
  for (const stream::Problem& problem : recording.problems)
    fmt::print(stderr, "pado: {}: {}\n", recording.name, problem.message);
  const stream::PlayedSamples played = stream::read_played_samples(recording);
  if (played.clipped > 0)
    fmt::print(stderr, "pado: {}: {} values were clipped to 16 bits\n", recording.name, played.clipped);
  input.options.stream_id = std::random_device{}();
  input.options.stop = &stop_asked;
  const bool on_terminal = ::isatty(STDERR_FILENO) == 1;
  if (on_terminal) input.options.progress = show_progress;
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { stop_asked = true; });
  const stream::raw_iq::SendCounters counters = stream::raw_iq::send(played, input.options);
  if (on_terminal) fmt::print(stderr, "\n");
  print(counters, played, input.options.to, input.options.speed);
  if (!recording.problems.empty()) status = kUnusable;
}

}  // namespace

void add_send(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("send", "Play a recording in real time over UDP");
  const auto input = std::make_shared<Input>();
  add_recording_files(*command, input->recording);
  command->add_option("--to", input->to, "where to, udp://HOST:PORT")->required();
  command->add_option("--speed", input->options.speed, "of real time")
      ->check(CLI::Range(0.1, 2.0))
      ->capture_default_str();
  command->add_option("--loop", input->options.loops, "how often, one after another without a gap; 0: for ever")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 40))
      ->capture_default_str();
  command
      ->add_option("--payload-bytes", input->options.datagram_bytes,
                   "of a datagram, its header of 24 bytes included; without it 8192 to this machine, 1472 elsewhere")
      ->check(CLI::Range(28, 65507));
  command->footer(kExamples);
  command->callback([input, &status] { run(*input, status); });
}

}  // namespace pado::tools
