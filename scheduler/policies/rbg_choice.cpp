// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/policies/rbg_choice.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace pado::scheduler {
namespace {

constexpr RbgMask bit(int rbg) { return RbgMask{1} << rbg; }

template <class Visit>
void for_each_user(std::uint64_t users, Visit&& visit) {
  for (; users != 0; users &= users - 1) visit(std::countr_zero(users));
}

template <class Visit>
void for_each_rbg(RbgMask rbgs, Visit&& visit) {
  for (; rbgs != 0; rbgs &= rbgs - 1) visit(std::countr_zero(rbgs));
}

/// The best user at each RBG, and its metric.
struct Best {
  std::array<float, kMaxRbgs> metric{};
  std::array<std::int32_t, kMaxRbgs> user{};

  Best() { user.fill(-1); }
  void offer(int candidate, const std::array<float, kMaxRbgs>& offered) {
    for (int r = 0; r < kMaxRbgs; ++r) {
      const bool better = offered[r] > metric[r];
      metric[r] = better ? offered[r] : metric[r];
      user[r] = better ? candidate : user[r];
    }
  }
};

/// What both ways of choosing know.
class Chooser {
 public:
  Chooser(const CellState& cell, const FreeResources& free, const RbgScores& scores, RbgChoice& choice)
      : cell_(cell),
        scores_(scores),
        choice_(choice),
        open_(free.users),
        left_(free.rbgs),
        users_left_(free.user_count) {
    choice.fill(0);
  }

 protected:
  [[nodiscard]] Best best() const {
    Best found;
    for_each_user(open_, [&](int user) { found.offer(user, scores_.metric[user]); });
    return found;
  }
  [[nodiscard]] float bits(int user, int rbg) const {
    return bits_of(cell_.shape, cell_.shape.prbs_of(rbg), scores_.efficiency[user][rbg]);
  }
  [[nodiscard]] float bits(int user) const {
    float sum = 0;
    for_each_rbg(choice_[user], [&](int rbg) { sum += bits(user, rbg); });
    return sum;
  }
  [[nodiscard]] bool limited(int user) const { return cell_.users[user].traffic == TrafficClass::bursts; }
  [[nodiscard]] float wanted(int user) const { return bits_wanted(cell_.users[user]); }
  void close(int user) { open_ &= ~(std::uint64_t{1} << user); }

  const CellState& cell_;
  const RbgScores& scores_;
  RbgChoice& choice_;
  std::uint64_t open_;  // users that may get more
  RbgMask left_;        // RBGs that nobody has
  int users_left_;
};

/// Any set of RBGs.
class SetChooser : Chooser {
 public:
  using Chooser::Chooser;

  void choose() {
    while (left_ != 0 && open_ != 0) {
      give_to_the_best();
      const bool dropped = keep_the_best_users();
      const bool closed = give_back_what_is_too_much();
      if (!dropped && !closed) return;
    }
  }

 private:
  void give_to_the_best() {
    const Best found = best();
    RbgMask unwanted = 0;
    for_each_rbg(left_, [&](int rbg) {
      if (found.user[rbg] < 0) {
        unwanted |= bit(rbg);
      } else {
        choice_[found.user[rbg]] |= bit(rbg);
      }
    });
    left_ = unwanted;
  }

  // Says whether users were left out, whose RBGs are free again. With the slot full of users no others may join.
  bool keep_the_best_users() {
    std::array<std::pair<float, int>, kMaxUsers> sums;
    int count = 0;
    for_each_user(open_, [&](int user) {
      if (choice_[user] == 0) return;
      float sum = 0;
      for_each_rbg(choice_[user], [&](int rbg) { sum += scores_.metric[user][rbg]; });
      sums[count++] = {-sum, user};
    });
    if (count < users_left_) return false;
    std::sort(sums.begin(), sums.begin() + count);
    for (int i = users_left_; i < count; ++i) {
      left_ |= choice_[sums[i].second];
      choice_[sums[i].second] = 0;
    }
    open_ = users_of(sums, users_left_);
    return count > users_left_;
  }

