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
    self.activeFaults.insert(index)
    if !fault.isHarmless { self.promises.onlyHarmlessFaults = false }
    self.story.tell("FAULT \(fault)", at: self.now)
    self.mark(fault) { $0.begin(at: $1) }
    switch fault {
    case .agentDown(let region): self.stopAgent(region)
    case .controllerDown:
      self.isControllerDown += 1
      self.stopController()
    case .switchCutOff(let datapath): self.cutOff(datapath, because: "no answer")
    case .portDown(let datapath, let region): self.setPort(datapath, region)
    case .memberHangs(let region, let service): self.truth.hanging.insert([region, service])
    case .switchRebooted(let datapath):
      self.cutOff(datapath, because: "reboot")
      self.datapaths[datapath].reboot()
    case .flowsDeleted(let datapath): self.deleteFlows(datapath)
    case .groupEmptied(let datapath, let region):
      let group = GroupNumbers.region(self.numbering.number(of: Site.region(region)))
      _ = self.datapaths[datapath].apply(
        .groupMod(GroupMod(command: .modify, kind: .fastFailover, group: group)))
    case .forwardingLost(let region): self.agents[region].hasRules = false
    case .reconfigured, .detectionHurried: self.configure()
    default: break
    }
  }

  mutating func end(_ index: Int) {
    let fault = self.scenario.faults[index].fault
    self.activeFaults.remove(index)
    self.story.tell("healed: \(fault)", at: self.now)
    switch fault {
    // Whoever did it is gone, what they did is still there: until the end no promise is held against these tables.
    case .flowsDeleted, .groupEmptied: break
    default: self.mark(fault) { $0.end(at: $1) }
    }
    switch fault {
    case .agentDown(let region): self.queue.add(.agentStarts(region), at: self.now + self.jitter())
    case .controllerDown:
      self.isControllerDown -= 1
      self.queue.add(.controllerStarts, at: self.now + self.jitter())
    case .switchCutOff(let datapath), .switchRebooted(let datapath):
      self.queue.add(.switchConnects(datapath), at: self.now + self.jitter())
    case .portDown(let datapath, let region): self.setPort(datapath, region)
    case .memberHangs(let region, let service):
      if self.fault({ $0 == fault ? true : nil }) == nil { self.truth.hanging.remove([region, service]) }
    case .reconfigured, .detectionHurried: self.configure()
    case .controllerStalled: self.resumeController()
    default: break
    }
  }

  /// Whether a switch is there and can hear its controller.
  func canConnect(_ datapath: Int) -> Bool {
    self.fault { $0 == .switchCutOff(datapath) || $0 == .switchRebooted(datapath) ? true : nil } == nil
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
      .agentCutOff(let region), .agentDown(let region):
      change(&self.truth.agents[region], self.now)
    case .regionsCutOff, .reconfigured, .detectionHurried: break
    case .controllerDown, .controllerStalled:
      for index in self.truth.control.indices { change(&self.truth.control[index], self.now) }
    case .switchCutOff(let datapath), .controlMute(let datapath), .repliesLate(let datapath, _):
      change(&self.truth.control[datapath], self.now)
    case .probesLost(let datapath, let region, _), .probesLate(let datapath, let region, _):
      change(&self.truth.probes[datapath][region], self.now)
    case .forwardingLost(let region): change(&self.truth.forwarding[region], self.now)
    case .regionDark(let region): change(&self.truth.dark[region], self.now)
    case .portDown(let datapath, let region): change(&self.truth.ports[datapath][region], self.now)
    case .memberStopped(let region, let service), .memberHangs(let region, let service):
      change(&self.truth.members[region][service], self.now)
    case .switchRebooted(let datapath):
      change(&self.truth.control[datapath], self.now)
      change(&self.truth.tables[datapath], self.now)
    case .flowsDeleted(let datapath), .groupEmptied(let datapath, _): change(&self.truth.tables[datapath], self.now)
    }
  }
}
