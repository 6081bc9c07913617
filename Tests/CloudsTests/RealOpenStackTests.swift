// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import CloudModel
import Clouds
import Foundation
import Glibc
import LabKit
import Outbound
import ServiceFiles
import ServiceModel
import Testing

/// On two regions of real Keystone and Neutron.
@Suite(
  .serialized, .enabled(if: OpenStackRegions.shouldRun, "ISTHMUS_OPENSTACK_LAB=1 scripts/bootstrap installs OpenStack"),
  OpenStackRegions())
struct RealOpenStackTests {
  private static let configuration = """
    regions:
      - {name: lisbon, key: abababababababababababababababababababababababababababababababab, cloud: r1}
      - {name: porto, key: abababababababababababababababababababababababababababababababac, cloud: {name: r2}}
    switches:
      - name: edge
        datapath: 00:00:50:3e:aa:dc:be:04
        probe-address: 172.20.126.5
        gateways:
          - {region: lisbon, port: 2, cloud-port: gw-outer}
          - {region: porto, port: 3, cloud-port: gw-outer}
    services:
      - name: web
        virtual-ip: 172.20.126.100
        listeners: [{port: 80, member-port: 8080}]
        members:
          lisbon: [{tag: web}]
          porto: [{cloud-port: data-1}, {cloud-port: data-2}]

    """

  /// Runs `body` with a file that has `text`.
  private func withFile<Result>(
    _ text: String = Self.configuration, _ body: (String) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/isthmus-cloud-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(text.utf8).write(to: URL(filePath: folder + "/site.yaml"))
    // There are keys in it.
    chmod(folder + "/site.yaml", 0o600)
    return try await body(folder + "/site.yaml")
  }

  private func provider<Result: Sendable>(
    _ cloud: String, _ body: (OpenStackProvider) async throws -> Result
  ) async throws -> Result {
    try await HTTPOutbound.withClient { http in
      try await body(OpenStackProvider(try OpenStackRegions.access(to: cloud), http))
    }
  }

  // MARK: Discovery

  @Test func `addresses of two regions are found with few calls, and the configuration is right`() async throws {
    try await self.withFile { path in
      let answer = try await OpenStackRegions.isthmus("discover", path, "--out", path + ".out")
      #expect(answer.succeeded, "\(answer.error)")
      let calls = try #require(answer.error.split(separator: " ").compactMap { Int($0) }.last)
      #expect(calls <= 12)
      let file = try ServiceFile.load(path: path + ".out")
      let known = try await OpenStackRegions.python(
        """
        for c in (r1, r2):
            for n in ('gw-outer', 'data-1', 'data-2'):
                p = c.network.find_port(n)
                print(p.fixed_ips[0]['ip_address'], p.mac_address)
        """
      ).split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      let gateways = file.intent.switches[0].gateways
      #expect(gateways.map { ["\($0.address)", "\($0.mac!)"] } == [known[0], known[3]])
      let members = file.intent.services[0].pools.map { $0.members.map { "\($0)" } }
      #expect(members[0].sorted() == [known[1][0], known[2][0]].sorted())
      #expect(members[1] == [known[4][0], known[5][0]])
    }
  }

  @Test func `what is named wrongly is told with the cloud and the line`() async throws {
    try await OpenStackRegions.python(
      "r1.network.create_port(name='data-1', network_id=r1.network.find_network('inner').id)")
    let wrong: [(String, String, String)] = [
      (
        "cloud-port: gw-outer}\n      - {region: porto", "cloud-port: lost}\n      - {region: porto",
        "there is no cloud-port 'lost'"
      ),
      ("lisbon: [{tag: web}]", "lisbon: [{cloud-port: data-1}]", "cloud-port 'data-1' is ambiguous: 2 have that name"),
      ("lisbon: [{tag: web}]", "lisbon: [{server: data-1}]", "the cloud has no service 'compute'"),
      ("cloud: {name: r2}", "cloud: {name: r2, region: Elsewhere}", "its catalogue has no region 'Elsewhere'"),
      ("cloud: {name: r2}", "cloud: r9", "has no such cloud"),
    ]
    for (old, new, message) in wrong {
      try await self.withFile(Self.configuration.replacing(old, with: new)) { path in
        let answer = try await OpenStackRegions.isthmus("discover", path)
        #expect(answer.status == .exited(1), "\(answer.error)")
        #expect(answer.error.contains(message), "\(answer.error)")
      }
    }
    try await OpenStackRegions.python(
      "ports = sorted((p for p in r1.network.ports(name='data-1')), key=lambda p: p.status)\nr1.network.delete_port(ports[-1])"
    )
  }

