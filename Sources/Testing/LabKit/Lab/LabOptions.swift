// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// What a lab should be. The defaults are the thesis's figure 5.1 with quick detection.
package struct LabOptions: Sendable {
  /// Which of Isthmus's own processes `Lab.up` starts. The network, the switch and the web servers always run.
  package enum Processes: Sendable {
    case controllerAndAgents
    case none
  }

  /// 1 to 32 of `a-z 0-9 -`. Labs of different names do not see each other.
  package var name = "isthmus"
  /// 1…16
  package var regions = 2
  /// Adds the host `cold`.
  package var coldClient = false
  /// Adds the hosts `r1-client` and so on, each on its region's segment.
  package var insideClients = false
  package var heartbeatNetwork = LabNetwork.management
  /// Adds IPv6 addresses, and the service `web6`, which is to them what `web` is to IPv4.
  package var hasIPv6 = false
  /// The switch and the controller speak OpenFlow over mutual TLS.
  package var isEncrypted = false
  /// Who forwards what is no service's traffic.
  package var forwarding = ForwardingMode.normal
  /// Nil: the best that the switch can do.
  package var placement: Placement?
  /// Who has the switch's connection; nil: the controller itself.
  package var southbound: ForeignController.Kind?
  /// How often a second the switch may ask about connections in the placement `reactive`; nil: the usual.
  package var reactiveRate: Int?
  /// What the switch speaks, in Open vSwitch's words.
  package var openFlowVersions = "OpenFlow13,OpenFlow15"
  /// 1…2. Two stand in for each other, in front of the same segments.
  package var switches = 1
  package var switchMode = SwitchGroup.Mode.activeStandby
  /// The group of the two names the client as a router.
  package var hasKnownRouter = false
  /// Of each region. 1…2; of two one holds the gateway's address, by keepalived, and conntrackd keeps their connections
  /// alike.
  package var gateways = 1
  /// Between two advertisements of keepalived; three are missed before the other gateway takes over.
  package var advertisementInterval = Duration.milliseconds(50)
  /// 1…5. If there are several, etcd runs beside them and says which leads.
  package var controllers = 1
  package var processes = Processes.controllerAndAgents
  /// Without damping: in a lab things fail again and again.
  package var detection = Detection(
    heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2), probe: .icmp, damping: nil)
  package var service = LabService()
  package var executables = LabExecutables()
  /// Holds a directory for each lab, which goes away with it.
  package var stateDirectory = LabOptions.defaultStateDirectory

  package static let defaultStateDirectory = "/run/isthmus-lab"
  /// In memory, where `/run` may be on a disk: who writes to a busy disk may wait for it, a prober too.
  package static let memoryStateDirectory =
    fileExists("/dev/shm") ? "/dev/shm/isthmus-lab" : LabOptions.defaultStateDirectory

  package init() {}

  package var layout: LabLayout {
    LabLayout(
      name: self.name, regionCount: self.regions, hasColdClient: self.coldClient,
      heartbeatNetwork: self.heartbeatNetwork, hasIPv6: self.hasIPv6,
      hasInsideClients: self.insideClients, controllerCount: self.controllers,
      switchCount: self.switches, gatewayCount: self.gateways)
  }

  func validate() throws(LabError) {
    guard (1...32).contains(self.name.utf8.count), self.name.utf8.allSatisfy(Self.isNameByte) else {
      throw .badOption("name '\(self.name)'", accepted: "1 to 32 of a-z 0-9 -")
    }
    guard (1...LabLayout.maximumRegions).contains(self.regions) else {
      throw .badOption("regions \(self.regions)", accepted: "1 to \(LabLayout.maximumRegions)")
    }
    guard (1...5).contains(self.controllers) else {
      throw .badOption("controllers \(self.controllers)", accepted: "1 to 5")
    }
    guard (1...2).contains(self.switches) else { throw .badOption("switches \(self.switches)", accepted: "1 to 2") }
    guard self.southbound == nil || self.controllers == 1 && self.switches == 1 && self.detection.probe == .none else {
      throw .badOption(
        "southbound with something else beside it", accepted: "one controller, one switch, and no probes of paths")
    }
    guard self.switches == 1 || self.heartbeatNetwork == .management else {
      throw .badOption("heartbeats over the provider network with two switches", accepted: "management")
    }
    guard (1...2).contains(self.gateways) else { throw .badOption("gateways \(self.gateways)", accepted: "1 to 2") }
    if self.gateways > 1 {
      guard self.regions <= Self.maximumPairs else {
        throw .badOption("regions \(self.regions) with two gateways each", accepted: "1 to \(Self.maximumPairs)")
      }
      guard self.heartbeatNetwork == .management, !self.insideClients, !self.hasIPv6, self.service.adoptedFrom == nil
      else {
        throw .badOption(
          "two gateways with something else beside them",
          accepted: "heartbeats over the management network, no inside clients, no IPv6, no adopted virtual IP")
      }
    }
    if let owner = self.service.adoptedFrom, !(1...self.regions).contains(owner) {
      throw .badOption("virtual IP adopted from region \(owner)", accepted: "1 to \(self.regions)")
    }
    guard (0...LabService.maximumExtraServices).contains(self.service.extraServices) else {
      throw .badOption(
        "extra services \(self.service.extraServices)", accepted: "0 to \(LabService.maximumExtraServices)")
    }
  }

  /// More machines have no addresses in the lab.
  private static let maximumPairs = 8

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    default: false
    }
  }
}

/// The service `web` on 172.20.126.100:80 that the lab's controller is configured with.
package struct LabService: Sendable {
  /// More services than one switch was ever measured with.
  package static let maximumExtraServices = 10_000

  /// The virtual IP also is an address of this region's gateway, as in the thesis; nil: it belongs to no machine.
  package var adoptedFrom: Int?
  package var policy = Policy.primaryReplica
  /// Of the regions in their order, if the policy takes them; a region that is left out has the usual one.
  package var weights: [Int] = []
  /// As the configuration has it, in braces: `{threshold: 500/s, update: 1s}`; for policies that follow the load.
  package var trigger: String?
  package var failback = Failback.automatic
  package var mode = Detection.Mode.immediate
  /// Every member serves any path, so only the times are worth changing.
  package var check = Check(
    method: .http(path: "/", status: 200...200, host: nil), interval: .milliseconds(100),
    timeout: .milliseconds(100), fall: 3, rise: 2)
  /// TCP ports of the virtual IP, and of the members. These serve 80; who needs another one starts a server there.
  package var ports: [UInt16] = [80]
  /// UDP ports of the virtual IP, and of the members. These answer a datagram at 53 with their region's name.
  package var datagramPorts: [UInt16] = []
  /// Services beside `web` with virtual IPs from 172.20.127.1 on and the same members, for measurements of scale.
  /// Their members are checked once in 10 s only, and if there are more than 1,000 once a minute.
  package var extraServices = 0

  package init() {}
}

/// Where Isthmus's own executables are; nil: beside the running executable, else in `$PATH`.
package struct LabExecutables: Sendable {
  package var controller: String?
  package var agent: String?
  /// The CLI, which has the prober in it.
  package var isthmus: String?

  package init(controller: String? = nil, agent: String? = nil, isthmus: String? = nil) {
    self.controller = controller
    self.agent = agent
    self.isthmus = isthmus
  }
  /// An executable beside the running one, else in `$PATH`; nil if it is nowhere.
  package static func find(_ name: String) -> String? { ExecutablePath.ofProduct(name, override: nil) }
}
