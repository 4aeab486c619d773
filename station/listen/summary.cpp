// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/listen/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace pado::station {

void ListenSummary::add(const SlotOutcome& outcome, double deadline_us) {
  if (!outcome.lost) {  // the assembler has counted those
    ++(outcome.latency_us <= deadline_us ? slots_on_time : slots_late);
    slots_incomplete += outcome.incomplete ? 1 : 0;
  }
  if (outcome.decoded) latency.add(outcome.latency_us);
  blocks += outcome.blocks;
  blocks_right += outcome.blocks_right;
  payloads_known += outcome.payloads_known;
  payloads_wrong += outcome.payloads_wrong;
  transmissions += outcome.transmissions;
  without_signal += outcome.without_signal;
  backend_failures += outcome.backend_failures;
  blocks_failed_of_incomplete += outcome.blocks_failed_of_incomplete;
}

std::int64_t ListenSummary::datagrams_broken() const {
  return std::accumulate(datagrams.begin() + 1, datagrams.end(), std::int64_t{0});
}

std::string ListenSummary::diagnosis() const {
  if (blocks_right > 0) return "";
  const std::int64_t good = datagrams[0], broken = datagrams_broken();
  if (good + broken == 0)
    return "no packet came: is a sender running, and does it send to this address? (a firewall may be between)";
  if (good == 0) {
    const auto most = std::ranges::max_element(datagrams.begin() + 1, datagrams.end()) - datagrams.begin();
    return fmt::format("{} datagrams came and none was good; {} of them are each {}", broken,
                       datagrams[static_cast<std::size_t>(most)],
                       stream::raw_iq::kPacketStatusSentences[static_cast<std::size_t>(most)]);
  }
  const std::int64_t heard = slots_on_time + slots_late;
  if (heard == 0) {
    return fmt::format(
        "packets came, but no slot: {} were cut off by the beginning or the end, {} lost; do carrier and antennas "
        "match the sender's?",
        assembly.slots_cut, slots_lost());
  }
  if (backend_failures > 0) return fmt::format("the backend failed: {}", backend_failure);
  if (transmissions == 0) return "slots came, but nobody was granted anything in them";
  if (slots_incomplete == heard)
    return "no slot was complete: does every antenna send, and do the packets arrive (see lost and dropped)?";
  if (without_signal > 0) {
    return fmt::format(
        "samples came, but {} of {} transmissions have no signal where the grants say: is another recording played, or "
        "is full_scale wrong?",
        without_signal, transmissions);
  }
  return "samples came, but no CRC holds: is another recording played than the one in grants, or is the signal weak?";
}

}  // namespace pado::station
