// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles

extension Mistake {
  private static let gateways = """
    gateways:
          - {region: lisbon, port: 7, address: 172.20.126.110}
          - {region: porto, port: 8, address: 172.20.126.120}
    """

  /// The example with a second switch in lines 24 to 29, and a group of the two from line 30 on.
  private static func pair(
    group: String = "{name: edges, switches: [edge, edge2]}", second: String = "", gateways: String = Self.gateways
  ) -> String {
    Example.with(
      "services:\n",
      """
        - name: edge2
          datapath: 2
          probe-address: 172.20.126.6
          \(gateways)
      \(second)switch-groups:
        - \(group)
      services:

      """)
  }

  /// Switches that cannot stand in for each other.
  static let switchGroups: [Mistake] = [
    Mistake(
      .unknownSwitch, in: Self.pair(group: "{name: edges, switches: [edge, edge3]}"), at: "31:36",
      "switch group 'edges' names the switch 'edge3', which the file does not have",
      "did you mean 'edge'? accepted: edge, edge2"),
    Mistake(
      .switchGroupConflict, in: Self.pair(group: "{name: edges, switches: [edge]}"), at: "31:29",
      "switch group 'edges' has 1 switches", "name two or more in order of preference, or take the group out"),
    Mistake(
      .switchGroupConflict,
      in: Self.pair(group: "{name: edges, switches: [edge, edge2, edge]}"), at: "31:43",
      "switch group 'edges' names the switch 'edge', which is in switch group 'edges' in line 31",
      "a switch is in one group, once"),
    Mistake(
      .switchGroupConflict,
      in: Self.pair(gateways: "gateways: [{region: lisbon, port: 7, address: 172.20.126.110}]"), at: "29:36",
      "switch 'edge2' and switch 'edge' are in one group and reach different gateways: of region 'porto' none and "
        + "172.20.126.120",
      "give both the same gateways, each by ports of its own"),
    Mistake(
      .switchGroupConflict, in: Self.pair(second: "    placement: hash\n"), at: "30:16",
      "switch 'edge2' and switch 'edge' are in one group and have different placements",
      "give both the same 'placement', or neither: connections would move when one takes over"),
    Mistake(
      .switchGroupConflict, in: Self.pair(second: "    forwarding: learning\n"), at: "32:36",
      "switch 'edge2' is in switch group 'edges' and has 'forwarding: learning'",
      "only switches with 'forwarding: normal' can stand in for each other"),
  ]
}
