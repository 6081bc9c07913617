// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An Open vSwitch of a test's own, which connects to the test's controller. Its datapath is in memory (`dummy`), and
/// a system's own Open vSwitch is not touched.
final class OpenVSwitch {
  static var isPossible: Bool {
    ["ovs-vswitchd", "ovsdb-server", "ovsdb-tool", "ovs-vsctl", "ovs-ofctl", "openssl"].allSatisfy {
      Program.isPresent($0)
    }
  }

  static let datapath: UInt64 = 0xab

  private let directory: String
  private var processes: [Process] = []

  /// Runs `body` with a bridge `br0` that has the ports 1, 2 and 3 and no controller yet.
  static func run(_ body: (OpenVSwitch) async throws -> Void) async throws {
    try await Program.withDirectory { directory in
      let bridge = OpenVSwitch(directory)
      defer { bridge.stop() }
      try bridge.start()
      try await body(bridge)
    }
  }

  private init(_ directory: String) { self.directory = directory }

  private func start() throws {
    let database = self.directory + "/conf.db"
    try Program.run("ovsdb-tool", ["create", database, "/usr/share/openvswitch/vswitch.ovsschema"])
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
      "protocols=OpenFlow13,OpenFlow15", "other_config:datapath-id=\(String(format: "%016llx", Self.datapath))",
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
    try Program.run("ovs-vsctl", ["--retry", "--timeout=30", "--db=unix:\(self.directory)/db.sock"] + arguments)
  }

  /// Has the bridge connect, and again every second if that fails.
  func connect(to target: String, protocols: String = "OpenFlow13,OpenFlow15") throws {
    try self.connect(to: [target], protocols: protocols)
    try self.vsctl(["set", "controller", "br0", "max_backoff=1000"])
  }

  /// Has the bridge connect to several controllers.
  func connect(to targets: [String], protocols: String = "OpenFlow13,OpenFlow15") throws {
    try self.vsctl(["set", "bridge", "br0", "protocols=\(protocols)", "--", "set-controller", "br0"] + targets)
  }

  /// What `ovs-ofctl` prints about the bridge, a line each, sorted.
  func dump(_ command: String) throws -> [String] {
    let output = try Program.run(
      "ovs-ofctl", ["-OOpenFlow13,OpenFlow15", "--no-stats", command, "unix:\(self.directory)/br0.mgmt"])
    return output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      !$0.hasPrefix("OFPST_")
    }.sorted()
  }

  private func launch(_ name: String, _ arguments: [String]) throws {
    self.processes.append(
      try Program.launch(
        name, ["--no-chdir", "--verbose=off"] + arguments,
        environment: [
          "OVS_RUNDIR": self.directory, "OVS_LOGDIR": self.directory, "OVS_DBDIR": self.directory,
          "OVS_SYSCONFDIR": self.directory,
        ]))
  }

  private func stop() {
    for process in self.processes.reversed() {
      // Not SIGTERM: a process that is started from a thread with blocked signals inherits the block. There is
      // nothing to save.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
  }
}
