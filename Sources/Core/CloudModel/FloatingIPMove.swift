// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// Moves a region's floating IP from the data VM to the gateway, and back.
///
/// Where it came from is written on the floating IP itself, before it moves: whoever was interrupted, and whoever takes
/// Isthmus out a year later, reads it there.
package enum FloatingIPMove {
  package static let tag = "isthmus-home="

  /// The port that a floating IP has to go back to; nil: it was not moved.
  package static func home(of floatingIP: FloatingIP) -> String? {
    floatingIP.tags.first { $0.hasPrefix(self.tag) }.map { String($0.dropFirst(self.tag.utf8.count)) }
  }

  /// The next step that brings it to `portID`; nil: it is there, and its home is written down.
  package static func step(moving floatingIP: FloatingIP, to portID: String, at address: IPAddress) -> CloudStep? {
    if self.home(of: floatingIP) == nil, let port = floatingIP.portID, port != portID {
      return .tagFloatingIP(floatingIP.id, tag: self.tag + port)
    }
    guard floatingIP.portID == portID else {
      return .bindFloatingIP(floatingIP.id, toPort: portID, address: address)
    }
    return nil
  }

  /// The next step that brings it home; nil: it is there, or it never left.
  ///
  /// - Parameter address: of the port that it goes back to.
  package static func step(returning floatingIP: FloatingIP, at address: IPAddress) -> CloudStep? {
    guard let home = self.home(of: floatingIP) else { return nil }
    return floatingIP.portID == home
      ? .untagFloatingIP(floatingIP.id, tag: self.tag + home)
      : .bindFloatingIP(floatingIP.id, toPort: home, address: address)
  }
}
