// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// The coded forms of what actions are made of: objects with the names of the structures' members.
extension ConntrackAction: FieldCodable {
  static let defaults = ConntrackAction()
  static let fields: [CodedField<ConntrackAction>] = [
    .field("commit", \.commit), .field("force", \.force), .field("zone", \.zone), .field("table", \.table),
    .field("alg", \.algorithm), .field("actions", \.actions),
  ]
}

extension ConntrackAction.Zone: Codable {
  /// Reads a number, or the bits that hold it, as `"reg0[0..15]"`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(UInt16.self) {
      self = .number(number)
    } else {
      self = .field(try container.decode(FieldSlice.self))
    }
  }

  /// Writes the number, or the bits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .field(let slice): try container.encode(slice)
    }
  }
}

extension NATAction: FieldCodable {
  static let defaults = NATAction.followConnection
  static let fields: [CodedField<NATAction>] = [
    .field("direction", \.direction), .field("flags", \.options), .field("ipv4", \.addresses, as: Range4.self),
    .field("ipv6", \.ipv6Addresses, as: Range6.self), .field("port", \.ports, as: PortRange.self),
  ]

  /// `"10.0.0.1-10.0.0.9"`, `"10.0.0.1"`
  fileprivate struct Range4: RangeForm {
    let value: ClosedRange<IPv4Address>
    init(_ value: ClosedRange<IPv4Address>) { self.value = value }
    static let accepted = "an IPv4 address, or two with a - between"
    static func text(_ bound: IPv4Address) -> String { "\(bound)" }
    static func bound(_ text: Substring) -> IPv4Address? { IPv4Address(text) }
  }

  /// `"2001:db8::1-2001:db8::9"`
  fileprivate struct Range6: RangeForm {
    let value: ClosedRange<UInt128>
    init(_ value: ClosedRange<UInt128>) { self.value = value }
    static let accepted = "an IPv6 address, or two with a - between"
    static func text(_ bound: UInt128) -> String { "\(IPv6Address(rawValue: bound))" }
    static func bound(_ text: Substring) -> UInt128? { IPv6Address(text)?.rawValue }
  }

  /// `"1024-65535"`, `"80"`
  fileprivate struct PortRange: RangeForm {
    let value: ClosedRange<UInt16>
    init(_ value: ClosedRange<UInt16>) { self.value = value }
    static let accepted = "a port's number, or two with a - between"
    static func text(_ bound: UInt16) -> String { "\(bound)" }
    static func bound(_ text: Substring) -> UInt16? {
      Hexadecimal.anyNumber(text).flatMap { UInt16(exactly: $0) }
    }
  }
}

/// A range as a text: both bounds with a hyphen between, or one if they are equal.
private protocol RangeForm: CodingForm where Value == ClosedRange<Bound> {
  associatedtype Bound: Comparable & Sendable
  static var accepted: String { get }
  static func text(_ bound: Bound) -> String
  static func bound(_ text: Substring) -> Bound?
}

extension RangeForm {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let range = RangeText.value(text, Self.bound) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not \(Self.accepted), the lesser first")
    }
    self.init(range)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(RangeText.string(self.value, Self.text))
  }
}

extension ResubmitAction: FieldCodable {
  static let defaults = ResubmitAction()
  static let fields: [CodedField<ResubmitAction>] = [
    .field("in_port", \.inPort), .field("table", \.table), .field("ct", \.withConntrackTuple),
  ]
}

extension Conjunction: FieldCodable {
  static let defaults = Conjunction(id: 0, clause: 1, of: 2)
  static let fields: [CodedField<Conjunction>] = [
    .required("id", \.id), .required("clause", \.clause), .required("n_clauses", \.clauseCount),
  ]
}

extension ControllerAction: FieldCodable {
  static let defaults = ControllerAction()
  static let fields: [CodedField<ControllerAction>] = [
    .field("max_len", \.maxLength), .field("controller_id", \.controllerID), .field("reason", \.reason),
    .field("userdata", \.userData, as: HexBytes.self), .field("pause", \.pause), .field("meter_id", \.meter),
  ]
}

extension MultipathAction: FieldCodable {
  static let defaults = MultipathAction(
    fields: .ethernetSource, algorithm: .moduloN, linkCount: 0, destination: FieldSlice(.inPort))
  static let fields: [CodedField<MultipathAction>] = [
    .required("fields", \.fields), .field("basis", \.basis), .required("algorithm", \.algorithm),
    .required("n_links", \.linkCount), .field("arg", \.argument), .required("dst", \.destination),
  ]
}

extension BundleAction: FieldCodable {
  static let defaults = BundleAction(algorithm: .activeBackup, members: [])
  static let fields: [CodedField<BundleAction>] = [
    .required("algorithm", \.algorithm), .field("fields", \.fields), .field("basis", \.basis),
    .required("members", \.members), .field("dst", \.destination),
  ]
}

extension SampleAction: FieldCodable {
  static let defaults = SampleAction(probability: 0)
  static let fields: [CodedField<SampleAction>] = [
    .required("probability", \.probability), .field("collector_set_id", \.collectorSetID),
    .field("obs_domain_id", \.observationDomainID), .field("obs_point_id", \.observationPointID),
    .field("sampling_port", \.port), .field("direction", \.direction),
  ]
}
