// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// In its coded form a flow's change stands under `flow`; what has no body is an empty object.
extension FlowUpdate: OneOf {
  static let cases: [CodedCase<FlowUpdate>] = [
    .payload("flow", Change.self, wrap: { .flow($0) }) { if case .flow(let change) = $0 { change } else { nil } },
    .payload("abbrev", Abbreviation.self, wrap: { .abbreviated(xid: $0.xid) }) {
      if case .abbreviated(let xid) = $0 { Abbreviation(xid: xid) } else { nil }
    },
    .payload("paused", Nothing.self, wrap: { _ in .paused }) { $0 == .paused ? Nothing() : nil },
    .payload("resumed", Nothing.self, wrap: { _ in .resumed }) { $0 == .resumed ? Nothing() : nil },
    .payload("unknown", RawProperty.self, wrap: { .unknown(event: $0.type, body: $0.body) }) {
      if case .unknown(let event, let body) = $0 { RawProperty(type: event, body: body) } else { nil }
    },
  ]

  private struct Abbreviation: FieldCodable {
    var xid: UInt32
    static let defaults = Abbreviation(xid: 0)
    static let fields: [CodedField<Abbreviation>] = [.required("xid", \.xid)]
  }
}

extension FlowUpdate.Change: FieldCodable {
  static let defaults = FlowUpdate.Change(event: .initial, tableID: 0, priority: 0, match: .any)
  static let fields: [CodedField<FlowUpdate.Change>] = [
    .required("event", \.event), .required("table_id", \.tableID, as: TableName.self), .field("reason", \.reason),
    .field("idle_timeout", \.idleTimeout), .field("hard_timeout", \.hardTimeout), .required("priority", \.priority),
    .field("cookie", \.cookie, as: HexNumber.self), .field("match", \.match),
    .field("instructions", \.instructions),
  ]
}

extension FlowUpdate.Event: NamedNumber {
  static let names = [(initial, "initial"), (added, "added"), (removed, "removed"), (modified, "modified")]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}
