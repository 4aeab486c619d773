// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/assembly/slot_assembler.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace pado::stream {

SlotAssembler::SlotAssembler(const AssemblyOptions& options)
    : grid_((nr::validate(options.carrier), options.carrier), options.first_slot),
      antennas_(options.carrier.antennas),
      window_(std::max(options.window, 0)),
      open_(static_cast<std::size_t>(window_) + 1),
      sequences_(static_cast<std::size_t>(antennas_)),
      left_streams_(kLeftStreams) {
  const auto count = static_cast<std::size_t>(std::max(options.buffers, window_ + 1));
  for (std::size_t i = 0; i < count; ++i) buffers_.emplace_back(antennas_, grid_.most_samples());
  for (SlotBuffer& buffer : buffers_) free_.push_back(&buffer);
  ready_.resize(count);
}

void SlotAssembler::add(const IqPacket& packet, std::int64_t arrival_ns) noexcept {
  ++counters_.packets_received;
  const SlotGrid::Place place = grid_.place(packet.sample_time);
  if (!belongs(packet, place.slot)) return;
  SequenceWindow& sequence = sequences_[static_cast<std::size_t>(packet.antenna)];
  switch (sequence.look(packet.sequence)) {
    case SequenceWindow::Verdict::seen:
      ++counters_.packets_duplicate;
      return;
    case SequenceWindow::Verdict::too_old:
      ++counters_.packets_late;
      return;
    case SequenceWindow::Verdict::behind:
      if (place.slot >= next_) ++counters_.packets_reordered;
      break;
    default:
      break;
  }
  counters_.packets_lost += sequence.take(packet.sequence);
  write(packet, place, arrival_ns);
  release_complete();
}

// A single odd packet, whatever it says, changes nothing: to leave the place where the stream is takes many in a row,
// or some behind a sender's first. Only a stream that has fallen silent is left for a sender's first packet.
bool SlotAssembler::belongs(const IqPacket& packet, std::int64_t slot) noexcept {
  if (!id_known_) {
    if (placed_ && is_far(slot)) return jumps(packet, slot);
    start(packet, slot);
    return true;
  }
  if (packet.stream_id != stream_id_) return restarts(packet, slot);
  const SequenceWindow::Verdict verdict = sequences_[static_cast<std::size_t>(packet.antenna)].look(packet.sequence);
  if (verdict == SequenceWindow::Verdict::seen || verdict == SequenceWindow::Verdict::too_old) return true;
  if (verdict == SequenceWindow::Verdict::far_away || is_far(slot)) return jumps(packet, slot);
  candidate_.packets = 0;
  silent_ = false;
  return true;
}

bool SlotAssembler::restarts(const IqPacket& packet, std::int64_t slot) noexcept {
  const bool many = takes_over(packet, slot);
  if (!many && !(candidate_.from_first && (silent_ || candidate_.packets >= kRestartPackets))) {
    ++counters_.packets_other_stream;
    counters_.packets_beside += silent_ ? 0 : 1;
    candidate_.beside += silent_ ? 0 : 1;
    return false;
  }
  ++counters_.restarts;
  counters_.packets_beside -= candidate_.beside;  // the old stream had ended
  silent_ ? cut_newest() : release_up_to(newest_);
  const Candidate heard = candidate_;
  const LeftStream* known = left(packet.stream_id);
  const bool returns = known != nullptr;
  if (returns) counters_.slots_lost += std::max<std::int64_t>(slot - known->next, 0);
  left_streams_[left_count_++ % kLeftStreams] = {.stream_id = stream_id_, .next = next_};
  placed_ = false;
  start(packet, slot);
  if (returns || (heard.from_first && heard.packets > 1)) {  // what was rejected until now is missing
    joining_ = false;
    next_ = returns ? slot : std::min(heard.first_slot, slot);
  }
  return true;
}

bool SlotAssembler::is_far(std::int64_t slot) const noexcept {
  return slot > newest_ + kFarthestSlot || slot < newest_ - kFarthestSlot;
}

bool SlotAssembler::jumps(const IqPacket& packet, std::int64_t slot) noexcept {
  if (!takes_over(packet, slot)) {
    ++counters_.packets_far_away;
    return false;
  }
  ++counters_.jumps;
  release_up_to(newest_);
  // Those that it jumps over; of a jump back, those that were rejected until it was followed.
  counters_.slots_lost += slot > next_ ? slot - next_ : std::max<std::int64_t>(slot - candidate_.first_slot, 1);
  placed_ = false;
  start(packet, slot);
  joining_ = false;  // it was sending before: what is missing of this slot is lost
  next_ = slot;
  return true;
}

