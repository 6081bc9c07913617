// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import CloudModel
import Testing

@Suite struct CloudReferenceTests {
  private static let facts: CloudFacts = {
    var facts = CloudFacts()
    func port(_ id: String, _ name: String, _ network: String, _ device: String, tags: [String] = []) -> CloudPort {
      CloudPort(
        id: id, name: name, networkID: network, mac: MACAddress(rawValue: 1),
        fixedAddresses: [.init(subnetID: "s", address: IPAddress("192.168.1.2")!)], deviceID: device, tags: tags)
    }
    facts.networks = ["n1": CloudNetwork(id: "n1", name: "public", isExternal: true)]
    facts.servers = [
      "a": CloudServer(id: "a", name: "gw", status: "ACTIVE"),
      "b": CloudServer(id: "b", name: "data", status: "ACTIVE", tags: ["web"]),
      "c": CloudServer(id: "c", name: "twin", status: "ACTIVE"),
      "d": CloudServer(id: "d", name: "twin", status: "ACTIVE"),
    ]
    facts.ports = [
      port("p1", "outer", "n1", "a"), port("p2", "inner", "n2", "a"), port("p3", "", "n2", "b"),
      port("p4", "x", "n2", "", tags: ["web"]),
    ]
    facts.floatingIPs = [FloatingIP(id: "f", address: IPAddress("172.20.126.117")!, portID: "p3")]
    return facts
  }()

  private func ids(_ reference: CloudReference, isOne: Bool = true) throws -> [String] {
    try Self.facts.resolve(reference, isOne: isOne).map(\.id)
  }

  @Test func `what is named is found`() throws {
    #expect(try self.ids(CloudReference(.server, "gw", network: "public")) == ["p1"])
    #expect(try self.ids(CloudReference(.server, "a", network: "n2")) == ["p2"])
    #expect(try self.ids(CloudReference(.server, "data")) == ["p3"])
    #expect(try self.ids(CloudReference(.tag, "web"), isOne: false) == ["p3", "p4"])
    #expect(try self.ids(CloudReference(.cloudPort, "outer")) == ["p1"])
    #expect(try self.ids(CloudReference(.floatingIP, "172.20.126.117")) == ["p3"])
  }

  @Test func `what names nothing, or too much, says so`() {
    let problems: [(CloudReference, String)] = [
      (CloudReference(.server, "nobody"), "there is no server 'nobody'"),
      (CloudReference(.server, "twin"), "server 'twin' is ambiguous: 2 have that name (c, d); use an id"),
      (CloudReference(.server, "gw"), "server 'gw' is on several networks; add 'network:' with one of 'n2', 'public'"),
      (
        CloudReference(.server, "gw", network: "lost"),
        "server 'gw' on network 'lost' has no port on the network 'lost'"
      ),
      (CloudReference(.tag, "web"), "tag 'web' is ambiguous: 2 have that name (p3, p4); use an id"),
      (CloudReference(.floatingIP, "1.1.1.1"), "there is no floating-ip '1.1.1.1'"),
    ]
    for (reference, text) in problems {
      do throws(CloudReferenceProblem) {
        _ = try Self.facts.resolve(reference, isOne: true)
        Issue.record("\(reference) was found")
      } catch {
        #expect("\(error)" == text)
      }
    }
  }
}
