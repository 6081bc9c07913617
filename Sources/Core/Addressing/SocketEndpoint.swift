// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// An IPv4 address and a TCP or UDP port.
public struct SocketEndpoint: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The IPv4 address.
  public var address: IPv4Address
  /// 1…65535 for a peer; 0 lets the system choose where one listens.
  public var port: UInt16

  /// An address with a port.
  public init(_ address: IPv4Address, _ port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Reads `192.0.2.1:80`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard let colon = text.lastIndex(of: ":"),
      let address = IPv4Address(text[..<colon]),
      let port = UInt16(text[text.index(after: colon)...]),
      text[text.index(after: colon)...].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    self.init(address, port)
  }

  /// `192.0.2.1:80`
  public var description: String { "\(self.address):\(self.port)" }

  /// By address, then by port.
  public static func < (a: SocketEndpoint, b: SocketEndpoint) -> Bool {
    (a.address, a.port) < (b.address, b.port)
  }
}
