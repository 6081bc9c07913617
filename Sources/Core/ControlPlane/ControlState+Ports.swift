// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel
import OpenFlow

/// A port that a configuration names and a switch does not have.
package struct MissingPort: Sendable, Equatable {
  package var switchName: SwitchName
  package var region: RegionName
  /// What it has, without the reserved ones.
  package var available: [(number: UInt32, name: String)]

  package static func == (a: MissingPort, b: MissingPort) -> Bool {
    a.switchName == b.switchName && a.region == b.region
      && a.available.elementsEqual(b.available) { $0.number == $1.number && $0.name == $1.name }
  }
}

extension ControlState {
  /// Checks an intent, before it is taken over, against the switches that are connected now.
  package func missingPorts(in intent: Intent) -> [MissingPort] {
    intent.switches.flatMap { config -> [MissingPort] in
      let known = self.switches.values.first { $0.config.datapath == config.datapath }?.connection?.ports
      guard let ports = known ?? self.strangers[config.datapath]?.ports else { return [] }
      let available = ports.filter(\.isOrdinary).map { (number: $0.number.rawValue, name: $0.name) }
      return config.gateways.filter { $0.port.resolve(among: ports) == nil }.map {
        MissingPort(switchName: config.name, region: $0.region, available: available)
      }
    }
  }
}

extension PortDescription {
  /// A port that a link can be plugged into, not one of the reserved numbers (OFPP_MAX, OpenFlow 1.3.5, 7.2.1).
  var isOrdinary: Bool { self.number.rawValue <= 0xffff_ff00 }
}
