// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <memory>

#include "phy/nr/dmrs.h"
#include "phy/nr/mcs.h"
#include "phy/nr/numerology.h"
#include "phy/nr/tbs.h"
#include "stream/recording/open.h"
#include "tools/pado/each_file.h"
#include "tools/pado/recording_files.h"
#include "tools/pado/subcommands.h"
#include "tools/pado/text_table.h"

namespace pado::tools {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  pado info testvectors/dev01_qpsk_25prb_15k\n"
    "  pado info testvectors/*.sigmf-meta\n"
    "  pado info capture.fc32 --grants grants.yaml --rate 23.04e6";

std::string harq(const nr::PuschGrant& g) {
  if (g.harq_process.empty()) return "-";
  return fmt::format("{} {}", g.harq_process, g.new_data ? "new" : "again");
}

/// Bits of HARQ-ACK, CSI part 1 and CSI part 2.
std::string uci(const nr::PuschGrant& g) {
  if (!g.uci.any()) return "-";
  return fmt::format("{}+{}+{}", g.uci.parts[0].bits, g.uci.parts[1].bits, g.uci.parts[2].bits);
}

std::vector<std::string> row(const stream::RecordedSlot& slot, const nr::PuschGrant& g) {
  return {fmt::format("{}", slot.sample_start),
          fmt::format("{}", slot.slot),
          fmt::format("{}", g.rnti),
          fmt::format("{}..{}", g.prb_start, g.prb_start + g.prb_count - 1),
          fmt::format("{}..{}", g.symbol_start, g.symbol_start + g.symbol_count - 1),
          g.mapping_type == nr::MappingType::a ? "A" : "B",
          fmt::format("{}", fmt::join(nr::dmrs_symbols(g), ",")),
          fmt::format("{}", fmt::join(g.dmrs.ports, ",")),
          fmt::format("{}", g.layers),
          std::string(nr::name(g.modulation)),
          fmt::format("{}", g.code_rate_x1024),
          g.shared_channel ? fmt::format("{}", g.tbs_bits) : "-",
          g.shared_channel ? fmt::format("{}", nr::base_graph(g.tbs_bits, g.code_rate_x1024)) : "-",
          fmt::format("{}", g.rv),
          harq(g),
          uci(g),
          g.expected_payload.empty() ? "unknown" : "known"};
}

void print(const stream::Recording& r) {
  fmt::print("{}\n", r.name);
  fmt::print("  samples  {}, {} antenna{}, {} Msample/s, full scale {:.6g}, {:.3f} ms ({} samples of each antenna)\n",
             name(r.sample_type), r.antennas, r.antennas == 1 ? "" : "s", r.sample_rate_hz / 1e6, r.full_scale,
             1e3 * static_cast<double>(r.data_samples) / r.sample_rate_hz, r.data_samples);
  if (r.slots.empty()) return;
  const nr::Carrier& c = r.carrier;
  fmt::print("  carrier  {} PRB of {} kHz, FFT of {} points, {}\n", c.carrier_prb, c.scs_hz / 1000, c.fft_size,
             c.phase_compensation_hz == 0
                 ? "no phase compensation"
                 : fmt::format("phases compensated for {} MHz", c.phase_compensation_hz / 1e6));
  std::vector<std::vector<std::string>> rows{{"sample", "slot", "rnti", "PRB", "symbols", "map", "DM-RS", "ports",
                                              "layers", "modulation", "R*1024", "TBS", "BG", "rv", "HARQ", "UCI",
                                              "payload"}};
  for (const stream::RecordedSlot& slot : r.slots) {
    for (const nr::PuschGrant& grant : slot.grants) rows.push_back(row(slot, grant));
  }
  const std::size_t transmissions = rows.size() - 1;
  fmt::print("  slots    {} with {} transmission{}\n{}", r.slots.size(), transmissions, transmissions == 1 ? "" : "s",
             text_table(rows, "    "));
}

int info_of_file(const std::string& file, const stream::OpenOptions& options) {
  const stream::Recording recording = stream::open_recording(file, options);
  print(recording);
  std::fflush(stdout);
  for (const stream::Problem& problem : recording.problems) {
    fmt::print(stderr, "pado: {}: {}\n", recording.name, problem.message);
  }
  return recording.problems.empty() ? kAllRight : kUnusable;
}

void run(const RecordingFiles& input, int& status) {
  status = for_each_file(input.files, [&](const std::string& file) { return info_of_file(file, input.options); });
}

}  // namespace

void add_info(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("info", "Say what is in recordings: samples, carrier, who transmits when and how");
  const auto input = std::make_shared<RecordingFiles>();
  add_recording_files(*command, *input);
  command->footer(kExamples);
  command->callback([input, &status] { run(*input, status); });
}

}  // namespace pado::tools
