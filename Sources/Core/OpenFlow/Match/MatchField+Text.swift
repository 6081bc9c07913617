// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A field's name that says its width too, where the name alone does not: `tun_metadata0(8)`,
/// `field(class=0x8000,number=99,length=4)`.
extension MatchField {
  var nameWithWidth: String {
    guard let name = self.name else { return self.identity(",length=\(self.byteCount)") }
    return self.hasVariableWidth ? "\(name)(\(self.byteCount))" : name
  }

  /// Reads what `nameWithWidth` writes; nil if there is no such field.
  init?(nameWithWidth text: some StringProtocol) {
    if let field = Self.named(String(text)), !field.hasVariableWidth {
      self = field
    } else if text.hasPrefix("field(") {
      guard let identity = FieldIdentity(text), let length = identity.length,
        let field = identity.field(byteCount: length)
      else { return nil }
      self = field
    } else {
      guard text.last == ")", let open = text.firstIndex(of: "("), let known = Self.named(String(text[..<open])),
        known.hasVariableWidth, let width = Int(text[text.index(after: open)...].dropLast()),
        let field = known.with(byteCount: width)
      else { return nil }
      self = field
    }
  }
}

/// `field(class=0x8000,number=99)`, a field without a name, possibly with `experimenter=0x…` and `length=…`.
struct FieldIdentity {
  private var oxmClass: UInt16
  private var number: UInt8
  private var experimenter: UInt32 = 0
  /// Bytes of a value.
  var length: Int?

  init?(_ text: some StringProtocol) {
    guard text.hasPrefix("field("), text.last == ")" else { return nil }
    var values: [Substring: UInt128] = [:]
    for part in String(text.dropFirst(6).dropLast()).split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", omittingEmptySubsequences: false)
      guard pair.count == 2, values[pair[0]] == nil, let value = Hexadecimal.anyNumber(pair[1]) else { return nil }
      values[pair[0]] = value
    }
    guard let oxmClass = values.removeValue(forKey: "class").flatMap({ UInt16(exactly: $0) }),
      let number = values.removeValue(forKey: "number").flatMap({ UInt8(exactly: $0) })
    else { return nil }
    self.oxmClass = oxmClass
    self.number = number
    if let value = values.removeValue(forKey: "experimenter") {
      guard let experimenter = UInt32(exactly: value) else { return nil }
      self.experimenter = experimenter
    }
    if let value = values.removeValue(forKey: "length") {
      guard let length = Int(exactly: value) else { return nil }
      self.length = length
    }
    guard values.isEmpty else { return nil }
  }

  func field(byteCount: Int) -> MatchField? {
    MatchField(
      oxmClass: self.oxmClass, number: self.number, experimenter: self.experimenter, byteCount: byteCount)
  }
}

extension FieldSlice: CustomStringConvertible {
  /// `field[]`, `field[first..last]`, or `field[bit]`
  public var description: String {
    let name = self.field.nameWithWidth
    if self == FieldSlice(self.field) { return "\(name)[]" }
    if self.bitCount == 1 { return "\(name)[\(self.offset)]" }
    return "\(name)[\(self.offset)..\(Int(self.offset) + Int(self.bitCount) - 1)]"
  }

  /// Reads what `description` writes; nil if there is no such field, or it has no such bits.
  init?(_ text: String) {
    guard text.last == "]", let open = text.lastIndex(of: "["),
      let field = MatchField(nameWithWidth: text[..<open])
    else { return nil }
    let range = text[text.index(after: open)...].dropLast()
    if range.isEmpty {
      self.init(field)
      return
    }
    let bounds = range.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = UInt16(bounds[0]), bounds[0].first != "+" else { return nil }
    if bounds.count == 1 {
      self.init(field, offset: first, bitCount: 1)
    } else {
      guard bounds.count == 3, bounds[1].isEmpty, let last = UInt16(bounds[2]), bounds[2].first != "+",
        last >= first, last < field.bitCount
      else { return nil }
      self.init(field, offset: first, bitCount: last - first + 1)
    }
    guard self.isValid else { return nil }
  }
}
