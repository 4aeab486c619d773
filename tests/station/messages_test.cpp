// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "phy/nr/validate.h"
#include "station/messages/buffer_status.h"
#include "station/messages/session.h"
#include "station/messages/slot_indication.h"
#include "station/messages/slot_request.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::station;

namespace {

using Bytes = std::vector<std::uint8_t>;

UplinkGrant grant_of(int user) {
  UplinkGrant g;
  g.user = user;
  g.rnti = 0x4601 + user;
  g.prb_start = 8 * user;
  g.prb_count = 8;
  g.mcs_table = nr::McsTable::qam256;
  g.mcs_index = 20;
  g.modulation = nr::Modulation::qam256;
  g.code_rate_x10240 = 6825;
  g.n_id = 500;
  g.rv = 2;
  g.new_data = true;
  g.process = 3;
  g.tbs_bytes = 700;
  g.dmrs_additional_position = 1;
  g.dmrs_n_id = 501;
  return g;
}

SlotRequest request() {
  SlotRequest m;
  m.slot = 70000;
  m.grant_count = 2;
  m.grants[0] = grant_of(0);
  m.grants[1] = grant_of(2);
  m.feedback_count = 1;
  m.feedbacks[0] = {.user = 1, .process = 7, .sent_slot = 69998, .outcome = BlockOutcome::lost};
  return m;
}

SlotIndication indication() {
  SlotIndication m;
  m.slot = 70000;
  m.packets = 84;
  m.rbgs = 3;
  m.user_count = 2;
  m.users[0] = {.user = 0, .buffer_level = 31};
  m.users[1] = {.user = 3, .buffer_level = 5, .has_cqi = true, .measured_slot = 69996, .cqi_levels = {0, 9, 17}};
  return m;
}

Hello hello() {
  Hello m;
  m.users = 2;
  m.traffic[1] = scheduler::TrafficClass::bursts;
  m.payload_seed = 0x1122334455667788;
  m.expects_carrier = true;
  m.carrier.antennas = 2;
  return m;
}

CellInfo cell() {
  CellInfo m;
  m.carrier.antennas = 2;
  m.carrier.phase_compensation_hz = 3.5e9;
  m.users = 4;
  m.first_slot = 12;
  return m;
}

SessionEnd end() {
  SessionEnd m;
  m.users = 2;
  m.accounts[0] = {.sent = 100, .delivered = 98, .lost = 2};
  m.accounts[1] = {.sent = 5, .delivered = 5, .corrupt = 1, .duplicate = 2, .out_of_order = 3};
  return m;
}

template <class Message>
Bytes encoded(const Message& message) {
  Bytes bytes;
  encode(message, bytes);
  return bytes;
}

std::span<const std::uint8_t> body(const Bytes& bytes) { return std::span(bytes).subspan(kMessageHeaderBytes); }

// Encodes, checks the header, decodes, and encodes once more: the bytes are the same.
template <class Message>
Message round_trip(const Message& message, MessageType type) {
  const Bytes bytes = encoded(message);
  MessageHeader header;
  REQUIRE(decode_header(bytes, header).ok());
  CHECK(header.type == type);
  REQUIRE(header.body_bytes + kMessageHeaderBytes == bytes.size());
  Message got;
  const MessageCheck check = decode(body(bytes), got);
  INFO(check.text());
  REQUIRE(check.ok());
  CHECK(encoded(got) == bytes);
  return got;
}

// However short the body is cut, the message is truncated; one byte more, and it is too long.
template <class Message>
void check_lengths(const Message& message) {
  const Bytes bytes = encoded(message);
  Message got;
  for (std::size_t length = 0; length < body(bytes).size(); ++length) {
    INFO(length);
    CHECK(decode(body(bytes).first(length), got).status == MessageStatus::truncated);
  }
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK(decode(body(longer), got).status == MessageStatus::trailing_bytes);
}

template <class Message>
MessageCheck check_after(Bytes bytes, std::size_t at, std::uint8_t value) {
  bytes.at(kMessageHeaderBytes + at) = value;
  Message got;
  return decode(body(bytes), got);
}

}  // namespace

