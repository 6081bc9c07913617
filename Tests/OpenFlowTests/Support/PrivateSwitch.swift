// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlow

/// An Open vSwitch of a test's own: its database, sockets and log are in a directory under the temporary one, its
/// datapath is in memory (`dummy`), and it ends with the test. A system's own Open vSwitch is not touched.
final class PrivateSwitch {
  static let programs = ["ovs-vswitchd", "ovsdb-server", "ovsdb-tool", "ovs-vsctl"]
  static var isPossible: Bool { programs.allSatisfy { ExternalTool.isPresent($0) } }

  private let directory: String
  private var processes: [Process] = []

  /// The socket on which the bridge accepts OpenFlow connections.
  var managementSocket: String { self.directory + "/br0.mgmt" }

  /// Runs `body` with a bridge that has the ports 1, 2 and 3.
  static func run(_ body: (PrivateSwitch) throws -> Void) throws {
    let privateSwitch = try PrivateSwitch()
    defer { privateSwitch.stop() }
    try privateSwitch.start()
    try body(privateSwitch)
  }

  private init() throws {
    // A socket's path may have 107 bytes, so the directory's is short.
    self.directory = "/tmp/isthmus-of-" + String(UInt32.random(in: .min ... .max), radix: 36)
    try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: false)
  }

  private func start() throws {
    let database = self.directory + "/conf.db"
    try ExternalTool.run(
      "ovsdb-tool", ["create", database, "/usr/share/openvswitch/vswitch.ovsschema"])
    try self.launch(
      "ovsdb-server", ["--remote=punix:\(self.directory)/db.sock", "--unixctl=\(self.directory)/db.ctl", database])
    try self.vsctl(["--no-wait", "init"])
    try self.launch(
      "ovs-vswitchd",
      [
        "--enable-dummy", "--disable-system", "--unixctl=\(self.directory)/switch.ctl",
        "unix:\(self.directory)/db.sock",
      ])
    var bridge = [
      "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy", "fail_mode=secure",
      "protocols=OpenFlow13,OpenFlow15",
    ]
    for port in 1...3 {
      bridge += [
        "--", "add-port", "br0", "p\(port)", "--", "set", "interface", "p\(port)", "type=dummy",
        "ofport_request=\(port)",
      ]
    }
    // Returns when the switch has done all this.
    try self.vsctl(bridge)
  }

  func vsctl(_ arguments: [String]) throws {
    try ExternalTool.run(
      "ovs-vsctl", ["--retry", "--timeout=30", "--db=unix:\(self.directory)/db.sock"] + arguments)
  }

  private func launch(_ name: String, _ arguments: [String]) throws {
    guard let path = ExternalTool.path(name) else {
      throw ExternalTool.Failure(command: name, status: -1, output: "is not installed")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["--no-chdir", "--verbose=off"] + arguments
    process.environment = [
      "OVS_RUNDIR": self.directory, "OVS_LOGDIR": self.directory, "OVS_DBDIR": self.directory,
      "OVS_SYSCONFDIR": self.directory,
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.processes.append(process)
  }

  private func stop() {
    for process in self.processes.reversed() {
      // Not SIGTERM: a process that is started from a thread with blocked signals inherits the block. There is
      // nothing to save.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    try? FileManager.default.removeItem(atPath: self.directory)
  }
}
