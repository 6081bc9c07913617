// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import OpenFlow

/// An OFPT_ERROR with the message that caused it.
package struct RefusedMessage: Sendable, Equatable {
  package var error: ErrorMessage
  package var xid: UInt32
  /// What was sent; nil if it is not known any more.
  package var message: MessageBody?

  package init(error: ErrorMessage, xid: UInt32, message: MessageBody?) {
    self.error = error
    self.xid = xid
    self.message = message
  }

  /// Whether it was to change, or to tell, what tables and groups hold: then that is not known any more.
  package var concernsProgram: Bool {
    switch self.message {
    case .flowMod, .groupMod, .bundleControl: return true
    case .multipartRequest(let request):
      switch request.body {
      case .flows, .groupDescriptions: return true
      default: return false
      }
    case .some: return false
    // FLOW_MOD, GROUP_MOD, MULTIPART_REQUEST and bundles (OpenFlow 1.5.1, 7.1)
    case nil: return self.wireType.map { [14, 15, 18, 33, 34].contains($0) } ?? false
    }
  }

  /// The type of the refused message, from the copy that comes with the error.
  private var wireType: UInt8? { self.error.data.count >= 8 ? self.error.data[1] : nil }
}

extension RefusedMessage: CustomStringConvertible {
  /// The error's name and meaning, and what was refused.
  package var description: String {
    if let message = self.message { return "\(self.error); it was about \(message.summary)" }
    let type = self.wireType.map { ", type \($0)" } ?? ""
    return "\(self.error); it was about the message with xid \(self.xid)\(type)"
  }
}

extension MessageBody {
  /// The message in a line, in the style of `ovs-ofctl`: what is needed to find it in a program.
  package var summary: String {
    switch self {
    case .flowMod(let mod):
      "FLOW_MOD \(mod.command) table=\(mod.tableID),priority=\(mod.priority),\(mod.match) "
        + "instructions=\(mod.instructions)"
    case .groupMod(let mod):
      "GROUP_MOD \(mod.command) group_id=\(mod.group),type=\(mod.kind),buckets=\(mod.buckets.count)"
    case .packetOut(let packet):
      "PACKET_OUT in_port=\(packet.inPort) actions=\(packet.actions) (\(packet.data.count) bytes)"
    case .multipartRequest(let request): "MULTIPART_REQUEST \(request.body)"
    case .roleRequest(let role): "ROLE_REQUEST \(role.role) generation_id=\(role.generationID)"
    case .setConfig: "SET_CONFIG"
    case .getConfigRequest: "GET_CONFIG_REQUEST"
    case .featuresRequest: "FEATURES_REQUEST"
    case .barrierRequest: "BARRIER_REQUEST"
    case .conntrackFlush: "NXT_CT_FLUSH"
    case .portMod: "PORT_MOD"
    case .tableMod: "TABLE_MOD"
    case .meterMod: "METER_MOD"
    case .getAsyncRequest: "GET_ASYNC_REQUEST"
    case .setAsync: "SET_ASYNC"
    case .queueGetConfigRequest(let port): "QUEUE_GET_CONFIG_REQUEST port=\(port)"
    case .bundleControl(let control): "BUNDLE_CONTROL bundle_id=\(control.bundleID),type=\(control.kind.rawValue)"
    case .bundleAddMessage(let adding): "BUNDLE_ADD_MESSAGE bundle_id=\(adding.bundleID) of \(adding.body.summary)"
    case .experimenter(let message): "EXPERIMENTER 0x\(String(message.experimenter, radix: 16)) type=\(message.type)"
    case .unknown(let type, let payload): "message of type \(type) (\(payload.count) bytes)"
    default: "a message that is no request"
    }
  }
}
