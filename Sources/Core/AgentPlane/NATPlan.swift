// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

/// How a gateway sends redirected traffic on to the members.
package struct NATPlan: Sendable, Equatable {
  /// One target, and where its new connections go.
  package struct Forward: Sendable, Equatable {
    package var target: Target
    /// In the order of the assignment, each once. Connections take turns.
    package var members: [IPAddress]
    package var clientAddress: ClientAddress

    package init(target: Target, members: [IPAddress], clientAddress: ClientAddress) {
      self.target = target
      self.members = members
      self.clientAddress = clientAddress
    }
  }

  /// Addresses to which the switches redirect. Traffic to others is left alone.
  package var gateways: [IPAddress]
  /// In ascending order of the targets' ports, each port once.
  package var forwards: [Forward]
  /// Which interfaces carry the gateways' addresses: a packet that leaves there goes to a member on the clients'
  /// side, which would answer the client directly.
  package var attachments: [Attachment]

  package init(gateways: [IPAddress], forwards: [Forward], attachments: [Attachment]) {
    self.gateways = Set(gateways).sorted()
    var ports: Set<UInt16> = []
    self.forwards =
      forwards
      .filter { !$0.members.isEmpty && ports.insert($0.target.port).inserted }
      .sorted { $0.target.port < $1.target.port }
    let addresses = Set(gateways)
    self.attachments = Set(
      attachments.filter { addresses.contains($0.address) }
        .map { Attachment(address: $0.address, interface: $0.interface) }
    ).sorted()
  }

  init(gateways: [IPAddress], services: [ServiceHealth], attachments: [Attachment]) {
    self.init(
      gateways: gateways,
      forwards: services.flatMap { service in
        let members = service.serving
        return service.assigned.targets.map {
          Forward(target: $0, members: members, clientAddress: service.assigned.clientAddress)
        }
      },
      attachments: attachments)
  }
}
