// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/slot_decoder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <tuple>
#include <type_traits>
#include <utility>

#include "kernels/backends.h"
#include "phy/nr/error.h"
#include "phy/pusch/receiver.h"

namespace pado::station {
namespace {

template <class Backend>
class DecoderOn final : public SlotDecoder {
  static constexpr bool kOnHost = std::is_same_v<Backend, cpu::Backend>;

 public:
  DecoderOn(const nr::Carrier& carrier, const pusch::PlanLimits& limits)
      : on_(pusch::backend_limits(carrier, limits)),
        host_(pusch::backend_limits(carrier, limits)),
        receiver_(on_, host_, carrier, limits) {}

  void decode(const SlotSamples& slot, const pusch::SlotPlan& plan, pusch::SlotReport& report) noexcept override {
    receiver_.receive(slot, plan, report);
  }

  [[nodiscard]] std::string take_failure() override { return receiver_.take_failure(); }

  [[nodiscard]] std::vector<LaunchCount> launches() const override {
    std::vector<LaunchCount> counts;
    if constexpr (requires { on_.launches(); }) {
      for (const auto& [kernel, count] : on_.launches()) counts.push_back({std::string(kernel), count});
    }
    return counts;
  }

 private:
  Backend on_;
  cpu::Backend host_;
  pusch::Receiver<Backend> receiver_;
};

template <class Visitor>
void for_each_backend(Visitor&& visit) {
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (visit(std::type_identity<std::tuple_element_t<i, BuiltBackends>>{}), ...);
  }(std::make_index_sequence<std::tuple_size_v<BuiltBackends>>{});
}

}  // namespace

std::vector<std::string> built_backends() {
  std::vector<std::string> names;
  for_each_backend([&](auto tag) { names.emplace_back(decltype(tag)::type::kName); });
  return names;
}

std::unique_ptr<SlotDecoder> make_slot_decoder(std::string_view backend, const nr::Carrier& carrier,
                                               const pusch::PlanLimits& limits) {
  std::unique_ptr<SlotDecoder> decoder;
  bool known = false;
  for_each_backend([&](auto tag) {
    using Backend = typename decltype(tag)::type;
    if (backend != Backend::kName) return;
    known = true;
    try {
      decoder = std::make_unique<DecoderOn<Backend>>(carrier, limits);
    } catch (const std::exception& error) {  // no device, no memory
      throw Error(fmt::format("backend {}: {}", backend, error.what()));
    }
  });
  if (!known)
    throw Error(
        fmt::format("backend {} is not in this build, which has {}", backend, fmt::join(built_backends(), ", ")));
  return decoder;
}

bool runs_side_by_side(std::string_view backend) { return backend == cpu::Backend::kName; }

}  // namespace pado::station
