// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A private Open vSwitch (own database and sockets in a directory under /tmp, a datapath in memory) that listens on a
/// port of the loopback interface, and a tcpdump that captures what is said there. Both end with the test.
final class CapturedSwitch {
  private static let programs = ["ovs-vswitchd", "ovsdb-server", "ovsdb-tool", "ovs-vsctl", "ovs-ofctl", "tcpdump"]
  private static let directories = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"]

  /// In CI nothing may be left out silently.
  static var isPossible: Bool {
    ProcessInfo.processInfo.environment["CI"] != nil
      || geteuid() == 0 && self.programs.allSatisfy { self.path($0) != nil }
  }

  struct Failure: Error { var description: String }

  private let directory = "/tmp/isthmus-oft-" + String(UInt32.random(in: .min ... .max), radix: 36)
  private var processes: [Process] = []
  private let port: UInt16
  private let capture = Pipe()

  /// Runs `body` with a switch that has the ports 1 and 2.
  static func run(tcpdump options: [String], _ body: (CapturedSwitch) throws -> Void) throws {
    let made = try CapturedSwitch()
    defer { made.stop() }
    try made.start(options)
    try body(made)
  }

  private init() throws {
    self.port = try Self.freePort()
    try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: false)
  }

  var portNumber: UInt16 { self.port }

  private func start(_ tcpdump: [String]) throws {
    try self.run("ovsdb-tool", ["create", "\(self.directory)/db", "/usr/share/openvswitch/vswitch.ovsschema"])
    try self.launch(
      "ovsdb-server",
      [
        "--no-chdir", "--remote=punix:\(self.directory)/sock", "--unixctl=\(self.directory)/ctl1",
        "\(self.directory)/db",
      ])
    try self.vsctl(["--no-wait", "init"])
    try self.launch(
      "ovs-vswitchd",
      [
        "--no-chdir", "--enable-dummy", "--disable-system", "--unixctl=\(self.directory)/ctl2",
        "unix:\(self.directory)/sock",
      ])
    try self.vsctl([
      "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy", "fail_mode=secure",
      "protocols=OpenFlow13,OpenFlow15", "--", "set-controller", "br0", "ptcp:\(self.port):127.0.0.1",
      "--", "add-port", "br0", "p1", "--", "set", "interface", "p1", "type=dummy", "ofport_request=1",
      "--", "add-port", "br0", "p2", "--", "set", "interface", "p2", "type=dummy", "ofport_request=2",
    ])
    let notes = Pipe()
    try self.launch(
      "tcpdump",
      // 64 MiB: without batches each packet takes as much of the buffer as the longest one.
      tcpdump + ["-U", "--immediate-mode", "-B", "65536", "-w", "-", "tcp port \(self.port)"], output: self.capture,
      errors: notes)
    // It says so when it captures.
    var text = ""
    while !text.contains("listening on") {
      let more = notes.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Failure(description: "tcpdump ended: \(text)") }
      text += String(decoding: more, as: UTF8.self)
    }
  }

  /// Without names, for which it would ask for the features of all 254 tables each time.
  func ofctl(_ version: String, _ command: String, _ arguments: [String] = []) throws {
    try self.run("ovs-ofctl", ["--no-names", "-O", version, command, "tcp:127.0.0.1:\(self.port)"] + arguments)
  }

  /// What tcpdump writes next; nothing within ten seconds is an error.
  func captured() throws -> [UInt8] {
    let file = self.capture.fileHandleForReading
    var descriptor = pollfd(fd: file.fileDescriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 10_000) == 1 else { throw Failure(description: "tcpdump captures nothing more") }
    let bytes = file.availableData
    guard !bytes.isEmpty else { throw Failure(description: "tcpdump has ended") }
    return Array(bytes)
  }

  private func vsctl(_ arguments: [String]) throws {
    try self.run("ovs-vsctl", ["--retry", "--timeout=30", "--db=unix:\(self.directory)/sock"] + arguments)
  }

  private func run(_ name: String, _ arguments: [String]) throws {
    let process = try self.process(name, arguments)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(description: "\(name) \(arguments): \(text)") }
  }

  private func launch(_ name: String, _ arguments: [String], output: Pipe? = nil, errors: Pipe? = nil) throws {
    let process = try self.process(name, arguments)
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = errors ?? FileHandle.nullDevice
    try process.run()
    self.processes.append(process)
  }

  private func process(_ name: String, _ arguments: [String]) throws -> Process {
    guard let path = Self.path(name) else { throw Failure(description: "\(name) is not installed") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ["OVS_RUNDIR": self.directory, "OVS_LOGDIR": self.directory, "OVS_DBDIR": self.directory]
    process.standardInput = FileHandle.nullDevice
    return process
  }

  private func stop() {
    for process in self.processes.reversed() {
      // Not SIGTERM, which a process may have blocked since its start. There is nothing to save.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    try? FileManager.default.removeItem(atPath: self.directory)
  }

  private static func path(_ name: String) -> String? {
    self.directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static func freePort() throws -> UInt16 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 ? getsockname(socket, $0, &length) : -1
      }
    }
    guard result == 0 else { throw Failure(description: "no free port: errno \(errno)") }
    return UInt16(bigEndian: address.sin_port)
  }
}