  static std::uint64_t users_of(const std::array<std::pair<float, int>, kMaxUsers>& sums, int count) {
    std::uint64_t users = 0;
    for (int i = 0; i < count; ++i) users |= std::uint64_t{1} << sums[i].second;
    return users;
  }

  bool give_back_what_is_too_much() {
    bool closed = false;
    for_each_user(open_, [&](int user) {
      if (!limited(user) || choice_[user] == 0 || bits(user) < wanted(user)) return;
      keep_what_fills(user);
      close(user);
      --users_left_;
      closed = true;
    });
    return closed;
  }

  // The best RBGs first, until the buffer fits.
  void keep_what_fills(int user) {
    RbgMask had = choice_[user];
    choice_[user] = 0;
    for (float sum = 0, need = wanted(user); had != 0 && sum < need;) {
      int top = std::countr_zero(had);
      for_each_rbg(had, [&](int rbg) {
        if (scores_.metric[user][rbg] > scores_.metric[user][top]) top = rbg;
      });
      had &= ~bit(top);
      choice_[user] |= bit(top);
      sum += bits(user, top);
    }
    left_ |= had;
  }
};

/// Recursive maximum expansion, after de Temino, Berardinelli, Frattasi and Mogensen (2008): single runs of RBGs.
class RunChooser : Chooser {
 public:
  using Chooser::Chooser;

  void choose() {
    while (left_ != 0 && open_ != 0 && users_left_ > 0) {
      const Best found = best();
      int top = -1;
      for_each_rbg(left_, [&](int rbg) {
        if (found.user[rbg] >= 0 && (top < 0 || found.metric[rbg] > found.metric[top])) top = rbg;
      });
      if (top < 0) break;
      grow(found.user[top], top, found);
      close(found.user[top]);
      --users_left_;
    }
    extend_into_gaps();
  }

 private:
  void take(int user, int rbg) {
    choice_[user] |= bit(rbg);
    left_ &= ~bit(rbg);
  }
  [[nodiscard]] bool is_left(int rbg) const { return rbg >= 0 && rbg < kMaxRbgs && (left_ & bit(rbg)) != 0; }

  // To the better side first.
  void grow(int user, int from, const Best& found) {
    take(user, from);
    int low = from - 1, high = from + 1;
    const auto gains = [&](int rbg) { return is_left(rbg) && found.user[rbg] == user; };
    while (!limited(user) || bits(user) < wanted(user)) {
      const bool down = gains(low), up = gains(high);
      if (!down && !up) return;
      const bool go_down = down && (!up || found.metric[low] > found.metric[high]);
      take(user, go_down ? low-- : high++);
    }
  }

  // What is left lies between runs whose users were not the best there: better theirs than nobody's.
  void extend_into_gaps() {
    for (bool grown = true; grown && left_ != 0;) {
      grown = false;
      for_each_rbg(left_, [&](int rbg) {
        const int user = better_neighbour(rbg);
        if (user < 0) return;
        take(user, rbg);
        grown = true;
      });
    }
  }

  [[nodiscard]] int better_neighbour(int rbg) const {
    int found = -1;
    for (int user = 0; user < static_cast<int>(cell_.users.size()); ++user) {
      const RbgMask near = (rbg > 0 ? bit(rbg - 1) : 0) | (rbg + 1 < kMaxRbgs ? bit(rbg + 1) : 0);
      if ((choice_[user] & near) == 0 || !(scores_.metric[user][rbg] > 0)) continue;
      if (limited(user) && bits(user) >= wanted(user)) continue;
      if (found < 0 || scores_.metric[user][rbg] > scores_.metric[found][rbg]) found = user;
    }
    return found;
  }
};

}  // namespace

float bits_wanted(const UserState& user) {
  if (user.traffic == TrafficClass::full_buffer) return std::numeric_limits<float>::infinity();
  return static_cast<float>(user.buffer_bytes) * 8.25F;
}

void choose_rbgs(const CellState& cell, const FreeResources& free, const RbgScores& scores,
                 RbgChoice& choice) noexcept {
  if (cell.shape.allocation == AllocationType::contiguous) {
    RunChooser(cell, free, scores, choice).choose();
  } else {
    SetChooser(cell, free, scores, choice).choose();
  }
}

}  // namespace pado::scheduler
