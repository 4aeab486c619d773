// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "phy/nr/error.h"
#include "phy/nr/validate.h"
#include "station/messages/session.h"
#include "station/messages/slot_indication.h"
#include "station/messages/slot_request.h"

namespace {

using namespace pado::station;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const SlotRequest& message) {
  for (const UplinkGrant& grant : message.granted()) {
    try {  // an Error is a right answer; a fault is none
      pado::nr::validate(pusch_grant(grant, 0, true, 0), {.carrier_prb = 273, .fft_size = 4096, .antennas = 4});
    } catch (const pado::Error&) {
    }
  }
}
void check(const SlotIndication& message) {
  for (const UserIndication& user : message.indicated()) require(user.measured_slot <= message.slot || !user.has_cqi);
}
void check(const Hello& message) { require(message.users >= 1 && message.users <= pado::scheduler::kMaxUsers); }
void check(const CellInfo& message) { require(message.full_scale >= 1); }
void check(const SessionEnd& message) { require(message.users >= 1); }
void check(const SessionError& message) {
  for (const char c : message.text) require(c >= ' ' && c <= '~');
}

/// What decodes is encoded to the bytes that it came from.
template <class Message>
void decode_as(std::span<const std::uint8_t> bytes) {
  Message message;
  if (!decode(bytes.subspan(kMessageHeaderBytes), message).ok()) return;
  check(message);
  std::vector<std::uint8_t> again;
  encode(message, again);
  const auto body = std::span(again).subspan(kMessageHeaderBytes);
  const auto came = bytes.subspan(kMessageHeaderBytes);
  require(std::equal(body.begin(), body.end(), came.begin(), came.end()));
}

}  // namespace

/// One message from its header on. The header's length is checked and then left aside, so that bodies of other lengths
/// are tried too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  MessageHeader header;
  const MessageCheck found = decode_header(bytes, header);
  (void)found.text();
  if (!found.ok()) return 0;
  switch (header.type) {
    case MessageType::hello:
      decode_as<Hello>(bytes);
      break;
    case MessageType::config:
      decode_as<CellInfo>(bytes);
      break;
    case MessageType::slot_request:
      decode_as<SlotRequest>(bytes);
      break;
    case MessageType::slot_indication:
      decode_as<SlotIndication>(bytes);
      break;
    case MessageType::end:
      decode_as<SessionEnd>(bytes);
      break;
    case MessageType::error:
      decode_as<SessionError>(bytes);
      break;
  }
  return 0;
}