bool SlotAssembler::takes_over(const IqPacket& packet, std::int64_t slot) noexcept {
  const bool agrees = packet.stream_id == candidate_.stream_id && slot <= candidate_.slot + kFarthestSlot &&
                      slot >= candidate_.slot - kFarthestSlot;
  if (!agrees || candidate_.packets == 0) candidate_ = {.stream_id = packet.stream_id, .first_slot = slot};
  candidate_.slot = slot;
  ++candidate_.packets;
  if (packet.sequence == 0 && left(packet.stream_id) == nullptr) candidate_.from_first = true;
  return candidate_.packets >= kTakeOverPackets;
}

// Slots that may still come in front of this packet's, by as much as the window lets packets change places, are waited
// for.
void SlotAssembler::start(const IqPacket& packet, std::int64_t slot) noexcept {
  id_known_ = true;
  stream_id_ = packet.stream_id;
  std::ranges::fill(sequences_, SequenceWindow{});
  candidate_.packets = 0;
  silent_ = false;
  if (placed_) return;  // where slots begin was said
  placed_ = joining_ = true;
  next_ = std::max<std::int64_t>(slot - window_, 0);
  newest_ = slot;
  ++run_;
}

// The last time that it was left; null where it never was.
const SlotAssembler::LeftStream* SlotAssembler::left(std::uint32_t stream_id) const noexcept {
  for (std::size_t i = 1; i <= std::min(left_count_, kLeftStreams); ++i) {
    const LeftStream& stream = left_streams_[(left_count_ - i) % kLeftStreams];
    if (stream.stream_id == stream_id) return &stream;
  }
  return nullptr;
}

// A packet may reach over slots' boundaries; each slot gets its piece.
void SlotAssembler::write(const IqPacket& packet, SlotGrid::Place place, std::int64_t arrival_ns) noexcept {
  const auto antenna = static_cast<std::size_t>(packet.antenna);
  bool late = false, no_room = false, written = false;
  for (int done = 0; done < packet.samples; ++place.slot, place.sample = 0) {
    const int slot_samples = grid_.timing(place.slot).samples;
    const int count = std::min(packet.samples - done, slot_samples - place.sample);
    const auto* bytes = packet.payload.data() + static_cast<std::size_t>(done) * sizeof(ci16);
    done += count;
    if (place.slot < next_) {
      late = true;
      continue;
    }
    SlotBuffer* slot = open(place.slot);
    if (slot == nullptr) {
      no_room = true;
      continue;
    }
    const int fresh = slot->coverage[antenna].mark(place.sample, count);
    if (fresh == 0) continue;
    written = true;
    slot->missing_samples -= fresh;
    slot->last_arrival_ns = std::max(slot->last_arrival_ns, arrival_ns);
    std::memcpy(
        &slot->samples[antenna * static_cast<std::size_t>(slot_samples) + static_cast<std::size_t>(place.sample)],
        bytes, static_cast<std::size_t>(count) * sizeof(ci16));
  }
  if (written) return;
  ++(no_room ? counters_.packets_no_room : late ? counters_.packets_late : counters_.packets_duplicate);
}

// A slot from next_ on; a newer one than all before ends the wait for those that it leaves behind.
SlotBuffer* SlotAssembler::open(std::int64_t slot) noexcept {
  if (slot > newest_) newest_ = slot;
  release_up_to(newest_ - window_ - 1);
  OpenSlot& place = at(slot);
  if (place.buffer == nullptr && !place.no_room) {
    place.buffer = take_free(slot);
    place.no_room = place.buffer == nullptr;
  }
  return place.buffer;
}

SlotBuffer* SlotAssembler::take_free(std::int64_t slot) noexcept {
  if (free_.empty()) return nullptr;
  SlotBuffer* buffer = free_.back();
  free_.pop_back();
  buffer->slot = slot;
  buffer->stream_id = stream_id_;
  buffer->run = run_;
  buffer->last_arrival_ns = 0;
  buffer->slot_samples = grid_.timing(slot).samples;
  buffer->missing_samples = antennas_ * buffer->slot_samples;
  for (Coverage& coverage : buffer->coverage) coverage.clear();
  return buffer;
}

