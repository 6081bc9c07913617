// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import OpenFlow
import ServiceModel

/// What clients behind every switch have open.
struct Clients: Sendable {
  /// A connection that a client has, or tries to have until it gets an answer.
  struct Connection: Sendable {
    var port: UInt16
    /// Where it was sent first; nil: nowhere yet.
    var region: Int?
    /// Nil: nobody has answered yet.
    var openedAt: Instant?
  }

  /// By switch and service.
  var connections: [[Connection]]
  private var lastPort: UInt16 = 1024

  init(switches: Int, services: Int) {
    self.connections = []
    for _ in 0..<switches { self.connections.append((0..<services).map { _ in self.make() }) }
  }

  /// A connection from a port that none has used before.
  mutating func make() -> Connection {
    self.lastPort &+= 1
    return Connection(port: self.lastPort)
  }
}

/// What became of a client's packet.
struct Attempt: Sendable, Equatable {
  /// Where it was sent; nil: nowhere.
  var region: Int?
  /// The client got an answer, and from the address that it had asked.
  var isAnswered: Bool
}

extension World {
  /// Clients behind every switch try every service, with new connections and with those that they have.
  mutating func clientsTry() {
    self.judgeLeadership()
    for datapath in self.datapaths.indices {
      for service in self.scenario.intent.services.indices {
        self.judgeNewConnection(to: service, on: datapath)
        self.keepConnection(to: service, on: datapath)
      }
    }
    let isQuiet = self.now > self.scenario.healed + self.promises.recovery
    self.queue.add(.clientsTry, at: self.now + (isQuiet ? .seconds(2) : self.scenario.clientInterval))
  }

  /// A client of the first service that has just connected; nil: nobody answers it.
  mutating func openConnection(on datapath: Int = 0) -> Clients.Connection? {
    var connection = self.clients.make()
    let attempt = self.attempt(.syn, port: connection.port, to: 0, on: datapath, &self.datapaths[datapath])
    guard attempt.isAnswered, let region = attempt.region else { return nil }
    connection.region = region
    connection.openedAt = self.now
    return connection
  }

  /// Whether a connection of the first service is where it was.
  mutating func keeps(_ connection: Clients.Connection) -> Bool {
    self.attempt(.ack, port: connection.port, to: 0, on: 0, &self.datapaths[0])
      == Attempt(region: connection.region, isAnswered: true)
  }

  /// Tries a packet on a copy of the switch, which so forgets it again.
  func attempt(_ flags: TCPSegment.Flags, port: UInt16, to service: Int, on datapath: Int) -> Attempt {
    var copy = self.datapaths[datapath]
    return self.attempt(flags, port: port, to: service, on: datapath, &copy)
  }

  private func attempt(
    _ flags: TCPSegment.Flags, port: UInt16, to service: Int, on datapath: Int, _ model: inout SoftwareSwitch
  ) -> Attempt {
    let listener = self.scenario.intent.services[service].listeners[0]
    let endpoint = SocketEndpoint(self.scenario.intent.services[service].virtualIP.address, listener.port)
    let outputs = model.receive(.fromClient(flags, port: port, to: endpoint), from: Site.clientPort).outputs
    guard let output = outputs.first, outputs.count == 1, let region = self.region(behind: output.port) else {
      return Attempt(region: nil, isAnswered: false)
    }
    let target = self.numbering.targetPort(of: listener, in: Site.service(service))
    guard self.truth.reaches(region, from: datapath),
      let answer = self.host(region, on: datapath).answer(
        to: output.packet,
        serves: { $0 == target && self.agents[region].hasRules && self.truth.serves(service, in: region) }),
      answer.segment?.flags.contains(.rst) == false
    else { return Attempt(region: region, isAnswered: false) }
    let back = model.receive(answer, from: output.port).outputs.first { $0.port == Site.clientPort }
    let isRight =
      back?.packet.datagram?.source == endpoint.address && back?.packet.segment?.source == endpoint.port
      && back?.packet.datagram?.destination == Site.clientAddress(endpoint.address.family)
      && back?.packet.segment?.destination == port
    return Attempt(region: region, isAnswered: isRight)
  }

  /// Sends something on the connection that a client has: a SYN, again and again, until somebody answers.
  private mutating func keepConnection(to service: Int, on datapath: Int) {
    var connection = self.clients.connections[datapath][service]
    let attempt = self.attempt(
      connection.openedAt == nil ? .syn : .ack, port: connection.port, to: service, on: datapath,
      &self.datapaths[datapath])
    self.judge(attempt, on: connection, to: service, on: datapath)
    if let region = attempt.region, let before = connection.region, before != region, connection.openedAt != nil {
      // Another region knows nothing of it, and resets it.
      connection = self.clients.make()
    } else {
      connection.region = attempt.region ?? connection.region
      if attempt.isAnswered, connection.openedAt == nil { connection.openedAt = self.now }
    }
    self.clients.connections[datapath][service] = connection
  }
}
