// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenFlow

/// From a message's bytes to its JSON form and back. The version is that of the message's own header.
///
/// HELLO and ERROR come before there is agreement on a version, and are read and written whatever theirs is.
enum MessageCoding {
  /// - Parameter bytes: exactly one message.
  static func decode(_ bytes: [UInt8]) throws(MessageProblem) -> Message {
    guard let header = MessageHeader(bytes[...]) else { throw .decoding(.shortHeader(bytes)) }
    guard let version = ProtocolVersion(rawValue: header.version) ?? self.anyVersion(header) else {
      throw .version(header.version)
    }
    do {
      return try Message.decode(from: ByteBuffer(bytes: bytes), version: version)
    } catch {
      throw .decoding(error)
    }
  }

  /// The version as which a message is read whose own version has no say in what it says.
  private static func anyVersion(_ header: MessageHeader) -> ProtocolVersion? { header.type <= 1 ? .v1_3 : nil }

  /// `version`, `xid`, `type` and `body`.
  static func members(of message: Message, version: UInt8) throws -> [JSONValue.Member] {
    let version = JSONValue.Member("version", .string(VersionName.text(version)))
    guard case .object(let members) = try JSONValue(encoding: message) else { return [version] }
    return [version] + members
  }

  /// - Parameter line: an object, whose other members are not looked at. Without `xid` it is 0.
  static func message(_ line: ParsedJSON) throws(OpenFlowTextError) -> Message {
    var members = [ParsedJSON.Member(key: "xid", value: ParsedJSON(line: line.line, content: .number("0")))]
    for key in ["xid", "type", "body"] {
      guard let value = line[key] else { continue }
      if key == "xid" { members = [] }
      members.append(ParsedJSON.Member(key: key, value: value))
    }
    return try ParsedJSON(line: line.line, content: .object(members)).decode(Message.self)
  }

  static func bytes(of message: Message, version: UInt8) throws(MessageProblem) -> [UInt8] {
    var buffer = ByteBuffer()
    var isError = false
    if case .error = message.body { isError = true }
    guard let known = ProtocolVersion(rawValue: version) ?? (isError || message.isHello ? .v1_3 : nil) else {
      throw .version(version)
    }
    do {
      try message.encode(into: &buffer, version: known)
    } catch {
      throw .encoding(error)
    }
    if isError { buffer.setInteger(version, at: buffer.readerIndex) }
    let bytes = Array(buffer.readableBytesView)
    guard bytes.first == version else { throw .helloVersion(bytes[0], header: version) }
    return bytes
  }
}

extension Message {
  fileprivate var isHello: Bool { if case .hello = self.body { true } else { false } }
}

extension OpenFlowDecodingError {
  fileprivate static func shortHeader(_ bytes: [UInt8]) -> OpenFlowDecodingError {
    .truncated(what: "message header", offset: 0, needed: OpenFlowFrame.headerLength, available: bytes.count)
  }
}
