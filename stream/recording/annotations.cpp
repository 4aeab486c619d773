// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/annotations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "stream/recording/annotation.h"
#include "stream/recording/json_fields.h"
#include "stream/recording/slot_list.h"

namespace pado::stream {
namespace {

using nlohmann::json;

/// Reads annotations one after another and remembers the carrier that they have in common.
class AnnotationReader {
 public:
  AnnotationReader(const SigmfMeta& meta, Recording& recording) : meta_(meta), recording_(recording) {}

  void read_all() {
    for (std::size_t i = 0; i < meta_.annotations.size(); ++i) read(static_cast<int>(i));
    if (!has_pado_fields_) {
      recording_.problems.push_back(
          {.message = "no annotation has pado:pusch: say who transmits in a grants file (--grants)"});
    }
    if (carrier_) {
      recording_.carrier = *carrier_;
      check_data_size();
      add_slots(recording_, std::move(transmissions_), "annotation");
    }
    std::stable_sort(recording_.problems.begin(), recording_.problems.end(),
                     [](const Problem& a, const Problem& b) { return a.annotation < b.annotation; });
  }

 private:
  void read(int index) {
    const json& annotation = meta_.annotations[index];
    try {
      if (!annotation.is_object()) throw Error("not an object");
      const JsonFields fields(annotation, "");
      if (fields.has("pado:pusch") || fields.has("pado:srs")) has_pado_fields_ = true;
      if (fields.has("pado:interferer") && fields.flag("pado:interferer")) return;
      if (fields.has("pado:srs")) throw UnsupportedError("pado:srs: sounding reference signals are not supported");
      if (fields.has("pado:pusch")) read_transmission(index, fields);
    } catch (const UnsupportedError& error) {
      report(index, error.what(), true);
      remember_refused(index);
    } catch (const Error& error) {
      report(index, error.what(), false);
      remember_refused(index);
    }
  }

  /// What is refused may begin a block, whose retransmissions must not be added to the block before it.
  void remember_refused(int index) {
    try {
      const JsonFields fields(meta_.annotations[index], "");
      const JsonFields pusch = fields.object("pado:pusch");
      Transmission t{.annotation = index, .sample_start = fields.long_integer("core:sample_start"), .grant = {}};
      t.grant.rnti = pusch.integer("rnti");
      t.grant.harq_process = pusch.text("harq_process");
      t.grant.new_data = pusch.flag("new_data");
      t.refused = true;
      transmissions_.push_back(std::move(t));
    } catch (const std::exception&) {  // no process to be seen: nothing to remember
    }
  }

  void read_transmission(int index, const JsonFields& fields) {
    if (!meta_.full_scale) throw Error("the recording's pado:full_scale is missing");
    AnnotatedPusch pusch = read_pusch(fields.member("pado:pusch"), meta_.antennas);
    check_carrier(pusch.carrier);
    const std::int64_t start = fields.long_integer("core:sample_start");
    check_position(start, fields.long_integer("core:sample_count"), pusch);
    if (!carrier_) carrier_ = pusch.carrier, carrier_annotation_ = index;
    transmissions_.push_back({.annotation = index, .sample_start = start, .grant = std::move(pusch.grant)});
  }

  void check_carrier(const nr::Carrier& carrier) const {
    const double rate_hz = static_cast<double>(carrier.scs_hz) * carrier.fft_size;
    if (std::abs(meta_.sample_rate_hz - rate_hz) > 0.5) {
      throw Error(fmt::format("core:sample_rate {} contradicts scs_hz {} * fft_size {} = {}", meta_.sample_rate_hz,
                              carrier.scs_hz, carrier.fft_size, rate_hz));
    }
    if (!carrier_ || *carrier_ == carrier) return;
    const nr::Carrier& first = *carrier_;
    const auto refuse = [this](const char* field, auto value, auto of_first) {
      throw Error(fmt::format("{} {} contradicts the {} of annotation {}: a recording has one carrier", field, value,
                              of_first, carrier_annotation_));
    };
    if (carrier.scs_hz != first.scs_hz) refuse("scs_hz", carrier.scs_hz, first.scs_hz);
    if (carrier.fft_size != first.fft_size) refuse("fft_size", carrier.fft_size, first.fft_size);
    if (carrier.carrier_prb != first.carrier_prb) refuse("carrier_n_prb", carrier.carrier_prb, first.carrier_prb);
    refuse("phase_compensation_hz", carrier.phase_compensation_hz, first.phase_compensation_hz);
  }

