// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How a configuration names a machine of a cloud instead of writing its address down.
package struct CloudReference: Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, CaseIterable {
    /// A server's name or id.
    case server
    /// A tag of servers, or of ports: all that have it.
    case tag
    /// A port's name or id.
    case cloudPort = "cloud-port"
    /// A floating IP: the port that it leads to.
    case floatingIP = "floating-ip"
  }

  package var kind: Kind
  package var value: String
  /// The name or id of the network whose port is meant, where the machine has several; nil: it has one.
  package var network: String?

  package init(_ kind: Kind, _ value: String, network: String? = nil) {
    self.kind = kind
    self.value = value
    self.network = network
  }

  package var description: String {
    "\(self.kind.rawValue) '\(self.value)'\(self.network.map { " on network '\($0)'" } ?? "")"
  }
}

/// Why a reference names nothing that can be used.
package enum CloudReferenceProblem: Error, Sendable, Equatable, CustomStringConvertible {
  case nothing(CloudReference)
  /// More than one of them, and one was asked for.
  case ambiguous(CloudReference, [String])
  case noPort(CloudReference, on: String?)
  /// It is plugged in at several places.
  case severalPorts(CloudReference, networks: [String])
  case noAddress(CloudReference)

  package var description: String {
    switch self {
    case .nothing(let reference): "there is no \(reference)"
    case .ambiguous(let reference, let ids):
      "\(reference) is ambiguous: \(ids.count) have that name (\(ids.prefix(4).joined(separator: ", "))); use an id"
    case .noPort(let reference, let network):
      "\(reference) has no port\(network.map { " on the network '\($0)'" } ?? "")"
    case .severalPorts(let reference, let networks):
      "\(reference) is on several networks; add 'network:' with one of \(networks.joined(separator: ", "))"
    case .noAddress(let reference): "\(reference) has no address"
    }
  }
}

extension CloudFacts {
  /// The ports that a reference names, in the order of their ids.
  ///
  /// - Parameter isOne: a single machine is asked for.
  package func resolve(_ reference: CloudReference, isOne: Bool) throws(CloudReferenceProblem) -> [CloudPort] {
    switch reference.kind {
    case .server, .tag:
      let servers = self.servers.values.filter {
        reference.kind == .tag ? $0.tags.contains(reference.value) : [$0.id, $0.name].contains(reference.value)
      }
      if reference.kind == .server || isOne, servers.count > 1 {
        throw .ambiguous(reference, servers.map(\.id).sorted())
      }
      var found: [CloudPort] = []
      for server in servers.sorted(by: { $0.id < $1.id }) {
        found.append(try self.choose(self.ports.filter { $0.deviceID == server.id }, reference))
      }
      if reference.kind == .tag {
        let tagged = self.ports.filter { port in
          port.tags.contains(reference.value) && !found.contains { $0.id == port.id }
        }
        found += try self.narrowed(tagged, reference)
        if isOne, found.count > 1 { throw .ambiguous(reference, found.map(\.id).sorted()) }
      }
      guard !found.isEmpty else { throw .nothing(reference) }
      return found.sorted { $0.id < $1.id }
    case .cloudPort:
      let ports = self.ports.filter { [$0.id, $0.name].contains(reference.value) }
      guard ports.count < 2 else { throw .ambiguous(reference, ports.map(\.id).sorted()) }
      guard let port = ports.first else { throw .nothing(reference) }
      return [port]
    case .floatingIP:
      guard
        let floatingIP = self.floatingIPs.first(where: {
          "\($0.address)" == reference.value || $0.id == reference.value
        })
      else { throw .nothing(reference) }
      guard let port = floatingIP.portID.flatMap(self.port) else { throw .noPort(reference, on: nil) }
      return [port]
    }
  }

  private func choose(_ ports: [CloudPort], _ reference: CloudReference) throws(CloudReferenceProblem) -> CloudPort {
    let ports = try self.narrowed(ports, reference)
    guard let port = ports.first else { throw .noPort(reference, on: reference.network) }
    guard ports.count == 1 else {
      throw .severalPorts(
        reference, networks: ports.map { "'\(self.networks[$0.networkID]?.name ?? $0.networkID)'" }.sorted())
    }
    return port
  }

  private func narrowed(
    _ ports: [CloudPort], _ reference: CloudReference
  ) throws(CloudReferenceProblem) -> [CloudPort] {
    guard let network = reference.network else { return ports }
    return ports.filter { [$0.networkID, self.networks[$0.networkID]?.name].contains(network) }
  }
}