  // MARK: Preparing

  /// Does its first step and is gone: nobody hears that it was done.
  private struct Dying: CloudProvider {
    struct Killed: Error {}

    let provider: OpenStackProvider
    var name: String { self.provider.name }

    func facts(about references: [CloudReference]) async throws(CloudError) -> CloudFacts {
      try await self.provider.facts(about: references)
    }

    func perform(_ step: CloudStep) async throws(CloudError) {
      try await self.provider.perform(step)
      throw CloudError(.unreachable, cloud: self.name, "killed", hint: "")
    }
  }

  /// - Returns: how often it was killed.
  private func killedAtEachStep(
    _ provider: OpenStackProvider, _ references: [CloudReference], _ next: (CloudFacts) throws -> CloudStep?
  ) async throws -> Int {
    var count = 0
    while true {
      do {
        _ = try await CloudChange.perform(by: Dying(provider: provider), about: references, next: next)
        return count
      } catch let error as CloudError where error.message == "killed" {
        count += 1
        try #require(count < 100)
      }
    }
  }

  @Test func `prepared, killed after each step, it ends as if it had not been, and nothing is doubled`() async throws {
    try await self.withFile { path in
      let before = try await OpenStackRegions.isthmus("check", path)
      #expect(before.status == .exited(1))
      #expect(before.output.contains("no security group of port 'gw-outer' lets TCP port"))
      let template = try CloudTemplate.load(path: path)
      let kills = try await self.provider("r1") { provider in
        let survey = await CloudSurvey.make(of: template, ["lisbon": provider, "porto": StaticProvider(name: "none")])
        let region = try #require(survey.region("lisbon"))
        let resolved = try await OpenStackRegions.isthmus("discover", path)
        let intent = try template.check(resolved.output).intent
        var bindings: [CloudBinding] = []
        let lisbon = try #require(RegionName("lisbon"))
        for place in template.places where place.region == "lisbon" {
          let ids = try survey.ports(of: place, in: path).map(\.id)
          bindings.append(
            CloudBinding(
              region: lisbon,
              place: place.kind == .gateway(switchName: "edge")
                ? .gateway(SwitchName("edge")!) : .members(ServiceName("web")!),
              portIDs: ids))
        }
        return try await self.killedAtEachStep(provider, region.references) { facts in
          Inspection(facts).findings(PortRequirement.all(of: intent, in: lisbon, bindings, facts))
            .lazy.compactMap(\.remedy).first
        }
      }
      #expect(kills >= 8)
      // The other region in one go, and then there is nothing left to do in either.
      let rest = try await OpenStackRegions.isthmus("prepare", path, "--yes")
      #expect(rest.succeeded, "\(rest.error)")
      #expect(rest.output.contains("lisbon: nothing to change"))
      #expect(try await OpenStackRegions.isthmus("check", path).succeeded)
      let state = try await OpenStackRegions.python(
        """
        for c in (r1, r2):
            print(sorted((g.name, len([r for r in g.security_group_rules if r['direction'] == 'ingress'])) for g in c.network.security_groups() if g.name != 'default'))
        """
      ).split(separator: "\n")
      #expect(state.count == 2 && state[0] == state[1])
      #expect(state[0] == "[('isthmus-gateway', 2), ('isthmus-member', 1)]")
    }
  }