  void check_position(std::int64_t start, std::int64_t count, const AnnotatedPusch& pusch) const {
    const nr::Carrier& carrier = pusch.carrier;
    const int in_subframe = pusch.grant.slot % nr::slots_per_subframe(carrier.scs_hz);
    const int length = nr::slot_timing(carrier.scs_hz, carrier.fft_size, in_subframe).samples;
    if (start < 0) throw Error(fmt::format("core:sample_start {} is negative", start));
    if (count != length) throw Error(fmt::format("core:sample_count {} is not the slot's {}", count, length));
    if (!meta_.first_slot) return;  // slots anywhere, as in recordings from the air
    const int first = *meta_.first_slot;
    const std::int64_t position = nr::slots_in_samples(carrier.scs_hz, carrier.fft_size, first, start);
    const std::int64_t slot_start = nr::samples_of_slots(carrier.scs_hz, carrier.fft_size, first, position);
    if (start != slot_start) {
      throw Error(fmt::format("core:sample_start {} is not the start of a slot, as {} is", start, slot_start));
    }
    if (meta_.slots && position >= *meta_.slots) {
      throw Error(fmt::format("core:sample_start {} is in slot {} of the recording, beyond pado:slots {}", start,
                              position, *meta_.slots));
    }
    const std::int64_t slot = (first + position) % nr::slots_per_frame(carrier.scs_hz);
    if (slot != pusch.grant.slot) {
      throw Error(fmt::format("slot {} contradicts core:sample_start {} and pado:first_slot {}, which give {}",
                              pusch.grant.slot, start, first, slot));
    }
  }

  /// More data than the slots need means that the number of antennas, or of slots, or the type is wrong; with less, the
  /// slots that are whole can be decoded.
  void check_data_size() {
    if (!meta_.slots) return;
    const int first = meta_.first_slot.value_or(0);
    const std::int64_t needed = nr::samples_of_slots(carrier_->scs_hz, carrier_->fft_size, first, *meta_.slots);
    if (recording_.data_samples > needed) {
      throw Error(
          fmt::format("the data holds {} samples for each of core:num_channels {} (core:datatype {}), but pado:slots "
                      "{} are {} samples",
                      recording_.data_samples, meta_.antennas, name(meta_.sample_type), *meta_.slots, needed));
    }
    if (recording_.data_samples < needed) {
      recording_.problems.push_back(
          {.message =
               fmt::format("the data ends after {} of pado:slots {} slots: it holds {} samples of each antenna, "
                           "the slots are {}",
                           nr::slots_in_samples(carrier_->scs_hz, carrier_->fft_size, first, recording_.data_samples),
                           *meta_.slots, recording_.data_samples, needed)});
    }
  }

  void report(int index, const char* what, bool unsupported) {
    recording_.problems.push_back(
        {.annotation = index, .message = fmt::format("annotation {}: {}", index, what), .unsupported = unsupported});
  }

  const SigmfMeta& meta_;
  Recording& recording_;
  std::optional<nr::Carrier> carrier_;
  int carrier_annotation_ = 0;
  bool has_pado_fields_ = false;
  std::vector<Transmission> transmissions_;
};

}  // namespace

Recording recording_without_annotations(const SigmfMeta& meta, std::uint64_t data_bytes) {
  Recording recording;
  recording.sample_type = meta.sample_type;
  recording.antennas = meta.antennas;
  recording.sample_rate_hz = meta.sample_rate_hz;
  recording.full_scale = meta.full_scale.value_or(meta.sample_type == SampleType::ci16 ? 32768 : 1);
  const auto frame_bytes = static_cast<std::uint64_t>(bytes_per_sample(meta.sample_type) * meta.antennas);
  recording.data_samples = static_cast<std::int64_t>(data_bytes / frame_bytes);
  if (data_bytes % frame_bytes != 0) {
    recording.problems.push_back(
        {.message = fmt::format("the data's {} bytes are no whole number of samples of {} bytes "
                                "(core:datatype {}, core:num_channels {})",
                                data_bytes, frame_bytes, name(meta.sample_type), meta.antennas)});
  }
  return recording;
}

Recording recording_from_annotations(const SigmfMeta& meta, std::uint64_t data_bytes) {
  Recording recording = recording_without_annotations(meta, data_bytes);
  AnnotationReader(meta, recording).read_all();
  return recording;
}

}  // namespace pado::stream
