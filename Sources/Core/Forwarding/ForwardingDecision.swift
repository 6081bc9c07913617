// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import ServiceModel

/// Something that forwarding decided or learnt, and why.
package enum ForwardingDecision: RecordedDecision, Equatable {
  /// Why a link is no link any more.
  package enum LinkLoss: Sendable, Equatable {
    case portDown
    case switchGone
    /// No probe has come through for three intervals.
    case silence
  }

  case linkFound(PortAddress, PortAddress)
  case linkLost(PortAddress, PortAddress, because: LinkLoss)
  /// Both ports are ends of a way beside the spanning tree; the same port twice hears itself.
  case loopFound(PortAddress, PortAddress)
  case hostSeen(HostAddress, at: PortAddress)
  case hostMoved(HostAddress, from: PortAddress, to: PortAddress)
  /// More hosts are behind the port than are remembered. Said once for each port.
  case portFull(PortAddress, limit: Int)
  /// There are more hosts than are remembered. Said once.
  case hostsFull(limit: Int)
  /// A link probe with a wrong tag or from another time. Said once for each port while it is up.
  case probeRejected(PortAddress)

  /// For machines; never changes its meaning.
  package var kind: String {
    switch self {
    case .linkFound: "link-found"
    case .linkLost: "link-lost"
    case .loopFound: "loop-found"
    case .hostSeen: "host-seen"
    case .hostMoved: "host-moved"
    case .portFull: "port-full"
    case .hostsFull: "hosts-full"
    case .probeRejected: "probe-rejected"
    }
  }

  package var severity: Severity {
    switch self {
    case .linkFound, .hostSeen: .info
    case .hostMoved, .loopFound: .notice
    case .linkLost, .portFull, .hostsFull, .probeRejected: .warning
    }
  }

  /// One sentence for people.
  package var message: String {
    switch self {
    case .linkFound(let a, let b): "link found between \(a) and \(b)"
    case .linkLost(let a, let b, let why): "link lost between \(a) and \(b): \(why)"
    case .loopFound(let a, let b) where a == b: "\(a) hears itself: it is not used"
    case .loopFound(let a, let b): "\(a) and \(b) close a loop: nothing is flooded between them"
    case .hostSeen(let host, let port): "host \(host) is at \(port)"
    case .hostMoved(let host, let old, let new): "host \(host) moved from \(old) to \(new)"
    case .portFull(let port, let limit):
      "more than \(limit) hosts are at \(port): packets to the others are flooded"
    case .hostsFull(let limit): "there are more than \(limit) hosts: packets to the others are flooded"
    case .probeRejected(let port):
      "\(port) got a link probe that is not this controller's or comes too late: a forgery, or another controller"
    }
  }

  /// Names and values, for filters. In a fixed order.
  package var attributes: [(key: String, value: String)] {
    switch self {
    case .linkFound(let a, let b), .linkLost(let a, let b, _), .loopFound(let a, let b):
      Self.attributes(of: a) + [("peer-datapath", "\(b.datapath)"), ("peer-port", "\(b.port)")]
    case .hostSeen(let host, let port): Self.attributes(of: port) + [("host", "\(host.mac)")]
    case .hostMoved(let host, _, let port): Self.attributes(of: port) + [("host", "\(host.mac)")]
    case .portFull(let port, _), .probeRejected(let port): Self.attributes(of: port)
    case .hostsFull: []
    }
  }

  private static func attributes(of port: PortAddress) -> [(key: String, value: String)] {
    [("datapath", "\(port.datapath)"), ("port", "\(port.port)")]
  }
}

extension ForwardingDecision.LinkLoss: CustomStringConvertible {
  package var description: String {
    switch self {
    case .portDown: "a port went down"
    case .switchGone: "a switch disconnected"
    case .silence: "three probes in a row did not come through"
    }
  }
}
