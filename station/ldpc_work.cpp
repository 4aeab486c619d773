// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/ldpc_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kernels/combine_and_demap.h"
#include "kernels/crc.h"
#include "kernels/encode_ldpc.h"
#include "phy/nr/segmentation.h"
#include "phy/propagation/random_stream.h"
#include "phy/pusch/lifted_graphs.h"

namespace pado::station {
namespace {

constexpr CrcPolynomial kBlockCrc{nr::kCrc24B.polynomial, nr::kCrc24B.bits};

std::size_t round_up(std::size_t value) { return (value + 63) / 64 * 64; }

// Random bits and their CRC, one a byte.
std::vector<std::uint8_t> random_information(int count, propagation::RandomStream& random) {
  std::vector<std::uint8_t> bits(static_cast<std::size_t>(count - kBlockCrc.bits));
  for (auto& bit : bits) bit = static_cast<std::uint8_t>(random.bits() >> 63);
  std::vector<std::uint8_t> packed((bits.size() + 7) / 8);
  pack_bits(bits, packed);
  const std::uint32_t parity = Crc(kBlockCrc).parity(packed, bits.size());
  for (int i = kBlockCrc.bits - 1; i >= 0; --i) bits.push_back(static_cast<std::uint8_t>(parity >> i & 1));
  return bits;
}

}  // namespace

LdpcWork::LdpcWork(const LdpcCase& c) : case_(c) {
  const LdpcGraph& graph = pusch::lifted_graph(c.base_graph, c.lifting_size);
  const int information = graph.information_columns * c.lifting_size;
  const int received = (graph.information_columns + c.rows - 2) * c.lifting_size;
  shape_ = {.graph = graph,
            .code_blocks = c.together,
            .rows = c.rows,
            .information_bits = information,
            .max_iterations = c.max_iterations,
            .early_stop = c.early_stop,
            .crc = kBlockCrc,
            .soft_stride = static_cast<int>(round_up(static_cast<std::size_t>(graph.sent_bits()))),
            .bits_stride = static_cast<int>(round_up(static_cast<std::size_t>(information + 7) / 8))};
  const auto blocks = static_cast<std::size_t>(c.blocks);
  soft_ = cpu::HostBuffer<std::int8_t>(blocks * static_cast<std::size_t>(shape_.soft_stride));
  bits_ = cpu::HostBuffer<std::uint8_t>(blocks * static_cast<std::size_t>(shape_.bits_stride));
  results_ = cpu::HostBuffer<LdpcResult>(blocks);
  const double rate = static_cast<double>(information) / received;
  const double variance = 1 / (2 * rate * std::pow(10.0, c.ebn0_db / 10));  // of the noise in a dimension, signal +-1
  propagation::RandomStream random(3, static_cast<std::uint64_t>(c.lifting_size + 1000 * c.rows));
  std::vector<std::uint8_t> word(static_cast<std::size_t>(graph.sent_bits()));
  for (std::size_t block = 0; block < blocks; ++block) {
    const auto bits = random_information(information, random);
    encode_ldpc(graph, bits, word);
    std::int8_t* soft = soft_.view().data() + block * static_cast<std::size_t>(shape_.soft_stride);
    for (int i = 0; i < received; ++i) {
      const double noise = std::sqrt(2 * variance) * random.gaussian().real();
      const double llr = 2 * (1 - 2.0 * word[static_cast<std::size_t>(i)] + noise) / variance;
      soft[i] = static_cast<std::int8_t>(std::clamp(std::round(kLlrStepsPerNat * llr), -127.0, 127.0));
    }
    sent_.emplace_back((bits.size() + 7) / 8);
    pack_bits(bits, sent_.back());
  }
}

void LdpcWork::run() noexcept {
  const auto soft_stride = static_cast<std::size_t>(shape_.soft_stride),
             bits_stride = static_cast<std::size_t>(shape_.bits_stride),
             together = static_cast<std::size_t>(case_.together);
  for (std::size_t block = 0; block < static_cast<std::size_t>(case_.blocks); block += together) {
    decode_ldpc(on_, shape_,
                {.soft = soft_.view().subspan(block * soft_stride, together * soft_stride),
                 .bits = bits_.view().subspan(block * bits_stride, together * bits_stride),
                 .results = results_.view().subspan(block, together)});
  }
}

int LdpcWork::wrong_blocks() const {
  int wrong = 0;
  for (std::size_t block = 0; block < sent_.size(); ++block) {
    const auto decoded = bits_.view().subspan(block * static_cast<std::size_t>(shape_.bits_stride));
    if (!std::equal(sent_[block].begin(), sent_[block].end(), decoded.begin())) ++wrong;
  }
  return wrong;
}

double LdpcWork::mean_iterations() const {
  double sum = 0;
  for (const LdpcResult& result : results_.view()) sum += result.iterations;
  return sum / case_.blocks;
}

double LdpcWork::information_bits() const { return static_cast<double>(shape_.information_bits) * case_.blocks; }

double LdpcWork::edges() const {
  const auto rows =
      std::ranges::count_if(shape_.graph.edges, [this](const LdpcEdge& edge) { return edge.row < case_.rows; });
  return static_cast<double>(rows) * case_.lifting_size * case_.blocks;
}

std::string LdpcWork::name() const {
  const int columns = shape_.graph.information_columns;
  return fmt::format("BG{} Z={} rate {:.3f}, {}{}", case_.base_graph, case_.lifting_size,
                     static_cast<double>(columns) / (columns + case_.rows - 2),
                     case_.early_stop ? fmt::format("at most {}", case_.max_iterations)
                                      : fmt::format("{} iterations", case_.max_iterations),
                     case_.lifting_size == 384 ? ""
                     : case_.together == 1     ? ", a lone block"
                                               : ", 16 together");
}

}  // namespace pado::station
