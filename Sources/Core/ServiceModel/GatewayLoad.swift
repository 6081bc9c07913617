// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a gateway carries, as its agent measures it.
package struct GatewayLoad: Sendable, Equatable {
  /// Through the interfaces with the gateway's addresses, in and out.
  package var packetsPerSecond: UInt32
  /// Thousand bits a second, there too.
  package var kilobitsPerSecond: UInt32
  /// Open connections of all targets, as the kernel tracks them.
  package var connections: UInt32
  /// Of the services in which the controller asked to look closer.
  package var services: [ServiceLoad]

  package init(
    packetsPerSecond: UInt32 = 0, kilobitsPerSecond: UInt32 = 0, connections: UInt32 = 0, services: [ServiceLoad] = []
  ) {
    self.packetsPerSecond = packetsPerSecond
    self.kilobitsPerSecond = kilobitsPerSecond
    self.connections = connections
    self.services = services
  }

  /// An agent sends no load that is older, and a controller goes by none: then health alone counts.
  package static let lifetime = Duration.seconds(10)
  /// How often it is measured where it decides nothing but when a drain is done: the kernel goes through the whole table
  /// of its connection tracking for it, 11 ms for the 262,144 rows that it has from 4 GiB of memory on, empty or not.
  package static let idleInterval = Duration.seconds(5)
}

/// One service's part of a gateway's load.
package struct ServiceLoad: Sendable, Equatable {
  /// The target port of the service's first listener: names the service on the wire.
  package var target: UInt16
  package var connections: UInt32
  /// Of the members' processors, on average; nil: not known. 0…1000 thousandths
  package var cpu: UInt16?

  package init(target: UInt16, connections: UInt32, cpu: UInt16? = nil) {
    self.target = target
    self.connections = connections
    self.cpu = cpu
  }
}

/// A load and how old it is.
package struct GatewayLoadReport: Sendable, Equatable {
  package var load: GatewayLoad
  /// Since it was measured.
  package var age: Duration

  package init(load: GatewayLoad, age: Duration) {
    self.load = load
    self.age = age
  }
}
