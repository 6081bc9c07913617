// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The keys that a mapping may have: what the format is, at one glance.
struct Shape: Sendable {
  struct Key: Sendable {
    let name: String
    /// A value as a person would write it, for hints.
    let example: String
    let isRequired: Bool
    /// `key:` alone says enough.
    let mayBeEmpty: Bool

    static func required(_ name: String, _ example: String) -> Key {
      Key(name: name, example: example, isRequired: true, mayBeEmpty: false)
    }

    static func optional(_ name: String, _ example: String, mayBeEmpty: Bool = false) -> Key {
      Key(name: name, example: example, isRequired: false, mayBeEmpty: mayBeEmpty)
    }
  }

  /// With its article.
  let what: String
  let keys: [Key]

  init(_ what: String, _ keys: [Key]) {
    self.what = what
    self.keys = keys
  }

  var names: [String] { self.keys.map(\.name) }

  static let all = [
    Self.file, .controller, .openflowTLS, .floodlight, .detection, .region, .capacity, .switch, .southbound,
    .switchGroup,
    .gateway,
    .service,
    .trigger, .listener, .check,
    .http,
    .tcp,
  ]
}

extension Shape {
  /// `regions`, `switches` and `services` must be there, though they may be empty: a file that was cut short takes
  /// no service away.
  static let file = Shape(
    "the file",
    [
      .optional("controller", "{api: 127.0.0.1:8080}"), .optional("detection", "{misses: 5}"),
      .required("regions", "[{name: lisbon, key-file: lisbon.key}]"), .required("switches", "[]"),
      .optional("switch-groups", "[{name: edges, switches: [edge-1, edge-2]}]"),
      .required("services", "[]"),
    ])

  /// A file that says nothing of what is shared, and so takes nothing away either.
  static let ownFile = Shape("the file", [.required("controller", "{api: 127.0.0.1:8080}")])

  static let controller = Shape(
    "'controller'",
    [
      .optional("openflow", "0.0.0.0:6653"),
      .optional("openflow-tls", "{listen: 0.0.0.0:6653, certificate: …, private-key: …, authorities: …}"),
      .optional("echo-interval", "5s"), .optional("unlisted-switches", "ignore"),
      .optional("agents", "0.0.0.0:6654"), .optional("api", "127.0.0.1:8080"), .optional("name", "c1"),
      .optional("etcd", "{endpoints: [http://127.0.0.1:2379]}"),
      .optional("store", "/var/lib/isthmus/controller.store"),
      .optional("floodlight", "{listen: 127.0.0.1:8081}"),
    ])

  static let floodlight = Shape(
    "'floodlight'", [.required("listen", "127.0.0.1:8081"), .optional("token-file", "floodlight.token")])

  static let etcd = Shape(
    "'etcd'",
    [
      .required("endpoints", "[https://192.0.2.1:2379]"), .optional("prefix", "/isthmus/"),
      .optional("authorities", "etcd-ca.pem"), .optional("certificate", "controller.pem"),
      .optional("private-key", "controller.key"), .optional("user", "isthmus"),
      .optional("password-file", "etcd.password"), .optional("lease", "2s"),
    ])

  static let openflowTLS = Shape(
    "'openflow-tls'",
    [
      .required("listen", "0.0.0.0:6653"), .required("certificate", "controller.pem"),
      .required("private-key", "controller.key"), .required("authorities", "switches-ca.pem"),
    ])

  static let detection = Shape(
    "'detection'",
    [
      .optional("heartbeat-interval", "500ms"), .optional("misses", "5"), .optional("rise", "3"),
      .optional("hold", "10s"), .optional("probe", "icmp"), .optional("damping", "1m"),
      .optional("mass-failure", "none"),
    ])

  static let massFailure = Shape("'mass-failure'", [.optional("percent", "50"), .optional("within", "10s")])

