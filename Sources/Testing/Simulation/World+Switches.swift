// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import DatapathModel
import OpenFlow
import Reconciliation
import ServiceModel

extension World {
  /// The connection between one controller and one switch: in order, and gone with all that is under way when it
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

  /// What a controller asks of a switch.
  enum Request: Sendable {
    case change(ticket: UInt64, [MessageBody])
    case send([MessageBody])
    case read(ticket: UInt64, ReadBack.Scope)
    case claim(ticket: UInt64, epoch: UInt64)
    case follow(epoch: UInt64)
  }

  func isClosed(_ index: Int, to controller: Int) -> Bool {
    self.fault { fault -> Bool? in
      switch fault {
      case .switchCutOff(index), .switchRebooted(index), .linkCutOff(index, controller),
        .controllerIsolated(controller):
        true
      default: nil
      }
    } ?? false
  }

  mutating func connect(_ index: Int, to controller: Int) {
    guard self.controllers[controller].life != nil, !self.controllers[controller].channels[index].isOpen,
      !self.isClosed(index, to: controller)
    else { return }
    self.controllers[controller].channels[index].open()
    if self.sabotage == .wipesAtStart {
      _ = self.datapaths[index].apply(.flowMod(FlowMod(command: .delete, tableID: TableNumber.all)))
      _ = self.datapaths[index].apply(.groupMod(GroupMod(command: .delete, kind: .all, group: .all)))
    }
    let found = ConnectedSwitch(version: .v1_5, ports: self.datapaths[index].ports, description: "model")
    self.say(index, to: controller, .switchConnected(Site.datapath(index), found))
  }

  /// The connection between a switch and a controller breaks.
  mutating func cutOff(_ index: Int, from controller: Int, because reason: String) {
    guard self.controllers[controller].channels[index].isOpen else { return }
    self.controllers[controller].channels[index].close()
    self.controllers[controller].promises.forgetLost(on: index)
    self.roles[index].left(controller)
    self.happen(.hears(controller, .switchDisconnected(Site.datapath(index), reason: reason)))
  }

  mutating func cutOff(_ index: Int, because reason: String) {
    for controller in self.controllers.indices { self.cutOff(index, from: controller, because: reason) }
  }

  /// A controller says something to a switch.
  mutating func order(_ id: DatapathID, _ request: Request, by controller: Int) {
    guard let index = self.datapaths.firstIndex(where: { $0.datapath == id }),
      self.controllers[controller].channels[index].isOpen
    else { return }
    var arrival = self.controllers[controller].channels[index].arrivalAtSwitch(
      max(self.now, self.muteUntil(index)) + self.scenario.controlLatency[index])
    if self.sabotage == .skipsBarriers, case .change(let ticket, let messages) = request {
      if !messages.onlyFlush { arrival = arrival + .milliseconds(300) }
      self.say(index, to: controller, .switchConfirmed(id, ticket: ticket))
    }
    let epoch = self.controllers[controller].channels[index].epoch
    self.queue.add(.told(index, by: controller, epoch: epoch, request), at: arrival)
  }

  /// A switch says something to all controllers that shall hear it: slaves hear of ports only.
  mutating func say(_ index: Int, _ event: Event) {
    for controller in self.controllers.indices where event.isOfPorts || self.roles[index].obeys(controller) {
      self.say(index, to: controller, event)
    }
  }

  /// A switch says something to one controller.
  mutating func say(_ index: Int, to controller: Int, _ event: Event, isReply: Bool = false) {
    guard self.controllers[controller].channels[index].isOpen else { return }
    var late = Duration.zero
    if isReply {
      late = self.fault { if case .repliesLate(index, let delay) = $0 { delay } else { nil } } ?? .zero
    }
    let arrival = self.controllers[controller].channels[index].arrivalAtController(
      max(self.now, self.muteUntil(index)) + self.scenario.controlLatency[index] + late, isReply: isReply)
    let epoch = self.controllers[controller].channels[index].epoch
    self.queue.add(.heard(index, by: controller, epoch: epoch, event), at: arrival)
  }

