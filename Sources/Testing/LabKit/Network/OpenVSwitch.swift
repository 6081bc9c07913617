// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// A private Open vSwitch: its own database, sockets, process numbers and logs in one directory, its processes in the
/// switch's namespace. One that the machine runs is never touched.
struct OpenVSwitch: Sendable {
  let layout: LabLayout
  /// 1…2
  let number: Int
  let directory: String
  /// Nil: without TLS.
  let certificates: LabCertificates?
  /// Of OpenFlow: `OpenFlow13,OpenFlow15`
  let versions: String

  /// Every Open vSwitch tool and daemon takes its default paths from these.
  private var environment: [String: String] {
    [
      "OVS_RUNDIR": self.directory, "OVS_LOGDIR": self.directory, "OVS_DBDIR": self.directory,
      "OVS_SYSCONFDIR": self.directory,
    ]
  }

  func command(_ words: [String]) -> Command { Command(words, environment: self.environment) }

  private func inNamespace(_ words: [String]) -> Command {
    self.command(["ip", "netns", "exec", self.layout.namespace(of: LabLayout.host(ofSwitch: self.number))] + words)
  }

  /// Starts the daemons, makes the bridge and its ports, and returns when they work.
  func start() async throws {
    try makeDirectory(self.directory)
    let database = "\(self.directory)/conf.db"
    let socket = "\(self.directory)/db.sock"
    try await self.command(["ovsdb-tool", "create", database, Self.schema]).runSuccessfully()
    try await self.inNamespace(["ovsdb-server", database, "--remote=punix:\(socket)"] + Self.daemon).runSuccessfully()
    try await self.command(["ovs-vsctl", "--no-wait", "init"]).runSuccessfully()
    try await self.startForwarding()
    try await self.command(["ovs-vsctl", "--timeout=10"] + self.bridge).runSuccessfully()
    try await self.checkPorts()
    guard self.layout.heartbeatNetwork == .provider else { return }
    let address = "\(LabLayout.controllerProviderAddress)/\(LabLayout.providerPrefixLength)"
    try await self.inNamespace(["ip", "-batch", "-"]).runSuccessfully(
      input: "addr add \(address) dev \(LabLayout.bridge)\nlink set \(LabLayout.bridge) up\n")
  }

  private static let daemon = ["--detach", "--no-chdir", "--pidfile", "--log-file", "-vconsole:off"]

  /// Starts the daemon that forwards. One that ended comes back with its bridge and ports, and with empty tables, as a
  /// switch that was rebooted.
  func startForwarding() async throws {
    try await self.inNamespace(["ovs-vswitchd", "unix:\(self.directory)/db.sock"] + Self.daemon).runSuccessfully()
  }

  /// The daemon that forwards; nil: it does not run.
  var forwarding: ProcessIdentity? {
    TextFile.read("\(self.directory)/ovs-vswitchd.pid").flatMap { text in
      Int32(text.filter { $0.isNumber }).flatMap(ProcessIdentity.init(pid:))
    }
  }

  private static let schema = "/usr/share/openvswitch/vswitch.ovsschema"

  /// The ports by their interface in the switch's namespace.
  private var ports: [(interface: String, number: UInt32)] {
    self.layout.hosts.compactMap { host in
      guard let number = LabLayout.port(of: host), !self.layout.hasSegments || host != .coldClient else {
        return nil
      }
      if case .gateway(let region) = host { return ("r\(region)", number) }
      return (host.description, number)
    }
  }

  /// One transaction of `ovs-vsctl`.
  private var bridge: [String] {
    let bridge = LabLayout.bridge
    let transport = self.certificates == nil ? "tcp" : "ssl"
    let controllers = self.layout.controllers.map {
      "\(transport):\(LabLayout.controllerAddress):\(LabLayout.openFlowPort(of: $0))"
    }
    var commands = [
      ["add-br", bridge],
      ["set", "bridge", bridge, "datapath_type=netdev", "fail_mode=secure", "protocols=\(self.versions)"],
      ["set", "bridge", bridge, "other-config:datapath-id=\(LabLayout.datapath(ofSwitch: self.number).hexadecimal)"],
      ["set", "bridge", bridge, "other-config:disable-in-band=true"],
    ]
    for port in self.ports {
      commands.append(["add-port", bridge, port.interface])
      commands.append(["set", "interface", port.interface, "ofport_request=\(port.number)"])
    }
    if let certificates = self.certificates {
      let name = LabCertificates.switch
      commands.append([
        "set-ssl", certificates.key(of: name), certificates.certificate(of: name), certificates.authority,
      ])
    }
    // A switch that waits longer than 1 s before it calls again would hide how quick a restarted controller is.
    let names = controllers.indices.map { "@c\($0)" }
    for (name, target) in zip(names, controllers) {
      commands.append([
        "--id=\(name)", "create", "controller", "target=\"\(target)\"", "connection_mode=out-of-band",
        "max_backoff=1000", "inactivity_probe=5000",
      ])
    }
    commands.append(["set", "bridge", bridge, "controller=[\(names.joined(separator: ","))]"])
    return Array(commands.joined(separator: ["--"]))
  }

  /// `ovs-vsctl` succeeds also if the daemon could not open an interface or gave it another number.
  private func checkPorts() async throws {
    for port in self.ports {
      let got = try await self.command(["ovs-vsctl", "get", "interface", port.interface, "ofport", "error"])
        .runSuccessfully().split(separator: "\n")
      guard got.first.flatMap({ UInt32($0) }) == port.number else {
        throw LabError.switchRefused("port \(port.number), \(port.interface): \(got.joined(separator: " "))")
      }
    }
  }
}

extension DatapathID {
  /// 16 hexadecimal digits, the form that Open vSwitch's `datapath-id` takes.
  fileprivate var hexadecimal: String { self.description.filter { $0 != ":" } }
}