  static let region = Shape(
    "a region",
    [
      .required("name", "lisbon"), .optional("key-file", "keys/lisbon.key"),
      .optional("key", "(64 hexadecimal digits)"),
      .optional("management", "10.0.0.11:6655"), .optional("second-management", "10.0.0.12:6655"),
      .optional("capacity", "{connections: 5000}"),
    ])

  static let capacity = Shape(
    "'capacity'",
    [
      .optional("connections", "5000"), .optional("packets", "20000/s"), .optional("bits", "800Mbit/s"),
      .optional("when-full", "spill"),
    ])

  static let `switch` = Shape(
    "a switch",
    [
      .required("name", "edge"), .required("datapath", "00:00:50:3e:aa:dc:be:04"),
      .required("probe-address", "172.20.126.5"),
      .optional("forwarding", "normal"), .optional("placement", "conntrack"), .optional("source-rules", "64"),
      .optional("reactive-rate", "2000"), .optional("uplinks", "[1]"),
      .optional("southbound", "{controller: ryu, url: http://127.0.0.1:8080}"),
      .required("gateways", "[{region: lisbon, port: 2, address: 172.20.126.110}]"),
    ])

  static let southbound = Shape(
    "'southbound'",
    [
      .required("controller", "ryu"), .required("url", "http://127.0.0.1:8080"), .optional("poll", "1s"),
      .optional("user", "onos"), .optional("password-file", "onos.password"),
    ])

  static let switchGroup = Shape(
    "a switch group",
    [
      .required("name", "edges"), .optional("mode", "active-standby"), .required("switches", "[edge-1, edge-2]"),
      .optional("routers", "[172.20.126.1]"),
    ])

  static let gateway = Shape(
    "a gateway",
    [
      .required("region", "lisbon"), .required("port", "2"), .required("address", "172.20.126.110"),
      .optional("ipv6", "2001:db8::110"), .optional("mac", "fa:16:3e:d8:26:42"),
    ])

  static let service = Shape(
    "a service",
    [
      .required("name", "web"), .required("virtual-ip", "172.20.126.100"), .optional("mac", "0a:49:ac:14:7e:64"),
      .optional("adopted-from", "lisbon"), .optional("policy", "primary-replica"),
      .optional("weights", "{lisbon: 60, porto: 40}"), .optional("persistence", "connection"),
      .optional("slots", "64"), .optional("trigger", "{threshold: 70%}"),
      .optional("slow-start", "30s"), .optional("failback", "automatic"),
      .optional("detection", "immediate"), .optional("client-address", "automatic"),
      .optional("fragments", "keep"),
      .optional("regions", "[lisbon, porto]"), .required("listeners", "[{port: 80}]"),
      .required("members", "{lisbon: [192.168.167.3]}"), .optional("check", "{tcp: {}}"),
    ])

  static let trigger = Shape(
    "'trigger'",
    [
      .optional("threshold", "70%"), .optional("hysteresis", "20%"), .optional("update", "5s"),
      .optional("reaction", "share"), .optional("metrics-port", "9100"),
    ])

  static let listener = Shape(
    "a listener", [.required("port", "80"), .optional("protocol", "tcp"), .optional("member-port", "8080")])

  static let check = Shape(
    "'check'",
    [
      .optional("tcp", "{}", mayBeEmpty: true), .optional("http", "{path: /}", mayBeEmpty: true),
      .optional("port", "8080"), .optional("interval", "200ms"), .optional("timeout", "200ms"), .optional("fall", "3"),
      .optional("rise", "2"),
    ])

  static let http = Shape(
    "'http'", [.optional("path", "/"), .optional("status", "200-399"), .optional("host", "example.org")])

  static let tcp = Shape("'tcp'", [])
}

extension ServiceFile {
  /// Every key that a file may have, by what has it.
  package static var keys: [(owner: String, names: [String])] { Shape.all.map { ($0.what, $0.names) } }
}
