// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/synth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <span>

#include "phy/nr/numerology.h"
#include "phy/propagation/awgn.h"
#include "phy/propagation/flat_channel.h"
#include "phy/pusch/transmitter.h"
#include "stream/recording/writer.h"

namespace pado::station {
namespace {

using propagation::FlatPath;

// Random streams of one seed: a UE's channel, and the noise of one antenna in one slot.
constexpr std::uint64_t channel_stream(int rnti) { return std::uint64_t{1} << 56 | static_cast<std::uint64_t>(rnti); }
constexpr std::uint64_t noise_stream(int slot, int antenna) {
  return std::uint64_t{2} << 56 | static_cast<std::uint64_t>(slot) << 8 | static_cast<std::uint64_t>(antenna);
}

FlatPath make_path(const SynthConfig& config, int rnti, int layers) {
  const int antennas = config.carrier.antennas;
  FlatPath path;
  path.gains =
      config.model == ChannelModel::awgn
          ? propagation::phase_gains(antennas, layers, config.seed, channel_stream(rnti))
          : propagation::rayleigh_gains(antennas, layers, config.seed, channel_stream(rnti), config.condition_limit);
  const auto ue = std::ranges::find(config.ues, rnti, &SynthUe::rnti);
  const SynthUe& how = ue != config.ues.end() ? *ue : config.all_ues;
  path.gain_db = how.gain_db;
  path.delay_s = how.delay_s;
  path.cfo_hz = how.cfo_hz;
  return path;
}

std::span<const SynthTransmission> transmissions_in(const SynthConfig& config, int recording_slot) {
  return std::ranges::equal_range(config.transmissions, recording_slot, {}, &SynthTransmission::recording_slot);
}

double power(double db) { return std::pow(10.0, db / 10); }

// Mean energy of a sample of the antenna and slot that receive most.
double strongest_sample_energy(const SynthConfig& config) {
  std::map<std::pair<int, int>, double> energy;  // by slot and antenna
  for (const auto& t : config.transmissions) {
    const auto path = make_path(config, t.grant.rnti, t.grant.layers);
    const double share = static_cast<double>(nr::kSubcarriersPerPrb * t.grant.prb_count) / config.carrier.fft_size;
    for (int antenna = 0; antenna < path.gains.antennas; ++antenna) {
      for (int layer = 0; layer < t.grant.layers; ++layer) {
        energy[{t.recording_slot, antenna}] += share * power(path.gain_db) * std::norm(path.gains.at(antenna, layer));
      }
    }
  }
  double most = 0;
  for (const auto& [where, value] : energy) most = std::max(most, value);
  return most + power(-config.snr_db);
}

// 16-bit samples clip at four times the root mean square of the strongest antenna, about once in 10^7 samples.
double full_scale(const SynthConfig& config) {
  if (config.sample_type == stream::SampleType::cf32) return 1;
  return 32767 / (4 * std::sqrt(strongest_sample_energy(config)));
}

ci16 quantize(cf32 x, float scale) {
  const auto one = [scale](float value) {
    return static_cast<std::int16_t>(std::clamp(std::nearbyint(value * scale), -32768.0F, 32767.0F));
  };
  return {one(x.re), one(x.im)};
}

/// Makes slot after slot of the antennas' samples.
class Synthesizer {
 public:
  explicit Synthesizer(const SynthConfig& config) : config_(config), channel_(config.carrier) {}

  /// [antenna][sample], in the unit of kernels/slot_samples.h.
  std::vector<cf32> slot(int recording_slot) {
    const int count = samples_of(recording_slot);
    std::vector<cf32> received(count * config_.carrier.antennas);
    // A delay moves the end of the slot before into this one, a negative one the beginning of the slot behind.
    add(recording_slot - 1, samples_of(recording_slot - 1), count, received);
    add(recording_slot, 0, count, received);
    add(recording_slot + 1, -count, count, received);
    for (int antenna = 0; antenna < config_.carrier.antennas; ++antenna) {
      propagation::add_awgn(power(-config_.snr_db), config_.seed, noise_stream(recording_slot, antenna),
                            std::span(received).subspan(antenna * count, count));
    }
    sent_.erase(sent_.begin(), sent_.lower_bound(recording_slot));
    first_sample_ += count;
    return received;
  }

