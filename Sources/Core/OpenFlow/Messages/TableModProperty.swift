// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A detail of a flow table's configuration in OpenFlow 1.5 (7.3.4.1).
public enum TableModProperty: Sendable, Hashable {
  /// OFPTMPT_EVICTION: by what the switch chooses the flows that it removes.
  case eviction(Eviction)
  /// OFPTMPT_VACANCY: when the switch tells that the table gets full.
  case vacancy(Vacancy)
  /// A property that this module does not read.
  case unknown(RawProperty)

  /// OFPTMPEF_*
  public struct Eviction: OptionSet, Sendable, Hashable, Codable {
    /// The bits as they are on the wire.
    public let rawValue: UInt32
    /// Takes any bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// OFPTMPEF_OTHER: by something of the switch's own.
    public static let other = Eviction(rawValue: 1 << 0)
    /// OFPTMPEF_IMPORTANCE: by the flow's importance.
    public static let importance = Eviction(rawValue: 1 << 1)
    /// OFPTMPEF_LIFETIME: by how long the flow would still stay.
    public static let lifetime = Eviction(rawValue: 1 << 2)
  }

  /// How much room a table has, in percent.
  public struct Vacancy: Sendable, Hashable {
    /// Tell when no more than this is left. 0 … 100 and at most `up`.
    public var down: UInt8
    /// Tell when this much is free again. 0 … 100
    public var up: UInt8
    /// What is free now; 0 in a TABLE_MOD.
    public var current: UInt8

    /// Thresholds in percent.
    public init(down: UInt8, up: UInt8, current: UInt8 = 0) {
      self.down = down
      self.up = up
      self.current = current
    }
  }
}

extension TableModProperty {
  private static let evictionType: UInt16 = 2
  private static let vacancyType: UInt16 = 3

  /// Reads properties until nothing is left.
  static func list(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [TableModProperty] {
    var properties: [TableModProperty] = []
    while var property = try WireProperty(reading: &reader) {
      switch property.type {
      case self.evictionType:
        properties.append(.eviction(Eviction(rawValue: try property.body.read(UInt32.self, "eviction flags"))))
      case self.vacancyType:
        properties.append(
          .vacancy(
            Vacancy(
              down: try property.body.read(UInt8.self, "vacancy down"),
              up: try property.body.read(UInt8.self, "vacancy up"),
              current: try property.body.read(UInt8.self, "vacancy"))))
      default: properties.append(.unknown(property.raw()))
      }
    }
    return properties
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    switch self {
    case .eviction(let flags): WireProperty.write(to: &writer, type: Self.evictionType, flags.rawValue)
    case .vacancy(let vacancy):
      let word = UInt32(vacancy.down) << 24 | UInt32(vacancy.up) << 16 | UInt32(vacancy.current) << 8
      WireProperty.write(to: &writer, type: Self.vacancyType, word)
    case .unknown(let raw): try WireProperty.write(to: &writer, raw)
    }
  }
}

extension TableModProperty: OneOf {
  static let cases: [CodedCase<TableModProperty>] = [
    .payload("eviction", Eviction.self, wrap: { .eviction($0) }) {
      if case .eviction(let flags) = $0 { flags } else { nil }
    },
    .payload("vacancy", Vacancy.self, wrap: { .vacancy($0) }) { if case .vacancy(let room) = $0 { room } else { nil } },
    .payload("unknown", RawProperty.self, wrap: { .unknown($0) }) {
      if case .unknown(let raw) = $0 { raw } else { nil }
    },
  ]
}

extension TableModProperty.Vacancy: FieldCodable {
  static let defaults = TableModProperty.Vacancy(down: 0, up: 0)
  static let fields: [CodedField<TableModProperty.Vacancy>] = [
    .field("vacancy_down", \.down), .field("vacancy_up", \.up), .field("vacancy", \.current),
  ]
}
