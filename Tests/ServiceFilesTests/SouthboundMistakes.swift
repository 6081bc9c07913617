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
      .unknownValue, in: Self.driven("southbound: {controller: pox, url: \"http://h\"}\n    gateways:"), at: "21:30",
      "'controller' cannot be 'pox'", "accepted: floodlight, ryu, onos"),
    Mistake(
      .southboundConflict,
      in: Self.driven("southbound: {controller: onos, url: \"http://h\"}\n    gateways:").dedicated,
      at: "21:17", "ONOS answers nobody without a password, and 'southbound' has none",
      "write both: {…, user: NAME, password-file: FILE}; the file's first line is the password"),
    Mistake(
      .southboundConflict, in: Self.driven("southbound: {controller: ryu, url: \"http://h\", user: u}\n    gateways:"),
      at: "21:17", "'southbound' has a 'user' and no 'password-file'",
      "write both: {…, user: NAME, password-file: FILE}; the file's first line is the password"),
    Mistake(
      .southboundConflict,
      in: Self.driven("southbound: {controller: onos, url: \"http://h\", user: u, password-file: p}\n    gateways:"),
      at: "43:19",
      "service 'api' has the address of lisbon's own gateway, and ONOS cannot be told which of the two answers for it",
      "give it an address that no machine has, or have the switch speak OpenFlow to this controller"),
    Mistake(
      .placementConflict,
      in: Self.driven(
        "placement: hash\n    "
          + "southbound: {controller: onos, url: \"http://h\", user: u, password-file: p}\n    gateways:"
      ).dedicated,
      at: "21:16", "switch 'edge' has 'placement: hash', which ONOS cannot be told by its API",
      "choose 'placement: redirect'"),
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
  /// Without a virtual IP that is a gateway's own.
  fileprivate var dedicated: String {
    self.replacingFirst("172.20.126.110\n    adopted-from: lisbon", "172.20.126.101")
  }

  fileprivate func replacingFirst(_ text: String, _ other: String) -> String {
    guard let range = self.firstRange(of: text) else { return self }
    return self.replacingCharacters(in: range, with: other)
  }

  private func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
