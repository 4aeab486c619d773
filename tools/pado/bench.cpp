// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "phy/nr/error.h"
#include "phy/nr/mcs.h"
#include "station/slot_bench.h"
#include "station/slot_decoder.h"
#include "tools/pado/bench_kernels.h"
#include "tools/pado/json_lines.h"
#include "tools/pado/subcommands.h"
#include "tools/pado/text_table.h"

namespace pado::tools {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  pado bench slot\n"
    "  pado bench slot --cell n78-100MHz-4x2 --seconds 30 --json slot.jsonl\n"
    "  pado bench slot --backend cuda-emulated   (shows that it works, not how fast a GPU is)";

struct Input {
  station::SlotBenchOptions options;
  std::string cell;  // empty: all
  std::string json_file;
};

std::vector<std::string> cell_names() {
  std::vector<std::string> names;
  for (const station::BenchCell& cell : station::bench_cells()) names.emplace_back(cell.name);
  return names;
}

std::vector<std::string> text_row(std::string_view name, const station::Percentiles& p) {
  return {std::string(name),
          fmt::format("{:.1f}", p.p50),
          fmt::format("{:.1f}", p.p90),
          fmt::format("{:.1f}", p.p99),
          fmt::format("{:.1f}", p.p999),
          fmt::format("{:.1f}", p.max)};
}

nlohmann::json to_json(const station::Percentiles& p) {
  return {{"p50_us", number_or_null(p.p50, true)},
          {"p90_us", number_or_null(p.p90, true)},
          {"p99_us", number_or_null(p.p99, true)},
          {"p99.9_us", number_or_null(p.p999, true)},
          {"max_us", number_or_null(p.max, true)}};
}

void print(const station::BenchCell& cell, const station::SlotBenchOptions& options,
           const station::SlotBenchResult& r) {
  fmt::print("{}: {} PRB, {} antennas, {} layer{}, {} rate {:.3f}, {} code blocks of {} bits in all, SNR {} dB\n",
             cell.name, cell.grant.prb_count, cell.carrier.antennas, cell.grant.layers,
             cell.grant.layers == 1 ? "" : "s", nr::name(cell.grant.modulation), cell.grant.code_rate_x1024 / 1024,
             r.code_blocks, r.tbs_bits, cell.snr_db);
  fmt::print(
      "  {} slots on {}, one thread, after a warm-up of {}; every payload compared: {}; {:.1f} LDPC iterations\n",
      r.slots, options.backend, r.warm_up_slots,
      r.wrong_payloads == 0 ? "all right" : fmt::format("{} WRONG", r.wrong_payloads), r.ldpc_iterations);
  std::vector<std::vector<std::string>> rows{{"us", "p50", "p90", "p99", "p99.9", "max"}};
  for (int s = 0; s < pusch::kStages; ++s) rows.push_back(text_row(pusch::kStageNames[s], r.stages[s]));
  rows.push_back(text_row("slot", r.total));
  fmt::print("{}", text_table(rows));
  fmt::print("  slot p50 is {:.2f} of the {:.0f} us that a slot lasts: {:.0f} Mb/s\n", r.total.p50 / r.slot_us,
             r.slot_us, r.tbs_bits / static_cast<double>(r.total.p50));
  if (!r.launches.empty()) {
    std::vector<std::string> counts;
    for (const station::LaunchCount& c : r.launches) counts.push_back(fmt::format("{} {}", c.kernel, c.launches));
    fmt::print("  kernel launches: {}\n", fmt::join(counts, ", "));
  }
}

nlohmann::json json_line(const station::BenchCell& cell, const station::SlotBenchOptions& options,
                         const station::SlotBenchResult& r, double fftw_us) {
  nlohmann::json line{{"cell", cell.name},
                      {"backend", options.backend},
                      {"slots", r.slots},
                      {"warm_up_slots", r.warm_up_slots},
                      {"wrong_payloads", r.wrong_payloads},
                      {"tbs_bits", r.tbs_bits},
                      {"code_blocks", r.code_blocks},
                      {"ldpc_iterations", number_or_null(r.ldpc_iterations, true)},
                      {"slot_duration_us", r.slot_us},
                      {"fftw_4096_us", number_or_null(fftw_us, true)},
                      {"slot", to_json(r.total)}};
  for (int s = 0; s < pusch::kStages; ++s) line["stages"][std::string(pusch::kStageNames[s])] = to_json(r.stages[s]);
  return line;
}

void run(const Input& input, int& status) {
  if (!std::isfinite(input.options.seconds)) {  // the option's range lets NaN pass
    throw Error(fmt::format("--seconds {} is not a number from 0 to 3600", input.options.seconds));
  }
  const std::vector<std::string> names = cell_names();
  if (!input.cell.empty() && std::ranges::find(names, input.cell) == names.end())
    throw Error(fmt::format("--cell {} is not known; there are {}", input.cell, fmt::join(names, ", ")));
  JsonLines json(input.json_file);
  const double fftw_us = station::fftw_4096_us();
  fmt::print("this machine: FFTW complex 4096 points in {:.2f} us\n", fftw_us);
  for (const station::BenchCell& cell : station::bench_cells()) {
    if (!input.cell.empty() && cell.name != input.cell) continue;
    const station::SlotBenchResult result = station::bench_slot(cell, input.options);
    print(cell, input.options, result);
    json.write(json_line(cell, input.options, result, fftw_us));
    if (result.wrong_payloads > 0) status = kCheckFailed;
  }
  json.close();
}

}  // namespace

void add_bench(CLI::App& app, int& status) {
  CLI::App* bench = app.add_subcommand("bench", "Measure how long things take");
  bench->require_subcommand(1);
  CLI::App* command = bench->add_subcommand(
      "slot",
      "Decode slots of a cell again and again: time by stage, as percentiles. A slot's plan (what its "
      "grants mean) is made before its samples come, and does not count");
  const auto input = std::make_shared<Input>();
  command
      ->add_option("--backend", input->options.backend,
                   fmt::format("where the kernels run: {}", fmt::join(station::built_backends(), ", ")))
      ->capture_default_str();
  command->add_option("--cell", input->cell, fmt::format("one of {}; without it, all", fmt::join(cell_names(), ", ")));
  command->add_option("--seconds", input->options.seconds, "how long to measure each cell")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command->add_option("--json", input->json_file, "write a line a cell as JSON Lines to this file, which is replaced");
  command->footer(kExamples);
  command->callback([input, &status] { run(*input, status); });
  add_bench_kernels(*bench, status);
}

}  // namespace pado::tools
