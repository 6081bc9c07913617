// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import NIOCore
import OpenFlowNIO
import ServiceModel
import Southbound

/// Switches that other controllers drive.
extension ControlLoop {
  /// Such a switch has something to say. From any thread.
  nonisolated func receive(_ report: DrivenReport, from id: DatapathID) {
    self.eventLoop.execute { self.assumeIsolated { $0.received(report, from: id) } }
  }

  private func received(_ report: DrivenReport, from id: DatapathID) {
    switch report {
    case .said(let report): self.received(report, from: id)
    case .refused(let why, let message):
      self.absorb(.switchRefused(id, Refusal(error: why, concernsProgram: true, message: message)))
    }
  }

  /// A switch that is driven through another controller has a connection of its own, too: it would be told twice.
  ///
  /// - Returns: whether it was that.
  func turnedAway(_ report: SwitchReport, from id: DatapathID) -> Bool {
    guard let driven = self.driven, driven.drives(id) else { return false }
    if case .connected = report {
      self.server?.perform(.close(reason: "it is driven through another controller, as 'southbound' says"), on: id)
    }
    return true
  }

  /// Takes commands for such switches from now on.
  func command(_ driven: DrivenSwitches) {
    self.driven = driven
    driven.configure(self.configuredSwitches)
  }

  /// How these are connected, for those that are.
  func addDriven(to view: inout StatusView) {
    for driven in self.driven?.statuses ?? [] where self.ports[driven.datapath] != nil {
      for index in view.switches.indices where view.switches[index].datapath == driven.datapath {
        view.switches[index].connection = ControlPlane.SwitchStatus.Connection(
          peer: "\(driven.foreign.kind.title) at \(driven.foreign.url)",
          isEncrypted: driven.foreign.url.hasPrefix("https://"), role: "driven", age: driven.age, roundTrip: nil,
          unsentBytes: 0, packetIns: 0, packetInsDropped: 0, refusals: 0)
      }
    }
  }
}
