// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import NIOCore
package import ServiceModel

/// Body of a heartbeat: boot 8, sequence 8, assignment 8, flags 1 (bit 0: leaving, bit 1: partial), then
///
/// | type | value |
/// |---|---|
/// | 1 | services, 8 bytes each: target 2, state 1 (0 unknown, 1 up, 2 down), failure 1, age of the last good check 4 |
/// | 2 | sessions, 8 bytes each |
/// | 3 | peers: length of the name 1, name, sequence 8, age 4 |
/// | 4 | load: age 4, packets/s 4, kbit/s 4, connections 4; then for each service: target 2, connections 4, processors' load in thousandths 2 (0xffff: not known) |
/// | 5 | instance, if the region has several agents: role 1 (0 standby, 1 active), MAC address 6 (zero: none), length of the name 1, name |
///
/// Ages are microseconds, saturating; 0xffffffff: none. Each of these may be there once.
extension Heartbeat {
  private enum FieldType {
    static let services: UInt16 = 1
    static let sessions: UInt16 = 2
    static let peers: UInt16 = 3
    static let load: UInt16 = 4
    static let instance: UInt16 = 5
  }

  private static let leavingFlag: UInt8 = 1
  private static let partialFlag: UInt8 = 2

  package func encoded(key: HeartbeatKey) throws(HeartbeatError) -> ByteBuffer {
    try HeartbeatDatagram.seal(.heartbeat, region: self.region, key: key) { body in
      body.writeInteger(self.boot)
      body.writeInteger(self.sequence)
      body.writeInteger(self.assignment)
      body.writeInteger((self.leaving ? Self.leavingFlag : 0) | (self.isPartial ? Self.partialFlag : 0))
      if !self.services.isEmpty {
        body.writeTypeLengthValue(FieldType.services) { for service in self.services { service.write(to: &$0) } }
      }
      if !self.sessions.isEmpty {
        body.writeTypeLengthValue(FieldType.sessions) { for session in self.sessions { $0.writeInteger(session) } }
      }
      if !self.peers.isEmpty {
        body.writeTypeLengthValue(FieldType.peers) { for peer in self.peers { peer.write(to: &$0) } }
      }
      if let load = self.load { body.writeTypeLengthValue(FieldType.load) { load.write(to: &$0) } }
      if let instance { body.writeTypeLengthValue(FieldType.instance) { instance.write(to: &$0) } }
    }
  }

  package init(_ datagram: ByteBuffer, key: HeartbeatKey) throws(HeartbeatError) {
    try self.init(datagram, HeartbeatDatagram.header(of: datagram), key: key)
  }

  init(_ datagram: ByteBuffer, _ header: HeartbeatDatagram.Header, key: HeartbeatKey) throws(HeartbeatError) {
    var body = try HeartbeatDatagram.open(datagram, header, as: .heartbeat, key: key)
    self.init(
      region: header.region, boot: try body.read(UInt64.self), sequence: try body.read(UInt64.self),
      assignment: try body.read(UInt64.self))
    let flags = try body.read(UInt8.self)
    self.leaving = flags & Self.leavingFlag != 0
    self.isPartial = flags & Self.partialFlag != 0

    var seen: UInt64 = 0
    while !body.isAtEnd {
      let at = body.offset
      var (type, value) = try body.readTypeLengthValue()
      // A shift by more than there are bits gives 0: what is that high is skipped, however often it is there.
      guard seen & 1 << type == 0 else { throw .malformed(at: at) }
      seen |= 1 << type
      switch type {
      case FieldType.services:
        while !value.isAtEnd { self.services.append(try ServiceReport(&value)) }
      case FieldType.sessions:
        while !value.isAtEnd { self.sessions.append(try value.read(UInt64.self)) }
      case FieldType.peers:
        while !value.isAtEnd { self.peers.append(try PeerReport(&value)) }
      case FieldType.load:
        self.load = try GatewayLoadReport(&value)
      case FieldType.instance:
        self.instance = try AgentInstance(&value)
      default:
        break
      }
    }
  }
}

