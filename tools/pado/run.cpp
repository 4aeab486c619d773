// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/run_cell.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "phy/nr/error.h"
#include "scheduler/make_policy.h"
#include "tools/pado/address_file.h"
#include "tools/pado/interrupt.h"
#include "tools/pado/json_lines.h"
#include "tools/pado/run_report.h"
#include "tools/pado/subcommands.h"

namespace pado::tools {
namespace {

constexpr const char* kExamples =
    "Examples, each in two terminals from the tree's root:\n"
    "  pado run --config testvectors/cell.yaml --seconds 10\n"
    "  pado ue --to 127.0.0.1:5555 --users 4\n"
    "\n"
    "  pado run --config testvectors/cell.yaml --policy learned --json run.json\n"
    "  pado ue --to 127.0.0.1:5555 --users 4 --traffic bursts --speed-kmh 30\n"
    "Either may be started first. Without --seconds the cell goes on until it is interrupted; users that break off "
    "make\n"
    "room for others.\n"
    "Exit status: 1 if a payload was corrupt, delivered twice, out of order or is unaccounted for, or if a session of\n"
    "users broke off, or if no users came.";

struct Arguments {
  std::string config, policy, policy_file, address_file, json_file;
  double seconds = 0;
};

std::string bare(const stream::Address& address) {
  return fmt::format("{}:{}", address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]",
                     address.port);
}

void run(const Arguments& arguments, int& status) {
  if (!std::isfinite(arguments.seconds)) throw Error(fmt::format("--seconds {} is no number", arguments.seconds));
  station::RunOptions options;
  options.cell = station::read_cell_config(arguments.config);
  if (!arguments.policy.empty()) {
    options.cell.scheduler.policy = arguments.policy;
    if (arguments.policy != "learned") options.cell.scheduler.policy_file.clear();
  }
  if (!arguments.policy_file.empty()) options.cell.scheduler.policy_file = arguments.policy_file;
  options.seconds = arguments.seconds;
  options.stop = &interrupted();
  JsonLines json(arguments.json_file);
  options.on_listening = [&](const stream::Address& address) {
    fmt::print("waiting for pado ue --to {}\n", bare(address));
    std::fflush(stdout);
    write_address_file(arguments.address_file, bare(address));
  };
  options.on_event = [](const std::string& text) {
    fmt::print("{}\n", text);
    std::fflush(stdout);
  };
  const station::RunSummary summary = station::run_cell(options);
  fmt::print("{}", run_report(summary));
  json.write(run_json(summary));
  json.close();
  if (!summary.all_right()) status = kCheckFailed;
}

}  // namespace

void add_run(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand(
      "run", "A base station whose loop is closed: grants out, the users' samples in, decoded, scheduled again");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("--config", arguments->config, "the cell: address, carrier, scheduler (docs/cell_config.md)")
      ->required();
  command->add_option("--policy", arguments->policy,
                      fmt::format("{}; without it, the configuration's", scheduler::kPolicyNames));
  command->add_option("--policy-file", arguments->policy_file, "weights of the learned policy, in place of Pado's own");
  command->add_option("--seconds", arguments->seconds, "of cell time, not of the clock; without it, until interrupted")
      ->check(CLI::Range(0.001, 1e6));
  command->add_option("--address-file", arguments->address_file,
                      "write the address for `pado ue --to` into this file as soon as users may come");
  command->add_option("--json", arguments->json_file, "write the summary as one JSON object to this file");
  command->footer(kExamples);
  command->callback([arguments, &status] { run(*arguments, status); });
}

}  // namespace pado::tools
