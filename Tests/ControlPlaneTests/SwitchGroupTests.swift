// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import DatapathModel
import FailureDetection
import FlowPipeline
import OpenFlow
import PacketHeaders
import Reconciliation
import ServiceModel
import Simulation
import Testing

/// Two switches of which one forwards.
@Suite struct SwitchGroupTests {
  private let web = Site.makeService(0, preference: [0, 1])
  private let mail = Site.makeService(1, preference: [1, 0])

  private func start(placement: Placement? = nil, uplinks: [PortReference] = []) -> TwoSwitches {
    var pair = TwoSwitches([self.web, self.mail], placement: placement, uplinks: uplinks)
    pair.connect(0)
    pair.connect(1)
    pair.run(for: .seconds(1))
    _ = pair.look()
    return pair
  }

  private func changes(_ lines: [String]) -> [String] {
    lines.filter { $0.hasPrefix("change ") || $0.hasPrefix("flow ") || $0.hasPrefix("read ") }
  }

  @Test func `the first one forwards, and the other is silent`() {
    var pair = self.start()
    #expect(pair.active == 0)
    #expect(pair.part(1)?.role == .standby)
    #expect(pair.answers(for: self.web) == 1)
    #expect(pair.regions(of: self.web, clientPort: 1) == [0])
    #expect(pair.regions(of: self.mail, clientPort: 1) == [1])
    #expect(pair.loops == 0)
  }

  @Test func `whoever asks for a stranger asks each segment once`() {
    var pair = self.start()
    _ = pair.listen()
    pair.send(.whoHas(Site.gatewayAddress(9), from: Site.clientAddress, at: Site.clientMAC))
    let heard = pair.listen()
    #expect(heard.gateways.mapValues(\.count) == [0: 1, 1: 1])
    #expect(heard.client == [])
    #expect(pair.loops == 0)
  }

  @Test func `two switches in no group make a loop, which is what the model is for`() {
    var intent = TwoSwitches.intent([self.web], mode: .activeStandby)
    intent.switchGroups = []
    var pair = TwoSwitches([self.web])
    pair.tell(.configured(intent, assignments: [:]))
    pair.connect(0)
    pair.connect(1)
    pair.run(for: .seconds(1))
    pair.send(.whoHas(Site.gatewayAddress(9), from: Site.clientAddress, at: Site.clientMAC))
    #expect(pair.loops > 0)
  }

  @Test func `the standby probes all the while and finds the gateways by itself`() {
    let pair = self.start()
    let paths = pair.controller.status(at: pair.now).regions.flatMap(\.paths)
    #expect(paths.count == 4)
    #expect(paths.allSatisfy { $0.state == .well })
  }

  // MARK: Death

