// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import ServiceModel

/// Starting and ending the lab's processes. Each is the real one, and each end is real.
extension Lab {
  /// Starts `isthmus-controller` in the switch's namespace; nothing if it runs.
  package func startController() async throws {
    if self.controller?.isAlive == true { return }
    guard let executable = self.executables.controller else {
      throw LabError.missing([LabRequirement(name: "isthmus-controller", remedy: "swift build")])
    }
    self.controller = try await self.command(
      in: .switch, [executable, "--config", self.directory.controllerConfiguration]
    ).start(log: self.directory.controllerLog)
  }

  /// The controller's process; nil: none was started, or it was ended.
  package var controllerIdentity: ProcessIdentity? { self.controller?.identity }

  package func agentIdentity(_ region: Int) -> ProcessIdentity? { self.agents[region]?.identity }

  /// Ends the controller and waits until it is gone.
  ///
  /// - Parameter signal: `.kill` leaves it no time for anything.
  /// - Returns: the moment just before.
  @discardableResult
  package func killController(_ signal: ProcessSignal = .kill) async throws -> Instant {
    let moment = MonotonicClock.now()
    try await self.end(self.controller, signal, "the controller")
    self.controller = nil
    return moment
  }

  /// Starts a region's `isthmus-agent` on its gateway; nothing if it runs.
  package func startAgent(_ region: Int) async throws {
    if self.agents[region]?.isAlive == true { return }
    guard let executable = self.executables.agent else {
      throw LabError.missing([LabRequirement(name: "isthmus-agent", remedy: "swift build")])
    }
    let arguments = [
      "--region", "r\(region)", "--key-file", self.directory.key(region),
      "--controller", "\(self.layout.controllerEndpoint)",
      "--listen", "\(self.layout.agentEndpoint(region))", "--state-directory", self.directory.agentState(region),
    ]
    self.agents[region] = try await self.command(in: .gateway(region), [executable] + arguments)
      .start(log: self.directory.agentLog(region))
  }

  /// Ends a region's agent and waits until it is gone.
  ///
  /// - Parameter signal: `.terminate` lets it announce its leave, as an upgrade does.
  /// - Returns: the moment just before.
  @discardableResult
  package func killAgent(_ region: Int, _ signal: ProcessSignal = .kill) async throws -> Instant {
    let moment = MonotonicClock.now()
    try await self.end(self.agents[region], signal, "r\(region)'s agent")
    self.agents[region] = nil
    return moment
  }

  private func end(_ process: ChildProcess?, _ signal: ProcessSignal, _ name: String) async throws {
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
