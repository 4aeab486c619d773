// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/uci/decoder.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "phy/uci/decode_block.h"

namespace pado::uci {
namespace {

constexpr float kKnown = 1e6F;  // more than any sum of received soft bits

bool scrambles(std::span<const std::uint32_t> scrambling, std::size_t bit) {
  return (scrambling[bit / 32] >> (bit % 32) & 1) != 0;
}

// The repetition of one bit was scrambled like the bit that it repeats (TS 38.211, 6.3.1.1): undoes the other sign.
void turn_repetitions(const Plan& plan, const PartPlan& part, std::span<const std::uint32_t> scrambling,
                      std::span<std::int8_t> coded) {
  const auto width = static_cast<std::size_t>(plan.bits_per_element);
  const auto step = static_cast<std::size_t>(plan.bits_per_symbol);
  for (std::size_t i = 0; i < coded.size(); i += step) {
    const std::int32_t element = part.elements[i / width];
    if (element < 0) continue;
    const auto first = static_cast<std::size_t>(element) * width + i % width;
    if (scrambles(scrambling, first) != scrambles(scrambling, first + 1))
      coded[i + 1] = static_cast<std::int8_t>(-coded[i + 1]);
  }
}

}  // namespace

Decoder::Decoder(int max_llrs)
    : room_(static_cast<std::size_t>(max_llrs)), mother_llrs_(nr::kMaxPolarBits), information_(nr::kMaxPolarBits) {}

std::span<std::int8_t> Decoder::gather(const Plan& plan, const PartPlan& part,
                                       std::span<const std::int8_t> llrs) noexcept {
  const auto width = static_cast<std::size_t>(plan.bits_per_element);
  std::int8_t* to = room_.data();
  for (const std::int32_t element : part.elements) {
    if (element < 0) {
      std::memset(to, 0, width);
    } else {
      std::memcpy(to, llrs.data() + static_cast<std::size_t>(element) * width, width);
    }
    to += width;
  }
  return std::span(room_).first(part.elements.size() * width);
}

Results Decoder::decode(const Plan& plan, std::span<const std::int8_t> llrs, std::span<const std::uint32_t> scrambling,
                        std::span<std::uint8_t> bits) noexcept {
  Results results;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const PartPlan& part = plan.parts[i];
    if (part.bits == 0) continue;
    const std::span<std::uint8_t> to = bits.first(static_cast<std::size_t>(part.bits));
    bits = bits.subspan(to.size());
    const std::span<std::int8_t> coded = gather(plan, part, llrs);
    if (part.bits >= 12) {
      results[i].verdict = decode_polar(part, coded, to);
    } else {
      if (part.bits == 1 && plan.bits_per_symbol > 1) turn_repetitions(plan, part, scrambling, coded);
      decode_block(coded, plan.bits_per_symbol, to);
      results[i].verdict = Verdict::unchecked;
    }
    results[i].bits = to;
  }
  return results;
}

Verdict Decoder::decode_polar(const PartPlan& part, std::span<const std::int8_t> coded,
                              std::span<std::uint8_t> bits) noexcept {
  const nr::PolarSegmentation& s = part.segmentation;
  const std::span<float> mother = std::span(mother_llrs_).first(static_cast<std::size_t>(part.code.size));
  const std::span<std::uint8_t> information = std::span(information_).first(static_cast<std::size_t>(s.block_bits()));
  bool all_right = true;
  for (int block = 0; block < s.code_blocks; ++block) {
    const auto of_block = coded.subspan(static_cast<std::size_t>(block * s.block_coded_bits), part.code.sent.size());
    std::ranges::fill(mother, 0.0F);
    for (std::size_t i = 0; i < of_block.size(); ++i) mother[part.code.sent[i]] += of_block[i];
    // The word of zeros has a right check: where nothing was received, it stands for nothing.
    const bool received = std::ranges::any_of(mother, [](float llr) { return llr != 0; });
    for (const std::uint16_t index : part.code.shortened) mother[index] = kKnown;
    const bool right = polar_.decode(part.code, part.tree, s.crc, mother, information);
    all_right = all_right && right && received;
    const auto skipped = static_cast<std::size_t>(block == 0 ? s.leading_zeros : 0);
    const auto payload = information.first(static_cast<std::size_t>(s.block_payload_bits)).subspan(skipped);
    std::ranges::copy(payload, bits.begin());
    bits = bits.subspan(payload.size());
  }
  return all_right ? Verdict::crc_ok : Verdict::crc_failed;
}

std::span<const std::int8_t> Decoder::shared_channel(const Plan& plan, std::span<const std::int8_t> llrs) noexcept {
  const auto width = static_cast<std::size_t>(plan.bits_per_element);
  std::int8_t* to = room_.data();
  for (const nr::ElementRun& run : plan.data) {
    const std::size_t size = static_cast<std::size_t>(run.count) * width;
    std::memcpy(to, llrs.data() + static_cast<std::size_t>(run.first) * width, size);
    to += size;
  }
  for (const std::int32_t element : plan.punctured)
    std::memset(room_.data() + static_cast<std::size_t>(element) * width, 0, width);
  return {room_.data(), static_cast<std::size_t>(to - room_.data())};
}

}  // namespace pado::uci
