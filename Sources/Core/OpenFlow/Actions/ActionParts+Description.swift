// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Nicira's greater actions in the style of `ovs-ofctl`.
extension ResubmitAction: CustomStringConvertible {
  /// `resubmit(,3)`
  public var description: String {
    let port = self.inPort == .inPort ? "" : "\(self.inPort)"
    let table = self.table.map { "\($0)" } ?? ""
    return "resubmit(\(port),\(table)\(self.withConntrackTuple ? ",ct" : ""))"
  }
}

extension Conjunction: CustomStringConvertible {
  /// `conjunction(7,1/2)`
  public var description: String { "conjunction(\(self.id),\(self.clause)/\(self.clauseCount))" }
}

extension ControllerAction: CustomStringConvertible {
  /// `controller(id=7,userdata=0102,pause)`
  public var description: String {
    var parts: [String] = []
    if self.reason != .action { parts.append("reason=\(self.reason.rawValue)") }
    if self.maxLength != Action.wholePacket { parts.append("max_len=\(self.maxLength)") }
    if self.controllerID != 0 { parts.append("id=\(self.controllerID)") }
    if !self.userData.isEmpty { parts.append("userdata=\(Hexadecimal.string(self.userData))") }
    if self.pause { parts.append("pause") }
    if let meter { parts.append("meter_id=\(meter)") }
    return "controller(\(parts.joined(separator: ",")))"
  }
}

extension HashFields: CustomStringConvertible {
  /// The name, or the number.
  public var description: String { self.name ?? "\(self.rawValue)" }
}

extension MultipathAction.Algorithm: CustomStringConvertible {
  /// The name, or the number.
  public var description: String { self.name ?? "\(self.rawValue)" }
}

extension BundleAction.Algorithm: CustomStringConvertible {
  /// The name, or the number.
  public var description: String { self.name ?? "\(self.rawValue)" }
}

extension MultipathAction: CustomStringConvertible {
  /// `multipath(symmetric_l4,50,modulo_n,4,0,reg0[])`
  public var description: String {
    "multipath(\(self.fields),\(self.basis),\(self.algorithm),\(self.linkCount),\(self.argument),\(self.destination))"
  }
}

extension BundleAction: CustomStringConvertible {
  /// `bundle(eth_src,0,hrw,ofport,members:1,2)`
  public var description: String {
    let members = self.members.map(\.description).joined(separator: ",")
    let head = "(\(self.fields),\(self.basis),\(self.algorithm),ofport,"
    return self.destination.map { "bundle_load\(head)\($0),members:\(members))" } ?? "bundle\(head)members:\(members))"
  }
}

extension SampleAction: CustomStringConvertible {
  /// `sample(probability=12345,collector_set_id=1,…)`
  public var description: String {
    var parts = [
      "probability=\(self.probability)", "collector_set_id=\(self.collectorSetID)",
      "obs_domain_id=\(self.observationDomainID)", "obs_point_id=\(self.observationPointID)",
    ]
    if let port { parts.append("sampling_port=\(port)") }
    if let direction { parts.append("\(direction)") }
    return "sample(\(parts.joined(separator: ",")))"
  }
}

extension LearnAction: CustomStringConvertible {
  /// `learn(table=3,hard_timeout=60,eth_dst[]=eth_src[],output:in_port[])`
  public var description: String {
    var parts = ["table=\(self.tableID)"]
    if self.idleTimeout != 0 { parts.append("idle_timeout=\(self.idleTimeout)") }
    if self.hardTimeout != 0 { parts.append("hard_timeout=\(self.hardTimeout)") }
    if self.finIdleTimeout != 0 { parts.append("fin_idle_timeout=\(self.finIdleTimeout)") }
    if self.finHardTimeout != 0 { parts.append("fin_hard_timeout=\(self.finHardTimeout)") }
    if self.priority != 0x8000 { parts.append("priority=\(self.priority)") }
    if self.flags.contains(.sendFlowRemoved) { parts.append("send_flow_rem") }
    if self.flags.contains(.deleteLearned) { parts.append("delete_learned") }
    if self.cookie != 0 { parts.append("cookie=\(Hexadecimal.number(self.cookie))") }
    if self.limit != 0 { parts.append("limit=\(self.limit)") }
    if let result { parts.append("result_dst=\(result)") }
    return "learn(\((parts + self.specifications.map(\.description)).joined(separator: ",")))"
  }
}

extension LearnAction.Specification: CustomStringConvertible {
  /// `eth_dst[]=eth_src[]`, `load:0x5->reg0[]`, `output:in_port[]`
  public var description: String {
    switch self.destination {
    case .match(let slice): "\(slice)=\(self.source)"
    case .load(let slice): "load:\(self.source)->\(slice)"
    case .output: "output:\(self.source)"
    }
  }
}

extension LearnAction.Source: CustomStringConvertible {
  /// The bits' name, or the value.
  public var description: String {
    switch self {
    case .field(let slice): "\(slice)"
    case .value(let bytes): "0x\(Hexadecimal.string(bytes))"
    }
  }
}
