// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/listen/listener.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "phy/nr/error.h"
#include "station/cell_config.h"
#include "tools/pado/address_file.h"
#include "tools/pado/json_lines.h"
#include "tools/pado/subcommands.h"
#include "tools/pado/text_table.h"

namespace pado::tools {
namespace {

using stream::raw_iq::kPacketStatuses;

constexpr const char* kExamples =
    "Examples:\n"
    "  pado listen --config testvectors/cell.yaml --seconds 10\n"
    "  pado listen --config cell.yaml --json out.json --address-file address.txt\n"
    "docs/cell_config.md has the format of the configuration, docs/streaming.md says what the figures mean.";

struct Input {
  std::string config, json_file, address_file;
  double seconds = 0;
};

station::ListenOptions options_of(const station::CellConfig& config, double seconds) {
  if (config.grants.slots.empty())
    throw Error(fmt::format("{}: grants: missing, and listen has to know who transmits", config.name));
  station::ListenOptions options;
  try {
    options.address = stream::parse_address(config.listen, stream::Transport::udp);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: listen: {}", config.name, error.what()));
  }
  options.grants = config.grants;
  options.backend = config.backend;
  options.workers = config.workers;
  options.deadline_slots = config.deadline_slots;
  options.reorder_slots = config.reorder_slots;
  options.seconds = seconds;
  options.stop_on_signals = true;
  return options;
}

/// What there is besides received, lost, reordered, duplicate and late: a name and a count each.
std::vector<std::pair<std::string, std::int64_t>> rejects(const station::ListenSummary& s) {
  std::vector<std::pair<std::string, std::int64_t>> result;
  for (std::size_t i = 1; i < kPacketStatuses; ++i)
    result.emplace_back(stream::raw_iq::kPacketStatusNames[i], s.datagrams[i]);
  result.emplace_back("other_stream", s.assembly.packets_other_stream);
  result.emplace_back("far_away", s.assembly.packets_far_away);
  return result;
}

std::string count(std::int64_t number) { return fmt::format("{}", number); }

void print(const station::ListenSummary& s, int deadline_slots) {
  const stream::AssemblyCounters& a = s.assembly;
  fmt::print(
      "{}",
      text_table({{"slots", "on time", "late", "lost", "incomplete"},
                  {"", count(s.slots_on_time), count(s.slots_late), count(s.slots_lost()), count(s.slots_incomplete)}},
                 ""));
  fmt::print("{}", text_table({{"packets", "received", "lost", "reordered", "duplicate", "late", "rejected", "no room"},
                               {"", count(a.packets_received + s.datagrams_broken()), count(a.packets_lost),
                                count(a.packets_reordered), count(a.packets_duplicate), count(a.packets_late),
                                count(s.datagrams_broken() + a.packets_other_stream + a.packets_far_away),
                                count(a.packets_no_room)}},
                              ""));
  for (const auto& [name, number] : rejects(s))
    if (number > 0) fmt::print("  rejected as {}: {}\n", name, number);
  if (s.datagrams_dropped > 0) {
    fmt::print("  {} datagrams were dropped by the system, whose buffer of {} kB was full (sysctl net.core.rmem_max)\n",
               s.datagrams_dropped, s.receive_buffer_bytes / 1000);
  }
  if (a.packets_beside > 0)
    fmt::print("  two senders: {} packets of another stream came while one went on\n", a.packets_beside);
  if (a.restarts + a.jumps > 0) fmt::print("  {} restarts of the sender, {} jumps\n", a.restarts, a.jumps);
  const station::LatencyHistogram& latency = s.latency;
  const auto us = [&](double share) { return fmt::format("{:.0f}", latency.quantile_us(share)); };
  fmt::print("{}", text_table({{"latency us", "p50", "p99", "p99.9", "max"},
                               {"", us(0.5), us(0.99), us(0.999), fmt::format("{:.0f}", latency.max_us())}},
                              ""));
  fmt::print("{} of {} blocks right, {} of them with a known payload, {} payloads wrong; {:.1f} s, deadline {} slots\n",
             s.blocks_right, s.blocks, s.payloads_known, s.payloads_wrong, s.seconds, deadline_slots);
}

nlohmann::json to_json(const station::ListenSummary& s, const std::string& address, int deadline_slots) {
  const stream::AssemblyCounters& a = s.assembly;
  nlohmann::json rejected;
  for (const auto& [name, number] : rejects(s)) rejected[name] = number;
  const bool known = s.latency.count() > 0;
  return {{"address", address},
          {"seconds", number_or_null(s.seconds, true)},
          {"deadline_slots", deadline_slots},
          {"slots",
           {{"on_time", s.slots_on_time},
            {"late", s.slots_late},
            {"lost", s.slots_lost()},
            {"incomplete", s.slots_incomplete},
            {"cut", a.slots_cut}}},
          {"packets",
           {{"received", a.packets_received + s.datagrams_broken()},
            {"lost", a.packets_lost},
            {"reordered", a.packets_reordered},
            {"duplicate", a.packets_duplicate},
            {"late", a.packets_late},
            {"no_room", a.packets_no_room},
            {"dropped_by_system", s.datagrams_dropped},
            {"rejected", rejected}}},
          {"packets_of_another_sender", a.packets_beside},
          {"restarts", a.restarts},
          {"jumps", a.jumps},
          {"blocks", {{"ended", s.blocks}, {"right", s.blocks_right}, {"payload_known", s.payloads_known}}},
          {"payloads_wrong", s.payloads_wrong},
          {"latency_us",
           {{"p50", number_or_null(s.latency.quantile_us(0.5), known)},
            {"p99", number_or_null(s.latency.quantile_us(0.99), known)},
            {"p99.9", number_or_null(s.latency.quantile_us(0.999), known)},
            {"max", number_or_null(s.latency.max_us(), known)}}},
          {"diagnosis", s.diagnosis()}};
}

void run(const Input& input, int& status) {
  if (!std::isfinite(input.seconds)) throw Error("--seconds is not a number from 0 on");
  const station::CellConfig config = station::read_cell_config(input.config);
  for (const stream::Problem& problem : config.grants.problems)
    fmt::print(stderr, "pado: {}: {}\n", config.grants.name, problem.message);
  station::ListenOptions options = options_of(config, input.seconds);
  const bool on_terminal = ::isatty(STDERR_FILENO) == 1;
  if (on_terminal) {
    options.progress = [](const station::ListenSummary& s) {
      fmt::print(stderr, "\rpado listen: {} slots on time, {} late, {} incomplete; {} of {} blocks right",
                 s.slots_on_time, s.slots_late, s.slots_incomplete, s.blocks_right, s.blocks);
      std::fflush(stderr);
    };
  }
  JsonLines json(input.json_file);
  std::string address;
  options.listening = [&] {
    fmt::print("listening on {}\n", address);
    std::fflush(stdout);
    write_address_file(input.address_file, address);
  };
  station::Listener listener(options);
  address = to_string(listener.address());
  const station::ListenSummary summary = listener.run();
  if (on_terminal) fmt::print(stderr, "\n");
  print(summary, config.deadline_slots);
  std::fflush(stdout);
  json.write(to_json(summary, address, config.deadline_slots));
  json.close();
  if (const std::string why = summary.diagnosis(); !why.empty()) fmt::print(stderr, "pado: {}\n", why);
  if (!config.grants.problems.empty())
    status = kUnusable;
  else if (!summary.all_right())
    status = kCheckFailed;
}

}  // namespace

void add_listen(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("listen", "Decode slots as their samples come in over UDP");
  const auto input = std::make_shared<Input>();
  command->add_option("--config", input->config, "YAML: where samples come to, who transmits, the deadline")
      ->required();
  command
      ->add_option("--seconds", input->seconds,
                   "from the first packet on, or without any from the start; 0: until Ctrl-C")
      ->check(CLI::Range(0.0, 1e9))
      ->capture_default_str();
  command->add_option("--json", input->json_file,
                      "write the summary as one JSON object to this file, which is replaced");
  command->add_option("--address-file", input->address_file, "write the address, with the port in use, to this file");
  command->footer(kExamples);
  command->callback([input, &status] { run(*input, status); });
}

}  // namespace pado::tools
