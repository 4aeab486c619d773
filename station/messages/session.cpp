// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/messages/session.h"

#include <algorithm>

#include "phy/nr/numerology.h"
#include "station/messages/fields.h"

namespace pado::station {
namespace {

constexpr std::int64_t kLastSlot = std::int64_t{1} << 40;  // years of 30 kHz slots
constexpr std::int64_t kMostBlocks = std::int64_t{1} << 48;

// What nr::validate(Carrier) demands, without its exceptions.
void carrier_fields(auto& io, auto& carrier) {
  io.template number<4>("scs_hz", carrier.scs_hz, 15000, 30000);
  io.template number<2>("carrier_prb", carrier.carrier_prb, 1, nr::kMaxCarrierPrb);
  io.template number<2>("fft_size", carrier.fft_size, 128, 4096);
  io.template number<1>("antennas", carrier.antennas, 1, 4);
  io.require(carrier.scs_hz % 15000 == 0, "scs_hz");
  io.require(carrier.fft_size % 128 == 0, "fft_size");
  io.require(carrier.fft_size >= nr::kSubcarriersPerPrb * carrier.carrier_prb, "fft_size");
}

void fields(auto& io, auto& m, const Hello* /*tag*/) {
  io.template number<1>("users", m.users, 1, scheduler::kMaxUsers);
  for (int user = 0; user < m.users; ++user) {
    io.template number<1>("traffic", m.traffic[static_cast<std::size_t>(user)], 0, 1);
  }
  io.word(m.payload_seed);
  io.template number<1>("expects_carrier", m.expects_carrier, 0, 1);
  if (m.expects_carrier) carrier_fields(io, m.carrier);
}

void fields(auto& io, auto& m, const CellInfo* /*tag*/) {
  carrier_fields(io, m.carrier);
  io.real("phase_compensation_hz", m.carrier.phase_compensation_hz, 0, 1e12);
  io.real("full_scale", m.full_scale, 1, 1e9);
  io.template number<8>("first_slot", m.first_slot, 0, kLastSlot);
  io.template number<4>("stream_id", m.stream_id, 0, 0xffffffff);
  io.template number<1>("users", m.users, 1, scheduler::kMaxUsers);
  io.template number<2>("first_rnti", m.first_rnti, 1, 0xfff2 - scheduler::kMaxUsers);  // TS 38.321, table 7.1-1
  io.template number<2>("rbg_prbs", m.rbg_prbs, 1, nr::kMaxCarrierPrb);
  io.template number<1>("harq_processes", m.harq_processes, 1, scheduler::kMaxHarqProcesses);
  io.template number<1>("transmissions", m.transmissions, 1, 32);
  io.require((m.carrier.carrier_prb + m.rbg_prbs - 1) / m.rbg_prbs <= scheduler::kMaxRbgs, "rbg_prbs");
}

void fields(auto& io, auto& m, const SessionEnd* /*tag*/) {
  io.template number<1>("users", m.users, 1, scheduler::kMaxUsers);
  for (int user = 0; user < m.users; ++user) {
    auto& account = m.accounts[static_cast<std::size_t>(user)];
    io.template number<8>("sent", account.sent, 0, kMostBlocks);
    io.template number<8>("delivered", account.delivered, 0, kMostBlocks);
    io.template number<8>("lost", account.lost, 0, kMostBlocks);
    io.template number<8>("corrupt", account.corrupt, 0, kMostBlocks);
    io.template number<8>("duplicate", account.duplicate, 0, kMostBlocks);
    io.template number<8>("out_of_order", account.out_of_order, 0, kMostBlocks);
  }
}

template <class Message>
void encode_as(MessageType type, const Message& message, std::vector<std::uint8_t>& out) {
  FieldWriter writer(type, out);
  fields(writer, message, static_cast<const Message*>(nullptr));
  writer.finish();
}

template <class Message>
MessageCheck decode_as(std::span<const std::uint8_t> body, Message& message) noexcept {
  message = {};
  FieldReader reader(body);
  fields(reader, message, static_cast<const Message*>(nullptr));
  return reader.finish();
}

constexpr bool printable(char c) { return c >= ' ' && c <= '~'; }

}  // namespace

void encode(const Hello& message, std::vector<std::uint8_t>& out) { encode_as(MessageType::hello, message, out); }
void encode(const CellInfo& message, std::vector<std::uint8_t>& out) { encode_as(MessageType::config, message, out); }
void encode(const SessionEnd& message, std::vector<std::uint8_t>& out) { encode_as(MessageType::end, message, out); }

void encode(const SessionError& message, std::vector<std::uint8_t>& out) {
  FieldWriter writer(MessageType::error, out);
  const std::string text = message.text.substr(0, kErrorTextLimit);
  writer.number<1>("reason", message.reason, 0, kErrorReasons - 1);
  writer.number<2>("length", text.size(), 0, kErrorTextLimit);
  for (const char c : text) writer.number<1>("text", printable(c) ? c : '?', ' ', '~');
  writer.finish();
}

MessageCheck decode(std::span<const std::uint8_t> body, Hello& message) noexcept { return decode_as(body, message); }
MessageCheck decode(std::span<const std::uint8_t> body, CellInfo& message) noexcept { return decode_as(body, message); }
MessageCheck decode(std::span<const std::uint8_t> body, SessionEnd& message) noexcept {
  return decode_as(body, message);
}

MessageCheck decode(std::span<const std::uint8_t> body, SessionError& message) {
  message = {};
  FieldReader reader(body);
  int length = 0;
  reader.number<1>("reason", message.reason, 0, kErrorReasons - 1);
  reader.number<2>("length", length, 0, kErrorTextLimit);
  for (int i = 0; i < length; ++i) {
    char c = ' ';
    reader.number<1>("text", c, ' ', '~');
    message.text.push_back(c);
  }
  return reader.finish();
}

}  // namespace pado::station