  mutating func told(_ index: Int, by controller: Int, epoch: Int, _ request: Request) {
    guard self.controllers[controller].channels[index].epoch == epoch else { return }
    let id = Site.datapath(index)
    switch request {
    case .read(let ticket, let scope):
      self.say(
        index, to: controller, .switchRead(id, ticket: ticket, self.datapaths[index].readBack(scope)), isReply: true)
    case .send(let messages):
      guard self.roles[index].obeys(controller) else { return }
      for message in messages { self.apply(message, on: index, by: controller) }
    case .change(let ticket, let messages):
      self.change(index, ticket: ticket, messages, by: controller)
    case .claim(let ticket, let epoch): self.claim(index, ticket: ticket, epoch: epoch, by: controller)
    case .follow(let epoch):
      if self.sabotage != .ignoresEpoch { self.roles[index].follow(controller, epoch: epoch) }
    }
  }

  private mutating func change(_ index: Int, ticket: UInt64, _ messages: [MessageBody], by controller: Int) {
    let id = Site.datapath(index)
    if self.roles[index].obeys(controller) {
      self.judgeWriter(controller, on: index)
      for message in messages {
        self.apply(message, on: index, by: controller)
        self.judgePrefix(of: message, on: index)
      }
      self.controllers[controller].promises.applied(ticket, on: index)
    } else {
      self.say(index, to: controller, .switchRefused(id, Refusal(error: "is slave", concernsProgram: true)))
    }
    self.say(index, to: controller, .switchConfirmed(id, ticket: ticket), isReply: true)
  }

  private mutating func claim(_ index: Int, ticket: UInt64, epoch: UInt64, by controller: Int) {
    let id = Site.datapath(index)
    let answer = self.roles[index].claim(controller, epoch: epoch, isBlind: self.sabotage == .ignoresEpoch)
    if let deposed = answer.deposed { self.say(index, to: deposed, .roleLost(id, epoch: epoch)) }
    if answer.isGranted { self.tell("\(Site.controller(controller)) is the master of \(Site.switchName(index))") }
    self.say(
      index, to: controller, .roleAnswered(id, ticket: ticket, answer.isGranted ? .granted : .stale), isReply: true)
  }

  /// Who writes to a switch is the latest leader that ever did, as long as the switch remembers.
  private mutating func judgeWriter(_ controller: Int, on index: Int) {
    guard case .leading(let epoch) = self.controllers[controller].life?.state.leadership else { return }
    if let other = self.roles[index].writes(controller, epoch: epoch) {
      self.fail(
        "\(Site.controller(controller)) of epoch \(epoch) writes to \(Site.switchName(index)) after "
          + "\(Site.controller(other.controller)) of epoch \(other.epoch)")
    }
  }

  private mutating func apply(_ message: MessageBody, on index: Int, by controller: Int) {
    let id = Site.datapath(index)
    let reaction = self.datapaths[index].apply(message)
    if let refusal = reaction.refusal {
      self.say(
        index, to: controller, .switchRefused(id, Refusal(error: refusal.description, concernsProgram: true)))
    }
    for removed in reaction.removed { self.say(index, .flowRemoved(id, removed)) }
    for output in reaction.passage?.sent ?? [] { self.probe(index, output) }
    for packet in reaction.passage?.packetsIn ?? [] { self.say(index, .packetArrived(id, packet)) }
  }

  /// The switch is gone, and has forgotten everything when it is there again.
  mutating func reboot(_ index: Int) {
    self.cutOff(index, because: "reboot")
    self.datapaths[index].reboot()
    self.roles[index] = Roles()
  }

  /// The end of the fault for which controllers and switch do not hear each other, though TCP keeps the connections.
  private func muteUntil(_ index: Int) -> Instant {
    var end = self.now
    for active in self.activeFaults where self.scenario.faults[active].fault == .controlMute(switch: index) {
      end = max(end, self.scenario.faults[active].ends)
    }
    return end
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
      at: self.now + self.scenario.pathRoundTrip[index][region] + late + self.lateness())
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

extension Event {
  fileprivate var isOfPorts: Bool { if case .portChanged = self { true } else { false } }
}