TEST_CASE("messages: what is encoded is decoded again", "[station][messages]") {
  const SlotRequest r = round_trip(request(), MessageType::slot_request);
  CHECK(r.slot == 70000);
  REQUIRE(r.grant_count == 2);
  CHECK(r.grants[0] == grant_of(0));
  CHECK(r.grants[1] == grant_of(2));
  REQUIRE(r.feedback_count == 1);
  CHECK(r.feedbacks[0] == request().feedbacks[0]);

  const SlotIndication i = round_trip(indication(), MessageType::slot_indication);
  CHECK(i.packets == 84);
  REQUIRE(i.user_count == 2);
  CHECK(i.users[0] == indication().users[0]);
  CHECK(i.users[1] == indication().users[1]);

  const Hello h = round_trip(hello(), MessageType::hello);
  CHECK(h.traffic == hello().traffic);
  CHECK(h.payload_seed == hello().payload_seed);
  CHECK(h.carrier == hello().carrier);

  const CellInfo c = round_trip(cell(), MessageType::config);
  CHECK(c.carrier == cell().carrier);
  CHECK(c.first_slot == 12);
  CHECK(c.full_scale == 4096);

  CHECK(round_trip(end(), MessageType::end).accounts == end().accounts);

  const SessionError e = round_trip(SessionError{ErrorReason::bad_grant, "PRB 60: no"}, MessageType::error);
  CHECK(e.reason == ErrorReason::bad_grant);
  CHECK(e.text == "PRB 60: no");
}

TEST_CASE("messages: lie on the wire byte by byte as documented", "[station][messages]") {
  SlotRequest m;
  m.slot = 0x0102;
  m.grant_count = 1;
  m.grants[0] = grant_of(2);
  const Bytes expected{
      0x50, 0x41, 0x44, 0x4f,                 // "PADO"
      0x01, 0x00,                             // version
      0x03, 0x00,                             // SLOT.request
      0x2c, 0x00, 0x00, 0x00,                 // bytes behind the header
      0x02, 0x01, 0,    0,    0,    0, 0, 0,  // slot
      1,    0,                                // grants, feedbacks
      2,    0x03, 0x46,                       // user, RNTI
      16,   0,    8,    0,                    // PRB start, count
      0,    14,   0,                          // symbol start, count, mapping type
      1,    20,   8,    0xa9, 0x1a,           // MCS table, index, bits a symbol, ten times the code rate of 1024
      1,    0xf4, 0x01, 2,    1,              // layers, n_ID, rv, NDI
      3,    0xbc, 0x02, 0,    0,    1,        // process, bytes of the block, base graph
      2,    1,    1,    1,    2,  // DM-RS: type A position, additional, length, ports, CDM groups without data
      0xf5, 0x01, 0};             // n_ID, n_SCID
  CHECK(encoded(m) == expected);

  const Bytes expected_indication{0x50, 0x41, 0x44, 0x4f, 1,    0, 4, 0, 0x1f, 0, 0, 0,  // header
                                  0x70, 0x11, 1,    0,    0,    0, 0, 0,                 // slot
                                  84,   0,    0,    0,    3,    2,                       // packets, RBGs, users
                                  0,    31,   0,                                         // user, buffer level, no CQI
                                  3,    5,    1,    0x6c, 0x11, 1, 0, 0, 0,    0, 0, 0, 9, 17};  // and one with CQI
  CHECK(encoded(indication()) == expected_indication);
}

TEST_CASE("messages: a header that is not right has a status of its own for each way", "[station][messages]") {
  const Bytes good = encoded(request());
  MessageHeader header;
  const auto status = [&](std::size_t at, std::uint8_t value) {
    Bytes bytes = good;
    bytes[at] = value;
    return decode_header(bytes, header).status;
  };
  CHECK(decode_header(good, header).status == MessageStatus::ok);
  CHECK(decode_header(std::span(good).first(11), header).status == MessageStatus::truncated);
  CHECK(decode_header({}, header).status == MessageStatus::truncated);
  CHECK(status(0, 'p') == MessageStatus::bad_magic);
  CHECK(status(4, 2) == MessageStatus::foreign_version);
  CHECK(header.version == 2);
  CHECK(status(6, 0) == MessageStatus::unknown_type);
  CHECK(status(6, 7) == MessageStatus::unknown_type);
  CHECK(status(11, 1) == MessageStatus::too_long);
  CHECK(status(9, 0x41) == MessageStatus::too_long);
}

