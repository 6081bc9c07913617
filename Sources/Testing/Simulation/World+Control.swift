// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel

/// Who decides for the switches, and that somebody does.
extension World {
  /// Notices when a switch has no controller any more that decides for it and is well, or has one again.
  mutating func watchControl() {
    guard self.now >= self.scenario.hasComeUp else { return }
    for index in self.datapaths.indices {
      let governor = self.governor(of: index)
      if let governor {
        // Who takes over begins to count: the silence before says nothing to it.
        if let former = self.governors[index], former != governor, !self.truth.control[index].isWrong {
          self.truth.control[index].begin(at: self.now)
        }
        self.governors[index] = governor
      }
      let isWell =
        governor.map { controller in
          !self.truth.links[controller][index].isWrong && self.controllers[controller].life?.isLeading == true
        } ?? false
      if isWell == self.truth.control[index].isWrong {
        if isWell { self.truth.control[index].end(at: self.now) } else { self.truth.control[index].begin(at: self.now) }
      }
    }
  }

  /// Where there are several controllers, the death of the one that leads is the end of nothing.
  mutating func judgeLeadership() {
    guard self.hasSeveralControllers else { return }
    // Where there are several switches, the leader may see another one, and stays.
    let bound = Store.takeover + Store.blindness * (self.controllers.count - 1)
    for index in self.datapaths.indices
    where self.datapaths.count == 1 && self.truth.control[index].isWrong
      && self.truth.control[index].isStable(for: bound, at: self.now)
    {
      let fit = self.controllers.indices.first { controller in
        self.truth.links[controller][index].isWell(for: bound, at: self.now)
          && self.truth.stores[controller].isWell(for: bound, at: self.now)
      }
      if let fit {
        self.fail("nobody decides for \(Site.switchName(index)), though \(Site.controller(fit)) could")
      }
    }
  }
}
