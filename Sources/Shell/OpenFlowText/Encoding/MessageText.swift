// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow

/// Reads what `MessageLine` writes, or what a person does.
enum MessageText {
  /// The members of the object; those above say where a message was seen, and count for nothing here.
  private static let keys = [
    "time", "source", "destination", "error", "field", "offset", "stream_offset",
    "version", "xid", "type", "body", "bytes", "lost",
  ]

  /// The message's bytes.
  static func bytes(of line: ParsedJSON) throws(OpenFlowTextError) -> [UInt8] {
    guard case .object(let members) = line.content else {
      throw OpenFlowTextError(line: line.line, path: "", problem: "found \(line.kind) where an object is expected")
    }
    for member in members where !self.keys.contains(member.key) {
      throw OpenFlowTextError(
        line: member.value.line, path: member.key,
        problem: "a message has no such field; it has version, xid, type, body and bytes")
    }
    if let lost = line["lost"] {
      throw OpenFlowTextError(
        line: line.line, path: "lost", problem: "stands for bytes that are not there, \(lost.kind) of them")
    }
    guard let hex = line["bytes"] else { return try self.encode(line) }
    let bytes = try self.bytes(hex)
    // Whoever edits the body of a message whose bytes are given is told, and does not get the old ones.
    if line["error"] == nil, line["type"] != nil, try !self.says(line, the: bytes) {
      throw OpenFlowTextError(
        line: hex.line, path: "bytes", problem: "say another message than type and body do; leave one or the other out")
    }
    return bytes
  }

  private static func bytes(_ hex: ParsedJSON) throws(OpenFlowTextError) -> [UInt8] {
    guard case .string(let digits) = hex.content, let bytes = Hex.bytes(digits.utf8) else {
      throw OpenFlowTextError(
        line: hex.line, path: "bytes",
        problem: "found \(hex.kind) where a string of an even number of hexadecimal digits is expected")
    }
    return bytes
  }

  private static func says(_ line: ParsedJSON, the bytes: [UInt8]) throws(OpenFlowTextError) -> Bool {
    guard let message = try? MessageCoding.decode(bytes), try self.version(line) == bytes[0] else { return false }
    return try MessageCoding.message(line) == message
  }

  private static func encode(_ line: ParsedJSON) throws(OpenFlowTextError) -> [UInt8] {
    let version = try self.version(line)
    let message = try MessageCoding.message(line)
    do {
      return try MessageCoding.bytes(of: message, version: version)
    } catch {
      let path = error.isAboutVersion ? "version" : "body"
      throw OpenFlowTextError(line: (line[path] ?? line).line, path: path, problem: "\(error)")
    }
  }

  private static func version(_ line: ParsedJSON) throws(OpenFlowTextError) -> UInt8 {
    guard let version = line["version"] else {
      throw OpenFlowTextError(line: line.line, path: "", problem: "lacks the field 'version', \"1.3\" or \"1.5\"")
    }
    guard case .string(let text) = version.content, let number = VersionName.number(text) else {
      throw OpenFlowTextError(
        line: version.line, path: "version", problem: "found \(version.kind) where \"1.3\" or \"1.5\" is expected")
    }
    return number
  }
}