 private:
  struct Sent {
    FlatPath path;
    int slot = 0;  // in the frame
    TransmitGrid grid;
  };

  int samples_of(int recording_slot) const {
    const int slots = nr::slots_per_subframe(config_.carrier.scs_hz);
    const int in_subframe = ((config_.first_slot + recording_slot) % slots + slots) % slots;
    return nr::slot_timing(config_.carrier.scs_hz, config_.carrier.fft_size, in_subframe).samples;
  }

  const std::vector<Sent>& sent_in(int recording_slot) {
    const auto [entry, is_new] = sent_.try_emplace(recording_slot);
    if (is_new) {
      for (const auto& t : transmissions_in(config_, recording_slot)) {
        entry->second.push_back({make_path(config_, t.grant.rnti, t.grant.layers), t.grant.slot,
                                 pusch::make_grid(t.grant, config_.carrier, t.grant.expected_payload)});
      }
    }
    return entry->second;
  }

  // What is sent in one slot, as far as it arrives in the one that is being made, whose first sample is sample number
  // from_slot_start of the sent slot.
  void add(int sent_slot, int from_slot_start, int count, std::span<cf32> received) {
    for (const Sent& sent : sent_in(sent_slot)) {
      if (from_slot_start > 0 && sent.path.delay_s <= 0) continue;
      if (from_slot_start < 0 && sent.path.delay_s >= 0) continue;
      channel_.add_slot(sent.path, sent.grid, sent.slot, {from_slot_start, first_sample_, count}, received);
    }
  }

  const SynthConfig& config_;
  propagation::FlatChannel channel_;
  std::map<int, std::vector<Sent>> sent_;  // by slot of the recording: those around the one that is being made
  std::int64_t first_sample_ = 0;
};

stream::RecordingHeader header(const SynthConfig& config, double scale) {
  return {.sample_type = config.sample_type,
          .full_scale = scale,
          .carrier = config.carrier,
          .first_slot = config.first_slot,
          .description = fmt::format("synthetic uplink, seed {}", config.seed),
          .generator = "pado synth",
          .channel = config.model == ChannelModel::awgn ? "AWGN, a constant phase per antenna"
                                                        : "flat Rayleigh fading, constant"};
}

std::vector<stream::WrittenGrant> annotations(const SynthConfig& config, int recording_slot) {
  std::vector<stream::WrittenGrant> grants;
  for (const auto& t : transmissions_in(config, recording_slot)) {
    const auto path = make_path(config, t.grant.rnti, t.grant.layers);
    grants.push_back({.grant = t.grant, .snr_db = config.snr_db + path.gain_db});
  }
  return grants;
}

}  // namespace

void synthesize(const SynthConfig& config, const std::string& name, const std::function<void(int)>& progress) {
  const double scale = full_scale(config);
  stream::RecordingWriter writer(name, header(config, scale));
  Synthesizer synthesizer(config);
  std::vector<ci16> integers;
  for (int slot = 0; slot < config.slots; ++slot) {
    const auto samples = synthesizer.slot(slot);
    if (config.sample_type == stream::SampleType::cf32) {
      writer.add_slot(std::span<const cf32>(samples), annotations(config, slot));
    } else {
      integers.resize(samples.size());
      std::ranges::transform(samples, integers.begin(),
                             [scale](cf32 x) { return quantize(x, static_cast<float>(scale)); });
      writer.add_slot(std::span<const ci16>(integers), annotations(config, slot));
    }
    if (progress) progress(slot + 1);
  }
  writer.finish();
}

}  // namespace pado::station
