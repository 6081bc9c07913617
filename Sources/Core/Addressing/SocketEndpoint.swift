// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// An address and a TCP or UDP port.
public struct SocketEndpoint: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The address, of either family.
  public var address: IPAddress
  /// 1…65535 for a peer; 0 lets the system choose where one listens.
  public var port: UInt16

  /// An address with a port.
  public init(_ address: IPAddress, _ port: UInt16) {
    self.address = address
    self.port = port
  }

  /// An IPv4 address with a port.
  public init(_ address: IPv4Address, _ port: UInt16) { self.init(.v4(address), port) }

  /// An IPv6 address with a port.
  public init(_ address: IPv6Address, _ port: UInt16) { self.init(.v6(address), port) }

  /// Reads `192.0.2.1:80` or `[2001:db8::1]:80`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
      text[text.index(after: colon)...].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    let host = text[..<colon]
    if let address = IPv4Address(host) {
      self.init(address, port)
    } else if host.hasPrefix("["), host.hasSuffix("]"), let address = IPv6Address(host.dropFirst().dropLast()) {
      self.init(address, port)
    } else {
      return nil
    }
  }

  /// `192.0.2.1:80` or `[2001:db8::1]:80`
  public var description: String {
    switch self.address {
    case .v4(let address): "\(address):\(self.port)"
    case .v6(let address): "[\(address)]:\(self.port)"
    }
  }

  /// By address, then by port.
  public static func < (a: SocketEndpoint, b: SocketEndpoint) -> Bool {
    (a.address, a.port) < (b.address, b.port)
  }
}