TEST_CASE("messages: the longest messages keep within the limit", "[station][messages]") {
  SlotRequest full;
  full.slot = 2;
  full.grant_count = scheduler::kMaxUsersPerSlot;
  for (int i = 0; i < full.grant_count; ++i) full.grants[i] = grant_of(i);
  full.feedback_count = kMaxFeedbacks;
  SlotIndication all;
  all.slot = 9;
  all.rbgs = scheduler::kMaxRbgs;
  all.user_count = scheduler::kMaxUsers;
  for (int i = 0; i < all.user_count; ++i) all.users[i] = {.user = i, .has_cqi = true};
  SessionEnd account;
  account.users = scheduler::kMaxUsers;
  for (const Bytes& bytes : {encoded(full), encoded(all), encoded(account)}) {
    MessageHeader header;
    CHECK(decode_header(bytes, header).ok());
  }
  CHECK(encoded(SessionError{ErrorReason::ended, std::string(9000, 'x')}).size() < 600);
}

TEST_CASE("messages: a body of another length is told", "[station][messages]") {
  check_lengths(request());
  check_lengths(indication());
  check_lengths(hello());
  check_lengths(cell());
  check_lengths(end());
  check_lengths(SessionError{ErrorReason::ended, "over"});
}

TEST_CASE("messages: a field out of its range is named", "[station][messages]") {
  struct Row {
    std::size_t at;
    std::uint8_t value;
    MessageStatus status;
    std::string field;
  };
  const auto range = MessageStatus::out_of_range, contradiction = MessageStatus::contradiction;
  const std::vector<Row> request_rows{
      {7, 0xff, range, "slot"},
      {8, 17, range, "grant_count"},
      {9, 65, range, "feedback_count"},
      {10, 64, range, "user"},
      {10, 2, contradiction, "user"},  // given twice
      {14, 2, range, "prb_start"},
      {15, 0, range, "prb_count"},
      {19, 2, range, "mapping_type"},
      {20, 3, range, "mcs_table"},
      {21, 32, range, "mcs_index"},
      {21, 19, contradiction, "mcs_index"},
      {22, 6, contradiction, "mcs_index"},
      {23, 0, contradiction, "mcs_index"},
      {25, 3, range, "layers"},
      {27, 5, range, "n_id"},
      {28, 4, range, "rv"},
      {29, 2, range, "new_data"},
      {30, 16, range, "process"},
      {33, 0x80, range, "tbs_bytes"},
      {35, 0, range, "base_graph"},
      {36, 1, range, "dmrs_type_a_position"},
      {37, 4, range, "dmrs_additional_position"},
      {38, 3, range, "dmrs_length"},
      {39, 3, contradiction, "dmrs_ports"},
      {40, 0, range, "dmrs_cdm_groups_without_data"},
      {43, 2, range, "dmrs_n_scid"},
  };
  for (const Row& row : request_rows) {
    INFO(row.at << " " << row.field);
    const MessageCheck check = check_after<SlotRequest>(encoded(request()), row.at, row.value);
    CHECK(check.status == row.status);
    CHECK(check.field == row.field);
  }
  const std::vector<Row> indication_rows{
      {12, 0, range, "rbgs"},         {12, 33, range, "rbgs"},
      {13, 65, range, "user_count"},  {14, 64, range, "user"},
      {17, 0, contradiction, "user"}, {15, 32, range, "buffer_level"},
      {16, 2, range, "has_cqi"},      {20, 0x71, contradiction, "measured_slot"},
      {28, 18, range, "cqi_level"},
  };
  for (const Row& row : indication_rows) {
    INFO(row.at << " " << row.field);
    const MessageCheck check = check_after<SlotIndication>(encoded(indication()), row.at, row.value);
    CHECK(check.status == row.status);
    CHECK(check.field == row.field);
  }
  const std::vector<Row> hello_rows{
      {0, 0, range, "users"},
      {0, 65, range, "users"},
      {1, 2, range, "traffic"},
      {11, 2, range, "expects_carrier"},
      {12, 0, contradiction, "scs_hz"},
      {13, 0x50, contradiction, "scs_hz"},
      {16, 0, range, "carrier_prb"},
      {16, 0xff, contradiction, "fft_size"},
      {18, 1, contradiction, "fft_size"},
      {20, 5, range, "antennas"},
  };
  for (const Row& row : hello_rows) {
    INFO(row.at << " " << row.field);
    const MessageCheck check = check_after<Hello>(encoded(hello()), row.at, row.value);
    CHECK(check.status == row.status);
    CHECK(check.field == row.field);
  }
}

