// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import DatapathModel
import FlowPipeline
import OpenFlow
import ServiceModel

extension World {
  mutating func begin(_ index: Int) {
    let fault = self.scenario.faults[index].fault
    self.activeFaults.append(index)
    self.activeFaults.sort()
    // Without probes agents are all that tells how regions are.
    if !fault.isHarmless || self.scenario.intent.detection.probe == .none { self.promises.onlyHarmlessFaults = false }
    self.story.tell("FAULT \(fault)", at: self.now)
    self.mark(fault) { $0.begin(at: $1) }
    switch fault {
    case .agentDown(let region), .agentDownAndClockBack(let region): self.stopAgent(region)
    case .controllerDown(let controller), .controllerStopped(let controller):
      self.controllers[controller].downs += 1
      if case .controllerStopped = fault { self.stopController(controller, isClean: true) }
      self.stopController(controller)
    case .switchCutOff(let datapath): self.cutOff(datapath, because: "no answer")
    case .linkCutOff(let datapath, let controller): self.cutOff(datapath, from: controller, because: "no answer")
    case .controllerIsolated(let controller):
      for datapath in self.datapaths.indices { self.cutOff(datapath, from: controller, because: "no answer") }
    case .portDown(let datapath, let region): self.setPort(datapath, region)
    case .memberHangs(let region, let service): self.truth.hanging.insert([region, service])
    case .switchRebooted(let datapath): self.reboot(datapath)
    case .flowsDeleted(let datapath): self.deleteFlows(datapath)
    case .groupEmptied(let datapath, let region):
      let group = GroupNumbers.region(self.numbering.number(of: Site.region(region)))
      _ = self.datapaths[datapath].apply(
        .groupMod(GroupMod(command: .modify, kind: .fastFailover, group: group)))
    case .forwardingLost(let region): self.agents[region].hasRules = false
    case .reconfigured, .detectionHurried: self.configureAll()
    default: break
    }
  }

  mutating func end(_ index: Int) {
    let fault = self.scenario.faults[index].fault
    self.activeFaults.removeAll { $0 == index }
    self.story.tell("healed: \(fault)", at: self.now)
    switch fault {
    // Whoever did it is gone, what they did is still there: until the end no promise is held against these tables.
    case .flowsDeleted, .groupEmptied: break
    default: self.mark(fault) { $0.end(at: $1) }
    }
    switch fault {
    case .agentDown(let region): self.queue.add(.agentStarts(region), at: self.now + self.jitter())
    case .agentDownAndClockBack(let region):
      self.agents[region].clockError = .seconds(-3600)
      self.queue.add(.agentStarts(region), at: self.now + self.jitter())
    case .controllerDown(let controller), .controllerStopped(let controller):
      self.controllers[controller].downs -= 1
      self.queue.add(.controllerStarts(controller), at: self.now + self.jitter())
    case .switchCutOff(let datapath), .switchRebooted(let datapath):
      for controller in self.controllers.indices {
        self.queue.add(.switchConnects(datapath, to: controller), at: self.now + self.jitter())
      }
    case .linkCutOff(let datapath, let controller):
      self.queue.add(.switchConnects(datapath, to: controller), at: self.now + self.jitter())
    case .controllerIsolated(let controller):
      for datapath in self.datapaths.indices {
        self.queue.add(.switchConnects(datapath, to: controller), at: self.now + self.jitter())
      }
    case .portDown(let datapath, let region): self.setPort(datapath, region)
    case .memberHangs(let region, let service):
      if self.fault({ $0 == fault ? true : nil }) == nil { self.truth.hanging.remove([region, service]) }
    case .reconfigured, .detectionHurried: self.configureAll()
    case .controllerStalled(let controller): self.resumeController(controller)
    default: break
    }
  }

  private mutating func setPort(_ datapath: Int, _ region: Int) {
    let isUp = !self.truth.ports[datapath][region].isWrong
    if let status = self.datapaths[datapath].setPort(Site.gatewayPort(region), isUp: isUp) {
      self.say(datapath, .portChanged(Site.datapath(datapath), status))
    }
  }

  private mutating func deleteFlows(_ datapath: Int) {
    let deletion = FlowMod(command: .delete, tableID: UInt8(self.draw.index(4)))
    for flow in self.datapaths[datapath].apply(.flowMod(deletion)).removed {
      self.say(datapath, .flowRemoved(Site.datapath(datapath), flow))
    }
  }

  /// Writes down in the truth what a fault makes wrong.
  private mutating func mark(_ fault: Fault, _ change: (inout Condition, Instant) -> Void) {
    switch fault {
    case .heartbeatsLost(let region, _), .heartbeatsLate(let region, _), .heartbeatsTwice(let region),
      .agentCutOff(let region), .agentLinkCutOff(let region, _), .agentDown(let region),
      .agentDownAndClockBack(let region):
      change(&self.truth.agents[region], self.now)
    case .regionsCutOff, .reconfigured, .detectionHurried, .jitter: break
    case .storeAway, .storeSlow:
      for controller in self.controllers.indices { change(&self.truth.stores[controller], self.now) }
    case .controllerDown(let controller), .controllerStopped(let controller), .controllerStalled(let controller),
      .controllerIsolated(let controller):
      for index in self.datapaths.indices { change(&self.truth.links[controller][index], self.now) }
      change(&self.truth.stores[controller], self.now)
    case .storeCutOff(let controller): change(&self.truth.stores[controller], self.now)
    case .linkCutOff(let datapath, let controller): change(&self.truth.links[controller][datapath], self.now)
    case .switchCutOff(let datapath), .controlMute(let datapath), .repliesLate(let datapath, _):
      for controller in self.controllers.indices { change(&self.truth.links[controller][datapath], self.now) }
    case .probesLost(let datapath, let region, _), .probesLate(let datapath, let region, _):
      change(&self.truth.probes[datapath][region], self.now)
    case .forwardingLost(let region): change(&self.truth.forwarding[region], self.now)
    case .regionDark(let region): change(&self.truth.dark[region], self.now)
    case .portDown(let datapath, let region): change(&self.truth.ports[datapath][region], self.now)
    case .memberStopped(let region, let service), .memberHangs(let region, let service):
      change(&self.truth.members[region][service], self.now)
    case .switchRebooted(let datapath):
      for controller in self.controllers.indices { change(&self.truth.links[controller][datapath], self.now) }
      change(&self.truth.tables[datapath], self.now)
    case .flowsDeleted(let datapath), .groupEmptied(let datapath, _): change(&self.truth.tables[datapath], self.now)
    }
  }
}
