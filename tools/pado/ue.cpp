// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "phy/nr/error.h"
#include "station/cell_config.h"
#include "station/users/run_users.h"
#include "tools/pado/interrupt.h"
#include "tools/pado/subcommands.h"

namespace pado::tools {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  pado ue --to 127.0.0.1:5555 --users 4\n"
    "  pado ue --to 127.0.0.1:5555 --users 8 --speed-kmh 60 --profile tdl-c --delay-spread-ns 300 --seed 7\n"
    "  pado ue --to 127.0.0.1:5555 --users 4 --traffic bursts --load-mbps 2\n"
    "The address is the one that `pado run` prints. It may be started before or after; it ends when `pado run` does.\n"
    "The same seed, options and cell give the same run.\n"
    "Exit status: 1 if the two ends do not agree on every payload, or the base station broke off; 2 if there was "
    "none,\n"
    "or it refused.";

struct Arguments {
  station::UsersOptions options;
  std::string to, traffic = "full", config;
  double delay_spread_ns = 100, load_mbps = 4;
};

void check_number(const char* name, double value) {
  if (!std::isfinite(value)) throw Error(fmt::format("{} {} is no number", name, value));
}

stream::Address address_of(const std::string& text) {
  // The host and port are what counts: both transports are used.
  if (text.find("://") == std::string::npos) return stream::parse_address("udp://" + text, stream::Transport::udp);
  return stream::parse_address(text, stream::Transport::udp);
}

void run(Arguments& arguments, int& status) {
  station::UsersOptions& options = arguments.options;
  options.to = address_of(arguments.to);
  if (options.to.port == 0) throw Error(fmt::format("--to {}: a port is needed, e.g. 127.0.0.1:5555", arguments.to));
  check_number("--wait-s", options.wait_s);
  check_number("--lose", options.lose);
  check_number("--delay-spread-ns", arguments.delay_spread_ns);
  options.users.delay_spread_s = arguments.delay_spread_ns * 1e-9;
  options.users.load_bps = arguments.load_mbps * 1e6;
  options.users.traffic =
      arguments.traffic == "full" ? scheduler::TrafficClass::full_buffer : scheduler::TrafficClass::bursts;
  if (!arguments.config.empty()) options.expects = station::read_cell_config(arguments.config).carrier;
  options.stop = &interrupted();
  options.on_event = [](const std::string& text) {
    fmt::print("{}\n", text);
    std::fflush(stdout);
  };
  const station::UsersSummary summary = station::run_users(options);
  if (summary.outcome == station::UsersOutcome::refused && summary.slots == 0)
    throw Error(fmt::format("{}: the base station refused: {}", arguments.to, summary.trouble));
  std::int64_t sent = 0, delivered = 0, lost = 0;
  for (const station::UserAccount& account : summary.account.accounts) {
    sent += account.sent;
    delivered += account.delivered;
    lost += account.lost;
  }
  fmt::print("{} slots: {} payloads sent, {} delivered, {} lost; {}\n", summary.slots, sent, delivered, lost,
             summary.all_right()                                  ? "the base station agrees"
             : summary.outcome == station::UsersOutcome::complete ? "the base station does NOT agree"
                                                                  : summary.trouble);
  if (summary.bursts_turned_away > 0) {
    fmt::print("{} bursts were turned away: 16 MB were waiting, the load is above what the cell carries\n",
               summary.bursts_turned_away);
  }
  if (!summary.all_right()) status = kCheckFailed;
}

}  // namespace

void add_ue(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand(
      "ue", "The emulated users of a `pado run`: they do as they are granted, through fading, noise and sockets");
  const auto arguments = std::make_shared<Arguments>();
  station::UsersConfig& users = arguments->options.users;
  command->add_option("--to", arguments->to, "address of the base station, HOST:PORT")->required();
  command->add_option("--users", users.users, "how many")->capture_default_str();
  command->add_option("--seed", users.seed, "of fading, noise, traffic and payloads")->capture_default_str();
  command->add_option("--speed-kmh", users.speed_kmh, "of the users; gives the Doppler")->capture_default_str();
  command->add_option("--snr-db", users.snr_db, "mean over users and fading, at one antenna")->capture_default_str();
  command->add_option("--snr-spread-db", users.snr_spread_db, "from the weakest user to the strongest one")
      ->capture_default_str();
  command->add_option("--profile", users.profile, "of the fading, TR 38.901: tdl-a, tdl-b or tdl-c")
      ->capture_default_str();
  command->add_option("--delay-spread-ns", arguments->delay_spread_ns, "of the fading")->capture_default_str();
  command->add_option("--traffic", arguments->traffic, "full: always more to send; bursts: files at random")
      ->check(CLI::IsMember({"full", "bursts"}))
      ->capture_default_str();
  command->add_option("--load-mbps", arguments->load_mbps, "of each user's bursts, mean")->capture_default_str();
  command->add_option("--lose", arguments->options.lose, "share of the packets that are not sent, to see what happens")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--config", arguments->config, "the cell to expect: with another one, say so and end");
  command->add_option("--wait-s", arguments->options.wait_s, "how long to wait for the base station")
      ->check(CLI::Range(0.0, 86400.0))
      ->capture_default_str();
  command->footer(kExamples);
  command->callback([arguments, &status] { run(*arguments, status); });
}

}  // namespace pado::tools
