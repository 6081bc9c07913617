// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The coded form of what a message says: `type` is the specification's name without OFPT_, in lower case, or the
/// number of a message that this module does not read; `body` is there if the message has one.
extension MessageBody {
  func encode(to container: inout KeyedEncodingContainer<FieldName>) throws {
    switch self {
    case .hello(let hello): try container.put("hello", hello)
    case .error(let error): try container.put("error", error)
    case .echoRequest(let data): try container.put("echo_request", "data", HexBytes(data))
    case .echoReply(let data): try container.put("echo_reply", "data", HexBytes(data))
    case .experimenter(let message): try container.put("experimenter", message)
    case .featuresRequest: try container.put("features_request")
    case .featuresReply(let reply): try container.put("features_reply", reply)
    case .getConfigRequest: try container.put("get_config_request")
    case .getConfigReply(let configuration): try container.put("get_config_reply", configuration)
    case .setConfig(let configuration): try container.put("set_config", configuration)
    case .packetIn(let packet): try container.put("packet_in", packet)
    case .flowRemoved(let removed): try container.put("flow_removed", removed)
    case .portStatus(let status): try container.put("port_status", status)
    case .packetOut(let packet): try container.put("packet_out", packet)
    case .flowMod(let mod): try container.put("flow_mod", mod)
    case .groupMod(let mod): try container.put("group_mod", mod)
    case .portMod(let mod): try container.put("port_mod", mod)
    case .tableMod(let mod): try container.put("table_mod", mod)
    case .multipartRequest(let request): try container.put("multipart_request", request)
    case .multipartReply(let reply): try container.put("multipart_reply", reply)
    case .barrierRequest: try container.put("barrier_request")
    case .barrierReply: try container.put("barrier_reply")
    case .queueGetConfigRequest(let port): try container.put("queue_get_config_request", "port", port)
    case .queueGetConfigReply(let configuration): try container.put("queue_get_config_reply", configuration)
    case .roleRequest(let role): try container.put("role_request", role)
    case .roleReply(let role): try container.put("role_reply", role)
    case .getAsyncRequest: try container.put("get_async_request")
    case .getAsyncReply(let configuration): try container.put("get_async_reply", configuration)
    case .setAsync(let configuration): try container.put("set_async", configuration)
    case .meterMod(let mod): try container.put("meter_mod", mod)
    case .roleStatus(let status): try container.put("role_status", status)
    case .tableStatus(let status): try container.put("table_status", status)
    case .requestForward(let forward): try container.put("requestforward", forward)
    case .bundleControl(let control): try container.put("bundle_control", control)
    case .bundleAddMessage(let add): try container.put("bundle_add_message", add)
    case .conntrackFlush(let flush): try container.put("nxt_ct_flush", flush)
    case .setPacketInFormat(let format): try container.put("nxt_set_packet_in_format", "format", format)
    case .niciraPacketIn(let packet): try container.put("nxt_packet_in2", packet)
    case .niciraResume(let packet): try container.put("nxt_resume", packet)
    case .unknown(let type, let payload): try container.put(number: type, HexBytes(payload))
    }
  }

  init(from container: KeyedDecodingContainer<FieldName>) throws {
    guard let name = try container.typeName() else {
      self = .unknown(type: try container.typeNumber(), payload: try container.body(as: HexBytes.self).value)
      return
    }
    switch name {
    case "hello": self = .hello(try container.body())
    case "error": self = .error(try container.body())
    case "echo_request": self = .echoRequest(try container.body("data", as: HexBytes.self).value)
    case "echo_reply": self = .echoReply(try container.body("data", as: HexBytes.self).value)
    case "experimenter": self = .experimenter(try container.body())
    case "features_request": self = try container.noBody(.featuresRequest)
    case "features_reply": self = .featuresReply(try container.body())
    case "get_config_request": self = try container.noBody(.getConfigRequest)
    case "get_config_reply": self = .getConfigReply(try container.body())
    case "set_config": self = .setConfig(try container.body())
    case "packet_in": self = .packetIn(try container.body())
    case "flow_removed": self = .flowRemoved(try container.body())
    case "port_status": self = .portStatus(try container.body())
    case "packet_out": self = .packetOut(try container.body())
    case "flow_mod": self = .flowMod(try container.body())
    case "group_mod": self = .groupMod(try container.body())
    case "port_mod": self = .portMod(try container.body())
    case "table_mod": self = .tableMod(try container.body())
    case "multipart_request": self = .multipartRequest(try container.body())
    case "multipart_reply": self = .multipartReply(try container.body())
    case "barrier_request": self = try container.noBody(.barrierRequest)
    case "barrier_reply": self = try container.noBody(.barrierReply)
    case "queue_get_config_request": self = .queueGetConfigRequest(try container.body("port"))
    case "queue_get_config_reply": self = .queueGetConfigReply(try container.body())
    case "role_request": self = .roleRequest(try container.body())
    case "role_reply": self = .roleReply(try container.body())
    case "get_async_request": self = try container.noBody(.getAsyncRequest)
    case "get_async_reply": self = .getAsyncReply(try container.body())
    case "set_async": self = .setAsync(try container.body())
    case "meter_mod": self = .meterMod(try container.body())
    case "role_status": self = .roleStatus(try container.body())
    case "table_status": self = .tableStatus(try container.body())
    case "requestforward": self = .requestForward(try container.body())
    case "bundle_control": self = .bundleControl(try container.body())
    case "bundle_add_message": self = .bundleAddMessage(try container.body())
    case "nxt_ct_flush": self = .conntrackFlush(try container.body())
    case "nxt_set_packet_in_format": self = .setPacketInFormat(try container.body("format"))
    case "nxt_packet_in2": self = .niciraPacketIn(try container.body())
    case "nxt_resume": self = .niciraResume(try container.body())
    default:
      throw container.unknownType(
        name, accepted: "a message's name in lower case, without OFPT_, such as flow_mod or multipart_request")
    }
  }
}
