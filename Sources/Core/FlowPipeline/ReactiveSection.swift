// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow
package import ServiceModel
import Steering

extension Compiler {
  /// Has the controller asked about every packet of a listener that belongs to no connection with a flow of its own.
  ///
  /// The flow's cookie remembers who is served first, for a controller that begins anew.
  func askController(
    _ service: Service, _ listener: Listener, _ steering: ServiceSteering, carrying: Set<RegionName>,
    into program: inout DatapathProgram
  ) {
    let first = service.policy.isSpreading ? nil : steering.slots(carrying: carrying).first?.user
    let cookie = service.regions.firstIndex { $0 == first }.flatMap(SlotCookie.init(owner:))
    program.add(
      .steer, TableLayout.Steer.listener, Match(self.arrivals(service, listener)),
      cookie: cookie?.rawValue ?? Cookie.service.rawValue,
      self.limit + [.applyActions([.output(port: .controller, maxLength: Action.wholePacket)])])
    self.askAboutBeginnings(of: service, listener, into: &program)
  }

  /// A flow stays for the last packets of a connection that has ended, and the client may use its port again by then:
  /// that is another connection. And a switch that caches what became of a packet (Open vSwitch) asks about all that are
  /// like it until it has looked at its cache again: only another first packet is like one. Needs OpenFlow 1.5, as ends
  /// do.
  private func askAboutBeginnings(
    of service: Service, _ listener: Listener, into program: inout DatapathProgram
  ) {
    guard self.facts.version >= .v1_5, listener.transport == .tcp else { return }
    program.add(
      .steer, TableLayout.Steer.beginning,
      // SYN without ACK (RFC 9293, 3.1)
      Match(self.arrivals(service, listener) + [MatchEntry(.tcpFlags, 0x02, mask: 0x12)]), cookie: .service,
      self.limit + [.applyActions([.output(port: .controller, maxLength: Action.wholePacket)])])
  }

  /// Has the controller told of ends of TCP connections: a region's FIN or RST goes its way, and a copy to the
  /// controller. Needs OpenFlow 1.5, which matches TCP flags.
  func tellOfEnds(_ match: Match, _ answer: [Instruction], into program: inout DatapathProgram) {
    guard self.facts.placement == .reactive, self.facts.version >= .v1_5, match[.ipProtocol]?.value == 6 else { return }
    let tell = Action.output(port: .controller, maxLength: Self.headersLength)
    let told = answer.map { instruction -> Instruction in
      if case .applyActions(let actions) = instruction { .applyActions([tell] + actions) } else { instruction }
    }
    for flag in [UInt128(1), 4] {
      program.add(
        .classify, TableLayout.Classify.end, Match(match.entries + [MatchEntry(.tcpFlags, flag, mask: flag)]),
        cookie: .end, told)
    }
  }

  /// Bytes of a packet in which its addresses and ports are, whatever options it has.
  private static let headersLength: UInt16 = 128
}

/// The flow of one connection, in the placement `reactive`.
package struct ConnectionFlow: Sendable, Equatable {
  package var client: SocketEndpoint
  package var listener: ListenerSocket
  /// The number of its region.
  package var region: UInt32
  package var hasEnded: Bool

  package init(client: SocketEndpoint, listener: ListenerSocket, region: UInt32, hasEnded: Bool = false) {
    self.client = client
    self.listener = listener
    self.region = region
    self.hasEnded = hasEnded
  }

  /// A flow that a switch has, or had; nil for one of another kind.
  package init?(cookie: UInt64, match: Match) {
    guard cookie & Self.cookieMask == Self.cookie, let client = match.ipSource,
      let clientPort = match[.tcpSource] ?? match[.udpSource], let address = match.ipDestination,
      let port = match[.tcpDestination] ?? match[.udpDestination], let ipProtocol = match[.ipProtocol]
    else { return nil }
    func endpoint(_ address: IPAddress, _ port: MatchEntry) -> SocketEndpoint {
      SocketEndpoint(address, UInt16(truncatingIfNeeded: port.value))
    }
    guard
      let listener = ListenerSocket(
        endpoint(address, port), protocolNumber: UInt8(truncatingIfNeeded: ipProtocol.value))
    else { return nil }
    self.init(
      client: endpoint(client, clientPort), listener: listener, region: UInt32(cookie & 0xffff),
      hasEnded: cookie & Self.ended != 0)
  }

  /// "ISTHCN", or "ISTHCO" if it has ended, and the region's number: these flows are no part of the program, and come
  /// and go with connections.
  package static let cookie: UInt64 = 0x4953_5448_434e_0000
  fileprivate static let ended: UInt64 = 0x1_0000
  package static let cookieMask: UInt64 = 0xffff_ffff_fffe_0000

  /// For how long a flow stays without packets.
  package enum Stage: UInt16, Sendable {
    /// A beginning, which may be all that ever comes.
    case begun = 15
    case established = 300
    /// Last packets may still come, and the client may use its port again soon.
    case ended = 2
  }
}

extension Compiler {
  /// Sends a connection's packets to its region. How they get there is the region's affair, in a later table: a gateway
  /// that was rebuilt keeps them.
  package func flow(
    _ connection: ConnectionFlow, to region: RegionName, targetPort: UInt16, stage: ConnectionFlow.Stage
  ) -> FlowMod? {
    let (endpoint, transport) = (connection.listener.endpoint, connection.listener.transport)
    let family = endpoint.address.family
    guard let address = self.facts.gateways[region]?.address(of: family) else { return nil }
    return FlowMod(
      command: .add, tableID: TableLayout.Table.steer.rawValue, priority: TableLayout.Steer.established,
      cookie: ConnectionFlow.cookie | UInt64(connection.region) | (stage == .ended ? ConnectionFlow.ended : 0),
      idleTimeout: stage.rawValue,
      flags: [.sendFlowRemoved],
      match: [
        .ethernetType(family), .ipProtocol(transport.ipProtocol), .ipSource(connection.client.address),
        .ipDestination(endpoint.address), transport.source(connection.client.port),
        transport.destination(endpoint.port),
      ],
      instructions: [
        .applyActions([.setField(.ipDestination(address)), .setField(transport.destination(targetPort))]),
        .writeMetadata(value: UInt64(connection.region), mask: .max),
        .gotoTable(TableLayout.Table.deliver.rawValue),
      ])
  }

  /// Deletes the flows of connections to a region; nil: of all listeners.
  package static func forget(region number: UInt32, listener: ListenerSocket? = nil) -> FlowMod {
    var match: Match = .any
    if let listener {
      match = [
        .ethernetType(listener.endpoint.address.family), .ipProtocol(listener.transport.ipProtocol),
        .ipDestination(listener.endpoint.address), listener.transport.destination(listener.endpoint.port),
      ]
    }
    return FlowMod(
      command: .delete, tableID: TableLayout.Table.steer.rawValue, cookie: ConnectionFlow.cookie | UInt64(number),
      cookieMask: .max ^ ConnectionFlow.ended, match: match)
  }
}
