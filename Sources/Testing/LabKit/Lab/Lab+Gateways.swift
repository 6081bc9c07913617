// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Regions with two gateways: what keeps them alike, and their ends.
extension Lab {
  /// Starts keepalived and conntrackd everywhere, and waits until each region's address is held.
  func startPairs() async throws {
    for region in self.layout.regions {
      for number in self.layout.gateways { try await self.startPair(region, gateway: number) }
    }
    for region in self.layout.regions {
      try await self.waitUntil("holder of r\(region)'s address") { try await self.holder(of: region) != nil }
    }
  }

  /// The number of the gateway that has the region's address; nil: none has. Of two that have it, the first.
  package nonisolated func holder(of region: Int) async throws -> Int? {
    for number in self.layout.gateways where try await self.holdsAddress(region, gateway: number) { return number }
    return nil
  }

  package nonisolated func holdsAddress(_ region: Int, gateway number: Int) async throws -> Bool {
    let addresses = try await self.exec(
      in: LabLayout.host(ofGateway: number, region), ["ip", "-4", "-br", "addr", "show", "dev", "ext", "up"]
    ).requireSuccess()
    return addresses.split(separator: " ").contains { $0.hasPrefix("\(LabLayout.gatewayAddress(region))/") }
  }

  private func files(_ region: Int, gateway number: Int) -> GatewayPairFiles {
    let path = self.directory.pair(region, gateway: number)
    return GatewayPairFiles(
      outside: .init(
        interface: "ext", address: LabLayout.gatewayAddress(region), prefixLength: LabLayout.providerPrefixLength,
        own: LabLayout.machineAddress(region, gateway: number),
        peer: LabLayout.machineAddress(region, gateway: 3 - number)),
      inside: .init(
        interface: "int", address: LabLayout.gatewayInsideAddress(region), prefixLength: LabLayout.insidePrefixLength,
        own: LabLayout.machineInsideAddress(region, gateway: number),
        peer: LabLayout.machineInsideAddress(region, gateway: 3 - number)),
      others: [LabLayout.managementAddress(region, gateway: number)], isFirst: number == 1,
      interval: self.options.advertisementInterval,
      conntrackd: ("\(path)-conntrackd.conf", "\(path)-conntrackd.lock", "\(path)-conntrackd.ctl", "off"))
  }

  private func startPair(_ region: Int, gateway number: Int) async throws {
    let host = LabLayout.host(ofGateway: number, region)
    guard self.pairs[host] == nil else { return }
    let files = self.files(region, gateway: number)
    let path = self.directory.pair(region, gateway: number)
    try TextFile.write(files.conntrackdConfiguration, to: files.conntrackd.configuration)
    try TextFile.write(files.keepalived, to: "\(path)-keepalived.conf")
    // What was killed leaves them; keepalived does not start if any process has such a number by now.
    for remains in [
      files.conntrackd.lock, files.conntrackd.socket, "\(path)-keepalived.pid", "\(path)-vrrp.pid",
    ] { try removeFile(remains) }
    let conntrackd = try await self.command(in: host, ["conntrackd", "-C", files.conntrackd.configuration])
      .start(log: "\(path)-conntrackd.log")
    try await self.waitUntil("conntrackd of \(host)") { fileExists(files.conntrackd.socket) }
    let keepalived = try await self.command(
      in: host,
      [
        "keepalived", "--dont-fork", "--log-console", "--log-detail", "--vrrp",
        "--use-file", "\(path)-keepalived.conf", "--pid", "\(path)-keepalived.pid",
        "--vrrp_pid", "\(path)-vrrp.pid",
      ]
    ).start(log: "\(path)-keepalived.log")
    self.pairs[host] = [conntrackd, keepalived]
  }

  /// A gateway dies: all of its processes are killed and none of its links carries anything any more. The switch's port
  /// stays up.
  ///
  /// - Returns: the moment just before.
  @discardableResult
  package func killGateway(_ region: Int, gateway number: Int) async throws -> Instant {
    let host = LabLayout.host(ofGateway: number, region)
    let links = Command(["ip", "-n", self.layout.namespace(of: host), "-batch", "-"])
    let processes = await NamespaceProcesses.all(in: self.layout.namespace(of: host))
    let moment = MonotonicClock.now()
    // First what it could say farewell by: a keepalived whose parent is killed gives the address up.
    try await links.runSuccessfully(input: ["ext", "int", "mgmt"].map { "link set \($0) down\n" }.joined())
    for process in processes { process.send(.kill) }
    try await self.waitUntil("end of \(host)") { processes.allSatisfy { !$0.isAlive } }
    self.agents[host] = nil
    self.pairs[host] = nil
    return moment
  }

  /// Its processes are killed, and its kernel goes on: it has the gateway's address, answers for it and forwards.
  ///
  /// - Returns: the moment just before.
  @discardableResult
  package func killGatewayProcesses(_ region: Int, gateway number: Int) async throws -> Instant {
    let host = LabLayout.host(ofGateway: number, region)
    let processes = await NamespaceProcesses.all(in: self.layout.namespace(of: host))
    let moment = MonotonicClock.now()
    // None of them shall see another one's end, and say farewell.
    for process in processes { process.send(.stop) }
    for process in processes { process.send(.kill) }
    try await self.waitUntil("end of \(host)'s processes") { processes.allSatisfy { !$0.isAlive } }
    self.agents[host] = nil
    self.pairs[host] = nil
    return moment
  }

  /// It is there again, with addresses of its own only.
  package func reviveGateway(_ region: Int, gateway number: Int) async throws {
    let host = LabLayout.host(ofGateway: number, region)
    try await self.exec(in: host, ["sh", "-c", "ip addr flush dev ext; ip addr flush dev int"])
      .requireSuccess()
    let addresses = [
      "addr add \(LabLayout.machineAddress(region, gateway: number))/\(LabLayout.providerPrefixLength) dev ext",
      "addr add \(LabLayout.machineInsideAddress(region, gateway: number))/\(LabLayout.insidePrefixLength) dev int",
    ]
    let links = ["ext", "int", "mgmt"].map { "link set \($0) up" }
    let routes = ["route replace 10.99.0.0/16 via \(LabLayout.controllerAddress)"]
    try await Command(["ip", "-n", self.layout.namespace(of: host), "-batch", "-"])
      .runSuccessfully(input: (addresses + links + routes).map { "\($0)\n" }.joined())
    try await self.startPair(region, gateway: number)
    try await self.startAgent(region, gateway: number)
  }

  /// Takes a gateway's link to its region's segment down, at its end.
  ///
  /// - Returns: the moment just before.
  @discardableResult
  package func cutGatewayLink(_ region: Int, gateway number: Int) async throws -> Instant {
    let moment = MonotonicClock.now()
    try await self.ip(LabLayout.host(ofGateway: number, region), "link", "set", "ext", "down")
    return moment
  }

  package func restoreGatewayLink(_ region: Int, gateway number: Int) async throws {
    try await self.ip(LabLayout.host(ofGateway: number, region), "link", "set", "ext", "up")
  }
}
