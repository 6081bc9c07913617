// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A field with its name, and the others by which it is known.
struct NamedField: Sendable {
  let field: MatchField
  let name: String
  let otherNames: [String]

  init(_ field: MatchField, _ name: String, _ otherNames: String...) {
    self.field = field
    self.name = name
    self.otherNames = otherNames
  }
}

extension MatchField {
  /// The fields that have a name here.
  static let catalogue: [NamedField] = openFlowFields + niciraFields + registerFields + tunnelFields

  /// Every field that has a name here; tunnel metadata with their greatest width.
  public static let allKnown: [MatchField] = catalogue.map(\.field)

  /// The field's name, the specification's or that of `ovs-ofctl`; nil if it has none here.
  public var name: String? {
    Self.catalogue.first { $0.field.isSameType(as: self) && $0.field.with(byteCount: self.byteCount) == self }?.name
  }

  private static let byName: [String: MatchField] = {
    var fields: [String: MatchField] = [:]
    for entry in catalogue {
      for name in [entry.name] + entry.otherNames { fields[name] = entry.field }
    }
    return fields
  }()

  /// The field with this name, be it the specification's or that of `ovs-ofctl`; tunnel metadata with their greatest
  /// width.
  static func named(_ name: String) -> MatchField? { byName[name] }
}

extension MatchField: CustomStringConvertible {
  /// The field's name, or its class and number.
  public var description: String { self.name ?? self.identity() }

  /// `field(class=0x8000,number=99)`; `more` is put before the closing parenthesis.
  func identity(_ more: String = "") -> String {
    let id = "field(class=0x\(String(self.oxmClass, radix: 16)),number=\(self.number)"
    return id + (self.experimenter == 0 ? "" : ",experimenter=0x\(String(self.experimenter, radix: 16))") + more + ")"
  }
}
