// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "phy/nr/error.h"
#include "station/kernel_bench.h"
#include "station/slot_bench.h"
#include "tools/pado/bench_kernels.h"
#include "tools/pado/json_lines.h"
#include "tools/pado/subcommands.h"
#include "tools/pado/text_table.h"

namespace pado::tools {
namespace {

using station::KernelResult;
using station::WorkUnit;

constexpr const char* kExamples =
    "Examples:\n"
    "  pado bench kernels\n"
    "  pado bench kernels --only decode_ldpc --seconds 3 --json kernels.jsonl\n"
    "Reference: the strongest open CPU receiver, measured where FFTW takes 3.0 or 3.8 us, scaled to this machine by\n"
    "FFTW's time. Ceiling: 12 vector operations an edge update, fused multiply-adds, copying in the second cache.";

struct Input {
  station::KernelBenchOptions options;
  std::string json_file;
};

std::string text_of(double value, int digits) { return value > 0 ? fixed_point(value, digits) : "-"; }

std::string work_of(const KernelResult& r) {
  const char* unit = r.unit == WorkUnit::edges ? "edges/ns" : r.unit == WorkUnit::flops ? "GFLOP/s" : "GB/s";
  return fmt::format("{:.1f} {}", r.work_per_ns, unit);
}

std::string verdict(const KernelResult& r) {
  if (!r.right) return "WRONG";
  if (r.factor_wanted == 0) return "";
  return r.factor >= r.factor_wanted ? "met" : "NOT MET";
}

void print(const KernelResult& r) {
  fmt::print("{:<24} {:<58} {:>8} {:>7} {:>7} {:>14} {:>5} {:>6} {:>6}  {}\n", r.kernel, r.what,
             fixed_point(r.time_us, 2), text_of(r.mbit_per_s, 0), text_of(r.melements_per_s, 0), work_of(r),
             fixed_point(r.ratio_to_ceiling, 2), text_of(r.factor, 2), text_of(r.factor_wanted, 1),
             r.remark.empty() ? verdict(r) : verdict(r) + (verdict(r).empty() ? "" : "; ") + r.remark);
}

nlohmann::json json_line(const KernelResult& r, const station::Yardstick& yardstick) {
  nlohmann::json line{{"kernel", r.kernel},
                      {"case", r.what},
                      {"time_us", number_or_null(r.time_us, true)},
                      {"mbit_per_s", number_or_null(r.mbit_per_s, r.mbit_per_s > 0)},
                      {"melements_per_s", number_or_null(r.melements_per_s, r.melements_per_s > 0)},
                      {"ratio_to_ceiling", number_or_null(r.ratio_to_ceiling, true)},
                      {"factor", number_or_null(r.factor, r.factor > 0)},
                      {"factor_wanted", number_or_null(r.factor_wanted, r.factor_wanted > 0)},
                      {"right", r.right},
                      {"remark", r.remark},
                      {"fftw_4096_us", number_or_null(yardstick.fftw_4096_us, true)}};
  const char* unit = r.unit == WorkUnit::edges ? "edges_per_ns" : r.unit == WorkUnit::flops ? "gflops" : "gbytes_per_s";
  line[unit] = number_or_null(r.work_per_ns, true);
  return line;
}

void run(const Input& input, int& status) {
  if (!std::isfinite(input.options.seconds))
    throw Error(fmt::format("--seconds {} is not a number from 0 to 60", input.options.seconds));
  JsonLines json(input.json_file);
  const station::Yardstick yardstick{.ceilings = cpu::measure_ceilings(), .fftw_4096_us = station::fftw_4096_us()};
  const cpu::Ceilings& c = yardstick.ceilings;
  fmt::print(
      "this machine: FFTW complex 4096 points in {:.2f} us; {:.0f} byte operations a ns, {:.0f} GFLOP/s, {:.0f} GB/s "
      "copied in cache\n",
      yardstick.fftw_4096_us, c.byte_ops_per_ns, c.fma_gflops, c.cache_gbytes_per_s);
  fmt::print("{:<24} {:<58} {:>8} {:>7} {:>7} {:>14} {:>5} {:>6} {:>6}\n", "kernel", "case", "us", "Mb/s", "M el/s",
             "work", "limit", "factor", "wanted");
  station::bench_kernels(yardstick, input.options, [&](const KernelResult& r) {
    print(r);
    std::fflush(stdout);
    json.write(json_line(r, yardstick));
    if (!r.right) status = kCheckFailed;
  });
  json.close();
}

}  // namespace

void add_bench_kernels(CLI::App& bench, int& status) {
  CLI::App* command = bench.add_subcommand(
      "kernels",
      "Time each kernel alone on one core: work a nanosecond beside this machine's own ceilings, and how many times as "
      "fast as the strongest open CPU receiver");
  const auto input = std::make_shared<Input>();
  command->add_option("--seconds", input->options.seconds, "how long to measure each case")
      ->check(CLI::Range(0.0, 60.0))
      ->capture_default_str();
  command->add_option("--only", input->options.only, "cases whose kernel or description contains this");
  command->add_option("--json", input->json_file, "write a line a case as JSON Lines to this file, which is replaced");
  command->footer(kExamples);
  command->callback([input, &status] { run(*input, status); });
}

}  // namespace pado::tools