  @Test func `a floating IP goes to the gateway and home again, killed at each step`() async throws {
    try await self.provider("r1") { provider in
      let found = try await OpenStackRegions.python(
        "f = next(iter(r1.network.ips())); print(f.floating_ip_address, f.port_id)"
      ).split(separator: " ").map(String.init)
      let (own, gateway) = (CloudReference(.floatingIP, found[0]), CloudReference(.cloudPort, "gw-inner"))
      let kills = try await self.killedAtEachStep(provider, [own, gateway]) { facts in
        let port = try facts.resolve(gateway, isOne: true)[0]
        return FloatingIPMove.step(moving: facts.floatingIPs[0], to: port.id, at: port.address(of: .v4)!)
      }
      #expect(kills == 2)
      let port = try await OpenStackRegions.python("print(r1.network.find_port('gw-inner').id)")
      #expect(try await OpenStackRegions.python("print(next(iter(r1.network.ips())).port_id)") == port)
      let back = try await OpenStackRegions.isthmus("floating-ip", "return", found[0], "--os-cloud", "r1")
      #expect(back.succeeded, "\(back.error)")
      #expect(
        try await OpenStackRegions.python("f = next(iter(r1.network.ips())); print(f.port_id, f.tags)")
          == "\(found[1]) []")
    }
  }

  // MARK: What goes wrong

  @Test func `a token that is not taken any more is renewed`() async throws {
    try await self.provider("r1") { provider in
      let references = [CloudReference(.cloudPort, "gw-outer")]
      let first = try await provider.facts(about: references)
      // Disabling a user revokes what was issued to him.
      try await OpenStackRegions.python(
        "u = admin.identity.find_user('demo')\nfor e in (False, True): admin.identity.update_user(u, is_enabled=e)")
      #expect(try await provider.facts(about: references) == first)
    }
  }

  @Test func `rights and quotas that are missing are said as such`() async throws {
    try await OpenStackRegions.python(
      "admin.network.update_quota(r1.current_project_id, security_groups=len(list(r1.network.security_groups())))")
    try await self.provider("r1") { provider in
      do throws(CloudError) {
        try await provider.perform(.createGroup(name: "one-more"))
        Issue.record("it was created")
      } catch {
        #expect(error.kind == .quota, "\(error)")
        #expect(error.requestID?.hasPrefix("req-") == true)
        #expect(
          "\(error)".contains("cloud 'r1 (Region1)': POST http://127.0.1.1:9696/v2.0/security-groups: Quota exceeded"))
      }
      // The router's port is its own project's, and may not be given groups.
      do throws(CloudError) {
        try await provider.perform(
          .bindFloatingIP("00000000-0000-0000-0000-000000000000", toPort: "x", address: IPAddress("192.168.1.1")!))
        Issue.record("it was bound")
      } catch {
        #expect([.notFound, .badAnswer].contains(error.kind), "\(error)")
      }
    }
    try await OpenStackRegions.python("admin.network.delete_quota(r1.current_project_id)")
  }

  @Test func `a wrong password is unauthorized, and nobody sees it`() async throws {
    try await HTTPOutbound.withClient { http in
      var access = try OpenStackRegions.access(to: "r1")
      guard case .password(let user, _, let project) = access.identity else { return }
      access.identity = .password(user: user, password: "hunter2", project: project)
      do throws(CloudError) {
        _ = try await OpenStackProvider(access, http).facts(about: [CloudReference(.cloudPort, "x")])
        Issue.record("it was let in")
      } catch {
        #expect(error.kind == .unauthorized)
        #expect(!"\(error)".contains("hunter2"))
      }
    }
  }

  @Test func `what follows a region writes what changes, and keeps it when the region's APIs die`() async throws {
    try await self.withFile { path in
      let program = try #require(ExecutablePath.ofProduct("isthmus", override: nil))
      let log = path + ".log"
      let follower = try await Command([
        "env", "OS_CLIENT_CONFIG_FILE=\(OpenStackRegions.state)/clouds.yaml", program, "openstack", "discover", path,
        "--out", path + ".out", "--follow", "--interval", "1",
      ]).start(log: log)
      func text() -> String { (try? String(contentsOfFile: path + ".out", encoding: .utf8)) ?? "" }
      func said() -> String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }
      try await waitUntil("a first file", timeout: .seconds(20)) { !text().isEmpty }
      let new = try await OpenStackRegions.python(
        """
        p = r1.network.create_port(name='data-3', network_id=r1.network.find_network('inner').id)
        r1.network.set_tags(p, ['web'])
        print(p.fixed_ips[0]['ip_address'])
        """)
      try await waitUntil("the new member", timeout: .seconds(20)) { text().contains(new) }
      let before = text()
      try await OpenStackRegions.script("kill-region", "1")
      try await waitUntil("an alarm", timeout: .seconds(60)) { said().contains("alarm cloud-unreachable") }
      #expect(text() == before)
      let answer = try await OpenStackRegions.isthmus("check", path)
      #expect(answer.status == .exited(69))
      #expect(answer.error.contains("cloud 'r1 (Region1)': GET http://127.0.1.1:9696/v2.0/ports"), "\(answer.error)")
      try await OpenStackRegions.script("start-region", "1")
      try await waitUntil("the end of the alarm", timeout: .seconds(60)) {
        said().contains("cloud-unreachable is over")
      }
      #expect(text() == before)
      follower.send(.kill)
      _ = try await follower.wait()
    }
  }

  private func waitUntil(_ what: String, timeout: Duration, _ holds: () -> Bool) async throws {
    let end = ContinuousClock.now + timeout
    while !holds() {
      guard ContinuousClock.now < end else { throw LabError.timedOut(waitingFor: what, after: timeout, detail: "") }
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}
