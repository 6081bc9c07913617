// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlow
import Testing

/// A message as JSON is the same message again.
@Suite struct CodedFormTests {
  private static let fileNames: [String] = {
    let names = try? HexVector.fileNames() + HexVector.fileNames(prefix: "spec")
    return names ?? []
  }()

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private static func message(_ json: String) throws -> VersionedMessage {
    try JSONDecoder().decode(VersionedMessage.self, from: Data(json.utf8))
  }

  @Test(arguments: fileNames)
  func everyVectorComesBack(_ fileName: String) throws {
    let vector = try HexVector(fileName: fileName)
    let message = try Message(bytes: vector.bytes, vector.version)
    let text = try Self.json(VersionedMessage(version: vector.version, message: message))
    let again = try Self.message(text)
    #expect(again.version == vector.version)
    #expect(again.message == message, "\(text)")
    #expect(try again.message.bytes(vector.version) == message.bytes(vector.version))
    // Without the version the rest is the same.
    #expect(try JSONDecoder().decode(Message.self, from: Data(Self.json(message).utf8)) == message)
  }

  @Test func theFormIsThatOfTheSpecification() throws {
    let forms: [(MessageBody, String)] = [
      (.barrierRequest, #"{"type":"barrier_request","version":"1.3","xid":7}"#),
      (
        .roleRequest(RoleMessage(role: .master, generationID: .max)),
        #"{"body":{"generation_id":"0xffffffffffffffff","role":"master"},"type":"role_request","version":"1.3","xid":7}"#
      ),
      (
        .flowMod(
          FlowMod(command: .deleteStrict, tableID: TableNumber.all, priority: 5, cookie: 255, outPort: .controller)),
        #"{"body":{"command":"delete_strict","cookie":"0xff","out_port":"controller","priority":5,"table_id":"all"},"#
          + #""type":"flow_mod","version":"1.3","xid":7}"#
      ),
      (
        .meterMod(
          MeterMod(
            meter: 3, flags: [.packetsPerSecond], bands: [MeterBand(rate: 9, kind: .dscpRemark(precedenceLevel: 1))])),
        #"{"body":{"bands":[{"prec_level":1,"rate":9,"type":"dscp_remark"}],"command":"add","flags":2,"meter_id":3},"#
          + #""type":"meter_mod","version":"1.3","xid":7}"#
      ),
      (
        .multipartRequest(MultipartRequest(.portStatistics(.any), more: true)),
        #"{"body":{"body":{"port_no":"any"},"flags":1,"type":"port_stats"},"type":"multipart_request","version":"1.3","xid":7}"#
      ),
      (
        .error(ErrorMessage(type: 4, code: 9, data: [0xab])),
        #"{"body":{"code":"bad_prereq","data":"ab","type":"bad_match"},"type":"error","version":"1.3","xid":7}"#
      ),
      (
        .bundleAddMessage(BundleAddMessage(bundleID: 1, flags: [.atomic], .echoRequest([1]))),
        #"{"body":{"bundle_id":1,"flags":1,"message":{"body":{"data":"01"},"type":"echo_request"}},"#
          + #""type":"bundle_add_message","version":"1.3","xid":7}"#
      ),
      (.unknown(type: 99, payload: [1, 255]), #"{"body":"01ff","type":99,"version":"1.3","xid":7}"#),
    ]
    for (body, text) in forms {
      let message = VersionedMessage(version: .v1_3, message: Message(xid: 7, body))
      #expect(try Self.json(message) == text)
      #expect(try Self.message(text) == message)
    }
  }

  @Test func otherSpellingsAreReadToo() throws {
    let text = #"{"version":"1.3","xid":1,"type":"multipart_request","body":{"type":"flow","body":{"cookie":7}}}"#
    #expect(
      try Self.message(text).message.body == .multipartRequest(MultipartRequest(.flows(FlowRequest(cookie: 7)))))
    let error = #"{"version":"1.5","xid":1,"type":"error","body":{"type":99,"code":3}}"#
    #expect(try Self.message(error).message.body == .error(ErrorMessage(type: 99, code: 3)))
    let number = #"{"version":"1.5","xid":1,"type":"flow_mod","body":{"command":3,"table_id":255,"priority":0}}"#
    #expect(
      try Self.message(number).message.body == .flowMod(FlowMod(command: .delete, tableID: 255, priority: 0)))
  }

  @Test func mistakesAreNamed() throws {
    let mistakes: [(json: String, complaint: String)] = [
      (#"{"version":"1.4","xid":1,"type":"barrier_request"}"#, "'1.4' is none of 1.3, 1.5"),
      (#"{"version":"1.3","xid":1}"#, "the object lacks the field 'type'"),
      (#"{"version":"1.3","type":"barrier_request"}"#, "the object lacks the field 'xid'"),
      (
        #"{"version":"1.3","xid":1,"typ":"hello"}"#,
        "the object has no field 'typ'; it has version, xid, type, body"
      ),
      (#"{"version":"1.3","xid":1,"type":"hallo"}"#, "'hallo' is no type"),
      (
        #"{"version":"1.3","xid":1,"type":"barrier_request","body":{}}"#, "the object has a body, but its type has none"
      ),
      (
        #"{"version":"1.3","xid":1,"type":"role_request","body":{"role":"boss","generation_id":1}}"#,
        "'boss' is none of nochange, equal, master, slave"
      ),
      (
        #"{"version":"1.3","xid":1,"type":"role_request","body":{"role":9,"generation_id":1}}"#,
        "9 is none of nochange, equal, master, slave"
      ),
      (
        #"{"version":"1.3","xid":1,"type":"echo_request","body":{"data":"0g"}}"#,
        "'0g' is not an even number of hexadecimal digits"
      ),
      (
        #"{"version":"1.3","xid":1,"type":"role_request","body":{"role":"slave","generation_id":"0x10000000000000000"}}"#,
        "'0x10000000000000000' is not 0x and hexadecimal digits for a number of 64 bits"
      ),
      (
        #"{"version":"1.3","xid":1,"type":"error","body":{"type":"bad_match","code":"bad_luck"}}"#,
        "'bad_luck' is none of bad_type, bad_len"
      ),
      (
        #"{"version":"1.3","xid":1,"type":"multipart_request","body":{"type":"weather"}}"#, "'weather' is no type"
      ),
      (
        #"{"version":"1.5","xid":1,"type":"table_mod","body":{"table_id":1,"properties":[{"eviction":1,"vacancy":{}}]}}"#,
        "the object must have exactly one of the fields eviction, vacancy, unknown"
      ),
    ]
    for (json, complaint) in mistakes {
      let error = #expect(throws: DecodingError.self) { try Self.message(json) }
      guard case .dataCorrupted(let context)? = error else {
        Issue.record("\(json) gives \(String(describing: error))")
        continue
      }
      #expect(context.debugDescription.hasPrefix(complaint), "\(context.debugDescription)")
    }
  }

  @Test func theWayToAMistakeIsTold() throws {
    let json = """
      {"version":"1.3","xid":1,"type":"multipart_reply",
       "body":{"type":"meter_config","body":[{"meter_id":1},{"meter_id":2,"bands":[{"rate":1,"type":"dorp"}]}]}}
      """
    let error = #expect(throws: DecodingError.self) { try Self.message(json) }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let path = context.codingPath.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }
    #expect(path == ["body", "body", "1", "bands", "0", "type"])
  }
}
