// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// One machine of the lab: a network namespace. Regions count from 1.
package enum LabHost: Sendable, Hashable, CustomStringConvertible {
  /// The test PC on the provider network.
  case client
  /// A second client whose neighbour table nothing has filled yet.
  case coldClient
  /// The private Open vSwitch and the controller.
  case `switch`
  /// A second Open vSwitch, in front of the same segments.
  case secondSwitch
  /// Joins the segments, where there are two switches or two gateways: a bridge for the clients and one for each region.
  /// With two gateways one for the inside of each region, too.
  case segments
  /// A region's VNF machine: the agent runs here.
  case gateway(Int)
  /// A second VNF machine of the region, which stands in for the first.
  case secondGateway(Int)
  /// A region's web server, behind the gateway.
  case member(Int)
  /// A client on the same segment as a region's gateway, behind the same port of the switch.
  case insideClient(Int)

  /// `client`, `cold`, `switch`, `switch2`, `segments`, `r1-gw`, `r1-gw2`, `r1-member`, `r1-client`.
  package var description: String {
    switch self {
    case .client: "client"
    case .coldClient: "cold"
    case .switch: "switch"
    case .secondSwitch: "switch2"
    case .segments: "segments"
    case .gateway(let region): "r\(region)-gw"
    case .secondGateway(let region): "r\(region)-gw2"
    case .member(let region): "r\(region)-member"
    case .insideClient(let region): "r\(region)-client"
    }
  }
}
