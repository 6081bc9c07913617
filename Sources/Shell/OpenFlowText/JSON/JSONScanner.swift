// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads JSON (RFC 8259) of which there is much: megabytes of entries in one request.
///
/// Strict, but for what costs time and helps nobody: a key that is there twice is left to the reader of the object.
package struct JSONScanner {
  /// What is wrong, and where: the place of a byte.
  package struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
    package var offset: Int
    package var line: Int
    package var problem: String

    package var description: String { "line \(self.line): \(self.problem)" }
  }

  /// How deep arrays and objects may be nested.
  package static let depthLimit = 32

  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0
  private var depth = 0

  package static func scan(_ bytes: [UInt8]) throws(Problem) -> JSONValue {
    let result: Result<JSONValue, Problem> = bytes.withUnsafeBufferPointer { Self.attempt($0) }
    return try result.get()
  }

  package static func scan(_ text: String) throws(Problem) -> JSONValue { try self.scan(Array(text.utf8)) }

  private static func attempt(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, Problem> {
    var scanner = JSONScanner(bytes: bytes)
    do throws(Problem) {
      let value = try scanner.value()
      scanner.skipBlanks()
      guard scanner.place == bytes.count else { throw scanner.problem("found \(scanner.found) behind the end") }
      return .success(value)
    } catch {
      return .failure(error)
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The next byte; 0, which stands nowhere in JSON, at the end.
  private var next: UInt8 { self.place < self.bytes.count ? self.bytes[self.place] : 0 }

  private mutating func value() throws(Problem) -> JSONValue {
    self.skipBlanks()
    switch self.next {
    case UInt8(ascii: "{"): return try self.object()
    case UInt8(ascii: "["): return try self.array()
    case UInt8(ascii: "\""): return .string(try self.string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try self.number())
    case UInt8(ascii: "t"): return try self.word("true", .bool(true))
    case UInt8(ascii: "f"): return try self.word("false", .bool(false))
    case UInt8(ascii: "n"): return try self.word("null", .null)
    default: throw self.problem("found \(self.found) where a value is expected")
    }
  }

  private mutating func object() throws(Problem) -> JSONValue {
    var members: [JSONValue.Member] = []
    if try self.open(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      self.skipBlanks()
      guard self.next == UInt8(ascii: "\"") else {
        throw self.problem("found \(self.found) where a key in quotation marks is expected")
      }
      let key = try self.string()
      self.skipBlanks()
      guard self.take(UInt8(ascii: ":")) else {
        throw self.problem("found \(self.found) where ':' is expected behind the key '\(key)'")
      }
      if members.isEmpty { members.reserveCapacity(8) }
      members.append(.init(key, try self.value()))
    } while try self.goesOn(UInt8(ascii: "}"))
    return .object(members)
  }

  private mutating func array() throws(Problem) -> JSONValue {
    var elements: [JSONValue] = []
    if try self.open(UInt8(ascii: "]")) { return .array([]) }
    repeat { elements.append(try self.value()) } while try self.goesOn(UInt8(ascii: "]"))
    return .array(elements)
  }

  /// - Returns: whether it ends at once.
  private mutating func open(_ end: UInt8) throws(Problem) -> Bool {
    guard self.depth < Self.depthLimit else { throw self.problem("is nested deeper than \(Self.depthLimit) levels") }
    self.depth += 1
    self.place += 1
    self.skipBlanks()
    guard self.take(end) else { return false }
    self.depth -= 1
    return true
  }

  private mutating func goesOn(_ end: UInt8) throws(Problem) -> Bool {
    self.skipBlanks()
    if self.take(UInt8(ascii: ",")) { return true }
    guard self.take(end) else {
      throw self.problem("found \(self.found) where ',' or '\(Character(Unicode.Scalar(end)))' is expected")
    }
    self.depth -= 1
    return false
  }

  private mutating func string() throws(Problem) -> String {
    self.place += 1
    let start = self.place
    while self.place < self.bytes.count {
      switch self.bytes[self.place] {
      case UInt8(ascii: "\""):
        let slice = UnsafeBufferPointer(rebasing: self.bytes[start..<self.place])
        guard let text = String(validating: slice, as: UTF8.self) else { throw self.problem("a string is not UTF-8") }
        self.place += 1
        return text
      case UInt8(ascii: "\\"): return try self.escapedString(from: start)
      case 0..<0x20: throw self.problem("a string has a control character; it must be written as \\u00…")
      default: self.place += 1
      }
    }
    throw self.problem("a string has no end")
  }

  private mutating func escapedString(from start: Int) throws(Problem) -> String {
    var text = Array(self.bytes[start..<self.place])
    while self.place < self.bytes.count {
      let byte = self.bytes[self.place]
      self.place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: text, as: UTF8.self) else { throw self.problem("a string is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): try self.escape(into: &text)
      case 0..<0x20: throw self.problem("a string has a control character; it must be written as \\u00…")
      default: text.append(byte)
      }
    }
    throw self.problem("a string has no end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(Problem) {
    let byte = self.next
    self.place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var unit = try self.codeUnit()
      if (0xd800..<0xdc00).contains(unit), self.take(UInt8(ascii: "\\")), self.take(UInt8(ascii: "u")) {
        let low = try self.codeUnit()
        guard (0xdc00..<0xe000).contains(low) else { throw self.problem("a string has half of a surrogate pair") }
        unit = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw self.problem("a string has half of a surrogate pair") }
      text += Array(String(Character(scalar)).utf8)
    default: throw self.problem("a string has a backslash with nothing known behind it")
    }
  }

  private mutating func codeUnit() throws(Problem) -> UInt32 {
    guard self.place + 4 <= self.bytes.count else { throw self.problem("a string has no end") }
    var unit: UInt32 = 0
    for byte in self.bytes[self.place..<self.place + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw self.problem("a string has \\u without four hexadecimal digits behind it")
      }
      unit = unit << 4 | UInt32(digit)
    }
    self.place += 4
    return unit
  }

  private mutating func number() throws(Problem) -> String {
    let start = self.place
    _ = self.take(UInt8(ascii: "-"))
    var isRight = self.take(UInt8(ascii: "0")) || self.takeDigits()
    if self.take(UInt8(ascii: ".")) { isRight = self.takeDigits() && isRight }
    if self.take(UInt8(ascii: "e")) || self.take(UInt8(ascii: "E")) {
      if !self.take(UInt8(ascii: "-")) { _ = self.take(UInt8(ascii: "+")) }
      isRight = self.takeDigits() && isRight
    }
    let text = String(decoding: self.bytes[start..<self.place], as: UTF8.self)
    guard isRight, !self.isDigit(self.next) else {
      throw self.problem("'\(text)' is no number of JSON; a hexadecimal one is written as a string, \"0x1f\"")
    }
    return text
  }

  private mutating func takeDigits() -> Bool {
    let start = self.place
    while self.isDigit(self.next) { self.place += 1 }
    return self.place > start
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Problem) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard self.take(word.utf8Start[index]) else {
        throw self.problem("found \(self.found) where a value is expected")
      }
    }
    return value
  }

  private mutating func skipBlanks() {
    while true {
      switch self.next {
      case 0x20, 0x0a, 0x0d, 0x09: self.place += 1
      default: return
      }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard self.next == byte, self.place < self.bytes.count else { return false }
    self.place += 1
    return true
  }

  private var found: String {
    guard self.place < self.bytes.count else { return "the end" }
    let byte = self.bytes[self.place]
    return (0x20..<0x7f).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "the byte \(byte)"
  }

  private func problem(_ text: String) -> Problem {
    let end = min(self.place, self.bytes.count)
    return Problem(offset: end, line: 1 + self.bytes[..<end].count { $0 == 0x0a }, problem: text)
  }
}

extension JSONValue {
  /// The value of a key; nil: this is no object, or has no such key.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// Any decodable value, by the rules of `isthmus openflow encode`.
  ///
  /// - Throws: what is wrong, in words that say what is accepted.
  package func decode<Value: Decodable>(_ type: Value.Type) throws(DecodingProblem) -> Value {
    do throws(OpenFlowTextError) {
      return try ParsedJSON(self).decode(type)
    } catch {
      throw DecodingProblem(description: error.path.isEmpty ? error.problem : "\(error.path): \(error.problem)")
    }
  }

  package struct DecodingProblem: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String
  }
}

extension ParsedJSON {
  fileprivate init(_ value: JSONValue) {
    let content: Content =
      switch value {
      case .null: .null
      case .bool(let value): .bool(value)
      case .number(let digits): .number(digits)
      case .string(let text): .string(text)
      case .array(let values): .array(values.map { ParsedJSON($0) })
      case .object(let members): .object(members.map { Member(key: $0.key, value: ParsedJSON($0.value)) })
      }
    self.init(line: 1, content: content)
  }
}
