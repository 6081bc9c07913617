// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Three bridges of a private Open vSwitch in a ring, a host at each, all in network namespaces of their own: real
/// wires (veth) and real packets. Everything goes when the test ends.
///
///     h1 ── br1 ── br2 ── h2        port 1: the host; port 2: the next bridge; port 3: the one before
///             \\   /
///              br3 ── h3
final class RingLab {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  static let bridges = 1...3
  private static let programs = ["ip", "ping", "ovs-vswitchd", "ovsdb-server", "ovsdb-tool", "ovs-vsctl"]
  private static let directories = ["/usr/bin", "/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/bin", "/sbin"]

  /// It takes root and the programs. In CI both must be there: nothing may be left out silently.
  static var isPossible: Bool {
    if ProcessInfo.processInfo.environment["CI"] != nil { return true }
    return geteuid() == 0 && self.programs.allSatisfy { self.path($0) != nil }
  }

  let directory: String
  private let name: String
  private var daemons: [Process] = []

  init() throws {
    self.name = "isr" + String(UInt32.random(in: .min ... .max), radix: 36)
    self.directory = "/tmp/\(self.name)"
    try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: false)
    do { try self.start() } catch {
      self.stop()
      throw error
    }
  }

  func host(_ number: Int) -> String { "\(self.name)h\(number)" }
  func address(_ number: Int) -> String { "10.99.0.\(number)" }
  func managementSocket(_ bridge: Int) -> String { "\(self.directory)/br\(bridge).mgmt" }
  static func next(_ bridge: Int) -> Int { bridge % 3 + 1 }
  private var fabric: String { "\(self.name)s" }

  /// Interfaces of the ring are named by their own bridge and the one at the other end.
  func setLink(from bridge: Int, isUp: Bool) throws {
    try self.inFabric(["ip", "link", "set", "r\(bridge)\(Self.next(bridge))", isUp ? "up" : "down"])
  }

  func flows(_ bridge: Int) throws -> String {
    try self.run(["ovs-ofctl", "-O", "OpenFlow13", "dump-flows", "unix:\(self.managementSocket(bridge))"])
  }

  /// Starts a program in a host's namespace; nobody waits for it.
  func launch(on host: Int, _ words: [String]) throws -> (process: Process, output: Pipe) {
    let pipe = Pipe()
    let process = try self.process(["ip", "netns", "exec", self.host(host)] + words)
    process.standardOutput = pipe
    try process.run()
    return (process, pipe)
  }

  private func start() throws {
    try self.run(["ip", "netns", "add", self.fabric])
    for bridge in Self.bridges {
      let host = self.host(bridge)
      try self.run(["ip", "netns", "add", host])
      try self.run([
        "ip", "link", "add", "h\(bridge)", "netns", self.fabric, "type", "veth", "peer", "name", "eth0", "netns", host,
      ])
      // What a kernel says of itself in IPv6 would come between the packets of the test.
      try self.run(["ip", "netns", "exec", host, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1"])
      try self.run(["ip", "-n", host, "addr", "add", "\(self.address(bridge))/24", "dev", "eth0"])
      try self.run(["ip", "-n", host, "link", "set", "eth0", "up"])
      let next = Self.next(bridge)
      try self.run([
        "ip", "link", "add", "r\(bridge)\(next)", "netns", self.fabric, "type", "veth", "peer", "name",
        "r\(next)\(bridge)", "netns", self.fabric,
      ])
    }
    try self.inFabric(["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1"])
    try self.startSwitch()
    for bridge in Self.bridges {
      let next = Self.next(bridge)
      for name in ["h\(bridge)", "r\(bridge)\(next)", "r\(next)\(bridge)"] {
        try self.inFabric(["ip", "link", "set", name, "up"])
      }
    }
  }

  private func startSwitch() throws {
    let database = "\(self.directory)/conf.db"
    let socket = "\(self.directory)/db.sock"
    try self.run(["ovsdb-tool", "create", database, "/usr/share/openvswitch/vswitch.ovsschema"])
    try self.daemon(["ovsdb-server", "--remote=punix:\(socket)", "--unixctl=\(self.directory)/db.ctl", database])
    let vsctl = ["ovs-vsctl", "--retry", "--timeout=30", "--db=unix:\(socket)"]
    try self.run(vsctl + ["--no-wait", "init"])
    try self.daemon(["ovs-vswitchd", "--unixctl=\(self.directory)/switch.ctl", "unix:\(socket)"])
    for bridge in Self.bridges {
      let (next, last) = (Self.next(bridge), Self.next(Self.next(bridge)))
      var words = [
        "add-br", "br\(bridge)", "--", "set", "bridge", "br\(bridge)", "datapath_type=netdev", "fail_mode=secure",
        "protocols=OpenFlow13,OpenFlow15", "other-config:datapath-id=000000000000000\(bridge)",
      ]
      for (port, name) in [(1, "h\(bridge)"), (2, "r\(bridge)\(next)"), (3, "r\(bridge)\(last)")] {
        words += ["--", "add-port", "br\(bridge)", name, "--", "set", "interface", name, "ofport_request=\(port)"]
      }
      try self.run(vsctl + words)
    }
  }

  @discardableResult
  private func inFabric(_ words: [String]) throws -> String {
    try self.run(["ip", "netns", "exec", self.fabric] + words)
  }

  private func daemon(_ words: [String]) throws {
    let process = try self.process(
      ["ip", "netns", "exec", self.fabric, words[0], "--no-chdir", "--verbose=off"] + words.dropFirst())
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.daemons.append(process)
  }

  @discardableResult
  private func run(_ words: [String]) throws -> String {
    let process = try self.process(words)
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        description: "\(words.joined(separator: " ")) ended with \(process.terminationStatus): \(complaint)")
    }
    return text
  }

  private func process(_ words: [String]) throws -> Process {
    guard let path = Self.path(words[0]) else { throw Failure(description: "\(words[0]) is not installed") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = Array(words.dropFirst())
    process.standardInput = FileHandle.nullDevice
    process.environment = [
      "OVS_RUNDIR": self.directory, "OVS_LOGDIR": self.directory, "OVS_DBDIR": self.directory,
      "OVS_SYSCONFDIR": self.directory, "PATH": Self.directories.joined(separator: ":"),
    ]
    return process
  }

  private static func path(_ name: String) -> String? {
    self.directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  func stop() {
    for process in self.daemons.reversed() where process.isRunning {
      // `ip netns exec` has become the daemon. Not SIGTERM: a thread with blocked signals hands the block on.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    for name in [self.fabric] + Self.bridges.map(self.host) { _ = try? self.run(["ip", "netns", "del", name]) }
    try? FileManager.default.removeItem(atPath: self.directory)
  }
}
