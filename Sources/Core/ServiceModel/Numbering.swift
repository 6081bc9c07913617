// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Gives every name a number of its own in a range, the same in every controller and after every restart.
///
/// A name's number is its hash; a collision goes to the next free number, in the order of the names. So adding a
/// name leaves all others alone unless it collides.
package struct StableNumbers: Sendable, Equatable {
  private let numbers: [String: UInt32]

  /// - Precondition: no more names than numbers.
  package init(names: some Sequence<String>, range: Range<UInt32>) {
    let sorted = Set(names).sorted()
    precondition(sorted.count <= range.count, "\(sorted.count) names for \(range.count) numbers")
    var taken = Set<UInt32>()
    var numbers: [String: UInt32] = [:]
    for name in sorted {
      var number = range.lowerBound + fnv1a(name) % UInt32(range.count)
      while !taken.insert(number).inserted {
        number += 1
        if number == range.upperBound { number = range.lowerBound }
      }
      numbers[name] = number
    }
    self.numbers = numbers
  }

  package subscript(name: String) -> UInt32? { self.numbers[name] }
}

/// FNV-1a, 32 bits (draft-eastlake-fnv): small, well spread, and the same for ever.
package func fnv1a(_ text: String) -> UInt32 { fnv1a(text.utf8) }

package func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var hash: UInt32 = 2_166_136_261
  for byte in bytes {
    hash = (hash ^ UInt32(byte)) &* 16_777_619
  }
  return hash
}

/// The numbers that an intent's listeners and regions have on the wire.
package struct Numbering: Sendable, Equatable {
  /// Below the range of ephemeral ports (32768…), so that a gateway's own connections never use a target's port.
  package static let targetPorts: Range<UInt32> = 16384..<32768

  private let listeners: StableNumbers
  private let regions: StableNumbers

  package init(_ intent: Intent) {
    self.listeners = StableNumbers(
      names: intent.services.flatMap { service in service.listeners.map { Self.key(service.name, $0) } },
      range: Self.targetPorts)
    self.regions = StableNumbers(names: intent.regions.map(\.name.text), range: 1..<0x1_0000)
  }

  /// The port on every gateway to which the switch redirects a listener's traffic.
  package func targetPort(of listener: Listener, in service: ServiceName) -> UInt16 {
    UInt16(self.listeners[Self.key(service, listener)]!)
  }

  /// 1…65535; the connection tracking mark of connections that a region serves.
  package func number(of region: RegionName) -> UInt32 { self.regions[region.text]! }

  private static func key(_ service: ServiceName, _ listener: Listener) -> String {
    "\(service)/\(listener.transport.rawValue)/\(listener.port)"
  }
}
