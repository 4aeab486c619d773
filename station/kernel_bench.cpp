// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/kernel_bench.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "kernels/wiener_table.h"
#include "phy/nr/mcs.h"
#include "station/best_time.h"
#include "station/ldpc_work.h"
#include "station/slot_work.h"

namespace pado::station {
namespace {

/// A figure of the strongest open CPU receiver on a machine whose FFTW takes fftw_us, and how many times as fast Pado
/// is to be.
struct Reference {
  double figure = 0;  // microseconds, Mb/s or millions of resource elements a second
  double fftw_us = 3.0;
  double factor = 0;
};
constexpr double kZen5_us = 3.0, kZen4_us = 3.8;

class Bench {
 public:
  Bench(const Yardstick& yardstick, const KernelBenchOptions& options,
        const std::function<void(const KernelResult&)>& use)
      : yardstick_(yardstick), options_(options), use_(use) {}

  [[nodiscard]] bool wanted(const std::string& kernel, const std::string& what) const {
    return kernel.find(options_.only) != std::string::npos || what.find(options_.only) != std::string::npos;
  }
  template <class Call>
  [[nodiscard]] double time_us(Call&& call) const {
    return best_time_us(options_.seconds, std::forward<Call>(call));
  }
  [[nodiscard]] double seconds() const { return options_.seconds; }

  /// work: edges, operations or bytes of a call. A reference in microseconds: ours_us; else in the unit of `ours`.
  void report(KernelResult result, double work, const Reference& reference, double ours, bool is_time = false) const {
    result.work_per_ns = work / result.time_us / 1e3;
    result.ratio_to_ceiling = result.work_per_ns / ceiling(result.unit);
    if (reference.figure > 0) {
      const double slower = yardstick_.fftw_4096_us / reference.fftw_us;  // this machine than the reference's
      result.factor = is_time ? reference.figure * slower / ours : ours / (reference.figure / slower);
      result.factor_wanted = reference.factor;
    }
    use_(result);
  }

 private:
  [[nodiscard]] double ceiling(WorkUnit unit) const {
    constexpr double kOperationsPerEdge = 12;
    switch (unit) {
      case WorkUnit::edges:
        return yardstick_.ceilings.byte_ops_per_ns / kOperationsPerEdge;
      case WorkUnit::flops:
        return yardstick_.ceilings.fma_gflops;
      default:
        return yardstick_.ceilings.cache_gbytes_per_s;
    }
  }