TEST_CASE("messages: a number that is none is refused", "[station][messages]") {
  CellInfo m = cell();
  for (const double wrong : {std::numeric_limits<double>::quiet_NaN(), -1.0, 1e300}) {
    m.full_scale = wrong;
    CellInfo got;
    const Bytes bytes = encoded(m);
    const MessageCheck check = decode(body(bytes), got);
    CHECK(check.status == MessageStatus::out_of_range);
    CHECK(check.field == std::string("full_scale"));
  }
}

TEST_CASE("messages: an error's text is printable whatever was to be said", "[station][messages]") {
  const Bytes bytes = encoded(SessionError{ErrorReason::ended, "a\nb\xff"});
  SessionError got;
  REQUIRE(decode(body(bytes), got).ok());
  CHECK(got.text == "a?b?");
  CHECK(check_after<SessionError>(bytes, 3, '\n').field == std::string("text"));
}

TEST_CASE("messages: a grant becomes one that the physical layer takes", "[station][messages]") {
  const auto grant = pusch_grant(grant_of(2), 7, true, 12);
  CHECK_NOTHROW(nr::validate(grant, {.scs_hz = 30000, .carrier_prb = 51, .fft_size = 1024, .antennas = 2}));
  CHECK(grant.rnti == 0x4603);
  CHECK(grant.tbs_bits == 5600);
  CHECK(grant.code_rate_x1024 == 682.5);
  CHECK(grant.dmrs.ports == std::vector{0});
  CHECK(grant.dmrs.power_boost_db == 3);
  CHECK(grant.block == 12);
  CHECK(grant.slot == 7);
}

TEST_CASE("buffer status: levels grow by the same factor, and a level covers the bytes it stands for",
          "[station][messages]") {
  CHECK(buffer_level(0) == 0);
  CHECK(buffer_level(1) == 1);
  CHECK(buffer_level(10) == 1);
  CHECK(buffer_level(11) == 2);
  CHECK(buffer_level(150000) == 30);
  CHECK(buffer_level(150001) == 31);
  CHECK(buffer_level(std::int64_t{1} << 50) == 31);
  for (int level = 1; level < kBufferLevels - 1; ++level) {  // TS 38.321, 6.1.3.1: 10 to 150000 in 29 equal ratios
    CHECK(buffer_bytes(level) == std::ceil(10 * std::pow(15000.0, (level - 1) / 29.0) - 1e-9));
    CHECK(buffer_level(buffer_bytes(level)) == level);
  }
}

TEST_CASE("CQI: levels are 2 dB apart and the nearest is taken", "[station][messages]") {
  CHECK(cqi_level(-100) == 0);
  CHECK(cqi_level(std::nan("")) == 0);
  CHECK(cqi_level(-6.9) == 1);
  CHECK(cqi_level(9.2) == 9);
  CHECK(cqi_level(1e300) == 17);
  for (int level = 0; level < kCqiLevels; ++level) CHECK(cqi_level(cqi_db(level)) == level);
}
