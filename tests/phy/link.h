// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "kernels/backends.h"
#include "phy/nr/numerology.h"
#include "phy/nr/tbs.h"
#include "phy/propagation/awgn.h"
#include "phy/propagation/flat_channel.h"
#include "phy/propagation/random_stream.h"
#include "phy/pusch/receiver.h"
#include "phy/pusch/transmitter.h"

namespace pado::link {

/// Whether this machine can run the backend; says so where not.
template <class Backend>
bool usable() {
  std::string why;
  if (available<Backend>(&why)) return true;
  std::cout << "skipped: backend " << Backend::kName << ": " << why << '\n';
  return false;
}

/// A user of one slot: what it sends and how it reaches the antennas.
struct User {
  nr::PuschGrant grant;
  propagation::FlatPath path;
  std::vector<std::uint8_t> payload;
};

/// From our transmitter through a flat channel to our receiver.
struct Link {
  nr::Carrier carrier{.scs_hz = 30000, .carrier_prb = 51, .fft_size = 1024, .phase_compensation_hz = 0, .antennas = 1};
  std::vector<User> users;
  std::vector<User> interferers;  // of another cell: sent, but nobody decodes them
  double snr_db = 100;
  std::uint64_t seed = 1;
  bool as_ci16 = false;  // quantised to 16 bits at a tenth of the range
  int max_ldpc_iterations = 0;
  std::vector<std::uint16_t> lost_symbols;  // as in SlotSamples; the samples are as the caller made them

  /// A user of the whole carrier with sensible defaults, for the caller to change.
  User& add_user() {
    User user;
    user.grant.slot = 3;
    user.grant.rnti = 0x4601 + static_cast<int>(users.size());
    user.grant.bwp_size = carrier.carrier_prb;
    user.grant.prb_count = carrier.carrier_prb;
    user.grant.n_id = 101;
    user.grant.dmrs.n_id = 202;
    user.grant.dmrs.additional_position = 1;
    user.grant.modulation = nr::Modulation::qam16;
    user.grant.code_rate_x1024 = 490;
    users.push_back(user);
    return users.back();
  }

  /// Payloads and gains that are still open; ports 0 .. layers - 1 where the grant's do not fit its layers.
  void complete() {
    for (std::size_t u = 0; u < users.size(); ++u) complete(users[u], u);
    for (std::size_t u = 0; u < interferers.size(); ++u) complete(interferers[u], 50 + u);
  }
  void complete(User& user, std::size_t number) const {
    nr::PuschGrant& g = user.grant;
    if (static_cast<int>(g.dmrs.ports.size()) != g.layers)
      for (g.dmrs.ports.clear(); static_cast<int>(g.dmrs.ports.size()) < g.layers;)
        g.dmrs.ports.push_back(static_cast<int>(g.dmrs.ports.size()));
    propagation::RandomStream control(seed, 200 + number);
    for (nr::UciPart& part : g.uci.parts) {
      if (static_cast<int>(part.content.size()) == part.bits) continue;
      part.content.resize(static_cast<std::size_t>(part.bits));
      for (auto& bit : part.content) bit = static_cast<std::uint8_t>(control.bits() >> 63);
    }
    if (g.shared_channel && g.tbs_bits == 0) g.tbs_bits = nr::transport_block_size(g);
    if (g.shared_channel && user.payload.empty()) {
      user.payload.resize(static_cast<std::size_t>(g.tbs_bits) / 8);
      propagation::RandomStream random(seed, 100 + number);
      for (auto& byte : user.payload) byte = static_cast<std::uint8_t>(random.bits());
    }
    if (user.path.gains.values.empty())
      user.path.gains = propagation::phase_gains(carrier.antennas, g.layers, seed, number);
  }

  [[nodiscard]] std::vector<cf32> samples() const {
    const int slot = users[0].grant.slot;
    const int count =
        nr::slot_timing(carrier.scs_hz, carrier.fft_size, slot % nr::slots_per_subframe(carrier.scs_hz)).samples;
    std::vector<cf32> received(static_cast<std::size_t>(carrier.antennas * count));
    propagation::FlatChannel channel(carrier);
    std::vector<User> all = users;
    all.insert(all.end(), interferers.begin(), interferers.end());
    for (const User& user : all) {
      channel.add_slot(user.path, pusch::make_grid(user.grant, carrier, user.payload), slot,
                       {.from_slot_start = 0, .from_recording_start = 0, .samples = count}, received);
    }
    if (snr_db < 99) {
      for (int a = 0; a < carrier.antennas; ++a)
        propagation::add_awgn(std::pow(10.0, -snr_db / 10), seed, 1000 + a,
                              std::span(received).subspan(a * count, count));
    }
    return received;
  }
};

struct Outcome {
  pusch::SlotReport report;
  std::vector<bool> match;      // payload right, by user
  std::vector<bool> uci_match;  // all control information right, by user
  [[nodiscard]] bool all_right() const {
    return std::ranges::all_of(match, [](bool m) { return m; });
  }
};

/// A receiver that lives over several slots of the same link.
template <class Backend>
class LinkReceiver {
 public:
  explicit LinkReceiver(const Link& link) : LinkReceiver(link.carrier, limits_of(link)) {}
  LinkReceiver(const nr::Carrier& carrier, const pusch::PlanLimits& limits)
      : on_(pusch::backend_limits(carrier, limits)),
        host_(pusch::backend_limits(carrier, limits)),
        planner_(carrier, limits),
        receiver_(on_, host_, carrier, limits) {
    report_.ues.reserve(static_cast<std::size_t>(limits.ues));
  }