  const Yardstick& yardstick_;
  const KernelBenchOptions& options_;
  const std::function<void(const KernelResult&)>& use_;
};

BenchCell cell_of(int prbs, int antennas, int layers, nr::Modulation modulation, double code_rate_x1024, double snr_db,
                  int max_iterations) {
  BenchCell cell;
  cell.carrier = {
      .scs_hz = 30000, .carrier_prb = 273, .fft_size = 4096, .phase_compensation_hz = 0, .antennas = antennas};
  cell.grant = bench_grant(prbs, layers, modulation, code_rate_x1024);
  cell.snr_db = snr_db;
  cell.max_ldpc_iterations = max_iterations;
  cell.cfo_hz = 0;  // or users at a high SNR get FFTs of their own
  return cell;
}

// The whole receiver after the FFT, whose bytes are those of the grid and of the soft bits.
void bench_pusch(const Bench& bench, const std::string& what, const BenchCell& cell, const Reference& reference) {
  if (!bench.wanted("pusch", what)) return;
  const SlotBenchResult slot = bench_slot(
      cell, {.backend = "cpu", .seconds = bench.seconds(), .warm_up_slots = 16, .warm_up_seconds = bench.seconds()});
  KernelResult r{.kernel = "pusch", .what = what};
  r.time_us = slot.best_after_fft_us;
  r.mbit_per_s = slot.tbs_bits / r.time_us;
  r.right = slot.wrong_payloads == 0;
  r.remark = fmt::format("{:.1f} iterations at {} dB", slot.ldpc_iterations, cell.snr_db);
  const double elements = 14.0 * 12 * cell.grant.prb_count;
  const double bytes = elements * (8.0 * cell.carrier.antennas + nr::bits_per_symbol(cell.grant.modulation));
  bench.report(r, bytes, reference, r.time_us, true);
}

void bench_ldpc(const Bench& bench, const LdpcCase& c, const Reference& reference) {
  LdpcWork work(c);
  if (!bench.wanted("decode_ldpc", work.name())) return;
  KernelResult r{.kernel = "decode_ldpc", .what = work.name()};
  const double all_us = bench.time_us([&] { work.run(); });
  r.time_us = all_us * c.together / c.blocks;
  r.mbit_per_s = work.information_bits() / all_us;
  const int wrong = work.wrong_blocks();
  r.right = c.early_stop || wrong == 0;  // near the threshold some blocks fail by right
  r.unit = WorkUnit::edges;
  if (c.early_stop)
    r.remark = fmt::format("{:.1f} iterations at Eb/N0 {} dB, {} of {} blocks wrong", work.mean_iterations(), c.ebn0_db,
                           wrong, c.blocks);
  bench.report(r, work.edges() * work.mean_iterations() * c.together / c.blocks, reference, r.mbit_per_s);
}

void bench_decoders(const Bench& bench) {
  bench_ldpc(bench, {.rows = 4}, {204, kZen5_us, 5});
  bench_ldpc(bench, {.rows = 46}, {37, kZen5_us, 8});
  bench_ldpc(bench, {.base_graph = 2, .rows = 4}, {164, kZen5_us, 7});
  bench_ldpc(bench, {.base_graph = 2, .rows = 42}, {23.6, kZen5_us, 10});
  for (const int z : {52, 16}) {
    const double reference = z == 52 ? 8.6 : 3.6;
    bench_ldpc(bench, {.base_graph = 2, .lifting_size = z, .rows = 42}, {reference, kZen4_us, 8});
    bench_ldpc(bench, {.base_graph = 2, .lifting_size = z, .rows = 42, .together = 16},
               {reference, kZen4_us, z == 52 ? 15.0 : 40.0});
  }
  const auto stopping = [](int base_graph, int rows, double ebn0_db) {
    return LdpcCase{.base_graph = base_graph,
                    .rows = rows,
                    .blocks = 64,
                    .max_iterations = 10,
                    .early_stop = true,
                    .ebn0_db = ebn0_db};
  };
  bench_ldpc(bench, stopping(1, 4, 4.37), {204, kZen5_us, 4.5});  // where one block in a hundred fails
  bench_ldpc(bench, stopping(1, 46, 0.84), {37, kZen5_us, 5.5});
  bench_ldpc(bench, stopping(2, 42, 0.64), {23.6, kZen5_us, 7.5});
}

void bench_front_end(const Bench& bench, SlotWork& work, const std::string& slot) {
  const DmrsShape& dmrs = work.ue().dmrs;
  const OfdmShape& ofdm = work.plan().ofdm;
  if (bench.wanted("ofdm_demodulate", slot)) {
    KernelResult r{.kernel = "ofdm_demodulate", .what = slot, .unit = WorkUnit::flops};
    r.time_us = bench.time_us([&] { work.demodulate(); });
    bench.report(r, 5.0 * ofdm.fft_size * std::log2(ofdm.fft_size) * ofdm.symbols * ofdm.antennas, {}, 0);
  }
  if (bench.wanted("estimate_channel", slot)) {  // the operations of the filter over frequency alone
    KernelResult r{.kernel = "estimate_channel", .what = slot, .unit = WorkUnit::flops};
    r.time_us = bench.time_us([&] { work.estimate(); });
    const double filter = 4.0 * 6 * wiener::window_prbs(wiener::window_index(dmrs.prbs)) * 12 * dmrs.prbs;
    bench.report(r, filter * dmrs.antennas * work.branches(), {}, 0);
  }
  if (bench.wanted("compute_receive_weights", slot)) {
    KernelResult r{.kernel = "compute_receive_weights", .what = slot};
    const WeightsShape& shape = work.ue().weights;
    r.time_us = bench.time_us([&] { work.compute_weights(); });
    const double groups = kHalves * static_cast<double>(shape.groups);
    const double channel = kGroupSubcarriers * shape.layers * work.branches(), matrix = shape.antennas / 3.0;
    bench.report(r, 8 * groups * shape.antennas * (channel + matrix + shape.layers), {}, 0);
  }
}

void bench_demap(const Bench& bench, SlotWork& work, const std::string& what, const Reference& reference) {
  if (!bench.wanted("combine_and_demap", what)) return;
  KernelResult r{.kernel = "combine_and_demap", .what = what};
  r.time_us = bench.time_us([&] { work.demap(); });
  r.mbit_per_s = work.ue().llrs / r.time_us;
  r.melements_per_s = work.data_elements() / r.time_us;
  const double bytes = work.data_elements() * 8.0 * work.ue().demap.antennas + work.ue().llrs;
  bench.report(r, bytes, reference, r.mbit_per_s);
}

// An equaliser's work is split between two kernels here: the weights, and combining, which does not come without soft
// bits. The fewest a symbol, those of QPSK, count against it.
void bench_equaliser(const Bench& bench, int layers, const Reference& reference) {
  const std::string what = fmt::format("4 antennas, {} layer{}: MMSE-IRC weights, combining, QPSK soft bits", layers,
                                       layers == 1 ? "" : "s");
  if (!bench.wanted("equaliser", what)) return;
  SlotWork work(cell_of(273, 4, layers, nr::Modulation::qpsk, 300, 15, 0));
  KernelResult r{.kernel = "equaliser", .what = what};
  r.time_us = bench.time_us([&] {
    work.compute_weights();
    work.demap();
  });
  r.melements_per_s = work.data_elements() / r.time_us;
  r.right = work.payload_right();
  const double bytes = work.data_elements() * 8.0 * 4 + work.ue().llrs;
  bench.report(r, bytes, reference, r.melements_per_s);
}

void bench_back_end(const Bench& bench, SlotWork& work, const std::string& slot) {
  const double coded = work.ue().llrs;
  if (bench.wanted("recover_rate", slot)) {
    KernelResult r{.kernel = "recover_rate", .what = slot};
    r.time_us = bench.time_us([&] { work.recover(); });
    r.mbit_per_s = coded / r.time_us;
    bench.report(r, coded + static_cast<double>(work.ue().rate.soft_stride) * work.ue().rate.code_blocks, {}, 0);
  }
  if (bench.wanted("check_crc", slot)) {
    KernelResult r{.kernel = "check_crc", .what = slot};
    r.time_us = bench.time_us([&] { work.check(); });
    const double payload = work.ue().crc.payload_bits;
    r.mbit_per_s = payload / r.time_us;
    r.right = work.payload_right();
    bench.report(r, 2 * payload / 8, {}, 0);
  }
}

}  // namespace

void bench_kernels(const Yardstick& yardstick, const KernelBenchOptions& options,
                   const std::function<void(const KernelResult&)>& use) {
  const Bench bench(yardstick, options, use);
  using enum nr::Modulation;
  const std::string wide = "273 PRB, 4 antennas, 1 layer, 256QAM rate 0.926";
  bench_pusch(bench, wide + ", at most 2 iterations", cell_of(273, 4, 1, qam256, 948, 34, 2), {1060, kZen5_us, 3});
  bench_pusch(bench, wide + ", at most 6 iterations", cell_of(273, 4, 1, qam256, 948, 28, 6), {1060, kZen5_us, 2});
  bench_pusch(bench, "25 PRB, 1 antenna, QPSK rate 0.117", cell_of(25, 1, 1, qpsk, 120, 25, 6), {55, kZen5_us, 2.2});
  bench_decoders(bench);
  const std::string slot = "273 PRB, 4 antennas, 1 layer, 256QAM";
  SlotWork work(cell_of(273, 4, 1, qam256, 948, 34, 0));
  bench_front_end(bench, work, slot);
  {
    SlotWork one(cell_of(273, 1, 1, qam256, 948, 40, 0));
    bench_demap(bench, one, "273 PRB, 1 antenna, 1 layer, 256QAM", {10400, kZen5_us, 2});
  }
  bench_demap(bench, work, slot, {});
  bench_equaliser(bench, 1, {2290, kZen5_us, 1});
  bench_equaliser(bench, 2, {1450, kZen5_us, 1});
  bench_back_end(bench, work, slot);
}

}  // namespace pado::station