extension AgentInstance {
  fileprivate func write(to body: inout ByteBuffer) {
    body.writeInteger(self.role.rawValue)
    body.writeBytes((self.mac ?? MACAddress(rawValue: 0)).octets)
    body.writeName(self.name)
  }

  /// What follows the name is skipped.
  fileprivate init(_ value: inout FieldReader) throws(HeartbeatError) {
    let at = value.offset
    guard let role = Role(rawValue: try value.read(UInt8.self)) else { throw .malformed(at: at) }
    let mac = MACAddress(rawValue: UInt64(try value.read(UInt16.self)) << 32 | UInt64(try value.read(UInt32.self)))
    guard !mac.isMulticast else { throw .malformed(at: at + 1) }
    self.init(name: try value.readName(InstanceName.self), role: role, mac: mac.rawValue == 0 ? nil : mac)
  }
}

extension ServiceReport {
  private enum StateCode {
    static let unknown: UInt8 = 0
    static let up: UInt8 = 1
    static let down: UInt8 = 2
  }

  fileprivate func write(to body: inout ByteBuffer) {
    body.writeInteger(self.target)
    switch self.state {
    case .unknown:
      body.writeInteger(StateCode.unknown)
      body.writeInteger(UInt8(0))
    case .up:
      body.writeInteger(StateCode.up)
      body.writeInteger(UInt8(0))
    case .down(let failure):
      body.writeInteger(StateCode.down)
      body.writeInteger(failure.rawValue)
    }
    body.writeAge(self.lastGoodAge)
  }

  fileprivate init(_ value: inout FieldReader) throws(HeartbeatError) {
    let target = try value.read(UInt16.self)
    let at = value.offset
    let code = try value.read(UInt8.self)
    let failure = CheckFailure(rawValue: try value.read(UInt8.self))
    let state: State
    switch (code, failure) {
    case (StateCode.unknown, _): state = .unknown
    case (StateCode.up, _): state = .up
    case (StateCode.down, .some(let failure)): state = .down(failure)
    default: throw .malformed(at: at)
    }
    self.init(target: target, state: state, lastGoodAge: try value.readAge())
  }
}

extension PeerReport {
  fileprivate func write(to body: inout ByteBuffer) {
    body.writeName(self.region)
    body.writeInteger(self.sequence)
    body.writeAge(self.age)
  }

  fileprivate init(_ value: inout FieldReader) throws(HeartbeatError) {
    let region = try value.readName()
    let sequence = try value.read(UInt64.self)
    let at = value.offset
    guard let age = try value.readAge() else { throw .malformed(at: at) }
    self.init(region: region, sequence: sequence, age: age)
  }
}

extension GatewayLoadReport {
  private static let unknownCPU = UInt16.max

  fileprivate func write(to body: inout ByteBuffer) {
    body.writeAge(self.age)
    body.writeInteger(self.load.packetsPerSecond)
    body.writeInteger(self.load.kilobitsPerSecond)
    body.writeInteger(self.load.connections)
    for service in self.load.services {
      body.writeInteger(service.target)
      body.writeInteger(service.connections)
      body.writeInteger(service.cpu ?? Self.unknownCPU)
    }
  }

  fileprivate init(_ value: inout FieldReader) throws(HeartbeatError) {
    let start = value.offset
    guard let age = try value.readAge() else { throw .malformed(at: start) }
    var load = GatewayLoad(
      packetsPerSecond: try value.read(UInt32.self), kilobitsPerSecond: try value.read(UInt32.self),
      connections: try value.read(UInt32.self))
    while !value.isAtEnd {
      let target = try value.read(UInt16.self)
      let connections = try value.read(UInt32.self)
      let at = value.offset
      let cpu = try value.read(UInt16.self)
      guard cpu <= 1000 || cpu == Self.unknownCPU else { throw .malformed(at: at) }
      load.services.append(
        ServiceLoad(target: target, connections: connections, cpu: cpu == Self.unknownCPU ? nil : cpu))
    }
    self.init(load: load, age: age)
  }
}
