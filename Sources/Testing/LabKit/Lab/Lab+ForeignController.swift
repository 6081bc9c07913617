// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// The controller that a site keeps: it has the switch's connection, and Isthmus drives it by its API.
extension Lab {
  /// Where `scripts/bootstrap` puts Ryu.
  package static let ryu = "/opt/isthmus-lab/ryu/bin/ryu-lab"

  /// Its API, on the loopback address of the switch's namespace.
  package static let foreignURL = "http://127.0.0.1:8180"

  /// That has an address of the switch's own, too.
  private static let foreignProbeAddress = IPv4Address(rawValue: LabLayout.probeAddress(ofSwitch: 1).rawValue + 1)

  /// Starts it, where the switch looks for its controller, and waits until its API answers.
  ///
  /// Ryu is Ryu, with the learning switch that comes with it. In Floodlight's place stands another Isthmus, which has
  /// Floodlight's API and forwards.
  package func startForeignController() async throws {
    guard let kind = self.options.southbound else { return }
    let log = "\(self.directory.path)/foreign.log"
    let path: String
    switch kind {
    // `missing` has said so.
    case .onos: throw LabError.missing([LabRequirements.onos])
    case .ryu:
      path = "/stats/switches"
      self.foreign = try await self.command(
        in: .switch,
        [
          Self.ryu, "--ofp-tcp-listen-port", "\(LabLayout.openFlowPort())", "--wsapi-host", "127.0.0.1",
          "--wsapi-port", "8180", "ryu.app.ofctl_rest", "ryu.app.simple_switch_13",
        ]
      ).start(log: log)
    case .floodlight:
      path = "/wm/core/controller/switches/json"
      guard let executable = self.executables.controller else {
        throw LabError.missing([LabRequirement(name: "isthmus-controller", remedy: "swift build")])
      }
      let file = "\(self.directory.path)/foreign.yaml"
      try TextFile.write(
        """
        controller:
          openflow: 0.0.0.0:\(LabLayout.openFlowPort())
          agents: 127.0.0.1:8182
          api: 127.0.0.1:8181
          floodlight: {listen: "127.0.0.1:8180"}
          store: foreign.store
        regions: []
        switches:
          - name: edge
            datapath: \(LabLayout.datapath(ofSwitch: 1))
            probe-address: \(Self.foreignProbeAddress)
            gateways: []
        services: []

        """, to: file)
      self.foreign = try await self.command(in: .switch, [executable, "--config", file]).start(log: log)
    }
    try await self.waitUntil("API of \(kind.title)", timeout: .seconds(20)) {
      guard self.foreign?.isAlive == true else { throw LabError.ended(kind.title, log: TextFile.tail(log)) }
      return try await self.exec(in: .switch, ["curl", "-sf", "-m", "2", "-o", "/dev/null", Self.foreignURL + path])
        .succeeded
    }
  }

  package func killForeignController() async throws {
    try await self.end(self.foreign, .kill, "the foreign controller")
    self.foreign = nil
  }
}