  static pusch::PlanLimits limits_of(const Link& link, int harq_processes = 8) {
    std::vector<nr::PuschGrant> grants;
    for (const User& user : link.users) grants.push_back(user.grant);
    pusch::PlanLimits limits = pusch::limits_for_slot(link.carrier, grants);
    limits.harq_processes = harq_processes;
    return limits;
  }

  Outcome receive(const Link& link) { return receive(link, link.samples()); }
  /// A slot that is granted but never received.
  void miss(const Link& link) {
    std::vector<nr::PuschGrant> grants;
    for (const User& user : link.users) grants.push_back(user.grant);
    (void)planner_.plan(grants, 1);
  }
  Backend& backend() { return on_; }
  pusch::Planner& planner() { return planner_; }
  std::string take_failure() { return receiver_.take_failure(); }
  Outcome receive(const Link& link, const std::vector<cf32>& samples) {
    std::vector<nr::PuschGrant> grants;
    for (const User& user : link.users) grants.push_back(user.grant);
    SlotSamples slot;
    slot.antennas = link.carrier.antennas;
    slot.samples = static_cast<int>(samples.size()) / link.carrier.antennas;
    slot.lost_symbols = link.lost_symbols;
    std::vector<ci16> quantised;
    if (link.as_ci16) {
      double energy = 1e-30;
      for (const cf32 x : samples) energy += norm(x) / static_cast<double>(samples.size());
      const double gain = 3276 / std::sqrt(energy);
      for (const cf32 x : samples)
        quantised.push_back({static_cast<std::int16_t>(std::lround(std::clamp(x.re * gain, -32767.0, 32767.0))),
                             static_cast<std::int16_t>(std::lround(std::clamp(x.im * gain, -32767.0, 32767.0)))});
      slot.scale = static_cast<float>(1 / gain);
      slot.ci16_samples = quantised;
    } else {
      slot.cf32_samples = samples;
    }
    const pusch::SlotPlan plan = planner_.plan(grants, slot.scale, link.max_ldpc_iterations);
    receiver_.receive(slot, plan, report_);
    Outcome outcome{.report = report_, .match = {}, .uci_match = {}};
    for (std::size_t u = 0; u < link.users.size(); ++u)
      outcome.match.push_back(report_.ues[u].crc_ok &&
                              std::ranges::equal(report_.ues[u].payload, link.users[u].payload));
    for (std::size_t u = 0; u < link.users.size(); ++u) {
      bool right = true;
      for (int part = 0; part < nr::kUciParts; ++part)
        right = right && std::ranges::equal(report_.ues[u].uci[part].bits, link.users[u].grant.uci.parts[part].content);
      outcome.uci_match.push_back(right);
    }
    return outcome;
  }

 private:
  Backend on_;
  cpu::Backend host_;
  pusch::Planner planner_;
  pusch::Receiver<Backend> receiver_;
  pusch::SlotReport report_;
};

template <class Backend>
Outcome run(Link link) {
  link.complete();
  return LinkReceiver<Backend>(link).receive(link);
}

/// The configuration, for a failing test's message.
inline std::string describe(const Link& link) {
  const nr::Carrier& c = link.carrier;
  std::string text = fmt::format("scs {} fft {} antennas {}", c.scs_hz, c.fft_size, c.antennas);
  for (const User& user : link.users) {
    const nr::PuschGrant& g = user.grant;
    text += fmt::format("; PRB {}+{} symbols {}+{} additional {} length {} layers {} Qm {} rate {} rv {}", g.prb_start,
                        g.prb_count, g.symbol_start, g.symbol_count, g.dmrs.additional_position, g.dmrs.length,
                        g.layers, static_cast<int>(g.modulation), g.code_rate_x1024 / 1024, g.rv);
  }
  return text;
}

}  // namespace pado::link
