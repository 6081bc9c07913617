// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// In its coded form an action is an object with one field, its name: `{"output":{"port":2}}`, `{"pop_vlan":{}}`.
extension Action: OneOf {
  static let cases: [CodedCase<Action>] = forwardingCases + headerCases + fieldCases + tableCases + openCases

  private static let forwardingCases: [CodedCase<Action>] = [
    .payload("output", Output.self, wrap: { .output(port: $0.port, maxLength: $0.maxLength) }) {
      if case .output(let port, let maxLength) = $0 { Output(port: port, maxLength: maxLength) } else { nil }
    },
    .payload("output_reg", OutputField.self, wrap: { .outputField($0.source, maxLength: $0.maxLength) }) {
      if case .outputField(let source, let maxLength) = $0 {
        OutputField(source: source, maxLength: maxLength)
      } else {
        nil
      }
    },
    .payload("output_trunc", Truncation.self, wrap: { .outputTruncated(port: $0.port, maxLength: $0.maxLength) }) {
      if case .outputTruncated(let port, let maxLength) = $0 {
        Truncation(port: port, maxLength: maxLength)
      } else {
        nil
      }
    },
    .payload("group", GroupNumber.self, wrap: { .group($0) }) {
      if case .group(let group) = $0 { group } else { nil }
    },
    .payload("set_queue", UInt32.self, wrap: { .setQueue($0) }) {
      if case .setQueue(let queue) = $0 { queue } else { nil }
    },
    .bare("pop_queue", .popQueue),
    .payload("meter", UInt32.self, wrap: { .meter($0) }) { if case .meter(let meter) = $0 { meter } else { nil } },
    .payload("controller", ControllerAction.self, wrap: { .controller($0) }) {
      if case .controller(let controller) = $0 { controller } else { nil }
    },
    .payload("bundle", BundleAction.self, wrap: { .bundle($0) }) {
      if case .bundle(let bundle) = $0 { bundle } else { nil }
    },
  ]

  private static let headerCases: [CodedCase<Action>] = [
    .etherType("push_vlan", { .pushVLAN(ethernetType: $0) }) {
      if case .pushVLAN(let type) = $0 { type } else { nil }
    },
    .bare("pop_vlan", .popVLAN),
    .etherType("push_mpls", { .pushMPLS(ethernetType: $0) }) {
      if case .pushMPLS(let type) = $0 { type } else { nil }
    },
    .etherType("pop_mpls", { .popMPLS(ethernetType: $0) }) { if case .popMPLS(let type) = $0 { type } else { nil } },
    .etherType("push_pbb", { .pushPBB(ethernetType: $0) }) { if case .pushPBB(let type) = $0 { type } else { nil } },
    .bare("pop_pbb", .popPBB),
    .payload("set_nw_ttl", UInt8.self, wrap: { .setTTL($0) }) { if case .setTTL(let ttl) = $0 { ttl } else { nil } },
    .bare("dec_nw_ttl", .decrementTTL),
    .payload("dec_nw_ttl_cnt_ids", [UInt16].self, wrap: { .decrementTTLTelling(controllers: $0) }) {
      if case .decrementTTLTelling(let controllers) = $0 { controllers } else { nil }
    },
    .payload("set_mpls_ttl", UInt8.self, wrap: { .setMPLSTTL($0) }) {
      if case .setMPLSTTL(let ttl) = $0 { ttl } else { nil }
    },
    .bare("dec_mpls_ttl", .decrementMPLSTTL), .bare("copy_ttl_out", .copyTTLOut), .bare("copy_ttl_in", .copyTTLIn),
    .bare("dec_nsh_ttl", .decrementNSHTTL),
  ]

  private static let fieldCases: [CodedCase<Action>] = [
    .payload("set_field", MatchEntry.self, wrap: { .setField($0) }) {
      if case .setField(let entry) = $0 { entry } else { nil }
    },
    .payload("copy_field", Copy.self, wrap: { .move(source: $0.source, destination: $0.destination) }) {
      if case .move(let source, let destination) = $0 { Copy(source: source, destination: destination) } else { nil }
    },
    .payload("stack_push", FieldSlice.self, wrap: { .pushField($0) }) {
      if case .pushField(let slice) = $0 { slice } else { nil }
    },
    .payload("stack_pop", FieldSlice.self, wrap: { .popField($0) }) {
      if case .popField(let slice) = $0 { slice } else { nil }
    },
    .payload("delete_field", MatchField.self, wrap: { .deleteField($0) }) {
      if case .deleteField(let field) = $0 { field } else { nil }
    },
    .payload("check_pkt_larger", Check.self, wrap: { .checkPacketLarger(length: $0.length, result: $0.result) }) {
      if case .checkPacketLarger(let length, let result) = $0 { Check(length: length, result: result) } else { nil }
    },
    .payload("multipath", MultipathAction.self, wrap: { .multipath($0) }) {
      if case .multipath(let multipath) = $0 { multipath } else { nil }
    },
  ]

