// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "stream/recording/pusch_json.h"

namespace pado::stream {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json metadata(const RecordingHeader& header, int slots, json annotations) {
  json root;
  root["global"] = {{"core:datatype", name(header.sample_type)},
                    {"core:sample_rate", static_cast<double>(header.carrier.scs_hz) * header.carrier.fft_size},
                    {"core:version", "1.0.0"},
                    {"core:num_channels", header.carrier.antennas},
                    {"core:description", header.description},
                    {"core:recorder", header.generator},
                    {"core:extensions", json::array({{{"name", "pado"}, {"version", "0.1.0"}, {"optional", true}}})},
                    {"pado:full_scale", header.full_scale},
                    {"pado:first_slot", header.first_slot},
                    {"pado:slots", slots}};
  root["captures"] = json::array({{{"core:sample_start", 0}}});
  root["annotations"] = std::move(annotations);
  return root;
}

[[noreturn]] void refuse(const fs::path& path, const std::error_code& error) {
  throw Error(fmt::format("{}: cannot be written: {}", path.string(), error.message()));
}

void move_into_place(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) refuse(to, error);
}

}  // namespace

RecordingWriter::RecordingWriter(fs::path base, RecordingHeader header)
    : base_(std::move(base)), header_(std::move(header)), annotations_(std::make_unique<json>(json::array())) {
  const fs::path name = base_.filename();
  if (name.empty() || name == "." || name == "..") {
    throw Error(fmt::format("'{}' names no recording: give NAME, or FOLDER/NAME", base_.string()));
  }
  nr::validate(header_.carrier);
  data_.open(with_ending(".sigmf-data.part"), std::ios::binary | std::ios::trunc);
  if (!data_) refuse(with_ending(".sigmf-data"), {errno, std::generic_category()});
}

RecordingWriter::~RecordingWriter() {
  if (finished_) return;
  data_.close();
  std::error_code ignored;
  fs::remove(with_ending(".sigmf-data.part"), ignored);
  fs::remove(with_ending(".sigmf-meta.part"), ignored);
}

// Beside the final name, since a rename is atomic in one file system alone; with the process, so that two writers of
// one name do not mix.
fs::path RecordingWriter::with_ending(const char* ending) const {
  const bool is_part = std::strstr(ending, ".part") != nullptr;
  return base_.string() + ending + (is_part ? std::to_string(getpid()) : "");
}

int RecordingWriter::slot_in_frame() const {
  return (header_.first_slot + slots_) % nr::slots_per_frame(header_.carrier.scs_hz);
}

template <class Sample>
void RecordingWriter::add_samples(std::span<const Sample> samples, SampleType type) {
  const nr::Carrier& c = header_.carrier;
  const auto antennas = static_cast<std::size_t>(c.antennas);
  const auto count = static_cast<std::size_t>(
      nr::slot_timing(c.scs_hz, c.fft_size, slot_in_frame() % nr::slots_per_subframe(c.scs_hz)).samples);
  if (type != header_.sample_type || samples.size() != antennas * count) {
    throw Error(
        fmt::format("{}: a slot is {} * {} samples of {}", base_.string(), antennas, count, name(header_.sample_type)));
  }
  interleaved_.resize(samples.size_bytes());
  char* out = interleaved_.data();
  for (std::size_t sample = 0; sample < count; ++sample) {
    for (std::size_t antenna = 0; antenna < antennas; ++antenna, out += sizeof(Sample)) {
      std::memcpy(out, &samples[antenna * count + sample], sizeof(Sample));
    }
  }
  data_.write(interleaved_.data(), static_cast<std::streamsize>(interleaved_.size()));
  if (!data_) refuse(with_ending(".sigmf-data"), {errno, std::generic_category()});
  samples_ += static_cast<std::int64_t>(count);
}

void RecordingWriter::annotate(std::span<const WrittenGrant> grants) {
  const nr::Carrier& c = header_.carrier;
  const int count = nr::slot_timing(c.scs_hz, c.fft_size, slot_in_frame() % nr::slots_per_subframe(c.scs_hz)).samples;
  int ue = 0;
  for (const WrittenGrant& written : grants) {
    if (written.grant.slot != slot_in_frame()) {
      throw Error(fmt::format("{}: slot {} of rnti {} is not the recording's next, {}", base_.string(),
                              written.grant.slot, written.grant.rnti, slot_in_frame()));
    }
    json pusch = pusch_json(c, written.grant);
    pusch["ue"] = ue++;
    pusch["snr_db"] = written.snr_db ? json(*written.snr_db) : json();
    if (!header_.channel.empty()) pusch["channel"] = {{"model", header_.channel}};
    annotations_->push_back(
        {{"core:sample_start", samples_},
         {"core:sample_count", count},
         {"core:label", fmt::format("PUSCH slot {} rnti {}", written.grant.slot, written.grant.rnti)},
         {"core:generator", header_.generator},
         {"pado:pusch", std::move(pusch)}});
  }
}

void RecordingWriter::add_slot(std::span<const ci16> samples, std::span<const WrittenGrant> grants) {
  annotate(grants);
  add_samples(samples, SampleType::ci16);
  ++slots_;
}

void RecordingWriter::add_slot(std::span<const cf32> samples, std::span<const WrittenGrant> grants) {
  annotate(grants);
  add_samples(samples, SampleType::cf32);
  ++slots_;
}

// Two renames are not atomic: an older recording's data waits beside its place until the new metadata is in its own.
void RecordingWriter::replace_both(const fs::path& meta_part) {
  const fs::path data = with_ending(".sigmf-data"), older = with_ending(".sigmf-data.older.part");
  std::error_code ignored;
  const bool is_replaced = fs::is_regular_file(fs::symlink_status(data, ignored));
  if (is_replaced) move_into_place(data, older);
  bool is_moved = false;
  try {
    move_into_place(with_ending(".sigmf-data.part"), data);
    is_moved = true;
    move_into_place(meta_part, with_ending(".sigmf-meta"));
  } catch (...) {
    if (is_moved) fs::remove(data, ignored);
    if (is_replaced) fs::rename(older, data, ignored);
    throw;
  }
  if (is_replaced) fs::remove(older, ignored);
}

void RecordingWriter::finish() {
  const fs::path meta_part = with_ending(".sigmf-meta.part");
  data_.close();
  if (!data_) refuse(with_ending(".sigmf-data"), {errno, std::generic_category()});
  std::ofstream meta(meta_part, std::ios::binary | std::ios::trunc);
  meta << metadata(header_, slots_, *annotations_).dump(1, ' ', true, json::error_handler_t::replace) << '\n';
  meta.close();
  if (!meta) refuse(with_ending(".sigmf-meta"), {errno, std::generic_category()});
  replace_both(meta_part);
  finished_ = true;
}

}  // namespace pado::stream
