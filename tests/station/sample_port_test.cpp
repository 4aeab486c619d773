// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/sample_port.h"

#include <vector>

#include "phy/nr/numerology.h"
#include "station/users/sample_sender.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::station;

TEST_CASE("sample port: packets that were announced and do not come are lost, and no others", "[station][loop]") {
  const nr::Carrier carrier{.scs_hz = 15000, .carrier_prb = 106, .fft_size = 2048, .antennas = 2};
  const int samples = nr::slot_timing(carrier.scs_hz, carrier.fft_size, 0).samples;
  SamplePort port({.host = "0.0.0.0", .port = 0});  // no loopback: it waits for what may be on its way
  const stream::Address to{.host = "127.0.0.1", .port = port.address().port};
  port.begin_session(carrier, 7, 0);
  const std::vector<ci16> slot(static_cast<std::size_t>(2 * samples), ci16{5, -5});

  SampleSender sender(to, 2, 7, 0, 0, 1);
  const int packets = sender.send(slot);
  auto* whole = port.take(0, packets);
  REQUIRE(whole != nullptr);
  CHECK(whole->complete());
  CHECK(port.counters().lost == 0);
  port.give_back(whole);

  port.end_session();
  port.begin_session(carrier, 8, 1);
  SampleSender lossy(to, 2, 8, static_cast<std::uint64_t>(samples), 0.5, 1);
  CHECK(lossy.send(slot) == packets);
  auto* part = port.take(1, packets);
  REQUIRE(part != nullptr);
  CHECK_FALSE(part->complete());
  const std::int64_t came = port.counters().assembly.packets_received - packets;
  CHECK(came > 0);
  CHECK(port.counters().lost == packets - came);
  port.give_back(part);

  port.give_back(port.take(2, 5));  // nothing of it came
  CHECK(port.counters().lost == packets - came + 5);
}
