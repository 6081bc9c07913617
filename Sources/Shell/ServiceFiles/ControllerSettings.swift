// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// How a controller is reached, and what it is to switches. Read at start only: a change needs a restart.
package struct ControllerSettings: Sendable, Equatable {
  /// TCP, for the switches (6653 is OpenFlow's own port, OpenFlow 1.3.5, 6.3.3), without authentication; nil: not at
  /// all.
  package var openflow: SocketEndpoint?
  /// The same with mutual TLS; nil: not at all.
  package var openflowTLS: OpenFlowTLSSettings?
  /// So often a switch is asked whether it is there; after three times as long without an answer it is not.
  package var echoInterval: Duration
  package var unlistedSwitches: UnlistedSwitches
  /// UDP for the agents' heartbeats and TCP (HTTP) for their assignments.
  package var agents: SocketEndpoint
  /// TCP (HTTP), for operators. Without authentication, hence on loopback.
  package var api: SocketEndpoint
  /// What other controllers and operators call this one; nil: by the machine's name.
  package var name: String?
  /// Nil: there is no other controller.
  package var etcd: EtcdAccess?
  /// The SQLite file with what is configured; with `etcd`, with a copy of that. Nil: where `StorePlace` says.
  package var store: String?
  /// Where scripts that were written for Floodlight connect; nil: nowhere.
  package var floodlight: FloodlightSettings?

  package init(
    openflow: SocketEndpoint? = SocketEndpoint(IPv4Address(rawValue: 0), 6653),
    openflowTLS: OpenFlowTLSSettings? = nil, echoInterval: Duration = .seconds(5),
    unlistedSwitches: UnlistedSwitches = .ignore,
    agents: SocketEndpoint = SocketEndpoint(IPv4Address(rawValue: 0), 6654),
    api: SocketEndpoint = SocketEndpoint(IPv4Address(rawValue: 0x7f00_0001), 8080),
    name: String? = nil, etcd: EtcdAccess? = nil, store: String? = nil, floodlight: FloodlightSettings? = nil
  ) {
    self.floodlight = floodlight
    self.store = store
    self.name = name
    self.etcd = etcd
    self.openflow = openflow
    self.openflowTLS = openflowTLS
    self.echoInterval = echoInterval
    self.unlistedSwitches = unlistedSwitches
    self.agents = agents
    self.api = api
  }
}

/// Where switches connect with TLS, and the PEM files that this takes.
package struct OpenFlowTLSSettings: Sendable, Equatable {
  package var listen: SocketEndpoint
  /// The controller's certificate, and those between it and its root.
  package var certificate: String
  package var privateKey: String
  /// Certificates of the authorities that switches' certificates come from.
  package var authorities: String

  package init(listen: SocketEndpoint, certificate: String, privateKey: String, authorities: String) {
    self.listen = listen
    self.certificate = certificate
    self.privateKey = privateKey
    self.authorities = authorities
  }

  /// With paths that begin at `folder` unless they are absolute. `folder` is empty or ends with a slash.
  func relative(to folder: String) -> OpenFlowTLSSettings {
    func path(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }
    return OpenFlowTLSSettings(
      listen: self.listen, certificate: path(self.certificate), privateKey: path(self.privateKey),
      authorities: path(self.authorities))
  }
}

/// Floodlight's REST API, for scripts that know no other.
package struct FloodlightSettings: Sendable, Equatable {
  /// TCP (HTTP); Floodlight's own port is 8080.
  package var listen: SocketEndpoint
  /// A file whose first line requests must bring as `Authorization: Bearer`; nil: whoever reaches the port may do all.
  package var tokenFile: String?

  package init(listen: SocketEndpoint, tokenFile: String? = nil) {
    self.listen = listen
    self.tokenFile = tokenFile
  }

  /// With a path that begins at `folder` unless it is absolute. `folder` is empty or ends with a slash.
  func relative(to folder: String) -> FloodlightSettings {
    FloodlightSettings(
      listen: self.listen, tokenFile: self.tokenFile.map { $0.hasPrefix("/") ? $0 : folder + $0 })
  }
}

/// What becomes of a switch that connects and is not in the file.
package enum UnlistedSwitches: String, Sendable, CaseIterable {
  /// It is shown, and left as it is.
  case ignore
  /// The controller forwards for it as a learning switch.
  case learning
}
