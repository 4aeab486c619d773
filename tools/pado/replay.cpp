// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "phy/nr/error.h"
#include "phy/nr/mcs.h"
#include "phy/nr/uci.h"
#include "station/diagnose/diagnose.h"
#include "station/replay.h"
#include "station/slot_decoder.h"
#include "stream/recording/open.h"
#include "tools/pado/each_file.h"
#include "tools/pado/json_lines.h"
#include "tools/pado/recording_files.h"
#include "tools/pado/subcommands.h"
#include "tools/pado/text_table.h"

namespace pado::tools {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  pado replay testvectors/*.sigmf-meta\n"
    "  pado replay testvectors/dev08_273prb_4rx_tdla --backend cuda-emulated\n"
    "  pado replay capture.fc32 --grants grants.yaml --rate 23.04e6 --json out.jsonl";

struct Input {
  RecordingFiles files;
  station::ReplayOptions options;
  std::string json_file;
};

/// What went over all files.
struct Totals {
  int blocks = 0, right = 0;
  int without_signal = 0, not_finite = 0;  // transmissions
  double payload_bits = 0, air_time_s = 0, decode_time_s = 0;
  std::vector<station::LaunchCount> launches;

  void add(const station::ReplayResult& r) {
    blocks += r.blocks();
    right += r.blocks_right();
    for (const station::ReplayRow& row : r.rows) {
      if (!row.finite) {
        ++not_finite;
      } else if (row.report.status == pusch::UeStatus::no_signal) {
        ++without_signal;
      }
    }
    payload_bits += r.payload_bits_right();
    air_time_s += r.air_time_s;
    decode_time_s += r.decode_time_s;
    for (const station::LaunchCount& count : r.launches) {
      const auto same = [&](const station::LaunchCount& c) { return c.kernel == count.kernel; };
      const auto found = std::find_if(launches.begin(), launches.end(), same);
      if (found == launches.end()) {
        launches.push_back(count);
      } else {
        found->launches += count.launches;
      }
    }
  }
};

std::string verdict(const station::ReplayRow& row) {
  if (!row.finite) return "not finite";
  if (row.report.status == pusch::UeStatus::no_signal) return "no signal";
  if (!row.grant.shared_channel) return "-";
  if (row.report.crc_ok) return "ok";
  return row.last_transmission ? "FAIL" : "fail";
}

std::string match(const station::ReplayRow& row) {
  if (!row.payload_match) return "-";
  return *row.payload_match ? "yes" : "no";
}

std::string verdict(const station::ReplayUci& part) {
  return part.verdict == uci::Verdict::crc_ok ? "ok" : part.verdict == uci::Verdict::crc_failed ? "fail" : "unchecked";
}

/// "ack yes, csi1 no": whether it is what was sent; where that is not known, the check, or else the bits.
std::string uci_text(const station::ReplayRow& row) {
  std::vector<std::string> parts;
  constexpr std::array<const char*, nr::kUciParts> kNames{"ack", "csi1", "csi2"};
  for (std::size_t i = 0; i < row.uci.size(); ++i) {
    const station::ReplayUci& part = row.uci[i];
    if (row.grant.uci.parts[i].bits == 0) continue;
    const bool unchecked = part.verdict == uci::Verdict::unchecked;
    parts.push_back(fmt::format("{} {}", kNames[i],
                                part.match    ? std::string(*part.match ? "yes" : "no")
                                : unchecked   ? fmt::format("{}", fmt::join(part.bits, ""))
                                : row.heard() ? verdict(part)
                                              : "-"));
  }
  return parts.empty() ? "-" : fmt::format("{}", fmt::join(parts, ", "));
}

nlohmann::json uci_json(const station::ReplayRow& row) {
  nlohmann::json result;
  for (std::size_t i = 0; i < row.uci.size(); ++i) {
    const station::ReplayUci& part = row.uci[i];
    if (part.verdict == uci::Verdict::absent) continue;
    nlohmann::json& j = result[std::string(nr::kUciPartNames[i])];
    j = {{"bits", part.bits}, {"verdict", verdict(part)}, {"match", nullptr}};
    if (part.match) j["match"] = *part.match;
  }
  return result;
}

std::vector<std::string> text_row(const station::ReplayRow& row) {
  const pusch::UeReport& u = row.report;
  const bool heard = row.finite && u.status != pusch::UeStatus::no_signal;
  const auto number = [heard](double value, int digits) { return heard ? fixed_point(value, digits) : "-"; };
  return {fmt::format("{}", row.grant.slot),
          fmt::format("{}", row.grant.rnti),
          fmt::format("{}..{}", row.grant.prb_start, row.grant.prb_start + row.grant.prb_count - 1),
          fmt::format("{}", row.grant.layers),
          std::string(nr::name(row.grant.modulation)),
          fmt::format("{:.3f}", row.grant.code_rate_x1024 / 1024),
          number(u.sinr_db, 1),
          number(u.evm_percent, 1),
          u.cfo_known ? number(u.cfo_hz, 0) : "-",
          number(u.timing_offset_ns, 0),
          number(u.ldpc_iterations, 1),
          verdict(row),
          match(row),
          uci_text(row),
          number(row.time_us, 0)};
}

nlohmann::json json_row(const station::ReplayResult& result, const station::ReplayRow& row) {
  const pusch::UeReport& u = row.report;
  const bool heard = row.finite && u.status != pusch::UeStatus::no_signal;
  nlohmann::json j{{"recording", result.recording},
                   {"backend", result.backend},
                   {"slot", row.grant.slot},
                   {"slot_index", row.slot_index},
                   {"rnti", row.grant.rnti},
                   {"prb_start", row.grant.prb_start},
                   {"prb_count", row.grant.prb_count},
                   {"layers", row.grant.layers},
                   {"modulation", nr::name(row.grant.modulation)},
                   {"code_rate", row.grant.code_rate_x1024 / 1024},
                   {"tbs_bits", row.grant.tbs_bits},
                   {"rv", row.grant.rv},
                   {"status", verdict(row)},
                   {"crc_ok", u.crc_ok},
                   {"payload_match", nullptr},
                   {"last_transmission", row.last_transmission},
                   {"code_blocks", u.code_blocks},
                   {"code_blocks_ok", u.code_blocks_ok}};
  if (row.payload_match) j["payload_match"] = *row.payload_match;
  j["uci"] = uci_json(row);
  j["sinr_db"] = number_or_null(u.sinr_db, heard);
  j["evm_percent"] = number_or_null(u.evm_percent, heard);
  j["saturated_llrs"] = number_or_null(u.saturated_llrs, heard);
  j["cfo_hz"] = number_or_null(u.cfo_hz, heard && u.cfo_known);
  j["timing_offset_ns"] = number_or_null(u.timing_offset_ns, heard);
  j["doppler_hz"] = number_or_null(u.doppler_hz, heard);
  j["ldpc_iterations"] = number_or_null(u.ldpc_iterations, heard);
  j["time_us"] = number_or_null(row.time_us, heard);
  return j;
}

void print(const station::ReplayResult& result) {
  std::vector<std::vector<std::string>> rows{{"slot", "rnti", "PRB", "layers", "modulation", "rate", "SINR dB", "EVM %",
                                              "CFO Hz", "timing ns", "iterations", "CRC", "payload", "UCI", "us"}};
  for (const station::ReplayRow& row : result.rows) rows.push_back(text_row(row));
  const std::size_t uci = rows.front().size() - 2;
  if (std::ranges::none_of(result.rows, [](const station::ReplayRow& row) { return row.grant.uci.any(); }))
    for (std::vector<std::string>& row : rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(uci));
  fmt::print("{}\n{}", result.recording, text_table(rows));
}

/// "2 transmissions without signal, 1 not finite"; empty where there are none.
std::string unheard(const Totals& t) {
  std::vector<std::string> kinds;
  const auto add = [&kinds](int count, const char* what) {
    if (count == 0) return;
    kinds.push_back(fmt::format("{}{} {}", count,
                                !kinds.empty() ? ""
                                : count == 1   ? " transmission"
                                               : " transmissions",
                                what));
  };
  add(t.without_signal, "without signal");
  add(t.not_finite, "not finite");
  return fmt::format("{}", fmt::join(kinds, ", "));
}

void print(const Totals& t, const station::ReplayOptions& options) {
  if (t.blocks == 0) return;
  fmt::print("{} of {} blocks right, BLER {:.3f}; {:.1f} Mb/s, {:.3g} times real time on {}\n", t.right, t.blocks,
             1 - static_cast<double>(t.right) / t.blocks, t.payload_bits / t.decode_time_s / 1e6,
             t.air_time_s / t.decode_time_s, options.backend);
  if (const std::string text = unheard(t); !text.empty()) fmt::print("{}\n", text);
  if (t.launches.empty()) return;
  std::vector<std::string> counts;
  for (const station::LaunchCount& c : t.launches) counts.push_back(fmt::format("{} {}", c.kernel, c.launches));
  fmt::print("kernel launches: {}\n", fmt::join(counts, ", "));
}

/// One file; returns what it makes of the exit status.
int replay_file(const std::string& file, const Input& input, JsonLines& json, Totals& totals) {
  const stream::Recording recording = stream::open_recording(file, input.files.options);
  for (const stream::Problem& problem : recording.problems) {
    fmt::print(stderr, "pado: {}: {}\n", recording.name, problem.message);
  }
  if (recording.slots.empty() && recording.problems.empty()) {
    fmt::print(stderr, "pado: {}: nothing to decode\n", recording.name);
  }
  const station::ReplayResult result = station::replay(recording, input.options);
  if (!result.rows.empty()) print(result);
  if (result.blocks() > 0 && result.blocks_right() == 0) {
    std::fflush(stdout);
    fmt::print("  {}\n", station::diagnose(recording, result).text);
  }
  std::fflush(stdout);
  for (const station::ReplayRow& row : result.rows) json.write(json_row(result, row));
  totals.add(result);
  if (!recording.problems.empty()) return kUnusable;
  // A dead slot, or control information that is lost, is a failure even where a retransmission saves the block.
  const bool all_heard =
      std::ranges::all_of(result.rows, [](const station::ReplayRow& row) { return row.heard() && row.uci_right(); });
  return all_heard && result.blocks_right() == result.blocks() ? kAllRight : kCheckFailed;
}

void run(const Input& input, int& status) {
  const std::vector<std::string> backends = station::built_backends();
  if (std::find(backends.begin(), backends.end(), input.options.backend) == backends.end()) {
    throw Error(fmt::format("--backend {} is not in this build, which has {}", input.options.backend,
                            fmt::join(backends, ", ")));
  }
  JsonLines json(input.json_file);
  Totals totals;
  status =
      for_each_file(input.files.files, [&](const std::string& file) { return replay_file(file, input, json, totals); });
  json.close();
  print(totals, input.options);
}

}  // namespace

void add_replay(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("replay", "Decode recordings: a row a slot and UE, then a summary");
  const auto input = std::make_shared<Input>();
  add_recording_files(*command, input->files);
  command
      ->add_option("--backend", input->options.backend,
                   fmt::format("where the kernels run: {}", fmt::join(station::built_backends(), ", ")))
      ->capture_default_str();
  command
      ->add_option("--threads", input->options.threads,
                   "slots decoded side by side; 0: one a core (backends other than cpu: always one)")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command
      ->add_option("--iterations", input->options.max_ldpc_iterations,
                   "LDPC iterations at most; 0: 10 from code rate 0.6 on, 20 below")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  command
      ->add_option("--combining", input->options.combining,
                   "irc: interference's directions and other layers are nulled; mmse: other layers alone; mrc: neither")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Combining>{
          {"irc", Combining::mmse_irc}, {"mmse", Combining::mmse}, {"mrc", Combining::mrc}}))
      ->default_str("irc");
  command->add_flag("--remove-dc", input->options.remove_dc, "take out the receiver's carrier leak before decoding");
  command->add_option("--json", input->json_file, "write the rows as JSON Lines to this file, which is replaced");
  command->footer(kExamples);
  command->callback([input, &status] { run(*input, status); });
}

}  // namespace pado::tools
