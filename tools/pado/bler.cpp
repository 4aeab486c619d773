// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include "phy/nr/error.h"
#include "station/bler/campaign.h"
#include "tools/pado/json_lines.h"
#include "tools/pado/progress_bar.h"
#include "tools/pado/subcommands.h"
#include "tools/pado/text_table.h"

namespace pado::tools {
namespace {

using station::bler::Level;
using station::bler::RowResult;

constexpr const char* kExamples =
    "Examples:\n"
    "  pado bler --short\n"
    "  pado bler --rows A5,A4-2x2 --blocks 4000 --json bler.jsonl\n"
    "  pado bler --rows A3-1x4,A5-1x4 --interferer-db 10\n"
    "Rows: reference channel (A3 QPSK, A4 16QAM, A5 64QAM), layers x antennas. Known: the same receiver, told the "
    "true\n"
    "channel. Exit status 1 where a row misses its requirement.";
constexpr int kShortBlocks = 400, kBlocks = 2000;

struct Input {
  station::bler::CampaignOptions options;
  int blocks = 0;  // 0: kBlocks, or kShortBlocks
  bool is_short = false;
  std::string rows, json_file;
  double interferer_db = 0;
};

void print_line(const std::string& name, const std::string& channel, const std::string& required,
                const std::string& ours, const std::string& known, const std::string& margin, const std::string& loss,
                const std::string& verdict) {
  fmt::print("  {:<7} {:<12} {:>8} {:>15} {:>15} {:>7} {:>6}  {}\n", name, channel, required, ours, known, margin, loss,
             verdict);
}

std::string text_of(const Level& level) {
  return level.reached ? fmt::format("{} +-{:.2f}", fixed_point(level.snr_db, 2), level.interval_db) : "not reached";
}

void print(const RowResult& row) {
  const auto& r = *row.requirement;
  const std::string channel = fmt::format("{}-{:.0f}", r.profile, r.doppler_hz), required = fixed_point(r.snr_db, 1);
  if (!row.refused.empty()) return print_line(std::string(r.name), channel, required, "-", "-", "-", "-", row.refused);
  print_line(std::string(r.name), channel, required, text_of(row.ours), text_of(row.known),
             row.ours.reached ? fixed_point(row.margin_db(), 2) : "-",
             row.ours.reached && row.known.reached ? fixed_point(row.loss_db(), 2) : "-", row.met() ? "met" : "MISSED");
}

nlohmann::json json_line(const RowResult& row, const Input& input) {
  const auto& r = *row.requirement;
  return {{"row", r.name},
          {"reference_channel", r.reference_channel},
          {"layers", r.layers},
          {"rx_antennas", r.antennas},
          {"channel", r.profile},
          {"max_doppler_hz", r.doppler_hz},
          {"required_snr_db", r.snr_db},
          {"snr_db", number_or_null(row.ours.snr_db, row.ours.reached)},
          {"confidence_95_db", number_or_null(row.ours.interval_db, row.ours.reached)},
          {"known_channel_snr_db", number_or_null(row.known.snr_db, row.known.reached)},
          {"known_channel_confidence_95_db", number_or_null(row.known.interval_db, row.known.reached)},
          {"margin_db", number_or_null(row.margin_db(), row.ours.reached)},
          {"loss_db", number_or_null(row.loss_db(), row.ours.reached && row.known.reached)},
          {"met", row.met()},
          {"refused", row.refused},
          {"blocks", input.options.blocks},
          {"seed", input.options.link.seed},
          {"interferer_db", number_or_null(input.interferer_db, input.options.link.interferer_db.has_value())}};
}

void print_means(const std::vector<RowResult>& rows) {
  double margin = 0, loss = 0, least = 1e9, most = -1e9;
  int count = 0;
  for (const RowResult& row : rows) {
    if (!row.refused.empty() || !row.ours.reached || !row.known.reached) continue;
    ++count;
    margin += row.margin_db();
    loss += row.loss_db();
    least = std::min(least, row.margin_db());
    most = std::max(most, row.loss_db());
  }
  if (count == 0) return;
  fmt::print(
      "  margin to the requirement: {} dB on average, {} at least; loss to the known channel: {} on average, {} at "
      "most\n",
      fixed_point(margin / count, 2), fixed_point(least, 2), fixed_point(loss / count, 2), fixed_point(most, 2));
}

void run(Input input, const CLI::App& command, int& status) {
  if (!std::isfinite(input.interferer_db)) throw Error("--interferer-db is not a number from -30 to 30");
  input.options.blocks = input.blocks > 0 ? input.blocks : input.is_short ? kShortBlocks : kBlocks;
  const bool interferer = command.count("--interferer-db") > 0;
  if (interferer) input.options.link.interferer_db = input.interferer_db;
  const auto rows = station::bler::choose_rows(input.rows);
  JsonLines json(input.json_file);
  fmt::print("PUSCH, TS 38.104, 8.2.1: SNR in dB at 70 % of the maximum throughput, {} blocks a point, seed {}{}\n",
             input.options.blocks, input.options.link.seed,
             interferer ? fmt::format(", an interferer of {:+g} dB on the same PRBs", input.interferer_db) : "");
  print_line("row", "channel", "required", "ours", "known", "margin", "loss", "");
  std::vector<RowResult> results;
  ProgressBar bar;
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    results.push_back(run_row(*rows[i], input.options, [&](bool known, double snr_db, int done, int blocks) {
      const double row_share = (known ? 0.5 : 0) + 0.5 * done / blocks;
      bar.show((static_cast<double>(i) + row_share) / static_cast<double>(rows.size()),
               fmt::format("{}{} at {:.2f} dB", rows[i]->name, known ? ", channel known," : "", snr_db));
    }));
    bar.clear();
    print(results.back());
    std::fflush(stdout);
    json.write(json_line(results.back(), input));
    if (!results.back().met() && !interferer) status = kCheckFailed;  // the requirement knows no interferer
  }
  print_means(results);
  fmt::print("  took {:.0f} s\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  json.close();
}

}  // namespace

void add_bler(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand(
      "bler", "Measure the SNR at which PUSCH reaches 70 % of its throughput, beside what TS 38.104 requires");
  const auto input = std::make_shared<Input>();
  command->add_flag("--short", input->is_short, fmt::format("{} blocks a point, not {}", kShortBlocks, kBlocks));
  command->add_option("--blocks", input->blocks, "blocks a point")->check(CLI::Range(1, 10'000'000));
  command->add_option("--rows", input->rows, "beginnings of row names, with commas between: A3, A4-2x2, ...");
  command->add_option("--seed", input->options.link.seed, "of payloads, fading and noise")->capture_default_str();
  command->add_option("--threads", input->options.threads, "0: all cores; the results stay the same")
      ->check(CLI::Range(0, 1024));
  command->add_option("--iterations", input->options.link.max_ldpc_iterations, "LDPC iterations at most; 0: as always")
      ->check(CLI::Range(0, 200));
  command->add_option("--interferer-db", input->interferer_db, "a user of another cell on the same PRBs, against ours")
      ->check(CLI::Range(-30.0, 30.0));
  command->add_option("--json", input->json_file, "write a line a row as JSON Lines to this file, which is replaced");
  command->footer(kExamples);
  command->callback([input, command, &status] { run(*input, *command, status); });
}

}  // namespace pado::tools
