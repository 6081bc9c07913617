// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// In its coded form an error has its type and code by name, or by number if they have no name here; an experimenter's
/// error has the experimenter's id, and its code as a number.
extension ErrorMessage: Codable {
  private static let fields = ["type", "code", "experimenter", "data"]

  /// Reads type, code and data.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    try container.expect(Self.fields)
    let type = try container.decodeRequired(CodedType.self, "type").number
    self.init(type: type, code: try container.errorCode(ofType: type))
    self.experimenter = try container.decodeIfPresent(HexNumber.self, forKey: FieldName("experimenter"))?.value
    guard (type == Self.experimenterType) == (self.experimenter != nil) else {
      throw container.corrupted("must have the field 'experimenter' if, and only if, its type is experimenter")
    }
    self.data = try container.decodeIfPresent(HexBytes.self, forKey: FieldName("data"))?.value ?? []
  }

  /// Writes type, code and data.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    try container.encode(CodedType(number: self.type), forKey: FieldName("type"))
    if self.experimenter == nil, let name = ErrorCatalogue.codeName(type: self.type, code: self.code) {
      try container.encode(name, forKey: FieldName("code"))
    } else {
      try container.encode(self.code, forKey: FieldName("code"))
    }
    if let experimenter { try container.encode(HexNumber(experimenter), forKey: FieldName("experimenter")) }
    if !self.data.isEmpty { try container.encode(HexBytes(self.data), forKey: FieldName("data")) }
  }

  private struct CodedType: NamedNumber {
    var number: UInt16
    static let names =
      ErrorCatalogue.types.enumerated().map { (CodedType(number: UInt16($0.offset)), $0.element) }
      + [(CodedType(number: experimenterType), "experimenter")]
  }
}

extension ErrorCatalogue {
  /// A code's name without its prefix and in lower case, such as `bad_prereq`.
  fileprivate static func codeName(type: UInt16, code: UInt16) -> String? {
    self.entry(type: type, code: code).map { self.shortName($0) }
  }

  fileprivate static func shortName(_ entry: Entry) -> String {
    entry.name.drop { $0 != "_" }.dropFirst().lowercased()
  }
}

extension KeyedDecodingContainer where Key == FieldName {
  fileprivate func errorCode(ofType type: UInt16) throws -> UInt16 {
    guard let name = try? self.decodeRequired(String.self, "code") else {
      return try self.decodeRequired(UInt16.self, "code")
    }
    let names = type < ErrorCatalogue.codes.count ? ErrorCatalogue.codes[Int(type)].map(ErrorCatalogue.shortName) : []
    guard let code = names.firstIndex(of: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: FieldName("code"), in: self,
        debugDescription: "'\(name)' is none of \(names.joined(separator: ", ")), nor a number")
    }
    return UInt16(code)
  }
}
