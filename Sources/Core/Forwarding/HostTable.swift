// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import OpenFlow
import ServiceModel

/// A host's address. The same MAC address in two VLANs is two hosts.
package struct HostAddress: Sendable, Hashable, CustomStringConvertible {
  package var mac: MACAddress
  /// 0: untagged, or tagged with a priority only. 1 … 4095
  package var vlan: UInt16

  package init(_ mac: MACAddress, vlan: UInt16 = 0) {
    self.mac = mac
    self.vlan = vlan
  }

  package var description: String { self.vlan == 0 ? "\(self.mac)" : "\(self.mac) in VLAN \(self.vlan)" }
}

/// Where a host was last heard.
struct Host: Sendable {
  var address: HostAddress
  /// Index of its switch.
  var slot: Int
  var port: PortNumber
  /// When a packet from it, or to it, last came to the controller.
  var lastUsed: Instant
  var movedAt: Instant?
}

/// All hosts, in places that keep their number.
struct HostTable: Sendable {
  /// By VLAN and MAC address in one number, which hashes in half the time.
  private var places: [UInt64: Int] = [:]
  private var hosts: [Host?] = []
  private var free: [Int] = []

  var count: Int { self.places.count }

  func place(of address: HostAddress) -> Int? { self.places[Self.key(address)] }

  /// - Precondition: the place is taken.
  subscript(place: Int) -> Host {
    get { self.hosts[place]! }
    _modify { yield &self.hosts[place]! }
  }

  mutating func insert(_ host: Host) {
    let place: Int
    if let reused = self.free.popLast() {
      place = reused
      self.hosts[place] = host
    } else {
      place = self.hosts.count
      self.hosts.append(host)
    }
    self.places[Self.key(host.address)] = place
  }

  mutating func remove(at place: Int) {
    guard let host = self.hosts[place] else { return }
    self.places[Self.key(host.address)] = nil
    self.hosts[place] = nil
    self.free.append(place)
  }

  /// The places of hosts of which this is true, in their order.
  func places(where isMeant: (Host) -> Bool) -> [Int] {
    self.hosts.indices.filter { self.hosts[$0].map(isMeant) ?? false }
  }

  private static func key(_ address: HostAddress) -> UInt64 { UInt64(address.vlan) << 48 | address.mac.rawValue }
}
