// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// In its coded form an instruction is an object with one field, its name: `{"goto_table":3}`,
/// `{"apply_actions":[{"output":{"port":2}}]}`.
extension Instruction: OneOf {
  private static let experimenterType: UInt16 = 0xffff

  /// OFPIT_EXPERIMENTER: an extension, with what follows the experimenter's id; that has a length of 8·n bytes.
  public static func experimenter(id: UInt32, body: [UInt8]) -> Instruction {
    .unknown(type: Self.experimenterType, body: UInt128(id).bytes(4) + body)
  }

  static let cases: [CodedCase<Instruction>] = [
    .payload("goto_table", UInt8.self, wrap: { .gotoTable($0) }) {
      if case .gotoTable(let table) = $0 { table } else { nil }
    },
    .payload("write_metadata", MetadataBits.self, wrap: { .writeMetadata(value: $0.value, mask: $0.mask) }) {
      if case .writeMetadata(let value, let mask) = $0 { MetadataBits(value: value, mask: mask) } else { nil }
    },
    .payload("write_actions", [Action].self, wrap: { .writeActions($0) }) {
      if case .writeActions(let actions) = $0 { actions } else { nil }
    },
    .payload("apply_actions", [Action].self, wrap: { .applyActions($0) }) {
      if case .applyActions(let actions) = $0 { actions } else { nil }
    },
    .payload("clear_actions", Nothing.self, wrap: { _ in .clearActions }) {
      $0 == .clearActions ? Nothing() : nil
    },
    .payload("meter", UInt32.self, wrap: { .meter($0) }) { if case .meter(let meter) = $0 { meter } else { nil } },
    .payload("experimenter", ExperimenterBody.self, wrap: { .experimenter(id: $0.id, body: $0.body) }) {
      if case .unknown(Self.experimenterType, let body) = $0, body.count >= 4 {
        ExperimenterBody(id: UInt32(truncatingIfNeeded: UInt128(low: Array(body[..<4]))), body: Array(body[4...]))
      } else {
        nil
      }
    },
    .payload("unknown", RawProperty.self, wrap: { .unknown(type: $0.type, body: $0.body) }) {
      if case .unknown(let type, let body) = $0 { RawProperty(type: type, body: body) } else { nil }
    },
  ]
}

/// `{"metadata":"0x20","metadata_mask":"0xff"}`; without a mask all bits are written.
struct MetadataBits: FieldCodable {
  var value: UInt64
  var mask: UInt64
  static let defaults = MetadataBits(value: 0, mask: .max)
  static let fields: [CodedField<MetadataBits>] = [
    .required("metadata", \.value, as: HexNumber.self), .field("metadata_mask", \.mask, as: HexNumber.self),
  ]
}
