// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// In its coded form a band is an object with a type (a name, or a number) and what that type has.
extension MeterBand: FieldCodable {
  static let defaults = MeterBand(rate: 0)
  static let fields: [CodedField<MeterBand>] = [
    .required("type", \.codedType), .required("rate", \.rate), .field("burst_size", \.burstSize),
    .field("prec_level", \.precedenceLevel), .field("experimenter", \.experimenter, as: HexNumber.self),
    .field("body", \.body, as: HexBytes.self),
  ]

  /// OFPMBT_*
  fileprivate struct CodedType: NamedNumber {
    var number: UInt16
    static let names = [
      (CodedType(number: 1), "drop"), (CodedType(number: 2), "dscp_remark"),
      (CodedType(number: 0xffff), "experimenter"),
    ]
  }

  fileprivate var codedType: CodedType {
    get { CodedType(number: self.type) }
    set {
      switch newValue.number {
      case 1: self.kind = .drop
      case 2: self.kind = .dscpRemark(precedenceLevel: 0)
      case 0xffff: self.kind = .experimenter(id: 0, body: [])
      default: self.kind = .unknown(type: newValue.number, body: [])
      }
    }
  }

  fileprivate var precedenceLevel: UInt8 {
    get { if case .dscpRemark(let level) = self.kind { level } else { 0 } }
    set { if case .dscpRemark = self.kind { self.kind = .dscpRemark(precedenceLevel: newValue) } }
  }

  fileprivate var experimenter: UInt32? {
    get { if case .experimenter(let id, _) = self.kind { id } else { nil } }
    set { if case .experimenter(_, let body) = self.kind { self.kind = .experimenter(id: newValue ?? 0, body: body) } }
  }

  fileprivate var body: [UInt8] {
    get {
      switch self.kind {
      case .drop, .dscpRemark: []
      case .experimenter(_, let body), .unknown(_, let body): body
      }
    }
    set {
      switch self.kind {
      case .drop, .dscpRemark: break
      case .experimenter(let id, _): self.kind = .experimenter(id: id, body: newValue)
      case .unknown(let type, _): self.kind = .unknown(type: type, body: newValue)
      }
    }
  }
}
