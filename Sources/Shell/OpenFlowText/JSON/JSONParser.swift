// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads one value of JSON (RFC 8259), strictly: a key that is there twice is an error too.
struct JSONParser {
  /// How deep arrays and objects may be nested; a message in its JSON form needs a dozen levels.
  static let depthLimit = 64

  private var rest: ArraySlice<UInt8>
  private var line: Int
  private var depth = 0

  /// - Parameter line: the number of the line on which `text` begins.
  static func parse(_ text: [UInt8], line: Int) throws(OpenFlowTextError) -> ParsedJSON {
    var parser = JSONParser(rest: text[...], line: line)
    let value = try parser.value()
    parser.skipBlanks()
    guard parser.rest.isEmpty else { throw parser.error("found \(parser.found) behind the end of the value") }
    return value
  }

  private init(rest: ArraySlice<UInt8>, line: Int) {
    self.rest = rest
    self.line = line
  }

  private mutating func value() throws(OpenFlowTextError) -> ParsedJSON {
    self.skipBlanks()
    let line = self.line
    let content: ParsedJSON.Content =
      switch self.rest.first {
      case UInt8(ascii: "{"): try self.object()
      case UInt8(ascii: "["): try self.array()
      case UInt8(ascii: "\""): .string(try self.string())
      case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): .number(try self.number())
      case UInt8(ascii: "t"): try self.word("true", .bool(true))
      case UInt8(ascii: "f"): try self.word("false", .bool(false))
      case UInt8(ascii: "n"): try self.word("null", .null)
      default: throw self.error("found \(self.found) where a value is expected")
      }
    return ParsedJSON(line: line, content: content)
  }

  private mutating func object() throws(OpenFlowTextError) -> ParsedJSON.Content {
    var members: [ParsedJSON.Member] = []
    var keys: Set<String> = []
    try self.list(end: UInt8(ascii: "}")) { (parser) throws(OpenFlowTextError) in
      guard parser.rest.first == UInt8(ascii: "\"") else {
        throw parser.error("found \(parser.found) where a key in quotation marks is expected")
      }
      let key = try parser.string()
      guard keys.insert(key).inserted else { throw parser.error("the key '\(key)' is there twice in one object") }
      parser.skipBlanks()
      guard parser.take(UInt8(ascii: ":")) else {
        throw parser.error("found \(parser.found) where ':' is expected behind the key '\(key)'")
      }
      members.append(.init(key: key, value: try parser.value()))
    }
    return .object(members)
  }

  private mutating func array() throws(OpenFlowTextError) -> ParsedJSON.Content {
    var elements: [ParsedJSON] = []
    try self.list(end: UInt8(ascii: "]")) { (parser) throws(OpenFlowTextError) in
      elements.append(try parser.value())
    }
    return .array(elements)
  }

  /// What stands between brackets, with commas.
  private mutating func list(
    end: UInt8, _ element: (inout JSONParser) throws(OpenFlowTextError) -> Void
  ) throws(OpenFlowTextError) {
    guard self.depth < Self.depthLimit else { throw self.error("is nested deeper than \(Self.depthLimit) levels") }
    self.depth += 1
    defer { self.depth -= 1 }
    self.rest.removeFirst()
    self.skipBlanks()
    if self.take(end) { return }
    while true {
      self.skipBlanks()
      try element(&self)
      self.skipBlanks()
      if self.take(end) { return }
      guard self.take(UInt8(ascii: ",")) else {
        throw self.error("found \(self.found) where ',' or '\(Character(Unicode.Scalar(end)))' is expected")
      }
    }
  }

  private mutating func string() throws(OpenFlowTextError) -> String {
    self.rest.removeFirst()
    var bytes: [UInt8] = []
    while let byte = self.rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes, as: UTF8.self) else { throw self.error("a string is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): bytes += try self.escape()
      case 0..<0x20:
        throw self.error("a string has the control character \(byte); it must be written as \\u00\(Hex.text([byte]))")
      default: bytes.append(byte)
      }
    }
    throw self.error("a string has no end")
  }

  /// What stands behind a backslash.
  private mutating func escape() throws(OpenFlowTextError) -> [UInt8] {
    switch self.rest.popFirst() {
    case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
    case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
    case UInt8(ascii: "/"): return [UInt8(ascii: "/")]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var unit = UInt32(try self.codeUnit())
      if (0xd800..<0xdc00).contains(unit), self.rest.starts(with: "\\u".utf8) {
        self.rest = self.rest.dropFirst(2)
        let low = UInt32(try self.codeUnit())
        guard (0xdc00..<0xe000).contains(low) else { throw self.error("a string has half of a surrogate pair") }
        unit = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw self.error("a string has half of a surrogate pair") }
      return Array(String(Character(scalar)).utf8)
    default: throw self.error("a string has a backslash with nothing known behind it")
    }
  }

  private mutating func codeUnit() throws(OpenFlowTextError) -> UInt16 {
    guard self.rest.count >= 4, let bytes = Hex.bytes(self.rest.prefix(4)) else {
      throw self.error("a string has \\u without four hexadecimal digits behind it")
    }
    self.rest = self.rest.dropFirst(4)
    return UInt16(bytes[0]) << 8 | UInt16(bytes[1])
  }

  private mutating func number() throws(OpenFlowTextError) -> String {
    let start = self.rest
    _ = self.take(UInt8(ascii: "-"))
    var isRight = self.take(UInt8(ascii: "0")) || self.takeDigits()
    if self.take(UInt8(ascii: ".")) { isRight = self.takeDigits() && isRight }
    if self.take(UInt8(ascii: "e")) || self.take(UInt8(ascii: "E")) {
      if !self.take(UInt8(ascii: "-")) { _ = self.take(UInt8(ascii: "+")) }
      isRight = self.takeDigits() && isRight
    }
    let text = String(decoding: start[..<self.rest.startIndex], as: UTF8.self)
    guard isRight, !(self.rest.first.map(Self.isDigit) ?? false) else {
      throw self.error("'\(text)' is no number of JSON; a hexadecimal one is written as a string, \"0x1f\"")
    }
    return text
  }

  private mutating func takeDigits() -> Bool {
    let digits = self.rest.prefix(while: Self.isDigit)
    self.rest = self.rest.dropFirst(digits.count)
    return !digits.isEmpty
  }

  private mutating func word(
    _ word: String, _ content: ParsedJSON.Content
  ) throws(OpenFlowTextError) -> ParsedJSON.Content {
    guard self.rest.starts(with: word.utf8) else { throw self.error("found \(self.found) where a value is expected") }
    self.rest = self.rest.dropFirst(word.utf8.count)
    return content
  }

  private mutating func skipBlanks() {
    while let byte = self.rest.first, [0x20, 0x09, 0x0a, 0x0d].contains(byte) {
      if byte == 0x0a { self.line += 1 }
      self.rest.removeFirst()
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard self.rest.first == byte else { return false }
    self.rest.removeFirst()
    return true
  }

  private var found: String {
    guard let byte = self.rest.first else { return "the end" }
    return (0x20..<0x7f).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "the byte \(byte)"
  }

  private func error(_ problem: String) -> OpenFlowTextError {
    OpenFlowTextError(line: self.line, path: "", problem: problem)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
