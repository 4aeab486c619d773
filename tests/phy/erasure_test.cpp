// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Slots of which packets were lost: zeros stand in the samples' place.
#include "phy/pusch/erasure.h"

#include "tests/catch.h"
#include "tests/phy/link.h"

using namespace pado;
using link::Link;

namespace {

/// Two antennas, DM-RS in symbols 2 and 11, or in more. At this rate a block can do without three symbols.
Link two_antennas(int additional_position = 1) {
  Link link;
  link.carrier.antennas = 2;
  link.snr_db = 30;
  auto& user = link.add_user();
  user.grant.dmrs.additional_position = additional_position;
  user.grant.modulation = nr::Modulation::qam64;
  user.grant.code_rate_x1024 = 567;
  link.complete();
  return link;
}

/// Zeros in a symbol and its prefix at one antenna.
void lose(const Link& link, int antenna, int symbol, std::vector<cf32>& samples) {
  const nr::SlotTiming timing = nr::slot_timing(link.carrier.scs_hz, link.carrier.fft_size, 1);
  const auto start = samples.begin() + static_cast<std::ptrdiff_t>(antenna) * timing.samples;
  std::fill(start + timing.symbol_start[symbol] - timing.prefix_samples[symbol],
            start + timing.symbol_start[symbol] + link.carrier.fft_size, cf32{});
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("receiver: a block survives the loss of any two neighbouring symbols at one of two antennas",
                        "[erasure]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link = two_antennas();
  link::LinkReceiver<TestType> receiver(link);
  const std::vector<cf32> whole = link.samples();
  int failed_untold = 0;
  for (int symbol = 0; symbol < 13; ++symbol) {
    INFO("symbols " << symbol << " and " << symbol + 1);
    std::vector<cf32> samples = whole;
    for (int lost = symbol; lost < symbol + 2; ++lost) lose(link, 1, lost, samples);
    link.lost_symbols = {0, static_cast<std::uint16_t>(3 << symbol)};
    const auto told = receiver.receive(link, samples);
    CHECK(told.all_right());
    CHECK(told.report.ues[0].status == pusch::UeStatus::decoded);
    const bool dmrs_lost = symbol == 1 || symbol == 2 || symbol == 10 || symbol == 11;
    CHECK(told.report.ues[0].cfo_known == !dmrs_lost);
    link.lost_symbols.clear();
    if (!receiver.receive(link, samples).all_right()) ++failed_untold;
  }
  CHECK(failed_untold > 6);  // it is the map that saves them
}

TEMPLATE_LIST_TEST_CASE("receiver: any one of four DM-RS symbols left estimates the channel", "[erasure]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link = two_antennas(3);  // symbols 2, 5, 8, 11
  link.users[0].grant.modulation = nr::Modulation::qpsk;
  link.users[0].grant.code_rate_x1024 = 308;
  link.users[0].grant.tbs_bits = 0;
  link.users[0].payload.clear();
  link.complete();
  link::LinkReceiver<TestType> receiver(link);
  const std::vector<cf32> whole = link.samples();
  for (const int left : {2, 5, 8, 11}) {
    INFO("DM-RS symbol " << left);
    std::vector<cf32> samples = whole;
    std::uint16_t lost = 0;
    for (const int symbol : {2, 5, 8, 11}) {
      if (symbol == left) continue;
      lost = static_cast<std::uint16_t>(lost | 1 << symbol);
      lose(link, 0, symbol, samples);
    }
    link.lost_symbols = {lost, 0};
    CHECK(receiver.receive(link, samples).all_right());
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: without any DM-RS symbol nothing is decoded, and the report says why", "[erasure]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link = two_antennas();
  link.lost_symbols = {1 << 2, 1 << 11};
  const auto outcome = link::run<TestType>(link);
  CHECK(outcome.report.ues[0].status == pusch::UeStatus::samples_lost);
  CHECK_FALSE(outcome.report.ues[0].crc_ok);
  CHECK(outcome.report.ues[0].payload.empty());
}

TEMPLATE_LIST_TEST_CASE("receiver: a retransmission adds to a transmission that lost half of its symbols", "[erasure]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link = two_antennas();
  link.users[0].grant.harq_process = "0";
  link::LinkReceiver<TestType> receiver(link);
  link.lost_symbols = {0x3f80 & ~(1 << 11), 0x3f80 & ~(1 << 11)};
  CHECK_FALSE(receiver.receive(link).all_right());
  link.users[0].grant.new_data = false;
  link.users[0].grant.rv = 0;  // the last block of the first is lost whole, and this one has to do alone
  link.lost_symbols = {0x007f & ~(1 << 2), 0x007f & ~(1 << 2)};
  CHECK(receiver.receive(link).all_right());
}