  private static let tableCases: [CodedCase<Action>] = [
    .payload("ct", ConntrackAction.self, wrap: { .conntrack($0) }) {
      if case .conntrack(let conntrack) = $0 { conntrack } else { nil }
    },
    .payload("nat", NATAction.self, wrap: { .nat($0) }) { if case .nat(let nat) = $0 { nat } else { nil } },
    .bare("ct_clear", .clearConntrack),
    .payload("resubmit", ResubmitAction.self, wrap: { .resubmit($0) }) {
      if case .resubmit(let resubmit) = $0 { resubmit } else { nil }
    },
    .payload("learn", LearnAction.self, wrap: { .learn($0) }) { if case .learn(let learn) = $0 { learn } else { nil } },
    .payload("conjunction", Conjunction.self, wrap: { .conjunction($0) }) {
      if case .conjunction(let conjunction) = $0 { conjunction } else { nil }
    },
    .payload("fin_timeout", Timeouts.self, wrap: { .finTimeout(idle: $0.idle, hard: $0.hard) }) {
      if case .finTimeout(let idle, let hard) = $0 { Timeouts(idle: idle, hard: hard) } else { nil }
    },
    .payload("write_metadata", MetadataBits.self, wrap: { .writeMetadata(value: $0.value, mask: $0.mask) }) {
      if case .writeMetadata(let value, let mask) = $0 { MetadataBits(value: value, mask: mask) } else { nil }
    },
    .payload("clone", [Action].self, wrap: { .clone($0) }) {
      if case .clone(let actions) = $0 { actions } else { nil }
    },
    .payload("sample", SampleAction.self, wrap: { .sample($0) }) {
      if case .sample(let sample) = $0 { sample } else { nil }
    },
    .bare("exit", .exit),
  ]

  private static let openCases: [CodedCase<Action>] = [
    .payload("note", HexBytes.self, wrap: { .note($0.value) }) {
      if case .note(let note) = $0 { HexBytes(note) } else { nil }
    },
    .payload("experimenter", ExperimenterBody.self, wrap: { .experimenter(id: $0.id, body: $0.body) }) {
      if case .experimenter(let id, let body) = $0 { ExperimenterBody(id: id, body: body) } else { nil }
    },
    .payload("unknown", RawProperty.self, wrap: { .unknown(type: $0.type, body: $0.body) }) {
      if case .unknown(let type, let body) = $0 { RawProperty(type: type, body: body) } else { nil }
    },
  ]
}

extension CodedCase where Root == Action {
  /// An action without anything but its name.
  fileprivate static func bare(_ name: String, _ action: Action) -> CodedCase {
    .payload(name, Nothing.self, wrap: { _ in action }) { $0 == action ? Nothing() : nil }
  }

  /// An action with an EtherType, `"0x8100"`.
  fileprivate static func etherType(
    _ name: String, _ wrap: @escaping @Sendable (UInt16) -> Action,
    unwrap: @escaping @Sendable (Action) -> UInt16?
  ) -> CodedCase {
    .payload(name, HexNumber<UInt16>.self, wrap: { wrap($0.value) }) { unwrap($0).map { HexNumber($0) } }
  }
}

// What the actions with several values have.

private struct Output: FieldCodable {
  var port: PortNumber
  var maxLength: UInt16
  static let defaults = Output(port: .any, maxLength: Action.wholePacket)
  static let fields: [CodedField<Output>] = [.required("port", \.port), .field("max_len", \.maxLength)]
}

private struct OutputField: FieldCodable {
  var source: FieldSlice
  var maxLength: UInt16
  static let defaults = OutputField(source: FieldSlice(.inPort), maxLength: Action.wholePacket)
  static let fields: [CodedField<OutputField>] = [.required("src", \.source), .field("max_len", \.maxLength)]
}

private struct Truncation: FieldCodable {
  var port: PortNumber
  var maxLength: UInt32
  static let defaults = Truncation(port: .any, maxLength: 0)
  static let fields: [CodedField<Truncation>] = [.required("port", \.port), .required("max_len", \.maxLength)]
}

private struct Copy: FieldCodable {
  var source: FieldSlice
  var destination: FieldSlice
  static let defaults = Copy(source: FieldSlice(.inPort), destination: FieldSlice(.inPort))
  static let fields: [CodedField<Copy>] = [.required("src", \.source), .required("dst", \.destination)]
}

private struct Check: FieldCodable {
  var length: UInt16
  var result: FieldSlice
  static let defaults = Check(length: 0, result: FieldSlice(.inPort))
  static let fields: [CodedField<Check>] = [.required("pkt_len", \.length), .required("dst", \.result)]
}

private struct Timeouts: FieldCodable {
  var idle: UInt16
  var hard: UInt16
  static let defaults = Timeouts(idle: 0, hard: 0)
  static let fields: [CodedField<Timeouts>] = [.field("idle_timeout", \.idle), .field("hard_timeout", \.hard)]
}

/// `{"id":"0x2320","body":"0001"}`
struct ExperimenterBody: FieldCodable {
  var id: UInt32
  var body: [UInt8]
  static let defaults = ExperimenterBody(id: 0, body: [])
  static let fields: [CodedField<ExperimenterBody>] = [
    .required("id", \.id, as: HexNumber.self), .field("body", \.body, as: HexBytes.self),
  ]
}