void SlotAssembler::expect(std::int64_t slot) noexcept {
  if (placed_) release_up_to(newest_);
  placed_ = true;
  joining_ = false;
  next_ = slot;
  newest_ = slot - 1;
  ++run_;
}

void SlotAssembler::flush(std::uint64_t sample_time) noexcept {
  if (!placed_) return;
  const std::int64_t last = grid_.place(std::min(sample_time, ~std::uint64_t{0} >> 1)).slot - 1;
  release_up_to(std::min(last, newest_ + kFarthestSlot));
  if (next_ <= last) {  // nobody would wait for so many silent slots one by one
    counters_.slots_lost += last + 1 - next_;
    next_ = last + 1;
  }
  newest_ = std::max(newest_, last);
}

void SlotAssembler::flush_open() noexcept {
  if (!placed_) return;
  release_up_to(newest_ - 1);
  release_complete();
  if (at(newest_).buffer == nullptr) release_up_to(newest_);
  silent_ = true;
}

void SlotAssembler::finish() noexcept {
  if (!placed_) return;
  cut_newest();
}

// Of a stream that has ended: its last slot, where it is incomplete, is not given out.
void SlotAssembler::cut_newest() noexcept {
  release_up_to(newest_ - 1);
  OpenSlot& last = at(newest_);
  if (next_ == newest_ && last.buffer != nullptr && !last.buffer->complete()) {
    free_.push_back(std::exchange(last.buffer, nullptr));
    ++next_;
    ++counters_.slots_cut;
  }
  release_up_to(newest_);
}

SlotBuffer* SlotAssembler::next() noexcept {
  if (ready_count_ == 0) return nullptr;
  SlotBuffer* slot = ready_[ready_first_];
  ready_first_ = (ready_first_ + 1) % ready_.size();
  --ready_count_;
  return slot;
}

void SlotAssembler::release_complete() noexcept {
  while (next_ <= newest_) {
    const OpenSlot& oldest = at(next_);
    if (oldest.buffer == nullptr || !oldest.buffer->complete()) return;
    release_oldest();
  }
}

void SlotAssembler::release_up_to(std::int64_t slot) noexcept {
  while (next_ <= slot) release_oldest();
}

void SlotAssembler::release_oldest() noexcept {
  OpenSlot oldest = std::exchange(at(next_), OpenSlot{});
  const std::int64_t slot = next_++;
  if (joining_ && discards_at_start(oldest)) return;
  joining_ = false;
  if (oldest.no_room) {
    ++counters_.slots_no_room;
    return;
  }
  if (oldest.buffer == nullptr) {
    ++counters_.slots_lost;
    oldest.buffer = take_free(slot);
  } else {
    ++(oldest.buffer->complete() ? counters_.slots_complete : counters_.slots_incomplete);
  }
  if (oldest.buffer != nullptr) give_out(*oldest.buffer);
}

// In front of the first packet nothing was lost: the sender had sent it before. Antenna 0 is sent first.
bool SlotAssembler::discards_at_start(const OpenSlot& oldest) noexcept {
  if (oldest.buffer == nullptr) return !oldest.no_room;
  joining_ = false;
  if (oldest.buffer->coverage[0].missing(0, 1) == 0) return false;
  free_.push_back(oldest.buffer);
  ++counters_.slots_cut;
  return true;
}

void SlotAssembler::give_out(SlotBuffer& slot) noexcept {
  const nr::SlotTiming& timing = grid_.timing(slot.slot);
  const int fft_size = timing.samples - timing.symbol_start.back();
  std::ranges::fill(slot.lost_symbols, std::uint16_t{0});
  for (int antenna = 0; !slot.complete() && antenna < antennas_; ++antenna) {
    const Coverage& coverage = slot.coverage[static_cast<std::size_t>(antenna)];
    ci16* samples = slot.samples.data() + static_cast<std::ptrdiff_t>(antenna) * slot.slot_samples;
    coverage.for_each_missing(slot.slot_samples, [samples](int sample) { samples[sample] = {}; });
    for (int symbol = 0; symbol < nr::kSymbolsPerSlot; ++symbol) {
      const int first = timing.symbol_start[symbol] - timing.prefix_samples[symbol];
      if (coverage.missing(first, timing.prefix_samples[symbol] + fft_size) == 0) continue;
      slot.lost_symbols[static_cast<std::size_t>(antenna)] |= static_cast<std::uint16_t>(1U << symbol);
    }
  }
  ready_[(ready_first_ + ready_count_++) % ready_.size()] = &slot;
}

}  // namespace pado::stream
