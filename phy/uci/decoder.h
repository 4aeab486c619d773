// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "phy/uci/plan.h"
#include "phy/uci/polar_decoder.h"

namespace pado::uci {

enum class Verdict : std::uint8_t {
  absent,
  unchecked,  // up to 11 bits have no check: the most likely word
  crc_ok,
  crc_failed,
};

struct PartResult {
  Verdict verdict = Verdict::absent;
  std::span<const std::uint8_t> bits;  // one a byte
};
using Results = std::array<PartResult, nr::kUciParts>;  // HARQ-ACK, CSI part 1, CSI part 2

/// Takes control information out of a PUSCH's soft bits. All memory is laid out at construction.
class Decoder {
 public:
  /// max_llrs: of a PUSCH; 0: there is never control information.
  explicit Decoder(int max_llrs);

  /// llrs: all of the PUSCH, in the order of transmission, descrambled with the sequence. bits: room for all parts.
  Results decode(const Plan& plan, std::span<const std::int8_t> llrs, std::span<const std::uint32_t> scrambling,
                 std::span<std::uint8_t> bits) noexcept;
  /// The shared channel's soft bits, which stay until the next call: with zeros where HARQ-ACK stands in their place.
  std::span<const std::int8_t> shared_channel(const Plan& plan, std::span<const std::int8_t> llrs) noexcept;

 private:
  std::span<std::int8_t> gather(const Plan& plan, const PartPlan& part, std::span<const std::int8_t> llrs) noexcept;
  Verdict decode_polar(const PartPlan& part, std::span<const std::int8_t> coded, std::span<std::uint8_t> bits) noexcept;

  std::vector<std::int8_t> room_;
  std::vector<float> mother_llrs_;
  std::vector<std::uint8_t> information_;
  PolarDecoder polar_;
};

}  // namespace pado::uci
