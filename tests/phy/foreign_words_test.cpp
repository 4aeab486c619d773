// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Polar code words and transport block sizes against tables that other programs made
// (testvectors/sionna/make_words.py).
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "phy/nr/mcs.h"
#include "phy/nr/tbs.h"
#include "phy/uci/decoder.h"
#include "phy/uci/encode.h"
#include "tests/catch.h"

using namespace pado;
using Bits = std::vector<std::uint8_t>;

namespace {

/// Rows of a table without its heading.
std::vector<std::vector<std::string>> read_table(const std::string& name) {
  std::ifstream file(PADO_SOURCE_DIR "/testvectors/sionna/" + name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    rows.push_back(cells);
  }
  REQUIRE(rows.size() > 1);
  rows.erase(rows.begin());
  return rows;
}

Bits bits_from_hex(const std::string& hex, int count) {
  Bits bits;
  for (int i = 0; i < count; ++i) {
    const int digit = std::stoi(hex.substr(static_cast<std::size_t>(i / 4), 1), nullptr, 16);
    bits.push_back(static_cast<std::uint8_t>(digit >> (3 - i % 4) & 1));
  }
  return bits;
}

}  // namespace

TEST_CASE("polar code: the words of two programs that are not ours", "[uci][foreign]") {
  std::map<std::string, int> words;
  uci::Decoder decoder(8192);
  for (const auto& row : read_table("polar_words.csv")) {
    const int count = std::stoi(row[1]), coded_bits = std::stoi(row[2]);
    INFO(row[0] << ": " << count << " bits in " << coded_bits);
    const Bits payload = bits_from_hex(row[3], count), word = bits_from_hex(row[4], coded_bits);
    CHECK(uci::encode(payload, coded_bits, 2) == word);
    uci::Plan plan{.bits_per_element = 1, .bits_per_symbol = 2};
    uci::PartPlan& part = plan.parts[1];
    part.bits = count;
    for (int i = 0; i < coded_bits; ++i) part.elements.push_back(i);
    part.segmentation = nr::polar_segmentation(count, coded_bits);
    part.code = nr::polar_code(part.segmentation);
    part.tree = uci::polar_tree(part.code);
    std::vector<std::int8_t> llrs;
    for (const std::uint8_t bit : word) llrs.push_back(bit == 0 ? 20 : -20);
    Bits decoded(payload.size());
    const auto result = decoder.decode(plan, llrs, {}, decoded);
    CHECK(result[1].verdict == uci::Verdict::crc_ok);
    CHECK(decoded == payload);
    ++words[row[0]];
  }
  CHECK(words["Sionna"] >= 18);
  CHECK(words["NeoRadium"] >= 18);
}

TEST_CASE("tbs: every row of the MCS tables as a program that is not ours computes it", "[nr][foreign]") {
  std::map<std::pair<std::string, int>, int> rows_of;
  for (const auto& row : read_table("tbs.csv")) {
    const nr::McsTable table = row[0] == "qam64"    ? nr::McsTable::qam64
                               : row[0] == "qam256" ? nr::McsTable::qam256
                                                    : nr::McsTable::qam64_low_se;
    std::vector<int> n;
    for (std::size_t i = 1; i < row.size(); ++i) n.push_back(std::stoi(row[i]));
    const auto mcs = nr::mcs(table, n[0]);
    REQUIRE(mcs);
    INFO(row[0] << " " << n[0] << ", " << n[1] << " PRB, " << n[2] << " symbols, " << n[4] << " layers");
    CHECK(nr::transport_block_size(n[1], n[2], n[3], n[5], mcs->modulation, mcs->code_rate_x1024, n[4]) == n[6]);
    ++rows_of[{row[0], n[0]}];
  }
  CHECK(rows_of.size() == 29 + 28 + 29);
}
