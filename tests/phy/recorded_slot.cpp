// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/phy/recorded_slot.h"

#include <fftw3.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numbers>
#include <stdexcept>

namespace pado::test {
namespace {

using Complex = std::complex<double>;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot open " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class Number>
std::vector<Complex> widen(const std::string& bytes, double full_scale) {
  std::vector<Number> numbers(bytes.size() / sizeof(Number));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(Number));
  std::vector<Complex> samples(numbers.size() / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = Complex(numbers[2 * i], numbers[2 * i + 1]) / full_scale;
  }
  return samples;
}

nr::Modulation modulation(const std::string& name) {
  return name == "QPSK"    ? nr::Modulation::qpsk
         : name == "16QAM" ? nr::Modulation::qam16
         : name == "64QAM" ? nr::Modulation::qam64
                           : nr::Modulation::qam256;
}

nr::PuschGrant grant(const nlohmann::json& p) {
  nr::PuschGrant g;
  const auto& d = p.at("dmrs");
  g.slot = p.at("slot");
  g.rnti = p.at("rnti");
  g.prb_start = p.at("prb_start");
  g.prb_count = p.at("prb_count");
  g.symbol_start = p.at("symbol_start");
  g.symbol_count = p.at("symbol_count");
  g.mapping_type = p.at("mapping_type") == "A" ? nr::MappingType::a : nr::MappingType::b;
  g.dmrs = {.type = d.at("type"),
            .type_a_position = d.at("typeA_position"),
            .additional_position = d.at("additional_position"),
            .length = d.at("length"),
            .ports = d.at("ports"),
            .cdm_groups_without_data = d.at("cdm_groups_without_data"),
            .power_boost_db = d.at("power_boost_db"),
            .n_id = d.at("n_id"),
            .n_scid = d.at("n_scid")};
  g.n_id = p.at("n_id");
  g.modulation = modulation(p.at("modulation"));
  g.code_rate_x1024 = p.at("code_rate_x1024");
  g.layers = p.at("layers");
  g.tbs_bits = p.at("tbs_bits");
  g.rv = p.at("rv");
  g.new_data = p.at("new_data");
  if (p.contains("uci")) {
    const auto& uci = p.at("uci");
    g.uci.alpha = uci.at("alpha");
    const auto part = [&uci](const char* bits, const char* offset) {
      const auto content = uci.at(bits).get<std::vector<std::uint8_t>>();
      return nr::UciPart{static_cast<int>(content.size()), uci.at(offset), content};
    };
    g.uci.parts = {part("harq_ack", "beta_offset_harq_ack"), part("csi_part1", "beta_offset_csi1"),
                   part("csi_part2", "beta_offset_csi2")};
  }
  return g;
}

RecordedPusch transmission(const nlohmann::json& annotation, int antennas) {
  const auto& p = annotation.at("pado:pusch");
  RecordedPusch t;
  t.grant = grant(p);
  t.carrier = {.scs_hz = p.at("scs_hz"),
               .carrier_prb = p.at("carrier_n_prb"),
               .fft_size = p.at("fft_size"),
               .phase_compensation_hz = p.at("phase_compensation_hz"),
               .antennas = antennas};
  t.snr_db = p.at("snr_db");
  t.dmrs_symbols = p.at("dmrs").at("symbols").get<std::vector<int>>();
  t.sample_start = annotation.at("core:sample_start");
  const std::string hex = p.at("payload_hex");
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    t.payload.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return t;
}

}  // namespace

Recording::Recording(const std::string& name) {
  const std::string path = PADO_SOURCE_DIR "/testvectors/" + name;
  const auto meta = nlohmann::json::parse(read_file(path + ".sigmf-meta"));
  const auto& global = meta.at("global");
  antennas_ = global.at("core:num_channels");
  const double full_scale = global.at("pado:full_scale");
  const auto bytes = read_file(path + ".sigmf-data");
  samples_ = global.at("core:datatype") == "cf32_le" ? widen<float>(bytes, full_scale)
                                                     : widen<std::int16_t>(bytes, full_scale);
  for (const auto& annotation : meta.at("annotations")) transmissions_.push_back(transmission(annotation, antennas_));
}

std::vector<Complex> Recording::demodulate(const RecordedPusch& t) const {
  const int n = t.carrier.fft_size;
  const int subcarriers = 12 * t.carrier.carrier_prb;
  std::vector<Complex> grid(antennas_ * 14 * subcarriers), symbol(n);
  auto* data = reinterpret_cast<fftw_complex*>(symbol.data());
  const auto plan = fftw_plan_dft_1d(n, data, data, FFTW_FORWARD, FFTW_ESTIMATE);
  for (int antenna = 0; antenna < antennas_; ++antenna) {
    long start = t.sample_start;
    for (int l = 0; l < 14; ++l) {
      // TS 38.211, 5.3.1: 144 of 2048 points, and 16 Ts (of 2048 points at 15 kHz) more every half millisecond.
      const bool long_prefix = t.carrier.scs_hz == 15000 ? l % 7 == 0 : l == 0;
      start += 144 * n / 2048 + (long_prefix ? 16 * n * (t.carrier.scs_hz / 15000) / 2048 : 0);
      for (int i = 0; i < n; ++i) {
        symbol[i] = samples_.at((start + i) * antennas_ + antenna);
      }
      fftw_execute(plan);
      for (int k = 0; k < subcarriers; ++k) {
        const int bin = (k - subcarriers / 2 + n) % n;
        grid[(antenna * 14 + l) * subcarriers + k] = symbol[bin] / std::sqrt(static_cast<double>(n));
      }
      start += n;
    }
  }
  fftw_destroy_plan(plan);
  return grid;
}

}  // namespace pado::test