  @Test func `one that dies is followed within n T_h by one flow, and the other one announces itself`() {
    var pair = self.start()
    _ = pair.listen()
    let died = pair.now
    pair.kill(0)
    while pair.active == 0, pair.now < died + .seconds(2) { pair.run(for: .milliseconds(1)) }
    #expect(pair.now - died <= TwoSwitches.detection.bound)
    let lines = pair.look()
    #expect(self.changes(lines) == ["change 1: 1"])
    #expect(lines.contains { $0.hasPrefix("switch s2 takes over from s1 in pair: ") })
    let announced = pair.listen().client.filter { $0.resolution?.operation == .request }.compactMap(\.resolution)
    #expect(
      Set(announced.filter { $0.senderIP == $0.targetIP }.map(\.senderIP)) == [
        Site.virtualIP(0), Site.virtualIP(1), Site.gatewayAddress(0), Site.gatewayAddress(1),
      ])
    #expect(announced.first { $0.senderIP == Site.virtualIP(0) }?.senderMAC == self.web.virtualIP.mac)
    #expect(pair.answers(for: self.web) == 1)
    #expect(pair.regions(of: self.web, clientPort: 2) == [0])
  }

  @Test func `it is announced three times, and no gateway is told of its own address`() {
    var pair = self.start()
    pair.kill(0)
    _ = pair.listen()
    pair.run(for: .seconds(10))
    let heard = pair.listen()
    func count(_ packets: [Packet], _ address: IPv4Address) -> Int {
      packets.count { $0.resolution.map { $0.senderIP == address && $0.targetIP == address } ?? false }
    }
    #expect(count(heard.client, Site.virtualIP(0)) == 3)
    #expect(count(heard.gateways[0] ?? [], Site.virtualIP(0)) == 3)
    #expect(count(heard.gateways[0] ?? [], Site.gatewayAddress(0)) == 0)
    #expect(count(heard.gateways[1] ?? [], Site.gatewayAddress(0)) == 3)
  }

  @Test func `one that hung and goes on is closed, and who forwards announces itself once more`() {
    var pair = self.start()
    pair.isMute[0] = true
    let datapath = pair.datapaths[0]
    pair.datapaths[0] = SoftwareSwitch(datapath: Site.datapath(0), ports: [])
    pair.run(for: .seconds(10))
    #expect(pair.active == 1)
    _ = pair.listen()
    pair.datapaths[0] = datapath
    pair.isMute[0] = false
    pair.disconnect(0)
    pair.connect(0)
    pair.run(for: .milliseconds(1))
    let addresses = pair.listen().client.compactMap(\.resolution).filter { $0.senderIP == $0.targetIP }.map(\.senderIP)
    #expect(addresses.contains(Site.virtualIP(0)))
  }

  @Test func `routers are asked in the gateways' names, by all ports but the gateway's own`() {
    var intent = TwoSwitches.intent([self.web], mode: .activeStandby)
    intent.switchGroups[0].routers = [Site.clientAddress]
    var pair = TwoSwitches([self.web])
    pair.tell(.configured(intent, assignments: [:]))
    pair.connect(0)
    pair.connect(1)
    pair.run(for: .seconds(1))
    pair.kill(0)
    _ = pair.listen()
    pair.run(for: .milliseconds(400))
    let heard = pair.listen()
    func asks(_ packets: [Packet]) -> [IPv4Address] {
      packets.compactMap(\.resolution).filter { $0.targetIP == Site.clientAddress }.map(\.senderIP)
    }
    #expect(asks(heard.client) == [Site.gatewayAddress(0), Site.gatewayAddress(1)])
    #expect(asks(heard.gateways[0] ?? []) == [Site.gatewayAddress(1)])
  }

  @Test func `a switch that is only cut off from the controller stays, with an alarm`() {
    var pair = self.start()
    pair.disconnect(0)
    pair.run(for: .seconds(60))
    let lines = pair.look()
    #expect(pair.active == 0)
    #expect(pair.part(0)?.doubt != nil)
    #expect(self.changes(lines).allSatisfy { $0 == "read 1" })
    #expect(
      lines.contains(
        "switch s1 stays the active one of pair: the controller does not hear it, but it answers the others"))
    #expect(pair.regions(of: self.web, clientPort: 3) == [0])
    pair.connect(0)
    pair.run(for: .seconds(1))
    #expect(pair.part(0)?.doubt == nil)
    #expect(pair.look().contains("switch s1 is heard again, and answers the others"))
  }

  @Test func `a switch whose connection stalls is asked by the other one, and dies as fast`() {
    var pair = self.start()
    pair.isMute[0] = true
    pair.run(for: .seconds(5))
    #expect(pair.active == 0)
    pair.isMute[0] = false
    pair.run(for: .seconds(5))
    // Its machine loses power: nothing ends the connection.
    pair.isMute[0] = true
    var dead = pair
    dead.datapaths[0] = SoftwareSwitch(datapath: Site.datapath(0), ports: [])
    let died = dead.now
    while dead.active == 0, dead.now < died + .seconds(2) { dead.run(for: .milliseconds(1)) }
    #expect(dead.now - died <= TwoSwitches.detection.bound)
  }

  @Test func `if nobody can ask, nothing moves`() {
    var pair = self.start()
    pair.disconnect(1)
    pair.run(for: .seconds(1))
    pair.disconnect(0)
    pair.run(for: .seconds(60))
    #expect(pair.active == 0)
    #expect(pair.look().contains { $0.hasPrefix("switch s1 stays the active one of pair: ") })
    #expect(pair.regions(of: self.web, clientPort: 4) == [0])
  }

  @Test func `a switch that never answered the other one is not taken for dead when the controller loses it`() {
    var pair = self.start()
    pair.cutSegments = [Site.clientPort, Site.gatewayPort(0), Site.gatewayPort(1)]
    pair.run(for: .seconds(5))
    #expect(pair.look().contains { $0.contains("its death could not be told") })
    pair.disconnect(0)
    pair.run(for: .seconds(60))
    #expect(pair.active == 0)
    #expect(pair.regions(of: self.web, clientPort: 5) == [0])
  }

  @Test func `the standby's death moves nothing`() {
    var pair = self.start()
    pair.kill(1)
    pair.run(for: .seconds(60))
    #expect(self.changes(pair.look()).allSatisfy { $0 == "read 0" })
    #expect(pair.active == 0)
    pair.boot(1)
    pair.run(for: .seconds(5))
    #expect(pair.loops == 0)
    #expect(pair.answers(for: self.web) == 1)
    pair.kill(0)
    pair.run(for: .seconds(1))
    #expect(pair.regions(of: self.web, clientPort: 6) == [0])
  }

  // MARK: Outages that the switch tells of

  @Test func `without its uplinks it is closed first, and then the other is opened`() {
    var pair = self.start(uplinks: [.number(Site.clientPort.rawValue)])
    pair.isHoldingReplies = true
    pair.setPort(Site.clientPort, isUp: false, onSwitch: 0)
    #expect(self.changes(pair.look()) == ["change 0: 1"])
    pair.release()
    let lines = pair.look()
    #expect(self.changes(lines) == ["change 1: 1"])
    #expect(pair.active == 1)
    #expect(pair.regions(of: self.web, clientPort: 7) == [0])
    // What is mended does not move anything back.
    pair.setPort(Site.clientPort, isUp: true, onSwitch: 0)
    pair.run(for: .seconds(20))
    #expect(pair.active == 1)
    #expect(pair.answers(for: self.web) == 1)
    #expect(pair.loops == 0)
  }

  @Test func `one that does not confirm that it is closed is waited for one second`() {
    var pair = self.start(uplinks: [.number(Site.clientPort.rawValue)])
    pair.isHoldingReplies = true
    pair.setPort(Site.clientPort, isUp: false, onSwitch: 0)
    pair.run(for: .milliseconds(999))
    #expect(self.changes(pair.look()) == ["change 0: 1"])
    pair.run(for: .milliseconds(2))
    #expect(self.changes(pair.look()) == ["change 1: 1"])
  }

  @Test func `without any gateway's port the other one takes over, with one left it does not`() {
    var pair = self.start()
    pair.setPort(Site.gatewayPort(0), isUp: false, onSwitch: 0)
    pair.run(for: .seconds(5))
    #expect(pair.active == 0)
    pair.setPort(Site.gatewayPort(1), isUp: false, onSwitch: 0)
    #expect(pair.active == 1)
    #expect(pair.look().contains { $0.hasSuffix("the ports to all gateways of the one before are down") })
  }

  @Test func `if both have lost their uplinks nothing moves`() {
    var pair = self.start(uplinks: [.number(Site.clientPort.rawValue)])
    pair.setPort(Site.clientPort, isUp: false, onSwitch: 1)
    pair.setPort(Site.clientPort, isUp: false, onSwitch: 0)
    pair.run(for: .seconds(20))
    #expect(pair.active == 0)
  }

  // MARK: Coming back

  @Test func `one that comes back is closed before it is asked anything, and gets the whole program`() {
    var pair = self.start()
    pair.disconnect(0)
    pair.run(for: .milliseconds(10))
    // It is believed dead: its segments are gone, too, for a while.
    pair.cutSegments = [Site.clientPort, Site.gatewayPort(0), Site.gatewayPort(1)]
    pair.run(for: .seconds(1))
    #expect(pair.active == 1)
    _ = pair.look()
    pair.connect(0)
    pair.cutSegments = []
    #expect(self.changes(pair.look()).prefix(2) == ["flow 0", "read 0"])
    pair.run(for: .seconds(5))
    #expect(pair.active == 1)
    #expect(pair.loops == 0)
    #expect(pair.answers(for: self.web) == 1)
  }

  @Test func `one that rebooted has the whole program again after one change, and waits`() {
    var pair = self.start()
    let flows = pair.datapaths[1].readBack().held.flowCount
    pair.kill(0)
    pair.run(for: .seconds(1))
    _ = pair.look()
    pair.boot(0)
    pair.run(for: .seconds(5))
    #expect(pair.active == 1)
    #expect(pair.datapaths[0].readBack().held.flowCount == flows)
    // Closed and read; tried what it can do, which takes no more than two messages, and read again; then all at once.
    let changes = self.changes(pair.look())
    #expect(changes.prefix(2) == ["flow 0", "read 0"])
    let sizes = changes.filter { $0.hasPrefix("change 0: ") }.compactMap { Int($0.dropFirst("change 0: ".count)) }
    #expect(sizes.count { $0 > 2 } == 1)
    #expect(pair.loops == 0)
    pair.kill(1)
    pair.run(for: .seconds(1))
    #expect(pair.active == 0)
    #expect(pair.regions(of: self.web, clientPort: 8) == [0])
  }

  @Test func `one that reboots faster than its death is told finds the other in its place`() {
    var pair = self.start()
    pair.kill(0)
    pair.boot(0)
    pair.run(for: .milliseconds(1))
    #expect(pair.active == 1)
    #expect(pair.look().contains { $0.contains("holds nothing any more") })
    #expect(pair.regions(of: self.web, clientPort: 9) == [0])
  }

  // MARK: Other controllers

  @Test func `a controller that begins anew changes nothing, whoever comes first`() {
    for order in [[0, 1], [1, 0]] {
      var pair = self.start()
      pair.kill(0)
      pair.run(for: .seconds(10))
      pair.boot(0)
      pair.run(for: .seconds(10))
      _ = pair.look()
      pair.restartController()
      for index in order {
        pair.connect(index)
        pair.run(for: .milliseconds(50))
      }
      pair.run(for: .seconds(5))
      #expect(pair.active == 1)
      #expect(!pair.look().contains { $0.hasPrefix("change ") })
      #expect(pair.answers(for: self.web) == 1)
    }
  }

  @Test func `a controller that begins anew while the active switch is dead has the other take over`() {
    var pair = self.start()
    pair.kill(0)
    pair.restartController()
    pair.connect(1)
    let began = pair.now
    while pair.active == nil, pair.now < began + .seconds(20) { pair.run(for: .milliseconds(1)) }
    #expect(pair.active == 1)
    #expect(pair.now - began <= TwoSwitches.detection.bound + .milliseconds(1))
    #expect(pair.regions(of: self.web, clientPort: 10) == [0])
  }

  @Test func `a controller that begins anew waits for a switch that answers the other one`() {
    var pair = self.start()
    pair.restartController()
    pair.connect(1)
    pair.run(for: .seconds(30))
    #expect(pair.active == 0)
    #expect(pair.regions(of: self.web, clientPort: 11) == [0])
    pair.connect(0)
    pair.run(for: .seconds(5))
    #expect(!pair.look().contains { $0.hasPrefix("change ") })
    #expect(pair.part(0)?.doubt == nil)
  }

  @Test func `a switch that is preferred is waited for when nobody held anything`() {
    var pair = TwoSwitches([self.web])
    pair.connect(1)
    pair.run(for: .seconds(4))
    #expect(pair.active == nil)
    pair.connect(0)
    pair.run(for: .milliseconds(10))
    #expect(pair.active == 0)

    var alone = TwoSwitches([self.web])
    alone.kill(0)
    alone.connect(1)
    alone.run(for: .seconds(6))
    #expect(alone.active == 1)
  }

  @Test func `two that were found open are made one`() {
    var pair = self.start()
    // Somebody has opened the second one by hand while no controller was there.
    let gate = FlowMod(command: .deleteStrict, tableID: 0, priority: 0x4e00, match: .any)
    #expect(pair.datapaths[1].apply(.flowMod(gate)).removed.count == 1)
    pair.restartController()
    pair.connect(0)
    pair.connect(1)
    pair.run(for: .seconds(1))
    #expect(pair.active == 0)
    #expect(pair.answers(for: self.web) == 1)
  }

  @Test func `a follower closes and opens nothing, and who leads after it goes on`() {
    var pair = self.start()
    pair.tell(.leadership(.following(epoch: 3)))
    _ = pair.look()
    pair.kill(0)
    pair.run(for: .seconds(10))
    #expect(self.changes(pair.look()) == [])
    pair.tell(.leadership(.leading(epoch: 4)))
    pair.run(for: .seconds(1))
    #expect(pair.active == 1)
  }

  // MARK: Plans and connections

  @Test func `the standby follows the plan of who forwards, so that nothing moves with a takeover`() {
    let steady = Site.makeService(0, preference: [0, 1], failback: .manual)
    var pair = TwoSwitches([steady])
    pair.connect(0)
    pair.run(for: .seconds(1))
    pair.setPort(Site.gatewayPort(0), isUp: false, onSwitch: 0)
    pair.run(for: .seconds(1))
    pair.setPort(Site.gatewayPort(0), isUp: true, onSwitch: 0)
    pair.run(for: .seconds(20))
    #expect(pair.regions(of: steady, clientPort: 1) == [1])
    pair.connect(1)
    pair.run(for: .seconds(5))
    pair.kill(0)
    pair.run(for: .seconds(1))
    #expect(pair.active == 1)
    #expect(pair.regions(of: steady, clientPort: 2) == [1])
  }

  @Test func `in placement reactive the connections of the switch that died keep their regions`() {
    var pair = self.start(placement: .reactive)
    #expect(pair.regions(of: self.web, clientPort: 20) == [0])
    let endpoint = SocketEndpoint(self.web.virtualIP.address, 80)
    pair.send(.fromClient(.ack, port: 20, to: endpoint))
    // From now on new ones go elsewhere.
    pair.tell(.drain(Site.region(0), deadline: nil, isForced: true))
    pair.run(for: .seconds(1))
    #expect(pair.regions(of: self.web, clientPort: 21) == [1])
    pair.kill(0)
    pair.run(for: .seconds(1))
    _ = pair.listen()
    pair.send(.fromClient(.ack, port: 20, to: endpoint))
    #expect(pair.listen().gateways.filter { $0.value.contains { $0.segment?.flags == .ack } }.keys.sorted() == [0])
    #expect(pair.regions(of: self.web, clientPort: 22) == [1])
  }

  @Test func `another configuration of the same switches changes nothing of who forwards`() {
    var pair = self.start()
    pair.kill(0)
    pair.run(for: .seconds(10))
    pair.boot(0)
    pair.run(for: .seconds(10))
    _ = pair.look()
    var intent = pair.intent
    intent.switchGroups[0].name = SwitchGroupName(unchecked: "renamed")
    pair.tell(.configured(intent, assignments: [:]))
    pair.run(for: .seconds(10))
    #expect(pair.active == 1)
    #expect(!pair.look().contains { $0.hasPrefix("change ") })
    #expect(pair.answers(for: self.web) == 1)
  }

  @Test func `two that were alone are put into a group, and one of them is closed`() {
    var intent = TwoSwitches.intent([self.web], mode: .activeStandby)
    let groups = intent.switchGroups
    intent.switchGroups = []
    var pair = TwoSwitches([self.web])
    pair.tell(.configured(intent, assignments: [:]))
    pair.connect(0)
    pair.connect(1)
    pair.run(for: .seconds(1))
    #expect(pair.answers(for: self.web) > 1)
    intent.switchGroups = groups
    pair.tell(.configured(intent, assignments: [:]))
    pair.run(for: .seconds(1))
    #expect(pair.active == 0)
    #expect(pair.answers(for: self.web) == 1)
  }

  @Test func `taken out of its group, a switch is opened`() {
    var pair = self.start()
    var intent = pair.intent
    intent.switchGroups = []
    pair.tell(.configured(intent, assignments: [:]))
    pair.run(for: .seconds(1))
    #expect(pair.part(1) == nil)
    #expect(!pair.datapaths[1].readBack().record.isGated)
  }
}
