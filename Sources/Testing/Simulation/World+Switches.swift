// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import DatapathModel
import OpenFlow
import Reconciliation
import ServiceModel

extension World {
  /// The connection between the controller and one switch: in order, and gone with all that is under way when it
  /// breaks. Answers to barriers and reads have an order of their own: a switch that is busy with one still hands
  /// over packets.
  struct Channel: Sendable {
    /// Grows when it breaks and when it is made; odd: it is there.
    private(set) var epoch = 0
    /// When the last words of each side arrive.
    private var toSwitch = Instant(nanoseconds: 0)
    private var toController = Instant(nanoseconds: 0)
    private var repliesToController = Instant(nanoseconds: 0)

    var isOpen: Bool { !self.epoch.isMultiple(of: 2) }

    mutating func open() { if !self.isOpen { self.epoch += 1 } }
    mutating func close() { if self.isOpen { self.epoch += 1 } }

    mutating func arrivalAtSwitch(_ instant: Instant) -> Instant {
      self.toSwitch = max(self.toSwitch, instant)
      return self.toSwitch
    }

    mutating func arrivalAtController(_ instant: Instant, isReply: Bool) -> Instant {
      if isReply {
        self.repliesToController = max(self.repliesToController, instant)
        return self.repliesToController
      }
      self.toController = max(self.toController, instant)
      return self.toController
    }
  }

  /// What the controller asks of a switch.
  enum Request: Sendable {
    case change(ticket: UInt64, [MessageBody])
    case send([MessageBody])
    case read(ticket: UInt64, ReadBack.Scope)
  }

  mutating func connect(_ index: Int) {
    guard self.controller != nil, !self.channels[index].isOpen, self.canConnect(index) else { return }
    self.channels[index].open()
    if self.sabotage == .wipesAtStart {
      _ = self.datapaths[index].apply(.flowMod(FlowMod(command: .delete, tableID: TableNumber.all)))
      _ = self.datapaths[index].apply(.groupMod(GroupMod(command: .delete, kind: .all, group: .all)))
    }
    let found = ConnectedSwitch(version: .v1_5, ports: self.datapaths[index].ports, description: "model")
    self.say(index, .switchConnected(Site.datapath(index), found))
  }

  mutating func cutOff(_ index: Int, because reason: String) {
    guard self.channels[index].isOpen else { return }
    self.channels[index].close()
    self.promises.forgetLost(on: index)
    self.step(.switchDisconnected(Site.datapath(index), reason: reason))
  }

  /// The controller says something to a switch.
  mutating func order(_ id: DatapathID, _ request: Request) {
    guard let index = self.datapaths.firstIndex(where: { $0.datapath == id }), self.channels[index].isOpen else {
      return
    }
    let arrival = self.channels[index].arrivalAtSwitch(
      max(self.now, self.muteUntil(index)) + self.scenario.controlLatency[index])
    self.queue.add(.told(index, epoch: self.channels[index].epoch, request), at: arrival)
  }

  /// A switch says something to the controller.
  mutating func say(_ index: Int, _ event: Event, isReply: Bool = false) {
    guard self.channels[index].isOpen else { return }
    var late = Duration.zero
    if isReply {
      late = self.fault { if case .repliesLate(index, let delay) = $0 { delay } else { nil } } ?? .zero
    }
    let arrival = self.channels[index].arrivalAtController(
      max(self.now, self.muteUntil(index)) + self.scenario.controlLatency[index] + late, isReply: isReply)
    self.queue.add(.heard(index, epoch: self.channels[index].epoch, event), at: arrival)
  }

  mutating func told(_ index: Int, _ epoch: Int, _ request: Request) {
    guard self.channels[index].epoch == epoch else { return }
    let id = Site.datapath(index)
    switch request {
    case .read(let ticket, let scope):
      self.say(index, .switchRead(id, ticket: ticket, self.datapaths[index].readBack(scope)), isReply: true)
    case .send(let messages):
      for message in messages { self.apply(message, on: index) }
    case .change(let ticket, let messages):
      for message in messages {
        self.apply(message, on: index)
        self.judgePrefix(of: message, on: index)
      }
      self.say(index, .switchConfirmed(id, ticket: ticket), isReply: true)
      self.promises.applied(ticket, on: index)
    }
  }

  private mutating func apply(_ message: MessageBody, on index: Int) {
    let id = Site.datapath(index)
    let reaction = self.datapaths[index].apply(message)
    if let refusal = reaction.refusal {
      self.say(index, .switchRefused(id, Refusal(error: refusal.description, concernsProgram: true)))
    }
    for removed in reaction.removed { self.say(index, .flowRemoved(id, removed)) }
    for output in reaction.passage?.sent ?? [] { self.probe(index, output) }
    for packet in reaction.passage?.packetsIn ?? [] { self.say(index, .packetArrived(id, packet)) }
  }

  /// The end of the fault for which controller and switch do not hear each other, though TCP keeps the connection.
  private func muteUntil(_ index: Int) -> Instant {
    self.activeFaults.filter { self.scenario.faults[$0].fault == .controlMute(switch: index) }
      .map { self.scenario.faults[$0].ends }.max() ?? self.now
  }

  /// A probe leaves a switch; if the gateway is there, its answer comes back.
  private mutating func probe(_ index: Int, _ output: Output) {
    guard let region = self.region(behind: output.port), self.truth.reaches(region, from: index) else { return }
    if let oneIn = self.fault({ if case .probesLost(index, region, let oneIn) = $0 { oneIn } else { nil } }),
      self.draw.chance(1, in: oneIn)
    {
      return
    }
    guard let answer = self.host(region, on: index).answer(to: output.packet, serves: { _ in false }) else { return }
    let late = self.fault { if case .probesLate(index, region, let delay) = $0 { delay } else { nil } } ?? .zero
    self.queue.add(
      .probeReturns(index, answer, port: output.port),
      at: self.now + self.scenario.pathRoundTrip[index][region] + late)
  }

  mutating func probeReturns(_ index: Int, _ packet: Packet, _ port: PortNumber) {
    guard let region = self.region(behind: port), self.truth.reaches(region, from: index) else { return }
    for packetIn in self.datapaths[index].receive(packet, from: port).packetsIn {
      self.say(index, .packetArrived(Site.datapath(index), packetIn))
    }
  }

  func region(behind port: PortNumber) -> Int? {
    self.scenario.intent.regions.indices.first { Site.gatewayPort($0) == port }
  }

  func host(_ region: Int, on index: Int) -> GatewayHost {
    GatewayHost(
      address: Site.gatewayAddress(region, onSwitch: index), ipv6: Site.gatewayIPv6(region, onSwitch: index),
      mac: Site.gatewayMAC(region, onSwitch: index))
  }
}
