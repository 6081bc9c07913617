// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import ServiceModel

/// Starting and ending the lab's processes. Each is the real one, and each end is real.
extension Lab {
  /// Starts an `isthmus-controller` in the switch's namespace; nothing if it runs.
  package func startController(_ number: Int = 1) async throws {
    if self.controllers[number]?.isAlive == true { return }
    guard let executable = self.executables.controller else {
      throw LabError.missing([LabRequirement(name: "isthmus-controller", remedy: "swift build")])
    }
    self.controllers[number] = try await self.command(
      in: .switch, [executable, "--config", self.directory.controllerConfiguration(of: number)]
    ).start(log: self.directory.controllerLog(of: number))
  }

  /// Starts etcd in the switch's namespace, with what it had before; nothing if it runs.
  package func startEtcd() async throws {
    if self.etcd?.isAlive == true { return }
    let peers = "http://127.0.0.1:2380"
    self.etcd = try await self.command(
      in: .switch,
      [
        "etcd", "--name", "lab", "--data-dir", self.directory.etcd, "--listen-client-urls", "http://\(LabLayout.etcd)",
        "--advertise-client-urls", "http://\(LabLayout.etcd)", "--listen-peer-urls", peers,
        "--initial-advertise-peer-urls", peers, "--initial-cluster", "lab=\(peers)",
      ]
    ).start(log: self.directory.etcdLog)
  }

  package func killEtcd() async throws {
    try await self.end(self.etcd, .kill, "etcd")
    self.etcd = nil
  }

  /// A controller's process; nil: none was started, or it was ended.
  package var controllerIdentity: ProcessIdentity? { self.controllers[1]?.identity }
  package func controllerIdentity(_ number: Int) -> ProcessIdentity? { self.controllers[number]?.identity }

  package func agentIdentity(_ region: Int) -> ProcessIdentity? { self.agents[.gateway(region)]?.identity }

  /// Ends a controller and waits until it is gone.
  ///
  /// - Parameter signal: `.kill` leaves it no time for anything.
  /// - Returns: the moment just before.
  @discardableResult
  package func killController(_ number: Int = 1, _ signal: ProcessSignal = .kill) async throws -> Instant {
    let moment = MonotonicClock.now()
    try await self.end(self.controllers[number], signal, "controller \(number)")
    self.controllers[number] = nil
    return moment
  }

  /// Has a controller hang, or go on.
  ///
  /// - Returns: the moment just before.
  @discardableResult
  package func signalController(_ number: Int, _ signal: ProcessSignal) -> Instant {
    let moment = MonotonicClock.now()
    self.controllers[number]?.send(signal)
    return moment
  }

  /// Starts a region's `isthmus-agent` on its gateway; nothing if it runs.
  package func startAgent(_ region: Int, gateway number: Int = 1) async throws {
    let host = LabLayout.host(ofGateway: number, region)
    if self.agents[host]?.isAlive == true { return }
    guard let executable = self.executables.agent else {
      throw LabError.missing([LabRequirement(name: "isthmus-agent", remedy: "swift build")])
    }
    let arguments = [
      "--region", "r\(region)", "--key-file", self.directory.key(region),
      "--listen", "\(self.layout.agentEndpoint(region, gateway: number))",
      "--state-directory", self.directory.agentState(region, gateway: number),
    ]
    let instance = self.options.gateways > 1 ? ["--instance", LabLayout.instanceName(number).text] : []
    let controllers = self.layout.controllers.flatMap { ["--controller", "\(self.layout.controllerEndpoint(of: $0))"] }
    self.agents[host] = try await self.command(in: host, [executable] + arguments + instance + controllers)
      .start(log: self.directory.agentLog(region, gateway: number))
  }

  /// Ends a region's agent and waits until it is gone.
  ///
  /// - Parameter signal: `.terminate` lets it announce its leave, as an upgrade does.
  /// - Returns: the moment just before.
  @discardableResult
  package func killAgent(
    _ region: Int, gateway number: Int = 1, _ signal: ProcessSignal = .kill
  ) async throws -> Instant {
    let host = LabLayout.host(ofGateway: number, region)
    let moment = MonotonicClock.now()
    try await self.end(self.agents[host], signal, "r\(region)'s agent")
    self.agents[host] = nil
    return moment
  }

  func end(_ process: ChildProcess?, _ signal: ProcessSignal, _ name: String) async throws {
    guard let process else { return }
    process.send(signal)
    try await self.waitUntil("end of \(name)", timeout: .seconds(10)) { !process.isAlive }
  }

  // MARK: Members

  /// Starts what tells a member's load, as a node_exporter would: of the whole machine, which all members share.
  package func startExporter(_ region: Int) async throws {
    guard let executable = self.executables.agent else {
      throw LabError.missing([LabRequirement(name: "isthmus-agent", remedy: "swift build")])
    }
    _ = try await self.start(in: .member(region), [executable, "member"], log: "r\(region)-exporter.log")
  }

  /// Starts a region's web server and returns when it listens.
  package func startMember(_ region: Int) async throws {
    try await self.webServer(region).start()
  }

  /// Ends a region's web server: connections are refused from then on.
  ///
  /// - Returns: the moment just before.
  @discardableResult
  package func stopMember(_ region: Int) async throws -> Instant {
    let moment = MonotonicClock.now()
    try await self.webServer(region).stop()
    return moment
  }

  /// Freezes a region's web server: connections are accepted, by the kernel, and never answered.
  ///
  /// - Returns: the moment just before.
  @discardableResult
  package func hangMember(_ region: Int) async throws -> Instant {
    let moment = MonotonicClock.now()
    await self.webServer(region).signalAll(.stop)
    return moment
  }

  package func resumeMember(_ region: Int) async throws {
    await self.webServer(region).signalAll(.continue)
  }

  private func webServer(_ region: Int) -> WebServer {
    WebServer(layout: self.layout, region: region, directory: self.directory.member(region))
  }
}
