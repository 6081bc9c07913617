// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow

/// A port in the world: a switch and the number of a port of it.
package struct PortAddress: Sendable, Hashable, Comparable, CustomStringConvertible {
  package var datapath: DatapathID
  package var port: PortNumber

  package init(_ datapath: DatapathID, _ port: PortNumber) {
    self.datapath = datapath
    self.port = port
  }

  package var description: String { "port \(self.port) of \(self.datapath)" }

  package static func < (a: PortAddress, b: PortAddress) -> Bool { (a.datapath, a.port) < (b.datapath, b.port) }
}

/// Two ports that hear each other, the lesser first.
struct PortPair: Sendable, Hashable, Comparable {
  let first: PortAddress
  let second: PortAddress

  init(_ a: PortAddress, _ b: PortAddress) {
    self.first = min(a, b)
    self.second = max(a, b)
  }

  static func < (a: PortPair, b: PortPair) -> Bool { (a.first, a.second) < (b.first, b.second) }
}
