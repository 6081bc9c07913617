// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import ServiceModel

/// Something that a lab needs and this machine lacks.
package struct LabRequirement: Sendable, Equatable, CustomStringConvertible {
  /// `root`, or the name of an executable.
  package let name: String
  /// What to do about it, for people.
  package let remedy: String

  package init(name: String, remedy: String) {
    self.name = name
    self.remedy = remedy
  }

  package var description: String { "\(self.name) is missing: \(self.remedy)" }
}

/// What a lab needs of the machine.
package enum LabRequirements {
  /// Executables, and the Debian package that has each.
  private static let tools: [(name: String, package: String)] = [
    ("ip", "iproute2"),
    ("ovs-vswitchd", "openvswitch-switch"),
    ("ovs-vsctl", "openvswitch-switch"),
    ("ovsdb-server", "openvswitch-common"),
    ("ovsdb-tool", "openvswitch-common"),
    ("ovs-ofctl", "openvswitch-common"),
    ("ovs-appctl", "openvswitch-common"),
    ("nginx", "nginx"),
    ("nft", "nftables"),
    ("ethtool", "ethtool"),
    ("curl", "curl"),
  ]

  static let onos = LabRequirement(name: "ONOS", remedy: "the lab has none: none could be had to try")

  /// What is missing for a lab with these options; empty: it can be built.
  package static func missing(for options: LabOptions = LabOptions()) -> [LabRequirement] {
    var missing: [LabRequirement] = []
    if geteuid() != 0 {
      missing.append(LabRequirement(name: "root", remedy: "network namespaces need it, use sudo"))
    }
    for tool in self.tools where ExecutablePath.ofTool(tool.name) == nil {
      missing.append(LabRequirement(name: tool.name, remedy: "apt-get install \(tool.package)"))
    }
    if !fileExists(WebServer.streamModule) {
      missing.append(
        LabRequirement(name: WebServer.streamModule, remedy: "apt-get install libnginx-mod-stream"))
    }
    if options.isEncrypted, ExecutablePath.ofTool("openssl") == nil {
      missing.append(LabRequirement(name: "openssl", remedy: "apt-get install openssl"))
    }
    if options.gateways > 1 {
      for tool in ["keepalived", "conntrackd"] where ExecutablePath.ofTool(tool) == nil {
        missing.append(LabRequirement(name: tool, remedy: "apt-get install \(tool)"))
      }
    }
    if options.controllers > 1, ExecutablePath.ofTool("etcd") == nil {
      missing.append(LabRequirement(name: "etcd", remedy: "apt-get install etcd-server"))
    }
    if options.southbound == .onos {
      missing.append(self.onos)
    }
    if options.southbound == .ryu, !fileExists(Lab.ryu) {
      missing.append(LabRequirement(name: Lab.ryu, remedy: "ISTHMUS_RYU=1 scripts/bootstrap"))
    }
    if options.processes == .controllerAndAgents {
      let own = [("isthmus-controller", options.executables.controller), ("isthmus-agent", options.executables.agent)]
      for (name, path) in own where ExecutablePath.ofProduct(name, override: path) == nil {
        missing.append(LabRequirement(name: path ?? name, remedy: "swift build --product \(name)"))
      }
    }
    return missing
  }

  package static func has(_ tool: String) -> Bool { ExecutablePath.ofTool(tool) != nil }

  /// - Throws: `LabError.missing` unless a program that only some measurements use is there.
  package static func require(_ tool: String, package: String) throws(LabError) {
    guard !self.has(tool) else { return }
    throw .missing([LabRequirement(name: tool, remedy: "apt-get install \(package)")])
  }

  /// For `.enabled(if:)` of tests: true where a lab can run, and where `ISTHMUS_REQUIRE=lab` says that it must, so
  /// that there a test fails, naming what is missing, instead of being skipped.
  package static func shouldTest(_ options: LabOptions = LabOptions()) -> Bool {
    getenv("ISTHMUS_REQUIRE").map { String(cString: $0) } == "lab" || self.missing(for: options).isEmpty
  }
}
