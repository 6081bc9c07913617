// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// A network of addresses: `192.0.2.0/24`. A single address is one with all its bits.
package struct AddressPrefix: Sendable, Hashable, CustomStringConvertible {
  package let address: IPAddress
  package let length: Int

  /// Nil: the text is neither an address nor `ADDRESS/LENGTH`.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
    let width = address.family == .v4 ? 32 : 128
    guard let length = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(length) else { return nil }
    self.address = address
    self.length = length
  }

  package init(_ address: IPAddress) {
    self.address = address
    self.length = address.family == .v4 ? 32 : 128
  }

  /// All addresses of a family.
  package static func all(_ family: IPAddress.Family) -> AddressPrefix {
    AddressPrefix(address: family == .v4 ? .v4(IPv4Address(rawValue: 0)) : .v6(IPv6Address(rawValue: 0)), length: 0)
  }

  private init(address: IPAddress, length: Int) {
    self.address = address
    self.length = length
  }

  /// Whether everything in `other` is in here.
  package func contains(_ other: AddressPrefix) -> Bool {
    switch (self.address, other.address) {
    case (.v4(let a), .v4(let b)):
      self.length <= other.length && (self.length == 0 || (a.rawValue ^ b.rawValue) >> (32 - UInt32(self.length)) == 0)
    case (.v6(let a), .v6(let b)):
      self.length <= other.length
        && (self.length == 0 || (a.rawValue ^ b.rawValue) >> (128 - UInt128(self.length)) == 0)
    default: false
    }
  }

  package var description: String { "\(self.address)/\(self.length)" }
}
