// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles

extension Mistake {
  private static let ryu = "southbound: {controller: ryu, url: \"http://192.0.2.9:8080\"}\n    gateways:"

  /// The example with the switch behind a Ryu, and nothing probed.
  private static func driven(_ southbound: String = Self.ryu, more: String = "") -> String {
    Example.yaml.replacingFirst("probe: icmp", "probe: none")
      .replacingFirst("address: 172.20.126.110}", "address: 172.20.126.110, mac: fa:16:3e:d8:26:41}")
      .replacingFirst("gateways:", more + southbound)
  }

  /// What a switch cannot be asked for that another controller has.
  static let southbound: [Mistake] = [
    Mistake(
      .unknownValue, in: Self.driven("southbound: {controller: onos, url: \"http://h\"}\n    gateways:"), at: "21:30",
      "'controller' cannot be 'onos'", "accepted: floodlight, ryu"),
    Mistake(
      .invalidEndpoint, in: Self.driven("southbound: {controller: ryu, url: \"h:8080\"}\n    gateways:"), at: "21:40",
      "'url' is 'h:8080', which is no URL of an API",
      "accepted: http://HOST:PORT or https://HOST:PORT, without a path"),
    Mistake(
      .placementConflict, in: Self.driven(more: "placement: conntrack\n    "), at: "21:16",
      "switch 'edge' has 'placement: conntrack', which Ryu cannot be told by its API",
      "choose 'placement: hash' or 'placement: redirect'"),
    Mistake(
      .southboundConflict, in: Self.driven(more: "forwarding: learning\n    "), at: "18:5",
      "switch 'edge' has 'forwarding: learning', and Ryu gets what it would learn from",
      "take it out: Ryu forwards what is no service's traffic"),
    Mistake(
      .southboundConflict, in: Self.driven().replacingFirst("probe: none", "probe: icmp"), at: "21:17",
      "switch 'edge' is driven through Ryu, which sends no probes, and 'probe' is 'icmp'",
      "write 'probe: none' in 'detection': regions are judged by heartbeats and by what other agents hear"),
  ]
}

extension String {
  fileprivate func replacingFirst(_ text: String, _ other: String) -> String {
    guard let range = self.firstRange(of: text) else { return self }
    return self.replacingCharacters(in: range, with: other)
  }

  private func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
