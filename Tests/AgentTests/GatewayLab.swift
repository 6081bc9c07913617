// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Agent
import AgentPlane
import FoundationEssentials
import NIOPosix
import ServiceModel

#if canImport(Glibc)
  import Glibc
#endif

/// A client, a gateway and two members in network namespaces of their own, and a web server on each member that says
/// its name and whom it sees as its client.
///
///     client 192.0.2.9 ─── 192.0.2.1 gateway 10.0.0.1 ─── 10.0.0.2 inside
///     (also a router)
///        203.0.113.1 ─── 203.0.113.2 beside
///
/// `inside` has its default route through the gateway. `beside` is on the clients' side: the way from the gateway to it
/// leaves by the interface that carries the gateway's address.
struct GatewayLab {
  private let prefix: String
  private let directory: String

  var client: String { "\(self.prefix)-client" }
  var gateway: String { "\(self.prefix)-gw" }
  var inside: String { "\(self.prefix)-in" }
  var beside: String { "\(self.prefix)-by" }
  private var all: [String] { [self.client, self.gateway, self.inside, self.beside] }

  static let gatewayAddress = IPAddress("192.0.2.1")!
  static let insideAddress = IPAddress("10.0.0.2")!
  static let besideAddress = IPAddress("203.0.113.2")!

  /// Applies rules inside of the gateway.
  var nft: NFTables { NFTables(command: ["ip", "netns", "exec", self.gateway, "nft"], forwarding: self.forwarding) }

  /// A file that says that forwarding is on: the gateway's own switch is set with its namespace.
  private var forwarding: Forwarding { Forwarding(path: "\(self.directory)/ip_forward") }

  static func with(_ name: String, _ body: (GatewayLab) async throws -> Void) async throws {
    let lab = GatewayLab(
      prefix: "isth\(getpid())\(name)",
      directory: FileManager.default.temporaryDirectory.appending(path: "isthmus-lab-\(getpid())-\(name)").path)
    do {
      try await lab.setUp()
      try await body(lab)
    } catch {
      await lab.tearDown()
      throw error
    }
    await lab.tearDown()
  }

  private func setUp() async throws {
    try await sh(
      """
      for ns in \(self.all.joined(separator: " ")); do ip netns add $ns; ip -n $ns link set lo up; done
      link() { # namespace, interface, address, peer's namespace, peer's interface, peer's address
        ip -n $1 link add $2 type veth peer name $5 netns $4
        ip -n $1 addr add $3 dev $2; ip -n $1 link set $2 up
        ip -n $4 addr add $6 dev $5; ip -n $4 link set $5 up
      }
      link \(self.client) front 192.0.2.9/24 \(self.gateway) eth0 192.0.2.1/24
      link \(self.gateway) eth1 10.0.0.1/24 \(self.inside) eth0 10.0.0.2/24
      link \(self.client) side 203.0.113.1/24 \(self.beside) eth0 203.0.113.2/24
      ip -n \(self.inside) route add default via 10.0.0.1
      ip -n \(self.beside) route add default via 203.0.113.1
      ip -n \(self.gateway) route add default via 192.0.2.9
      for ns in \(self.client) \(self.gateway); do ip netns exec $ns sysctl -qw net.ipv4.ip_forward=1; done
      mkdir -p \(self.directory); echo 1 > \(self.directory)/ip_forward
      """)
    try await self.serve(self.inside, name: "inside")
    try await self.serve(self.beside, name: "beside")
  }

  private func serve(_ namespace: String, name: String) async throws {
    try await sh(
      """
      d=\(self.directory)/\(name); mkdir -p $d
      cat > $d/nginx.conf <<'CONF'
      pid nginx.pid; error_log stderr warn; events {}
      http { access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
        uwsgi_temp_path t4; scgi_temp_path t5; keepalive_timeout 600s; keepalive_requests 1000000;
        server { listen 80; location / { return 200 "\(name) $remote_addr\\n"; } } }
      CONF
      ip netns exec \(namespace) nginx -p $d -c $d/nginx.conf 2> $d/errors
      """)
  }

  private func tearDown() async {
    // Namespaces live as long as processes in them: end the web servers first.
    for namespace in self.all {
      _ = try? await sh("ip netns pids \(namespace) | xargs -r kill || true; ip netns del \(namespace)")
    }
    try? FileManager.default.removeItem(atPath: self.directory)
  }

  /// What the client gets from a target: the member's name and whom it sees.
  func ask(port: UInt16) async throws -> String {
    let answer = try await sh("ip netns exec \(self.client) curl -sS -m 5 http://192.0.2.1:\(port)/")
    return answer.split(separator: "\n").joined()
  }

  func inGateway(_ script: String) async throws -> String {
    try await sh("ip netns exec \(self.gateway) sh -euc '\(script)'")
  }

  /// Asks `count` times over one connection, and runs a script before each time but the first.
  func askOverOneConnection(port: UInt16, count: Int, between script: String) async throws -> [String] {
    let answers = try await sh(
      """
      cat > \(self.directory)/ask <<'ASK'
      exec 3<>/dev/tcp/192.0.2.1/\(port)
      for i in $(seq \(count)); do
        [ $i = 1 ] || { \(script); } || exit 1
        printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' >&3
        length=0
        while read -t 5 -r line <&3; do
          line=${line%$'\\r'}
          case "$line" in Content-Length:*) length=${line#*: };; '') break;; esac
        done
        read -t 5 -r -N $length body <&3 || exit 1
        printf '%s\\n' "${body%$'\\n'}"
      done
      ASK
      ip netns exec \(self.client) bash \(self.directory)/ask
      """)
    return answers.split(separator: "\n").map { String($0) }
  }

  func write(_ text: String, to name: String) throws -> String {
    let path = "\(self.directory)/\(name)"
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }
}
