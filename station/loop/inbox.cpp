// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/inbox.h"

#include <cmath>
#include <utility>

#include "station/messages/payload.h"

namespace pado::station {
namespace {

// The number that is `written` modulo kPayloadNumbers and the nearest to the one that is due.
std::int64_t nearest(std::int64_t written, std::int64_t due) {
  const std::int64_t ahead = (written - due % kPayloadNumbers + kPayloadNumbers) % kPayloadNumbers;
  return due + ahead - (ahead < kPayloadNumbers / 2 ? 0 : kPayloadNumbers);
}

}  // namespace

int LatencyCounts::percentile(double share) const {
  const auto rank = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(total_)));
  std::int64_t seen = 0;
  for (std::size_t slots = 0; slots < counts_.size(); ++slots) {
    seen += counts_[slots];
    if (seen >= rank && seen > 0) return static_cast<int>(slots);
  }
  return 0;
}

void Inbox::begin_block(int process) {
  number_[process] = account_.sent++;
  waiting_.emplace_back();
  ++in_flight_;
}

void Inbox::receive(int process, std::span<const std::uint8_t> payload, std::int64_t slot) {
  const std::int64_t number = number_[process];
  if (number < first_ || waiting_[number - first_].state != State::in_flight) {
    ++account_.duplicate;  // it has had its end
    return;
  }
  Block& block = waiting_[number - first_];
  PayloadHead head;
  const bool intact = check_payload(payload, user_, seed_, head);
  block.number = nearest(head.number, number);
  block.arrival_slot = head.arrival_slot;
  block.data_bytes = head.data_bytes;
  block.data.assign(payload.begin(), payload.end());
  end(process, intact ? State::received : State::corrupt, slot);
}

void Inbox::lose(int process, std::int64_t slot) {
  const std::int64_t number = number_[process];
  if (number < first_ || waiting_[number - first_].state != State::in_flight) return;
  end(process, State::lost, slot);
}

void Inbox::end(int process, State state, std::int64_t slot) {
  waiting_[number_[process] - first_].state = state;
  --in_flight_;
  while (!waiting_.empty() && waiting_.front().state != State::in_flight) {
    deliver(waiting_.front(), slot);
    waiting_.pop_front();
    ++first_;
  }
}

bool Inbox::came_before(std::int64_t number) {
  const auto place = static_cast<std::size_t>((number % kRemembered + kRemembered) % kRemembered);
  return std::exchange(delivered_[place], number) == number;
}

// To whoever wants the data: here nobody but the check that payloads come in order.
void Inbox::deliver(const Block& block, std::int64_t slot) {
  if (block.state == State::lost) {
    ++account_.lost;
    return;
  }
  ++account_.delivered;
  if (block.state == State::corrupt) {
    ++account_.corrupt;
    return;
  }
  if (came_before(block.number)) {
    ++account_.duplicate;
    return;
  }
  if (block.number != first_) ++account_.out_of_order;
  delivered_bytes_ += block.data_bytes;
  if (block.data_bytes > 0) latency_.add(((slot - block.arrival_slot) % kArrivalSlots + kArrivalSlots) % kArrivalSlots);
}

}  // namespace pado::station
