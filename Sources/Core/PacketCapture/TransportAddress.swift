// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// The address of an end of a TCP connection.
package enum NetworkAddress: Sendable, Hashable {
  case ipv4(IPv4Address)
  /// As a number, first octet highest.
  case ipv6(UInt128)
}

extension NetworkAddress: CustomStringConvertible {
  /// Dotted decimal, or what RFC 5952 recommends: lower case, no leading zeros, the first longest run of two zero words
  /// or more as `::`.
  package var description: String {
    switch self {
    case .ipv4(let address): return address.description
    case .ipv6(let number):
      let words = (0..<8).map { UInt16(truncatingIfNeeded: number >> UInt128(112 - 16 * $0)) }
      guard let zeros = Self.longestRunOfZeros(words) else { return Self.text(words[...]) }
      return Self.text(words[..<zeros.lowerBound]) + "::" + Self.text(words[zeros.upperBound...])
    }
  }

  private static func text(_ words: ArraySlice<UInt16>) -> String {
    words.map { String($0, radix: 16) }.joined(separator: ":")
  }

  private static func longestRunOfZeros(_ words: [UInt16]) -> Range<Int>? {
    var longest = 0..<0
    var start = 0
    for (index, word) in words.enumerated() {
      if word != 0 { start = index + 1 } else if index + 1 - start > longest.count { longest = start..<(index + 1) }
    }
    return longest.count >= 2 ? longest : nil
  }
}

/// One end of a TCP connection.
package struct TransportAddress: Sendable, Hashable, CustomStringConvertible {
  package var address: NetworkAddress
  package var port: UInt16

  package init(_ address: NetworkAddress, _ port: UInt16) {
    self.address = address
    self.port = port
  }

  /// `192.0.2.1:6653` or `[2001:db8::1]:6653`
  package var description: String {
    switch self.address {
    case .ipv4: "\(self.address):\(self.port)"
    case .ipv6: "[\(self.address)]:\(self.port)"
    }
  }
}
