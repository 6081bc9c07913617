// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow

/// What a switch says that exists on its connection only, and what it makes of the controller's answers.
package struct EmulatedSwitch {
  /// What a message of the controller's was.
  package enum Verdict: Equatable {
    /// Nothing that belongs to the load.
    case other
    /// A flow between two of the hosts.
    case flow
    /// The packet with this number, sent to whom it is for.
    case packet(UInt32)
    /// An answer that is not right, to the packet with this number if it is to one.
    case wrong(UInt32?, String)
  }

  let datapath: DatapathID
  let hosts: Int
  private(set) var hasAnsweredFeatures = false
  /// Of the flow that sends to the controller what no other flow matches; a packet says to which flow it is due.
  private(set) var missCookie: UInt64 = PacketIn.noCookie

  package init(datapath: DatapathID, hosts: Int) {
    self.datapath = datapath
    self.hosts = hosts
  }

  /// What a switch answers; nil: nothing.
  package mutating func reply(to body: MessageBody) -> MessageBody? {
    switch body {
    case .echoRequest(let data): .echoReply(data)
    case .featuresRequest: self.features
    case .getConfigRequest: .getConfigReply(SwitchConfiguration(missSendLength: 128))
    case .barrierRequest: .barrierReply
    case .roleRequest(let role): .roleReply(role)
    case .multipartRequest(let request): self.reply(to: request)
    default: nil
    }
  }

  private var features: MessageBody {
    mutating get {
      self.hasAnsweredFeatures = true
      return .featuresReply(FeaturesReply(datapathID: self.datapath, tableCount: 254))
    }
  }

  private func reply(to request: MultipartRequest) -> MessageBody? {
    switch request.body {
    case .description:
      .multipartReply(
        MultipartReply(
          .description(
            SwitchDescription(
              manufacturer: "Isthmus", hardware: "emulated", software: "", serialNumber: "", datapath: ""))))
    case .portDescriptions: .multipartReply(MultipartReply(.portDescriptions(self.ports)))
    case .flows: .multipartReply(MultipartReply(.flows([])))
    case .groupDescriptions: .multipartReply(MultipartReply(.groupDescriptions([])))
    case .tableFeatures: .multipartReply(MultipartReply(.tableFeatures([])))
    // OFPBRC_BAD_MULTIPART
    default: .error(ErrorMessage(type: 1, code: 2, data: []))
    }
  }

  private var ports: [PortDescription] {
    (0..<self.hosts).map { host in
      PortDescription(
        number: PortNumber(UInt32(host + 1)),
        hardwareAddress: MACAddress(
          rawValue: 0x0a00_0000_0000 | (self.datapath.rawValue & 0xffff) << 16 | UInt64(host)),
        name: "p\(host + 1)")
    }
  }

  /// Looks whether a message answers a packet, and rightly so.
  package mutating func judge(_ body: MessageBody, _ traffic: HostTraffic) -> Verdict {
    switch body {
    case .packetOut(let packet): Self.judge(packet, traffic)
    case .flowMod(let mod): self.judge(mod, traffic)
    default: .other
    }
  }

  private static func judge(_ packet: PacketOut, _ traffic: HostTraffic) -> Verdict {
    guard let number = traffic.number(in: packet.data) else { return .other }
    guard let port = traffic.destinationPort(of: packet.data) else { return .other }
    guard Self.output(of: packet.actions) == port else {
      return .wrong(number, "PACKET_OUT of a packet for port \(port) has the actions \(packet.actions)")
    }
    return .packet(number)
  }

  private mutating func judge(_ mod: FlowMod, _ traffic: HostTraffic) -> Verdict {
    guard mod.command == .add, let destination = mod.match[.ethernetDestination], destination.mask == nil,
      let port = traffic.port(of: UInt64(truncatingIfNeeded: destination.value))
    else {
      if mod.command == .add, mod.priority == 0, mod.match == .any { self.missCookie = mod.cookie }
      return .other
    }
    for case .applyActions(let actions) in mod.instructions where Self.output(of: actions) == port { return .flow }
    return .wrong(nil, "FLOW_MOD for \(mod.match) to port \(port) has the instructions \(mod.instructions)")
  }

  private static func output(of actions: [Action]) -> PortNumber? {
    guard actions.count == 1, case .output(let port, _) = actions[0] else { return nil }
    return port
  }
}
